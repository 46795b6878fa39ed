/** That an abort ends what reads many documents, over a store that takes no heed of signals itself. */
import { describe, expect, test } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { n5Info } from "../../src/lib/n5/info.ts";
import { openN5 } from "../../src/lib/n5/open.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import type { Progress } from "../../src/lib/progress.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import type { ReadableStore, WritableStore } from "../../src/lib/stores/store.ts";
import { consolidate, openConsolidated, staleDocuments } from "../../src/lib/zarr/consolidated.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { readStrings } from "../../src/lib/zarr/strings.ts";

async function pyramid() {
	const image = toSpatialImage({ data: new Uint8Array(24 * 24), shape: [24, 24] }, { name: "im" });
	return toMultiscale(image, [2, 2]);
}

async function zarrImage(): Promise<WritableStore> {
	const store = memoryStore();
	await toNgffZarr(store, await pyramid(), { consolidated: true });
	return store;
}

async function n5Image(): Promise<WritableStore> {
	const store = memoryStore();
	await toN5(store, await pyramid());
	return store;
}

/** Two chunks of text as vlen-utf8 has it: a count, then each length and its bytes. */
async function texts(): Promise<WritableStore> {
	const store = memoryStore() as WritableStore;
	const document = {
		...{ zarr_format: 2, shape: [2], chunks: [1], dtype: "|O", fill_value: "", order: "C" },
		...{ compressor: null, filters: [{ id: "vlen-utf8" }] },
	};
	await store.set("/.zarray", encodeJson(document));
	for (const [i, letter] of ["a", "b"].entries()) {
		await store.set(`/${i}`, Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, letter.charCodeAt(0)));
	}
	return store;
}

interface Task {
	signal?: AbortSignal;
	onProgress?: (progress: Progress) => void;
}

const calls: {
	name: string;
	make: () => Promise<WritableStore>;
	call: (store: WritableStore, task: Task) => Promise<unknown>;
	/** What is told while it works; null where it is told nothing. */
	unit: Progress["unit"] | null;
}[] = [
	{
		name: "consolidate",
		make: zarrImage,
		call: (store, task) => consolidate(store, "", task),
		unit: "documents",
	},
	{
		name: "staleDocuments",
		make: zarrImage,
		call: (store, task) => staleDocuments(store, "", task),
		unit: "documents",
	},
	{
		name: "openConsolidated",
		make: zarrImage,
		call: (store, { signal }) => openConsolidated(store, "", { signal }),
		unit: null,
	},
	{
		name: "validateStore",
		make: zarrImage,
		call: (store, task) => validateStore(store, task),
		unit: "documents",
	},
	{
		name: "readStrings",
		make: texts,
		call: async (store, task) => readStrings(await openArray(store), task),
		unit: "chunks",
	},
	{
		name: "n5Info",
		make: n5Image,
		call: (store, { signal }) => n5Info(store, "", { signal }),
		unit: null,
	},
	{
		name: "openN5",
		make: n5Image,
		call: (store, { signal }) => openN5(store, "none", { signal }),
		unit: null,
	},
];

/** The store; told of each call by which something is read. */
function watched(store: WritableStore, onRead: () => void): WritableStore {
	const told = (name: "get" | "getRange" | "list" | "set") =>
		store[name] && {
			[name]: async (...args: unknown[]) => {
				if (name !== "set") onRead();
				return (store[name] as (...args: unknown[]) => unknown)(...args);
			},
		};
	return Object.assign({}, ...(["get", "getRange", "list", "set"] as const).map(told));
}

describe.each(calls)("$name", ({ make, call, unit }) => {
	test("an abort ends it, wherever it is", async () => {
		const store = await make();
		let reads = 0;
		await call(
			watched(store, () => reads++),
			{},
		).catch(() => {});
		expect(reads).toBeGreaterThan(0);
		const keys = [...((await (store as ReadableStore).list?.()) ?? [])];
		const before = await Promise.all(keys.map((key) => store.get(`/${key}`)));
		for (let at = 1; at <= reads; at++) {
			const stop = new AbortController();
			const reason = new Error(`stopped at ${at}`);
			let read = 0;
			const stopping = watched(store, () => {
				if (++read === at) stop.abort(reason);
			});
			const outcome = await call(stopping, { signal: stop.signal }).then(
				() => "done",
				(error) => error,
			);
			// What had been read in full when the last read was begun may be given.
			if (at < reads) expect(outcome).toBe(reason);
		}
		expect(await Promise.all(keys.map((key) => store.get(`/${key}`)))).toEqual(before);
		await expect(call(store, { signal: AbortSignal.abort("at once") })).rejects.toBe("at once");
	});

	test.runIf(unit)("tells how far it is", async () => {
		const told: Progress[] = [];
		await call(await make(), { onProgress: (progress) => told.push(progress) });
		expect(told.length).toBeGreaterThan(0);
		expect(told.every((progress) => progress.unit === unit)).toBe(true);
		expect(told.map(({ done }) => done)).toEqual(told.map((_, i) => i + 1));
	});
});
