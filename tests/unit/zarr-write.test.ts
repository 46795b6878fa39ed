/** Arrays written in both Zarr versions, with and without shards, and read again. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { allocate, type DataType, dataTypes, product, type TypedArray } from "../../src/lib/types.ts";
import { crc32c } from "../../src/lib/zarr/codecs/crc32c.ts";
import { codecNames } from "../../src/lib/zarr/codecs.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { type ArrayToWrite, writeArray } from "../../src/lib/zarr/write-array.ts";

const text = (bytes: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(bytes));
const ramp = (dtype: DataType, length: number): TypedArray => {
	const data = allocate(dtype, length);
	for (let i = 0; i < length; i++) data[i] = (dtype.endsWith("int64") ? BigInt(i % 120) : i % 120) as never;
	return data;
};
const bytesOf = (data: TypedArray) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

describe("Zarr 2", () => {
	it("has the documents that the specification asks for", async () => {
		const store = memoryStore();
		const report = await writeArray(store, "a/b", {
			data: ramp("uint16", 12),
			shape: [3, 4],
			chunks: [2, 4],
			dtype: "uint16",
			codec: "blosc-lz4",
			zarrFormat: 2,
			dimensionNames: ["y", "x"],
			attributes: { Software: "test" },
		});
		expect(text(await store.get("/a/b/.zarray"))).toEqual({
			zarr_format: 2,
			shape: [3, 4],
			chunks: [2, 4],
			dtype: "<u2",
			compressor: { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 },
			fill_value: 0,
			order: "C",
			filters: null,
			dimension_separator: "/",
		});
		expect(text(await store.get("/a/b/.zattrs"))).toEqual({
			Software: "test",
			_ARRAY_DIMENSIONS: ["y", "x"],
		});
		expect((await store.list()).sort()).toEqual(["a/b/.zarray", "a/b/.zattrs", "a/b/0/0", "a/b/1/0"]);
		expect(report).toMatchObject({ path: "a/b", chunks: 2, bytes: 24, objects: 4 });
	});

	it.each([
		["none", null],
		["zstd", { id: "zstd", level: 3 }],
		["gzip", { id: "gzip", level: 5 }],
		["zlib", { id: "zlib", level: 5 }],
		["blosc-zstd", { id: "blosc", cname: "zstd", clevel: 1, shuffle: 0, blocksize: 0 }],
	] as const)("writes %s, with dots", async (codec, compressor) => {
		const store = memoryStore();
		const data = ramp("uint8", 300);
		await writeArray(store, "", {
			data,
			shape: [300],
			chunks: [200],
			dtype: "uint8",
			codec,
			zarrFormat: 2,
			separator: ".",
			fillValue: null,
		});
		const document = text(await store.get("/.zarray"));
		expect(document).toMatchObject({ compressor, dtype: "|u1", fill_value: null, dimension_separator: "." });
		expect((await store.list()).sort()).toEqual([".zarray", "0", "1"]);
		expect((await (await openArray(store)).read()).data).toEqual(data);
	});
});

describe("fill values", () => {
	it.each([
		["uint64", 2n ** 64n - 1n],
		["int64", -(2n ** 63n)],
		["float64", Number.NaN],
		["float32", -Infinity],
		["int16", -7],
	] as const)("%s %s fills what is beyond the edge and what is absent", async (dtype, fillValue) => {
		for (const zarrFormat of [2, 3] as const) {
			const store = memoryStore();
			const data = ramp(dtype, 5);
			await writeArray(store, "", {
				data,
				shape: [5],
				chunks: [3],
				dtype,
				codec: "none",
				zarrFormat,
				fillValue,
			});
			const array = await openArray(store);
			expect((await array.readChunk([1])).data[2]).toBe(fillValue);
			await store.delete(zarrFormat === 3 ? "/c/0" : "/0");
			expect((await (await openArray(store)).read()).data[0]).toBe(fillValue);
		}
	});

	it("refuses what an element cannot be, and null in Zarr 3", async () => {
		const array = {
			data: new Uint8Array(2),
			shape: [2],
			chunks: [2],
			dtype: "uint8",
			codec: "none",
		} as const;
		for (const fillValue of [256, -1, 0.5, Number.NaN, null]) {
			await expect(writeArray(memoryStore(), "", { ...array, fillValue })).rejects.toMatchObject({
				code: "bad-fill-value",
			});
		}
	});
});

describe("shards", () => {
	const sharded: ArrayToWrite = {
		data: Uint8Array.from([0, 0, 1, 2, 0, 0, 0, 0, 0, 3]),
		shape: [10],
		chunks: [2],
		shards: [8],
		dtype: "uint8",
		codec: "none",
	};

	it("have chunks, then an index with a checksum; empty chunks and those beyond the edge are absent", async () => {
		const store = memoryStore();
		const report = await writeArray(store, "", sharded);
		expect(text(await store.get("/zarr.json"))).toMatchObject({
			chunk_grid: { configuration: { chunk_shape: [8] } },
			codecs: [
				{
					name: "sharding_indexed",
					configuration: {
						chunk_shape: [2],
						codecs: [{ name: "bytes" }],
						index_codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }],
						index_location: "end",
					},
				},
			],
		});
		const absent = 2n ** 64n - 1n;
		const first = (await store.get("/c/0")) as Uint8Array;
		expect(first.byteLength).toBe(2 + 16 * 4 + 4);
		expect([...first.subarray(0, 2)]).toEqual([1, 2]);
		const index = first.slice(2, 66);
		expect([...new BigUint64Array(index.buffer)]).toEqual([
			absent,
			absent,
			0n,
			2n,
			absent,
			absent,
			absent,
			absent,
		]);
		expect(new DataView(first.buffer).getUint32(66, true)).toBe(crc32c(index));
		const second = (await store.get("/c/1")) as Uint8Array;
		expect([...new BigUint64Array(second.slice(2, 66).buffer)]).toEqual([0n, 2n, ...Array(6).fill(absent)]);
		expect(report).toMatchObject({ chunks: 5, objects: 3, stored: 140, shards: [8] });
		expect((await (await openArray(store)).read()).data).toEqual(sharded.data);
	});

	it("may have their index at the start", async () => {
		const store = memoryStore();
		await writeArray(store, "", { ...sharded, indexLocation: "start" });
		const first = (await store.get("/c/0")) as Uint8Array;
		const index = first.slice(0, 64);
		expect(new BigUint64Array(index.buffer)[2]).toBe(68n);
		expect([...first.subarray(68)]).toEqual([1, 2]);
		expect((await (await openArray(store)).read()).data).toEqual(sharded.data);
	});

	it("are not there where all is fill value, which -0 and another fill value are not", async () => {
		const zeros = { shape: [4], chunks: [2], shards: [4], dtype: "float32", codec: "zstd" } as const;
		const keys = async (array: ArrayToWrite) => {
			const store = memoryStore();
			await writeArray(store, "", array);
			expect(bytesOf((await (await openArray(store)).read()).data)).toEqual(bytesOf(array.data));
			return (await store.list()).sort();
		};
		expect(await keys({ ...zeros, data: new Float32Array(4) })).toEqual(["zarr.json"]);
		expect(await keys({ ...zeros, data: new Float32Array(4), fillValue: 1 })).toEqual(["c/0", "zarr.json"]);
		expect(await keys({ ...zeros, data: Float32Array.of(0, 0, 0, -0) })).toEqual(["c/0", "zarr.json"]);
		const nans = new Float32Array(4).fill(Number.NaN);
		expect(await keys({ ...zeros, data: nans, fillValue: Number.NaN })).toEqual(["zarr.json"]);
	});

	it("report each chunk, hold one shard at a time, and stop when told to", async () => {
		let atOnce = 0;
		let most = 0;
		const store = memoryStore();
		const slow = {
			get: store.get.bind(store),
			async set(key: `/${string}`, value: Uint8Array) {
				most = Math.max(most, ++atOnce);
				await new Promise((done) => setTimeout(done));
				await store.set(key, value);
				atOnce--;
			},
		};
		let chunks = 0;
		const array: ArrayToWrite = { ...sharded, data: ramp("uint8", 64), shape: [64] };
		await writeArray(slow, "", array, { onChunk: () => chunks++ });
		expect(chunks).toBe(32);
		expect(most).toBe(1);
		await expect(
			writeArray(slow, "", array, { signal: AbortSignal.abort(new Error("enough")) }),
		).rejects.toThrow("enough");
	});

	it("must be whole chunks, in Zarr 3", async () => {
		for (const more of [{ shards: [7] }, { shards: [8, 8] }, { shards: [0] }, { zarrFormat: 2 as const }]) {
			await expect(writeArray(memoryStore(), "", { ...sharded, ...more })).rejects.toMatchObject({
				code: "bad-shards",
			});
		}
	});
});

/** Any small array in any form that can be written, and a part of it to read. */
const anyArray = fc
	.array(
		fc.record({
			size: fc.integer({ min: 1, max: 9 }),
			chunk: fc.integer({ min: 1, max: 5 }),
			perShard: fc.integer({ min: 1, max: 3 }),
			a: fc.nat(9),
			b: fc.nat(9),
		}),
		{ maxLength: 4 },
	)
	.chain((axes) =>
		fc.record({
			axes: fc.constant(axes),
			dtype: fc.constantFrom<DataType>(...dataTypes),
			codec: fc.constantFrom(...codecNames),
			zarrFormat: fc.constantFrom<2 | 3>(2, 3),
			sharded: fc.boolean(),
			indexLocation: fc.constantFrom<"start" | "end">("start", "end"),
			separator: fc.constantFrom<"/" | ".">("/", "."),
			fillValue: fc.constantFrom(0, 1, 7),
			bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
		}),
	);

describe("any array", () => {
	it("is read as it was written, all of it and in part", async () => {
		await fc.assert(
			fc.asyncProperty(anyArray, async ({ axes, bytes, sharded, ...options }) => {
				const shape = axes.map(({ size }) => size);
				const chunks = axes.map(({ chunk }) => chunk);
				const data = allocate(options.dtype, product(shape));
				const raw = new Uint8Array(data.buffer);
				// Every bit pattern, with stretches of zeros among them that make absent chunks.
				for (let i = 0; i < raw.length; i++) raw[i] = i % 80 < 40 ? 0 : bytes[i % bytes.length];
				const store = memoryStore();
				const shards = axes.map(({ chunk, perShard }) => chunk * perShard);
				await writeArray(store, "x", {
					...options,
					data,
					shape,
					chunks,
					shards: sharded && options.zarrFormat === 3 ? shards : undefined,
				});
				const array = await openArray(store, "x");
				expect(array.shape).toEqual(shape);
				expect(array.chunks).toEqual(chunks);
				const whole = await array.read();
				// By value, which tells 0 from -0: processors do not keep the bits of every NaN.
				expect([...whole.data]).toEqual([...data]);

				const ranges = axes.map(({ size, a, b }): [number, number] => [
					Math.min(a, b, size),
					Math.min(Math.max(a, b), size),
				]);
				const part = await array.read(ranges);
				const extent = ranges.map(([start, stop]) => stop - start);
				expect(part.shape).toEqual(extent);
				const expected: unknown[] = [];
				const walk = (axis: number, at: number) => {
					if (axis === shape.length) {
						expected.push(data[at]);
						return;
					}
					for (let i = ranges[axis][0]; i < ranges[axis][1]; i++) walk(axis + 1, at * shape[axis] + i);
				};
				walk(0, 0);
				expect([...part.data]).toEqual(expected);
			}),
			{ numRuns: 300 },
		);
	});
});

describe("what cannot be written", () => {
	const image = { data: ramp("uint16", 12), shape: [3, 4], dtype: "uint16", codec: "none" } as const;

	it.each([[[0, 4]], [[2]], [[2, 1.5]], [[-1, 4]], [[]], [[2, Number.NaN]]])(
		"chunks of %j are refused before anything is stored",
		async (chunks) => {
			const store = memoryStore();
			await expect(writeArray(store, "a", { ...image, chunks })).rejects.toMatchObject({
				code: "bad-chunks",
				remedy: expect.stringContaining("for each axis: 2 numbers."),
			});
			expect(await store.list()).toEqual([]);
		},
	);

	it("data that does not fill the shape is refused", async () => {
		const store = memoryStore();
		await expect(writeArray(store, "a", { ...image, shape: [3, 5], chunks: [3, 5] })).rejects.toMatchObject({
			code: "bad-shape",
		});
		expect(await store.list()).toEqual([]);
	});
});
