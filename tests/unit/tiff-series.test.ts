/** The images of a TIFF that holds several, by OME-XML and by its pages. */
import { describe, expect, it } from "vitest";
import { metadataOnly, readOmeXml } from "../../src/lib/tiff/ome-images.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { isSmallerCopy } from "../../src/lib/tiff/series.ts";
import { tiffToSpatialImage } from "../../src/lib/tiff/spatial.ts";
import type { TiffPage } from "../../src/lib/tiff/tiff.ts";
import { writeTiff } from "../../src/lib/tiff/write.ts";
import { buildTiff, type PageSpec } from "./tiff-builder.ts";

/** A page whose values begin with `first` and count up. */
const page = (width: number, height: number, first = 0, more: Partial<PageSpec> = {}): PageSpec => ({
	width,
	height,
	dtype: "uint8",
	values: Array.from({ length: width * height * (more.samples ?? 1) }, (_, i) => (first + i) % 256),
	...more,
});
const marked = (kind: number, text?: string): Partial<PageSpec> => ({
	tags: { 254: [4, [kind]], 270: text === undefined ? null : [2, text] },
});
const open = (pages: PageSpec[], description?: string, name = "several.ome.tif") => {
	const tags: PageSpec["tags"] = {
		...pages[0].tags,
		270: description === undefined ? null : [2, description],
	};
	const bytes = buildTiff({ pages: [{ ...pages[0], tags }, ...pages.slice(1)] });
	return openTiff(new File([bytes as Uint8Array<ArrayBuffer>], name));
};
const image = (attributes: string, inside: string, of = "") =>
	`<Image ${of}><Pixels ${attributes}>${inside}</Pixels></Image>`;
const ome = (...images: string[]) => `<?xml version="1.0"?><OME xmlns="x">${images.join("")}</OME>`;

describe("by their pages", () => {
	it("are those that agree in shape and type, wherever they stand", async () => {
		const tiff = await open([page(4, 3), page(4, 3, 20), page(7, 5), page(4, 3, 40), page(7, 5, 1)]);
		expect(tiff.series.map(({ pages, pageAxes, problem }) => [pages, pageAxes, problem])).toEqual([
			[[0, 1, 3], [{ name: "z", size: 3 }], undefined],
			[[2, 4], [{ name: "z", size: 2 }], undefined],
		]);
		const first = await tiffToSpatialImage(tiff, { series: 0 });
		expect([first.dims, first.shape, first.at(2, 1, 2)]).toEqual([["z", "y", "x"], [3, 3, 4], 46]);
		const second = await tiffToSpatialImage(tiff, { series: 1 });
		expect([second.shape, second.at(1, 0, 0)]).toEqual([[2, 5, 7], 1]);
		await expect(tiffToSpatialImage(tiff, { series: 2 })).rejects.toMatchObject({ code: "no-such-series" });
		await expect(tiffToSpatialImage(tiff, { series: 1, level: 1 })).rejects.toMatchObject({
			code: "no-such-level",
		});
	});

	it("differ in type too, and a file of like pages is one image", async () => {
		const other = page(4, 3, 0, { dtype: "uint16" });
		expect((await open([page(4, 3), other])).series.map(({ pages }) => pages)).toEqual([[0], [1]]);
		expect((await open([page(4, 3), page(4, 3)])).series.map(({ pages }) => pages)).toEqual([[0, 1]]);
	});

	it("have their own resolution each", async () => {
		const sized = (perCentimetre: number): Partial<PageSpec> => ({
			tags: { 282: [5, [perCentimetre, 1]], 283: [5, [perCentimetre, 1]], 296: [3, [3]] },
		});
		const tiff = await open([page(4, 3, 0, sized(10)), page(7, 5, 0, sized(1000))]);
		expect(tiff.series.map(({ spacing, units }) => [spacing.x, units.x])).toEqual([
			[1, "millimeter"],
			[0.01, "millimeter"],
		]);
	});

	it("take smaller copies for levels, and what is marked so but has another form for itself", async () => {
		const tiff = await open([
			page(8, 6),
			page(8, 6, 100),
			page(4, 3, 50, marked(1)),
			page(4, 3, 150, marked(1)),
			page(5, 5, 7, marked(1)),
			page(4, 3, 9, { ...marked(1), dtype: "uint16" }),
		]);
		expect(tiff.series.map(({ pages, reduced }) => [pages, reduced])).toEqual([
			[[0, 1], [[2, 3]]],
			[[4], []],
			[[5], []],
		]);
		const levels = await tiff.seriesLevels(0);
		expect(levels.map(({ number, pages, first }) => [number, pages, first.shape])).toEqual([
			[0, [0, 1], [6, 8]],
			[1, [2, 3], [3, 4]],
		]);
		const copy = await tiffToSpatialImage(tiff, { series: 0, level: 1 });
		expect([copy.shape, copy.at(1, 0, 0), copy.scale, copy.translation]).toEqual([
			[2, 3, 4],
			150,
			{ z: 1, y: 2, x: 2 },
			{ z: 0, y: 0.5, x: 0.5 },
		]);
	});

	it("of a slide are the slide with its levels, the thumbnail, the label and the macro", async () => {
		const colour = { samples: 3 };
		const aperio = (text: string) => `Aperio Image Library v11\r\n${text}`;
		const tiled = { ...colour, tile: [16, 16] as [number, number] };
		const tiff = await open(
			[
				page(48, 32, 0, tiled),
				page(16, 11, 0, colour),
				page(24, 16, 0, tiled),
				page(12, 8, 0, tiled),
				page(9, 9, 0, { ...colour, ...marked(1, aperio("label 9x9")) }),
				page(20, 9, 0, { ...colour, ...marked(9, aperio("macro 20x9")) }),
			],
			aperio("48x32 [0,0 48x32] (16x16)|MPP = 0.499"),
		);
		expect(tiff.series.map(({ name, pages, reduced }) => [name, pages, reduced])).toEqual([
			[undefined, [0], [[2], [3]]],
			["thumbnail", [1], []],
			["label", [4], []],
			["macro", [5], []],
		]);
		expect([tiff.series[0].spacing.x, tiff.series[0].units.x]).toEqual([0.499, "micrometer"]);
		expect(tiff.series[2].units.x).toBeUndefined();
	});

	it("do not lose a page that cannot be read", async () => {
		const tiff = await open([page(4, 3), page(4, 3, 0, { tags: { 259: [3, [34712]] } }), page(9, 9)]);
		expect(tiff.series.map(({ pages, problem }) => [pages, problem?.code])).toEqual([
			[[0, 1], "tiff-unsupported"],
			[[2], undefined],
		]);
		await expect(tiffToSpatialImage(tiff, { series: 0 })).rejects.toMatchObject({ code: "tiff-unsupported" });
	});

	it.each([
		[48, 32, true],
		[64, 43, true],
		[48, 33, true],
		[48, 43, false],
		[192, 128, false],
		[192, 64, false],
		[1, 1, true],
	])("%s × %s is a copy of 192 × 128: %s", (width, height, expected) => {
		const same = { samplesPerPixel: 1, planar: false, dtype: "uint8" };
		const of = (w: number, h: number) => ({ ...same, width: w, height: h }) as TiffPage;
		expect(isSmallerCopy(of(width, height), of(192, 128))).toBe(expected);
	});
});

describe("by OME-XML", () => {
	const channels = '<Channel Name="DAPI" Color="65535"/><Channel Name="a &gt; b"/>';
	const two = ome(
		image(
			'DimensionOrder="XYCZT" SizeC="2" SizeZ="2" PhysicalSizeX="0.5" PhysicalSizeZ="2" PhysicalSizeZUnit="mm"',
			`${channels}<TiffData IFD="0" FirstZ="1" PlaneCount="2"/><TiffData IFD="3" PlaneCount="2"/>`,
			'ID="Image:0" Name="first"',
		),
		image('DimensionOrder="XYZCT" SizeT="1"', '<TiffData IFD="2"/>', 'ID="Image:1" Name="x &gt; y"'),
	);
	const pages = [page(4, 3, 0), page(4, 3, 20), page(9, 7, 5), page(4, 3, 60), page(4, 3, 80), page(2, 2)];

	it("have names, axes, units and channels, and their pages in any order", async () => {
		const tiff = await open(pages, two);
		expect(tiff.series).toEqual([
			{
				index: 0,
				name: "first",
				pageAxes: [
					{ name: "z", size: 2 },
					{ name: "c", size: 2 },
				],
				pages: [3, 4, 0, 1],
				reduced: [],
				spacing: { x: 0.5, y: 1, z: 2 },
				origin: { x: 0, y: 0, z: 0 },
				units: { x: "micrometer", z: "millimeter" },
				channels: [{ label: "DAPI", color: "0000FF" }, { label: "a > b" }],
				otherFiles: [],
			},
			expect.objectContaining({ index: 1, name: "x > y", pages: [2], pageAxes: [], channels: [] }),
		]);
		expect(tiff.strayPages).toEqual([5]);
		const first = await tiffToSpatialImage(tiff, { series: 0 });
		expect([first.dims, first.shape]).toEqual([
			["c", "z", "y", "x"],
			[2, 2, 3, 4],
		]);
		expect([0, 1].map((c) => [0, 1].map((z) => first.at(c, z, 0, 0)))).toEqual([
			[60, 0],
			[80, 20],
		]);
	});

	it("are found in a file of our own writer", async () => {
		const planes = [0, 2].map((n) =>
			image('SizeZ="2"', `<TiffData IFD="${n}" PlaneCount="2"/>`, `Name="part ${n}"`),
		);
		const data = Uint16Array.from({ length: 4 * 6 }, (_, i) => i);
		const bytes = await writeTiff(
			{ data, shape: [4, 2, 3], dtype: "uint16" },
			{ description: ome(...planes) },
		);
		const tiff = await openTiff(bytes);
		expect(tiff.series.map(({ name, pages: own }) => [name, own])).toEqual([
			["part 0", [0, 1]],
			["part 2", [2, 3]],
		]);
		expect([...(await tiffToSpatialImage(tiff, { series: 1 })).data]).toEqual([...data.slice(12)]);
	});

	it("have the copies below their pages as levels", async () => {
		const below = (first: number) => [page(4, 3, first), page(2, 2, first), page(4, 6, first)];
		const tiff = await open(
			[page(8, 6, 0, { below: below(100) }), page(8, 6, 9, { below: below(200) }), page(5, 5)],
			ome(
				image('SizeT="2"', '<TiffData IFD="0" PlaneCount="2"/>'),
				image("", '<TiffData IFD="2" PlaneCount="1"/>'),
			),
		);
		expect((await tiff.seriesLevels(0)).map(({ sub, first }) => [sub, first.shape])).toEqual([
			[undefined, [6, 8]],
			[0, [3, 4]],
			[1, [2, 2]],
		]);
		const level = await tiffToSpatialImage(tiff, { series: 0, level: 2 });
		expect([level.dims, [...level.data]]).toEqual([
			["t", "y", "x"],
			[100, 101, 102, 103, 200, 201, 202, 203],
		]);
		expect(await tiff.seriesLevels(1)).toHaveLength(1);
		const uneven = await open(
			[page(8, 6, 0, { below: [page(4, 3)] }), page(8, 6, 0, { below: [page(2, 3)] })],
			ome(image('SizeZ="2"', "<TiffData/>")),
		);
		await expect(tiffToSpatialImage(uneven, { series: 0, level: 1 })).rejects.toMatchObject({
			code: "tiff-pages-differ",
		});
	});

	const file = (name: string) => `<UUID FileName="${name}">urn:uuid:${name}</UUID>`;
	it.each([
		["names page 6, and the file has 6", image('SizeZ="3"', '<TiffData IFD="4" PlaneCount="3"/>')],
		["names page 4 twice", image('SizeZ="2"', '<TiffData IFD="4"/><TiffData IFD="4" FirstZ="1"/>')],
		["names page 2, which belongs to image 1 (“x > y”) already", image("", '<TiffData IFD="2"/>')],
		["puts the pages 4 and 5 at one place", image('SizeZ="2"', '<TiffData IFD="4"/><TiffData IFD="5"/>')],
		["names no pages", image('SizeZ="2"', "")],
		["names no pages", image('SizeZ="2"', "<MetadataOnly/>")],
		["places a page at t 1, and has 1", image("", '<TiffData IFD="4" FirstT="1"/>')],
		["names more pages than the 1", image("", '<TiffData IFD="4" PlaneCount="2"/>')],
		["should have 1 t × 1 c × 3 z pages", image('SizeZ="3"', '<TiffData IFD="4" PlaneCount="2"/>')],
		["should have", image('SizeZ="999999999999999"', '<TiffData IFD="4"/>')],
		["names page 6", image('SizeZ="999999999999999"', '<TiffData IFD="4" PlaneCount="999999999999999"/>')],
		["is in other files: b.ome.tif", image("", `<TiffData>${file("b.ome.tif")}</TiffData>`)],
		[
			"has 1 of its 2 pages here, and others are in other files: b.ome.tif",
			image(
				'SizeZ="2"',
				`<TiffData IFD="4">${file("several.ome.tif")}</TiffData><TiffData FirstZ="1" IFD="0">${file("b.ome.tif")}</TiffData>`,
			),
		],
	])("say what is wrong: %s", async (message, third) => {
		const first = image("", `<TiffData IFD="0">${file("several.ome.tif")}</TiffData>`);
		const second = image("", '<TiffData IFD="2"/>', 'Name="x &gt; y"');
		const same = [...pages.slice(0, 4), page(4, 3, 80), page(4, 3, 80)];
		const tiff = await open(same, ome(first, second, third));
		expect(tiff.series.map(({ problem }) => problem !== undefined)).toEqual([false, false, true]);
		const { problem } = tiff.series[2];
		expect(problem?.message).toMatch(/^Image 2 /);
		expect(problem?.message).toContain(message);
		expect(problem?.where).toBe("several.ome.tif#series/2");
		await expect(tiffToSpatialImage(tiff, { series: 2 })).rejects.toBe(problem);
		expect((await tiffToSpatialImage(tiff, { series: 1 })).at(0, 0)).toBe(5);
	});

	it("know this file by its UUID when it was renamed", async () => {
		const data = (name: string) => `<TiffData IFD="0">${file(name)}</TiffData>`;
		const xml = ome(image("", data("a")), image("", data("b"))).replace("<OME ", '<OME UUID="urn:uuid:b" ');
		const tiff = await open([page(4, 3, 7)], xml, "renamed.tif");
		expect(tiff.series.map(({ pages: own, otherFiles }) => [own, otherFiles])).toEqual([
			[[], ["a"]],
			[[0], []],
		]);
	});

	it("of pages of several forms are named as such", async () => {
		const tiff = await open(
			pages,
			ome(image('SizeZ="2"', '<TiffData IFD="1" PlaneCount="2"/>', 'Name="mix"')),
		);
		expect(tiff.series[0].problem).toMatchObject({
			code: "tiff-pages-differ",
			message: expect.stringMatching(/^Image 0 \(“mix”\) is no stack.*page 2 is 7 × 9/),
		});
	});

	it("stand beside the pixels without the places of pages, and without images that are left out", () => {
		const xml = readOmeXml(
			ome(
				image(
					'SizeZ="2"',
					'<Channel/><TiffData IFD="0"><UUID>u</UUID></TiffData><TiffData/><Plane/>',
					'ID="a"',
				),
				image("", "<TiffData/>", 'ID="b"'),
				'<Plate><WellSample><ImageRef ID="a"/></WellSample><WellSample><ImageRef ID="b"/></WellSample></Plate>',
			),
		);
		expect(metadataOnly(xml, [0])).toBe(
			ome(
				image('SizeZ="2"', "<Channel/><MetadataOnly/><Plane/>", 'ID="a"'),
				'<Plate><WellSample><ImageRef ID="a"/></WellSample><WellSample></WellSample></Plate>',
			),
		);
	});
});
