/** `convert` to N5 and zips, at compression levels, with channels and labels carried along. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convert } from "../../src/cli/convert-command.ts";
import { statsOf } from "../../src/cli/stats-command.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { readN5Images } from "../../src/lib/n5/multiscales.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { info } from "../../src/lib/ngff/info.ts";
import { writeLabels } from "../../src/lib/ngff/labels.ts";
import { readMultiscales } from "../../src/lib/ngff/multiscales.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { fileSource } from "../../src/lib/stores/node-file.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { zipStore } from "../../src/lib/stores/zip.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";
import { buildTiff, testValues } from "./tiff-builder.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const hash = async (path: string) => (await statsOf(path, {})).sha256;
const json = (name: string) => JSON.parse(readFileSync(at(name), "utf8"));

const shape = [2, 9, 24, 40];
const image = toSpatialImage(
	{ data: Uint16Array.from({ length: 2 * 9 * 24 * 40 }, (_, i) => (i * 31) % 5003), shape },
	{
		dims: ["c", "z", "y", "x"],
		scale: { z: 2, y: 0.5, x: 0.5 },
		units: { z: "micrometer", y: "micrometer", x: "micrometer" },
		name: "cells",
	},
);

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise formats "));
	const store = folderStore(at("in.zarr"));
	await toNgffZarr(store, await toMultiscale(image, [2, 2], { chunks: 8 }), {
		channels: [{ label: "DAPI", color: "0000FF" }, { label: "GFP" }],
	});
	const nuclei = toSpatialImage(
		{ data: Uint32Array.from({ length: 9 * 24 * 40 }, (_, i) => i % 7), shape: [9, 24, 40] },
		{ scale: { z: 2, y: 0.5, x: 0.5 }, name: "nuclei" },
	);
	const made = await toMultiscale(nuclei, [2, 2], { chunks: 8, method: "nearest" });
	await writeLabels(store, made, { name: "nuclei", colors: [{ value: 1, rgba: [255, 0, 0, 255] }] } as never);
	const pages = Array.from({ length: 5 }, (_, i) => ({
		width: 30,
		height: 20,
		dtype: "uint16" as const,
		values: testValues("uint16", 600 * (i + 1)).slice(600 * i),
	}));
	writeFileSync(at("stack.tif"), buildTiff({ pages }));
	await toN5(folderStore(at("in.n5")), await toMultiscale(image, [2], { chunks: 16 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("N5", () => {
	it("is written from a TIFF, and read back equal, level by level", async () => {
		const asZarr = await convert(at("stack.tif"), at("stack.zarr"), { chunks: [2, 8, 8] });
		const result = await convert(at("stack.tif"), at("stack.n5"), { format: "n5", chunks: [2, 8, 8] });
		expect(result).toMatchObject({
			format: "n5",
			codec: "gzip",
			levels: [{ path: "s0" }, { path: "s1" }, { path: "s2" }],
		});
		expect(json("stack.n5/s0/attributes.json")).toMatchObject({
			dimensions: [30, 20, 5],
			blockSize: [8, 8, 2],
			compression: { type: "gzip", level: 5 },
		});
		for (const [i, level] of asZarr.levels.entries()) {
			expect(await hash(`${at("stack.n5")}#s${i}`)).toBe(await hash(`${at("stack.zarr")}#${level.path}`));
		}
		const [found] = await readN5Images(folderStore(at("stack.n5")), "");
		const [zarr] = await readMultiscales(await openGroup(folderStore(at("stack.zarr"))));
		expect(found.axes.map((axis) => axis.name)).toEqual(["z", "y", "x"]);
		for (const [i, level] of found.levels.entries()) {
			expect([level.scale, level.translation]).toEqual([zarr.levels[i].scale, zarr.levels[i].translation]);
		}
	});

	it.each(["none", "gzip", "zstd", "blosc-lz4", "blosc-zstd"] as const)(
		"is written with %s and read",
		async (codec) => {
			await convert(at("in.n5"), at(`${codec}.n5`), { format: "n5", codec });
			for (const level of ["s0", "s1"]) {
				expect(await hash(`${at(`${codec}.n5`)}#${level}`)).toBe(await hash(`${at("in.n5")}#${level}`));
			}
		},
	);

	it("becomes an OME-Zarr with its levels, chunks and coordinates", async () => {
		const result = await convert(at("in.n5"), at("from-n5.zarr"));
		expect(result.levels.map((level) => level.chunks)).toEqual([
			[1, 9, 16, 16],
			[1, 4, 12, 16],
		]);
		const { images } = await info(folderStore(at("from-n5.zarr")));
		expect(images[0]).toMatchObject({ axes: [{ name: "c" }, { name: "z", unit: "micrometer" }, {}, {}] });
		expect(images[0].levels[1].scale).toEqual([1, 4, 1, 1]);
		expect(await hash(`${at("from-n5.zarr")}#${images[0].levels[1].path}`)).toBe(
			await hash(`${at("in.n5")}#s1`),
		);
	});
});

describe("a zip", () => {
	it("is written as .ozx and read as input", async () => {
		await convert(at("in.zarr"), at("cells.ozx"));
		expect(existsSync(at("cells.ozx.unfinished"))).toBe(false);
		const file = await fileSource(at("cells.ozx"));
		const zipped = await info(await zipStore(file));
		await file.close();
		expect(zipped.images[0]).toMatchObject({ name: "cells" });
		await convert(at("cells.ozx"), at("unzipped.zarr"));
		await convert(at("in.zarr"), at("direct.zarr"));
		const files = (name: string) => readdirSync(at(name), { recursive: true }).sort();
		expect(files("unzipped.zarr")).toEqual(files("direct.zarr"));
		expect(await hash(`${at("unzipped.zarr")}#scale1/cells`)).toBe(
			await hash(`${at("in.zarr")}#scale1/cells`),
		);
	});

	it("replaces a zip when told to, and nothing else", async () => {
		await expect(convert(at("in.zarr"), at("cells.ozx"))).rejects.toMatchObject({ code: "out-exists" });
		await convert(at("in.zarr"), at("cells.ozx"), { overwrite: true, codec: "zstd" });
		writeFileSync(at("notes.zip"), "not a zip");
		await expect(convert(at("in.zarr"), at("notes.zip"), { overwrite: true })).rejects.toMatchObject({
			code: "out-not-zarr",
		});
		await expect(convert(at("in.zarr"), at("x.ozx"), { format: "n5" })).rejects.toMatchObject({
			code: "bad-format",
		});
	});
});

describe("channels and labels", () => {
	it.each(["ome-zarr-0.5", "ome-zarr-0.4"] as const)("go along to %s, which is valid", async (format) => {
		const out = `labelled ${format}`;
		const result = await convert(at("in.zarr"), at(out), { format });
		expect(result.labels).toEqual(["nuclei"]);
		const { valid, findings } = await validateStore(folderStore(at(out)));
		expect(findings.filter((finding) => finding.severity === "error")).toEqual([]);
		expect(valid).toBe(true);
		const attributes =
			format === "ome-zarr-0.4" ? json(`${out}/.zattrs`) : json(`${out}/zarr.json`).attributes.ome;
		expect(attributes.omero.channels).toMatchObject([{ label: "DAPI", color: "0000FF" }, { label: "GFP" }]);
		const below =
			format === "ome-zarr-0.4"
				? json(`${out}/labels/nuclei/.zattrs`)
				: json(`${out}/labels/nuclei/zarr.json`).attributes.ome;
		expect(below["image-label"]).toMatchObject({
			colors: [{ "label-value": 1 }],
			source: { image: "../../" },
		});
		expect(below.multiscales[0].datasets).toHaveLength(3);
		for (const level of [0, 2]) {
			const inside = `labels/nuclei/scale${level}/nuclei`;
			expect(await hash(`${at(out)}#${inside}`)).toBe(await hash(`${at("in.zarr")}#${inside}`));
		}
	});

	it("get new levels with their image's factors, by mode", async () => {
		await convert(at("in.zarr"), at("refactored.zarr"), { scaleFactors: [4], method: "mean" });
		const labels = toSpatialImage({
			data: Uint32Array.from({ length: 9 * 24 * 40 }, (_, i) => i % 7),
			shape: [9, 24, 40],
		});
		const wanted = (await toMultiscale(labels, [4], { method: "mode" })).levels[1];
		const [found] = await readMultiscales(
			await openGroup(folderStore(at("refactored.zarr")), "labels/nuclei"),
		);
		expect(found.levels).toHaveLength(2);
		expect((await found.levels[1].array.read()).data).toEqual(wanted.data);
	});
});

describe("what is asked for", () => {
	it("is the compression level, within the codec's range", async () => {
		await convert(at("stack.tif"), at("fast.zarr"), { codec: "gzip", level: 1 });
		await convert(at("stack.tif"), at("small.zarr"), { codec: "gzip", level: 9 });
		expect(json("small.zarr/scale0/stack/zarr.json").codecs[1]).toMatchObject({
			configuration: { level: 9 },
		});
		await expect(convert(at("stack.tif"), at("no.zarr"), { codec: "gzip", level: 12 })).rejects.toMatchObject(
			{
				code: "bad-level",
				remedy: expect.stringContaining("0 (fastest) to 9"),
			},
		);
		await expect(convert(at("stack.tif"), at("no.zarr"), { codec: "none", level: 1 })).rejects.toMatchObject({
			code: "bad-level",
		});
		expect(existsSync(at("no.zarr.unfinished"))).toBe(false);
	});

	it("is an image, and for N5 a plate says how to name one", async () => {
		const store = folderStore(at("plate.zarr"));
		const set = (key: string, value: unknown) =>
			store.set(key as never, new TextEncoder().encode(JSON.stringify(value)));
		for (const group of ["", "A", "A/1"])
			await set(`/${group ? `${group}/` : ""}.zgroup`, { zarr_format: 2 });
		await set("/.zattrs", {
			plate: {
				version: "0.4",
				columns: [{ name: "1" }],
				rows: [{ name: "A" }],
				wells: [{ path: "A/1", rowIndex: 0, columnIndex: 0 }],
			},
		});
		await set("/A/1/.zattrs", { well: { version: "0.4", images: [{ path: "0" }] } });
		await toNgffZarr(folderStore(at("plate.zarr/A/1/0")), await toMultiscale(image, []), { version: "0.4" });
		await expect(convert(at("plate.zarr"), at("p.n5"), { format: "n5" })).rejects.toMatchObject({
			code: "is-plate",
			remedy: `Convert it to an OME-Zarr, or its images one by one: ${at("plate.zarr")}#A/1/0.`,
		});
		await convert(`${at("plate.zarr")}#A/1/0`, at("p.zarr"), { scaleFactors: [] });
		expect(await hash(at("p.zarr"))).toBe(await hash(at("in.zarr")));
	});
});

describe("the channels of a TIFF", () => {
	const pages = (description: string, tags: Record<number, [number, number[] | string]> = {}) =>
		[0, 1].map((c) => ({
			width: 20,
			height: 10,
			dtype: "uint16" as const,
			values: Uint16Array.from({ length: 200 }, (_, i) => 100 * (c + 1) + i),
			tags: c === 0 ? { 270: [2, description] as [number, string], ...tags } : {},
		}));
	const omero = (name: string) => json(`${name}/zarr.json`).attributes.ome.omero.channels;

	it("go along from OME-XML, with what the coarsest level holds as their windows", async () => {
		const xml =
			'<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels ID="Pixels:0" ' +
			'DimensionOrder="XYCZT" Type="uint16" SizeX="20" SizeY="10" SizeC="2" SizeZ="1" SizeT="1">' +
			'<Channel ID="Channel:0:0" Name="DAPI &amp; more" Color="65535"/><Channel ID="Channel:0:1" Color="-16776961"/>' +
			"<TiffData/></Pixels></Image></OME>";
		writeFileSync(at("two.ome.tif"), buildTiff({ pages: pages(xml) }));
		await convert(at("two.ome.tif"), at("two.zarr"), { scaleFactors: [] });
		expect(omero("two.zarr")).toMatchObject([
			{ label: "DAPI & more", color: "0000FF", window: { min: 0, max: 65535, start: 100, end: 299 } },
			{ label: "Channel 1", color: "FF0000", window: { start: 200, end: 399 } },
		]);
		const { valid, findings } = await validateStore(folderStore(at("two.zarr")));
		expect([valid, findings.filter(({ severity }) => severity === "error")]).toEqual([true, []]);
	});

	it.each([true, false])("go along from ImageJ's composites (little-endian: %s)", async (littleEndian) => {
		const reverse = (word: string) => (littleEndian ? [...word].reverse().join("") : word);
		const block = new DataView(new ArrayBuffer(20 + 32 + 2 * 768));
		const put = (at: number, word: string) =>
			[...reverse(word)].forEach((letter, i) => void block.setUint8(at + i, letter.charCodeAt(0)));
		put(0, "IJIJ");
		put(4, "rang");
		block.setUint32(8, 1, littleEndian);
		put(12, "luts");
		block.setUint32(16, 2, littleEndian);
		[110, 250, 210, 380].forEach((value, i) => void block.setFloat64(20 + 8 * i, value, littleEndian));
		for (let i = 0; i < 256; i++) {
			block.setUint8(52 + i, i);
			block.setUint8(52 + 768 + 256 + i, i);
			block.setUint8(52 + 768 + 512 + i, i);
		}
		const bytes = [...new Uint8Array(block.buffer)];
		const file = buildTiff({
			littleEndian,
			pages: pages("ImageJ=1.54f\nimages=2\nchannels=2\nhyperstack=true\nmode=composite\n", {
				50838: [4, [20, 32, 768, 768]],
				50839: [1, bytes],
			}),
		});
		const name = `composite ${littleEndian}`;
		writeFileSync(at(`${name}.tif`), file);
		await convert(at(`${name}.tif`), at(`${name}.zarr`));
		expect(omero(`${name}.zarr`)).toMatchObject([
			{ color: "FF0000", window: { start: 110, end: 250 } },
			{ color: "00FFFF", window: { start: 210, end: 380 } },
		]);
	});

	it("are left out where the file has no names and colours, or speaks of another number", async () => {
		for (const [name, description] of [
			["plain", "ImageJ=1.54f\nimages=2\nchannels=2\nmode=grayscale\n"],
			[
				"other",
				'<OME><Image><Pixels SizeX="20" SizeY="10" SizeC="2" SizeZ="1" SizeT="1"><Channel Name="a"/><Channel Name="b"/><Channel Name="c"/></Pixels></Image></OME>',
			],
		]) {
			writeFileSync(at(`${name}.tif`), buildTiff({ pages: pages(description) }));
			await convert(at(`${name}.tif`), at(`${name}.zarr`), { scaleFactors: [] });
			expect(json(`${name}.zarr/zarr.json`).attributes.ome.omero).toBeUndefined();
		}
	});
});

describe("labels into N5", () => {
	it("are left out, and the result says so", async () => {
		const result = await convert(at("in.zarr"), at("without.n5"), { format: "n5" });
		expect(result).toMatchObject({ labels: [], leftOut: ["nuclei"] });
		expect(readdirSync(at("without.n5")).sort()).toEqual(["attributes.json", "s0", "s1", "s2"]);
		await convert(`${at("in.zarr")}#labels/nuclei`, at("nuclei.n5"), { format: "n5" });
		expect(await hash(`${at("nuclei.n5")}#s0`)).toBe(
			await hash(`${at("in.zarr")}#labels/nuclei/scale0/nuclei`),
		);
	});
});
