/** Zarr 2 and 3 made of one another, and versions of OME-NGFF, with every chunk as it was. */
import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { SpatialImage } from "../../src/lib/image/spatial-image.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { convertNgff } from "../../src/lib/ngff/convert.ts";
import { convertNgffMetadata } from "../../src/lib/ngff/convert-metadata.ts";
import { info } from "../../src/lib/ngff/info.ts";
import { writeLabels } from "../../src/lib/ngff/labels.ts";
import { readLevel, readMultiscales } from "../../src/lib/ngff/multiscales.ts";
import { writePlate } from "../../src/lib/ngff/plate.ts";
import { validate } from "../../src/lib/ngff/validate/document.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { type MemoryStore, memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { staleDocuments } from "../../src/lib/zarr/consolidated.ts";
import { v2ToV3ArrayMetadata, v3ToV2ArrayMetadata } from "../../src/lib/zarr/convert-metadata.ts";
import { convertZarr } from "../../src/lib/zarr/convert-metadata-store.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";
import { openArray, openGroup } from "../../src/lib/zarr/open.ts";
import { allExpected, fixture, fixturesDir } from "../support/fixtures.ts";

const zarray = (more: object = {}) => ({
	zarr_format: 2,
	shape: [4, 6],
	chunks: [2, 3],
	dtype: "<u2",
	compressor: null,
	fill_value: 0,
	order: "C",
	filters: null,
	dimension_separator: "/",
	...more,
});
const zarr = (more: object = {}) => ({
	zarr_format: 3,
	node_type: "array",
	shape: [4, 6],
	data_type: "uint16",
	chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 3] } },
	chunk_key_encoding: { name: "v2", configuration: { separator: "/" } },
	fill_value: 0,
	codecs: [{ name: "bytes", configuration: { endian: "little" } }],
	attributes: {},
	...more,
});
const bytes = (endian = "little") => ({ name: "bytes", configuration: { endian } });

describe("array metadata", () => {
	test("of Zarr 2 in the words of Zarr 3", () => {
		expect(v2ToV3ArrayMetadata(zarray(), { a: 1, _ARRAY_DIMENSIONS: ["y", "x"] })).toEqual(
			zarr({ attributes: { a: 1 }, dimension_names: ["y", "x"] }),
		);
	});

	it.each([
		["big-endian", { dtype: ">f4" }, { data_type: "float32", codecs: [bytes("big")] }],
		["one byte", { dtype: "|i1" }, { data_type: "int8", codecs: [{ name: "bytes" }] }],
		[
			"bool",
			{ dtype: "|b1", fill_value: true },
			{ data_type: "bool", codecs: [{ name: "bytes" }], fill_value: true },
		],
		["half floats", { dtype: "<f2" }, { data_type: "float16" }],
		[
			"F order",
			{ order: "F" },
			{ codecs: [{ name: "transpose", configuration: { order: [1, 0] } }, bytes()] },
		],
		[
			"flat keys",
			{ dimension_separator: "." },
			{ chunk_key_encoding: { name: "v2", configuration: { separator: "." } } },
		],
		[
			"blosc",
			{ compressor: { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 } },
			{
				codecs: [
					bytes(),
					{
						name: "blosc",
						configuration: { cname: "lz4", clevel: 5, shuffle: "shuffle", typesize: 2, blocksize: 0 },
					},
				],
			},
		],
		[
			"gzip",
			{ compressor: { id: "gzip", level: 6 } },
			{ codecs: [bytes(), { name: "gzip", configuration: { level: 6 } }] },
		],
		[
			"zstd",
			{ compressor: { id: "zstd", level: 3 } },
			{ codecs: [bytes(), { name: "zstd", configuration: { level: 3, checksum: false } }] },
		],
		[
			"zlib, which Zarr 3 does not have",
			{ compressor: { id: "zlib", level: 4 } },
			{ codecs: [bytes(), { name: "numcodecs.zlib", configuration: { level: 4 } }] },
		],
		[
			"filters of elements and of bytes",
			{
				filters: [
					{ id: "delta", dtype: "<u2", astype: "<u2" },
					{ id: "shuffle", elementsize: 2 },
				],
			},
			{
				codecs: [
					{ name: "numcodecs.delta", configuration: { dtype: "<u2", astype: "<u2" } },
					bytes(),
					{ name: "numcodecs.shuffle", configuration: { elementsize: 2 } },
				],
			},
		],
		["NaN", { dtype: "<f8", fill_value: "NaN" }, { data_type: "float64", fill_value: "NaN" }],
		[
			"an infinity",
			{ dtype: "<f4", fill_value: "-Infinity" },
			{ data_type: "float32", fill_value: "-Infinity" },
		],
	])("%s both ways", (_, v2, v3) => {
		expect(v2ToV3ArrayMetadata(zarray(v2))).toEqual(zarr(v3));
		expect(v3ToV2ArrayMetadata(zarr(v3))).toEqual({ zarray: zarray(v2), zattrs: {} });
	});

	test("fill values of 64 bits keep their digits, and null is 0", () => {
		const big = (document: unknown) => new TextDecoder().decode(encodeJson(document));
		const most = v2ToV3ArrayMetadata(zarray({ dtype: "<u8", fill_value: "18446744073709551615" }));
		expect(big(most)).toContain('"fill_value": 18446744073709551615');
		expect(big(v3ToV2ArrayMetadata({ ...most, fill_value: "18446744073709551615" }).zarray)).toContain(
			'"fill_value": 18446744073709551615',
		);
		expect(v2ToV3ArrayMetadata(zarray({ fill_value: null })).fill_value).toBe(0);
		expect(v2ToV3ArrayMetadata(zarray({ dtype: "<f4", fill_value: -0 })).fill_value).toBe("0x80000000");
		expect(
			v3ToV2ArrayMetadata(zarr({ data_type: "float32", fill_value: "0x7fc00000" })).zarray.fill_value,
		).toBe("NaN");
		expect(v2ToV3ArrayMetadata(zarray({ dtype: "<c8", fill_value: null })).fill_value).toEqual([0, 0]);
	});

	it.each([
		["strings", { dtype: "<U4", fill_value: "" }],
		["objects", { dtype: "|O", filters: [{ id: "vlen-utf8" }] }],
		["fields", { dtype: [["a", "<i4"]] }],
		["an unknown codec", { compressor: { id: "rar" } }],
		["a filter of big-endian elements", { dtype: ">i4", filters: [{ id: "delta", dtype: ">i4" }] }],
	])("of Zarr 2 with %s is refused", (_, more) => {
		expect(() => v2ToV3ArrayMetadata(zarray(more))).toThrow(
			expect.objectContaining({
				code: "unsupported-conversion",
				remedy: expect.stringMatching(/write it anew/),
			}),
		);
	});

	it.each([
		[
			"shards",
			{
				codecs: [
					{
						name: "sharding_indexed",
						configuration: { chunk_shape: [1, 1], codecs: [bytes()], index_codecs: [bytes()] },
					},
				],
			},
		],
		["a checksum", { codecs: [bytes(), { name: "crc32c" }] }],
		["keys that begin with c", { chunk_key_encoding: { name: "default" } }],
		["a type of its own", { data_type: "bfloat16" }],
		[
			"an order that is neither C nor F",
			{
				shape: [2, 2, 2],
				chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 2, 2] } },
				codecs: [{ name: "transpose", configuration: { order: [1, 0, 2] } }, bytes()],
			},
		],
	])("of Zarr 3 with %s is refused", (_, more) => {
		expect(() => v3ToV2ArrayMetadata(zarr(more))).toThrow(
			expect.objectContaining({
				code: "unsupported-conversion",
				remedy: expect.stringMatching(/write it anew/),
			}),
		);
	});

	test("keys that begin with c may be renamed by the caller", () => {
		const document = zarr({ chunk_key_encoding: { name: "default" }, dimension_names: ["y", null] });
		expect(v3ToV2ArrayMetadata(document, { keysRenamed: true }).zarray.dimension_separator).toBe("/");
		expect(v3ToV2ArrayMetadata(document, { keysRenamed: true }).zattrs).toEqual({});
	});
});

const cells = () =>
	toMultiscale(
		new SpatialImage({
			dims: ["c", "y", "x"],
			shape: [2, 20, 30],
			data: Uint16Array.from({ length: 1200 }, (_, i) => i % 4001),
			units: { y: "um", x: "um" },
			name: "cells",
		}),
		[2],
		{ chunks: 8 },
	);
const nuclei = () =>
	toMultiscale(
		toSpatialImage(
			{ data: Uint32Array.from({ length: 600 }, (_, i) => i % 3), shape: [20, 30] },
			{ name: "nuclei", units: { y: "um", x: "um" } },
		),
		[2],
		{ method: "mode", chunks: 8 },
	);

async function image(version: "0.4" | "0.5", consolidated = false) {
	const store = memoryStore();
	await toNgffZarr(store, await cells(), { version, channels: [{ label: "DAPI" }, {}], codec: "gzip" });
	await writeLabels(store, await nuclei(), { colors: [{ value: 1 }], codec: "gzip" });
	if (consolidated) await (await import("../../src/lib/zarr/consolidated.ts")).consolidate(store);
	return store;
}

const isDocument = (key: string) => /(^|\/)(zarr\.json|\.z[a-z]+)$/.test(key);
async function chunks(store: MemoryStore): Promise<Map<string, Uint8Array>> {
	const keys = (await store.list()).filter((key) => !isDocument(key)).sort();
	return new Map(
		await Promise.all(keys.map(async (key) => [key, (await store.get(`/${key}`)) as Uint8Array] as const)),
	);
}

async function sameImages(store: MemoryStore, path = "") {
	for (const [at, multiscale] of [
		[path, await cells()],
		[`${path}/labels/nuclei`, await nuclei()],
	] as const) {
		const [read] = await readMultiscales(await openGroup(store, at));
		for (const [i, level] of multiscale.levels.entries()) {
			const found = await readLevel(read, i);
			expect(found.data).toEqual(level.data);
			expect([found.dims, found.scale, found.translation]).toEqual([
				level.dims,
				level.scale,
				level.translation,
			]);
		}
	}
}

describe("a store", () => {
	test("0.4 becomes 0.5 in place: no chunk is touched, labels and channels come along", async () => {
		const store = await image("0.4", true);
		const before = await chunks(store);
		const told = await info(store);
		const report = await convertNgff(store, { to: "0.5" });
		const after = await chunks(store);
		expect([...after.keys()]).toEqual([...before.keys()]);
		for (const [key, value] of after) expect(value).toBe(before.get(key));
		expect(report).toEqual({ nodes: 11, copied: 0, renamed: 0, kept: 0 });
		expect((await store.list()).filter((key) => /(^|\/)\.z/.test(key))).toEqual([]);
		expect((await validateStore(store, { strict: true })).findings).toEqual([]);
		expect(await staleDocuments(store)).toEqual([]);
		await sameImages(store);
		const now = await info(store);
		expect(now).toMatchObject({ version: "0.5", zarrFormat: 3, labels: told.labels });
		expect(now.images[0].channels).toEqual(told.images[0].channels);
	});

	test("a chunk that goes away while it is copied is told, and the target does not look whole", async () => {
		const store = await image("0.4");
		const [chunk] = (await chunks(store)).keys();
		const get = store.get.bind(store);
		store.get = async (key) => (key === `/${chunk}` ? undefined : get(key));
		const target = memoryStore();
		await expect(convertNgff(store, { to: "0.5", target })).rejects.toMatchObject({
			code: "source-changed",
			where: chunk,
		});
		expect(await target.get("/zarr.json")).toBeUndefined();
	});

	test("and back again, with the very documents that there were", async () => {
		const store = await image("0.4");
		const keys = (await store.list()).sort();
		const text = async () =>
			Object.fromEntries(
				await Promise.all(
					keys
						.filter(isDocument)
						.map(async (key) => [key, JSON.parse(new TextDecoder().decode(await store.get(`/${key}`)))]),
				),
			);
		const before = await text();
		await convertNgff(store, { to: "0.5" });
		await convertNgff(store, { to: "0.4" });
		expect((await store.list()).sort()).toEqual(keys);
		expect(await text()).toEqual(before);
	});

	test("0.5 with keys of Zarr 3 is not 0.4 in place, but in a target, where chunks have other names", async () => {
		const store = await image("0.5");
		const before = (await store.list()).sort();
		await expect(convertNgff(store, { to: "0.4" })).rejects.toMatchObject({
			code: "keys-change",
			remedy: /target/,
		});
		expect((await store.list()).sort()).toEqual(before);
		const target = memoryStore();
		const done: number[] = [];
		const report = await convertNgff(store, {
			to: "0.4",
			target,
			targetPath: "x/y",
			onProgress: (progress) => done.push(progress.done),
		});
		expect(report.renamed).toBe(report.copied);
		expect(done.at(-1)).toBe(report.copied);
		expect((await store.list()).sort()).toEqual(before);
		expect((await validateStore(target, { path: "x/y", strict: true })).findings).toEqual([]);
		await sameImages(target, "x/y");
		await expect(convertNgff(store, { to: "0.4", target, targetPath: "x" })).rejects.toMatchObject({
			code: "store-not-empty",
		});
		await convertNgff(store, { to: "0.4", target, targetPath: "x", overwrite: true });
		await sameImages(target, "x");
	});

	test("with shards is refused, and stays as it was", async () => {
		const store = memoryStore();
		await toNgffZarr(store, await cells(), { shards: 16 });
		const before = (await store.list()).sort();
		await expect(convertNgff(store, { to: "0.4", target: memoryStore() })).rejects.toMatchObject({
			code: "unsupported-conversion",
			message: /shards/,
		});
		expect((await store.list()).sort()).toEqual(before);
	});

	test("a plate of 0.4 becomes one of 0.5", async () => {
		const store = memoryStore();
		const wells = [{ row: "A", column: "1", fields: [{ path: "0" }, { path: "1" }] }];
		const paths = await writePlate(store, { rows: ["A"], columns: ["1"], wells }, { version: "0.4" });
		for (const path of paths) await toNgffZarr(store, await cells(), { version: "0.4", path });
		await convertNgff(store, { to: "0.5" });
		expect((await validateStore(store, { strict: true })).findings).toEqual([]);
		expect((await info(store)).images.map((found) => found.path)).toEqual(["A/1/0", "A/1/1"]);
	});

	test("a part of a store, the rest as it was", async () => {
		const store = memoryStore();
		for (const path of ["a", "b"]) await toNgffZarr(store, await cells(), { version: "0.4", path });
		await convertNgff(store, { to: "0.5", path: "a" });
		expect([(await info(store, "a")).version, (await info(store, "b")).version]).toEqual(["0.5", "0.4"]);
	});

	test("plain Zarr: big-endian, F order, filters, missing chunks and an array without axes", async () => {
		const store = memoryStore();
		const put = (key: `/${string}`, document: unknown) => store.set(key, encodeJson(document));
		await put("/.zgroup", { zarr_format: 2 });
		await put("/.zattrs", { a: [1, null] });
		await put("/big/.zarray", zarray({ dtype: ">i4", order: "F", fill_value: 7, dimension_separator: "." }));
		const view = new DataView(new ArrayBuffer(24));
		for (let i = 0; i < 6; i++) view.setInt32(4 * i, i - 3);
		await store.set("/big/1.0", new Uint8Array(view.buffer));
		await put("/one/.zarray", zarray({ shape: [], chunks: [], dtype: "<f8", fill_value: "NaN" }));
		await store.set("/one/0", new Uint8Array(Float64Array.of(2.5).buffer));
		const read = async (path: string) => {
			const { data, shape } = await (await openArray(store, path)).read();
			return { data, shape };
		};
		const before = [await read("big"), await read("one")];
		await convertZarr(store, { zarrFormat: 3 });
		expect([await read("big"), await read("one")]).toEqual(before);
		expect((await openGroup(store)).attrs).toEqual({ a: [1, null] });
		await convertZarr(store, { zarrFormat: 2 });
		expect([await read("big"), await read("one")]).toEqual(before);
		const readOnly = {
			get: (key: `/${string}`) => store.get(key),
			list: (prefix?: string) => store.list(prefix),
		};
		await expect(convertZarr(readOnly, { zarrFormat: 3 })).rejects.toMatchObject({ code: "cannot-write" });
		await expect(convertNgff(store, { to: "0.5" })).rejects.toMatchObject({ code: "no-ome-metadata" });
	});
});

describe("metadata", () => {
	const old = {
		multiscales: [{ version: "0.1", name: "n", datasets: [{ path: "0" }, { path: "1" }], type: "gaussian" }],
		omero: { channels: [{ color: "00FF00" }], version: "0.1" },
		other: 1,
	};
	const shapes = { "0": [1, 2, 9, 363, 100], "1": [1, 2, 9, 181, 25] };

	test("of 0.1 gets axes, and the scale that the shapes tell", () => {
		expect(convertNgffMetadata(old, { to: "0.4", shapes })).toEqual({
			multiscales: [
				{
					version: "0.4",
					name: "n",
					type: "gaussian",
					axes: [
						{ name: "t", type: "time" },
						{ name: "c", type: "channel" },
						{ name: "z", type: "space" },
						{ name: "y", type: "space" },
						{ name: "x", type: "space" },
					],
					datasets: [
						{ path: "0", coordinateTransformations: [{ type: "scale", scale: [1, 1, 1, 1, 1] }] },
						{ path: "1", coordinateTransformations: [{ type: "scale", scale: [1, 1, 1, 2, 4] }] },
					],
				},
			],
			omero: { version: "0.4", channels: [{ color: "00FF00" }] },
			other: 1,
		});
		expect(() => convertNgffMetadata(old, { to: "0.5" })).toThrow(
			expect.objectContaining({ code: "shapes-needed" }),
		);
	});

	test("of 0.5 has its version once", () => {
		const made = convertNgffMetadata(old, { to: "0.5", shapes }) as { ome: Record<string, unknown> };
		expect(Object.keys(made).sort()).toEqual(["ome", "other"]);
		expect(made.ome.version).toBe("0.5");
		expect(JSON.stringify(made).match(/version/g)).toHaveLength(1);
		const back = convertNgffMetadata(made, { to: "0.4" });
		expect(back).toEqual(convertNgffMetadata(old, { to: "0.4", shapes }));
	});

	test("of a plate before 0.4 gets the indices of its wells", () => {
		const plate = {
			rows: [{ name: "A" }, { name: "B" }],
			columns: [{ name: "1" }, { name: "2" }],
			wells: [{ path: "B/1" }],
		};
		expect(convertNgffMetadata({ plate: { ...plate, version: "0.2" } }, { to: "0.4" })).toEqual({
			plate: { ...plate, version: "0.4", wells: [{ path: "B/1", rowIndex: 1, columnIndex: 0 }] },
		});
	});

	test("of other versions, and to others, is refused", () => {
		const ome = { version: "0.6rc0", multiscales: [{}] };
		expect(() => convertNgffMetadata({ ome }, { to: "0.5" })).toThrow(
			expect.objectContaining({ code: "unsupported-version" }),
		);
		expect(() => convertNgffMetadata(old, { to: "0.3" as "0.4" })).toThrow(
			expect.objectContaining({ code: "unsupported-version" }),
		);
		expect(() => convertNgffMetadata([], { to: "0.4" })).toThrow(
			expect.objectContaining({ code: "bad-metadata" }),
		);
		expect(convertNgffMetadata({ a: 1 }, { to: "0.5" })).toEqual({ a: 1 });
	});
});

describe.skipIf(!fixturesDir)("by other software", () => {
	const valid = allExpected().filter(
		(entry) => entry.kind === "ngff-metadata" && entry.valid && /official\/0\.[45]/.test(entry.path),
	);
	test.each(valid.map((entry) => entry.path))("%s is as valid by the other version", (path) => {
		const document = JSON.parse(readFileSync(fixture(path), "utf8"));
		const before = validate(document);
		const to = before.version === "0.4" ? "0.5" : "0.4";
		const errors = validate(convertNgffMetadata(document, { to })).findings.filter(
			(finding) => finding.severity === "error",
		);
		// A rule that is an error since 0.5.
		expect(errors.filter(({ rule }) => rule !== "well-path-order")).toEqual([]);
	});

	test.each([
		["ome-zarr/hl50_cell/HL50_cell.zarr", "0.5"],
		["ome-zarr/ome_zarr_py/v0.2.zarr", "0.4"],
		["ome-zarr/ome_zarr_py/v0.2.zarr", "0.5"],
		["ome-zarr/fiji_java/4d_xyzt_v4.ome.zarr", "0.5"],
		["ome-zarr/fiji_java/4d_xyzt_v5.ome.zarr", "0.4"],
	] as const)("%s as %s has the same values", async (path, to) => {
		const source = folderStore(fixture(path));
		const target = memoryStore();
		await convertNgff(source, { to, target });
		expect((await info(target)).version).toBe(to);
		const [before] = await readMultiscales(await openGroup(source));
		const [after] = await readMultiscales(await openGroup(target));
		const last = before.levels.length - 1;
		expect((await readLevel(after, last)).data).toEqual((await readLevel(before, last)).data);
		if (path.includes("fiji_java")) expect((await validateStore(target)).valid).toBe(true);
	});
});
