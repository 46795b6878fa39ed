/** Looks at a zstd frame's headers (RFC 8878 section 3.1.1) to learn how large it may become before decoding it. */
import { DecodeError } from "./decode-error.ts";

const magic = 0xfd2fb528;
const largestBlock = 128 * 1024;

/**
 * The most bytes that the first frame of `input` can decode to: the size that it states, else its blocks at their
 * largest.
 * @throws DecodeError
 */
export function largestZstdSize(input: Uint8Array): number {
	const { stated, blocks } = headerOf(input);
	return stated ?? walkBlocks(input, blocks).most;
}

/**
 * Whether the first frame of `input` is all of it: no other frame follows.
 * @throws DecodeError
 */
export function isOneZstdFrame(input: Uint8Array): boolean {
	const { blocks, checksum } = headerOf(input);
	return walkBlocks(input, blocks).end + checksum === input.length;
}

interface FrameHeader {
	/** Bytes of the content, where the header says so. */
	stated?: number;
	/** Where the first block begins. */
	blocks: number;
	/** Bytes of the checksum behind the last block. */
	checksum: number;
}

function headerOf(input: Uint8Array): FrameHeader {
	const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
	if (input.length < 6 || view.getUint32(0, true) !== magic) {
		throw new DecodeError("the data does not start as a zstd frame");
	}
	const descriptor = input[4];
	const singleSegment = (descriptor & 0x20) !== 0;
	const sizeFlag = descriptor >> 6;
	const sizeBytes = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
	const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
	const at = 5 + (singleSegment ? 0 : 1) + dictionaryBytes;
	if (at + sizeBytes > input.length) throw new DecodeError("the zstd frame ends in its header");
	let stated: number | undefined;
	if (sizeBytes === 1) stated = input[at];
	else if (sizeBytes === 2) stated = view.getUint16(at, true) + 256;
	else if (sizeBytes === 4) stated = view.getUint32(at, true);
	else if (sizeBytes === 8) stated = Number(view.getBigUint64(at, true));
	return { stated, blocks: at + sizeBytes, checksum: descriptor & 4 };
}

function walkBlocks(input: Uint8Array, start: number): { most: number; end: number } {
	let most = 0;
	let at = start;
	for (let last = false; !last; ) {
		if (at + 3 > input.length) throw new DecodeError("the zstd frame ends early");
		const header = input[at] | (input[at + 1] << 8) | (input[at + 2] << 16);
		last = (header & 1) === 1;
		const kind = (header >> 1) & 3;
		const size = header >> 3;
		most += kind === 2 ? largestBlock : size;
		at += 3 + (kind === 1 ? 1 : size);
	}
	return { most, end: at };
}
