/** A part of a TIFF's page, and of a TIFF as an image, equals that part of the whole. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tiffSource } from "../../src/lib/convert/tiff-source.ts";
import { copyBlock, type IndexRange } from "../../src/lib/image/select.ts";
import { fileSource } from "../../src/lib/stores/node-file.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { tiffToSpatialImage } from "../../src/lib/tiff/spatial.ts";
import { allExpected, fixture, fixturesDir } from "../support/fixtures.ts";
import { buildTiff, testValues } from "./tiff-builder.ts";

/** Two of the numbers as a range of an axis. */
const rangeOf = (size: number, a: number, b: number): IndexRange => [
	Math.min(a % size, b % size),
	Math.max(a % size, b % size) + 1,
];

const pages = fc.record({
	width: fc.integer({ min: 1, max: 40 }),
	height: fc.integer({ min: 1, max: 40 }),
	rowsPerStrip: fc.integer({ min: 1, max: 41 }),
	tile: fc.option(fc.constantFrom<[number, number]>([16, 16], [32, 16], [16, 48]), { nil: undefined }),
	samples: fc.constantFrom(1, 3),
	planar: fc.boolean(),
	compression: fc.constantFrom<(1 | 8)[]>(1, 8),
	predictor: fc.constantFrom<(1 | 2)[]>(1, 2),
	dtype: fc.constantFrom("uint8" as const, "uint16" as const, "float32" as const, "int64" as const),
	littleEndian: fc.boolean(),
});

describe("a window of a page", () => {
	it("equals that part of the page, in strips and tiles of every kind", async () => {
		await fc.assert(
			fc.asyncProperty(pages, fc.array(fc.nat(10_000), { minLength: 4, maxLength: 4 }), async (page, n) => {
				const { width, height, samples, compression, dtype, littleEndian, ...rest } = page;
				const planar = page.planar && samples > 1;
				const predictor = compression === 8 && dtype !== "float32" ? page.predictor : 1;
				const values = testValues(dtype, width * height * samples);
				const file = buildTiff({
					littleEndian,
					pages: [{ ...rest, width, height, samples, dtype, values, compression, predictor, planar }],
				});
				const tiff = await openTiff(file);
				const { data, shape } = await tiff.readPage(0);
				const rows = rangeOf(height, n[0], n[1]);
				const columns = rangeOf(width, n[2], n[3]);
				const all: IndexRange = [0, samples];
				const region = samples === 1 ? [rows, columns] : planar ? [all, rows, columns] : [rows, columns, all];
				expect(await tiff.readWindow(0, rows, columns)).toEqual(copyBlock(data, shape, region));
			}),
			{ numRuns: 150 },
		);
	});
});

describe("a TIFF as an image", () => {
	it.each([
		["pages", 1, false],
		["colour pages", 3, false],
		["planar pages", 3, true],
	])("gives parts of its %s", async (_, samples, planar) => {
		const [width, height, count] = [9, 7, 5];
		const one = width * height * samples;
		const values = testValues("uint16", one * count);
		const tiff = await openTiff(
			buildTiff({
				pages: Array.from({ length: count }, (__, i) => ({
					width,
					height,
					samples,
					planar,
					dtype: "uint16" as const,
					values: values.subarray(i * one, (i + 1) * one),
					rowsPerStrip: 3,
				})),
			}),
		);
		const whole = await tiffToSpatialImage(tiff, { name: "it" });
		const source = tiffSource(tiff, { name: "it" });
		expect(source).toMatchObject({
			name: "it",
			dims: whole.dims,
			shape: whole.shape,
			dtype: whole.dtype,
			scale: whole.scale,
			translation: whole.translation,
			units: whole.units,
		});
		const region = whole.shape.map((n, axis): IndexRange => [axis % 2, n - ((axis + 1) % 2)]);
		expect(await source.read(region)).toEqual(copyBlock(whole.data, whole.shape, region));
	});
});

describe.skipIf(!fixturesDir)("real files (skipped where ../shared/fixtures is absent)", () => {
	const files = allExpected().filter((entry) => entry.kind === "tiff" && entry.tier === "core");

	it.each(files.map((entry) => [entry.path, entry] as const))(
		"%s: a part equals that part",
		async (_, entry) => {
			const file = await fileSource(fixture(entry.path));
			try {
				const tiff = await openTiff(file);
				const page = tiff.uniform ? undefined : 0;
				const whole = await tiffToSpatialImage(tiff, { page });
				const source = tiffSource(tiff, { page });
				const region = whole.shape.map((n): IndexRange => [Math.floor(n / 3), Math.ceil((3 * n) / 4)]);
				expect(source).toMatchObject({ dims: whole.dims, shape: whole.shape, dtype: whole.dtype });
				expect(await source.read(region)).toEqual(copyBlock(whole.data, whole.shape, region));
			} finally {
				await file.close();
			}
		},
	);
});
