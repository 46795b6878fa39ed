/** A TIFF of several images: what `info` and `stats` tell of it, and what `convert` makes of it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convert } from "../../src/cli/convert-command.ts";
import { infoOf } from "../../src/cli/info-command.ts";
import { infoText } from "../../src/cli/info-text.ts";
import { statsOf } from "../../src/cli/stats-command.ts";
import { omeOf } from "../../src/lib/ngff/multiscales.ts";
import { readSeries } from "../../src/lib/ngff/series.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";
import { cli } from "../support/cli.ts";
import { contents } from "./killable.ts";
import { buildTiff, type PageSpec, testValues } from "./tiff-builder.ts";

let folder: string;
const at = (name: string) => join(folder, name);

const page = (width: number, height: number, seed: number, more: Partial<PageSpec> = {}): PageSpec => ({
	width,
	height,
	dtype: "uint16",
	values: testValues("uint16", width * height, seed) as Uint16Array,
	...more,
});
const image = (name: string, attributes: string, inside: string) =>
	`<Image ID="Image:${name}" Name="${name}"><Pixels ${attributes}>${inside}</Pixels></Image>`;
const ome = (...images: string[]) => `<?xml version="1.0"?><OME xmlns="x">${images.join("")}</OME>`;
const channels = '<Channel Name="DAPI"/><Channel Name="GFP"/>';
const cells = image(
	"cells",
	'DimensionOrder="XYZCT" SizeC="2" SizeZ="2" PhysicalSizeX="0.5" PhysicalSizeY="0.5"',
	`${channels}<TiffData IFD="0" PlaneCount="4"/>`,
);
const overview = image("overview", "", '<TiffData IFD="4"/>');
const pages = [1, 2, 3, 4].map((seed) => page(40, 24, seed));
const wide = page(70, 50, 9, { below: [page(35, 25, 10)] });

function put(name: string, all: PageSpec[], description?: string): string {
	const tags: PageSpec["tags"] = { ...all[0].tags, 270: description === undefined ? null : [2, description] };
	writeFileSync(at(name), buildTiff({ pages: [{ ...all[0], tags }, ...all.slice(1)] }));
	return at(name);
}

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise series "));
	put("two.ome.tif", [...pages, wide], ome(cells, overview));
	put("plain.tif", [...pages, wide]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const groupAt = (name: string, path = "") => openGroup(folderStore(at(name)), path);
const hashOf = async (path: string) => (await statsOf(at(path))).sha256;

describe("info and stats", () => {
	it("tell of each image, with its levels", async () => {
		const found = await infoOf(at("two.ome.tif"));
		expect(
			found.images.map(({ path, name, axes, levels }) => [
				path,
				name,
				axes.map((axis) => axis.name),
				levels.map((level) => [level.path, level.shape, level.scale]),
			]),
		).toEqual([
			["series/0", "cells", ["c", "z", "y", "x"], [["series/0", [2, 2, 24, 40], [1, 1, 0.5, 0.5]]]],
			[
				"series/1",
				"overview",
				["y", "x"],
				[
					["series/1", [50, 70], [1, 1]],
					["series/1/level/1", [25, 35], [2, 2]],
				],
			],
		]);
		expect(found.images[0].axes[3].unit).toBe("micrometer");
		expect(found.images[0].channels?.map(({ label }) => label)).toEqual(["DAPI", "GFP"]);
		const text = infoText(found);
		expect(text).toContain("image series/0 cells  axes c, z, y (micrometer), x (micrometer)");
		expect(text).toContain("series/1/level/1  25 × 35");
		expect((await infoOf(at("two.ome.tif#series/1"))).images).toEqual([found.images[1]]);
	});

	it("name what is in none of them, and what is wrong with one", async () => {
		const bad = put(
			"stray.tif",
			[...pages, wide, page(3, 3, 1)],
			ome(cells, overview, image("gone", "", '<TiffData IFD="9"/>')),
		);
		const found = await infoOf(bad);
		expect(found.strayPages).toEqual([5]);
		expect(found.images[2]).toMatchObject({
			path: "series/2",
			levels: [],
			problem: { code: "tiff-bad-series" },
		});
		const text = infoText(found);
		expect(text).toContain("in none of the images: page 5");
		expect(text).toContain("! Image 2 (“gone”) names page 9, and the file has 6");
	});

	it("give values of an image and of a level", async () => {
		const stats = await statsOf(at("two.ome.tif#series/0"));
		expect([stats.array, stats.shape, stats.dtype]).toEqual(["series/0", [2, 2, 24, 40], "uint16"]);
		expect(await hashOf("two.ome.tif#series/1")).toBe(await hashOf("two.ome.tif#page/4"));
		expect(await hashOf("two.ome.tif#series/1/level/1")).toBe(await hashOf("two.ome.tif#page/4/sub/0"));
		await expect(statsOf(at("two.ome.tif#series/2"))).rejects.toMatchObject({ code: "no-such-series" });
	});

	it("ls and tree name the pages of one", async () => {
		const { stdout } = await cli(folder, "ls", "two.ome.tif#series/1");
		expect(stdout).toMatch(/page\/4\n/);
		const tree = await cli(folder, "tree", "two.ome.tif#series/0");
		expect([tree.stdout.match(/page\//g)?.length, tree.code]).toEqual([4, 0]);
	});
});

describe("convert", () => {
	it.each(["ome-zarr-0.5", "ome-zarr-0.4"] as const)("makes a set of images: %s", async (format) => {
		const out = `set ${format}.zarr`;
		const result = await convert(at("two.ome.tif"), at(out), { format });
		expect(result).toMatchObject({ images: ["0", "1"], levels: [] });
		expect(await readSeries(await groupAt(out))).toEqual(["0", "1"]);
		const { findings } = await validateStore(folderStore(at(out)));
		expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
		expect(await hashOf(`${out}#0/scale0/cells`)).toBe(await hashOf("two.ome.tif#series/0"));
		expect(await hashOf(`${out}#1/scale0/overview`)).toBe(await hashOf("two.ome.tif#series/1"));
		const { omero } = omeOf((await groupAt(out, "0")).attrs) as { omero: { channels: { label: string }[] } };
		expect(omero.channels.map(({ label }) => label)).toEqual(["DAPI", "GFP"]);
		expect(readFileSync(at(`${out}/OME/METADATA.ome.xml`), "utf8")).toBe(
			ome(cells, overview).replace(/<TiffData[^>]*>/g, "<MetadataOnly/>"),
		);
	});

	it("of plain pages makes one too, without OME-XML", async () => {
		await convert(at("plain.tif"), at("plain.zarr"), { scaleFactors: [] });
		expect(readdirSync(at("plain.zarr/OME"))).toEqual(["zarr.json"]);
		expect(await hashOf("plain.zarr#0/scale0/plain")).toBe(await hashOf("plain.tif#series/0"));
	});

	it("of one by its number makes what it is in the set", async () => {
		await convert(at("two.ome.tif#series/0"), at("one.zarr"), {});
		await convert(at("two.ome.tif"), at("all.zarr"), {});
		expect(contents(at("one.zarr"))).toEqual(contents(at("all.zarr/0")));
		await convert(at("two.ome.tif#series/1/level/1"), at("level.zarr"), { scaleFactors: [] });
		expect(await hashOf("level.zarr#scale0/overview")).toBe(await hashOf("two.ome.tif#page/4/sub/0"));
	});

	it("of a file of one image is the same with its number and without", async () => {
		put("one.ome.tif", pages, ome(cells.replace(' Name="cells"', "")));
		await convert(at("one.ome.tif"), at("whole.zarr"), {});
		await convert(at("one.ome.tif#series/0"), at("numbered.zarr"), {});
		expect(contents(at("numbered.zarr"))).toEqual(contents(at("whole.zarr")));
	});

	it("takes an image whose pages lie in no order of axes, or beside others", async () => {
		const swapped = [3, 0, 2, 1].map((ifd, z) => `<TiffData IFD="${ifd}" FirstZ="${z}"/>`).join("");
		put("swapped.tif", [...pages, page(3, 3, 1)], ome(image("swapped", 'SizeZ="4"', swapped)));
		await convert(at("swapped.tif"), at("swapped.zarr"), { scaleFactors: [] });
		const { array } = { array: await (await groupAt("swapped.zarr")).openArray("scale0/swapped") };
		const { data } = await array.read();
		const size = 24 * 40;
		expect(
			[3, 0, 2, 1].every((p, z) =>
				Buffer.from((data as Uint16Array).slice(z * size, (z + 1) * size).buffer).equals(
					Buffer.from((pages[p].values as Uint16Array).buffer),
				),
			),
		).toBe(true);
	});

	it("to N5 is refused with the way out", async () => {
		const error = await convert(at("two.ome.tif"), at("no.n5"), { format: "n5" }).catch((caught) => caught);
		expect(error).toMatchObject({ code: "several-images" });
		expect(error.remedy).toContain(`${at("two.ome.tif")}#series/0, ${at("two.ome.tif")}#series/1`);
		await convert(at("two.ome.tif#series/1"), at("yes.n5"), { format: "n5" });
		expect(await hashOf("yes.n5#s0")).toBe(await hashOf("two.ome.tif#series/1"));
		expect(readdirSync(folder).filter((name) => name.startsWith("no.n5"))).toEqual([]);
	});

	it("is refused whole where one image is bad, and the others convert by themselves", async () => {
		put("bad.tif", [...pages, wide], ome(cells, overview, image("gone", "", '<TiffData IFD="9"/>')));
		const error = await convert(at("bad.tif"), at("bad.zarr"), {}).catch((caught) => caught);
		expect(error).toMatchObject({
			code: "tiff-bad-series",
			where: expect.stringMatching(/bad\.tif#series\/2$/),
		});
		expect(error.remedy).toContain(`${at("bad.tif")}#series/0, ${at("bad.tif")}#series/1.`);
		expect(readdirSync(folder).filter((name) => name.startsWith("bad.zarr"))).toEqual([]);
		await convert(at("bad.tif#series/1"), at("good.zarr"), {});
		expect(await hashOf("good.zarr#scale0/overview")).toBe(await hashOf("two.ome.tif#series/1"));
	});

	it("leaves out what is in other files and says so", async () => {
		const far = image("far", "", '<TiffData IFD="0"><UUID FileName="far.ome.tif">u</UUID></TiffData>');
		const own = (xml: string) =>
			xml.replaceAll(
				/<TiffData ([^>]*)\/>/g,
				'<TiffData $1><UUID FileName="some.ome.tif">v</UUID></TiffData>',
			);
		put("some.ome.tif", [...pages, wide, page(3, 3, 1)], ome(own(cells), far, own(overview)));
		const { code, stderr, lines } = await cli(folder, "convert", "--json", "some.ome.tif", "some.zarr");
		expect([code, lines[0].images, lines[0].elsewhere, lines[0].strayPages]).toEqual([
			0,
			["0", "1"],
			["Image 1 (“far”): far.ome.tif"],
			[5],
		]);
		expect(stderr).toContain("in other files: Image 1 (“far”): far.ome.tif");
		expect(stderr).toContain("in none of the images: page 5");
		expect(await hashOf("some.zarr#1/scale0/overview")).toBe(await hashOf("two.ome.tif#series/1"));
		expect(readFileSync(at("some.zarr/OME/METADATA.ome.xml"), "utf8")).not.toContain("far");
	});

	it("goes on where it was stopped", async () => {
		const options = { codec: "gzip" as const, chunks: [8], memory: 16 << 20 };
		const stop = new AbortController();
		const stopping = convert(at("two.ome.tif"), at("half.zarr"), {
			...options,
			signal: stop.signal,
			onProgress: ({ label, done, total = 0 }) => {
				if (label === "Writing 1" && done > total / 2) stop.abort(new Error("stopped"));
			},
		});
		await expect(stopping).rejects.toThrow("stopped");
		expect(readdirSync(folder).filter((name) => name.startsWith("half"))).toEqual(["half.zarr.unfinished"]);
		const result = await convert(at("two.ome.tif"), at("half.zarr"), options);
		expect(result.resumed).toBeGreaterThan(0);
		await convert(at("two.ome.tif"), at("calm.zarr"), options);
		expect(contents(at("half.zarr"))).toEqual(contents(at("calm.zarr")));
	});
});

describe("half precision", () => {
	const bits = Uint16Array.from({ length: 2 * 6 * 5 }, (_, i) => (i * 1993) & 0xffff);
	const half = (n: number): PageSpec => ({
		width: 6,
		height: 5,
		dtype: "uint16",
		values: bits.subarray(n * 30, (n + 1) * 30),
		tags: { 339: [3, [3]] },
	});

	it("stays in a Zarr, and becomes float32 in an N5, which is said", async () => {
		put("half.tif", [half(0), half(1)]);
		const result = await convert(at("half.tif"), at("half16.zarr"), { scaleFactors: [2] });
		expect(result.widened).toBeUndefined();
		for (const level of [0, 1]) {
			const { dtype } = await statsOf(at(`half16.zarr#scale${level}/half`));
			expect(dtype).toBe("float16");
		}
		expect(await hashOf("half16.zarr#scale0/half")).toBe(await hashOf("half.tif"));
		const n5 = await convert(at("half.tif"), at("half.n5"), { scaleFactors: [2], format: "n5" });
		expect(n5.widened).toEqual({ from: "float16", to: "float32" });
		expect((await statsOf(at("half.n5#s0"))).dtype).toBe("float32");
	});
});
