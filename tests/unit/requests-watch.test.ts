import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
	cacheStore,
	fileListStore,
	httpStore,
	isDisplayable,
	MemoryStore,
	memoryStore,
	openZarr,
	type ReadableStore,
	readThrough,
	recordStore,
	type StoreRequest,
	zipStore,
} from "../../src/lib/index.ts";
import { isTold, unwatched, watchStores } from "../../src/lib/stores/watch.ts";
import { writeZip } from "../../src/lib/stores/zip-write.ts";

const heard: { at: string; request: StoreRequest }[] = [];
let run = "first";
let end: () => void;
let server: Server | undefined;

beforeEach(() => {
	heard.length = 0;
	run = "first";
	end = watchStores(() => {
		const at = run;
		return (request) => heard.push({ at, request });
	});
});
afterEach(() => {
	end();
	server?.closeAllConnections();
	server?.close();
	server = undefined;
});

const told = () =>
	heard.map(({ request: { operation, key, source, place, bytes } }) =>
		[operation, key, place ?? source, bytes].filter((part) => part !== undefined).join(" "),
	);

async function serve(values: Record<string, Uint8Array>): Promise<string> {
	server = createServer((request, response) => {
		const value = values[(request.url ?? "").slice(1)];
		if (!value) return void response.writeHead(404).end();
		const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? "");
		if (!range) return void response.end(value);
		const [first, last] = [Number(range[1]), Math.min(Number(range[2]), value.length - 1)];
		response.writeHead(206, { "Content-Range": `bytes ${first}-${last}/${value.length}` });
		response.end(value.subarray(first, last + 1));
	});
	await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe("every store that is made while somebody listens tells its requests", () => {
	test("in memory, and is the same object still", async () => {
		const store = memoryStore();
		await store.set("/a/c/0", new Uint8Array(10));
		await store.get("/a/c/0");
		await store.getRange("/a/c/0", { offset: 2, length: 3 });
		await store.get("/none");
		await store.list();
		expect(told()).toEqual([
			"set a/c/0 memory 10",
			"get a/c/0 memory 10",
			"getRange a/c/0 memory 3",
			"get none memory",
			"list  memory",
		]);
		expect(heard.map(({ request }) => [request.cause, request.status]).at(3)).toEqual(["value", "absent"]);
		expect(store).toBeInstanceOf(MemoryStore);
		expect(isDisplayable(store)).toBe(true);
		expect([store.count, store.bytes]).toEqual([1, 10]);
		expect(Object.keys(store)).not.toContain("get");
	});

	test("with failures and their reasons, which the caller gets unchanged", async () => {
		const store = memoryStore();
		const wrong = store.set("/a/../b", new Uint8Array(4));
		await expect(wrong).rejects.toMatchObject({ code: "bad-key" });
		const stopped = AbortSignal.abort();
		await (store as ReadableStore).get("/a", { signal: stopped, cause: "the viewer" });
		expect(heard.map(({ request }) => request)).toMatchObject([
			{ operation: "set", bytes: 4, status: "error", error: { code: "bad-key" } },
			{ operation: "get", status: "absent", cause: "the viewer" },
		]);
		for (const { request } of heard) expect(request.milliseconds).toBeGreaterThanOrEqual(0);
	});

	test("whole, or counted where the watcher wants no more", async () => {
		end();
		const counts: string[] = [];
		end = watchStores(() => ({ count: (operation, bytes) => counts.push(`${operation} ${bytes}`) }));
		const store = memoryStore();
		await store.set("/a", new Uint8Array(4));
		await store.get("/a");
		await store.get("/none");
		await store.list();
		const { store: recorded, log } = recordStore(store);
		await recorded.get("/a");
		expect(counts).toEqual(["set 4", "get 4", "get 0", "list 0", "get 4"]);
		expect(log.requests).toHaveLength(1);
	});

	test("stores made before, and after the end, are as they always were", async () => {
		end();
		const store = memoryStore();
		expect(Object.getOwnPropertyNames(store)).not.toContain("get");
		await store.set("/a", new Uint8Array(1));
		expect(heard).toEqual([]);
	});

	test("a request belongs to whoever ran when it began", async () => {
		const store = memoryStore();
		const late = store.set("/a", new Uint8Array(1));
		run = "second";
		await late;
		await store.get("/a");
		expect(heard.map(({ at }) => at)).toEqual(["first", "second"]);
	});

	test("over HTTP with its address, quiet for whoever watches fetch", async () => {
		const url = await serve({ "x/0": new Uint8Array(100) });
		const quiet: boolean[] = [];
		const store = httpStore(url, {
			fetch: (...request) => {
				quiet.push(isTold());
				return fetch(...request);
			},
		});
		await store.get("/x/0");
		await Promise.all([0, 10, 20].map((offset) => store.getRange("/x/0", { offset, length: 10 })));
		await store.get("/none");
		expect(told()).toEqual(["get x/0 network 100", "getRange x/0 network 30", "get none network"]);
		expect(heard[1].request).toMatchObject({ serves: 3, url: `${url}x/0`, status: 206 });
		expect(quiet).toEqual([true, true, true]);
		expect(isTold()).toBe(false);
	});

	test("a store over another tells once, and knows what came from its cache", async () => {
		const url = await serve({ v: new Uint8Array(50) });
		const cached = cacheStore(httpStore(url), { bytes: 1000 });
		await cached.get("/v");
		await cached.get("/v");
		expect(told()).toEqual(["get v network 50", "get v cache 50"]);
		heard.length = 0;
		const both = readThrough(memoryStore(), httpStore(url));
		await both.get("/v");
		await both.get("/v");
		expect(told()).toEqual(["get v network 50", "set v memory 50", "get v memory 50"]);
		expect(heard.at(-1)?.request.source).toBe("cache");
	});

	test("a recorder around it hears the same, and none is told twice", async () => {
		const { store, log } = recordStore(memoryStore());
		await store.set("/v", new Uint8Array(5));
		await store.getRange?.("/v", { suffixLength: 2 });
		expect(told()).toEqual(["set v memory 5", "getRange v memory 2"]);
		expect(log.requests.map(({ bytes }) => bytes)).toEqual([5, 2]);
	});

	test("zip files, chosen files, and arrays on a map of zarrita's kind", async () => {
		const zip = await zipStore(await zipOf({ "a/b": new Uint8Array(7) }));
		await zip.get("/a/b");
		const files = fileListStore(new Map([["k", new Blob([new Uint8Array(3)])]]));
		await files.get("/k");
		expect(told()).toEqual(["get a/b zip 7", "get k folder 3"]);
		heard.length = 0;
		const document = { zarr_format: 3, node_type: "group", attributes: {} };
		await openZarr(new Map([["/zarr.json", new TextEncoder().encode(JSON.stringify(document))]]));
		expect(told()).toContain(`get zarr.json memory ${JSON.stringify(document).length}`);
	});

	test("a store that is part of something else can be silent", async () => {
		const store = unwatched(memoryStore());
		await store.set("/v", new Uint8Array(5));
		expect(heard).toEqual([]);
	});
});

async function zipOf(values: Record<string, Uint8Array>): Promise<Blob> {
	const store = unwatched(memoryStore());
	for (const [key, value] of Object.entries(values)) await store.set(`/${key}`, value);
	return writeZip(store);
}
