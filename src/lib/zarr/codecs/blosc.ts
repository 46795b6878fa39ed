/**
 * Blosc 1 frames with LZ4 or Zstandard inside, written and read here. numcodecs' build cannot be told the element size
 * (it is always 4) nor a v3 "shuffle", so that its frames would not be what the metadata says. Frames of the other
 * compressors (blosclz, snappy, zlib) are read by numcodecs.
 */
import { blockSpace, type Filter } from "./block-space.ts";
import {
	type BloscHeader,
	headerSize,
	maxSplits,
	minBuffer,
	readBloscHeader,
	writeBloscHeader,
} from "./blosc-header.ts";
import { type ZstdCoder, zstdCoder } from "./zstd.ts";

export { type BloscHeader, readBloscHeader } from "./blosc-header.ts";

export interface BloscOptions {
	cname: "lz4" | "zstd";
	/** 0 (stored) to 9. */
	clevel: number;
	shuffle: Filter;
	/** Bytes of one element, 1 to 255. */
	typesize: number;
}

/** Elements of a block. Large enough to compress well, small enough to stay in the processor's cache. */
const blockElements = 128 * 1024;

/** A frame in the making. */
interface Packing {
	source: Uint8Array;
	options: BloscOptions;
	blocksize: number;
	/** Streams of a block of full size. */
	splits: number;
	/** Room for the frame when it is no smaller than the source. */
	frame: Uint8Array;
	at: number;
}

/** Compresses bytes into one frame, or stores them in a frame where that is smaller. */
export async function bloscEncode(source: Uint8Array, options: BloscOptions): Promise<Uint8Array> {
	const { typesize, clevel, cname } = options;
	const size = source.byteLength;
	// Whole elements, where there are any; the rest is a block of its own, as C-Blosc has it.
	const whole = size - (size % typesize) || Math.max(1, size);
	const blocksize = Math.min(blockElements * typesize, whole);
	const blocks = Math.ceil(size / blocksize);
	// C-Blosc splits LZ4 streams by byte of the element, and not those of Zstandard.
	const split =
		cname === "lz4" &&
		options.shuffle === "shuffle" &&
		typesize > 1 &&
		typesize <= maxSplits &&
		blocksize / typesize >= minBuffer;
	const at = headerSize + 4 * blocks;
	const packing = { source, options, blocksize, splits: split ? typesize : 1, frame: source, at };
	let fits = clevel > 0 && size >= minBuffer && at < size + headerSize;
	if (fits && cname === "zstd") {
		packing.frame = new Uint8Array(size + headerSize);
		fits = await packZstd(packing, await zstdCoder(clevel < 9 ? clevel * 2 - 1 : 22));
	} else if (fits) {
		packing.frame = frames.borrow(size + headerSize);
		fits = packLz4(packing);
	}
	const frame = fits ? packing.frame.slice(0, packing.at) : new Uint8Array(size + headerSize);
	if (!fits) frame.set(source, headerSize);
	writeBloscHeader(frame, {
		compressor: cname,
		shuffle: options.shuffle === "shuffle" && typesize === 1 ? "noshuffle" : options.shuffle,
		typesize,
		bytes: size,
		blocksize,
		compressedBytes: frame.byteLength,
		stored: !fits,
		unsplit: !split,
	});
	return frame;
}

/** Memory for frames that are made without an await, used again: zeroing it takes as long as filling it. */
const frames = {
	kept: new Uint8Array(0),
	borrow(size: number): Uint8Array {
		if (size > 16 << 20) return new Uint8Array(size);
		if (this.kept.length < size) this.kept = new Uint8Array(size);
		return this.kept;
	},
};

/** False where the frame would be no smaller than the bytes: then it is not worth its time to read. */
function packLz4(packing: Packing): boolean {
	const { source, options, blocksize, splits, frame } = packing;
	const { clevel, shuffle, typesize } = options;
	const space = blockSpace(blocksize);
	const size = source.byteLength;
	for (let start = 0, block = 0; start < size; start += blocksize, block++) {
		const length = Math.min(blocksize, size - start);
		setInt32(frame, headerSize + 4 * block, packing.at);
		const input = space.load(source, start, length, shuffle, typesize);
		// The last block, where shorter, is never split.
		const streams = length === blocksize ? splits : 1;
		const streamLength = length / streams;
		for (let from = 0; from < length; from += streamLength) {
			const packed = space.lz4(from, streamLength, 10 - clevel, streamLength - 1);
			if (!append(packing, packed, input, from, streamLength)) return false;
		}
	}
	return true;
}

async function packZstd(packing: Packing, coder: ZstdCoder): Promise<boolean> {
	const { source, options, blocksize, frame } = packing;
	const size = source.byteLength;
	for (let start = 0, block = 0; start < size; start += blocksize, block++) {
		const length = Math.min(blocksize, size - start);
		setInt32(frame, headerSize + 4 * block, packing.at);
		const load = () => blockSpace(blocksize).load(source, start, length, options.shuffle, options.typesize);
		let input = load();
		const result = coder.encode(input);
		const packed = result instanceof Promise ? await result : result;
		// Another call may have used the space while this one waited.
		if (result instanceof Promise && packed.byteLength >= length) input = load();
		if (!append(packing, packed.byteLength < length ? packed : undefined, input, 0, length)) return false;
	}
	return true;
}

/** Adds a stream: its compressed bytes, or, without any, its bytes as they are. False where there is no room. */
function append(
	packing: Packing,
	packed: Uint8Array | undefined,
	input: Uint8Array,
	from: number,
	length: number,
): boolean {
	const { frame, at } = packing;
	const size = packed?.byteLength ?? length;
	if (at + 4 + size > packing.source.byteLength + headerSize) return false;
	setInt32(frame, at, size);
	frame.set(packed ?? input.subarray(from, from + length), at + 4);
	packing.at = at + 4 + size;
	return true;
}

function setInt32(bytes: Uint8Array, at: number, value: number): void {
	bytes[at] = value;
	bytes[at + 1] = value >> 8;
	bytes[at + 2] = value >> 16;
	bytes[at + 3] = value >> 24;
}

/**
 * The bytes in a frame.
 * @param most bytes that the frame may hold
 * @param memory gives so many bytes, of any content, that the result may be put into
 * @throws RangeError where the frame is damaged
 */
export async function bloscDecode(
	frame: Uint8Array,
	most = Number.POSITIVE_INFINITY,
	memory: (size: number) => Uint8Array = (size) => new Uint8Array(size),
): Promise<Uint8Array> {
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
	if (header.bytes === 0) return new Uint8Array(0);
	const { compressor, blocksize, bytes, typesize } = header;
	if (blocksize === 0 || typesize === 0) throw new RangeError("the Blosc header has a size of 0");
	if (headerSize + 4 * Math.ceil(bytes / blocksize) > frame.byteLength) {
		throw new RangeError("the Blosc frame is cut short");
	}
	if (compressor === "lz4") return unpackLz4(frame, header, memory(bytes));
	if (compressor === "zstd") return unpackZstd(frame, header, await zstdCoder(1), memory(bytes));
	const { default: Blosc } = await import("numcodecs/blosc");
	return Blosc.fromConfig({ id: "blosc" }).decode(frame);
}

/** Bytes of a block, and where in the output it begins. */
function* blocksOf({ bytes, blocksize }: BloscHeader): Generator<[start: number, length: number]> {
	for (let start = 0; start < bytes; start += blocksize) yield [start, Math.min(blocksize, bytes - start)];
}

interface Stream {
	start: number;
	stop: number;
	/** Where in the block it begins, and its bytes when decompressed. */
	to: number;
	length: number;
}

/** The streams of one block, as the rules of C-Blosc part it. @throws RangeError */
function streamsOf(frame: Uint8Array, header: BloscHeader, block: number, length: number): Stream[] {
	const { blocksize, typesize, unsplit } = header;
	const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
	const split =
		!unsplit && length === blocksize && typesize <= maxSplits && blocksize / typesize >= minBuffer;
	const count = split ? typesize : 1;
	const streamLength = length / count;
	if (!Number.isInteger(streamLength)) throw new RangeError("a Blosc block does not split evenly");
	let at = view.getInt32(headerSize + 4 * block, true);
	const streams: Stream[] = [];
	for (let to = 0; to < length; to += streamLength) {
		if (at < headerSize || at + 4 > frame.byteLength) throw new RangeError("a Blosc block is out of place");
		const packed = view.getInt32(at, true);
		const start = at + 4;
		if (packed < 0 || start + packed > frame.byteLength) throw new RangeError("a Blosc block is cut short");
		at = start + packed;
		streams.push({ start, stop: at, to, length: streamLength });
	}
	return streams;
}

function unpackLz4(frame: Uint8Array, header: BloscHeader, out: Uint8Array): Uint8Array {
	const { shuffle, typesize } = header;
	// A stream that is longer than its block is damaged, but must find room.
	const space = blockSpace(Math.max(Math.min(header.blocksize, header.bytes), frame.byteLength));
	let block = 0;
	for (const [start, length] of blocksOf(header)) {
		const place = space.open(length);
		for (const stream of streamsOf(frame, header, block++, length)) {
			if (stream.stop - stream.start === stream.length) putStored(place, frame, stream);
			else space.unlz4(frame, stream.start, stream.stop, stream.to, stream.length);
		}
		space.unload(shuffle, typesize, out, start);
	}
	return out;
}

async function unpackZstd(
	frame: Uint8Array,
	header: BloscHeader,
	coder: ZstdCoder,
	out: Uint8Array,
): Promise<Uint8Array> {
	const { shuffle, typesize } = header;
	let block = 0;
	for (const [start, length] of blocksOf(header)) {
		const streams = streamsOf(frame, header, block++, length);
		const decode = ({ start, stop, length }: Stream) => {
			const bytes = frame.subarray(start, stop);
			return bytes.byteLength === length ? bytes : coder.decode(bytes, length);
		};
		const plain: Uint8Array[] = [];
		for (const stream of streams) {
			const decoded = decode(stream);
			const bytes = decoded instanceof Promise ? await decoded : decoded;
			if (bytes.byteLength !== stream.length) throw new RangeError("a Blosc block has the wrong length");
			// What came at once is lent until the next is decoded.
			plain.push(streams.length === 1 ? bytes : bytes.slice());
		}
		// From here to the next turn nothing waits, so the space is ours.
		const space = blockSpace(length);
		const place = space.open(length);
		for (const [i, { to }] of streams.entries()) place.set(plain[i], to);
		space.unload(shuffle, typesize, out, start);
	}
	return out;
}

function putStored(place: Uint8Array, frame: Uint8Array, { start, stop, to }: Stream): void {
	place.set(frame.subarray(start, stop), to);
}
