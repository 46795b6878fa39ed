import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as zarrita from "zarrita";
import { displaySymbol } from "../../src/lib/display.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import type { ReadableStore } from "../../src/lib/stores/store.ts";
import { allocate, type DataType, dataTypes, product, type TypedArray } from "../../src/lib/types.ts";
import { readBloscHeader } from "../../src/lib/zarr/codecs/blosc.ts";
import { appendCrc32c } from "../../src/lib/zarr/codecs/crc32c.ts";
import { codecNames } from "../../src/lib/zarr/codecs.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";
import { openArray, openGroup, openZarr } from "../../src/lib/zarr/open.ts";
import { tree } from "../../src/lib/zarr/tree.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";

function numbered(dtype: DataType, length: number, seed = 1): TypedArray {
	const out = allocate(dtype, length);
	for (let i = 0; i < length; i++) {
		const value = (Math.imul(i + seed, 2654435761) >>> 20) % 1000;
		if (dtype.endsWith("int64")) out[i] = BigInt(value) * 1_000_000_007n;
		else out[i] = dtype.startsWith("float") ? value / 8 : value;
	}
	return out;
}

const arrays = fc
	.integer({ min: 0, max: 4 })
	.chain((ndim) =>
		fc.record({
			shape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: ndim, maxLength: ndim }),
			wanted: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: ndim, maxLength: ndim }),
			cuts: fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.constantFrom("index", "range", "all")), {
				minLength: ndim,
				maxLength: ndim,
			}),
			dtype: fc.constantFrom(...dataTypes),
			codec: fc.constantFrom(...codecNames),
			seed: fc.nat(10_000),
		}),
	)
	.map(({ wanted, ...rest }) => ({ ...rest, chunks: wanted }));

describe("writing and reading", () => {
	test("gives back what was written, whole and in parts, for any shape, chunks, type and codec", async () => {
		await fc.assert(
			fc.asyncProperty(arrays, async ({ shape, chunks, cuts, dtype, codec, seed }) => {
				const store = memoryStore();
				const data = numbered(dtype, product(shape), seed);
				await writeArray(store, "a", { data, shape, chunks, dtype, codec });
				const array = await openArray(store, "a");
				const whole = await array.read();
				expect(whole.data).toEqual(data);
				expect(whole.shape).toEqual(shape);

				const selection = cuts.map(([a, b, kind], axis) => {
					const [start, stop] = [Math.min(a, b) % shape[axis], Math.max(a, b) + 1];
					return kind === "all" ? null : kind === "index" ? start : ([start, stop] as [number, number]);
				});
				const part = await array.read(selection);
				const expected: (number | bigint)[] = [];
				const walk = (axis: number, offset: number): void => {
					if (axis === shape.length) {
						expected.push(data[offset]);
						return;
					}
					const wanted = selection[axis];
					const [start, stop] =
						typeof wanted === "number" ? [wanted, wanted + 1] : (wanted ?? [0, shape[axis]]);
					const step = product(shape.slice(axis + 1));
					for (let i = start; i < Math.min(stop, shape[axis]); i++) walk(axis + 1, offset + i * step);
				};
				walk(0, 0);
				expect([...part.data]).toEqual(expected);
				expect(part.shape).toHaveLength(selection.filter((s) => typeof s !== "number").length);
			}),
			{ numRuns: 150 },
		);
	});

	test.each(codecNames)("zarrita reads %s too", async (codec) => {
		const store = memoryStore();
		const data = numbered("uint16", 5 * 7 * 11);
		await writeArray(store, "a", { data, shape: [5, 7, 11], chunks: [2, 7, 4], dtype: "uint16", codec });
		const array = await zarrita.open.v3(zarrita.root(store as zarrita.AsyncReadable).resolve("a"), {
			kind: "array",
		});
		expect((await zarrita.get(array as zarrita.Array<"uint16">)).data).toEqual(data);
	});

	test("zarrita writes and reads blosc, gzip and crc32c once the codecs are in its registry", async () => {
		const map = new Map<string, Uint8Array>();
		await openZarr(memoryStore()).catch(() => {});
		const { installCodecs } = await import("../../src/lib/zarr/codecs.ts");
		installCodecs();
		for (const [i, codecs] of [
			[
				{
					name: "blosc",
					configuration: { cname: "lz4", clevel: 5, shuffle: "shuffle", typesize: 2, blocksize: 0 },
				},
			],
			[
				{ name: "gzip", configuration: { level: 1 } },
				{ name: "crc32c", configuration: {} },
			],
			[{ name: "zlib", configuration: { level: 1 } }],
		].entries()) {
			const array = await zarrita.create(zarrita.root(map).resolve(`a${i}`), {
				shape: [50],
				chunkShape: [20],
				dtype: "uint16",
				codecs: [{ name: "bytes", configuration: { endian: "little" } }, ...codecs],
				fillValue: 0,
			});
			const data = numbered("uint16", 50) as Uint16Array;
			await zarrita.set(array, null, { data, shape: [50], stride: [1] });
			expect((await zarrita.get(array)).data).toEqual(data);
		}
		expect(readBloscHeader(map.get("/a0/c/0") as Uint8Array)).toMatchObject({
			typesize: 2,
			shuffle: "shuffle",
		});
	});

	test("chunks beyond the edge are full size, filled with zeros, and counted", async () => {
		const store = memoryStore();
		const data = numbered("uint8", 12).fill(5 as never);
		const report = await writeArray(store, "a", {
			data,
			shape: [3, 4],
			chunks: [2, 3],
			dtype: "uint8",
			codec: "none",
		});
		expect(report).toEqual({ path: "a", chunks: 4, bytes: 12, stored: 24, objects: 5 });
		expect(await listKeys(store)).toEqual(["a/c/0/0", "a/c/0/1", "a/c/1/0", "a/c/1/1", "a/zarr.json"]);
		const corner = await (await openArray(store, "a")).readChunk([1, 1]);
		expect([...corner.data]).toEqual([5, 0, 0, 0, 0, 0]);
		expect(corner.offset).toEqual([2, 3]);
		expect((await (await openArray(store, "a")).readChunk([0, 1])).data).toEqual(
			Uint8Array.of(5, 0, 0, 5, 0, 0),
		);
	});

	test("what is read is the reader's own: changing it leaves the store as it was", async () => {
		const store = memoryStore();
		const data = numbered("uint16", 4);
		await writeArray(store, "a", { data, shape: [4], chunks: [4], dtype: "uint16", codec: "none" });
		const array = await openArray(store, "a");
		(await array.readChunk([0])).data.fill(0 as never);
		(await array.read()).data.fill(0 as never);
		data.fill(9 as never);
		expect((await array.read()).data).toEqual(numbered("uint16", 4));
	});

	test("the metadata says what the chunks are", async () => {
		const store = memoryStore();
		await writeArray(store, "a", {
			data: new Float64Array(8),
			shape: [2, 4],
			chunks: [2, 2],
			dtype: "float64",
			codec: "blosc-lz4",
			dimensionNames: ["y", "x"],
			attributes: { made: "by hand", big: 5n },
		});
		const document = JSON.parse(new TextDecoder().decode(await store.get("/a/zarr.json")));
		expect(document).toEqual({
			zarr_format: 3,
			node_type: "array",
			shape: [2, 4],
			data_type: "float64",
			chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 2] } },
			chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
			fill_value: 0,
			codecs: [
				{ name: "bytes", configuration: { endian: "little" } },
				{
					name: "blosc",
					configuration: { cname: "lz4", clevel: 5, shuffle: "shuffle", typesize: 8, blocksize: 0 },
				},
			],
			attributes: { made: "by hand", big: 5 },
			dimension_names: ["y", "x"],
		});
		expect(readBloscHeader((await store.get("/a/c/0/0")) as Uint8Array).typesize).toBe(8);
	});

	test("can be cancelled, and reports each chunk", async () => {
		const store = memoryStore();
		const array = {
			data: new Uint8Array(64),
			shape: [64],
			chunks: [1],
			dtype: "uint8",
			codec: "none",
		} as const;
		await writeArray(store, "a", array);
		const seen: number[] = [];
		await (await openArray(store, "a")).read([], { onProgress: ({ done }) => seen.push(done) });
		expect(seen.at(-1)).toBe(64);
		const controller = new AbortController();
		const reading = (await openArray(store, "a")).read([], {
			signal: controller.signal,
			onProgress: ({ done }) => done === 10 && controller.abort(new Error("enough")),
		});
		await expect(reading).rejects.toThrow("enough");
		await expect(
			writeArray(store, "b", array, { signal: AbortSignal.abort(new Error("no")) }),
		).rejects.toThrow("no");
	});

	test("memory is bounded: no more than 8 chunks are asked for at a time, and none after a failure", async () => {
		const inner = memoryStore();
		await writeArray(inner, "a", {
			data: new Uint8Array(100),
			shape: [100],
			chunks: [1],
			dtype: "uint8",
			codec: "none",
		});
		let now = 0;
		let most = 0;
		let asked = 0;
		const slow: ReadableStore = {
			async get(key) {
				asked++;
				most = Math.max(most, ++now);
				await new Promise((resolve) => setTimeout(resolve, 1));
				now--;
				return inner.get(key);
			},
		};
		await (await openArray(slow, "a")).read();
		const before = asked;
		const broken: ReadableStore = {
			async get(key) {
				if (key.endsWith("/c/3")) throw new Error("gone");
				return slow.get(key);
			},
		};
		await expect((await openArray(broken, "a")).read()).rejects.toThrow("gone");
		await new Promise((resolve) => setTimeout(resolve, 30));
		expect(asked - before).toBeLessThan(30);
		expect(most).toBeGreaterThan(1);
		expect(most).toBeLessThanOrEqual(8);
	});
});

/** A store with one array whose document is given. */
function arrayStore(document: object, chunks: Record<string, Uint8Array> = {}) {
	const values = new Map([["/zarr.json", encodeJson(document)]]);
	for (const [key, value] of Object.entries(chunks)) values.set(`/${key}`, value);
	return memoryStore(values);
}

const plain = {
	zarr_format: 3,
	node_type: "array",
	shape: [4],
	data_type: "uint8",
	chunk_grid: { name: "regular", configuration: { chunk_shape: [2] } },
	chunk_key_encoding: { name: "default" },
	fill_value: 7,
	codecs: [{ name: "bytes" }],
	attributes: {},
};

describe("opening", () => {
	test("a missing chunk is its fill value", async () => {
		const array = await openArray(arrayStore(plain, { "c/1": Uint8Array.of(1, 2) }));
		expect([...(await array.read()).data]).toEqual([7, 7, 1, 2]);
		expect([...(await array.readChunk([0])).data]).toEqual([7, 7]);
	});

	test("codecs may be written by name alone, and unknown fields ignored where they say so", async () => {
		const store = arrayStore({ ...plain, codecs: ["bytes"], extra: { must_understand: false } });
		expect([...(await (await openArray(store)).read()).data]).toEqual([7, 7, 7, 7]);
	});

	test("v2 arrays, of either separator and order", async () => {
		const document = {
			zarr_format: 2,
			shape: [2, 3],
			chunks: [2, 2],
			dtype: ">i2",
			compressor: null,
			fill_value: -1,
			order: "F",
			filters: null,
		};
		const chunk = Uint8Array.of(0, 1, 0, 4, 0, 2, 0, 5);
		for (const [separator, key] of [
			[".", "/0.0"],
			["/", "/0/0"],
		] as const) {
			const store = memoryStore(
				new Map([
					[
						"/.zarray",
						encodeJson({ ...document, ...(separator === "/" ? { dimension_separator: "/" } : {}) }),
					],
					["/.zattrs", encodeJson({ _ARRAY_DIMENSIONS: ["y", "x"], unit: "counts" })],
					[key, chunk],
				]),
			);
			const array = await openArray(store);
			expect([...(await array.read()).data]).toEqual([1, 2, -1, 4, 5, -1]);
			expect(array.dimensionNames).toEqual(["y", "x"]);
			expect(array.attrs.unit).toBe("counts");
			expect(array.metadata.byteOrder).toBe("big");
			expect(array.chunkKey([0, 1])).toBe(separator === "/" ? "0/1" : "0.1");
		}
	});

	test("NaN written bare by Python is understood", async () => {
		const text = JSON.stringify({ ...plain, data_type: "float32", fill_value: "N" }).replace('"N"', "NaN");
		const store = memoryStore(new Map([["/zarr.json", new TextEncoder().encode(text)]]));
		expect((await (await openArray(store)).read()).data[0]).toBeNaN();
	});

	test("a plain Map is a store", async () => {
		const map = new Map([["/zarr.json", encodeJson(plain)]]);
		expect((await openArray(map)).shape).toEqual([4]);
		expect(await listKeys(map)).toEqual(["zarr.json"]);
	});

	test("an unknown store costs four requests, made at once", async () => {
		const asked: string[] = [];
		const store: ReadableStore = {
			get: async (key) => {
				asked.push(key);
				return undefined;
			},
		};
		await expect(openZarr(store, "/deep/er/")).rejects.toMatchObject({
			code: "not-zarr",
			where: "deep/er",
			message:
				"No Zarr array or group is here: looked for deep/er/zarr.json, deep/er/.zarray, deep/er/.zgroup.",
		});
		expect(asked.sort()).toEqual([
			"/deep/er/.zarray",
			"/deep/er/.zattrs",
			"/deep/er/.zgroup",
			"/deep/er/zarr.json",
		]);
	});

	test("says where the nodes are when the path is wrong", async () => {
		const store = memoryStore();
		await writeArray(store, "scale0/image", {
			data: new Uint8Array(1),
			shape: [1],
			chunks: [1],
			dtype: "uint8",
			codec: "none",
		});
		await expect(openZarr(store, "scale0/imag")).rejects.toMatchObject({
			remedy: "Nodes in this store: scale0/image.",
		});
		await expect(openZarr(memoryStore())).rejects.toMatchObject({
			remedy: "The store holds no Zarr metadata at all.",
		});
		const images = memoryStore(new Map([["/day 1/cells.tif", new Uint8Array(1)]]));
		await expect(openZarr(images)).rejects.toMatchObject({
			remedy: "The store holds no Zarr metadata, but files such as day 1/cells.tif: name one of them.",
		});
	});

	test("does not list a whole disk for a path that is wrong", async () => {
		let pages = 0;
		const disk: ReadableStore = {
			get: async () => undefined,
			async *pages() {
				for (; ; pages++) {
					yield { keys: Array.from({ length: 1000 }, (_, n) => `${pages}/${n}.txt`), prefixes: [] };
				}
			},
		};
		await expect(openZarr(disk)).rejects.toMatchObject({
			code: "not-zarr",
			remedy: expect.stringMatching(/among the first \d+ files here: name a folder further down/),
		});
		expect(pages).toBeLessThan(100);
	});

	test.each([
		[{ ...plain, codecs: [] }, /list of codecs is empty/],
		[{ ...plain, shape: [-1] }, /no list of lengths/],
		[{ ...plain, shape: "4" }, /no list of lengths/],
		[{ ...plain, chunk_grid: { name: "rectilinear" } }, /chunk grid/],
		[{ ...plain, chunk_key_encoding: { name: "fancy" } }, /key encoding/],
		[{ ...plain, extra: { a: 1 } }, /"extra" is unknown/],
		[{ ...plain, storage_transformers: [{}] }, /storage transformers/],
		[{ ...plain, shape: [4, 4] }, /different lengths/],
		[{ zarr_format: 4, node_type: "array" }, /neither an array nor a group/],
	])("refuses damaged metadata %#", async (document, message) => {
		await expect(openZarr(arrayStore(document))).rejects.toMatchObject({
			code: "bad-metadata",
			message: expect.stringMatching(message),
		});
	});

	test("refuses a document that is not JSON, by its key", async () => {
		const store = memoryStore(new Map([["/zarr.json", new TextEncoder().encode('{"zarr_format": 3,')]]));
		await expect(openZarr(store)).rejects.toMatchObject({ code: "bad-metadata", where: "zarr.json" });
	});

	test("tells arrays from groups", async () => {
		await expect(openGroup(arrayStore(plain))).rejects.toMatchObject({ code: "not-a-group" });
		const group = memoryStore(new Map([["/.zgroup", encodeJson({ zarr_format: 2 })]]));
		await expect(openArray(group)).rejects.toMatchObject({ code: "not-an-array" });
		expect((await openGroup(group)).zarrFormat).toBe(2);
	});
});

describe("bad chunks", () => {
	const gzipped = { ...plain, codecs: ["bytes", { name: "gzip", configuration: { level: 1 } }] };

	test.each([
		["too short", plain, Uint8Array.of(1)],
		["too long", plain, Uint8Array.of(1, 2, 3)],
		["not gzip", gzipped, Uint8Array.of(1, 2, 3)],
		["wrong checksum", { ...plain, codecs: ["bytes", "crc32c"] }, Uint8Array.of(1, 2, 0, 0, 0, 0)],
		[
			"no whole element",
			{ ...plain, data_type: "uint16", codecs: [{ name: "bytes", configuration: { endian: "little" } }] },
			Uint8Array.of(1),
		],
	])("%s: refused, naming the key", async (_, document, chunk) => {
		const array = await openArray(arrayStore(document, { "c/0": chunk }));
		await expect(array.read()).rejects.toMatchObject({ code: "bad-chunk", where: "c/0" });
	});

	test("an unknown codec is named, with those that are known", async () => {
		const array = await openArray(
			arrayStore({ ...plain, codecs: ["bytes", "brotli"] }, { "c/0": new Uint8Array(2) }),
		);
		await expect(array.read()).rejects.toMatchObject({
			code: "unknown-codec",
			message: 'No codec is called "brotli" here.',
			remedy: expect.stringContaining("blosc"),
		});
	});

	test("a type that cannot be read is named; its metadata can be", async () => {
		const array = await openArray(arrayStore({ ...plain, data_type: "complex64", fill_value: [0, 0] }));
		expect(array.dtype).toBe("complex64");
		await expect(array.read()).rejects.toMatchObject({ code: "unsupported-dtype" });
	});

	test.each([
		[[4], /index 4 is not on dim_0/],
		[[-5], /index -5/],
		[[0, 0], /2 axes are selected/],
		[[0.5], /index 0.5 is not a whole number/],
		[[[0.5, 2]], /whole numbers/],
	])("selection %j is refused", async (selection, message) => {
		const array = await openArray(arrayStore(plain));
		await expect(array.read(selection as never)).rejects.toMatchObject({
			code: "index-out-of-range",
			message: expect.stringMatching(message),
		});
	});

	test("a chunk outside the grid is refused", async () => {
		const array = await openArray(arrayStore(plain));
		await expect(array.readChunk([2])).rejects.toMatchObject({ code: "index-out-of-range" });
		expect(() => array.chunkKey([0, 0])).toThrow(expect.objectContaining({ code: "index-out-of-range" }));
	});
});

describe("shards", () => {
	const none = new Uint8Array(16).fill(255);
	const entry = (offset: number, length: number) =>
		new Uint8Array(BigUint64Array.of(BigInt(offset), BigInt(length)).buffer);
	const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
	const sharded = (indexLocation?: string) => ({
		...plain,
		chunk_grid: { name: "regular", configuration: { chunk_shape: [4] } },
		codecs: [
			{
				name: "sharding_indexed",
				configuration: {
					chunk_shape: [2],
					codecs: [{ name: "bytes" }],
					index_codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }],
					...(indexLocation ? { index_location: indexLocation } : {}),
				},
			},
		],
	});
	const index = (first: number) => appendCrc32c(join(none, entry(first, 2)));
	const atEnd = join(Uint8Array.of(8, 9), index(0));
	const atStart = join(index(36), Uint8Array.of(8, 9));

	test.each([
		[undefined, atEnd],
		["end", atEnd],
		["start", atStart],
	])("with the index at %s", async (location, shard) => {
		const store = arrayStore(sharded(location), { "c/0": shard });
		const array = await openArray(store);
		expect(array.chunks).toEqual([2]);
		expect(array.shards).toEqual([4]);
		expect(array.chunkKey([1])).toBe("c/0");
		expect([...(await array.read()).data]).toEqual([7, 7, 8, 9]);
		// Also from a store without ranges.
		const bare: ReadableStore = { get: (key) => store.get(key) };
		expect([...(await (await openArray(bare)).read()).data]).toEqual([7, 7, 8, 9]);
	});

	test("a damaged index or shard is noticed", async () => {
		const changed = atEnd.slice();
		changed[20] ^= 1;
		await expect((await openArray(arrayStore(sharded(), { "c/0": changed }))).read()).rejects.toMatchObject({
			code: "bad-chunk",
			message: expect.stringContaining("checksum"),
		});
		const far = join(Uint8Array.of(8, 9), index(1000));
		await expect((await openArray(arrayStore(sharded(), { "c/0": far }))).read()).rejects.toMatchObject({
			code: "bad-chunk",
		});
		await expect(
			(await openArray(arrayStore(sharded(), { "c/0": Uint8Array.of(1) }))).read(),
		).rejects.toMatchObject({
			code: "bad-chunk",
			message: expect.stringContaining("shorter than its index"),
		});
	});

	test("chunks that do not fill shards are refused", async () => {
		const document = sharded();
		document.codecs[0].configuration.chunk_shape = [3];
		await expect(openZarr(arrayStore(document))).rejects.toMatchObject({ code: "bad-metadata" });
	});
});

describe("groups", () => {
	const build = async () => {
		const store = memoryStore();
		await store.set("/zarr.json", encodeJson({ zarr_format: 3, node_type: "group", attributes: { a: [1] } }));
		await store.set("/inner/zarr.json", encodeJson({ zarr_format: 3, node_type: "group", attributes: {} }));
		for (const path of ["inner/image", "inner/image10", "inner/image9"]) {
			await writeArray(store, path, {
				data: new Uint16Array(6),
				shape: [2, 3],
				chunks: [2, 2],
				dtype: "uint16",
				codec: "none",
				dimensionNames: ["y", "x"],
			});
		}
		return store;
	};

	test("list their members in the order of numbers", async () => {
		const root = await openGroup(await build());
		expect(await root.members()).toEqual([{ name: "inner", kind: "group", path: "inner" }]);
		const inner = await root.openGroup("inner");
		expect((await inner.members()).map(({ path, kind }) => `${kind} ${path}`)).toEqual([
			"array inner/image",
			"array inner/image9",
			"array inner/image10",
		]);
		expect((await inner.openArray("image")).path).toBe("inner/image");
		expect(root.toString()).toContain("a: [1]");
	});

	test("without a listing, members come from consolidated or OME metadata", async () => {
		const store = await build();
		const silent: ReadableStore = { get: (key) => store.get(key) };
		expect(await (await openGroup(silent)).members()).toEqual([]);
		const withOme = {
			zarr_format: 3,
			node_type: "group",
			attributes: { ome: { version: "0.5", multiscales: [{ datasets: [{ path: "inner/image" }] }] } },
		};
		await store.set("/zarr.json", encodeJson(withOme));
		expect(await (await openGroup(silent)).members()).toEqual([
			{ name: "inner", kind: "group", path: "inner" },
		]);
		await store.set(
			"/zarr.json",
			encodeJson({
				zarr_format: 3,
				node_type: "group",
				attributes: {},
				consolidated_metadata: {
					kind: "inline",
					must_understand: false,
					metadata: { inner: {}, "inner/image": {} },
				},
			}),
		);
		expect(await (await openGroup(silent)).members()).toEqual([
			{ name: "inner", kind: "group", path: "inner" },
		]);
	});

	test("the tree shows groups, and arrays with shape, type and chunks", async () => {
		const shown = await tree(await build());
		expect(shown.toString().split("\n")).toEqual([
			"/",
			"└── inner",
			"    ├── image (2, 3) uint16, chunks (2, 2)",
			"    ├── image9 (2, 3) uint16, chunks (2, 2)",
			"    └── image10 (2, 3) uint16, chunks (2, 2)",
		]);
		expect(shown[displaySymbol]().kind).toBe("text");
	});
});

describe("what a reader sees", () => {
	test("an array says shape, chunks, codecs and fill value", async () => {
		const store = memoryStore();
		await writeArray(store, "a", {
			data: numbered("uint16", 200),
			shape: [10, 20],
			chunks: [5, 10],
			dtype: "uint16",
			codec: "blosc-lz4",
			dimensionNames: ["y", "x"],
		});
		const array = await openArray(store, "a");
		expect(array.toString().split("\n")).toEqual([
			"<ZarrArray 'a' (y: 10, x: 20)> uint16",
			"  Zarr format  3",
			"  Shape        (10, 20)  400 B",
			"  Chunk shape  (5, 10)  100 B",
			"  Chunks       4 = 2 × 2",
			"  Codecs       bytes (little) → blosc (lz4, 5, shuffle)",
			"  Fill value   0",
		]);
		const part = await array.read([null, [2, 12]]);
		expect(part.toString()).toMatch(/^<NdArray \(y: 10, x: 10\)> uint16, 200 B\n\[\[/);
		expect(part.plot()[displaySymbol]()).toMatchObject({ horizontal: { name: "x", first: 2, step: 1 } });
		expect((await array.read([3])).dims).toEqual(["x"]);
	});
});
