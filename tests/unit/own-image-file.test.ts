/** What the tool "Your own image" says of a file, and how it refuses one. */
import { describe, expect, it } from "vitest";
import { OpenedFile } from "../../src/components/own-image/worker/opened.ts";
import { isChunkwiseError } from "../../src/lib/errors.ts";
import { buildTiff, type PageSpec, testValues } from "./tiff-builder.ts";

const { signal } = new AbortController();
const fileOf = (bytes: BlobPart, name = "cells.ome.tif") => new File([bytes], name);
const page = (width: number, height: number, tags: PageSpec["tags"] = {}): PageSpec => ({
	...{ width, height, dtype: "uint16", rowsPerStrip: 5, tags },
	values: testValues("uint16", width * height) as Uint16Array,
});

async function refused(file: File): Promise<{ message: string; remedy: string; code: string }> {
	const error = await OpenedFile.open(file, signal).then(
		() => undefined,
		(failure) => failure,
	);
	if (!isChunkwiseError(error)) throw new Error("it was not refused with a way out");
	return error;
}

describe("a file", () => {
	it("of ImageJ with channels is told with axes, sizes and units", async () => {
		const words = "ImageJ=1.54f\nimages=6\nchannels=2\nslices=3\nunit=micron\nspacing=2\n";
		const first = { 270: [2, words], 282: [5, [4, 1]], 283: [5, [4, 1]], 296: [3, [1]] } as PageSpec["tags"];
		const bytes = buildTiff({
			pages: Array.from({ length: 6 }, (_, i) => page(20, 12, i === 0 ? first : {})),
		});
		const { facts } = await OpenedFile.open(fileOf(bytes as BlobPart), signal);
		expect(facts).toMatchObject({
			kind: "TIFF of ImageJ",
			pages: 6,
			compression: "none",
			blocks: "strips of 5 rows",
		});
		expect(facts.images).toMatchObject([
			{ name: "cells", dims: ["c", "z", "y", "x"], shape: [2, 3, 12, 20], scale: { z: 2, y: 0.25, x: 0.25 } },
		]);
		expect(facts.images[0].units).toEqual({ z: "micrometer", y: "micrometer", x: "micrometer" });
	});

	it("with pages of several shapes is several images, each to be chosen", async () => {
		const opened = await OpenedFile.open(
			fileOf(buildTiff({ pages: [page(20, 12), page(20, 12), page(8, 6)] }) as BlobPart),
			signal,
		);
		expect(opened.facts.images.map(({ series, shape }) => [series, shape])).toEqual([
			[0, [2, 12, 20]],
			[1, [6, 8]],
		]);
		const { source } = opened.source({
			image: 1,
			scale: { y: 0.5, x: 0.5 },
			units: { y: "micrometer", x: "micrometer" },
		});
		expect(source.scale).toEqual({ y: 0.5, x: 0.5 });
		expect(
			(
				await source.read([
					[0, 6],
					[0, 8],
				])
			).length,
		).toBe(48);
	});
});

describe("what is no TIFF that can be read is refused with a way out that fits", () => {
	it("a microscope's own format, an OME-Zarr, something else, a torn file", async () => {
		const czi = await refused(fileOf("ZISRAWFILE", "a.CZI"));
		expect(czi.message).toContain("Zeiss’s format");
		expect(czi.remedy).toContain("bioformats2raw");
		expect((await refused(fileOf("PK\u0003\u0004", "a.ozx"))).remedy).toContain("OME-Zarr already");
		expect((await refused(fileOf("\u0089PNG\r\n", "a.png"))).message).toContain("“a.png” is not a TIFF file");
		expect((await refused(fileOf("", "empty.tif"))).message).toContain("it is empty");
		const whole = buildTiff({ pages: [page(20, 12)] });
		const torn = await refused(fileOf(whole.slice(0, whole.length - 300) as BlobPart, "torn.tif"));
		expect(torn.code).toMatch(/^tiff-(truncated|corrupt)$/);
	});
});
