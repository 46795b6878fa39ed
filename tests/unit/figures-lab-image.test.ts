/** The image that the compression lab measures: of a TIFF only the middle is read. */
import { describe, expect, it } from "vitest";
import { labImageOf } from "../../src/components/figures/codecs/lab-image.ts";
import { buildTiff, type PageSpec } from "./tiff-builder.ts";

const page = (value: number, width = 20, height = 10): PageSpec => ({
	width,
	height,
	dtype: "uint16",
	values: Array<number>(width * height).fill(value),
});
const file = (pages: PageSpec[]) => new Blob([buildTiff({ pages }) as Uint8Array<ArrayBuffer>]);

describe("the lab's image", () => {
	it("is the middle of a TIFF's pages, and knows the whole shape", async () => {
		const pages = Array.from({ length: 132 }, (_, z) => page(z, 4, 3));
		const { name, shape, middle } = await labImageOf({ kind: "file", file: file(pages), name: "mine.tif" });
		expect([name, shape, middle.shape, middle.dtype]).toEqual([
			"mine.tif",
			[132, 3, 4],
			[128, 3, 4],
			"uint16",
		]);
		expect([middle.values[0], middle.values.at(-1)]).toEqual([2, 129]);
	});

	it("of one page has two axes, and leaves out pages of another size", async () => {
		const one = await labImageOf({ kind: "file", file: file([page(7)]), name: "a.tif" });
		expect([one.shape, one.middle.shape]).toEqual([
			[10, 20],
			[10, 20],
		]);
		const small = await labImageOf({
			kind: "file",
			file: file([page(1), page(9, 4, 4), page(2)]),
			name: "a.tif",
		});
		expect([small.shape, small.middle.values[0], small.middle.values.at(-1)]).toEqual([[2, 10, 20], 1, 2]);
	});

	it("is what a cell gave", async () => {
		const values = Float32Array.from({ length: 30 }, (_, i) => i);
		const { middle } = await labImageOf({ kind: "values", values, shape: [5, 6] });
		expect(middle).toEqual({ values, shape: [5, 6], dtype: "float32" });
	});

	it("is no file of another kind", async () => {
		const refused = labImageOf({ kind: "file", file: new Blob(["no TIFF"]), name: "notes.txt" });
		await expect(refused).rejects.toMatchObject({ code: "not-a-tiff" });
	});
});
