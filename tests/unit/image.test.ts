import { describe, expect, it } from "vitest";
import { displaySymbol } from "../../src/lib/display.ts";
import { readImage } from "../../src/lib/image/image.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { fileSource } from "../../src/lib/stores/node-file.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";
import { buildTiff, type PageSpec, testValues } from "./tiff-builder.ts";

const page = (spec: Partial<PageSpec> = {}, seed = 1): PageSpec => ({
	width: 5,
	height: 3,
	dtype: "uint16",
	values: testValues(spec.dtype ?? "uint16", 15 * (spec.samples ?? 1), seed),
	...spec,
});

describe("readImage", () => {
	it("gives a stack as ITK sees it: x, y, z, and values in C order", async () => {
		const pages = [page(), page({}, 2), page({}, 3), page({}, 4)];
		pages[0].tags = {
			270: [2, "ImageJ=1.54f\nimages=4\nslices=4\nunit=micron\nspacing=2.5\nzorigin=1\n"],
			282: [5, [4, 1]],
			283: [5, [2, 1]],
			296: [3, [1]],
			305: [2, "by hand"],
		};
		const image = await readImage({
			blob: new Blob([buildTiff({ pages }) as Uint8Array<ArrayBuffer>]),
			name: "four.tif",
		});
		expect(image).toMatchObject({
			name: "four.tif",
			imageType: { dimension: 3, componentType: "uint16", pixelType: "Scalar", components: 1 },
			size: [5, 3, 4],
			spacing: [0.25, 0.5, 2.5],
			origin: [0, 0, -2.5],
			direction: [
				[1, 0, 0],
				[0, 1, 0],
				[0, 0, 1],
			],
			units: ["micrometer", "micrometer", "micrometer"],
		});
		expect(image.metadata.get("Software")).toBe("by hand");
		expect([...image.data]).toEqual(pages.flatMap((p) => [...(p.values as Uint16Array)]));

		const spatial = toSpatialImage(image);
		expect([spatial.dims, spatial.shape, spatial.scale, spatial.translation.z]).toEqual([
			["z", "y", "x"],
			[4, 3, 5],
			{ z: 2.5, y: 0.5, x: 0.25 },
			-2.5,
		]);
	});

	it("gives one page two dimensions", async () => {
		const image = await readImage(
			new File([buildTiff({ pages: [page()] }) as Uint8Array<ArrayBuffer>], "one.tif"),
		);
		expect([image.name, image.size, image.spacing, image.units]).toEqual([
			"one.tif",
			[5, 3],
			[1, 1],
			undefined,
		]);
		expect(image.direction).toEqual([
			[1, 0],
			[0, 1],
		]);
	});

	it("does not take channels for slices of a given thickness", async () => {
		const pages = [page(), page({}, 2)];
		pages[0].tags = {
			270: [2, "ImageJ=1.54f\nimages=2\nchannels=2\nunit=mm\nspacing=9\n"],
			282: [5, [2, 1]],
			283: [5, [2, 1]],
		};
		const image = await readImage(buildTiff({ pages }));
		expect([image.spacing, image.units]).toEqual([
			[0.5, 0.5, 1],
			["millimeter", "millimeter", undefined],
		]);
	});

	it("gives colours side by side, however they are stored", async () => {
		for (const planar of [false, true]) {
			const spec = page({ samples: 3, planar, dtype: "uint8" });
			const image = await readImage(buildTiff({ pages: [spec, spec] }));
			expect(image.imageType).toEqual({
				dimension: 3,
				componentType: "uint8",
				pixelType: "RGB",
				components: 3,
			});
			expect(image.size).toEqual([5, 3, 2]);
			const values = spec.values as Uint8Array;
			const at = (i: number, sample: number) => (planar ? values[sample * 15 + i] : values[i * 3 + sample]);
			const one = Array.from({ length: 45 }, (_, i) => at(Math.floor(i / 3), i % 3));
			expect([...image.data]).toEqual([...one, ...one]);
		}
	});

	it("refuses what is no image, and input that holds no bytes", async () => {
		await expect(readImage(new TextEncoder().encode("<html>"))).rejects.toMatchObject({ code: "not-a-tiff" });
		await expect(readImage("cells.tif" as never)).rejects.toMatchObject({
			code: "not-bytes",
			message: "Bytes cannot be read from a string.",
		});
	});
});

describe("the text of an image", () => {
	it("has the lines of ITK's print that tell of the image", async () => {
		const pages = [page({ dtype: "float32" }), page({ dtype: "float32" }, 2)];
		pages[0].tags = {
			305: [2, "by hand"],
			282: [5, [3, 1]],
			283: [5, [72, 1]],
			296: [3, [3]],
			270: [2, `a\n${"long ".repeat(99)}`],
		};
		const image = await readImage(buildTiff({ pages }));
		const text = String(image);
		expect(text.split("\n").slice(0, -1)).toEqual([
			"Image: image.tif",
			"RTTI typeinfo:   class itk::Image<float,3>",
			"Component type: float32",
			"Dimension: 3",
			"Size: [5, 3, 2]",
			"Spacing: [3.33333, 0.138889, 1]",
			"Origin: [0, 0, 0]",
			"Units: [millimeter, millimeter, none]",
			"Direction:",
			"1 0 0",
			"0 1 0",
			"0 0 1",
			"Bytes: 120 (120 B)",
			"Metadata:",
			expect.stringMatching(/^ {2}ImageDescription: a long long .{170,200} …$/),
		]);
		expect(text).toMatch(/\n {2}Software: by hand$/);
		expect(image[displaySymbol]()).toEqual({ kind: "text", text });
	});

	it("names vector pixels by ITK's classes", async () => {
		const type = async (samples: number) =>
			String(await readImage(buildTiff({ pages: [page({ samples, dtype: "uint8" })] })))
				.split("\n")[1]
				.slice(17);
		expect(await type(3)).toBe("class itk::Image<itk::RGBPixel<unsigned char>,2>");
		expect(await type(4)).toBe("class itk::Image<itk::RGBAPixel<unsigned char>,2>");
		expect(await type(2)).toBe("class itk::VectorImage<unsigned char,2>");
	});
});

describe.skipIf(!fixturesDir)("the course's sample", () => {
	it("reads as the reference shows it", async () => {
		const source = await fileSource(fixture("derived/HL50_cell.tif"));
		const image = await readImage(source);
		await source.close();
		expect(image).toMatchObject({
			name: "HL50_cell.tif",
			imageType: { dimension: 3, componentType: "uint16", pixelType: "Scalar", components: 1 },
			size: [363, 212, 129],
			spacing: [1, 1, 1],
			origin: [0, 0, 0],
		});
		// The ends of the first row.
		expect([...image.data.subarray(0, 3), ...image.data.subarray(360, 363)]).toEqual([
			95, 96, 84, 89, 93, 97,
		]);
		expect(String(image)).toContain("Bytes: 19854648 (18.93 MiB)");
	});
});
