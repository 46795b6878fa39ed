/** What is written is read back: random shapes, chunks, shards, types, codecs, orders, filters and fill values. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { allocate, type DataType, dataTypes, product, type TypedArray } from "../../src/lib/types.ts";
import { codecNames } from "../../src/lib/zarr/codecs.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { type ArrayToWrite, writeArray } from "../../src/lib/zarr/write-array.ts";
import { randomOf } from "../support/mutate.ts";

/** Bits at random, so that floats are of all kinds; with `runs`, long stretches of the fill value. */
function values(dtype: DataType | "bool", count: number, seed: number, runs: boolean): TypedArray {
	const data = allocate(dtype === "bool" ? "uint8" : dtype, count);
	const random = randomOf(seed);
	const bytes = new Uint8Array(data.buffer);
	for (let i = 0; i < bytes.length; i++) bytes[i] = dtype === "bool" ? random() & 1 : random();
	if (runs) data.fill(zero(data) as never, count >> 2);
	return data;
}

const zero = (data: TypedArray) => (data instanceof BigInt64Array || data instanceof BigUint64Array ? 0n : 0);

const array = fc
	.array(
		fc.record({
			size: fc.integer({ min: 0, max: 9 }),
			chunk: fc.integer({ min: 1, max: 5 }),
			across: fc.integer({ min: 1, max: 3 }),
		}),
		{ maxLength: 4 },
	)
	.chain((axes) => {
		const shape = axes.map(({ size }) => size);
		const chunks = axes.map(({ chunk }) => chunk);
		return fc
			.record({
				dtype: fc.constantFrom<DataType | "bool">(...dataTypes, "bool"),
				codec: fc.constantFrom(...codecNames),
				zarrFormat: fc.constantFrom<2 | 3>(2, 3),
				sharded: fc.boolean(),
				indexLocation: fc.constantFrom<"start" | "end">("start", "end"),
				separator: fc.constantFrom<"/" | ".">("/", "."),
				order: fc.constantFrom<"C" | "F">("C", "F"),
				byteOrder: fc.constantFrom<"little" | "big">("little", "big"),
				delta: fc.boolean(),
				fillValue: fc.constantFrom(0, 1),
				seed: fc.nat(),
				runs: fc.boolean(),
			})
			.map(({ sharded, delta, seed, runs, ...rest }): ArrayToWrite => {
				const { dtype, zarrFormat } = rest;
				const whole = /int/.test(dtype);
				return {
					...rest,
					shape,
					chunks,
					shards: sharded && zarrFormat === 3 ? axes.map(({ chunk, across }) => chunk * across) : undefined,
					filters: delta && whole ? [{ name: "delta" }] : [],
					data: values(dtype, product(shape), seed, runs),
				};
			});
	});

const bytesOf = (data: TypedArray) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

test("an array is read as it was written", async () => {
	await fc.assert(
		fc.asyncProperty(array, async (written) => {
			const store = memoryStore();
			await writeArray(store, "a", written);
			const opened = await openArray(store, "a");
			expect([opened.shape, opened.chunks, opened.dtype]).toEqual([
				written.shape,
				written.chunks,
				written.dtype,
			]);
			const read = await opened.read();
			expect(bytesOf(read.data).equals(bytesOf(written.data))).toBe(true);
		}),
		{ numRuns: 200 },
	);
});

test("a part is the same part of the whole", async () => {
	await fc.assert(
		fc.asyncProperty(array, fc.infiniteStream(fc.nat(12)), async (written, numbers) => {
			const store = memoryStore();
			await writeArray(store, "", written);
			const next = () => numbers.next().value as number;
			const selection = written.shape.map((size) => {
				const kind = next() % 3;
				if (kind === 0) return null;
				if (kind === 1 && size > 0) return next() % size;
				return [next(), next()] as const;
			});
			const part = await (await openArray(store)).read(selection);
			const ranges = written.shape.map((size, axis) => {
				const wanted = selection[axis];
				if (wanted === null) return [0, size];
				if (typeof wanted === "number") return [wanted, wanted + 1];
				const [start, stop] = [Math.min(wanted[0], size), Math.min(wanted[1], size)];
				return [start, Math.max(start, stop)];
			});
			const expected: (number | bigint)[] = [];
			const walk = (axis: number, at: number) => {
				if (axis === ranges.length) {
					expected.push(written.data[at]);
					return;
				}
				for (let i = ranges[axis][0]; i < ranges[axis][1]; i++) walk(axis + 1, at * written.shape[axis] + i);
			};
			walk(0, 0);
			expect(part.shape).toEqual(
				ranges.filter((_, axis) => typeof selection[axis] !== "number").map(([start, stop]) => stop - start),
			);
			expect([...part.data]).toEqual(expected);
		}),
		{ numRuns: 150 },
	);
});

test("bits of floats that are rounded away are all that is lost", async () => {
	for (const dtype of ["float32", "float64"] as const) {
		const data = allocate(dtype, 50) as Float32Array | Float64Array;
		for (let i = 0; i < data.length; i++) data[i] = Math.sin(i) * 1000;
		const store = memoryStore();
		const keepbits = 7;
		const filters = [{ name: "bitround" as const, keepbits }];
		await writeArray(store, "", { data, dtype, shape: [50], chunks: [20], codec: "zstd", filters });
		const read = (await (await openArray(store)).read()).data as Float32Array | Float64Array;
		const errors = [...read].map((value, i) => Math.abs(value - data[i]) / Math.abs(data[i] || 1));
		expect(Math.max(...errors)).toBeGreaterThan(0);
		expect(Math.max(...errors)).toBeLessThanOrEqual(2 ** -(keepbits + 1));
	}
	const write = writeArray(memoryStore(), "", {
		data: new Uint8Array(4),
		dtype: "uint8",
		shape: [4],
		chunks: [4],
		codec: "none",
		filters: [{ name: "bitround", keepbits: 3 }],
	});
	await expect(write).rejects.toMatchObject({ code: "unsupported-codec" });
});
