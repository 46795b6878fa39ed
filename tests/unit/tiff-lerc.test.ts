/** LERC blobs made by hand: values stored as they are, and pixels without a value. */
import { expect, test } from "vitest";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { buildTiff } from "./tiff-builder.ts";

/** A blob of version 2 (no checksum) of one row, its values stored as they are ("one sweep"). */
function blob(type: 1 | 6, pixels: number, mask: number[], values: Uint8Array | Float32Array): Uint8Array {
	const out = new Uint8Array(58 + 4 + mask.length + 1 + values.byteLength);
	const view = new DataView(out.buffer);
	out.set(new TextEncoder().encode("Lerc2 "));
	for (const [i, number] of [2, 1, pixels, values.length, 8, out.length, type].entries()) {
		view.setInt32(6 + 4 * i, number, true);
	}
	for (const [i, number] of [type === 1 ? 0.5 : 0, Math.min(...values), Math.max(...values)].entries()) {
		view.setFloat64(34 + 8 * i, number, true);
	}
	view.setInt32(58, mask.length, true);
	out.set(mask, 62);
	out[62 + mask.length] = 1;
	out.set(new Uint8Array(values.buffer), 63 + mask.length);
	return out;
}

async function read(dtype: "uint8" | "float32", width: number, stored: Uint8Array) {
	const values = new (dtype === "uint8" ? Uint8Array : Float32Array)(width);
	const tags = { 259: [3, [34887]] as [number, number[]], 50674: [4, [2, 0]] as [number, number[]] };
	const tiff = await openTiff(
		buildTiff({ pages: [{ width, height: 1, dtype, values, tags, tamper: () => stored }] }),
	);
	return [...(await tiff.readPage(0)).data];
}

test("bytes that are stored as they are", async () => {
	const values = Uint8Array.of(3, 250, 0, 17, 99);
	expect(await read("uint8", 5, blob(1, 5, [], values))).toEqual([...values]);
});

test("numbers without a value are NaN, and integers zero", async () => {
	// One byte of the mask as it is: pixels 1 and 3 have no value; then the end.
	const mask = (bits: number) => [1, 0, bits, 0, 0x80];
	const numbers = Float32Array.of(1.5, -2, 8);
	expect(await read("float32", 5, blob(6, 5, mask(0b10101000), numbers))).toEqual([1.5, NaN, -2, NaN, 8]);
	expect(await read("uint8", 5, blob(1, 5, mask(0b10101000), Uint8Array.of(7, 8, 9)))).toEqual([
		7, 0, 8, 0, 9,
	]);
	// Two copies of one byte.
	const twelve = [0xfe, 0xff, 0b01010101, 0, 0x80];
	expect(await read("float32", 12, blob(6, 12, twelve, Float32Array.of(1, 2, 3, 4, 5, 6)))).toEqual(
		[1, 2, 3, 4, 5, 6].flatMap((value) => [NaN, value]),
	);
});

test("a mask that is damaged", async () => {
	const stored = blob(6, 5, [9, 0, 1, 0, 0x80], Float32Array.of(1, 2, 3));
	await expect(read("float32", 5, stored)).rejects.toMatchObject({ code: "tiff-corrupt" });
});
