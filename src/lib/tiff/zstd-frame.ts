/** Looks at a zstd frame's headers (RFC 8878 section 3.1.1) to learn how large it may become before decoding it. */
import { DecodeError } from "./decode-error.ts";

const magic = 0xfd2fb528;
const largestBlock = 128 * 1024;

/**
 * The most bytes that the first frame of `input` can decode to: the size that it states, else its blocks at their
 * largest.
 */
export function largestZstdSize(input: Uint8Array): number {
	const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
	if (input.length < 6 || view.getUint32(0, true) !== magic) {
		throw new DecodeError("the data does not start as a zstd frame");
	}
	const descriptor = input[4];
	const singleSegment = (descriptor & 0x20) !== 0;
	const sizeFlag = descriptor >> 6;
	const sizeBytes = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
	const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
	let at = 5 + (singleSegment ? 0 : 1) + dictionaryBytes;
	if (at + sizeBytes > input.length) throw new DecodeError("the zstd frame ends in its header");
	if (sizeBytes === 1) return input[at];
	if (sizeBytes === 2) return view.getUint16(at, true) + 256;
	if (sizeBytes === 4) return view.getUint32(at, true);
	if (sizeBytes === 8) return Number(view.getBigUint64(at, true));
	let most = 0;
	for (let last = false; !last; ) {
		if (at + 3 > input.length) throw new DecodeError("the zstd frame ends early");
		const header = input[at] | (input[at + 1] << 8) | (input[at + 2] << 16);
		last = (header & 1) === 1;
		const kind = (header >> 1) & 3;
		const size = header >> 3;
		most += kind === 2 ? largestBlock : size;
		at += 3 + (kind === 1 ? 1 : size);
	}
	return most;
}
