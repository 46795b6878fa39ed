/** Real TIFFs by other people's software, driven by the list of what each must read as. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isChunkwiseError } from "../../src/lib/errors.ts";
import { fileSource } from "../../src/lib/stores/node-file.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import type { TiffArray } from "../../src/lib/tiff/tiff.ts";
import { floatsToHalves } from "../../src/lib/zarr/half.ts";
import { allExpected, type Expected, fixture, fixturesDir } from "../support/fixtures.ts";

const tiffs = allExpected().filter((entry) => entry.kind === "tiff");
const ofTier = (tier: string) =>
	tiffs.filter((entry) => entry.tier === tier).map((entry) => [entry.path, entry] as const);

async function read(entry: Expected): Promise<TiffArray> {
	const source = await fileSource(fixture(entry.path));
	try {
		const tiff = await openTiff(source);
		return await (entry.array_path === "stack" ? tiff.readStack() : tiff.readPage(0));
	} finally {
		await source.close();
	}
}

const sha256 = ({ data, storedDtype }: TiffArray) => {
	const stored = storedDtype === "float16" ? floatsToHalves(data as Float32Array) : data;
	return createHash("sha256")
		.update(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength))
		.digest("hex");
};

/** Truth values are bytes of 0 and 1, which is also how their hash is made. */
const typeOf = (entry: Expected) => (entry.dtype === "bool" ? "uint8" : entry.dtype);

describe.skipIf(!fixturesDir)("TIFF fixtures", () => {
	it("there are some of each tier", () => {
		for (const tier of ["core", "extended", "corrupt"]) expect(ofTier(tier).length).toBeGreaterThan(20);
	});

	it.each(ofTier("core"))("core: %s", async (_, entry) => {
		const array = await read(entry);
		expect({ shape: array.shape, dtype: array.dtype, sha256: sha256(array) }).toEqual({
			shape: entry.shape,
			dtype: typeOf(entry),
			sha256: entry.sha256,
		});
	});

	it.each(ofTier("extended"))("extended, decoded or refused clearly: %s", async (_, entry) => {
		let array: TiffArray;
		try {
			array = await read(entry);
		} catch (error) {
			expect(error).toMatchObject({
				code: "tiff-unsupported",
				where: expect.stringContaining("#page/0"),
				remedy: expect.any(String),
			});
			return;
		}
		expect([array.shape, array.storedDtype ?? array.dtype]).toEqual([entry.shape, typeOf(entry)]);
		if (!entry.lossy) {
			expect(sha256(array)).toBe(entry.sha256);
			return;
		}
		// Decoders of lossy data differ by a unit here and there: their means do not.
		let sum = 0;
		for (const value of array.data) sum += Number(value);
		expect(Math.abs(sum - Number(entry.sum)) / array.data.length).toBeLessThan(0.25);
	});

	it.each(ofTier("corrupt"))("corrupt, a clear error or the right values: %s", async (_, entry) => {
		let array: TiffArray;
		try {
			array = await read(entry);
		} catch (error) {
			if (!isChunkwiseError(error)) throw error;
			expect(error.code).toMatch(/^(not-a-tiff|tiff-(corrupt|truncated|unsupported|pages-differ))$/);
			expect([error.where, error.remedy]).toEqual([expect.any(String), expect.any(String)]);
			return;
		}
		expect([array.shape, typeOf(entry), sha256(array)]).toEqual([entry.shape, array.dtype, entry.sha256]);
	});

	it("lists every page of the pages that differ", async () => {
		const source = await fileSource(fixture("tiff/pillow/multipage-mmap.tiff"));
		const tiff = await openTiff(source);
		const details = tiffs.find((entry) => entry.path === "tiff/pillow/multipage-mmap.tiff")?.pages_detail as {
			shape: number[];
			sha256: string;
		}[];
		expect(tiff.pages.map((page) => page.shape)).toEqual(details.map((detail) => detail.shape));
		for (const page of tiff.pages) {
			expect(sha256(await tiff.readPage(page.index))).toBe(details[page.index].sha256);
		}
		await expect(tiff.readStack()).rejects.toMatchObject({ code: "tiff-pages-differ" });
		await source.close();
	});
});
