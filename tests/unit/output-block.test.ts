import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { joinShortRows } from "../../src/lib/image/copy-rows.ts";
import { memoryStore, openArray } from "../../src/lib/index.ts";
import { product } from "../../src/lib/types.ts";
import { allowKernels } from "../../src/lib/zarr/codecs/kernels.ts";
import { gridIndices, writeArray } from "../../src/lib/zarr/write-array.ts";

afterEach(() => allowKernels(true));

const axis = fc.record({
	size: fc.integer({ min: 1, max: 40 }),
	chunk: fc.integer({ min: 1, max: 24 }),
	from: fc.integer({ min: 0, max: 40 }),
	length: fc.integer({ min: 0, max: 40 }),
});
const cases = fc.record({
	axes: fc.array(axis, { minLength: 1, maxLength: 4 }),
	dtype: fc.constantFrom("uint8" as const, "uint16" as const, "float64" as const),
	codec: fc.constantFrom("none" as const, "blosc-lz4" as const, "blosc-zstd" as const, "zstd" as const),
	order: fc.constantFrom("C" as const, "F" as const),
	/** Of so many chunks, one is not stored. */
	hole: fc.integer({ min: 2, max: 9 }),
});
const kinds = { uint8: Uint8Array, uint16: Uint16Array, float64: Float64Array };

describe("chunks put together", () => {
	it("are the elements asked for, with WebAssembly and without, several reads at one time", async () => {
		await fc.assert(
			fc.asyncProperty(cases, async ({ axes, dtype, codec, order, hole }) => {
				const shape = axes.map(({ size }) => size);
				fc.pre(product(shape) < 60_000);
				const chunks = axes.map(({ chunk }) => chunk);
				const data = new kinds[dtype](product(shape)).map((_, i) => (i * 7919) % 251);
				const store = memoryStore();
				await writeArray(store, "a", { data, shape, chunks, dtype, codec, order, fillValue: 9 });
				const array = await openArray(store, "a");
				let n = 0;
				const absent = new Set<string>();
				for (const index of gridIndices(array.chunkGrid)) {
					if (++n % hole !== 0) continue;
					await store.delete(`/${array.chunkKey(index)}`);
					absent.add(index.join());
				}
				const ranges = axes.map(({ size, from, length }): [number, number] => {
					const start = Math.min(from, size);
					return [start, Math.min(size, start + length)];
				});
				const expected: number[] = [];
				for (const inside of gridIndices(ranges.map(([start, stop]) => stop - start))) {
					const at = inside.map((i, k) => i + ranges[k][0]);
					const chunk = at.map((i, k) => Math.floor(i / chunks[k])).join();
					expected.push(absent.has(chunk) ? 9 : data[at.reduce((sum, i, k) => sum * shape[k] + i, 0)]);
				}
				for (const compiled of [true, false]) {
					allowKernels(compiled);
					const [part, , again] = await Promise.all([array.read(ranges), array.read(), array.read(ranges)]);
					expect([...(part.data as Uint8Array)]).toEqual(expected);
					expect(Buffer.compare(part.toBytes(), again.toBytes())).toBe(0);
				}
			}),
			{ numRuns: 150 },
		);
	});

	it("are put together some at a time where all of a row would be too much to wait for", async () => {
		const shape = [2, 128, 750];
		const data = new Uint16Array(product(shape)).map((_, i) => (i * 7919) % 65_521);
		const store = memoryStore();
		await writeArray(store, "a", { data, shape, chunks: [128, 128, 128], dtype: "uint16", codec: "none" });
		const array = await openArray(store, "a");
		expect(Buffer.compare((await array.read()).toBytes(), new Uint8Array(data.buffer))).toBe(0);
		const plane = await array.read([1, [3, 128], [1, 700]]);
		const expected = Uint16Array.from(plane.data as Uint16Array, (_, i) => {
			return data[(128 + 3 + Math.floor(i / 699)) * 750 + 1 + (i % 699)];
		});
		expect(plane.data).toEqual(expected);
	});

	it("leave what lies between the rows of the target as it was", () => {
		const [a, b] = [1, 2].map((seed) => new Uint8Array(300_000).map((_, i) => (i * 31 * seed) % 241));
		for (const gap of [0, 1, 77]) {
			const toStep = 300 + gap;
			const to = new Uint8Array(10 + 1_000 * toStep).fill(255);
			const parts = [
				{ bytes: a, offset: 3, step: 250, row: 201 },
				{ bytes: b, offset: 0, step: 99, row: 99 },
			];
			expect(joinShortRows(parts, to, 5, toStep, 1_000)).toBe(true);
			const expected = new Uint8Array(to.length).fill(255);
			for (let i = 0; i < 1_000; i++) {
				expected.set(a.subarray(3 + i * 250, 3 + i * 250 + 201), 5 + i * toStep);
				expected.set(b.subarray(i * 99, i * 99 + 99), 5 + i * toStep + 201);
			}
			expect(Buffer.compare(to, expected)).toBe(0);
		}
	});
});
