import { describe, expect, it } from "vitest";
import { type ByteSource, blobSource, bytesSource } from "../../src/lib/bytes.ts";
import type { Progress } from "../../src/lib/progress.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import type { DataType } from "../../src/lib/types.ts";
import { buildTiff, type PageSpec, testValues } from "./tiff-builder.ts";

const page = (spec: Partial<PageSpec> & { dtype: DataType }, seed = 1): PageSpec => {
	const [width, height, samples] = [spec.width ?? 37, spec.height ?? 23, spec.samples ?? 1];
	return { ...spec, width, height, values: testValues(spec.dtype, width * height * samples, seed) };
};

const integers: DataType[] = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"];
const floats: DataType[] = ["float32", "float64"];

describe("what is stored comes back", () => {
	for (const littleEndian of [true, false]) {
		for (const bigTiff of [true, false]) {
			const order = `${littleEndian ? "little" : "big"}-endian ${bigTiff ? "BigTIFF" : "TIFF"}`;
			it(`every type, compression and predictor, strips and tiles: ${order}`, async () => {
				for (const dtype of [...integers, ...floats]) {
					for (const compression of [1, 5, 8, 32773, 32946, 50000] as const) {
						const predictors =
							compression === 1 || compression === 32773
								? ([1] as const)
								: floats.includes(dtype)
									? ([1, 2, 3] as const)
									: ([1, 2] as const);
						for (const predictor of predictors) {
							for (const layout of [{ rowsPerStrip: 5 }, { tile: [16, 16] as [number, number] }]) {
								const spec = page({ dtype, compression, predictor, ...layout });
								const tiff = await openTiff(buildTiff({ littleEndian, bigTiff, pages: [spec] }));
								const read = await tiff.readPage(0);
								const what = { dtype, compression, predictor, layout };
								expect({ ...what, shape: read.shape, dtype: read.dtype }).toEqual({
									...what,
									shape: [23, 37],
								});
								expect(
									Buffer.compare(bytes(read.data), bytes(spec.values as never)),
									JSON.stringify(what),
								).toBe(0);
							}
						}
					}
				}
			});
		}
	}

	it("samples: chunky last, planar first, with predictors", async () => {
		for (const dtype of ["uint8", "uint16", "uint64", "float32"] as const) {
			for (const planar of [false, true]) {
				for (const predictor of dtype === "float32" ? ([1, 2, 3] as const) : ([1, 2] as const)) {
					for (const layout of [{ rowsPerStrip: 7 }, { tile: [16, 32] as [number, number] }]) {
						const spec = page({ dtype, samples: 3, planar, predictor, compression: 8, ...layout });
						const tiff = await openTiff(buildTiff({ littleEndian: false, pages: [spec] }));
						const read = await tiff.readPage(0);
						expect(read.shape).toEqual(planar ? [3, 23, 37] : [23, 37, 3]);
						expect(tiff.dims).toEqual(planar ? ["c", "y", "x"] : ["y", "x", "c"]);
						expect(read.data).toEqual(spec.values);
					}
				}
			}
		}
	});

	it.each([1, 2, 22, 23, 24, 4294967295])("any number of rows per strip: %i", async (rows) => {
		const spec = page({ dtype: "uint16", compression: 5, rowsPerStrip: Math.min(rows, 23) });
		spec.tags = { 278: [4, [rows]] };
		const { data } = await (await openTiff(buildTiff({ pages: [spec] }))).readPage(0);
		expect(data).toEqual(spec.values);
	});

	it("without RowsPerStrip, SamplesPerPixel, Compression, SampleFormat and byte counts: their defaults", async () => {
		const spec = page({ dtype: "uint8" });
		spec.tags = { 259: null, 277: null, 278: null, 279: null, 284: null, 339: null };
		const { data } = await (await openTiff(buildTiff({ pages: [spec] }))).readPage(0);
		expect(data).toEqual(spec.values);
	});

	it("tags of any integer type", async () => {
		const spec = page({ dtype: "uint8", width: 20, height: 10 });
		spec.tags = { 256: [1, [20]], 257: [3, [10]], 258: [4, [8]], 277: [1, [1]] };
		const { data } = await (await openTiff(buildTiff({ pages: [spec] }))).readPage(0);
		expect(data).toEqual(spec.values);
	});

	it("blocks that are not neighbours, and a strip longer than one read", async () => {
		const spec = page({ dtype: "uint8", rowsPerStrip: 3, compression: 32773 });
		const scattered = await openTiff(buildTiff({ pages: [spec], gap: 9000 }));
		expect((await scattered.readPage(0)).data).toEqual(spec.values);
		const long = page({ dtype: "uint16", width: 2000, height: 1301 });
		const tiff = await openTiff(buildTiff({ littleEndian: false, pages: [long] }));
		expect(Buffer.compare(bytes((await tiff.readPage(0)).data), bytes(long.values as never))).toBe(0);
	});

	it("samples of 1, 4, 12 and 24 bits, and bits stored in reverse", async () => {
		const bit = (values: Uint8Array, width: number, bits: number, fillOrder = 1): Uint8Array => {
			const spec = { width, height: 2, dtype: "uint8" as const, values: new Uint8Array(width * 2) };
			return buildTiff({
				pages: [{ ...spec, tags: { 258: [3, [bits]], 266: [3, [fillOrder]] }, tamper: () => values }],
			});
		};
		const read = async (file: Uint8Array) => (await (await openTiff(file)).readPage(0)).data;
		expect([...(await read(bit(Uint8Array.of(0b10110000, 0b01010000), 4, 1)))]).toEqual([
			1, 0, 1, 1, 0, 1, 0, 1,
		]);
		expect([...(await read(bit(Uint8Array.of(0b00001101, 0b00001010), 4, 1, 2)))]).toEqual([
			1, 0, 1, 1, 0, 1, 0, 1,
		]);
		// Each row begins at a byte: three samples of 4 bits take two.
		expect([...(await read(bit(Uint8Array.of(0x12, 0x30, 0xab, 0xc0), 3, 4)))]).toEqual([
			1, 2, 3, 10, 11, 12,
		]);
		const twelve = await read(bit(Uint8Array.of(0xab, 0xcd, 0xef, 0x12, 0x34, 0x56), 2, 12));
		expect([twelve.constructor.name, ...twelve]).toEqual(["Uint16Array", 0xabc, 0xdef, 0x123, 0x456]);
		const three = await read(bit(Uint8Array.of(1, 2, 3, 4, 5, 6), 1, 24));
		expect([three.constructor.name, ...three]).toEqual(["Uint32Array", 0x010203, 0x040506]);
	});

	it("deflate with what strict decoders refuse: padding after it, no checksum, more than is needed", async () => {
		for (const rowsPerStrip of [2, 200]) {
			const base = page({ dtype: "uint16", width: 100, height: 200, compression: 8, rowsPerStrip });
			for (const tamper of [
				(block: Uint8Array) => Uint8Array.of(...block, 0, 0, 0, 9),
				(block: Uint8Array) => block.subarray(0, block.length - 4),
			]) {
				const tiff = await openTiff(buildTiff({ pages: [{ ...base, tamper }] }));
				expect(Buffer.compare(bytes((await tiff.readPage(0)).data), bytes(base.values as never))).toBe(0);
			}
		}
		// The page says 100 rows and its one strip has 200.
		const long = page({ dtype: "uint16", width: 100, height: 200, compression: 8 });
		const { data } = await (
			await openTiff(buildTiff({ pages: [{ ...long, tags: { 257: [4, [100]] } }] }))
		).readPage(0);
		expect(data).toEqual((long.values as Uint16Array).subarray(0, 100 * 100));
	});

	it("LZW that runs through several clears, and the old form with its bits reversed", async () => {
		const noise = page({ dtype: "uint16", width: 300, height: 100, compression: 5 });
		const { data } = await (await openTiff(buildTiff({ pages: [noise] }))).readPage(0);
		expect(Buffer.compare(bytes(data), bytes(noise.values as never))).toBe(0);
		// Codes of 9 bits from the low bit on: clear 256, 1, 2, the pair made of them 258, end 257.
		const codes = [256, 1, 2, 258, 257];
		const old = new Uint8Array(6);
		codes.forEach((code, i) => {
			for (let bit = 0; bit < 9; bit++) {
				const at = i * 9 + bit;
				if (code & (1 << bit)) old[at >> 3] |= 1 << (at & 7);
			}
		});
		const spec = page({ dtype: "uint8", width: 4, height: 1, compression: 5, tamper: () => old });
		const read = await (await openTiff(buildTiff({ pages: [spec] }))).readPage(0);
		expect([...read.data]).toEqual([1, 2, 1, 2]);
	});
});

const bytes = (array: ArrayBufferView) => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

describe("stacks", () => {
	const pages = Array.from({ length: 9 }, (_, i) =>
		page({ dtype: "uint16", compression: 8, predictor: 2, rowsPerStrip: 6 }, i + 1),
	);
	const stacked = Buffer.concat(pages.map((p) => bytes(p.values as never)));

	it("stacks pages slowest first, from memory, a Blob or ranges alike", async () => {
		const file = buildTiff({ pages });
		for (const input of [file, new Blob([file as Uint8Array<ArrayBuffer>]), bytesSource(file, "nine.tif")]) {
			const tiff = await openTiff(input);
			const { data, shape, dtype } = await tiff.readStack();
			expect([shape, dtype]).toEqual([[9, 23, 37], "uint16"]);
			expect(Buffer.compare(bytes(data), stacked)).toBe(0);
			expect(tiff.dims).toEqual(["z", "y", "x"]);
		}
	});

	it("lists the pages with what they are", async () => {
		const tiff = await openTiff(
			buildTiff({
				littleEndian: false,
				bigTiff: true,
				pages: [
					page({ dtype: "int16", compression: 5, predictor: 2, rowsPerStrip: 4 }),
					page({ dtype: "uint8", samples: 3, planar: true, tile: [16, 16] }),
				],
			}),
		);
		expect([tiff.byteOrder, tiff.bigTiff, tiff.uniform]).toEqual(["big", true, false]);
		expect(tiff.pages).toEqual([
			{
				index: 0,
				width: 37,
				height: 23,
				samplesPerPixel: 1,
				bitsPerSample: 16,
				dtype: "int16",
				compression: "LZW",
				predictor: 2,
				tiled: false,
				planar: false,
				shape: [23, 37],
				chunks: [4, 37],
				chunkCount: 6,
			},
			{
				index: 1,
				width: 37,
				height: 23,
				samplesPerPixel: 3,
				bitsPerSample: 8,
				dtype: "uint8",
				compression: "none",
				predictor: 1,
				tiled: true,
				planar: true,
				shape: [3, 23, 37],
				chunks: [1, 16, 16],
				chunkCount: 18,
			},
		]);
	});

	it("refuses to stack pages that differ, and still reads each", async () => {
		const tiff = await openTiff(
			buildTiff({
				pages: [page({ dtype: "uint8" }), page({ dtype: "uint8", width: 9 }), page({ dtype: "int8" })],
			}),
		);
		expect(tiff.uniform).toBe(false);
		await expect(tiff.readStack()).rejects.toMatchObject({
			code: "tiff-pages-differ",
			message: "The pages do not make a stack: page 0 is 23 × 37 uint8, page 1 is 23 × 9 uint8.",
			remedy: expect.stringContaining("#page/0"),
		});
		expect((await tiff.readPage(1)).shape).toEqual([23, 9]);
		expect((await tiff.readPage(2)).dtype).toBe("int8");
		await expect(tiff.readPage(3)).rejects.toMatchObject({ code: "no-such-page" });
	});

	it("reports every 64 directories, and how many there were", async () => {
		const seen: number[] = [];
		const file = buildTiff({ pages: Array.from({ length: 70 }, () => page({ dtype: "uint8" })) });
		await openTiff(file, { onProgress: ({ done, label }) => label.includes("directory") && seen.push(done) });
		expect(seen).toEqual([64, 70]);
	});

	it("reports each page and stops at once when told", async () => {
		const file = buildTiff({ pages });
		const seen: Progress[] = [];
		const tiff = await openTiff(file);
		await tiff.readStack({ onProgress: (progress) => seen.push(progress) });
		expect(seen.map((progress) => progress.done)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
		expect(seen.every((progress) => progress.total === 9 && progress.unit === "pages")).toBe(true);

		const controller = new AbortController();
		const reads: number[] = [];
		const source: ByteSource = {
			...blobSource(new Blob([file as Uint8Array<ArrayBuffer>])),
			read: async (offset, length, signal) => {
				signal?.throwIfAborted();
				reads.push(offset);
				return file.subarray(offset, offset + length);
			},
		};
		const watched = await openTiff(source);
		const before = reads.length;
		const stopped = watched.readStack({
			signal: controller.signal,
			onProgress: ({ done }) => {
				if (done === 2) controller.abort(new Error("enough"));
			},
		});
		await expect(stopped).rejects.toThrow("enough");
		expect(reads.length - before).toBeLessThan(40);
		await expect(openTiff(file, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
	});

	it("reads a page without reading the others", async () => {
		const file = buildTiff({ pages });
		let asked = 0;
		const tiff = await openTiff({
			...bytesSource(file),
			read: async (offset, length) => {
				asked += length;
				return file.subarray(offset, offset + length);
			},
		});
		asked = 0;
		const { data } = await tiff.readPage(5);
		expect(data).toEqual(pages[5].values);
		expect(asked).toBeLessThan(file.length / 4);
	});

	it("reads ImageJ's slices behind a single directory", async () => {
		for (const littleEndian of [true, false]) {
			const values = testValues("uint16", 4 * 23 * 37);
			const description = "ImageJ=1.53c\nimages=4\nslices=4\nunit=micron\nspacing=0.5\n";
			// One strip of all slices' rows, and a directory that says the height of one.
			const spec: PageSpec = { width: 37, height: 92, dtype: "uint16", values };
			spec.tags = { 257: [4, [23]], 278: [4, [23]], 279: [4, [23 * 37 * 2]], 270: [2, description] };
			const file = buildTiff({ littleEndian, pages: [spec] });
			const tiff = await openTiff(file);
			expect(tiff.pages).toHaveLength(4);
			expect(tiff.pages[3].index).toBe(3);
			expect([tiff.dims, tiff.spacing.z, tiff.units.z]).toEqual([["z", "y", "x"], 0.5, "micrometer"]);
			expect((await tiff.readStack()).data).toEqual(values);
			expect((await tiff.readPage(2)).data).toEqual(values.slice(2 * 23 * 37, 3 * 23 * 37));
			const short = buildTiff({
				pages: [{ ...spec, tags: { ...spec.tags, 270: [2, description.replace(/=4/g, "=400")] } }],
			});
			await expect(openTiff(short)).rejects.toMatchObject({ code: "tiff-truncated" });
		}
	});
});
