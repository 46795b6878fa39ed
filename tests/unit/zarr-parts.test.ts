/** Elements of several numbers, what is told of arrays that cannot be read, and arrays far larger than what is stored. */
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { describeNode } from "../../src/lib/zarr/describe.ts";
import { openArray, openZarr } from "../../src/lib/zarr/open.ts";
import { readParts } from "../../src/lib/zarr/parts.ts";
import { standInV3 } from "../../src/lib/zarr/stand-in.ts";
import { readStrings } from "../../src/lib/zarr/strings.ts";

const bytesOf = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function v3(over: Record<string, unknown>) {
	return {
		zarr_format: 3,
		node_type: "array",
		shape: [3],
		data_type: "complex64",
		chunk_grid: { name: "regular", configuration: { chunk_shape: [2] } },
		chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
		fill_value: [1, "NaN"],
		codecs: [{ name: "bytes", configuration: { endian: "little" } }],
		...over,
	};
}

function v2(over: Record<string, unknown>) {
	return {
		zarr_format: 2,
		shape: [3],
		chunks: [2],
		dtype: ">c8",
		compressor: null,
		fill_value: null,
		order: "C",
		filters: null,
		...over,
	};
}

async function storeOf(entries: Record<string, unknown>) {
	const store = memoryStore();
	for (const [key, value] of Object.entries(entries)) {
		await store.set(`/${key}`, value instanceof Uint8Array ? value : json(value));
	}
	return store;
}

describe("complex numbers", () => {
	test("of v3, with an absent chunk, whole and in part", async () => {
		const codecs = [{ name: "bytes", configuration: { endian: "little" } }, { name: "gzip" }];
		const chunk = gzipSync(bytesOf(Float32Array.of(1, 2, 3, -4)));
		const store = await storeOf({ "zarr.json": v3({ codecs, dimension_names: ["x"] }), "c/0": chunk });
		const array = await openArray(store);
		const all = await readParts(array);
		expect([all.shape, all.dims, all.dtype, all.storedDtype]).toEqual([
			[3, 2],
			["x", "part"],
			"float32",
			"complex64",
		]);
		expect([...all.data]).toEqual([1, 2, 3, -4, 1, Number.NaN]);
		expect([...(await readParts(array, [1])).data]).toEqual([3, -4]);
		await expect(readParts(array, [0, 1])).rejects.toMatchObject({ code: "index-out-of-range" });
		await expect(array.read()).rejects.toMatchObject({ code: "unsupported-dtype", remedy: /readParts/ });
	});

	test("of v2, big-endian, and without axes", async () => {
		const chunk = bytesOf(Float32Array.of(1, 2, 3, -4)).slice();
		for (let at = 0; at < chunk.length; at += 4) chunk.subarray(at, at + 4).reverse();
		const store = await storeOf({ "a/.zarray": v2({}), "a/0": chunk });
		expect([...(await readParts(await openArray(store, "a"))).data]).toEqual([1, 2, 3, -4, 0, 0]);
		const scalar = v2({ shape: [], chunks: [], dtype: "<c16" });
		const other = await storeOf({ ".zarray": scalar, "0": bytesOf(Float64Array.of(0.5, -7)) });
		const read = await readParts(await openArray(other));
		expect([read.shape, [...read.data]]).toEqual([[2], [0.5, -7]]);
	});

	test("transposed, and in shards", async () => {
		const bytes = { name: "bytes", configuration: { endian: "little" } };
		const transpose = { name: "transpose", configuration: { order: [1, 0] } };
		const grid = { name: "regular", configuration: { chunk_shape: [2, 2] } };
		const turned = v3({ shape: [2, 2], chunk_grid: grid, codecs: [transpose, bytes] });
		const values = Float32Array.of(0, 10, 2, 12, 1, 11, 3, 13);
		const store = await storeOf({ "zarr.json": turned, "c/0/0": bytesOf(values) });
		expect([...(await readParts(await openArray(store))).data]).toEqual([0, 10, 1, 11, 2, 12, 3, 13]);

		const configuration = {
			chunk_shape: [1],
			codecs: [bytes],
			index_codecs: [bytes],
			index_location: "start",
		};
		const sharded = v3({ codecs: [{ name: "sharding_indexed", configuration }] });
		const none = 2n ** 64n - 1n;
		const index = BigUint64Array.of(none, none, 32n, 8n);
		const shard = new Uint8Array(40);
		shard.set(bytesOf(index));
		shard.set(bytesOf(Float32Array.of(5, 6)), 32);
		const other = await storeOf({ "zarr.json": sharded, "c/0": shard });
		expect([...(await readParts(await openArray(other))).data]).toEqual([1, NaN, 5, 6, 1, NaN]);
	});

	test("are refused where a codec takes them as single numbers", async () => {
		const store = await storeOf({
			"f/.zarray": v2({ shape: [2, 2], chunks: [2, 2], order: "F" }),
			"d/.zarray": v2({ filters: [{ id: "delta", dtype: "<c8" }] }),
			"b/zarr.json": v3({
				codecs: [{ name: "bitround", configuration: { keepbits: 3 } }, { name: "bytes" }],
			}),
			"n/zarr.json": v3({ data_type: "float32", fill_value: 0 }),
		});
		for (const path of ["f", "d", "b", "n"]) {
			await expect(readParts(await openArray(store, path))).rejects.toMatchObject({
				code: "unsupported-dtype",
			});
		}
	});
});

test("raw bits", async () => {
	const store = await storeOf({
		"a/zarr.json": v3({ data_type: "r16", fill_value: [7, 8], codecs: [{ name: "bytes" }] }),
		"a/c/0": Uint8Array.of(1, 2, 3, 4),
		"b/.zarray": v2({ dtype: "|V3", fill_value: "AQID" }),
	});
	expect([...(await readParts(await openArray(store, "a"))).data]).toEqual([1, 2, 3, 4, 7, 8]);
	expect([...(await readParts(await openArray(store, "b"))).data]).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
});

test("text of fixed length in v3", async () => {
	const utf32 = { name: "fixed_length_utf32", configuration: { length_bytes: 12 } };
	const nul = { name: "null_terminated_bytes", configuration: { length_bytes: 3 } };
	const big = [{ name: "bytes", configuration: { endian: "big" } }];
	const codes = new Uint8Array(24);
	const characters = ["n", "é", "\0", "😀"];
	for (const [i, c] of characters.entries())
		new DataView(codes.buffer).setUint32(4 * i, c.codePointAt(0) ?? 0);
	const store = await storeOf({
		"a/zarr.json": v3({ data_type: utf32, fill_value: "ab", codecs: big }),
		"a/c/0": codes,
		"b/zarr.json": v3({ data_type: nul, fill_value: "YQ==", codecs: [{ name: "bytes" }] }),
		"b/c/0": Uint8Array.of(0xc3, 0xa9, 0, 0xff, 0x41, 0x42),
		"c/zarr.json": v3({ data_type: utf32, fill_value: "", codecs: big }),
		"c/c/0": new Uint8Array(24).fill(0xff),
	});
	expect(await readStrings(await openArray(store, "a"))).toEqual({ data: ["né", "😀", "ab"], shape: [3] });
	expect((await readStrings(await openArray(store, "b"))).data).toEqual(["é", "ÿAB", "a"]);
	await expect(readStrings(await openArray(store, "c"))).rejects.toMatchObject({ code: "bad-chunk" });
});

describe("what is told of arrays that cannot be read", () => {
	const rectilinear = { name: "rectilinear", configuration: { kind: "inline", chunk_shapes: [[1, 2]] } };
	test.each<[string, object, object]>([
		["a rectilinear grid", { chunk_grid: rectilinear }, { shape: [3], chunks: undefined }],
		["an unknown field", { magic: { must_understand: true } }, { chunks: [2] }],
		["storage transformers", { storage_transformers: [{ name: "x" }] }, { chunks: [2] }],
	])("%s", async (_, over, expected) => {
		const store = await storeOf({ "zarr.json": v3({ data_type: "uint8", fill_value: 0, ...over }) });
		await expect(openZarr(store)).rejects.toMatchObject({ code: "bad-metadata" });
		const told = await describeNode(store);
		expect(told).toMatchObject({ kind: "array", zarrFormat: 3, path: "", shape: [3], dtype: "uint8" });
		expect(told).toMatchObject(expected);
		expect(told.problem).toMatchObject({ code: "bad-metadata" });
		expect(told.document).toMatchObject(over);
	});

	test("a stand-in keeps what is known, and names each field that is not", () => {
		const odd = v3({
			data_type: "uint8",
			fill_value: 0,
			chunk_grid: rectilinear,
			magic: 1,
			attributes: { a: 1 },
		});
		const found = standInV3(odd, "a");
		expect([...(found?.complaints.keys() ?? [])].sort()).toEqual(["chunk_grid", "magic"]);
		expect(found?.document).toMatchObject({ shape: [3], attributes: { a: 1 }, codecs: odd.codecs });
		expect(found?.document.chunk_grid).toMatchObject({ configuration: { chunk_shape: [3] } });
		expect(found?.document.magic).toBeUndefined();
		expect(standInV3(v3({ data_type: "uint8", fill_value: 0 }), "a")?.complaints.size).toBe(0);
		expect(standInV3(v3({ shape: "large" }), "a")).toBeUndefined();
	});

	test("other types, whole arrays and groups", async () => {
		const store = await storeOf({
			".zgroup": { zarr_format: 2 },
			".zattrs": { a: 1 },
			"t/.zarray": v2({ dtype: "<M8[ns]" }),
			"w/zarr.json": v3({ data_type: "uint8", fill_value: 0 }),
			"x/.zarray": v2({ dtype: "<u2", shape: "no" }),
			"y/zarr.json": { zarr_format: 3, node_type: "thing" },
		});
		expect(await describeNode(store)).toMatchObject({ kind: "group", zarrFormat: 2, attributes: { a: 1 } });
		expect((await describeNode(store, "t")).problem).toMatchObject({ code: "unsupported-dtype" });
		expect((await describeNode(store, "w")).problem).toBeUndefined();
		const x = await describeNode(store, "x");
		expect([x.dtype, x.shape, x.chunks, x.problem?.code]).toEqual(["uint16", undefined, [2], "bad-metadata"]);
		await expect(describeNode(store, "y")).rejects.toMatchObject({ code: "bad-metadata" });
		await expect(describeNode(store, "nothing")).rejects.toMatchObject({ code: "not-zarr" });
	});
});

test.each([2, 3])("an array of 10^18 elements with one chunk stored, Zarr %i", async (format) => {
	const n = 10 ** 6;
	const shape = [n, n, n];
	const grid = { name: "regular", configuration: { chunk_shape: [4, 4, 4] } };
	const store = await storeOf({
		...(format === 2
			? { ".zarray": v2({ shape, chunks: [4, 4, 4], dtype: "|u1", fill_value: 7 }) }
			: { "zarr.json": v3({ shape, chunk_grid: grid, data_type: "uint8", fill_value: 7 }) }),
		[format === 2 ? "125000.0.249999" : "c/125000/0/249999"]: new Uint8Array(64).fill(5),
	});
	const array = await openArray(store);
	expect(array.chunkCount).toBe(250_000 ** 3);
	const part = await array.read([[499_999, 500_001], [3, 5], 999_999]);
	expect([...part.data]).toEqual([7, 7, 5, 7]);
	await expect(array.read()).rejects.toMatchObject({ code: "too-large" });
});
