/** `chunkwise info` on files made here and on the fixtures. */
import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { infoText } from "../../src/cli/info-text.ts";
import { inStackFolder, stack } from "../support/cli-stack.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";
import { buildTiff } from "./tiff-builder.ts";

const { at, run } = inStackFolder();

describe("info", () => {
	it("tells what a TIFF is, without reading its pixels", async () => {
		const { code, lines, stderr } = await run(
			"info",
			"--json",
			"stack.tif",
			"differ.tif",
			"stack.tif#page/2",
		);
		expect([code, stderr]).toEqual([0, ""]);
		expect(lines[0]).toEqual({
			path: "stack.tif",
			format: "tiff",
			version: "6.0",
			zarrFormat: null,
			images: [
				{
					path: "",
					name: "stack.tif",
					axes: ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" })),
					levels: [
						{
							path: "",
							shape: [4, 12, 20],
							chunks: [1, 5, 20],
							shards: null,
							dtype: "uint16",
							byteOrder: "little",
							codecs: [{ name: "predictor", configuration: { predictor: 2 } }, { name: "deflate" }],
							scale: [2, 0.5, 0.5],
							translation: [0, 0, 0],
							chunkCount: 12,
						},
					],
				},
			],
			labels: [],
			requests: expect.any(Number),
			bytes: expect.any(Number),
		});
		expect(lines[0].requests).toBeGreaterThan(0);
		expect(lines[1].images.map((image: { path: string }) => image.path)).toEqual(["series/0", "series/1"]);
		expect(lines[2].images[0]).toMatchObject({ path: "page/2", levels: [{ shape: [12, 20] }] });
	});

	it("tells people the same", async () => {
		const { code, stdout } = await run("info", "stack.tif");
		expect(code).toBe(0);
		expect(stdout).toContain("stack.tif: TIFF 6.0");
		expect(stdout).toContain("axes z (micrometer), y (micrometer), x (micrometer)");
		expect(stdout).toMatch(/4 × 12 × 20 +uint16 +1 × 5 × 20 +- +12 +predictor → deflate +2, 0\.5, 0\.5/);
		expect(stdout).toMatch(/found out with \d+ requests?, /);
	});

	it("tells of pages that cannot be read why", async () => {
		writeFileSync(at("fax.tif"), buildTiff({ pages: [{ ...stack[0], tags: { 259: [3, [4]] } }] }));
		const { code, lines } = await run("info", "--json", "fax.tif");
		expect(code).toBe(0);
		expect(lines[0].images[0].levels[0]).toMatchObject({
			dtype: null,
			problem: { code: "tiff-unsupported", message: expect.stringContaining("fax") },
		});
	});
});

describe("info of what is not read", () => {
	const array = {
		zarr_format: 3,
		node_type: "array",
		shape: [8, 6],
		data_type: "uint16",
		chunk_grid: { name: "regular", configuration: { chunk_shape: [4, 3] } },
		chunk_key_encoding: { name: "default" },
		fill_value: 0,
		codecs: [{ name: "bytes", configuration: { endian: "little" } }],
		attributes: {},
	};
	const n5 = {
		n5: "4.0.0",
		dimensions: [6, 8],
		blockSize: [3, 4],
		dataType: "uint8",
		compression: { type: "gzip" },
	};
	const write = (name: string, document: unknown, file = "zarr.json") => {
		mkdirSync(at(name), { recursive: true });
		writeFileSync(at(`${name}/${file}`), JSON.stringify(document));
	};
	const bytes = array.codecs[0];

	it.each([
		[
			"type",
			{ ...array, data_type: "datetime9" },
			{ dtype: "datetime9", chunks: [4, 3] },
			"unsupported-dtype",
		],
		[
			"codec",
			{ ...array, codecs: [bytes, { name: "zfpx" }] },
			{ codecs: [bytes, { name: "zfpx" }] },
			"unknown-codec",
		],
		["field", { ...array, magic: { level: 9 } }, { chunks: [4, 3], chunkCount: 4 }, "bad-metadata"],
		[
			"grid",
			{ ...array, chunk_grid: { name: "rectilinear", configuration: {} } },
			{ chunks: null, chunkCount: null },
			"bad-metadata",
		],
		["keys", { ...array, chunk_key_encoding: { name: "hilbert" } }, { chunks: [4, 3] }, "bad-metadata"],
		["transformer", { ...array, storage_transformers: [{ name: "x" }] }, { chunks: [4, 3] }, "bad-metadata"],
		["fields", { ...array, a: 1, chunk_grid: { name: "b" } }, { chunks: null }, "bad-metadata"],
	])("describes an array with an unknown %s, and says so", async (name, document, level, code) => {
		write(`odd-${name}.zarr`, document);
		const { code: exit, lines } = await run("info", "--json", `odd-${name}.zarr`);
		expect([exit, lines[0].format, lines[0].images[0].levels[0].shape]).toEqual([0, "zarr", [8, 6]]);
		expect(lines[0].images[0].levels[0]).toMatchObject({ ...level, problem: { code } });
	});

	it("describes N5 of other types, codecs and with shards", async () => {
		write("text.n5", { ...n5, dataType: "string" }, "attributes.json");
		write("codec.n5", { ...n5, compression: { type: "brotli" } }, "attributes.json");
		write("shards.n5", { ...n5, shardSize: [6, 8] }, "attributes.json");
		const { code, lines } = await run("info", "--json", "text.n5", "codec.n5", "shards.n5");
		expect(code).toBe(0);
		expect(lines.map(({ images }) => [images[0].levels[0].dtype, images[0].levels[0].problem.code])).toEqual([
			["string", "unsupported-dtype"],
			["uint8", "unknown-codec"],
			["uint8", "unknown-codec"],
		]);
	});

	it("tells an image of which one level is not read, and fails where nothing can be said", async () => {
		const scale = (factor: number) => [{ type: "scale", scale: [factor, factor] }];
		const axes = ["y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" }));
		const datasets = [1, 2].map((factor, i) => ({
			path: String(i),
			coordinateTransformations: scale(factor),
		}));
		const multiscales = [{ name: "cells", axes, datasets }];
		const omero = { channels: [{ label: "DAPI", color: "0000ff" }] };
		write("odd.ome.zarr", {
			zarr_format: 3,
			node_type: "group",
			attributes: { ome: { version: "0.5", multiscales, omero } },
		});
		write("odd.ome.zarr/0", array);
		write("odd.ome.zarr/1", { ...array, shape: [4, 3], magic: 1 });
		const { code, stdout } = await run("info", "odd.ome.zarr");
		expect(code).toBe(0);
		expect(stdout).toContain('! 1: The field "magic" is unknown');
		expect(stdout).toContain("channels DAPI (#0000ff)");
		write("nothing.zarr", { ...array, shape: "large" });
		const failed = await run("info", "--json", "nothing.zarr");
		expect([failed.code, failed.lines[0].error.code]).toEqual([1, "bad-metadata"]);
	});

	it("shows plates and scenes to people", () => {
		const text = infoText({
			path: "plate.zarr",
			format: "ome-zarr",
			version: "0.5",
			zarrFormat: 3,
			images: [],
			labels: ["nuclei"],
			plate: { name: "P1", rows: ["A", "B"], columns: ["1", "2", "3"], wells: ["A/1"], acquisitions: 1 },
			scene: {
				coordinateSystems: ["world"],
				transformations: [{ type: "affine", input: "a#i", output: "world" }],
			},
			requests: 1,
			bytes: 10,
		});
		expect(text).toContain("plate P1  2 rows × 3 columns, 1 well, 0 fields, 1 acquisition");
		expect(text).toContain("affine from a#i to world");
		expect(text).toContain("labels nuclei");
	});
});

describe.skipIf(!fixturesDir)("info of the fixtures", () => {
	it("info tells what every OME-Zarr of the fixtures is", async () => {
		const stores = ["hl50_cell/HL50_cell.zarr", "fiji_java/2d_v5.ome.zarr", "fiji_java/4d_xyzt_v4.ome.zarr"];
		const { code, lines } = await run("info", "--json", ...stores.map((name) => fixture(`ome-zarr/${name}`)));
		expect([code, lines.map((line) => [line.format, line.version, line.zarrFormat])]).toEqual([
			0,
			[
				["ome-zarr", "0.4", 2],
				["ome-zarr", "0.5", 3],
				["ome-zarr", "0.4", 2],
			],
		]);
	});
});
