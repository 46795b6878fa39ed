/** N5: what is written is read back, whole and in part, over random shapes, blocks, types and codecs. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { N5Array } from "../../src/lib/n5/array.ts";
import { n5CodecNames } from "../../src/lib/n5/compression.ts";
import { openN5 } from "../../src/lib/n5/open.ts";
import { type N5ArrayToWrite, writeN5Array } from "../../src/lib/n5/write-array.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { allocate, dataTypes, product } from "../../src/lib/types.ts";
import { randomOf } from "../support/mutate.ts";

const axis = fc.record({
	size: fc.integer({ min: 1, max: 11 }),
	block: fc.integer({ min: 1, max: 6 }),
	from: fc.nat(10),
	length: fc.nat(11),
});

test("an array is read as it was written, all of it and a part", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(axis, { minLength: 1, maxLength: 4 }),
			fc.constantFrom(...dataTypes),
			fc.constantFrom(...n5CodecNames),
			fc.nat(),
			fc.boolean(),
			async (axes, dtype, codec, seed, smooth) => {
				const shape = axes.map(({ size }) => size);
				const data = allocate(dtype, product(shape));
				const bytes = new Uint8Array(data.buffer);
				const random = randomOf(seed);
				for (let i = 0; i < bytes.length; i++) bytes[i] = smooth ? i >> 5 : random();
				const written: N5ArrayToWrite = {
					data,
					shape,
					blockShape: axes.map(({ block }) => block),
					dtype,
					codec,
				};
				const store = memoryStore();
				await writeN5Array(store, "a", written);
				const opened = await openN5(store, "a");
				if (!(opened instanceof N5Array)) throw new Error("this is no array");
				expect([opened.shape, opened.chunks, opened.dtype]).toEqual([shape, written.blockShape, dtype]);
				const read = await opened.read();
				expect(Buffer.from(read.toBytes()).equals(Buffer.from(bytes))).toBe(true);

				const ranges = axes.map(({ size, from, length }): [number, number] => {
					const start = Math.min(from, size);
					return [start, Math.min(size, start + length)];
				});
				const part = await opened.read(ranges);
				const expected: (number | bigint)[] = [];
				const walk = (n: number, at: number) => {
					if (n === shape.length) expected.push(data[at]);
					else for (let i = ranges[n][0]; i < ranges[n][1]; i++) walk(n + 1, at * shape[n] + i);
				};
				walk(0, 0);
				expect([...part.data]).toEqual(expected);
			},
		),
		{ numRuns: 150 },
	);
});
