import { describe, expect, it } from "vitest";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { tiffToSpatialImage } from "../../src/lib/tiff/spatial.ts";
import { buildTiff, type PageSpec } from "./tiff-builder.ts";

/** Pages of 3 × 2 whose values say where they are: 100 × page + 10 × sample + pixel. */
const pages = (count: number, description: string, samples = 1, planar = false): PageSpec[] =>
	Array.from({ length: count }, (_, page) => ({
		width: 3,
		height: 2,
		samples,
		planar,
		dtype: "uint16",
		values: Array.from({ length: 6 * samples }, (_, i) => {
			const [pixel, sample] = planar ? [i % 6, Math.floor(i / 6)] : [Math.floor(i / samples), i % samples];
			return 100 * page + 10 * sample + pixel;
		}),
		tags: { 270: [2, page === 0 ? description : ""] },
	}));

const open = (...args: Parameters<typeof pages>) => openTiff(buildTiff({ pages: pages(...args) }));

describe("tiffToSpatialImage", () => {
	it("gives hyperstacks their axes in the order t, c, z, whatever the order of the pages", async () => {
		// ImageJ: channels fastest, then slices, then frames.
		const image = await tiffToSpatialImage(
			await open(12, "ImageJ=1.54f\nimages=12\nchannels=2\nslices=3\nframes=2\nspacing=4\n"),
			{ name: "cells" },
		);
		expect([image.name, image.dims, image.shape]).toEqual([
			"cells",
			["t", "c", "z", "y", "x"],
			[2, 2, 3, 2, 3],
		]);
		expect(image.scale).toEqual({ t: 1, c: 1, z: 4, y: 1, x: 1 });
		for (let t = 0; t < 2; t++) {
			for (let c = 0; c < 2; c++) {
				for (let z = 0; z < 3; z++) {
					const page = t * 6 + z * 2 + c;
					expect(image.at(t, c, z, 1, 2)).toBe(100 * page + 5);
				}
			}
		}
	});

	it("takes pages in the right order as they are", async () => {
		const tiff = await open(4, "<OME><Pixels DimensionOrder='XYZCT' SizeZ='2' SizeC='2'/></OME>");
		const image = await tiffToSpatialImage(tiff);
		expect([image.dims, image.shape]).toEqual([
			["c", "z", "y", "x"],
			[2, 2, 2, 3],
		]);
		expect(image.data).toEqual((await tiff.readStack()).data);
	});

	it("makes channels of samples, before z", async () => {
		for (const planar of [false, true]) {
			const image = await tiffToSpatialImage(await open(2, "", 3, planar));
			expect([image.dims, image.shape]).toEqual([
				["c", "z", "y", "x"],
				[3, 2, 2, 3],
			]);
			expect([image.at(2, 1, 1, 0), image.at(0, 1, 0, 0), image.at(1, 0, 0, 2)]).toEqual([123, 100, 12]);
			const one = await tiffToSpatialImage(await open(1, "", 3, planar));
			expect([one.dims, one.shape, one.at(1, 1, 1)]).toEqual([["c", "y", "x"], [3, 2, 3], 14]);
		}
	});

	it("takes one page, and refuses what cannot be told apart", async () => {
		const image = await tiffToSpatialImage(await open(5, ""), { page: 3 });
		expect([image.dims, [...image.data]]).toEqual([
			["y", "x"],
			[300, 301, 302, 303, 304, 305],
		]);
		await expect(tiffToSpatialImage(await open(5, ""), { page: 5 })).rejects.toMatchObject({
			code: "no-such-page",
		});
		const both = await open(2, "ImageJ=1.54f\nimages=2\nchannels=2\n", 3);
		await expect(tiffToSpatialImage(both)).rejects.toMatchObject({ code: "tiff-unsupported" });
	});
});
