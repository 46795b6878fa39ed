/** Codecs and filters as zarr-python and numcodecs write them (tests/support/codec-samples.py). */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import type { StoreKey } from "../../src/lib/stores/store.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { readStrings } from "../../src/lib/zarr/strings.ts";

interface Sample {
	sha256: string;
	/** Documents as text or as they are, chunks in base64. */
	files: Record<string, string | Record<string, unknown>>;
}

const samples: Record<string, Sample> = JSON.parse(
	readFileSync(new URL("../support/codec-samples.json", import.meta.url), "utf8"),
);

async function storeOf(files: Sample["files"]) {
	const store = memoryStore();
	for (const [key, value] of Object.entries(files)) {
		const text = typeof value === "string" ? value : JSON.stringify(value);
		const bytes = Buffer.from(text, text.startsWith("{") ? "utf8" : "base64");
		await store.set(`/${key}` as StoreKey, new Uint8Array(bytes));
	}
	return store;
}

const document = (fields: Record<string, unknown>) => ({
	zarr_format: 3,
	node_type: "array",
	shape: [4],
	data_type: "int32",
	chunk_grid: { name: "regular", configuration: { chunk_shape: [4] } },
	chunk_key_encoding: { name: "default" },
	fill_value: 0,
	codecs: [{ name: "bytes", configuration: { endian: "little" } }],
	...fields,
});
const sixteen = Buffer.from(new Uint8Array(16)).toString("base64");

describe("arrays by zarr-python and numcodecs", () => {
	test.each(Object.entries(samples))("%s", async (_, { sha256, files }) => {
		const array = await openArray(await storeOf(files));
		const bytes = (await array.read()).toBytes();
		expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
	});
});

describe("refused, with a way out", () => {
	const bytes = { name: "bytes", configuration: { endian: "little" } };
	test.each<[string, Record<string, unknown>, string]>([
		["a compressor before the bytes", { codecs: [{ name: "zstd" }, bytes] }, "bad-metadata"],
		["two layouts of bytes", { codecs: [bytes, bytes] }, "bad-metadata"],
		[
			"no layout of bytes",
			{ codecs: [{ name: "transpose", configuration: { order: [0] } }] },
			"bad-metadata",
		],
		[
			"an order that is none",
			{ codecs: [{ name: "transpose", configuration: { order: [1] } }, bytes] },
			"bad-metadata",
		],
		["a codec that is not known", { codecs: [bytes, { name: "zfpy" }] }, "unknown-codec"],
		["a fill value out of range", { fill_value: 2 ** 40 }, "bad-metadata"],
		["complex numbers", { data_type: "complex64", fill_value: [0, 0] }, "unsupported-dtype"],
		["times", { data_type: { name: "numpy.datetime64", configuration: { unit: "s" } } }, "unsupported-dtype"],
		[
			"a delta of halves",
			{ codecs: [{ name: "numcodecs.delta", configuration: { dtype: "<f2" } }, bytes] },
			"unsupported-codec",
		],
	])("%s", async (_, fields, code) => {
		const array = await openArray(await storeOf({ "zarr.json": document(fields), "c/0": sixteen }));
		expect(array.shape).toEqual([4]);
		await expect(array.read()).rejects.toMatchObject({ code, remedy: expect.any(String) });
	});

	test("dimension names that are too few", async () => {
		const store = await storeOf({ "zarr.json": document({ dimension_names: ["y", "x"] }) });
		await expect(openArray(store)).rejects.toMatchObject({ code: "bad-metadata" });
	});

	test("a frame that says that it holds far more than the chunk", async () => {
		const frame = Buffer.from("28b52ffda0ffffff7f0100000000", "hex").toString("base64");
		const codecs = [bytes, { name: "zstd" }];
		const array = await openArray(await storeOf({ "zarr.json": document({ codecs }), "c/0": frame }));
		await expect(array.read()).rejects.toMatchObject({ code: "bad-chunk", where: "c/0" });
	});
});

test.each([2, 3])("LZMA of format %i, which has no decoder here", async (format) => {
	const store = await storeOf({
		".zarray": {
			zarr_format: 2,
			shape: [4],
			chunks: [4],
			dtype: "<i4",
			compressor: { id: "lzma", format, check: -1, preset: null, filters: null },
			fill_value: 0,
			filters: null,
			order: "C",
		},
		"0": sixteen,
	});
	await expect((await openArray(store)).read()).rejects.toMatchObject({
		code: "unsupported-codec",
		where: "0",
		message: expect.stringContaining(`format ${format}`),
		remedy: expect.stringContaining("format=1"),
	});
});

test("a stream that holds far more than the chunk", async () => {
	const bytes = { name: "bytes", configuration: { endian: "little" } };
	const bomb = gzipSync(new Uint8Array(64 << 20)).toString("base64");
	const codecs = [bytes, { name: "gzip" }];
	const array = await openArray(await storeOf({ "zarr.json": document({ codecs }), "c/0": bomb }));
	await expect(array.read()).rejects.toMatchObject({ code: "bad-chunk", where: "c/0" });
});

describe("text", () => {
	const fixed = {
		zarr_format: 2,
		shape: [3],
		chunks: [2],
		dtype: "<U2",
		compressor: null,
		fill_value: "",
		order: "C",
		filters: null,
	};
	const letters = Buffer.from(Uint32Array.of(97, 0, 233, 98).buffer).toString("base64");

	test("of a fixed length", async () => {
		const array = await openArray(await storeOf({ ".zarray": fixed, "0": letters }));
		expect(await readStrings(array)).toEqual({ data: ["a", "éb", ""], shape: [3] });
		await expect(array.read()).rejects.toMatchObject({ code: "unsupported-dtype" });
	});

	test("is not what numbers are", async () => {
		const array = await openArray(await storeOf({ "zarr.json": document({}), "c/0": sixteen }));
		await expect(readStrings(array)).rejects.toMatchObject({ code: "unsupported-dtype" });
	});
});
