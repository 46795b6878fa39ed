import { describe, expect, it } from "vitest";
import { pause } from "../../src/lib/stores/pause.ts";
import { ByteCache } from "../../src/lib/viewer/cache.ts";
import { ChunkLoader, type ViewReadOptions, type ViewSource } from "../../src/lib/viewer/loader.ts";
import { type ChunkWish, chunkId } from "../../src/lib/viewer/plan.ts";

const wish = (n: number, level = 0): ChunkWish => ({ id: chunkId(level, [n]), level, coords: [n], rank: n });
const ids = (...numbers: number[]) => numbers.map((n) => chunkId(0, [n]));

/** A source whose answers are given by hand. */
class ByHand implements ViewSource {
	readonly image = {} as ViewSource["image"];
	readonly asked: number[] = [];
	readonly stopped: number[] = [];
	readonly #open = new Map<
		number,
		{ resolve: (value?: Uint8Array) => void; reject: (error: unknown) => void }
	>();

	read(
		_: number,
		[n]: readonly number[],
		{ signal, onRequest }: ViewReadOptions,
	): Promise<Uint8Array | undefined> {
		this.asked.push(n);
		signal.addEventListener("abort", () => this.stopped.push(n));
		return new Promise((resolve, reject) => {
			this.#open.set(n, {
				resolve: (value) => {
					onRequest?.({
						operation: "get",
						key: `c/${n}`,
						bytes: value?.byteLength,
						started: 0,
						milliseconds: 1,
						status: value ? "ok" : "absent",
						source: "network",
					});
					resolve(value);
				},
				reject,
			});
			signal.addEventListener("abort", () => reject(signal.reason));
		});
	}

	async answer(n: number, bytes?: number): Promise<void> {
		this.#open.get(n)?.resolve(bytes === undefined ? undefined : new Uint8Array(bytes));
		await pause(0);
	}

	async fail(n: number): Promise<void> {
		this.#open.get(n)?.reject(new Error("no"));
		await pause(0);
	}
}

describe("chunks of a view", () => {
	it("are asked for in order, so many at a time", async () => {
		const source = new ByHand();
		const loader = new ChunkLoader(source, { atOnce: 2 });
		loader.want([wish(3), wish(1), wish(2)]);
		expect(source.asked).toEqual([3, 1]);
		expect(ids(3, 1, 2).map((id) => loader.state(id))).toEqual(["requested", "requested", "waiting"]);
		await source.answer(3, 10);
		expect(source.asked).toEqual([3, 1, 2]);
		expect(loader.state(ids(3)[0])).toBe("cached");
		expect(loader.values(ids(3)[0])).toHaveLength(10);
		expect(loader.busy).toBe(true);
		await source.answer(1, 10);
		await source.answer(2);
		expect(loader.state(ids(2)[0])).toBe("absent");
		expect(loader.busy).toBe(false);
		expect(loader.cost).toEqual({ requests: 3, bytes: 20, chunks: 2, cancelled: 0, failed: 0 });
	});

	it("that are wanted no more are given up, those that are there stay", async () => {
		const source = new ByHand();
		const loader = new ChunkLoader(source, { atOnce: 2 });
		loader.want([wish(0), wish(1), wish(2)]);
		await source.answer(0, 4);
		loader.want([wish(2), wish(5)]);
		expect(source.stopped).toEqual([1]);
		await pause(0);
		expect(loader.cost.cancelled).toBe(1);
		expect(ids(0, 1, 2, 5).map((id) => loader.state(id))).toEqual([
			"cached",
			undefined,
			"requested",
			"requested",
		]);
		// An answer that comes in spite of all is not taken for the chunk's.
		await source.answer(1, 4);
		expect(loader.state(ids(1)[0])).toBeUndefined();
		loader.want([wish(1), wish(0)]);
		await pause(0);
		expect(source.asked).toEqual([0, 1, 2, 5, 1]);
		await source.answer(1, 4);
		expect(loader.values(ids(1)[0])).toHaveLength(4);
		expect(loader.cost.chunks).toBe(2);
	});

	it("that failed say why and are asked for again when the reader says so", async () => {
		const source = new ByHand();
		const loader = new ChunkLoader(source);
		loader.want([wish(0)]);
		await source.fail(0);
		expect(loader.state(ids(0)[0])).toBe("failed");
		expect(loader.error(ids(0)[0])).toMatchObject({ message: "no" });
		loader.want([wish(0)]);
		expect(source.asked).toEqual([0]);
		loader.retry();
		await source.answer(0, 1);
		expect(loader.state(ids(0)[0])).toBe("cached");
		expect(loader.cost.failed).toBe(1);
	});

	it("keep to a budget of bytes: what was looked at longest ago goes, what is looked at never", async () => {
		const source = new ByHand();
		const gone: string[] = [];
		const loader = new ChunkLoader(source, {
			budget: 25,
			onChange: (id, state) => {
				if (state === undefined) gone.push(id);
			},
		});
		for (const n of [0, 1, 2, 3]) {
			loader.want([wish(n)]);
			await source.answer(n, 10);
		}
		expect(gone).toEqual(ids(0, 1));
		expect(loader.bytesKept).toBe(20);
		loader.want([wish(2)]);
		loader.want([wish(4)]);
		await source.answer(4, 10);
		// 2 was looked at after 3.
		expect(gone).toEqual(ids(0, 1, 3));
		loader.want([wish(5), wish(6), wish(7)]);
		for (const n of [5, 6, 7]) await source.answer(n, 10);
		expect(ids(5, 6, 7).map((id) => loader.state(id))).toEqual(["cached", "cached", "cached"]);
		expect(loader.bytesKept).toBe(30);
	});

	it("remember what is not stored without asking again", async () => {
		const source = new ByHand();
		const loader = new ChunkLoader(source);
		loader.want([wish(0)]);
		await source.answer(0);
		loader.want([wish(1)]);
		loader.want([wish(0)]);
		expect(loader.state(ids(0)[0])).toBe("absent");
		expect(source.asked).toEqual([0, 1]);
		loader.clear();
		expect(source.asked).toEqual([0, 1, 0]);
	});

	it("end with the viewer", async () => {
		const source = new ByHand();
		const loader = new ChunkLoader(source, { atOnce: 1 });
		loader.want([wish(0), wish(1)]);
		loader.close();
		await pause(0);
		expect(source.stopped).toEqual([0]);
		expect(source.asked).toEqual([0]);
		expect([...loader.states()]).toEqual([]);
	});
});

describe("a cache of bytes", () => {
	it("counts, replaces and tells what goes", () => {
		const gone: string[] = [];
		const cache = new ByteCache<string>(10, (key) => gone.push(key));
		cache.set("a", "A", 4);
		cache.set("b", "B", 4);
		cache.set("a", "AA", 6);
		expect([cache.bytes, cache.size, cache.get("a")]).toEqual([10, 2, "AA"]);
		cache.set("c", "C", 1);
		expect([...cache.keys()]).toEqual(["a", "c"]);
		// A value larger than all is kept alone.
		cache.set("d", "D", 100);
		expect([...cache.keys()]).toEqual(["d"]);
		cache.clear();
		expect([cache.bytes, gone]).toEqual([0, ["a", "b", "a", "c", "d"]]);
	});
});
