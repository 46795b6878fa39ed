/**
 * The stream of LZ4 blocks that Java writes (net.jpountz.lz4, LZ4BlockOutputStream): neither the LZ4 frame format nor
 * numcodecs' lz4. Each block has a header of 21 bytes: "LZ4Block", a token (method and block size), then little-endian
 * the compressed length, the plain length, and 28 bits of the xxHash of the plain bytes. An empty block ends the stream.
 */
import { lz4Decode, lz4Encode } from "../zarr/codecs/lz4.ts";
import { xxhash32 } from "./xxhash32.ts";

const magic = new TextEncoder().encode("LZ4Block");
const headerSize = 21;
const methodRaw = 0x10;
const methodLz4 = 0x20;
const hashSeed = 0x9747b28c;
const smallestBlock = 64;
const largestBlock = 1 << 25;

function checksum(plain: Uint8Array): number {
	return xxhash32(plain, hashSeed) & 0x0fffffff;
}

/** Compresses into blocks of `blockSize` plain bytes (64 to 32 Mi, as the Java class takes them). */
export function encodeLz4Stream(plain: Uint8Array, blockSize: number): Uint8Array {
	const size = Math.min(largestBlock, Math.max(smallestBlock, blockSize));
	// The token says the power of two that holds a block, counted from 2^10.
	const level = Math.max(0, Math.ceil(Math.log2(size)) - 10);
	const blocks = Math.ceil(plain.byteLength / size);
	const out = new Uint8Array(plain.byteLength + headerSize * (blocks + 1));
	let at = 0;
	for (let start = 0; start < plain.byteLength; start += size) {
		const stop = Math.min(plain.byteLength, start + size);
		const body = at + headerSize;
		const end = lz4Encode(plain, start, stop, out, body, body + stop - start);
		const packed = end > 0 && end - body < stop - start ? end - body : undefined;
		if (packed === undefined) out.set(plain.subarray(start, stop), body);
		writeHeader(
			out,
			at,
			(packed === undefined ? methodRaw : methodLz4) | level,
			packed ?? stop - start,
			stop - start,
			checksum(plain.subarray(start, stop)),
		);
		at = body + (packed ?? stop - start);
	}
	writeHeader(out, at, methodRaw | level, 0, 0, 0);
	return out.slice(0, at + headerSize);
}

function writeHeader(
	out: Uint8Array,
	at: number,
	token: number,
	packed: number,
	plain: number,
	hash: number,
): void {
	out.set(magic, at);
	out[at + 8] = token;
	const view = new DataView(out.buffer, out.byteOffset);
	view.setInt32(at + 9, packed, true);
	view.setInt32(at + 13, plain, true);
	view.setInt32(at + 17, hash, true);
}

function isHeader(bytes: Uint8Array, at: number): boolean {
	return magic.every((byte, i) => bytes[at + i] === byte);
}

/**
 * Under the same name z5py writes one LZ4 block without header or checksum, and zarr-python 2 (N5Store) one behind its
 * size in 4 bytes, as numcodecs does. It must fill `size` bytes exactly.
 */
function decodeBareBlock(bytes: Uint8Array, size: number): Uint8Array {
	const out = new Uint8Array(size);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const starts = bytes.byteLength > 4 && view.getUint32(0, true) === size ? [0, 4] : [0];
	for (const start of starts) {
		try {
			lz4Decode(bytes, start, bytes.byteLength, out, 0, size);
			return out;
		} catch {
			out.fill(0);
		}
	}
	throw new RangeError("this is neither an LZ4Block stream nor a single LZ4 block");
}

/**
 * Decompresses a stream that holds exactly `size` bytes. Streams that follow each other count as one.
 * @throws RangeError where the bytes are no such stream, or a checksum does not fit
 */
export function decodeLz4Stream(bytes: Uint8Array, size: number): Uint8Array {
	if (bytes.byteLength > 0 && !isHeader(bytes, 0)) return decodeBareBlock(bytes, size);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const out = new Uint8Array(size);
	let at = 0;
	let to = 0;
	while (at < bytes.byteLength) {
		if (at + headerSize > bytes.byteLength) throw new RangeError("the LZ4 stream ends within a header");
		if (!isHeader(bytes, at)) throw new RangeError("this is no LZ4Block stream");
		const method = bytes[at + 8] & 0xf0;
		const packed = view.getInt32(at + 9, true);
		const plain = view.getInt32(at + 13, true);
		const hash = view.getInt32(at + 17, true);
		at += headerSize;
		if (packed < 0 || plain < 0 || at + packed > bytes.byteLength) {
			throw new RangeError("an LZ4 block is cut short");
		}
		if (to + plain > size) throw new RangeError(`the LZ4 stream holds more than ${size} bytes`);
		if (plain === 0) continue;
		if (method === methodRaw && packed === plain) out.set(bytes.subarray(at, at + packed), to);
		else if (method === methodLz4) lz4Decode(bytes, at, at + packed, out, to, to + plain);
		else throw new RangeError("an LZ4 block is of an unknown kind");
		if (checksum(out.subarray(to, to + plain)) !== hash) {
			throw new RangeError("the checksum of an LZ4 block does not fit its bytes");
		}
		at += packed;
		to += plain;
	}
	if (to !== size) throw new RangeError(`the LZ4 stream holds ${to} bytes in place of ${size}`);
	return out;
}
