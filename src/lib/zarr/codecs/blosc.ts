/**
 * Blosc 1 frames (https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst) with LZ4 or Zstandard inside,
 * written and read here. numcodecs' build cannot be told the element size (it is always 4) nor a v3 "shuffle", so
 * that its frames would not be what the metadata says. Other compressors and bit shuffle are read by numcodecs.
 */
import { lz4Decode, lz4Encode } from "./lz4.ts";
import { shuffle, unshuffle } from "./shuffle.ts";

export interface BloscOptions {
	cname: "lz4" | "zstd";
	/** 0 (stored) to 9. */
	clevel: number;
	shuffle: "noshuffle" | "shuffle";
	/** Bytes of one element, 1 to 255. */
	typesize: number;
}

const headerSize = 16;
/** Below this C-Blosc does not compress either. */
const minBuffer = 128;
/** Elements of a block. Large enough to compress well, small enough to stay in the processor's cache. */
const blockElements = 128 * 1024;
const flag = { shuffle: 1, stored: 2, bitShuffle: 4, unsplit: 16 } as const;
const compressorIds = { lz4: 1, zstd: 4 } as const;

/** Beyond this, memory is given back after each use. */
const mostKept = 16 << 20;

/** Memory that is used again and again within synchronous work: zeroing new memory takes as long as filling it. */
class Scratch {
	#bytes = new Uint8Array(0);

	/** At least `size` bytes of any content; valid until the next call, or the next await. */
	borrow(size: number): Uint8Array {
		if (size > mostKept) return new Uint8Array(size);
		if (this.#bytes.length < size) this.#bytes = new Uint8Array(size);
		return this.#bytes;
	}
}

const blocksScratch = new Scratch();
const frames = new Scratch();

const zstd = async (level: number) =>
	(await import("numcodecs/zstd")).default.fromConfig({ id: "zstd", level });

/** What a frame's header says. */
export interface BloscHeader {
	compressor: "blosclz" | "lz4" | "snappy" | "zlib" | "zstd" | "unknown";
	shuffle: "noshuffle" | "shuffle" | "bitshuffle";
	typesize: number;
	/** Bytes when decompressed. */
	bytes: number;
	blocksize: number;
	/** Bytes of the frame. */
	compressedBytes: number;
	/** The bytes are stored as they were. */
	stored: boolean;
	/** Each block is one stream and not one for each byte of an element. */
	unsplit: boolean;
}

/** @throws RangeError where the bytes are no Blosc 1 frame */
export function readBloscHeader(frame: Uint8Array): BloscHeader {
	if (frame.byteLength < headerSize) throw new RangeError("the Blosc frame has no whole header");
	const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
	const flags = frame[2];
	return {
		compressor: (["blosclz", "lz4", "snappy", "zlib", "zstd"] as const)[flags >> 5] ?? "unknown",
		shuffle: flags & flag.bitShuffle ? "bitshuffle" : flags & flag.shuffle ? "shuffle" : "noshuffle",
		typesize: frame[3],
		bytes: view.getUint32(4, true),
		blocksize: view.getUint32(8, true),
		compressedBytes: view.getUint32(12, true),
		stored: (flags & flag.stored) !== 0,
		unsplit: (flags & flag.unsplit) !== 0,
	};
}

/** Compresses bytes into one frame, or stores them in a frame where that is smaller. */
export async function bloscEncode(source: Uint8Array, options: BloscOptions): Promise<Uint8Array> {
	const { typesize, clevel, cname } = options;
	const size = source.byteLength;
	const shuffled = options.shuffle === "shuffle" && typesize > 1;
	// Whole elements, where there are any; the rest is a block of its own, as C-Blosc has it.
	const whole = size - (size % typesize) || Math.max(1, size);
	const blocksize = Math.min(blockElements * typesize, whole);
	const blocks = Math.ceil(size / blocksize);
	const bodyStart = headerSize + 4 * blocks;
	// A frame that is no smaller than the bytes is not worth its time to read.
	const limit = size + headerSize;
	// C-Blosc splits LZ4 streams by byte of the element, and not those of Zstandard.
	const split = cname === "lz4" && shuffled && typesize <= 16 && blocksize / typesize >= minBuffer;
	const encoder = cname === "zstd" ? await zstd(clevel < 9 ? clevel * 2 - 1 : 22) : undefined;
	// Every byte up to the end is written, so that what an earlier frame left does not matter.
	const frame = encoder ? new Uint8Array(limit) : frames.borrow(limit);
	const view = new DataView(frame.buffer);

	let at = bodyStart;
	let fits = clevel > 0 && size >= minBuffer && bodyStart < limit;
	for (let block = 0; fits && block < blocks; block++) {
		const start = block * blocksize;
		const length = Math.min(blocksize, size - start);
		view.setInt32(headerSize + 4 * block, at, true);
		let input = source;
		let inputStart = start;
		if (shuffled) {
			// Zstandard is awaited below, and another call may borrow the same bytes meanwhile.
			input = encoder ? new Uint8Array(length) : blocksScratch.borrow(length);
			inputStart = 0;
			shuffle(source, start, length, input, typesize);
		}
		// The last block, where shorter, is never split.
		const streams = split && length === blocksize ? typesize : 1;
		const streamLength = length / streams;
		for (let stream = 0; stream < streams; stream++) {
			const from = inputStart + stream * streamLength;
			const raw = input.subarray(from, from + streamLength);
			if (at + 4 > limit) {
				fits = false;
				break;
			}
			let end = -1;
			const room = Math.min(limit, at + 4 + streamLength);
			if (encoder) {
				const packed = await encoder.encode(raw);
				if (at + 4 + packed.byteLength < room) {
					frame.set(packed, at + 4);
					end = at + 4 + packed.byteLength;
				}
			} else {
				end = lz4Encode(input, from, from + streamLength, frame, at + 4, room, 10 - clevel);
			}
			if (end < 0 || end - at - 4 >= streamLength) {
				// A stream as long as its bytes is those bytes.
				if (at + 4 + streamLength > limit) {
					fits = false;
					break;
				}
				frame.set(raw, at + 4);
				end = at + 4 + streamLength;
			}
			view.setInt32(at, end - at - 4, true);
			at = end;
		}
	}
	if (!fits || at > limit) {
		frame.set(source, headerSize);
		at = limit;
		fits = false;
	}
	frame[0] = 2;
	frame[1] = 1;
	frame[2] =
		(compressorIds[cname] << 5) |
		(shuffled ? flag.shuffle : 0) |
		(fits ? 0 : flag.stored) |
		(split ? 0 : flag.unsplit);
	frame[3] = typesize;
	view.setUint32(4, size, true);
	view.setUint32(8, blocksize, true);
	view.setUint32(12, at, true);
	return frame.slice(0, at);
}

/**
 * The bytes in a frame.
 * @param most bytes that the frame may hold
 * @throws RangeError where the frame is damaged
 */
export async function bloscDecode(frame: Uint8Array, most = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
	const header = readBloscHeader(frame);
	if (header.bytes > most) throw new RangeError(`the Blosc frame says that it holds ${header.bytes} bytes`);
	if (header.compressedBytes > frame.byteLength) {
		throw new RangeError(
			`the Blosc frame says ${header.compressedBytes} bytes and ${frame.byteLength} are there`,
		);
	}
	if (header.stored) {
		if (headerSize + header.bytes > frame.byteLength) throw new RangeError("the Blosc frame is cut short");
		return frame.slice(headerSize, headerSize + header.bytes);
	}
	const own = header.compressor === "lz4" || header.compressor === "zstd";
	if (!own || header.shuffle === "bitshuffle" || header.bytes === 0) {
		const { default: Blosc } = await import("numcodecs/blosc");
		return Blosc.fromConfig({ id: "blosc" }).decode(frame);
	}
	return decodeBlocks(frame, header);
}

async function decodeBlocks(frame: Uint8Array, header: BloscHeader): Promise<Uint8Array> {
	const { bytes, blocksize, typesize, unsplit } = header;
	if (blocksize === 0 || typesize === 0) throw new RangeError("the Blosc header has a size of 0");
	const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
	const out = new Uint8Array(bytes);
	const blocks = Math.ceil(bytes / blocksize);
	if (headerSize + 4 * blocks > frame.byteLength) throw new RangeError("the Blosc frame is cut short");
	const shuffled = header.shuffle === "shuffle" && typesize > 1;
	const decoder = header.compressor === "zstd" ? await zstd(1) : undefined;
	for (let block = 0; block < blocks; block++) {
		const start = block * blocksize;
		const length = Math.min(blocksize, bytes - start);
		const streams = unsplit || length < blocksize ? 1 : typesize;
		const streamLength = length / streams;
		if (!Number.isInteger(streamLength)) throw new RangeError("a Blosc block does not split evenly");
		const target = shuffled ? (decoder ? new Uint8Array(length) : blocksScratch.borrow(length)) : out;
		const targetStart = shuffled ? 0 : start;
		let at = view.getInt32(headerSize + 4 * block, true);
		for (let stream = 0; stream < streams; stream++) {
			if (at < headerSize || at + 4 > frame.byteLength) throw new RangeError("a Blosc block is out of place");
			const packed = view.getInt32(at, true);
			at += 4;
			if (packed < 0 || at + packed > frame.byteLength) throw new RangeError("a Blosc block is cut short");
			const to = targetStart + stream * streamLength;
			if (packed === streamLength) {
				target.set(frame.subarray(at, at + packed), to);
			} else if (decoder) {
				const plain = await decoder.decode(frame.subarray(at, at + packed));
				if (plain.byteLength !== streamLength) throw new RangeError("a Blosc block has the wrong length");
				target.set(plain, to);
			} else {
				lz4Decode(frame, at, at + packed, target, to, to + streamLength);
			}
			at += packed;
		}
		if (shuffled) unshuffle(target, length, out, start, typesize);
	}
	return out;
}
