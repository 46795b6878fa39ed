/** One reading of a shard's index serves all who ask for it at the same time. */
import { expect, test } from "vitest";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import type { ReadableStore } from "../../src/lib/stores/store.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";

/** A store whose ranges come when they are let through, and stop when their signal aborts. */
async function gatedShards() {
	const memory = memoryStore();
	await writeArray(memory, "", {
		data: Uint8Array.from({ length: 8 }, (_, i) => i + 1),
		shape: [8],
		chunks: [2],
		shards: [8],
		dtype: "uint8",
		codec: "none",
	});
	let open = () => {};
	const opened = new Promise<void>((resolve) => {
		open = resolve;
	});
	const asked: string[] = [];
	const store: ReadableStore = {
		get: (key) => memory.get(key),
		getRange: async (key, range, options) => {
			asked.push("suffixLength" in range ? "index" : "chunk");
			const { signal } = options ?? {};
			await new Promise<void>((resolve, reject) => {
				signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
				void opened.then(resolve);
			});
			signal?.throwIfAborted();
			return memory.getRange(key, range);
		},
	};
	return { array: await openArray(store), asked, open: () => open() };
}

test("a reader who leaves does not take the index from another", async () => {
	const { array, asked, open } = await gatedShards();
	const first = new AbortController();
	const left = array.readChunk([0], { signal: first.signal });
	const stays = array.readChunk([1], { signal: new AbortController().signal });
	const staysToo = array.readChunk([2]);
	await Promise.resolve();
	first.abort(new Error("left"));
	await expect(left).rejects.toThrow("left");
	open();
	expect([...(await stays).data]).toEqual([3, 4]);
	expect([...(await staysToo).data]).toEqual([5, 6]);
	expect(asked.filter((what) => what === "index")).toHaveLength(2);
});

test("a later reader who leaves does so at once, and the index is still read once", async () => {
	const { array, asked, open } = await gatedShards();
	const second = new AbortController();
	const stays = array.readChunk([0]);
	const left = array.readChunk([1], { signal: second.signal });
	await Promise.resolve();
	second.abort(new Error("left"));
	await expect(left).rejects.toThrow("left");
	open();
	expect([...(await stays).data]).toEqual([1, 2]);
	expect([...(await array.readChunk([3])).data]).toEqual([7, 8]);
	expect(asked.filter((what) => what === "index")).toHaveLength(1);
});
