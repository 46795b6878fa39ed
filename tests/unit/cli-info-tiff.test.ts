/** What `info` tells of the axes, the smaller copies and the oddities of a TIFF. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { infoOf } from "../../src/cli/info-command.ts";
import { infoText } from "../../src/cli/info-text.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { buildTiff, type PageSpec, type TagSpec } from "./tiff-builder.ts";

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise info "));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const small = (width: number, height: number): PageSpec => ({
	width,
	height,
	dtype: "uint8",
	values: new Uint8Array(width * height),
});

async function told(pages: PageSpec[], description?: string, inner = "") {
	const first = description ? { ...pages[0].tags, 270: [2, description] as TagSpec } : pages[0].tags;
	const path = join(folder, "image.tif");
	writeFileSync(path, buildTiff({ pages: [{ ...pages[0], tags: first }, ...pages.slice(1)] }));
	const result = await infoOf(`${path}${inner}`);
	const [image] = result.images;
	return {
		image,
		axes: image.axes.map((axis) => axis.name).join(" "),
		level: image.levels[0],
		text: infoText(result),
	};
}
const pages = (count: number, page = small(4, 3)) => Array.from({ length: count }, () => page);
const ome = (attributes: string, more = "<TiffData/>") =>
	`<OME><Image><Pixels ${attributes}>${more}</Pixels></Image></OME>`;

it("gives the axes that OME-XML and ImageJ put the pages along", async () => {
	const xml = ome('DimensionOrder="XYCZT" SizeZ="3" SizeC="2" SizeT="2" PhysicalSizeZ="2"');
	const found = await told(pages(12), xml);
	expect([found.axes, found.level.shape]).toEqual(["t z c y x", [2, 3, 2, 3, 4]]);
	expect([found.level.chunks, found.level.scale, found.level.chunkCount]).toEqual([
		[1, 1, 1, 3, 4],
		[1, 2, 1, 1, 1],
		12,
	]);
	const stack = await told(pages(12), xml, "#stack");
	expect([stack.axes, stack.level.shape]).toEqual(["page y x", [12, 3, 4]]);
	const imageJ = await told(pages(6), "ImageJ=1.54f\nimages=6\nchannels=2\nframes=3\n");
	expect([imageJ.axes, imageJ.level.shape]).toEqual(["t c y x", [3, 2, 3, 4]]);
});

it("names the pages' axis no axis of space where OME-XML says that they are something else", async () => {
	const fewer = await told(pages(6), ome('SizeZ="4" SizeC="2"'));
	expect(fewer.text).toContain("and the file has 6");
	const colour = { ...small(4, 3), samples: 3, values: new Uint8Array(36) };
	const channels = await told(pages(2, colour), ome('SizeC="6"'));
	expect([channels.axes, channels.image.layoutProblem]).toEqual(["page y x c", undefined]);
});

it("takes no element from a comment in OME-XML", async () => {
	const found = await told(pages(2), `<!-- ${ome('SizeT="9"')} -->${ome('SizeC="2"')}`);
	expect(found.axes).toBe("c y x");
});

it("tells the shape and type of each smaller copy", async () => {
	const below = [small(2, 2), { ...small(1, 1), dtype: "uint16" as const, values: Uint16Array.of(7) }];
	const found = await told(pages(2, { ...small(4, 3), below }));
	expect(found.image.smallerCopies).toBe(2);
	expect(found.image.smallerPages?.map(({ path, shape, dtype }) => [path, shape, dtype])).toEqual([
		["page/0/sub/0", [2, 2], "uint8"],
		["page/0/sub/1", [1, 1], "uint16"],
	]);
	expect(found.text).toMatch(/#page\/0\/sub\/1 {2}1 × 1 {2}uint16/);
	const other = await told([small(4, 3), { ...small(9, 9), below }], undefined, "#page/1");
	expect(other.image.smallerPages?.[1].path).toBe("page/1/sub/1");
	const nowhere = await told([{ ...small(4, 3), tags: { 330: [4, [1_000_000]] } }]);
	expect(nowhere.text).toContain("1 smaller copy below");
});

it("does not take a page of several slices for one slice", async () => {
	const found = await told([{ ...small(4, 3), tags: { 32997: [4, [5]] } }]);
	expect(found.level.problem?.message).toContain("5 slices (ImageDepth)");
});

it("knows lengths from megametres to picometres by their signs", async () => {
	const unit = async (sign: string) =>
		(await told([small(4, 3)], ome(`PhysicalSizeX="2" PhysicalSizeXUnit="${sign}"`))).image.axes[1].unit;
	expect([
		await unit("Mm"),
		await unit("mm"),
		await unit("MM"),
		await unit("\u212b"),
		await unit("pc"),
	]).toEqual(["megameter", "millimeter", "millimeter", "angstrom", null]);
});

it("reads schemes of compression under their other numbers", async () => {
	for (const [compression, number] of [
		[8, 50013],
		[50000, 34926],
	] as const) {
		const page: PageSpec = { ...small(4, 3), compression, tags: { 259: [3, [number]] } };
		const { level } = await told([{ ...page, values: Uint8Array.from({ length: 12 }, (_, i) => i) }]);
		expect([level.codecs, level.problem]).toEqual([
			[{ name: compression === 8 ? "deflate" : "zstd" }],
			undefined,
		]);
		const tiff = await openTiff(readFileSync(join(folder, "image.tif")));
		expect([...(await tiff.readPage(0)).data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
	}
});
