/** What an OME-TIFF says of channels, of other files, and of smaller copies. */
import { expect, test } from "vitest";
import { isChunkwiseError } from "../../src/lib/errors.ts";
import { tiffParts } from "../../src/lib/tiff/ome.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { tiffToSpatialImage } from "../../src/lib/tiff/spatial.ts";
import { buildTiff, testValues } from "./tiff-builder.ts";

const page = { width: 3, height: 2, dtype: "uint8" as const, values: testValues("uint8", 6) as Uint8Array };

async function partsOf(description: string, name = "f0.ome.tif") {
	const bytes = buildTiff({ pages: [{ ...page, tags: { 270: [2, description] } }] });
	return tiffParts(await openTiff(new File([bytes as Uint8Array<ArrayBuffer>], name)));
}

const ome = (inside: string) => `<?xml version="1.0"?><OME xmlns="x">${inside}</OME>`;
const planes = ["f0", "f1"].map(
	(n) => `<TiffData><UUID FileName="${n}.ome.tif">urn:uuid:${n}</UUID></TiffData>`,
);

test("channels and the files of an image", async () => {
	const channels = `<Channel ID="a" Name="DAPI &amp; more"/><Channel ID="b"/>`;
	const xml = ome(`<Image><Pixels SizeX="3" SizeY="2">${channels}${planes.join("")}</Pixels></Image>`);
	expect(await partsOf(xml)).toEqual({
		channelNames: ["DAPI & more", ""],
		otherFiles: ["f1.ome.tif"],
		smallerCopies: 0,
	});
});

test("a companion file", async () => {
	const parts = await partsOf(ome(`<BinaryOnly MetadataFile="all.companion.ome" UUID="urn:uuid:1"/>`));
	expect(parts.otherFiles).toEqual(["all.companion.ome"]);
});

test("a file that was renamed is alone all the same", async () => {
	const xml = ome(`<Image><Pixels SizeX="3" SizeY="2">${planes[0]}</Pixels></Image>`);
	expect((await partsOf(xml, "renamed.tif")).otherFiles).toEqual([]);
});

test("another description", async () => {
	expect(await partsOf("ImageJ=1.53")).toEqual({ channelNames: [], otherFiles: [], smallerCopies: 0 });
});

const small = (width: number, height: number, first: number) => ({
	width,
	height,
	dtype: "uint8" as const,
	values: Uint8Array.from({ length: width * height }, (_, i) => first + i),
});

test.each([false, true])("smaller copies below the pages, BigTIFF %s", async (bigTiff) => {
	const pages = [0, 1].map((n) => ({
		...small(4, 4, 100 * n),
		below: [
			{ ...small(2, 2, 50 + 100 * n), tags: { 254: [4, [1]] as [number, number[]] } },
			small(1, 1, 70 + 100 * n),
		],
	}));
	const tiff = await openTiff(buildTiff({ pages, bigTiff }));
	expect(tiff.pages.map((p) => [p.shape, p.subPageCount])).toEqual([
		[[4, 4], 2],
		[[4, 4], 2],
	]);
	expect((await tiff.subPages(1)).map((p) => [p.index, p.shape, p.dtype, p.reduced ?? false])).toEqual([
		[0, [2, 2], "uint8", true],
		[1, [1, 1], "uint8", false],
	]);
	expect([...(await tiff.readSubPage(1, 0)).data]).toEqual([150, 151, 152, 153]);
	expect([...(await tiff.readSubPage(0, 1)).data]).toEqual([70]);
	await expect(tiff.readSubPage(0, 2)).rejects.toMatchObject({ code: "no-such-page" });
	await expect(tiff.subPages(2)).rejects.toMatchObject({ code: "no-such-page" });
});

test("a list of smaller copies that points nowhere", async () => {
	const tags = { 330: [4, [1_000_000]] as [number, number[]] };
	const tiff = await openTiff(buildTiff({ pages: [{ ...small(2, 2, 0), tags }] }));
	await expect(tiff.subPages(0)).rejects.toMatchObject({ code: "tiff-truncated" });
	expect([...(await tiff.readPage(0)).data]).toEqual([0, 1, 2, 3]);
	const endless = { 330: [4, new Array(300).fill(8)] as [number, number[]] };
	const other = await openTiff(buildTiff({ pages: [{ ...small(2, 2, 0), tags: endless }] }));
	await expect(other.subPages(0)).rejects.toMatchObject({ code: "tiff-corrupt" });
});

async function stack(description: string, count: number) {
	const pages = Array.from({ length: count }, (_, n) => ({
		...small(2, 1, 10 * n),
		...(n === 0 ? { tags: { 270: [2, description] as [number, string] } } : {}),
	}));
	return openTiff(buildTiff({ pages }));
}

const sizes = (order: string, z: number, c: number, t: number) =>
	`DimensionOrder="${order}" SizeX="2" SizeY="1" SizeZ="${z}" SizeC="${c}" SizeT="${t}" Type="uint8"`;

/** Number of the page that holds each plane, in the order t, c, z. */
async function pagesOf(description: string, count: number): Promise<[string, number[]]> {
	const image = await tiffToSpatialImage(await stack(description, count));
	return [
		image.dims.join(""),
		[...image.data].filter((_, i) => i % 2 === 0).map((value) => Number(value) / 10),
	];
}

test.each([
	["XYZCT", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
	["XYCZT", [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]],
	["XYTCZ", [0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11]],
])("pages in the order %s become t, c, z", async (order, expected) => {
	const xml = ome(`<Image><Pixels ${sizes(order, 3, 2, 2)}><TiffData/></Pixels></Image>`);
	expect(await pagesOf(xml, 12)).toEqual(["tczyx", expected]);
});

test("TiffData says which plane is on which page, whatever the order says", async () => {
	const data = [0, 1, 2, 3, 4, 5].map(
		(n) => `<TiffData IFD="${n}" FirstC="${n % 2}" FirstZ="${Math.floor(n / 2)}" FirstT="0" PlaneCount="1"/>`,
	);
	const of = (elements: string[]) =>
		ome(`<Image><Pixels ${sizes("XYZCT", 3, 2, 1)}>${elements.join("")}</Pixels></Image>`);
	expect(await pagesOf(of(data), 6)).toEqual(["czyx", [0, 2, 4, 1, 3, 5]]);
	const swapped = [...data];
	swapped[0] = data[0].replace('IFD="0"', 'IFD="5"');
	swapped[5] = data[5].replace('IFD="5"', 'IFD="0"');
	await expect(pagesOf(of(swapped), 6)).rejects.toMatchObject({ code: "tiff-not-one-image" });
});

test("several images, or a part of one, are no stack", async () => {
	const pixels = `<Image><Pixels ${sizes("XYZCT", 2, 1, 1)}><TiffData/></Pixels></Image>`;
	await expect(pagesOf(ome(pixels + pixels), 4)).rejects.toThrow("4 pages are 2 images");
	const part = ome(`<Image><Pixels ${sizes("XYZCT", 4, 1, 1)}>${planes.join("")}</Pixels></Image>`);
	const error = await pagesOf(part, 2).catch((caught) => caught);
	expect(isChunkwiseError(error) && error.message).toMatch(
		/1 t × 1 c × 4 z pages.*f0\.ome\.tif, f1\.ome\.tif/,
	);
	const tiff = await stack(part, 2);
	expect((await tiffToSpatialImage(tiff, { page: 1 })).shape).toEqual([1, 2]);
	expect((await tiff.readStack()).shape).toEqual([2, 1, 2]);
});

test("a hyperstack of ImageJ", async () => {
	const text = "ImageJ=1.53t\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\n";
	expect(await pagesOf(text, 12)).toEqual(["tczyx", [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]]);
});
