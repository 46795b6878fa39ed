import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedFolder, serveFolder } from "../../src/cli/serve.ts";
import { blobSource, bytesSource, toByteSource } from "../../src/lib/bytes.ts";
import { httpSource } from "../../src/lib/bytes-http.ts";
import { fileSource } from "../../src/lib/stores/node-file.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { buildTiff, testValues } from "./tiff-builder.ts";

const content = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);
let folder: string;
let served: ServedFolder;
let odd: Server;
let oddUrl: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise-bytes-"));
	writeFileSync(join(folder, "a b.bin"), content);
	writeFileSync(join(folder, "small.bin"), content.subarray(0, 10));
	writeFileSync(join(folder, "empty.bin"), "");
	served = await serveFolder(folder, { port: 0 });
	let requests = 0;
	// Servers as they are: one path for each way of going wrong.
	odd = createServer((request, response) => {
		const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "");
		const [first, last] = range
			? [Number(range[1]), Math.min(Number(range[2]), content.length - 1)]
			: [0, content.length - 1];
		const part = content.subarray(first, last + 1);
		const contentRange = `bytes ${first}-${last}/${content.length}`;
		requests++;
		switch (request.url) {
			case "/no-ranges":
				response.writeHead(200, { "content-length": content.length }).end(content);
				break;
			case "/no-ranges-and-large":
				response.writeHead(200, { "content-length": 2 ** 31 }).write(content);
				break;
			case "/hidden-range":
				if (request.method === "HEAD") response.writeHead(200, { "content-length": content.length }).end();
				else response.writeHead(206, { "content-length": part.length }).end(part);
				break;
			case "/short":
				response.writeHead(206, { "content-range": contentRange }).end(first === 0 ? part : part.subarray(1));
				break;
			case "/shifted":
				response
					.writeHead(206, {
						"content-range": first === 0 ? contentRange : `bytes 0-${last - first}/${content.length}`,
					})
					.end(part);
				break;
			case "/changing":
				response.writeHead(206, { "content-range": contentRange, etag: `"${requests}"` }).end(part);
				break;
			case "/breaking":
				response.writeHead(206, { "content-range": contentRange, "content-length": part.length });
				if (first === 0) response.end(part);
				else response.write(part.subarray(0, 5), () => response.destroy());
				break;
			case "/forbidden":
				response.writeHead(403).end("no");
				break;
			default:
				response.writeHead(503).end("later");
		}
	});
	await new Promise<void>((done) => odd.listen(0, "127.0.0.1", done));
	oddUrl = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
});

afterAll(async () => {
	await served?.close();
	odd?.closeAllConnections();
	odd?.close();
	rmSync(folder, { recursive: true, force: true });
});

describe("sources", () => {
	const kinds = {
		bytes: async () => bytesSource(content, "a"),
		blob: async () => blobSource(new Blob([content]), "a"),
		file: () => fileSource(join(folder, "a b.bin")),
		http: () => httpSource(`${served.url}a%20b.bin`),
		"http without ranges": () => httpSource(`${oddUrl}/no-ranges`),
		"http with a hidden Content-Range": () => httpSource(`${oddUrl}/hidden-range`),
	};
	it.each(Object.entries(kinds))("%s: reads any range, refuses others, stops when told", async (_, open) => {
		const source = await open();
		try {
			expect(source.size).toBe(content.length);
			for (const [offset, length] of [
				[0, 16],
				[65_530, 20],
				[70_000, 100_000],
				[content.length - 3, 3],
				[5, 0],
				[content.length, 0],
				[0, content.length],
			]) {
				const bytes = await source.read(offset, length);
				expect(Buffer.compare(bytes, content.subarray(offset, offset + length))).toBe(0);
			}
			for (const [offset, length] of [
				[content.length - 1, 2],
				[content.length + 5, 1],
				[-1, 4],
				[0, -4],
				[0.5, 1],
				[0, Number.NaN],
				[2 ** 60, 1],
			]) {
				await expect(source.read(offset, length)).rejects.toMatchObject({
					code: "read-past-end",
					remedy: expect.any(String),
				});
			}
			const signal = AbortSignal.abort(new Error("stop"));
			await expect(source.read(100_000, 4, signal)).rejects.toThrow("stop");
		} finally {
			await (source as { close?: () => Promise<void> }).close?.();
		}
	});

	it.each([5 * 2 ** 19 + 7, 2 ** 25 + 9])("read a Blob of %i bytes across its windows", async (size) => {
		const bytes = new Uint8Array(size).map((_, i) => (i * 7 + (i >> 8)) & 255);
		const source = blobSource(new Blob([bytes]));
		const mebi = 2 ** 20;
		const ranges = [
			[0, 1],
			[mebi - 1, 1],
			[mebi, 3],
			[mebi - 2, 5],
			[mebi / 2, 2 * mebi],
			[size - 3, 3],
			[0, size],
			[size, 0],
		];
		// At the same time, and again from what was kept.
		for (let round = 0; round < 2; round++) {
			const parts = await Promise.all(ranges.map(([offset, length]) => source.read(offset, length)));
			for (const [i, [offset, length]] of ranges.entries()) {
				expect(Buffer.compare(parts[i], bytes.subarray(offset, offset + length))).toBe(0);
			}
		}
	});

	it("take their names from files, addresses and paths", async () => {
		expect(blobSource(new File([], "cells.tif")).name).toBe("cells.tif");
		expect((await httpSource(`${served.url}a%20b.bin?x=1`)).name).toBe("a b.bin");
		const file = await fileSource(join(folder, "a b.bin"));
		expect(file.name).toBe("a b.bin");
		await file.close();
		expect(toByteSource(content, "mine").name).toBe("mine");
		expect(() => toByteSource(12 as never)).toThrow("Bytes cannot be read from a number");
	});
});

describe("httpSource", () => {
	it("asks once for a small file, and reads an empty one", async () => {
		let asked = 0;
		const counting: typeof fetch = (...request) => {
			asked++;
			return fetch(...request);
		};
		const small = await httpSource(`${served.url}small.bin`, { fetch: counting });
		expect([...(await small.read(2, 3))]).toEqual([...content.subarray(2, 5)]);
		expect([small.size, asked]).toEqual([10, 1]);
		expect((await httpSource(`${served.url}empty.bin`)).size).toBe(0);
	});

	it.each([
		["/short", "http-bad-range"],
		["/shifted", "http-bad-range"],
		["/changing", "http-changed"],
		["/breaking", "http-interrupted"],
	])("does not take a wrong part for the right one: %s", async (path, code) => {
		const source = await httpSource(oddUrl + path);
		await expect(source.read(100_000, 50_000)).rejects.toMatchObject({
			code,
			where: oddUrl + path,
			remedy: expect.any(String),
		});
	});

	it.each([
		["/forbidden", "http-forbidden"],
		["/anything", "http-error"],
		["/no-ranges-and-large", "http-no-ranges"],
	])("says what is wrong with %s", async (path, code) => {
		await expect(httpSource(oddUrl + path)).rejects.toMatchObject({ code, where: oddUrl + path });
	});

	it("tells an absent file from an absent server", async () => {
		await expect(httpSource(`${served.url}none`)).rejects.toMatchObject({ code: "http-not-found" });
		const gone = await serveFolder(folder, { port: 0 });
		await gone.close();
		await expect(httpSource(gone.url)).rejects.toMatchObject({
			code: "http-unreachable",
			message: expect.stringContaining("refused the connection"),
		});
		await expect(httpSource(gone.url, { signal: AbortSignal.abort(new Error("stop")) })).rejects.toThrow(
			"stop",
		);
	});

	it("is enough to read a page of a TIFF without the rest", async () => {
		const values = testValues("uint16", 300 * 300);
		const pages = Array.from({ length: 6 }, () => ({
			width: 300,
			height: 300,
			dtype: "uint16" as const,
			values,
		}));
		const file = buildTiff({ pages });
		writeFileSync(join(folder, "six.tif"), file);
		const asked: string[] = [];
		const source = await httpSource(`${served.url}six.tif`, {
			fetch: (url, init) => {
				asked.push(new Headers(init?.headers).get("range") ?? "");
				return fetch(url, init);
			},
		});
		const tiff = await openTiff(source);
		asked.length = 0;
		expect((await tiff.readPage(4)).data).toEqual(values);
		expect(asked).toHaveLength(1);
	});
});

describe("fileSource", () => {
	it("says why a file cannot be opened", async () => {
		await expect(fileSource(join(folder, "none"))).rejects.toMatchObject({ code: "file-not-found" });
		await expect(fileSource(join(folder, "a b.bin", "x"))).rejects.toMatchObject({ code: "file-not-found" });
		await expect(fileSource(folder)).rejects.toMatchObject({ code: "file-is-folder", where: folder });
	});

	it("notices a file that became shorter", async () => {
		const path = join(folder, "shrinking");
		writeFileSync(path, content);
		const source = await fileSource(path);
		writeFileSync(path, content.subarray(0, 100));
		await expect(source.read(50, 100)).rejects.toMatchObject({ code: "read-past-end" });
		await source.close();
		await expect(source.read(0, 1)).rejects.toMatchObject({ code: "file-unreadable" });
	});
});
