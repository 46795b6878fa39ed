/**
 * The compressions of N5 blocks, by the `type` that attributes.json gives them (saalfeldlab/n5 README, n5-blosc,
 * n5-zstandard).
 */
import { ChunkwiseError } from "../errors.ts";
import { largestZstdSize } from "../tiff/zstd-frame.ts";
import { type BloscOptions, bloscDecode, bloscEncode } from "../zarr/codecs/blosc.ts";
import { deflate, inflate } from "../zarr/codecs/deflate.ts";
import { zstdCoder } from "../zarr/codecs/zstd.ts";
import { compressionLevel } from "../zarr/compression-level.ts";
import { decodeBzip2 } from "./bzip2.ts";
import { encodeBzip2 } from "./bzip2-encode.ts";
import { decodeLz4Stream, encodeLz4Stream } from "./lz4-stream.ts";
import { through } from "./streams.ts";
import { openXz } from "./xz.ts";
import { encodeXz } from "./xz-encode.ts";

/** As attributes.json has it: `{ "type": "gzip", "level": 6 }`. */
export interface N5Compression {
	type: string;
	[option: string]: unknown;
}

/** Compression of blocks that are written. */
export type N5CodecName =
	| "raw"
	| "gzip"
	| "zlib"
	| "bzip2"
	| "lz4"
	| "xz"
	| "blosc-lz4"
	| "blosc-zstd"
	| "zstd";

/** All names of compressions that blocks can be written with. xz is read only. */
export const n5CodecNames: readonly N5CodecName[] = [
	"raw",
	"gzip",
	"zlib",
	"bzip2",
	"lz4",
	"xz",
	"blosc-lz4",
	"blosc-zstd",
	"zstd",
];

const readable = ["raw", "gzip", "bzip2", "lz4", "xz", "blosc", "zstd"];

/**
 * What attributes.json says of a codec. Settings are those that are common for it: gzip 5, bzip2 9, zstd 3, blosc 5 (lz4) and 1
 * (zstd), lz4 in blocks of 64 KiB; xz states preset 6, whose window it has.
 * @param compression the codec's level; default its usual one
 * @throws ChunkwiseError unknown-codec, bad-level
 */
export function n5Compression(name: N5CodecName, itemBytes: number, compression?: number): N5Compression {
	const level = compressionLevel(name, compression);
	const shuffle = itemBytes > 1 ? 1 : 0;
	switch (name) {
		case "raw":
			return { type: "raw" };
		case "gzip":
		case "zlib":
			return { type: "gzip", level, useZlib: name === "zlib" };
		case "bzip2":
			return { type: "bzip2", blockSize: 9 };
		case "lz4":
			return { type: "lz4", blockSize: 65536 };
		case "xz":
			return { type: "xz", preset: 6 };
		case "blosc-lz4":
			return { type: "blosc", cname: "lz4", clevel: level, shuffle, blocksize: 0 };
		case "blosc-zstd":
			return { type: "blosc", cname: "zstd", clevel: level, shuffle, blocksize: 0 };
		case "zstd":
			return { type: "zstd", level };
		default:
			throw new ChunkwiseError("unknown-codec", `N5 blocks are not written with ${JSON.stringify(name)}.`, {
				remedy: `Use one of ${n5CodecNames.join(", ")}.`,
			});
	}
}

/** Compresses the bytes of a block, for a compression that {@link n5Compression} gave. */
export async function compress(
	bytes: Uint8Array,
	compression: N5Compression,
	itemBytes: number,
): Promise<Uint8Array> {
	switch (compression.type) {
		case "gzip":
			return deflate(bytes, compression.useZlib ? "zlib" : "gzip", compression.level as number);
		case "bzip2":
			return encodeBzip2(bytes, compression.blockSize as number);
		case "lz4":
			return encodeLz4Stream(bytes, compression.blockSize as number);
		case "xz":
			return encodeXz(bytes);
		case "blosc":
			return bloscEncode(bytes, {
				cname: compression.cname as BloscOptions["cname"],
				clevel: compression.clevel as number,
				shuffle: compression.shuffle === 1 ? "shuffle" : "noshuffle",
				typesize: itemBytes,
			});
		case "zstd":
			return (await zstdCoder(compression.level as number)).encode(bytes);
		default:
			return bytes;
	}
}

/**
 * Decompresses the bytes of a block, of which there must be `size`. `where` is its key.
 * @throws ChunkwiseError bad-chunk, unknown-codec
 */
export async function decompress(
	bytes: Uint8Array,
	compression: N5Compression,
	size: number,
	where: string,
): Promise<Uint8Array> {
	const decode = decoders[compression.type];
	if (!decode) {
		throw new ChunkwiseError(
			"unknown-codec",
			`Blocks compressed by ${JSON.stringify(compression.type)} cannot be read here.`,
			{ where, remedy: `N5 blocks can be read that are ${readable.join(", ")}.` },
		);
	}
	try {
		const plain = await decode(bytes, size, compression);
		if (plain.byteLength === size) return plain;
		throw new RangeError(`it holds ${plain.byteLength} bytes in place of ${size}`);
	} catch (cause) {
		const message = cause instanceof Error ? cause.message : String(cause);
		throw new ChunkwiseError("bad-chunk", `The block cannot be decompressed: ${message || "bad data"}.`, {
			where,
			remedy: "The block is damaged or cut short: get it again.",
			cause,
		});
	}
}

type Decoder = (
	bytes: Uint8Array,
	size: number,
	compression: N5Compression,
) => Uint8Array | Promise<Uint8Array>;

const decoders: Readonly<Record<string, Decoder | undefined>> = {
	raw: (bytes, size) => bytes.subarray(0, size),
	gzip: (bytes, size, { useZlib }) => inflate(bytes, useZlib === true ? "zlib" : "gzip", size),
	bzip2: decodeBzip2,
	lz4: decodeLz4Stream,
	xz: async (bytes, size) => through(bytes, size, await openXz()),
	blosc: (bytes, size) => bloscDecode(bytes, size),
	zstd: async (bytes, size) => {
		// Frames of unknown size (Java's) end in a block that is not full, and encoders that flush have more of those.
		if (largestZstdSize(bytes) > 8 * size + (1 << 20)) {
			throw new RangeError("the zstd frame is far larger than the block");
		}
		const { default: Zstd } = await import("numcodecs/zstd");
		return Zstd.fromConfig({ id: "zstd" }).decode(bytes);
	},
};
