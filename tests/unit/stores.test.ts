import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { httpStore } from "../../src/lib/stores/http.ts";
import { childNames, listKeys, removeBelow } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { observeStore, type StoreRequest } from "../../src/lib/stores/observe.ts";
import { opfsStore } from "../../src/lib/stores/opfs.ts";
import {
	getRange,
	keyParts,
	normalizePath,
	type ReadableStore,
	type WritableStore,
} from "../../src/lib/stores/store.ts";
import { fakeDisk } from "../support/opfs.ts";

const folders: string[] = [];
const temporary = () => {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise store "));
	folders.push(folder);
	return folder;
};
afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const small = async () =>
	toMultiscale(toSpatialImage({ data: new Uint16Array(16 ** 3), shape: [16, 16, 16] }), [2], { chunks: 8 });

const kinds: [string, () => Promise<WritableStore>][] = [
	["memory", async () => memoryStore()],
	["folder", async () => folderStore(temporary())],
	["private file system", () => opfsStore("a.zarr", { root: fakeDisk().root })],
	["private file system in a worker", () => opfsStore("a.zarr", { root: fakeDisk(1e9, true).root })],
];

describe.each(kinds)("a store in %s", (_, make) => {
	test("keeps, lists, measures and forgets values", async () => {
		const store = await make();
		await store.set("/a/c/10", Uint8Array.of(1, 2, 3));
		await store.set("/a/c/9", Uint8Array.of(4));
		await store.set("/a/zarr.json", new Uint8Array(0));
		await store.set("/zarr.json", Uint8Array.of(5));
		expect(await store.get("/a/c/10")).toEqual(Uint8Array.of(1, 2, 3));
		expect(await store.get("/a/zarr.json")).toEqual(new Uint8Array(0));
		expect(await store.get("/a/none")).toBeUndefined();
		expect(await store.get("/a/c")).toBeUndefined();
		expect(await store.get("/zarr.json/below")).toBeUndefined();
		expect(await store.size?.("/a/c/10")).toBe(3);
		expect(await store.size?.("/none")).toBeUndefined();
		expect(await listKeys(store)).toEqual(["a/c/9", "a/c/10", "a/zarr.json", "zarr.json"]);
		expect(await listKeys(store, "/a/c/1")).toEqual(["a/c/10"]);
		expect(await listKeys(store, "nothing/here/")).toEqual([]);
		expect(await childNames(store)).toEqual(["a", "zarr.json"]);
		expect(await childNames(store, "/a/")).toEqual(["c", "zarr.json"]);
		expect(await childNames(store, "none")).toEqual([]);

		await store.set("/a/c/10", Uint8Array.of(9));
		expect(await store.get("/a/c/10")).toEqual(Uint8Array.of(9));
		await store.delete?.("/a/c/10");
		await store.delete?.("/a/c/10");
		expect(await store.get("/a/c/10")).toBeUndefined();
		await removeBelow(store, "a");
		expect(await listKeys(store)).toEqual(["zarr.json"]);
		await removeBelow(store);
		expect(await listKeys(store)).toEqual([]);
		await store.set("/b/x", Uint8Array.of(1));
		expect(await listKeys(store)).toEqual(["b/x"]);
	});

	test("gives ranges, cut where the value ends", async () => {
		const store = await make();
		await store.set("/v", Uint8Array.of(0, 1, 2, 3, 4, 5));
		expect([...((await getRange(store, "/v", { offset: 1, length: 3 })) ?? [])]).toEqual([1, 2, 3]);
		expect([...((await getRange(store, "/v", { suffixLength: 2 })) ?? [])]).toEqual([4, 5]);
		expect([...((await getRange(store, "/v", { suffixLength: 99 })) ?? [])]).toHaveLength(6);
		expect([...((await getRange(store, "/v", { offset: 4, length: 9 })) ?? [])]).toEqual([4, 5]);
		expect([...((await getRange(store, "/v", { offset: 9, length: 9 })) ?? [])]).toEqual([]);
		expect(await getRange(store, "/none", { suffixLength: 2 })).toBeUndefined();
	});

	test("keeps only the bytes of a view", async () => {
		const store = await make();
		const buffer = Uint8Array.of(1, 2, 3, 4);
		await store.set("/v", buffer.subarray(1, 3));
		buffer.fill(0);
		expect(await store.get("/v")).toEqual(Uint8Array.of(2, 3));
	});

	test.each(["/a/../b", "/", "//a", "/a//b", "/./a"])("refuses the key %j", async (key) => {
		const store = await make();
		await expect((async () => store.set(key as "/a", new Uint8Array(1)))()).rejects.toMatchObject({
			code: "bad-key",
		});
	});

	test("holds an OME-Zarr, and does not overwrite it unasked", async () => {
		const store = await make();
		const multiscale = await small();
		const report = await toNgffZarr(store, multiscale);
		expect(await listKeys(store)).toHaveLength(report.objects);
		await expect(toNgffZarr(store, multiscale)).rejects.toMatchObject({
			code: "store-not-empty",
			remedy: expect.stringContaining("overwrite: true"),
		});
		await store.set("/scale0/image/c/9/9/9", new Uint8Array(1));
		await toNgffZarr(store, multiscale, { overwrite: true });
		expect(await listKeys(store)).toHaveLength(report.objects);
		await toNgffZarr(store, multiscale, { path: "second" });
		expect(await childNames(store)).toEqual(["scale0", "scale1", "second", "zarr.json"]);
	});
});

describe("running out of space", () => {
	test.each([false, true])("in the private file system (sync access handles: %s)", async (sync) => {
		const disk = fakeDisk(5000, sync);
		const store = await opfsStore("full.zarr", { root: disk.root });
		await expect(toNgffZarr(store, await small(), { codec: "none" })).rejects.toMatchObject({
			code: "storage-full",
			where: expect.stringContaining("full.zarr/scale0/image/c/"),
			message: "There is no room for 1.00 KiB more.",
			remedy: expect.stringContaining("memoryStore()"),
		});
		expect(disk.used()).toBeLessThanOrEqual(5000);
		// What is there is whole: the value that did not fit is gone, and the image does not open half-written.
		for (const key of await listKeys(store, "scale0/image/c/"))
			expect(await store.size(`/${key}`)).toBe(1024);
		expect(disk.files()).not.toContain("full.zarr/zarr.json");
	});

	test("on a disk of this computer", async (context) => {
		const folder = temporary();
		try {
			execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", folder], { stdio: "ignore" });
		} catch {
			context.skip("this user may not mount a small disk to fill");
		}
		try {
			await expect(toNgffZarr(folderStore(folder), await small(), { codec: "none" })).rejects.toMatchObject({
				code: "storage-full",
				remedy: "Free space on this disk, or write to a folder on another one.",
			});
			expect(
				readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".part")),
			).toEqual([]);
		} finally {
			execFileSync("umount", [folder]);
		}
	});
});

describe("trouble with storage", () => {
	test("a file where a folder is needed", async () => {
		const folder = temporary();
		writeFileSync(join(folder, "a"), "x");
		await expect(folderStore(folder).set("/a/b", new Uint8Array(1))).rejects.toMatchObject({
			code: "storage-blocked",
		});
		expect(await folderStore(folder).get("/a/b")).toBeUndefined();
	});

	test("a key that is the beginning of another, in the private file system", async () => {
		const store = await opfsStore("a", { root: fakeDisk().root });
		await store.set("/a/b", Uint8Array.of(1));
		await expect(store.set("/a", Uint8Array.of(1))).rejects.toMatchObject({ code: "storage-blocked" });
		await expect(store.set("/a/b/c", Uint8Array.of(1))).rejects.toMatchObject({ code: "storage-blocked" });
	});

	test("a folder that is not there is an empty store until something is written", async () => {
		const store = folderStore(join(temporary(), "new", "deep"));
		expect(await listKeys(store)).toEqual([]);
		await store.set("/x", Uint8Array.of(1));
		expect(await listKeys(store)).toEqual(["x"]);
	});

	test("unfinished files are not values", async () => {
		const folder = temporary();
		mkdirSync(join(folder, "a"));
		writeFileSync(join(folder, "a", ".cw-0f3c-11.part"), "half");
		const store = folderStore(folder);
		expect(await listKeys(store)).toEqual([]);
		expect(await childNames(store, "a")).toEqual([]);
		await store.clear();
		expect(readdirSync(folder)).toEqual([]);
	});

	test("a browser without a private file system", async () => {
		const denied = {
			getDirectoryHandle: async () => {
				throw Object.assign(new Error("no"), { name: "SecurityError" });
			},
		} as unknown as FileSystemDirectoryHandle;
		await expect(opfsStore("a", { root: denied })).rejects.toMatchObject({ code: "storage-denied" });
		await expect(opfsStore("a", { root: fakeDisk().root, create: false })).rejects.toMatchObject({
			code: "store-absent",
		});
	});

	test("folders that another page removed are made again", async () => {
		const { root } = fakeDisk();
		const store = await opfsStore("a", { root });
		await store.set("/deep/er/x", Uint8Array.of(1));
		await (await opfsStore("a", { root })).clear();
		await store.set("/deep/er/y", Uint8Array.of(2));
		expect(await listKeys(await opfsStore("a", { root }))).toEqual(["deep/er/y"]);
	});

	test("a store that cannot list says so", async () => {
		await expect(listKeys({ get: async () => undefined })).rejects.toMatchObject({ code: "cannot-list" });
	});

	test("keys and paths", () => {
		expect(normalizePath("/a//b/")).toBe("a/b");
		expect(keyParts("/a/b")).toEqual(["a", "b"]);
	});
});

describe("observeStore", () => {
	test("tells each request with its bytes, failures too", async () => {
		const seen: StoreRequest[] = [];
		const store = observeStore(memoryStore(), (request) => seen.push(request));
		await store.set("/a/b", Uint8Array.of(1, 2));
		await store.get("/a/b");
		await store.get("/none");
		await store.getRange("/a/b", { offset: 0, length: 1 });
		await store.list?.("a");
		expect(seen.map(({ operation, key, bytes }) => [operation, key, bytes])).toEqual([
			["set", "a/b", 2],
			["get", "a/b", 2],
			["get", "none", undefined],
			["getRange", "a/b", 1],
			["list", "a", undefined],
		]);
		const failing = observeStore<ReadableStore>(
			{
				get: async (): Promise<undefined> => {
					throw new Error("off");
				},
			},
			(request) => seen.push(request),
		);
		await expect(failing.get("/x")).rejects.toThrow("off");
		expect(seen.at(-1)).toMatchObject({ operation: "get", key: "x" });
	});
});

describe("a store over HTTP", () => {
	const value = Uint8Array.from({ length: 100 }, (_, i) => i);
	let close = () => {};
	afterEach(() => close());

	/** A server on this computer for one test. */
	async function serve(
		answer: (request: IncomingMessage, response: ServerResponse) => void,
	): Promise<string> {
		const server = createServer(answer);
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		close = () => {
			server.closeAllConnections();
			server.close();
		};
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}/data/a b.zarr?token=1`;
	}

	const withRanges = (request: IncomingMessage, response: ServerResponse) => {
		const asked = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
		if (!asked) {
			response.writeHead(200, { "Content-Length": value.length }).end(value);
			return;
		}
		const start = asked[1] ? Number(asked[1]) : Math.max(0, 100 - Number(asked[2]));
		const end = asked[1] ? Math.min(99, Number(asked[2])) : 99;
		if (start > 99) {
			response.writeHead(416).end();
			return;
		}
		response
			.writeHead(206, { "Content-Range": `bytes ${start}-${end}/100` })
			.end(value.subarray(start, end + 1));
	};

	test("joins keys to the address, and gives values and ranges", async () => {
		const paths: string[] = [];
		const store = httpStore(
			await serve((request, response) => {
				paths.push(request.url ?? "");
				withRanges(request, response);
			}),
		);
		expect(await store.get("/a/µ?#.json")).toEqual(value);
		expect(paths).toEqual(["/data/a%20b.zarr/a/%C2%B5%3F%23.json?token=1"]);
		expect(await store.getRange("/v", { offset: 10, length: 3 })).toEqual(Uint8Array.of(10, 11, 12));
		expect(await store.getRange("/v", { suffixLength: 2 })).toEqual(Uint8Array.of(98, 99));
		expect(await store.getRange("/v", { suffixLength: 200 })).toEqual(value);
		expect(await store.getRange("/v", { offset: 98, length: 9 })).toEqual(Uint8Array.of(98, 99));
		expect(await store.getRange("/v", { offset: 100, length: 9 })).toEqual(new Uint8Array(0));
		expect(await store.size("/v")).toBe(100);
	});

	test.each([403, 404, 410])("%s is an absent key", async (status) => {
		const store = httpStore(await serve((_, response) => response.writeHead(status).end("no")));
		expect(await store.get("/zarr.json")).toBeUndefined();
		expect(await store.getRange("/zarr.json", { suffixLength: 4 })).toBeUndefined();
		expect(await store.size("/zarr.json")).toBeUndefined();
	});

	test.each([
		["text/html; charset=utf-8", "<!doctype html><title>App</title>"],
		["application/octet-stream", "<!DOCTYPE html>\n<html>"],
	])("a page in place of a value (%s) is an absent key", async (type, page) => {
		const store = httpStore(
			await serve((_, response) => response.writeHead(200, { "Content-Type": type }).end(page)),
		);
		expect(await store.get("/zarr.json")).toBeUndefined();
		expect(await store.getRange("/c/0", { offset: 0, length: 5 })).toBeUndefined();
	});

	test("a value that begins like a tag is still a value", async () => {
		const store = httpStore(await serve((_, response) => response.end("<notes/>")));
		expect(await store.get("/a.xml")).toHaveLength(8);
	});

	test("a server that ignores ranges: the right bytes, or a refusal where the value is large", async () => {
		const store = httpStore(await serve((_, response) => response.end(value)));
		expect(await store.getRange("/v", { offset: 10, length: 3 })).toEqual(Uint8Array.of(10, 11, 12));
		expect(await store.getRange("/v", { suffixLength: 2 })).toEqual(Uint8Array.of(98, 99));
		close();
		const large = httpStore(
			await serve((_, response) => {
				response.writeHead(200, { "Content-Length": 10 * 2 ** 30 });
				response.write("x");
			}),
		);
		await expect(large.getRange("/v", { offset: 0, length: 3 })).rejects.toMatchObject({
			code: "http-no-ranges",
			message: expect.stringContaining("10.00 GiB"),
		});
	});

	test("another range than asked for is refused", async () => {
		const store = httpStore(
			await serve((_, response) =>
				response.writeHead(206, { "Content-Range": "bytes 0-2/100" }).end(value.subarray(0, 3)),
			),
		);
		await expect(store.getRange("/v", { offset: 10, length: 3 })).rejects.toMatchObject({
			code: "http-bad-range",
		});
	});

	test("an answer that breaks off is no value", async () => {
		const store = httpStore(
			await serve((_, response) => {
				response.writeHead(200, { "Content-Length": value.length });
				response.write(value.subarray(0, 40), () => response.destroy());
			}),
		);
		await expect(store.get("/v")).rejects.toMatchObject({
			code: "http-interrupted",
			where: expect.stringContaining("/v"),
		});
	});

	test("a busy server is asked again, a broken one not for ever", async () => {
		let asked = 0;
		const store = httpStore(
			await serve((_, response) => (++asked < 3 ? response.writeHead(503).end() : response.end(value))),
		);
		expect(await store.get("/v")).toEqual(value);
		close();
		const broken = httpStore(await serve((_, response) => response.writeHead(500).end()), { tries: 1 });
		await expect(broken.get("/v")).rejects.toMatchObject({
			code: "http-error",
			where: expect.stringContaining("/v"),
		});
		close();
		const refused = httpStore(await serve((_, response) => response.writeHead(401).end()));
		await expect(refused.get("/v")).rejects.toMatchObject({ code: "http-forbidden" });
	});

	test("no server at all, and cancelling", async () => {
		const url = await serve(() => {});
		const waiting = httpStore(url);
		const controller = new AbortController();
		const request = waiting.get("/v", { signal: controller.signal });
		controller.abort(new Error("enough"));
		await expect(request).rejects.toThrow("enough");
		close();
		await expect(httpStore(url, { tries: 1 }).get("/v")).rejects.toMatchObject({ code: "http-unreachable" });
	});
});
