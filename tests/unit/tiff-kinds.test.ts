/** Kinds of TIFF that microscopes seldom write, as tifffile writes them (tests/support/tiff-samples.py). */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openTiff } from "../../src/lib/tiff/tiff.ts";
import { floatsToHalves } from "../../src/lib/zarr/dtypes.ts";

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
