/**
 * Codecs of numcodecs from bytes to bytes that zarrita lacks or has otherwise: checksums, shuffle by a stated element
 * size, bzip2 and LZMA (xz). Reading only.
 */
import { ChunkwiseError } from "../errors.ts";
import { decodeBzip2UpTo } from "../n5/bzip2.ts";
import { gather } from "../n5/streams.ts";
import { openXz } from "../n5/xz.ts";
import { crc32 } from "../stores/crc32.ts";
import { crc32c } from "./codecs/crc32c.ts";

type Configuration = Readonly<Record<string, unknown>>;

/**
 * Undoes a codec, which may give `most` bytes and gives about `likely`; `memory` gives bytes of any content that the
 * result may be put into.
 */
export type ByteFilter = (
	bytes: Uint8Array,
	most: number,
	likely: number,
	memory?: (size: number) => Uint8Array,
) => Uint8Array | Promise<Uint8Array>;

/** What undoes a codec of this name (without "numcodecs."); undefined where it is none of these. */
export function byteFilter(name: string, configuration: Configuration): ByteFilter | undefined {
	switch (name) {
		case "shuffle":
			return unshuffling(Number(configuration.elementsize ?? 4));
		case "crc32":
			return verifying(crc32, configuration.location ?? "start");
		case "adler32":
			return verifying(adler32, configuration.location ?? "start");
		case "fletcher32":
			return verifying(fletcher32, "end");
		case "crc32c":
			return verifying(crc32c, configuration.location ?? "end");
		case "bz2":
			return (bytes, most, likely) => decodeBzip2UpTo(bytes, most, likely);
		case "lzma":
			return unpackingXz(configuration);
	}
	return undefined;
}

function unshuffling(size: number): ByteFilter {
	return (bytes) => {
		if (!(size >= 1) || bytes.length % size !== 0) {
			throw new RangeError(`${bytes.length} bytes are no whole number of elements of ${size}`);
		}
		const count = bytes.length / size;
		const out = new Uint8Array(bytes.length);
		for (let byte = 0; byte < size; byte++) {
			for (let i = 0; i < count; i++) out[i * size + byte] = bytes[byte * count + i];
		}
		return out;
	};
}

/** Takes a little-endian checksum of four bytes off. */
function verifying(sum: (bytes: Uint8Array) => number, location: unknown): ByteFilter {
	return (bytes) => {
		if (bytes.length < 4) throw new RangeError("too short to hold a checksum");
		const start = location === "start";
		const content = start ? bytes.subarray(4) : bytes.subarray(0, -4);
		const at = bytes.byteOffset + (start ? 0 : content.length);
		const said = new DataView(bytes.buffer).getUint32(at, true);
		const found = sum(content) >>> 0;
		if (said !== found) {
			const hex = (value: number) => value.toString(16).padStart(8, "0");
			throw new RangeError(`checksum ${hex(found)} where ${hex(said)} was stored: the bytes have changed`);
		}
		return content;
	};
}

/** RFC 1950 section 8.2. */
function adler32(bytes: Uint8Array): number {
	let [a, b] = [1, 0];
	for (let at = 0; at < bytes.length; ) {
		// As many as two sums of 32 bits can take before the remainder.
		const end = Math.min(bytes.length, at + 5552);
		for (; at < end; at++) {
			a += bytes[at];
			b += a;
		}
		a %= 65521;
		b %= 65521;
	}
	return ((b << 16) | a) >>> 0;
}

/** As HDF5 has it (H5checksum.c): sums of big-endian 16-bit words, an odd byte as the high one. */
function fletcher32(bytes: Uint8Array): number {
	let [low, high] = [0, 0];
	const words = Math.floor(bytes.length / 2);
	for (let word = 0; word < words; ) {
		const end = Math.min(words, word + 360);
		for (; word < end; word++) {
			low += (bytes[2 * word] << 8) | bytes[2 * word + 1];
			high += low;
		}
		low = (low & 0xffff) + (low >>> 16);
		high = (high & 0xffff) + (high >>> 16);
	}
	if (bytes.length % 2) {
		low += bytes[bytes.length - 1] << 8;
		high += low;
		low = (low & 0xffff) + (low >>> 16);
		high = (high & 0xffff) + (high >>> 16);
	}
	low = (low & 0xffff) + (low >>> 16);
	high = (high & 0xffff) + (high >>> 16);
	return ((high << 16) | low) >>> 0;
}

const xzMagic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];

/**
 * Python's lzma in its container .xz; the bare streams have no decoder here.
 * @throws ChunkwiseError unsupported-codec
 */
function unpackingXz({ format = 1 }: Configuration): ByteFilter {
	// The numbers are those of Python's module lzma: FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW.
	if (format !== 1) {
		const names: Readonly<Record<string, string>> = { 2: " (.lzma)", 3: " (a raw stream)" };
		throw new ChunkwiseError(
			"unsupported-codec",
			`The codec lzma has format ${JSON.stringify(format)}${names[String(format)] ?? ""}, which cannot be read here.`,
			{
				remedy:
					"Only .xz (format 1) is read: write the array again with numcodecs.LZMA(format=1) or another codec.",
			},
		);
	}
	return async (bytes, most) => {
		if (!xzMagic.every((byte, i) => bytes[i] === byte)) {
			throw new RangeError("it does not begin as an .xz file");
		}
		return gather(bytes, most, await openXz());
	};
}
