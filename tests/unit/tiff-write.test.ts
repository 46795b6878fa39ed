import { fromArrayBuffer } from "geotiff";
import { describe, expect, test } from "vitest";
import { ChunkwiseError } from "../../src/lib/errors.ts";
import type { Progress } from "../../src/lib/progress.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { type TiffWriteOptions, writeTiff } from "../../src/lib/tiff/write.ts";
import { allocate, type DataType, type NumberArray } from "../../src/lib/types.ts";

const integers = ["uint8", "int8", "uint16", "int16", "uint32", "int32"] as const;
const floats = ["float32", "float64"] as const;

/** Values over the whole range of the type, so that differences wrap around. */
function image(dtype: (typeof integers)[number] | (typeof floats)[number], shape: number[]) {
	const data = allocate(
		dtype,
		shape.reduce((a, b) => a * b, 1),
	) as NumberArray;
	for (let i = 0; i < data.length; i++)
		data[i] = dtype.startsWith("float") ? i / 7 - 3 : (i * 2654435761) >>> 5;
	return { data, shape, dtype: dtype as DataType };
}

async function failing(promise: Promise<unknown>): Promise<ChunkwiseError> {
	const error = await promise.then(
		() => undefined,
		(reason) => reason,
	);
	expect(error).toBeInstanceOf(ChunkwiseError);
	expect(error.remedy).toBeTruthy();
	return error;
}

describe("what is written is read back by geotiff.js and by openTiff", () => {
	const variants: [string, TiffWriteOptions][] = [
		["as it comes", {}],
		["in strips of 3 rows", { rowsPerStrip: 3 }],
		["without predictor", { predictor: false }],
		["uncompressed", { deflate: false }],
	];
	for (const dtype of [...integers, ...floats]) {
		for (const [name, options] of variants) {
			test(`${dtype} ${name}`, async () => {
				const original = image(dtype, [3, 10, 17]);
				const before = original.data.slice();
				const bytes = await writeTiff(original, options);
				expect(original.data).toEqual(before);

				const peer = await fromArrayBuffer(bytes.buffer);
				expect(await peer.getImageCount()).toBe(3);
				for (let z = 0; z < 3; z++) {
					const page = await peer.getImage(z);
					expect([page.getWidth(), page.getHeight(), page.getSamplesPerPixel()]).toEqual([17, 10, 1]);
					const [values] = (await page.readRasters()) as unknown as NumberArray[];
					expect(values).toEqual(original.data.slice(z * 170, (z + 1) * 170));
				}

				const tiff = await openTiff(bytes);
				expect(tiff.pages[0].predictor).toBe(
					options.predictor !== false && options.deflate !== false && !dtype.startsWith("float") ? 2 : 1,
				);
				expect(await tiff.readStack()).toEqual(original);
			});
		}
	}

	test("a single page", async () => {
		const original = image("uint16", [5, 6]);
		expect(await (await openTiff(await writeTiff(original))).readStack()).toEqual(original);
	});
});

describe("tags", () => {
	test("describe the image, with spacing 1 where none is given", async () => {
		const bytes = await writeTiff(image("uint16", [2, 5, 6]), {
			description: "Synthetic, 10 µm\nsecond line",
			software: "test 1",
		});
		const tiff = await openTiff(bytes);
		expect(tiff.metadata.ImageDescription).toBe("Synthetic, 10 ?m\nsecond line");
		expect(tiff.metadata.Software).toBe("test 1");
		expect(tiff.spacing).toEqual({ x: 1, y: 1, z: 1 });
		expect(tiff.units).toEqual({});
		expect(tiff.dims).toEqual(["z", "y", "x"]);
		const peer = await fromArrayBuffer(bytes.buffer);
		expect((await peer.getImage(1)).fileDirectory.hasTag("ImageDescription")).toBe(false);
	});

	test("carry a spacing as ImageJ writes it", async () => {
		const bytes = await writeTiff(image("uint16", [4, 5, 6]), {
			spacing: { x: 0.125, y: 0.25, z: 0.2, unit: "um" },
			description: "more",
		});
		const tiff = await openTiff(bytes);
		expect(tiff.spacing).toEqual({ x: 0.125, y: 0.25, z: 0.2 });
		expect(tiff.units).toEqual({ x: "micrometer", y: "micrometer", z: "micrometer" });
		expect(tiff.pageAxes).toEqual([{ name: "z", size: 4 }]);
	});

	test("of all pages lie before the pixels, so that one request finds them", async () => {
		const bytes = await writeTiff(image("uint16", [20, 30, 40]), { deflate: false });
		const peer = await fromArrayBuffer(bytes.buffer.slice(0, bytes.length - 20 * 30 * 40 * 2));
		expect(await peer.getImageCount()).toBe(20);
	});
});

test("progress counts pages, and an abort ends the writing", async () => {
	const progress: Progress[] = [];
	const original = image("uint16", [5, 4, 4]);
	await writeTiff(original, { onProgress: (p) => progress.push(p) });
	expect(progress.map((p) => p.done)).toEqual([1, 2, 3, 4, 5]);
	expect(progress[0]).toMatchObject({ total: 5, unit: "pages" });
	const reason = new Error("stopped");
	const controller = new AbortController();
	const stopped = writeTiff(original, {
		signal: controller.signal,
		onProgress: () => controller.abort(reason),
	});
	await expect(stopped).rejects.toBe(reason);
});

describe("what cannot be written is refused", () => {
	const cases: [string, Parameters<typeof writeTiff>][] = [
		["a shape that is not the data's", [{ ...image("uint16", [2, 3, 4]), shape: [2, 3, 5] }]],
		["four axes", [{ ...image("uint16", [2, 3, 4]), shape: [1, 2, 3, 4] }]],
		["no pages", [{ data: new Uint16Array(0), shape: [0, 3, 4], dtype: "uint16" }]],
		["a type that is not the data's", [{ ...image("uint16", [2, 3, 4]), dtype: "uint32" }]],
		["differences of floating point", [image("float32", [2, 3, 4]), { predictor: true }]],
		["differences without compression", [image("uint16", [2, 3, 4]), { predictor: true, deflate: false }]],
		["strips without rows", [image("uint16", [2, 3, 4]), { rowsPerStrip: 0 }]],
		["a spacing of zero", [image("uint16", [2, 3, 4]), { spacing: { x: 0, y: 1, unit: "um" } }]],
	];
	for (const [name, call] of cases) {
		test(name, async () => expect((await failing(writeTiff(...call))).code).toBe("tiff-write"));
	}
});
