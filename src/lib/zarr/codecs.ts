/**
 * The codecs of the library: what each name of ours means in Zarr v3 metadata, how a chunk is encoded, and what
 * zarrita's registry lacks or gets wrong, put right there.
 *
 * - blosc: numcodecs' frames have the wrong element size and, for v3 metadata, no shuffle (see codecs/blosc.ts);
 * - crc32c: zarrita neither writes nor verifies it;
 * - gzip, zlib: zarrita does not write them;
 * - zstd: Node's own where it is there.
 */
import { registry } from "zarrita";
import { ChunkwiseError } from "../errors.ts";
import { itemSize, product } from "../types.ts";
import { type BloscOptions, bloscDecode, bloscEncode } from "./codecs/blosc.ts";
import { appendCrc32c, checkCrc32c } from "./codecs/crc32c.ts";
import { type DeflateFormat, deflate, inflate } from "./codecs/deflate.ts";
import { nodeZlib } from "./codecs/platform.ts";
import { zstdCoder, zstdDecode } from "./codecs/zstd.ts";
import { compressionLevel } from "./compression-level.ts";
import type { WritableType } from "./metadata.ts";

/** Compression of chunks, by the names that the command and the lessons use. */
export type CodecName = "blosc-lz4" | "blosc-zstd" | "zstd" | "gzip" | "none";

/** All names of codecs that chunks can be written with. */
export const codecNames: readonly CodecName[] = ["blosc-lz4", "blosc-zstd", "zstd", "gzip", "none"];

/** A codec as Zarr v3 metadata names it. */
export interface CodecMetadata {
	name: string;
	configuration?: Record<string, unknown>;
}

type BytesCodec = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** A chain of codecs for one array: its metadata, and the encoding of one chunk's little-endian bytes. */
export interface CodecChain {
	/** Of Zarr v3. */
	metadata: CodecMetadata[];
	/** The same as `compressor` of a Zarr v2 array. */
	compressor: Record<string, unknown> | null;
	/** Whether the encoded bytes are the very bytes given. */
	identity: boolean;
	/** Whether it encodes on other threads, so that several chunks at one time pay. */
	apart?: boolean;
	encode: BytesCodec;
}

/**
 * The chain of an array of this type. zlib is a codec of Zarr v2 alone.
 * @param compression the codec's level; default its usual one
 * @throws ChunkwiseError unknown-codec, bad-level
 */
export function codecChain(
	name: CodecName | "zlib",
	dtype: WritableType,
	zarrFormat: 2 | 3 = 3,
	compression?: number,
): CodecChain {
	const level = compressionLevel(name, compression);
	const typesize = dtype === "bool" ? 1 : dtype === "float16" ? 2 : itemSize(dtype);
	// The codec that lays elements out as bytes. One byte has no order.
	const bytes: CodecMetadata =
		typesize === 1 ? { name: "bytes" } : { name: "bytes", configuration: { endian: "little" } };
	switch (name) {
		case "none":
			return { metadata: [bytes], compressor: null, identity: true, encode: (chunk) => chunk };
		case "blosc-lz4":
		case "blosc-zstd": {
			const options: BloscOptions = {
				cname: name === "blosc-lz4" ? "lz4" : "zstd",
				clevel: level,
				shuffle: typesize === 1 ? "noshuffle" : "shuffle",
				typesize,
			};
			const { cname, clevel, shuffle } = options;
			return {
				metadata: [bytes, { name: "blosc", configuration: { ...options, blocksize: 0 } }],
				compressor: { id: "blosc", cname, clevel, shuffle: shuffle === "shuffle" ? 1 : 0, blocksize: 0 },
				identity: false,
				encode: (chunk) => bloscEncode(chunk, options),
			};
		}
		case "zstd":
			return {
				metadata: [bytes, { name: "zstd", configuration: { level, checksum: false } }],
				compressor: { id: "zstd", level },
				identity: false,
				encode: async (chunk) => (await zstdCoder(level)).encode(chunk),
			};
		case "gzip":
		case "zlib": {
			if (name === "zlib" && zarrFormat === 3) break;
			return {
				metadata: [bytes, { name, configuration: { level } }],
				compressor: { id: name, level },
				identity: false,
				apart: nodeZlib() !== undefined,
				encode: (chunk) => deflate(chunk, name, level),
			};
		}
	}
	throw new ChunkwiseError(
		"unknown-codec",
		`There is no codec ${JSON.stringify(name)} to write Zarr ${zarrFormat} with.`,
		{ remedy: `Use one of ${codecNames.join(", ")}.` },
	);
}

interface RegisteredCodec {
	kind: "bytes_to_bytes";
	encode: BytesCodec;
	/**
	 * @param most bytes that may come out, where that is known
	 * @param memory gives bytes of any content that the result may be put into
	 */
	decode(
		bytes: Uint8Array,
		most?: number,
		memory?: (size: number) => Uint8Array,
	): Uint8Array | Promise<Uint8Array>;
	computeEncodedSize?(size: number): number;
}

/** Bytes that may come out of a codec whose array does not say. */
const mostUnknown = 2 ** 32;

type Configuration = Record<string, unknown> | undefined;

const blosc = {
	fromConfig(
		configuration: Configuration,
		meta?: { dataType: string; shape?: readonly number[] },
	): RegisteredCodec {
		// A damaged header must not ask for memory far beyond what the chunk can hold.
		const most = meta?.shape ? 32 * product(meta.shape) + 65536 : undefined;
		return {
			kind: "bytes_to_bytes",
			encode: (bytes) => bloscEncode(bytes, bloscOptions(configuration ?? {}, meta?.dataType)),
			decode: (frame, known, memory) => bloscDecode(frame, known ?? most, memory),
		};
	},
};

/** Version 2 numbers its shuffles and leaves the element size to the array's type; version 3 names both. */
function bloscOptions(configuration: Record<string, unknown>, dataType?: string): BloscOptions {
	const shuffle = configuration.shuffle ?? "noshuffle";
	const named = typeof shuffle === "number" ? ["noshuffle", "shuffle", "bitshuffle"][shuffle] : shuffle;
	const cname = configuration.cname ?? "lz4";
	if (
		(cname !== "lz4" && cname !== "zstd") ||
		(named !== "shuffle" && named !== "noshuffle" && named !== "bitshuffle")
	) {
		throw new ChunkwiseError(
			"unsupported-codec",
			`Blosc with ${cname} and ${named} can be read here and not written.`,
			{
				remedy: 'Write with cname "lz4" or "zstd" and shuffle "shuffle", "bitshuffle" or "noshuffle".',
			},
		);
	}
	const bits = /\d+$/.exec(dataType ?? "")?.[0];
	return {
		cname,
		clevel: Number(configuration.clevel ?? 5),
		shuffle: named,
		typesize: Number(configuration.typesize ?? (bits ? Number(bits) / 8 : 1)),
	};
}

const crc32c = {
	fromConfig: (): RegisteredCodec => ({
		kind: "bytes_to_bytes",
		encode: appendCrc32c,
		decode: checkCrc32c,
		computeEncodedSize: (size) => size + 4,
	}),
};

const deflating = (format: DeflateFormat) => ({
	fromConfig(configuration: Configuration): RegisteredCodec {
		const level = Number(configuration?.level ?? 5);
		return {
			kind: "bytes_to_bytes",
			encode: (bytes) => deflate(bytes, format, level),
			decode: (bytes, most, memory) => inflate(bytes, format, most, memory),
		};
	},
});

const zstd = {
	fromConfig(configuration: Configuration): RegisteredCodec {
		// zarrita's registry has levels from 1 on; 0 is the library's own default.
		const level = Math.min(22, Math.max(1, Number(configuration?.level ?? 0) || 3));
		return {
			kind: "bytes_to_bytes",
			encode: async (bytes) => (await zstdCoder(level)).encode(bytes),
			decode: (bytes, most, memory) => zstdDecode(bytes, most ?? mostUnknown, memory),
		};
	},
};

let installed = false;

/** Puts the library's codecs into zarrita's registry. May be called any number of times. */
export function installCodecs(): void {
	if (installed) return;
	installed = true;
	const entries: Record<string, unknown> = {
		blosc,
		crc32c,
		gzip: deflating("gzip"),
		zlib: deflating("zlib"),
		zstd,
	};
	for (const [name, codec] of Object.entries(entries)) {
		for (const id of [name, `numcodecs.${name}`]) registry.set(id, async () => codec as never);
	}
}

/** Names of the codecs that chunks can be read with. */
export function readableCodecs(): string[] {
	installCodecs();
	const filters = ["adler32", "astype", "bz2", "crc32", "delta", "fixedscaleoffset", "fletcher32", "lzma"];
	const names = [...registry.keys(), ...filters, "packbits", "quantize", "sharding_indexed", "shuffle"];
	return [...new Set(names)].sort();
}
