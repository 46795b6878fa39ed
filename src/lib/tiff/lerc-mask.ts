/**
 * Pixels of a LERC block that have no value: a mask of a bit a pixel, packed by runs, between the header and the values
 * (Esri's lerc, src/LercLib/Lerc2.h and RLE.cpp).
 */
import { DecodeError, KindError } from "./decode-error.ts";

const float32 = 6;
const float64 = 7;
/** Ends a mask's runs. */
const end = -32768;

/**
 * Makes floating-point numbers without a value NaN, as libtiff does; the decoder leaves them at zero, and so are integers
 * left.
 * @param blob from "Lerc2 " on; its size in pixels has been checked
 * @param values the decoded numbers, of the size and type that the blob says
 */
export function markWithoutValue(blob: Uint8Array, values: Uint8Array): void {
	const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
	const version = view.getInt32(6, true);
	const at = version >= 3 ? 14 : 10;
	const depth = version >= 4 ? view.getInt32(at + 8, true) : 1;
	const fields = at + (version >= 4 ? 12 : 8);
	const [pixels, valid, type] = [
		view.getInt32(at, true) * view.getInt32(at + 4, true),
		view.getInt32(fields, true),
		view.getInt32(fields + 12, true),
	];
	if (valid === pixels || (type !== float32 && type !== float64)) return;
	if (version > 5) throw new KindError(`it is LERC of version 2.${version} with pixels that have no value`);
	// After the type: the largest error, the least and the largest value, each of 8 bytes; then the mask's length.
	const start = fields + 16 + 24;
	if (start + 4 > blob.length) throw new DecodeError("the LERC blob ends in its header");
	const mask = unpack(view, start + 4, view.getInt32(start, true), valid === 0 ? 0 : Math.ceil(pixels / 8));
	const size = (type === float32 ? 4 : 8) * depth;
	const numbers = new DataView(values.buffer, values.byteOffset, values.byteLength);
	const set =
		type === float32
			? (to: number) => numbers.setFloat32(to, Number.NaN, littleEndian)
			: (to: number) => numbers.setFloat64(to, Number.NaN, littleEndian);
	for (let pixel = 0; pixel < pixels; pixel++) {
		if (mask[pixel >> 3] & (128 >> (pixel & 7))) continue;
		for (let to = pixel * size; to < (pixel + 1) * size; to += size / depth) set(to);
	}
}

/** The decoder gives numbers in the platform's order. */
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Runs: a count of bytes that follow, or, below zero, of copies of one byte. */
function unpack(view: DataView, start: number, length: number, size: number): Uint8Array {
	const out = new Uint8Array(size);
	const stop = start + length;
	let at = start;
	let to = 0;
	const damaged = () => new DecodeError("the mask of the LERC blob is damaged");
	if (length < 0 || stop > view.byteLength) throw damaged();
	while (to < size) {
		if (at + 3 > stop) throw damaged();
		const count = view.getInt16(at, true);
		at += 2;
		if (count === end || to + Math.abs(count) > size) throw damaged();
		if (count <= 0) out.fill(view.getUint8(at++), to, to - count);
		else {
			if (at + count > stop) throw damaged();
			for (let i = 0; i < count; i++) out[to + i] = view.getUint8(at++);
		}
		to += Math.abs(count);
	}
	return out;
}
