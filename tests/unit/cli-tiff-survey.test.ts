/** How `info` counts the pages of a TIFF that is far away, and when it does not trust what the file says of them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { infoOf } from "../../src/cli/info-command.ts";
import { infoText } from "../../src/cli/info-text.ts";
import { serveFolder } from "../../src/cli/serve.ts";
import { product } from "../../src/lib/types.ts";
import { buildTiff, type PageSpec, type TagSpec } from "./tiff-builder.ts";

/** Pages further apart than one request reaches. */
const width = 200;
const height = 200;
/** Values of so many bits: compressed pages are then of different sizes. */
function noise(length: number, bits: number): Uint16Array {
	let state = bits;
	return Uint16Array.from({ length }, () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state >>> (32 - bits);
	});
}

let folder: string;
let served: Awaited<ReturnType<typeof serveFolder>>;

function stack(
	pages: number,
	options: { compression?: 1 | 8; description?: string; last?: number } = {},
): Uint8Array {
	const specs = Array.from({ length: pages }, (_, page): PageSpec => {
		const rows = page === pages - 1 ? (options.last ?? height) : height;
		return {
			width,
			height: rows,
			dtype: "uint16",
			compression: options.compression ?? 1,
			values: noise(width * rows, 9 + (page % 5)),
			tags: page === 0 && options.description ? { 270: [2, options.description] as TagSpec } : {},
		};
	});
	return buildTiff({ pages: specs });
}

async function asked(file: Uint8Array) {
	writeFileSync(join(folder, "stack.tif"), file);
	const [far, here] = [await infoOf(`${served.url}stack.tif`), await infoOf(join(folder, "stack.tif"))];
	expect(far.images).toEqual(here.images);
	return far;
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise survey "));
	served = await serveFolder(folder, { port: 0 });
});

afterAll(async () => {
	await served.close();
	rmSync(folder, { recursive: true, force: true });
});

const ome = (sizes: string, more = "") =>
	`<?xml version="1.0"?><OME><Image><Pixels DimensionOrder="XYZCT" ${sizes}>${more}</Pixels></Image></OME>`;

it.each([
	["constant distances", 20, {}, "distance between directories"],
	[
		"constant distances and a true description",
		20,
		{ description: "ImageJ=1.54f\nimages=20\nslices=20\n" },
		"distance between directories",
	],
	["ImageJ", 16, { compression: 8, description: "ImageJ=1.54f\nimages=16\nslices=16\n" }, "ImageJ"],
	["tifffile", 16, { compression: 8, description: '{"shape": [4, 4, 200, 200]}' }, "tifffile"],
	["OME", 16, { compression: 8, description: ome('SizeZ="4" SizeC="2" SizeT="2"') }, "OME-XML"],
] as const)("takes at most 6 requests with %s", async (_, pages, options, basis) => {
	const found = await asked(stack(pages, options));
	const [{ levels, axes }] = found.images;
	expect(product(levels[0].shape)).toBe(pages * width * height);
	expect(axes.map((axis) => axis.name).join("")).toBe(basis === "OME-XML" ? "tczyx" : "zyx");
	expect(found.pages).toMatchObject({ count: pages, basis });
	expect(found.pages?.read).toBeLessThan(pages);
	expect(found.requests).toBeLessThanOrEqual(6);
	expect(found.bytes).toBeLessThanOrEqual(100_000);
	expect(infoText(found)).toContain(`${pages} pages by`);
});

it.each([
	["no word of it", 12, { compression: 8 }],
	["too many stated", 12, { compression: 8, description: "ImageJ=1.54f\nimages=64\n" }],
	["too few stated", 12, { compression: 8, description: '{"shape": [2, 200, 200]}' }],
	["more stated than the distance allows", 12, { description: "ImageJ=1.54f\nimages=13\n" }],
	[
		"an image in several files",
		12,
		{
			compression: 8,
			description: ome(
				'SizeZ="24"',
				'<TiffData><UUID FileName="a.tif">x</UUID></TiffData><TiffData><UUID FileName="b.tif">y</UUID></TiffData>',
			),
		},
	],
	["another last page", 12, { last: 100 }],
] as const)("follows the list to its end with %s", async (_, pages, options) => {
	const found = await asked(stack(pages, options));
	if (found.pages) expect(found.pages).toMatchObject({ count: pages, basis: "distance between directories" });
	else expect(found.requests).toBeGreaterThan(6);
});

it("reads many near pages with one request where each has to be looked at", async () => {
	const pages = Array.from(
		{ length: 150 },
		(_, page): PageSpec => ({
			width: 30,
			height: 30,
			dtype: "uint16",
			compression: 8,
			values: noise(900, 9 + (page % 5)),
		}),
	);
	const found = await asked(buildTiff({ pages }));
	expect(found.images[0].levels[0].shape).toEqual([150, 30, 30]);
	expect(found.requests).toBeLessThanOrEqual(8);
});
