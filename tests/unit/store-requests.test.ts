/** What goes over the wire: retries, joined ranges, shared answers, caches, and the log of it all. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { cacheStore } from "../../src/lib/stores/cache.ts";
import { type HttpStoreOptions, httpStore } from "../../src/lib/stores/http.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { countRequests, observeStore, RequestLog, recordStore } from "../../src/lib/stores/observe.ts";
import { backOff } from "../../src/lib/stores/pause.ts";
import { readThrough } from "../../src/lib/stores/read-through.ts";
import { can, type ReadableStore, type WritableStore } from "../../src/lib/stores/store.ts";

const value = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const slice = (offset: number, length: number) => value.subarray(offset, offset + length);

let close = () => {};
afterEach(() => close());

/** A server for one test, that serves `value` with ranges under any key that has no "none" in it. */
async function serve(
	before?: (request: IncomingMessage, response: ServerResponse) => boolean,
	options: HttpStoreOptions = {},
) {
	const asked: string[] = [];
	const pauses: number[] = [];
	const server = createServer((request, response) => {
		asked.push(request.headers.range?.replace("bytes=", "") ?? request.method ?? "");
		if (before?.(request, response)) return;
		if (request.url?.includes("none")) return void response.writeHead(404).end();
		const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "");
		if (!range) return void response.writeHead(200, { "Content-Length": 1000 }).end(value);
		const start = range[1] ? Number(range[1]) : 1000 - Number(range[2]);
		const end = range[1] ? Math.min(999, Number(range[2])) : 999;
		if (start > 999) return void response.writeHead(416).end();
		response
			.writeHead(206, { "Content-Range": `bytes ${start}-${end}/1000` })
			.end(value.subarray(start, end + 1));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	close = () => {
		server.closeAllConnections();
		server.close();
	};
	const store = httpStore(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
		pause: async (milliseconds) => void pauses.push(milliseconds),
		...options,
	});
	return { store, asked, pauses };
}

describe("ranges of one key", () => {
	test("near each other and at the same moment are one request", async () => {
		const { store, asked } = await serve(undefined, { join: { gap: 50 } });
		const got = await Promise.all([
			store.getRange("/v", { offset: 100, length: 50 }),
			store.getRange("/v", { offset: 0, length: 60 }),
			store.getRange("/v", { offset: 120, length: 10 }),
			store.getRange("/v", { offset: 500, length: 10 }),
			store.getRange("/w", { offset: 0, length: 10 }),
		]);
		expect(got).toEqual([slice(100, 50), slice(0, 60), slice(120, 10), slice(500, 10), slice(0, 10)]);
		expect(asked.sort()).toEqual(["0-149", "0-9", "500-509"]);
		// Each caller may give its buffer away.
		expect(new Set(got.map((bytes) => bytes?.buffer)).size).toBe(5);
		await store.getRange("/v", { offset: 0, length: 60 });
		expect(asked).toHaveLength(4);
	});

	test("are cut where the value ends, and absent together", async () => {
		const { store, asked } = await serve();
		const ranges = [
			{ offset: 990, length: 4 },
			{ offset: 996, length: 40 },
			{ offset: 1010, length: 5 },
		];
		expect(await Promise.all(ranges.map((range) => store.getRange("/v", range)))).toEqual([
			slice(990, 4),
			slice(996, 4),
			new Uint8Array(0),
		]);
		expect(await Promise.all(ranges.map((range) => store.getRange("/none", range)))).toEqual([
			undefined,
			undefined,
			undefined,
		]);
		expect(asked).toEqual(["990-1035", "990-1035"]);
	});

	test("are no larger joined than allowed, and their own where asked for", async () => {
		const { store, asked } = await serve(undefined, { join: { most: 100 } });
		const ranges = Array.from({ length: 5 }, (_, i) => ({ offset: i * 40, length: 40 }));
		await Promise.all(ranges.map((range) => store.getRange("/v", range)));
		expect(asked.sort()).toEqual(["0-79", "160-199", "80-159"]);
		close();
		const alone = await serve(undefined, { join: false });
		await Promise.all(ranges.map((range) => alone.store.getRange("/v", range)));
		expect(alone.asked).toHaveLength(5);
	});

	test("one caller that gives up does not take it from the others", async () => {
		const { store, asked } = await serve();
		const one = new AbortController();
		const first = store.getRange("/v", { offset: 0, length: 4 }, { signal: one.signal });
		const second = store.getRange("/v", { offset: 4, length: 4 });
		const third = store.getRange("/v", { suffixLength: 4 }, { signal: one.signal });
		const fourth = store.getRange("/v", { suffixLength: 4 });
		one.abort(new Error("enough"));
		const given = await Promise.allSettled([first, third]);
		expect(given).toMatchObject(Array(2).fill({ status: "rejected", reason: { message: "enough" } }));
		expect(await second).toEqual(slice(4, 4));
		expect(await fourth).toEqual(slice(996, 4));
		expect(asked.sort()).toEqual(["-4", "4-7"]);
	});

	test("when all give up, the request is stopped", async () => {
		let closed: () => void = () => {};
		const ended = new Promise<void>((resolve) => {
			closed = resolve;
		});
		let arrived: () => void = () => {};
		const began = new Promise<void>((resolve) => {
			arrived = resolve;
		});
		const { store } = await serve((_, response) => {
			response.on("close", closed);
			arrived();
			return true;
		});
		const controller = new AbortController();
		const both = [0, 1].map((i) =>
			store.getRange("/v", { offset: i, length: 1 }, { signal: controller.signal }),
		);
		const settled = Promise.allSettled(both);
		await began;
		controller.abort(new Error("enough"));
		expect((await settled).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
		await ended;
	});

	test("the same value asked for at once is fetched once, and each has its own copy", async () => {
		const { store, asked } = await serve();
		const [a, b] = await Promise.all([store.get("/v"), store.get("/v")]);
		expect(a).toEqual(value);
		expect(b).toEqual(value);
		expect(a?.buffer).not.toBe(b?.buffer);
		expect(asked).toEqual(["GET"]);
	});
});

describe("trying again", () => {
	test("a busy server and a connection that breaks off, each attempt told", async () => {
		let times = 0;
		const { store, asked, pauses } = await serve((_, response) => {
			times++;
			if (times === 1) response.writeHead(503, { "Retry-After": "7" }).end();
			if (times === 2) {
				response.writeHead(200, { "Content-Length": 1000 });
				response.write(value.subarray(0, 10), () => response.destroy());
			}
			return times < 3;
		});
		const { store: recorded, log } = recordStore(store);
		expect(await recorded.get("/a/c/0/1")).toEqual(value);
		expect(asked).toHaveLength(3);
		expect(pauses).toHaveLength(2);
		expect(pauses[0]).toBe(7000);
		expect(log.requests).toMatchObject([
			{ key: "a/c/0/1", status: 503, attempt: 1, source: "network", cause: "chunk 0/1" },
			{ status: 200, attempt: 2, error: { code: "http-interrupted" } },
			{ status: 200, attempt: 3, bytes: 1000 },
		]);
	});

	test("pauses grow, and differ by chance", () => {
		for (const [attempt, most] of [200, 400, 800, 1600].entries()) {
			const pauses = Array.from({ length: 50 }, () => backOff(attempt + 1));
			expect(Math.min(...pauses)).toBeGreaterThanOrEqual(most / 2);
			expect(Math.max(...pauses)).toBeLessThanOrEqual(most);
			expect(new Set(pauses).size).toBeGreaterThan(25);
		}
		expect(backOff(1, "Wed, 21 Oct 2026 07:28:00 GMT")).toBeLessThanOrEqual(200);
		expect(backOff(1, "9999")).toBe(20_000);
	});

	test("values that a server calls a page are values; pages in parts are none", async () => {
		const type = { "Content-Type": "text/html" };
		const json = new TextEncoder().encode('{"zarr_format":3}');
		const page = new TextEncoder().encode("  <!-- app --><html>");
		for (const [body, found] of [
			[json, true],
			[page, false],
		] as const) {
			const { store } = await serve((request, response) => {
				if (request.headers.range) {
					response.writeHead(206, { ...type, "Content-Range": `bytes 5-8/${body.length}` });
					response.end(body.subarray(5, 9));
				} else response.writeHead(200, type).end(body);
				return true;
			});
			expect(await store.get("/zarr.json")).toEqual(found ? json : undefined);
			expect(await store.getRange("/v", { offset: 5, length: 4 })).toEqual(
				found ? json.subarray(5, 9) : undefined,
			);
			expect(await store.size("/v")).toBe(found ? json.length : undefined);
			close();
		}
	});
});

describe("the log of a store", () => {
	test("has cause, source and status of each request", async () => {
		const { store, log } = recordStore<WritableStore>(memoryStore());
		await store.set("/0/.zarray", value);
		await store.get("/0/.zarray");
		await store.get("/0/3/1/2");
		await store.get("/0/3/1/2", { cause: "the viewer" });
		await store.get("/1/3.1");
		await store.get("/image/c/0/4");
		await store.get("/image/c");
		await store.getRange?.("/notes.txt", { suffixLength: 4 });
		await store.list?.();
		expect(
			log.requests.map(({ operation, cause, status, source }) => [operation, cause, status, source]),
		).toEqual([
			["set", "metadata", "ok", "store"],
			["get", "metadata", "ok", "store"],
			["get", "chunk 3/1/2", "absent", "store"],
			["get", "the viewer", "absent", "store"],
			["get", "chunk 3/1", "absent", "store"],
			["get", "chunk 0/4", "absent", "store"],
			["get", "whole array", "absent", "store"],
			["getRange", "value", "absent", "store"],
			["list", "list", "ok", "store"],
		]);
		expect(String(log)).toBe("<RequestLog 9 requests, 1.95 KiB>");
	});

	test("keeps the newest, counts what it dropped", async () => {
		const { store, log } = recordStore(memoryStore(), { limit: 2 });
		for (const key of ["/a", "/b", "/c"] as const) await store.get(key);
		expect(log.requests.map(({ key }) => key)).toEqual(["b", "c"]);
		expect(log.dropped).toBe(1);
	});

	test("tells failures and stops, and an observer around an observer", async () => {
		const failing: ReadableStore = {
			get: async (_, options): Promise<undefined> => {
				options?.signal?.throwIfAborted();
				throw new Error("off");
			},
		};
		const inner: unknown[] = [];
		const { store, log } = recordStore(observeStore(failing, ({ status }) => inner.push(status)));
		await expect(store.get("/x")).rejects.toThrow("off");
		const signal = AbortSignal.abort(new Error("enough"));
		await expect(store.get("/x", { signal })).rejects.toThrow("enough");
		expect(log.requests.map(({ status }) => status)).toEqual(["error", "aborted"]);
		expect(inner).toEqual(["error", "aborted"]);
	});

	test("counts what really went over HTTP: retries and joined ranges, not calls", async () => {
		let first = true;
		const { store } = await serve((_, response) => {
			const busy = first;
			if (busy) response.writeHead(503).end();
			first = false;
			return busy;
		});
		const { store: counted, counts } = countRequests(store);
		expect(can(counted).reports).toBe(true);
		await counted.get("/v");
		await Promise.all([0, 20].map((offset) => counted.getRange!("/v", { offset, length: 10 })));
		await counted.get("/none");
		expect(counts()).toEqual({ requests: 4, bytes: 1030 });
	});
});

describe("a cache", () => {
	test("answers again without a request: values, ranges, absences", async () => {
		const { store, asked } = await serve();
		const cached = cacheStore(store, { bytes: 10_000 });
		const { store: recorded, log } = recordStore(cached);
		for (let round = 0; round < 2; round++) {
			expect(await recorded.getRange("/r", { offset: 10, length: 100 })).toEqual(slice(10, 100));
			expect(await recorded.getRange("/r", { suffixLength: 100 })).toEqual(slice(900, 100));
			expect(await recorded.get("/none")).toBeUndefined();
			expect(await recorded.get("/v")).toEqual(value);
		}
		// Out of what is there: a part of a range, of the last bytes, of a whole value, of an absent one.
		expect(await recorded.getRange("/r", { offset: 50, length: 10 })).toEqual(slice(50, 10));
		expect(await recorded.getRange("/r", { suffixLength: 3 })).toEqual(slice(997, 3));
		expect(await recorded.getRange("/v", { suffixLength: 3 })).toEqual(slice(997, 3));
		expect(await recorded.getRange("/none", { offset: 0, length: 3 })).toBeUndefined();
		expect(await recorded.size("/v")).toBe(1000);
		expect(asked).toHaveLength(4);
		expect(log.requests.filter(({ source }) => source === "network")).toHaveLength(4);
		expect(log.requests.filter(({ source }) => source === "cache")).toHaveLength(8);
		expect([cached.cache.hits, cached.cache.misses]).toEqual([8, 4]);
		await recorded.getRange("/r", { offset: 5, length: 10 });
		expect(asked).toHaveLength(5);
	});

	test("stays within its budget, and lets go what was not used longest", async () => {
		const store = memoryStore(new Map(["a", "b", "c", "d"].map((key) => [`/${key}`, new Uint8Array(1000)])));
		const { store: counted, counts } = countRequests(store);
		const cached = cacheStore(counted, { bytes: 3500 });
		for (const key of ["/a", "/b", "/c", "/a", "/d", "/a"] as const) await cached.get(key);
		expect(counts().requests).toBe(4);
		expect(cached.cache.bytes).toBeLessThanOrEqual(3500);
		await cached.get("/b");
		expect(counts().requests).toBe(5);
		await store.set("/large", new Uint8Array(5000));
		await cached.get("/large");
		expect(cached.cache.items).toBe(3);
		cached.cache.forget("/a");
		cached.cache.forget();
		expect([cached.cache.items, cached.cache.bytes]).toEqual([0, 0]);
	});

	test("keeps its own bytes, and forgets what is written through it", async () => {
		const cached = cacheStore(memoryStore(), { bytes: 10_000 });
		expect(await cached.get("/v")).toBeUndefined();
		await cached.set("/v", Uint8Array.of(1, 2));
		const first = (await cached.get("/v")) as Uint8Array;
		first.fill(9);
		expect(await cached.get("/v")).not.toBe(first);
		await cached.set("/v", Uint8Array.of(3));
		expect(await cached.get("/v")).toEqual(Uint8Array.of(3));
		await cached.delete("/v");
		expect(await cached.get("/v")).toBeUndefined();
	});

	test("does not keep an answer from before a write", async () => {
		let answer: (bytes: Uint8Array) => void = () => {};
		const slow: WritableStore = {
			get: () =>
				new Promise((resolve) => {
					answer = resolve;
				}),
			set: async () => {},
		};
		const cached = cacheStore(slow, { bytes: 10_000 });
		const before = cached.get("/v");
		await Promise.resolve();
		await cached.set("/v", Uint8Array.of(2));
		answer(Uint8Array.of(1));
		expect(await before).toEqual(Uint8Array.of(1));
		const after = cached.get("/v");
		answer(Uint8Array.of(2));
		expect(await after).toEqual(Uint8Array.of(2));
	});
});

describe("reading through", () => {
	test("takes from the first that has it and keeps it there; parts of small values too", async () => {
		const { store, asked } = await serve();
		const fast = memoryStore();
		const { store: both, log } = recordStore(readThrough(fast, store));
		expect(await both.get("/v")).toEqual(value);
		expect(await both.get("/v")).toEqual(value);
		expect(await both.getRange("/v", { offset: 3, length: 3 })).toEqual(slice(3, 3));
		expect(await both.getRange("/w", { offset: 3, length: 3 })).toEqual(slice(3, 3));
		expect(await both.get("/none")).toBeUndefined();
		expect(asked).toEqual(["GET", "3-5", "GET"]);
		expect(fast.count).toBe(1);
		expect(log.requests.map(({ source }) => source)).toEqual([
			"network",
			"cache",
			"cache",
			"network",
			"network",
		]);
		const whole = readThrough(fast, store, { whole: 1000 });
		expect(await whole.getRange("/w", { offset: 3, length: 3 })).toEqual(slice(3, 3));
		expect(await fast.get("/w")).toEqual(value);
	});

	test("goes on where the fast store is full or broken, and says so", async () => {
		const { store } = await serve();
		const problems: string[] = [];
		const full: WritableStore = {
			get: async (key): Promise<undefined> => {
				if (key === "/broken") throw new Error("broken");
			},
			set: async () => {
				throw new Error("full");
			},
		};
		const both = readThrough(full, store, {
			onProblem: ({ message }, key) => problems.push(`${key} ${message}`),
		});
		expect(await both.get("/v")).toEqual(value);
		expect(await both.get("/broken")).toEqual(value);
		expect(problems).toEqual(["/v full", "/broken broken", "/broken full"]);
	});

	test("writes to both, and lists what the slow one has", async () => {
		const [fast, slow] = [memoryStore(), memoryStore()];
		const both = readThrough(fast, slow);
		await fast.set("/a", Uint8Array.of(1));
		await both.set("/a", Uint8Array.of(2));
		expect([await fast.get("/a"), await slow.get("/a")]).toEqual([Uint8Array.of(2), Uint8Array.of(2)]);
		await fast.set("/only/fast", Uint8Array.of(1));
		expect(await both.list()).toEqual(["a"]);
		await both.delete("/a");
		expect(await both.get("/a")).toBeUndefined();
	});
});

test("a log counts the bytes that were read or written, and none that a cache had", () => {
	const log = new RequestLog(10);
	const rest = {
		operation: "get",
		status: "ok",
		source: "store",
		cause: "",
		started: 0,
		milliseconds: 1,
	} as const;
	log.add({ ...rest, key: "a", bytes: 1024 });
	log.add({ ...rest, key: "a", bytes: 1024, source: "cache" });
	expect(log.bytes).toBe(1024);
	expect(String(log)).toBe("<RequestLog 2 requests, 1.00 KiB>");
});
