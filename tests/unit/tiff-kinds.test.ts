/** Kinds of TIFF that microscopes seldom write, as tifffile writes them (tests/support/tiff-samples.py). */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileSource } from "../../src/lib/stores/node-file.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { floatsToHalves } from "../../src/lib/zarr/half.ts";
import { buildTiff } from "./tiff-builder.ts";

const samples: Record<string, { file: string; shape: number[]; dtype: string; sha256: string }> = JSON.parse(
	readFileSync(new URL("../support/tiff-samples.json", import.meta.url), "utf8"),
);

test.each(Object.entries(samples))("%s", async (_, { file, shape, dtype, sha256 }) => {
	const tiff = await openTiff(new Uint8Array(Buffer.from(file, "base64")));
	const read = await tiff.readStack();
	expect([read.shape, read.storedDtype ?? read.dtype]).toEqual([shape, dtype]);
	const stored = read.storedDtype === "float16" ? floatsToHalves(read.data as Float32Array) : read.data;
	const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
	expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
});

/** 90 × 70 values y + x, by Pillow 13 with libtiff 4.7.2, which puts a delta filter before LZMA2. */
const libtiffLzma = [
	"SUkqAGwAAAD9N3pYWgAAAP8S2UECAQMBACEBFnkgxO7gGJsAKl0AAACUQ9BLz0ATL/IWZkWAGmUYMyjFO2gQuaalu9UAxJHp+ODV",
	"T4h1tzgAAAAAAAE+nDEAAADV50ShqAAK/AIAAAAAAFlaCQAAAQMAAQAAAFoAAAABAQMAAQAAAEYAAAACAQMAAQAAAAgAAAADAQMA",
	"AQAAAG2IAAAGAQMAAQAAAAEAAAARAQQAAQAAAAgAAAAWAQMAAQAAAEYAAAAXAQQAAQAAAGQAAAAcAQMAAQAAAAEAAAAAAAAA",
].join("");

test("LZMA with libtiff's delta filter", async () => {
	// A Buffer, whose slice() is no copy.
	const { data, shape } = await (await openTiff(Buffer.from(libtiffLzma, "base64"))).readStack();
	expect(shape).toEqual([70, 90]);
	expect([...data].every((value, i) => value === ((Math.floor(i / 90) + (i % 90)) & 255))).toBe(true);
});

test("LZMA with a filter that is not undone is told so", async () => {
	const bytes = new Uint8Array(Buffer.from(libtiffLzma, "base64"));
	expect([bytes[8 + 12], bytes[8 + 14]]).toEqual([2, 3]);
	bytes[8 + 14] = 4;
	await expect((await openTiff(bytes)).readStack()).rejects.toMatchObject({ code: "tiff-unsupported" });
	bytes[8 + 14] = 3;
	bytes[8 + 7] = 1;
	await expect((await openTiff(bytes)).readStack()).rejects.toMatchObject({ code: "tiff-unsupported" });
});

test("an ImageJ stack of 6 GiB behind one directory: the last slice of a file with holes", async () => {
	const [width, height, images] = [1024, 1024, 3000];
	const description = `ImageJ=1.53t\nimages=${images}\nslices=${images}\n`;
	const head = buildTiff({
		littleEndian: false,
		pages: [
			{
				width,
				height,
				dtype: "uint16",
				values: new Uint16Array(0),
				tags: {
					270: [2, description],
					273: [4, [4096]],
					279: [4, [2 * width * height]],
				},
				tamper: () => new Uint8Array(0),
			},
		],
	});
	const folder = await mkdtemp(join(tmpdir(), "chunkwise-tiff-"));
	const path = join(folder, "large.tif");
	try {
		const file = await open(path, "w");
		const slice = 2 * width * height;
		await file.write(head, 0, head.length, 0);
		await file.write(Uint8Array.of(0x12, 0x34), 0, 2, 4096 + (images - 1) * slice);
		await file.truncate(4096 + images * slice);
		await file.close();
		const source = await fileSource(path);
		try {
			expect(head.length).toBeLessThan(4096);
			const tiff = await openTiff(source);
			expect([tiff.pages.length, tiff.pageAxes]).toEqual([images, [{ name: "z", size: images }]]);
			const last = await tiff.readPage(images - 1);
			expect([last.shape, last.data[0], last.data[1]]).toEqual([[height, width], 0x1234, 0]);
			expect([...(await tiff.readWindow(images - 1, [0, 1], [0, 2]))]).toEqual([0x1234, 0]);
			expect((await tiff.readWindow(images - 2, [5, 6], [0, 2])).length).toBe(2);
		} finally {
			await source.close();
		}
	} finally {
		await rm(folder, { recursive: true });
	}
});
