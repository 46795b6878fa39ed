/** The image that the compression lab measures: of a TIFF only the middle is read. */
import { describe, expect, it } from "vitest";
import { labImageOf } from "../../src/components/figures/codecs/lab-image.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { writeZip } from "../../src/lib/stores/zip-write.ts";
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

	/** 140 planes of 6 × 8 voxels, each with the number of its plane. */
	const stored = async (write: typeof toNgffZarr | typeof toN5) => {
		const data = Uint16Array.from({ length: 140 * 48 }, (_, i) => Math.floor(i / 48));
		const store = memoryStore();
		await write(store, await toMultiscale(toSpatialImage({ data, shape: [140, 6, 8] }), [2]));
		return store;
	};

	it.each([
		["an OME-Zarr", toNgffZarr],
		["an N5", toN5],
	])("is the middle of %s in a zip, of its finest level", async (_, write) => {
		const zip = await writeZip(await stored(write));
		const mine = new File([zip], "mine.ozx");
		const { name, shape, middle } = await labImageOf({ kind: "own", own: { kind: "files", files: [mine] } });
		expect([name, shape, middle.shape, middle.dtype]).toEqual([
			"mine.ozx",
			[140, 6, 8],
			[128, 6, 8],
			"uint16",
		]);
		expect([middle.values[0], middle.values.at(-1)]).toEqual([6, 133]);
	});

	it("is in a folder that was dropped as files with their keys", async () => {
		const store = await stored(toNgffZarr);
		const keys: string[] = [];
		const files: File[] = [];
		for (const key of await store.list()) {
			keys.push(key);
			files.push(new File([(await store.get(`/${key}`)) as Uint8Array<ArrayBuffer>], "x"));
		}
		const { name, middle } = await labImageOf({ kind: "own", own: { kind: "files", files, keys } });
		expect([name, middle.shape]).toEqual(["your folder", [128, 6, 8]]);
	});

	it("is a TIFF that was chosen, and no zip without an image", async () => {
		const tiff = new File([file([page(7)])], "a.tif");
		const { shape } = await labImageOf({ kind: "own", own: { kind: "files", files: [tiff] } });
		expect(shape).toEqual([10, 20]);
		const empty = new File(
			[await writeZip(memoryStore(new Map([["/notes.txt", new Uint8Array(3)]])))],
			"empty.zip",
		);
		await expect(labImageOf({ kind: "own", own: { kind: "files", files: [empty] } })).rejects.toMatchObject({
			remedy: expect.any(String),
		});
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
