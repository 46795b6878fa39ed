import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FromKernel } from "../../src/kernel/protocol.ts";
import {
	beginRun,
	flushRequests,
	mostRequests,
	recordRequest,
	type StoreRequest,
	sendRequestsBy,
	startRecording,
} from "../../src/kernel/worker/requests.ts";
import { type Timing, Timings } from "../../src/kernel/worker/timings.ts";
import { watchFetch, watchLibrary } from "../../src/kernel/worker/watch-requests.ts";
import { httpStore, memoryStore } from "../../src/lib/index.ts";

type Message = Extract<FromKernel, { type: "requests" }>;
const sent: Message[] = [];
let runs = 0;
const next = (cell: string) => {
	beginRun(++runs, cell);
	return runs;
};
const read = (key: string, bytes = 1): StoreRequest => ({
	store: "memory",
	key,
	op: "get",
	bytes,
	from: "store",
	cell: "a",
});

const of = (run: number) => sent.filter((message) => message.run === run).flatMap(({ requests }) => requests);

beforeEach(() => {
	sendRequestsBy((message) => sent.push(message as Message));
	flushRequests();
	sent.length = 0;
});

describe("requests of a run", () => {
	test("go to the page in batches, under the run that made them", () => {
		const first = next("a");
		recordRequest(read("x"));
		const second = next("b");
		recordRequest(read("y"));
		flushRequests();
		expect(sent.map(({ run, requests }) => [run, requests.map(({ key }) => key)])).toEqual([
			[first, ["x"]],
			[second, ["y"]],
		]);
		flushRequests();
		expect(sent).toHaveLength(2);
	});

	test("are bounded: of more than some thousands only sums are told", () => {
		next("a");
		for (let i = 0; i < mostRequests + 5; i++) recordRequest(read(`k${i}`, 10));
		recordRequest({ ...read("w", 7), op: "set" });
		flushRequests();
		expect(sent[0].requests).toHaveLength(mostRequests);
		expect(sent[0].rest).toEqual({ requests: 6, read: 50, written: 7 });
	});

	test("of a store beyond those are summed too, and a check still sees each of its own", async () => {
		await watchLibrary();
		next("a");
		const store = memoryStore();
		await store.set("/x", new Uint8Array(3));
		for (let i = 1; i < mostRequests; i++) await store.get("/x");
		await store.get("/x");
		await store.get("/none");
		await store.set("/y", new Uint8Array(7));
		await store.set("no slash" as "/", new Uint8Array(1)).catch(() => {});
		await store.list();
		flushRequests();
		const requests = sent.flatMap((message) => message.requests);
		expect(requests).toHaveLength(mostRequests);
		expect(requests.at(-1)).toMatchObject({ key: "x", op: "get", bytes: 3, cause: "value", status: "ok" });
		expect(sent.at(-1)?.rest).toMatchObject({ requests: 5, read: 3 });
		const recording = startRecording();
		await store.get("/x");
		await store.getRange("/x", { offset: 1, length: 1 });
		recording.stop();
		expect(recording.requests).toMatchObject([
			{ key: "x", op: "get", bytes: 3, cause: "value" },
			{ key: "x", op: "getRange", range: [1, 1], bytes: 1 },
		]);
		flushRequests();
		expect(sent.at(-1)?.rest).toMatchObject({ requests: 7, read: 7 });
	});

	test("a check sees those of its own run, whatever else ends meanwhile", async () => {
		await watchLibrary();
		next("before");
		const store = memoryStore();
		const late = store.set("/late", new Uint8Array(1));
		next("answer");
		const recording = startRecording();
		await late;
		await store.get("/late");
		recording.stop();
		await store.get("/late");
		expect(recording.requests).toMatchObject([
			{ key: "late", op: "get", bytes: 1, store: "memory", place: "memory", cell: "answer", cause: "value" },
		]);
	});
});

describe("fetch", () => {
	let server: Server;
	let url: string;
	const platform = globalThis.fetch;
	beforeEach(async () => {
		server = createServer((request, response) => {
			if (request.method === "PUT") return void request.resume().on("end", () => response.end());
			if (request.url === "/none") return void response.writeHead(404).end("no");
			response.writeHead(request.headers.range ? 206 : 200, {
				"Content-Length": 5,
				"Content-Range": "bytes 0-4/9",
			});
			response.end("hello");
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		watchFetch();
	});
	afterEach(() => {
		globalThis.fetch = platform;
		server.closeAllConnections();
		server.close();
	});

	test("is told with range, status and bytes; the answer is the platform's own and streams", async () => {
		expect(fetch.name).toBe("fetch");
		const run = next("a");
		const response = await fetch(`${url}/a/b.bin`, { headers: { Range: "bytes=0-4" } });
		expect(response).toBeInstanceOf(Response);
		expect(response.url).toBe(`${url}/a/b.bin`);
		const chunks: number[] = [];
		for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
			chunks.push(chunk.length);
		expect(chunks).toEqual([5]);
		await fetch(new Request(`${url}/none`));
		await fetch(`${url}/w`, { method: "PUT", body: new Uint8Array(12) });
		await expect(fetch("http://127.0.0.1:9/")).rejects.toThrow();
		await expect(fetch(`${url}/x`, { signal: AbortSignal.abort() })).rejects.toThrow();
		flushRequests();
		const requests = of(run);
		expect(requests).toMatchObject([
			{ op: "getRange", key: "a/b.bin", store: url, range: [0, 4], bytes: 5, status: 206, from: "network" },
			{ op: "get", key: "none", status: 404, bytes: 0 },
			{ op: "set", key: "w", bytes: 12 },
			{ key: "127.0.0.1:9", status: "error" },
			{ key: "x", status: "aborted" },
		]);
		for (const { started = -1 } of requests) expect(started).toBeGreaterThanOrEqual(0);
	});

	test("is not told a second time where a store asks", async () => {
		await watchLibrary();
		const run = next("a");
		await httpStore(url).get("/v");
		await fetch(`${url}/w`);
		flushRequests();
		expect(of(run).map(({ key, cause }) => [key, cause])).toEqual([
			["v", "value"],
			["w", "fetch"],
		]);
	});
});

test("what the browser tells of a request finds it, whichever comes first", () => {
	const timings = new Timings();
	const entry = (startTime: number, more: Partial<PerformanceResourceTiming> = {}) =>
		({
			name: "http://a/b",
			startTime,
			responseEnd: startTime + 5,
			transferSize: 300,
			encodedBodySize: 100,
			decodedBodySize: 100,
			workerStart: 0,
			...more,
		}) as PerformanceResourceTiming;
	const heard: Timing[] = [];
	const hear = (timing: Timing) => heard.push(timing);
	timings.expect("http://a/b#part", 10, 50, hear);
	timings.tell(entry(9.5, { transferSize: 0 }));
	timings.tell(entry(200));
	timings.expect("http://a/c", 200, 5, hear);
	timings.expect("http://a/b", 200, 5, hear);
	timings.expect("http://a/b", 300, 5, hear);
	timings.tell(entry(301, { transferSize: 0, workerStart: 301 }));
	expect(heard).toEqual([
		{ cached: true, bytes: 100, ended: 14.5 },
		{ cached: false, bytes: 100, ended: 205 },
		{ cached: false, bytes: 100, ended: 306 },
	]);
});
