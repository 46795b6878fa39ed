import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { Multiscale } from "../../src/lib/multiscale/multiscale.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import type { N5Array } from "../../src/lib/n5/array.ts";
import { n5CodecNames } from "../../src/lib/n5/compression.ts";
import { n5Info } from "../../src/lib/n5/info.ts";
import { decodeLz4Stream, encodeLz4Stream } from "../../src/lib/n5/lz4-stream.ts";
import { readN5Images } from "../../src/lib/n5/multiscales.ts";
import { isN5, type N5Group, openN5 } from "../../src/lib/n5/open.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { xxhash32 } from "../../src/lib/n5/xxhash32.ts";
import { readLevel } from "../../src/lib/ngff/multiscales.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import type { StoreKey } from "../../src/lib/stores/store.ts";
import { dataTypes, itemSize, product, viewAs } from "../../src/lib/types.ts";

const text = (document: unknown) => new TextEncoder().encode(JSON.stringify(document));
const base64 = (encoded: string) => new Uint8Array(Buffer.from(encoded, "base64"));

/** Runs of 4, 7, 255, 259 and 1,000 equal bytes, and pairs. */
const runs = new Uint8Array(4000).fill(255);
runs.set([
	...new Uint8Array(1000),
	...new Uint8Array(4 + 255 + 3).fill(1),
	...new Uint8Array(259).fill(2),
	...Array.from({ length: 478 }, (_, i) => (i % 2 ? 98 : 97)),
]);

/** Bytes i mod 251, by Python's lzma (with CRC-64, as Java has it) and bz2, and by lz4-java; RUNS are the runs above. */
const XZ =
	"/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4A+fAPxdAAAAUlAKhPmbsoAhqWnWJ+A+BlpfBI1T1AS6OVcFCcFVJN6duHFZMWChn/lvSXPyyOqMuhqLKWkhgP4zg2avRm3snomKC4PwPA6Jjj/tX+eekNkc/zL0suA5UbLSFBW0xXG62wbjeZqfuzjBsACskwuqBhkDEggVW5vISPAyLv4toIfI8KTg0lHrjWdWkrJNhMXxhjHfamJbwnkt2fc8c7p0dAfYPKlWIiShZvhahF8wZ9L2S0kufyDr2/gQDpR4d8c/a++0zZXib/ZEbgbPC4Iay9t68FeNmP+QwD7mwRJBde4DnqjoegSV0b7AfmdyeuC6vVn/y92zEw5lAADd7ODdgIvi2AABmAKgHwAA2+6xErHEZ/sCAAAAAARZWg==";
const BZIP2 =
	"QlpoMTFBWSZTWYjnRE4AAAf////////////////////////////////////////////wUAM+AAAB5AAAAAAAAAAAAAAAAAAAAAGmgAAAAAAAAAAAAAAAAAAAGhAAAAAAAAAAAAAAAAAAAAAGmgAAAAAAAAAAAAAAAAAAAGhAAAAAAAAAAAAAAAAAAAAAGmgAAAAAAAAAAAAAAAAAAAGhL/1UmJgJgAAAAAACZMAAAAAAAAAJgmIyYTAAAAAAAAIwAAAAEwjTAjEaMCqlVGAATAAAAAAAATATAAACMAAAAJpk0wACYAAAAAAAAE0YAAAIwJiGmPnCEPT9YRAIiESCJhFAioRYIuEYCMhGgjYRwI6H2BHgj4SAJCEiCRhJAkoSYJOEoCUhKglYSwJaEuCXhMAmITIJmE0CahNgm4TgJyE6CdhPAnoT4J+FACghQgoYUQKKFGCjhSApIUoKWFMCmhTg+0KeFQCohUgqYVQKqH3BVgq4VgKyFaCthXAroV4K+FgCwhYgsYWQLKFmCzhaAtIWoLWH3h+AWwLaFuC3hcAuIXILmF0C6hdgu4XgLyF6C9hfAvoX4L+GADAhggwYYQMKGGDDh+IYgPyDEhig/MMWH6BjAxoY4MeGQDIhkgyYZQMqGWDLhmAzIfqGaDNhnAzoZ4M+GgDQhog0YaQNKGmDThqA1IaoNWGsDWhrg14bANiGyDZhtA2obYNuG4Dchug3YbwN6G+DfhwA4IcIOGHEDihxg44cgOSHKDlhzA5oc4OeH7B0A/cP4Doh0g6YdQOqHWDrh2A7IdoO2HcDuh3g74eAPCHiDxh5A8oeYPOH8h/QegPSHohCHqhCHrhCHshCHthCH9whD3AAdwAHeAB4AAfwAD+gAeIAH+AA/4AHkAB5i7kinChIRHOiJwA=";
const RUNS =
	"QlpoOTFBWSZTWRelRc0AAAHBA/gAMAAEAACAAAigAFRHqDQBFR6I0Y92BWgmWNM5tl4Ki4qi+gVcVMC/F3JFOFCQF6VFzQ==";
const LZ4 =
	"TFo0QmxvY2smFAEAAKAPAAAz0A8G/+wAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9gYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoOEhYaHiImKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7y9vr/AwcLDxMXGx8jJysvMzc7P0NHS09TV1tfY2drb3N3e3+Dh4uPk5ebn6Onq6+zt7u/w8fLz9PX29/j5+vsA//////////////////+bUObn6OnqTFo0QmxvY2sWAAAAAAAAAAAAAAAA";

/** A container in memory: attributes as objects, blocks as bytes. */
function container(values: Record<string, Uint8Array | object>) {
	const store = memoryStore();
	for (const [key, value] of Object.entries(values)) {
		store.set(`/${key}` as StoreKey, value instanceof Uint8Array ? value : text(value));
	}
	return store;
}

/** A block: mode, sizes fastest axis first, then elements as they are. */
function block(mode: number, sizes: number[], body: Uint8Array, elements?: number): Uint8Array {
	const words = [...sizes, ...(elements === undefined ? [] : [elements])];
	const bytes = Buffer.alloc(4 + 4 * words.length);
	bytes.writeUInt16BE(mode, 0);
	bytes.writeUInt16BE(sizes.length, 2);
	words.forEach((word, i) => {
		bytes.writeUInt32BE(word, 4 + 4 * i);
	});
	return new Uint8Array(Buffer.concat([bytes, body]));
}

const array = async (store: Parameters<typeof openN5>[0], path = "") =>
	(await openN5(store, path)) as N5Array;
const values = async (store: Parameters<typeof openN5>[0], path = "") =>
	[...(await (await array(store, path)).read()).data].map(Number);

const line = { dimensions: [4], blockSize: [4], dataType: "uint8" };

describe("reading N5", () => {
	test("block sizes as the headers give them: cropped, padded, absent", async () => {
		const store = container({
			"attributes.json": {
				...line,
				dimensions: [3, 3],
				blockSize: [2, 2],
				dataType: "int16",
				compression: { type: "raw" },
			},
			// x 0..1, y 0..1
			"0/0": block(0, [2, 2], Uint8Array.of(0, 1, 0, 2, 0, 3, 255, 255)),
			// cropped to one column
			"1/0": block(0, [1, 2], Uint8Array.of(0, 5, 1, 0)),
			// padded
			"0/1": block(0, [2, 2], Uint8Array.of(0, 7, 0, 8, 0, 99, 0, 99)),
		});
		const found = await array(store);
		expect([found.shape, found.chunks, found.dtype, found.chunkCount]).toEqual([[3, 3], [2, 2], "int16", 4]);
		expect(found.chunkKey([0, 1])).toBe("1/0");
		expect(await values(store)).toEqual([1, 2, 5, 3, -1, 256, 7, 8, 0]);
		expect([...(await found.readChunk([0, 1])).data]).toEqual([5, 0, 256, 0]);
		expect([...(await found.read([1, [1, 3]])).data]).toEqual([-1, 256]);
		expect(found.toString()).toBe(
			"<N5Array '' (dim_0: 3, dim_1: 3)> int16\n  Shape        (3, 3)  18 B\n" +
				"  Chunk shape  (2, 2)  8 B\n  Chunks       4 = 2 × 2\n  Codecs       raw\n  Fill value   0",
		);
	});

	test("the varlength mode, where it holds a picture", async () => {
		const attributes = { ...line, compression: { type: "raw" } };
		const good = container({
			"attributes.json": attributes,
			"0": block(1, [4], Uint8Array.of(1, 2, 3, 4), 4),
		});
		expect(await values(good)).toEqual([1, 2, 3, 4]);
		const other = container({ "attributes.json": attributes, "0": block(1, [4], Uint8Array.of(1, 2), 2) });
		await expect(values(other)).rejects.toMatchObject({ code: "unsupported-block", where: "0" });
	});

	test("old forms of attributes, and none at all", async () => {
		const bytes = Uint8Array.of(1, 2, 3, 4);
		const store = container({
			"attributes.json": { n5: "1.0.0" },
			"old/attributes.json": { ...line, compressionType: "gzip" },
			"old/0": block(0, [4], gzipSync(bytes)),
			"oldest/attributes.json": line,
			"oldest/0": block(0, [4], bytes),
			"zlib/attributes.json": { ...line, compression: { type: "gzip", level: -1, useZlib: true } },
			"zlib/0": block(0, [4], deflateSync(bytes)),
			"a/b/c/attributes.json": { ...line, compression: { type: "raw" }, user: { note: "kept" } },
		});
		for (const path of ["old", "oldest", "zlib"]) expect(await values(store, path)).toEqual([1, 2, 3, 4]);
		expect(await values(store, "a/b/c")).toEqual([0, 0, 0, 0]);
		expect((await array(store, "a/b/c")).attrs).toEqual({ user: { note: "kept" } });
		const group = (await openN5(store, "a")) as N5Group;
		expect([group.kind, await group.members()]).toEqual([
			"group",
			[{ name: "b", path: "a/b", kind: "group" }],
		]);
		expect((await group.open("b/c")).kind).toBe("array");
		expect(await isN5(store, "a")).toBe(true);
		expect(await isN5(container({ "zarr.json": {} }))).toBe(false);
		const info = await n5Info(store);
		expect([info.version, info.images.map((image) => image.path)]).toEqual([
			"1.0.0",
			["a/b/c", "old", "oldest", "zlib"],
		]);
		await expect(openN5(store, "nowhere")).rejects.toMatchObject({ code: "not-n5" });
	});

	test("what other programs compressed", async () => {
		// 4,000 bytes: 0, 1, …, 250, 0, 1, …
		const plain = Uint8Array.from({ length: 4000 }, (_, i) => i % 251);
		const packed: [object, Uint8Array][] = [
			[{ type: "xz", preset: 6 }, base64(XZ)],
			[{ type: "bzip2", blockSize: 1 }, base64(BZIP2)],
			[{ type: "bzip2", blockSize: 9 }, base64(RUNS)],
			[{ type: "zstd", level: 3 }, zstdCompressSync(plain)],
			[{ type: "lz4", blockSize: 65536 }, base64(LZ4)],
		];
		for (const [compression, bytes] of packed) {
			const store = container({
				"attributes.json": { dimensions: [4000], blockSize: [4000], dataType: "uint8", compression },
				"0": block(0, [4000], bytes),
			});
			const expected = bytes.length === base64(RUNS).length ? runs : plain;
			expect([
				compression,
				Buffer.from((await (await array(store)).read()).toBytes()).equals(expected),
			]).toEqual([compression, true]);
		}
	});

	test("damage and what is not supported, in words", async () => {
		const raw = { ...line, compression: { type: "raw" } };
		const cases: [object, Uint8Array | undefined, string][] = [
			[raw, Uint8Array.of(0), "bad-chunk"],
			[raw, block(0, [4], Uint8Array.of(1)), "bad-chunk"],
			[raw, block(0, [5], new Uint8Array(5)), "bad-chunk"],
			[raw, block(0, [2, 2], new Uint8Array(4)), "bad-chunk"],
			[raw, block(7, [4], new Uint8Array(4)), "bad-chunk"],
			[raw, block(2, [], new Uint8Array(4)), "unsupported-block"],
			[{ ...line, compression: { type: "jpeg" } }, block(0, [4], new Uint8Array(4)), "unknown-codec"],
			[{ ...raw, dataType: "string" }, undefined, "unsupported-dtype"],
			[{ ...raw, dimensions: [4, 4] }, undefined, "bad-metadata"],
			[{ ...raw, blockSize: [0] }, undefined, "bad-metadata"],
			[{ ...raw, dimensions: [2 ** 33], blockSize: [2 ** 32] }, undefined, "bad-metadata"],
			[{ ...raw, shardSize: [8] }, undefined, "unknown-codec"],
			...["gzip", "bzip2", "xz", "lz4", "blosc", "zstd"].map((type): [object, Uint8Array, string] => [
				{ ...line, compression: { type } },
				block(
					0,
					[4],
					Uint8Array.from({ length: 40 }, (_, i) => i),
				),
				"bad-chunk",
			]),
			// More than the block says.
			[
				{ ...line, compression: { type: "zstd" } },
				block(0, [4], zstdCompressSync(new Uint8Array(1e8))),
				"bad-chunk",
			],
			[{ ...line, compression: { type: "gzip" } }, block(0, [4], gzipSync(new Uint8Array(1e6))), "bad-chunk"],
			[
				{ ...line, compression: { type: "lz4" } },
				block(0, [4], encodeLz4Stream(new Uint8Array(9), 64)),
				"bad-chunk",
			],
			[{ ...line, compression: { type: "xz" } }, block(0, [4], base64(XZ)), "bad-chunk"],
		];
		for (const [attributes, bytes, code] of cases) {
			const store = container({ "attributes.json": attributes, ...(bytes ? { "0": bytes } : {}) });
			const error = await values(store).catch((thrown: unknown) => thrown);
			expect([attributes, (error as { code?: string }).code]).toEqual([attributes, code]);
			expect((error as { remedy: string }).remedy.length).toBeGreaterThan(10);
		}
		for (const at of [30, 100]) {
			const damaged = base64(BZIP2);
			damaged[at] ^= 1;
			const store = container({
				"attributes.json": { ...line, dimensions: [4000], blockSize: [4000], compression: { type: "bzip2" } },
				"0": block(0, [4000], damaged),
			});
			await expect(values(store)).rejects.toMatchObject({ code: "bad-chunk", where: "0" });
		}
	});
});

describe("multiscale metadata", () => {
	const data = (size: number[]) => ({
		dimensions: size,
		blockSize: [4, 4, 4],
		dataType: "uint8",
		compression: { type: "raw" },
	});

	test("n5-viewer, with channels", async () => {
		const store = container({
			"attributes.json": {
				n5: "2.0.0",
				scales: [
					[1, 1, 1],
					[2, 2, 1],
				],
				pixelResolution: { unit: "um", dimensions: [0.1, 0.2, 0.5] },
			},
			"c0/s0/attributes.json": data([8, 6, 4]),
			"c0/s1/attributes.json": data([4, 3, 4]),
			"c1/s0/attributes.json": { ...data([8, 6, 4]), downsamplingFactors: [1, 1, 1] },
			"c1/s1/attributes.json": { ...data([4, 3, 4]), downsamplingFactors: [2, 2, 1] },
		});
		const { images } = await n5Info(store);
		expect(images.map((image) => image.path)).toEqual(["c0", "c1"]);
		for (const image of images) {
			expect(image.axes).toEqual(
				["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" })),
			);
			expect(image.levels.map(({ shape, scale, translation }) => [shape, scale, translation])).toEqual([
				[
					[4, 6, 8],
					[0.5, 0.2, 0.1],
					[0, 0, 0],
				],
				[
					[4, 3, 4],
					[0.5, 0.4, 0.2],
					[0, 0.1, 0.05],
				],
			]);
		}
		// Without listing, from the names that these images have.
		const remote = { get: (key: StoreKey) => store.get(key) };
		expect((await n5Info(remote)).images.map((image) => image.levels.length)).toEqual([2, 2]);
	});

	test("bdv.n5", async () => {
		const store = container({
			"attributes.json": { n5: "1.0.0" },
			"setup00/attributes.json": {
				downsamplingFactors: [
					[1, 1, 1],
					[4, 4, 2],
				],
				dataType: "uint8",
			},
			"setup00/timepoint00000/attributes.json": { multiScale: true, resolution: [1, 1, 3] },
			"setup00/timepoint00000/s0/attributes.json": data([8, 8, 8]),
			"setup00/timepoint00000/s1/attributes.json": data([2, 2, 4]),
		});
		const [image, ...others] = (await n5Info(store)).images;
		expect([image.path, others]).toEqual(["setup00/timepoint00000", []]);
		const remote = { get: (key: StoreKey) => store.get(key) };
		expect((await n5Info(remote)).images).toEqual([image]);
		expect(image.levels.map((level) => [level.scale, level.translation])).toEqual([
			[
				[3, 1, 1],
				[0, 0, 0],
			],
			[
				[6, 4, 4],
				[1.5, 1.5, 1.5],
			],
		]);
	});

	test("COSEM, in C and in F order", async () => {
		const transform = {
			axes: ["z", "y", "x"],
			units: ["nm", "nm", "nm"],
			scale: [6, 5, 4],
			translate: [3, 2, 1],
		};
		const turned = {
			order: "F",
			...Object.fromEntries(Object.entries(transform).map(([key, list]) => [key, [...list].reverse()])),
		};
		for (const written of [transform, turned]) {
			const store = container({
				"em/attributes.json": {
					multiscales: [{ name: "em", datasets: [{ path: "s0", transform: written }] }],
				},
				"em/s0/attributes.json": data([4, 4, 4]),
				"alone/attributes.json": { ...data([4, 4, 4]), transform: written },
			});
			for (const image of (await n5Info(store)).images) {
				expect(image.axes[0]).toEqual({ name: "z", type: "space", unit: "nanometer" });
				expect(image.levels[0]).toMatchObject({ scale: [6, 5, 4], translation: [3, 2, 1] });
			}
		}
	});
});

describe("writing N5", () => {
	const pyramid = () => {
		const shape = [5, 9, 12];
		const image = toSpatialImage(
			{ data: Uint16Array.from({ length: product(shape) }, (_, i) => 37 * i), shape },
			{
				dims: ["z", "y", "x"],
				scale: { z: 2, y: 0.5, x: 0.25 },
				translation: { z: 1, y: -3, x: 0 },
				units: { z: "micrometer", y: "micrometer", x: "micrometer" },
				name: "cells",
				attrs: { stain: "DAPI", dimensions: [1], compressionType: "xz", shardSize: [1] },
			},
		);
		return toMultiscale(image, [2], { chunks: 4 });
	};

	test("is read again as it was, with coordinates in world units", async () => {
		const store = memoryStore();
		const multiscale = await pyramid();
		const progress: number[] = [];
		const report = await toN5(store, multiscale, { onProgress: ({ done }) => progress.push(done) });
		expect(report.toString()).toMatch(/^20 chunks/);
		expect([report.codec, report.objects, progress.at(-1)]).toEqual(["gzip", 23, 20]);
		expect(await listKeys(store)).toHaveLength(23);
		// Fastest axis first, and cropped: 12 = 3 × 4, 9 = 2 × 4 + 1, 5 = 4 + 1.
		expect([...((await store.get("/s0/2/2/1")) as Uint8Array).subarray(0, 16)]).toEqual([
			...block(0, [4, 1, 1], new Uint8Array()),
		]);
		const info = await n5Info(store);
		expect([info.format, info.version, info.images.length]).toEqual(["n5", "4.0.0", 1]);
		const [image] = await readN5Images(store, "");
		for (const [i, level] of multiscale.levels.entries()) {
			const read = await readLevel(image, i);
			expect([read.data, read.shape, read.dims]).toEqual([level.data, level.shape, level.dims]);
			expect([read.scale, read.translation, read.units]).toEqual([
				level.scale,
				level.translation,
				level.units,
			]);
			expect(read.attrs.stain).toBe("DAPI");
		}
		const attributes = async (key: StoreKey) =>
			JSON.parse(Buffer.from((await store.get(key)) as Uint8Array).toString());
		expect(await attributes("/attributes.json")).toMatchObject({
			n5: "4.0.0",
			scales: [
				[1, 1, 1],
				[2, 2, 2],
			],
			axes: ["x", "y", "z"],
			units: ["um", "um", "um"],
			pixelResolution: { unit: "um", dimensions: [0.25, 0.5, 2] },
		});
		expect(await attributes("/s1/attributes.json")).toMatchObject({
			dimensions: [6, 4, 2],
			blockSize: [4, 4, 2],
			dataType: "uint16",
			compression: { type: "gzip", level: 5, useZlib: false },
			downsamplingFactors: [2, 2, 2],
			transform: { axes: ["z", "y", "x"], units: ["um", "um", "um"], scale: [4, 1, 0.5] },
		});
	});

	test("below a group, beside what is there, and not over it", async () => {
		const store = container({ "attributes.json": { lab: "ours" } });
		const multiscale = await pyramid();
		await toN5(store, multiscale, { path: "a/cells", codec: "lz4" });
		await expect(toN5(store, multiscale, { path: "a/cells" })).rejects.toMatchObject({
			code: "store-not-empty",
		});
		await toN5(store, multiscale, { path: "a/cells", codec: "raw", overwrite: true });
		expect((await openN5(store)).attrs).toEqual({ n5: "4.0.0", lab: "ours" });
		const { images, version } = await n5Info(store);
		expect([version, images.map((image) => [image.path, image.name])]).toEqual([
			"4.0.0",
			[["a/cells", "cells"]],
		]);
		await expect(toN5(memoryStore(), multiscale, { codec: "lzma" as never })).rejects.toMatchObject({
			code: "unknown-codec",
		});
		const stop = new AbortController();
		stop.abort(new Error("enough"));
		await expect(toN5(memoryStore(), multiscale, { signal: stop.signal })).rejects.toThrow("enough");
	});

	test("then reading is the identity: any shape, blocks, type, codec", async () => {
		const axes = fc.integer({ min: 1, max: 4 }).chain((n) =>
			fc.record({
				shape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: n, maxLength: n }),
				chunks: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: n, maxLength: n }),
			}),
		);
		await fc.assert(
			fc.asyncProperty(
				axes,
				fc.constantFrom(...dataTypes),
				fc.constantFrom(...n5CodecNames),
				fc.uint8Array({ minLength: 8, maxLength: 64 }),
				async ({ shape, chunks }, dtype, codec, seed) => {
					const size = product(shape) * itemSize(dtype);
					const bytes = Uint8Array.from({ length: size }, (_, i) => seed[i % seed.length]);
					// Any bits: of floats too, where a NaN keeps its own.
					const data = viewAs(dtype, bytes.buffer);
					const dims = ["t", "z", "y", "x"].slice(-shape.length);
					const image = toSpatialImage({ data, shape }, { dims });
					const byDim = Object.fromEntries(dims.map((dim, i) => [dim, chunks[i]]));
					const store = memoryStore();
					await toN5(store, new Multiscale([image], { chunks: byDim }), { codec });
					const found = await array(store, "s0");
					const read = await found.read();
					expect([found.shape, found.dtype]).toEqual([shape, dtype]);
					expect(Buffer.from(read.toBytes()).equals(bytes)).toBe(true);
					const ranges = shape.map((n): [number, number] => [n >> 1, n]);
					const part = await found.read(ranges);
					const same = image.isel(Object.fromEntries(dims.map((dim, i) => [dim, ranges[i]])));
					expect(
						Buffer.from(part.toBytes()).equals(
							new Uint8Array(same.data.buffer, same.data.byteOffset, same.data.byteLength),
						),
					).toBe(true);
				},
			),
			{ numRuns: 150 },
		);
	});
});

describe("Java's LZ4 block stream", () => {
	test("xxHash as its specification's test values have it", () => {
		// From the sanity checks of xxHash: XXH32 of nothing, and of ASCII text.
		expect(xxhash32(new Uint8Array(0))).toBe(0x02cc5d05);
		expect(xxhash32(new TextEncoder().encode("abc"))).toBe(0x32d153ff);
		expect(xxhash32(new TextEncoder().encode("Nobody inspects the spammish repetition"))).toBe(0xe2293b2f);
	});

	test("is told from one bare block, as z5py writes it, and one behind its size, as zarr-python 2 does", () => {
		// Four letters as they are, then four copied from four back, then the last five.
		const block = Uint8Array.of(0x40, 97, 98, 99, 100, 4, 0, 0x50, 1, 2, 3, 4, 5);
		const plain = Uint8Array.of(97, 98, 99, 100, 97, 98, 99, 100, 1, 2, 3, 4, 5);
		expect(decodeLz4Stream(block, 13)).toEqual(plain);
		expect(decodeLz4Stream(Uint8Array.of(13, 0, 0, 0, ...block), 13)).toEqual(plain);
		expect(() => decodeLz4Stream(Uint8Array.of(14, 0, 0, 0, ...block), 13)).toThrow(RangeError);
		expect(() => decodeLz4Stream(Uint8Array.of(13, 0, 0, 0), 13)).toThrow(RangeError);
	});

	test("is verified, and may be several blocks, compressed or not", () => {
		const plain = Uint8Array.from({ length: 1000 }, (_, i) => (i < 500 ? i % 3 : (i * i * 31) >> 3));
		for (const blockSize of [1, 64, 100, 999, 1000, 65536]) {
			const stream = encodeLz4Stream(plain, blockSize);
			expect(decodeLz4Stream(stream, 1000)).toEqual(plain);
			const damaged = stream.slice();
			damaged[stream.length - 30] ^= 1;
			expect(() => decodeLz4Stream(damaged, 1000)).toThrow(RangeError);
			expect(() => decodeLz4Stream(stream.subarray(0, stream.length - 25), 1000)).toThrow(RangeError);
		}
	});
});
