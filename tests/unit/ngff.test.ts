import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { displaySymbol } from "../../src/lib/display.ts";
import { SpatialImage } from "../../src/lib/image/spatial-image.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { rechunk } from "../../src/lib/multiscale/multiscale.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { info } from "../../src/lib/ngff/info.ts";
import { readLevel, readMultiscales } from "../../src/lib/ngff/multiscales.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import type { ReadableStore } from "../../src/lib/stores/store.ts";
import { udunitsName } from "../../src/lib/units.ts";
import { libraryVersion } from "../../src/lib/version.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";

const cells = async () =>
	toMultiscale(
		toSpatialImage(
			{ data: Uint16Array.from({ length: 9 * 20 * 30 }, (_, i) => i % 4001), shape: [9, 20, 30] },
			{
				scale: { z: 0.5, y: 0.25, x: 0.25 },
				translation: { z: 10 },
				units: { z: "µm", y: "micrometer", x: "um" },
				name: "cells",
				attrs: { Software: "test" },
			},
		),
		[2, 2],
		{ chunks: 16 },
	);

const json = async (store: ReadableStore, key: `/${string}`) =>
	JSON.parse(new TextDecoder().decode((await store.get(key)) as Uint8Array));

describe("toNgffZarr", () => {
	test("writes OME-NGFF 0.5: version, axes in the arrays' order, scale then translation", async () => {
		const store = memoryStore();
		const report = await toNgffZarr(store, await cells());
		const root = await json(store, "/zarr.json");
		expect(root).toEqual({
			zarr_format: 3,
			node_type: "group",
			attributes: {
				ome: {
					version: "0.5",
					multiscales: [
						{
							name: "cells",
							axes: ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" })),
							datasets: [
								[0.5, 0.25, 0.25, 10, 0, 0],
								[1, 0.5, 0.5, 10.75, 0.125, 0.125],
								[2, 1, 1, 11.25, 0.375, 0.875],
							].map(([sz, sy, sx, tz, ty, tx], level) => ({
								path: `scale${level}/cells`,
								coordinateTransformations: [
									{ type: "scale", scale: [sz, sy, sx] },
									{ type: "translation", translation: [tz, ty, tx] },
								],
							})),
							type: "mean",
							metadata: expect.objectContaining({
								method: "chunkwise.toMultiscale",
								version: libraryVersion,
							}),
						},
					],
				},
			},
		});
		const array = await json(store, "/scale1/cells/zarr.json");
		expect(array).toMatchObject({
			dimension_names: ["z", "y", "x"],
			fill_value: 0,
			attributes: { Software: "test" },
			codecs: [
				{ name: "bytes", configuration: { endian: "little" } },
				{ name: "blosc", configuration: { cname: "lz4", shuffle: "shuffle", typesize: 2 } },
			],
		});
		expect(await json(store, "/scale2/zarr.json")).toEqual({
			zarr_format: 3,
			node_type: "group",
			attributes: {},
		});
		expect(report.chunks).toBe(4 + 1 + 1);
		expect(report.objects).toBe((await listKeys(store)).length);
		expect(report.stored).toBe(
			store.bytes -
				(
					await Promise.all(
						(await listKeys(store)).filter((k) => k.endsWith(".json")).map((k) => store.size(`/${k}`)),
					)
				).reduce<number>((sum, size) => sum + (size ?? 0), 0),
		);
		expect(report[displaySymbol]().rows).toHaveLength(4);
		expect(report.toString()).toMatch(/^6 chunks, 11\.86 KiB in memory, .* stored \(.* to 1\), 13 objects$/);
	});

	test("reports chunks as they are written, and can be cancelled", async () => {
		const seen: string[] = [];
		await toNgffZarr(memoryStore(), await cells(), {
			onProgress: ({ done, total, label }) => seen.push(`${label} ${done}/${total}`),
		});
		expect(seen.at(0)).toBe("Writing cells 0/6");
		expect(seen.at(-1)).toBe("Writing cells 6/6");
		const store = memoryStore();
		const controller = new AbortController();
		const writing = toNgffZarr(store, await cells(), {
			signal: controller.signal,
			onProgress: ({ done }) => done === 2 && controller.abort(new Error("enough")),
		});
		await expect(writing).rejects.toThrow("enough");
		expect(await listKeys(store)).not.toContain("zarr.json");
	});

	test("time and channels come first, with their types", async () => {
		const image = new SpatialImage({
			dims: ["t", "c", "y", "x"],
			shape: [2, 3, 4, 4],
			data: new Uint8Array(96),
			scale: { t: 2.5 },
			units: { t: "s" },
		});
		const store = memoryStore();
		await toNgffZarr(store, await toMultiscale(image, []), { codec: "zstd" });
		const { ome } = (await openGroup(store)).attrs;
		expect(ome.multiscales[0].axes).toEqual([
			{ name: "t", type: "time", unit: "second" },
			{ name: "c", type: "channel" },
			{ name: "y", type: "space" },
			{ name: "x", type: "space" },
		]);
		expect(ome.multiscales[0].datasets[0].coordinateTransformations[0].scale).toEqual([2.5, 1, 1, 1]);
	});

	test.each([
		[["x"], /1 in space/],
		[["y", "x", "c"], /order y, x, c/],
		[["p", "q", "y", "x"], /2 that are not space or time/],
	])("refuses axes %j, with the way out", async (dims, message) => {
		const image = new SpatialImage({
			dims,
			shape: dims.map(() => 2),
			data: new Uint8Array(2 ** dims.length),
		});
		const multiscale = await toMultiscale(image, []);
		await expect(toNgffZarr(memoryStore(), multiscale)).rejects.toMatchObject({
			code: "bad-axes",
			message: expect.stringMatching(message),
			remedy: expect.stringMatching(/./),
		});
	});

	test("the remedy for axes in the wrong order works", async () => {
		const image = new SpatialImage({ dims: ["y", "x", "c"], shape: [4, 5, 3], data: new Uint8Array(60) });
		const multiscale = await toMultiscale(image.transpose(["c", "y", "x"]), [2]);
		expect((await toNgffZarr(memoryStore(), multiscale)).levels).toHaveLength(2);
	});

	test("refuses an unknown codec or version before anything is written", async () => {
		const store = memoryStore();
		await expect(toNgffZarr(store, await cells(), { codec: "rar" as never })).rejects.toMatchObject({
			code: "unknown-codec",
			remedy: "Use one of blosc-lz4, blosc-zstd, zstd, gzip, none.",
		});
		await expect(toNgffZarr(store, await cells(), { version: "0.3" as never })).rejects.toMatchObject({
			code: "bad-version",
		});
		expect(store.count).toBe(0);
	});

	test("a long attribute is kept once", async () => {
		const image = toSpatialImage(
			{ data: new Uint8Array(16), shape: [4, 4] },
			{ attrs: { ImageDescription: "<OME/>".repeat(1000), Software: "test", nothing: undefined } },
		);
		const store = memoryStore();
		await toNgffZarr(store, await toMultiscale(image, [2]));
		expect(Object.keys((await json(store, "/scale0/image/zarr.json")).attributes)).toEqual([
			"ImageDescription",
			"Software",
		]);
		expect((await json(store, "/scale1/image/zarr.json")).attributes).toEqual({ Software: "test" });
	});

	test("names that could not be keys are made safe", async () => {
		const image = toSpatialImage({ data: new Uint8Array(4), shape: [2, 2] }, { name: "a/b" });
		expect((await toMultiscale(image, [])).paths).toEqual(["scale0/a_b"]);
		expect((await toMultiscale(toSpatialImage(image, { name: ".." }), [])).paths).toEqual(["scale0/image"]);
		expect((await toMultiscale(toSpatialImage(image, { name: "__x" }), [])).paths).toEqual([
			"scale0/image__x",
		]);
	});
});

describe("reading images", () => {
	test("levels come with shape, chunks and coordinates, and read back as spatial images", async () => {
		const store = memoryStore();
		const multiscale = await cells();
		await toNgffZarr(store, rechunk(multiscale, { z: 4, y: 8, x: 8 }));
		const [image] = await readMultiscales(await openGroup(store));
		expect(image).toMatchObject({ name: "cells", version: "0.5", type: "mean", path: "" });
		expect(image.levels.map(({ path, shape, chunks }) => ({ path, shape, chunks }))).toEqual([
			{ path: "scale0/cells", shape: [9, 20, 30], chunks: [4, 8, 8] },
			{ path: "scale1/cells", shape: [4, 10, 15], chunks: [4, 8, 8] },
			{ path: "scale2/cells", shape: [2, 5, 7], chunks: [2, 5, 7] },
		]);
		const level = await readLevel(image, 1);
		expect(level.data).toEqual(multiscale.levels[1].data);
		expect(level.scale).toEqual(multiscale.levels[1].scale);
		expect(level.translation).toEqual(multiscale.levels[1].translation);
		expect(level.units).toEqual({ z: "micrometer", y: "micrometer", x: "micrometer" });
		await expect(readLevel(image, 3)).rejects.toMatchObject({ code: "index-out-of-range" });
	});

	test("transformations of the whole image are applied after a level's own", async () => {
		const store = memoryStore();
		await toNgffZarr(store, await cells());
		const root = await json(store, "/zarr.json");
		root.attributes.ome.multiscales[0].coordinateTransformations = [
			{ type: "scale", scale: [2, 1, 1] },
			{ type: "translation", translation: [100, 0, 0] },
		];
		await store.set("/zarr.json", encodeJson(root));
		const [image] = await readMultiscales(await openGroup(store));
		expect(image.levels[1].scale).toEqual([2, 0.5, 0.5]);
		expect(image.levels[1].translation).toEqual([121.5, 0.125, 0.125]);
	});

	test("a group without multiscales says what it has", async () => {
		const store = memoryStore(
			new Map([["/zarr.json", encodeJson({ zarr_format: 3, node_type: "group", attributes: { a: 1 } })]]),
		);
		await expect(readMultiscales(await openGroup(store))).rejects.toMatchObject({
			code: "no-multiscales",
			remedy: expect.stringContaining("Its attributes are a."),
		});
	});

	test("datasets without a path are refused", async () => {
		const attributes = { ome: { version: "0.5", multiscales: [{ datasets: [{}] }] } };
		const store = memoryStore(
			new Map([["/zarr.json", encodeJson({ zarr_format: 3, node_type: "group", attributes })]]),
		);
		await expect(readMultiscales(await openGroup(store))).rejects.toMatchObject({ code: "bad-metadata" });
	});

	test("units have UDUNITS names", () => {
		expect(["um", "µm", "nm", "s", "furlong"].map(udunitsName)).toEqual([
			"micrometer",
			"micrometer",
			"nanometer",
			"second",
			"furlong",
		]);
	});
});

describe("info", () => {
	test("says what a store holds and what it took to know", async () => {
		const store = memoryStore();
		await toNgffZarr(store, await cells());
		const found = await info(store);
		expect(found).toMatchObject({
			format: "ome-zarr",
			version: "0.5",
			zarrFormat: 3,
			labels: [],
			images: [
				{
					path: "",
					name: "cells",
					axes: [{ name: "z", type: "space", unit: "micrometer" }, { name: "y" }, { name: "x" }],
					levels: [
						{
							path: "scale0/cells",
							shape: [9, 20, 30],
							chunks: [9, 16, 16],
							shards: null,
							dtype: "uint16",
							byteOrder: "little",
							scale: [0.5, 0.25, 0.25],
							translation: [10, 0, 0],
							chunkCount: 4,
						},
						{ path: "scale1/cells" },
						{ path: "scale2/cells" },
					],
				},
			],
		});
		// Three documents at the root asked for at once, one for each level, one for labels.
		expect(found.requests).toBe(3 + 3 + 1);
		expect(found.bytes).toBeGreaterThan(1000);
		expect(JSON.parse(JSON.stringify(found))).toEqual(found);
	});

	test("a plain array is an image of one level", async () => {
		const store = memoryStore();
		await toNgffZarr(store, await cells());
		const found = await info(store, "scale2/cells");
		expect(found).toMatchObject({
			format: "zarr",
			version: null,
			images: [{ name: "cells", levels: [{ scale: null }] }],
		});
	});

	test("nothing there: not-zarr", async () => {
		await expect(info(memoryStore())).rejects.toMatchObject({ code: "not-zarr" });
	});
});

describe.skipIf(!fixturesDir)("info of images by other software", () => {
	test.each([
		["ome-zarr/hl50_cell/HL50_cell.zarr", "0.4", 2, ["x", "y", "z"], 3],
		["ome-zarr/ome_zarr_py/v0.2.zarr", "0.2", 2, ["t", "c", "z", "y", "x"], 1],
		["ome-zarr/neuroglancer/simple_0.5", "0.5", 3, ["y", "x"], 3],
		["ome-zarr/fiji_java/4d_xyzt_v4.ome.zarr", "0.4", 2, ["t", "z", "y", "x"], 2],
		["ome-zarr/fiji_java/4d_xyzt_v5.ome.zarr", "0.5", 3, ["t", "z", "y", "x"], 2],
	])("%s is version %s", async (path, version, zarrFormat, axes, levels) => {
		const found = await info(folderStore(fixture(path)));
		expect(found).toMatchObject({ format: "ome-zarr", version, zarrFormat, images: [{ path: "" }] });
		expect(found.images[0].axes.map((axis) => axis.name)).toEqual(axes);
		expect(found.images[0].levels).toHaveLength(levels);
	});
});

test("the library's version is the package's", () => {
	const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
	expect(libraryVersion).toBe(manifest.version);
});
