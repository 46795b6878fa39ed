/**
 * What it costs that the kernel hears of every request of a store (the request log under a cell): the same work with a
 * store in memory that nobody hears and one that the kernel hears, in turn. `npm run bench -- watch`.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { MessageChannel } from "node:worker_threads";
import { beginRun, flushRequests, sendRequestsBy } from "../src/kernel/worker/requests.ts";
import { watchLibrary } from "../src/kernel/worker/watch-requests.ts";
import { type MemoryStore, memoryStore, openArray, writeArray } from "../src/lib/index.ts";
import { measureTogether } from "./measure.ts";

setFlagsFromString("--expose-gc");
(globalThis as { gc?: () => void }).gc = runInNewContext("gc");

const chunk = new Uint8Array(4096);
const keys = Array.from({ length: 1000 }, (_, i) => `/image/0/c/${i % 10}/${Math.floor(i / 10)}` as const);
const side = 2048;

async function filled(): Promise<MemoryStore> {
	const store = memoryStore();
	for (const key of keys) await store.set(key, chunk);
	const data = new Uint8Array(side * side).map((_, i) => i >> 12);
	await writeArray(store, "array", {
		data,
		shape: [side, side],
		chunks: [64, 64],
		dtype: "uint8",
		codec: "none",
	});
	return store;
}

/** Each makes so many requests of a store. */
const works: [what: string, requests: number, work: (store: MemoryStore) => Promise<unknown>][] = [
	["1,000 gets, one by one", 1000, (store) => gets(store, 1)],
	["100,000 gets, one by one", 100_000, (store) => gets(store, 100)],
	[
		"100,000 gets, 1,000 at once",
		100_000,
		async (store) => {
			for (let i = 0; i < 100; i++) await Promise.all(keys.map((key) => store.get(key)));
		},
	],
	[
		"10,000 sets",
		10_000,
		async (store) => {
			for (let i = 0; i < 10; i++) for (const key of keys) await store.set(key, chunk);
		},
	],
	[
		`an array of ${side}², 1,024 chunks, read whole`,
		1025,
		async (store) => (await openArray(store, "array")).read(),
	],
];

async function gets(store: MemoryStore, times: number): Promise<void> {
	for (let i = 0; i < times; i++) for (const key of keys) await store.get(key);
}

// A store hears who listens when it is made.
const plain = await filled();
await watchLibrary();
const heard = await filled();

// The page gets copies, as in a browser.
const { port1, port2 } = new MessageChannel();
port2.on("message", () => {});
sendRequestsBy((message) => port1.postMessage(message));
let runs = 0;

console.log(
	"| work | not heard, ms | heard, ms | more | more for each request, µs |\n| --- | ---: | ---: | ---: | ---: |",
);
for (const [what, requests, work] of works) {
	const times = await measureTogether({
		plain: () => work(plain),
		heard: async () => {
			beginRun(++runs, "cell");
			await work(heard);
			flushRequests();
		},
	});
	const [without, having] = [times.plain.median, times.heard.median];
	console.log(
		`| ${what} | ${without.toFixed(2)} | ${having.toFixed(2)} | ${((having / without - 1) * 100).toFixed(0)} % | ${(((having - without) * 1000) / requests).toFixed(2)} |`,
	);
}
port1.close();
