/** What is inside a chunk: the steps to the store by the library's codecs, and its bytes field by field. */
import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { memoryStore, SpatialImage, toMultiscale, toNgffZarr } from "../../src/lib/index.ts";
import { n5Fields, shardIndexFields, zstdFields } from "../../src/lib/plan/byte-fields.ts";
import { chunkCodec, measureCodec } from "../../src/lib/plan/chunk-codec.ts";
import { sampleChunk } from "../../src/lib/plan/chunk-sample.ts";
import { chunkSteps, entropyOf } from "../../src/lib/plan/chunk-steps.ts";
import {
	chunkSettings,
	givenChunk,
	type InsideChunkOptions,
	insideChunk,
} from "../../src/lib/plan/inside-chunk.ts";
import type { DataType } from "../../src/lib/types.ts";

const small = {
	values: Uint16Array.from({ length: 2 * 64 * 64 }, (_, i) => 256 + (i % 7)),
	shape: [2, 64, 64],
};

async function stepsOf(
	options: InsideChunkOptions,
	given: { values: never[] | Uint16Array | Float32Array; shape: number[] } = small,
) {
	const chunk = givenChunk(given);
	if (!chunk) throw new Error("no chunk");
	return chunkSteps(chunk, chunkSettings(options, chunk.dtype));
}

const fieldsOf = async (options: InsideChunkOptions, name: string) => {
	const form = (await stepsOf(options)).forms.find((f) => f.name === name);
	if (!form) throw new Error(`no form ${name}`);
	return Object.fromEntries(form.fields.map(({ label, value }) => [label, value]));
};

describe("the steps of a chunk", () => {
	it("keep the bytes until the compressor, and give the values back", async () => {
		for (const codec of ["none", "blosc-lz4", "blosc-zstd", "zstd", "gzip"] as const) {
			for (const filter of ["none", "delta"] as const) {
				const { steps, restored } = await stepsOf({ codec, filter });
				expect(restored, `${codec} ${filter}`).toBe(true);
				expect(steps.slice(0, 3).map(({ bytes }) => bytes)).toEqual([16384, 16384, 16384]);
				if (codec === "none") expect(steps[3].bytes).toBe(16384);
				else expect(steps[3].bytes).toBeLessThan(8192);
			}
		}
	});

	it("show the elements little-endian, then all low bytes before all high ones", async () => {
		const { steps } = await stepsOf({});
		const [values, , shuffled] = steps;
		expect(values.numbers).toEqual(["256", "257", "258", "259", "260", "261", "262", "256"]);
		expect([...values.rows[0].bytes.subarray(0, 6)]).toEqual([0, 1, 1, 1, 2, 1]);
		expect(values.rows[0].places?.slice(0, 4)).toEqual([0, 1, 0, 1]);
		expect(shuffled.rows.map(({ offset }) => offset)).toEqual([0, 8192]);
		expect([...shuffled.rows[0].bytes.subarray(0, 8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 0]);
		expect(new Set(shuffled.rows[1].bytes)).toEqual(new Set([1]));
		expect(shuffled.rows.map(({ places }) => places?.[5])).toEqual([0, 1]);
	});

	it("shuffle by block as the frame says, so that unpacking each block gives the elements", async () => {
		const length = 3 * 128 * 1024;
		const { steps } = await stepsOf(
			{ codec: "blosc-lz4" },
			{ values: Uint16Array.from({ length }, (_, i) => i % 1000), shape: [3, 128, 1024] },
		);
		// A block has 128 × 1024 elements: its high bytes begin in its second half, not in the chunk's.
		expect(steps[2].rows[1].offset).toBe(128 * 1024);
	});

	it("are differences after the delta filter", async () => {
		const { steps } = await stepsOf({ filter: "delta" });
		expect(steps[1].active).toBe(true);
		expect(steps[1].numbers?.slice(0, 4)).toEqual(["256", "1", "1", "1"]);
	});

	it("leave out what does not go together", () => {
		expect(chunkSettings({ codec: "gzip", shuffle: "shuffle" }, "uint16")).toEqual({
			codec: "gzip",
			level: 5,
			shuffle: "noshuffle",
			filter: "none",
		});
		expect(chunkSettings({ filter: "delta" }, "float32").filter).toBe("none");
		expect(chunkSettings({}, "uint8").shuffle).toBe("noshuffle");
		expect(chunkSettings({ codec: "none" }, "uint16").level).toBe(0);
		expect(() => chunkSettings({ codec: "zstd", level: 40 }, "uint16")).toThrow("no compression level 40");
		expect(() => chunkSettings({ codec: "brotli" as never }, "uint16")).toThrow("no codec");
	});

	it("shuffling helps the sample, and a higher level does not always", async () => {
		const chunk = await sampleChunk();
		expect(chunk).toMatchObject({ shape: [32, 64, 64], dtype: "uint16" });
		const stored = async (options: InsideChunkOptions) =>
			(await chunkSteps(chunk, chunkSettings(options, "uint16"))).steps[3].bytes;
		expect(await stored({ shuffle: "shuffle" })).toBeLessThan(0.8 * (await stored({ shuffle: "noshuffle" })));
		expect(await stored({ codec: "blosc-zstd" })).toBeLessThan(await stored({ codec: "blosc-lz4" }));
	});

	it("are the very bytes that the library stores", async () => {
		const store = memoryStore();
		const image = new SpatialImage({ dims: ["z", "y", "x"], shape: small.shape, data: small.values });
		const multiscale = await toMultiscale(image, [], { chunks: { z: 2, y: 64, x: 64 } });
		await toNgffZarr(store, multiscale, { codec: "blosc-lz4" });
		const codec = await chunkCodec(chunkSettings({}, "uint16"), "uint16", small.shape);
		const written = await store.get("/scale0/image/c/0/0/0");
		expect(written).toBeDefined();
		expect(await codec.encode(small.values)).toEqual(written);
	});
});

describe("fields", () => {
	it("of an N5 block are big-endian, the fastest axis first (FORMATS: 0000 0003 00000002 …)", async () => {
		const { forms } = await stepsOf({ codec: "none" }, { values: new Uint16Array(24), shape: [2, 3, 4] });
		const n5 = forms[1];
		expect([...n5.row.bytes.subarray(0, 16)]).toEqual([0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 2]);
		expect(n5.fields.map(({ label, value, offset }) => [offset, label, value])).toEqual([
			[0, "mode", "0: whole"],
			[2, "number of axes", "3"],
			[4, "size along x", "4"],
			[8, "size along y", "3"],
			[12, "size along z", "2"],
		]);
		expect(n5.bytes).toBe(16 + 48);
		expect(() => n5Fields(Uint8Array.of(0, 0, 0, 3, 0), ["z", "y", "x"])).toThrow("ends within its header");
	});

	it("of a shard's index are 16 bytes a chunk and a checksum, at its end", async () => {
		const { forms } = await stepsOf({});
		const [, , shard] = forms;
		expect(shard.row.bytes.length).toBe(16 * 8 + 4);
		expect(shard.row.offset + shard.row.bytes.length).toBe(shard.bytes);
		expect(shard.fields).toHaveLength(9);
		expect(shard.fields[0].value).toMatch(/^[\d\u202f]+ B at byte 0$/);
		// One after the other: each begins where the one before ends, the index after the last.
		let end = 0;
		for (const { value } of shard.fields.slice(0, 8)) {
			const [length, at] = value.replaceAll("\u202f", "").match(/\d+/g)?.map(Number) ?? [];
			expect(at).toBe(end);
			end += length;
		}
		expect(end).toBe(shard.row.offset);
		expect(shard.fields[7].label).toBe("chunk (1, 1, 1)");
		expect(shard.fields[8].value).toMatch(/: it fits$/);
		const damaged = shard.row.bytes.slice();
		damaged[3] ^= 1;
		expect(shardIndexFields(damaged, [2, 2, 2])[8].value).toMatch(/does not fit$/);
		const empty = new Uint8Array(36).fill(255);
		expect(
			shardIndexFields(empty, [2])
				.slice(0, 2)
				.map(({ value }) => value),
		).toEqual(["not stored", "not stored"]);
		expect(() => shardIndexFields(empty, [3])).toThrow("52 bytes and not 36");
	});

	it("of a Blosc frame say compressor, shuffle and sizes", async () => {
		const fields = await fieldsOf({ codec: "blosc-zstd" }, "zarr");
		expect(fields).toMatchObject({
			"bytes of an element": "2",
			"bytes, decompressed": "16\u202f384",
			flags: "10010001: Zstandard, bytes shuffled",
			"where block 0 begins": "byte 20",
		});
		const { forms, steps } = await stepsOf({ codec: "blosc-zstd" });
		expect(fields["bytes of the frame"].replace("\u202f", "")).toBe(String(steps[3].bytes));
		expect(forms[0].bytes).toBe(steps[3].bytes);
	});

	it("of gzip and Zstandard name their magic numbers", async () => {
		expect(await fieldsOf({ codec: "gzip" }, "zarr")).toMatchObject({
			"magic number": "gzip",
			method: "8: deflate",
		});
		expect(await fieldsOf({ codec: "zstd" }, "zarr")).toMatchObject({ "magic number": "Zstandard" });
		expect(await fieldsOf({ codec: "none" }, "zarr")).toEqual({});
		expect(() => zstdFields(new Uint8Array(16))).toThrow(RangeError);
	});
});

describe("pictures of bytes", () => {
	it("are PNG files of the planes", async () => {
		const { pictures } = await stepsOf({});
		expect(pictures.map(({ place, width, height, range }) => [place, width, height, range])).toEqual([
			[undefined, 128, 64, [0, 6]],
			[0, 64, 64, [0, 6]],
			[1, 64, 64, [1, 1]],
		]);
		const { png } = pictures[0];
		const view = new DataView(png.buffer);
		const at = png.findIndex((_, i) => view.getUint32(Math.min(i, png.length - 4)) === 0x49444154);
		const rows = inflateSync(png.subarray(at + 4, at + 4 + view.getUint32(at - 4)));
		expect(rows.length).toBe(64 * 129);
	});
});

describe("measuring", () => {
	it("gives sizes and the mean time of the runs after the first", async () => {
		const chunk = givenChunk(small);
		if (!chunk) throw new Error("no chunk");
		// The first run of each takes 100 ms, the others 10.
		let clock = 0;
		const now = () => {
			clock++;
			return clock <= 2 ? 100 * (clock - 1) : 100 + 10 * (clock - 3);
		};
		const measured = await measureCodec([chunk, chunk], chunkSettings({}, "uint16"), { least: 30, now });
		expect(measured.bytes).toBe(32768);
		expect(measured.stored).toBeLessThan(16384);
		expect(measured.encode).toBe(10);
		// A codec as slow as this is not run again.
		let slow = 0;
		const once = await measureCodec([chunk], chunkSettings({}, "uint16"), {
			least: 30,
			now: () => 1000 * slow++,
		});
		expect([once.encode, once.decode, slow]).toEqual([1000, 1000, 4]);
	});

	it("counts entropy", () => {
		expect(entropyOf(new Uint8Array(64))).toBe(0);
		expect(entropyOf(Uint8Array.from({ length: 256 }, (_, i) => i))).toBe(8);
	});
});

describe("insideChunk", () => {
	it("takes an image's middle, or the sample where nothing is given", () => {
		const data = new Uint16Array(40 * 100 * 100);
		const { props, figure } = insideChunk({ data, shape: [40, 100, 100] });
		expect(figure).toBe("inside-chunk");
		expect(props.shape).toEqual([32, 64, 64]);
		expect(insideChunk().props).toEqual({});
		const list = insideChunk({ values: [1, 2, 3, 4], shape: [2, 2] }, { codec: "gzip" });
		expect(list.props).toMatchObject({ shape: [2, 2], dtype: "uint16" as DataType, codec: "gzip" });
	});

	it("says what is wrong", () => {
		expect(() => givenChunk({ values: [1, 2], shape: [3] })).toThrow("needs 3 elements and 2 are given");
		expect(() => givenChunk({ values: [1, 2] })).toThrow("is not a list of lengths");
		expect(() => insideChunk({ data: new Uint8Array(4), shape: [5] })).toThrow("do not make an image");
		expect(() =>
			insideChunk({ data: new Uint8Array(4), shape: [2, 2] }, { codec: "zstd", level: 99 }),
		).toThrow();
	});
});
