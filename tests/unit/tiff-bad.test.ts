import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type ChunkwiseError, isChunkwiseError } from "../../src/lib/errors.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { buildTiff, type PageSpec, type TagSpec, testValues } from "./tiff-builder.ts";

const good: PageSpec = {
	width: 20,
	height: 12,
	dtype: "uint16",
	values: testValues("uint16", 240),
	compression: 8,
	predictor: 2,
	rowsPerStrip: 4,
};

/** The error of opening a file and reading it whole. */
async function failure(file: Uint8Array): Promise<ChunkwiseError> {
	try {
		const tiff = await openTiff(file);
		await tiff.readStack();
	} catch (error) {
		if (isChunkwiseError(error)) {
			expect([error.where, error.remedy]).toEqual([expect.any(String), expect.any(String)]);
			return error;
		}
		throw error;
	}
	throw new Error("the file was read");
}

const withTags = (tags: Record<number, TagSpec | null>, page: PageSpec = good) =>
	buildTiff({ pages: [{ ...page, tags }] });

describe("what is no TIFF", () => {
	it.each([
		["nothing", new Uint8Array(0), "it is empty"],
		["one byte", Uint8Array.of(73), "bytes 49"],
		["a web page", new TextEncoder().encode("<!DOCTYPE html><html></html>"), "web page"],
		["a PNG", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0), "PNG"],
		["a zip", new TextEncoder().encode("PK\u0003\u0004aaaaaaaaaaaaaaa"), "zip"],
		["II and another number", Uint8Array.of(0x49, 0x49, 41, 0, 8, 0, 0, 0), "49 49 29 00"],
		["mixed byte order", Uint8Array.of(0x49, 0x4d, 42, 0, 8, 0, 0, 0), "49 4d"],
	])("%s", async (_, file, says) => {
		const error = await failure(file);
		expect(error.code).toBe("not-a-tiff");
		expect(error.message).toContain(says);
	});
});

describe("truncated files", () => {
	it("say so wherever they end, and never give values", async () => {
		for (const bigTiff of [false, true]) {
			const file = buildTiff({ bigTiff, pages: [good, { ...good, values: testValues("uint16", 240, 2) }] });
			const codes = new Set<string>();
			for (let length = 4; length < file.length; length++) {
				const error = await failure(file.slice(0, length));
				codes.add(error.code);
			}
			expect([...codes]).toEqual(["tiff-truncated"]);
		}
	});

	it("still give the pages before the break, one by one", async () => {
		const second = { ...good, values: testValues("uint16", 240, 2) };
		const file = buildTiff({ pages: [good, second, second] });
		const tiff = await openTiff(file.slice(0, file.length - 40));
		expect(tiff.pages).toHaveLength(2);
		expect(tiff.problem).toMatchObject({ code: "tiff-truncated" });
		expect(tiff.uniform).toBe(false);
		expect((await tiff.readPage(1)).data).toEqual(second.values);
		await expect(tiff.readStack()).rejects.toMatchObject({ code: "tiff-truncated" });
	});

	it("strips beyond the end", async () => {
		expect(await failure(withTags({ 273: [4, [8, 8, 1 << 30]] }))).toMatchObject({ code: "tiff-truncated" });
	});
});

describe("damaged files", () => {
	const cases: [string, Record<number, TagSpec | null>, string][] = [
		["no width", { 256: null }, "no pixels"],
		["no height", { 257: null }, "no pixels"],
		["zero width", { 256: [3, [0]] }, "no pixels"],
		["zero samples", { 277: [3, [0]] }, "no pixels"],
		["text for a width", { 256: [2, "wide"] }, "another type"],
		["fraction for a height", { 257: [5, [12, 1]] }, "another type"],
		["zero rows in a strip", { 278: [4, [0]] }, "no rows"],
		["no strips", { 273: null }, "where its strips are"],
		["too few strips", { 273: [4, [8]] }, "needs 3 strips"],
		["too few byte counts", { 279: [4, [8, 8]] }, "needs 3 strips"],
		["no byte counts though compressed", { 279: null }, "how long"],
		["empty strips", { 279: [4, [0, 0, 0]] }, "no bytes"],
		["zero tiles", { 322: [3, [0]], 323: [3, [16]], 324: [4, [8]], 325: [4, [9]] }, "tiles are 0 × 16"],
		["predictor 9", { 317: [3, [9]] }, "can be 1, 2 or 3"],
		["planar configuration 7", { 277: [3, [3]], 284: [3, [7]] }, "can be 1 or 2"],
		["zero bits", { 258: [3, [0]] }, "makes no sense"],
		["sample format 200", { 339: [3, [200]] }, "makes no sense"],
	];
	it.each(cases)("%s", async (_, tags, says) => {
		const error = await failure(withTags(tags));
		expect(error.code).toBe("tiff-corrupt");
		expect(error.message).toContain(says);
		expect(error.where).toBe("image.tif#page/0");
	});

	it("names the strip whose data is damaged", async () => {
		for (const compression of [5, 8, 50000] as const) {
			const tamper = (block: Uint8Array, i: number) =>
				i === 1 ? block.map((byte, at) => (at < 9 ? byte ^ 0xff : byte)) : block;
			const error = await failure(buildTiff({ pages: [{ ...good, compression, tamper }] }));
			expect([compression, error.code]).toEqual([compression, "tiff-corrupt"]);
			expect(error.message).toContain("Strip 1");
		}
		// Too little data behind an intact stream.
		const tamper = () => new Uint8Array(deflateSync(new Uint8Array(10)));
		const error = await failure(buildTiff({ pages: [{ ...good, tamper }] }));
		expect(error.message).toMatch(/Strip 0 (decodes to 10 bytes|cannot be decoded)/);
	});

	it("directories in a circle, over one another, empty, or none at all", async () => {
		const file = buildTiff({ pages: [good] });
		const view = new DataView(file.buffer);
		const first = view.getUint32(4, true);
		const circle = file.slice();
		new DataView(circle.buffer).setUint32(file.length - 4, first, true);
		const error = await failure(circle);
		expect([error.code, error.message]).toEqual(["tiff-corrupt", expect.stringContaining("circle")]);

		const none = file.slice();
		new DataView(none.buffer).setUint32(4, 0, true);
		expect((await failure(none)).message).toContain("no page");

		const empty = file.slice();
		new DataView(empty.buffer).setUint16(first, 0, true);
		expect((await failure(empty)).code).toBe("tiff-corrupt");

		// A chain in which each directory begins 2 bytes after the one before it.
		const staircase = new Uint8Array(60000);
		staircase.set([0x49, 0x49, 42, 0, 8]);
		const steps = new DataView(staircase.buffer);
		for (let at = 8; at + 32 < staircase.length; at += 4) {
			steps.setUint16(at, 1, true);
			steps.setUint16(at + 2, at + 4, true);
		}
		expect((await failure(staircase)).code).toMatch(/^tiff-/);
	});
});

describe("sizes that cannot be", () => {
	const huge = 0x7fffffff;
	it.each([
		["a page of 2^62 pixels", { 256: [4, [huge]], 257: [4, [huge]], 278: [4, [huge]] }],
		["a page of 16 GiB", { 256: [4, [1 << 17]], 257: [4, [1 << 16]], 278: [4, [1 << 16]] }],
		["tiles of 2^62 pixels", { 322: [4, [huge]], 323: [4, [huge]], 324: [4, [8]], 325: [4, [90]] }],
		["65535 samples", { 277: [3, [65535]], 256: [4, [100000]], 257: [4, [10000]] }],
		["2^32 rows in a strip and as many rows", { 257: [4, [0xffffffff]], 278: [4, [0xffffffff]] }],
	] as [string, Record<number, TagSpec>][])("%s: refused before memory is taken", async (_, tags) => {
		for (const compression of [1, 8, 5, 32773, 50000] as const) {
			const before = process.memoryUsage().arrayBuffers;
			const error = await failure(withTags(tags, { ...good, compression, predictor: 1 }));
			expect(error.code).toMatch(/^tiff-(corrupt|truncated)$/);
			expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
		}
	});

	it("a strip that would decode to far more than it should gives what is needed and no more", async () => {
		const bomb = new Uint8Array(deflateSync(new Uint8Array(64 << 20)));
		const tiff = await openTiff(buildTiff({ pages: [{ ...good, predictor: 1, tamper: () => bomb }] }));
		const before = process.memoryUsage().arrayBuffers;
		expect((await tiff.readPage(0)).data).toEqual(new Uint16Array(240));
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
	});

	it("a tag that claims more values than the file has bytes", async () => {
		const file = withTags({ 270: [2, "a description"] });
		const view = new DataView(file.buffer);
		const directory = view.getUint32(4, true);
		const entries = view.getUint16(directory, true);
		for (let i = 0; i < entries; i++) {
			const at = directory + 2 + i * 12;
			if (view.getUint16(at, true) === 270) view.setUint32(at + 4, 0xfffffff0, true);
		}
		// A description is not needed to read the pixels.
		const tiff = await openTiff(file);
		expect(tiff.metadata.ImageDescription).toBeUndefined();
		expect((await tiff.readPage(0)).data).toEqual(good.values);
	});
});

describe("what is valid and not decoded", () => {
	it.each([
		["JBIG", { 259: [3, [34661]] }, "JBIG"],
		["fax of grey", { 259: [3, [4]] }, "fax data"],
		["JPEG 2000", { 259: [3, [34712]] }, "JPEG 2000"],
		["an unknown scheme", { 259: [3, [4711]] }, "compression 4711"],
		["complex numbers", { 339: [3, [6]], 317: null }, "complex"],
		["samples of different sizes", { 277: [3, [3]], 258: [3, [5, 6, 5]] }, "5, 6, 5 bits"],
		["predictor 3 on integers", { 317: [3, [3]] }, "Predictor 3"],
	] as [string, Record<number, TagSpec | null>, string][])("%s", async (_, tags, says) => {
		const error = await failure(withTags(tags));
		expect(error.code).toBe("tiff-unsupported");
		expect(error.message).toContain(says);
	});

	it("says it for its page only", async () => {
		const tiff = await openTiff(buildTiff({ pages: [{ ...good, tags: { 259: [3, [4]] } }, good] }));
		expect(tiff.pages[0].problem).toMatchObject({ code: "tiff-unsupported" });
		expect(tiff.pages[0].dtype).toBeUndefined();
		expect((await tiff.readPage(1)).data).toEqual(good.values);
	});
});

describe("files with bytes changed at random", () => {
	const specs = {
		"deflate strips": buildTiff({ pages: [good, good] }),
		"LZW tiles, big-endian": buildTiff({
			littleEndian: false,
			pages: [{ ...good, compression: 5, rowsPerStrip: undefined, tile: [16, 16] }],
		}),
		"PackBits BigTIFF": buildTiff({ bigTiff: true, pages: [{ ...good, compression: 32773, predictor: 1 }] }),
		"none, planar": buildTiff({
			pages: [{ ...good, compression: 1, predictor: 1, samples: 2, planar: true, width: 10 }],
		}),
	};
	it.each(Object.entries(specs))("%s: values or a clear error, never a crash", async (_, file) => {
		let state = 12345;
		const random = (below: number) => {
			state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
			return Math.floor((state / 2 ** 32) * below);
		};
		let errors = 0;
		for (let round = 0; round < 600; round++) {
			const damaged = file.slice();
			for (let i = 0; i <= random(4); i++) damaged[random(damaged.length)] = random(256);
			try {
				const tiff = await openTiff(damaged);
				await tiff.readPage(random(tiff.pages.length));
			} catch (error) {
				if (!isChunkwiseError(error)) throw error;
				expect(error.remedy).toBeTruthy();
				errors++;
			}
		}
		expect(errors).toBeGreaterThan(20);
	});
});
