/**
 * The work that a pool's workers do: pure functions of what is sent to them. The same functions run in a worker and,
 * where there is none, here.
 */
import { coarsenRegion, type LevelStep, type Region } from "../multiscale/region.ts";
import type { N5ArrayMetadata } from "../n5/attributes.ts";
import { decodeBlock, encodeBlock } from "../n5/block.ts";
import { type N5CodecName, n5Compression } from "../n5/compression.ts";
import { cStrides, type TypedArray } from "../types.ts";
import type { ArrayMetadata } from "../zarr/array-metadata.ts";
import { type CodecChain, type CodecName, codecChain } from "../zarr/codecs.ts";
import { ChunkDecoder, type DecodedChunk } from "../zarr/decoder.ts";
import { littleEndianBytes } from "../zarr/dtypes.ts";
import { halvesToFloats, storedElements } from "../zarr/half.ts";
import type { WritableType } from "../zarr/metadata.ts";

/** How a chunk is stored: as a chunk of Zarr (default: version 3), or as a block of N5. */
export type EncodeSpec =
	| { format: "zarr"; codec: CodecName | "zlib"; zarrFormat?: 2 | 3; level?: number }
	| { format: "n5"; codec: N5CodecName; level?: number };

/** What must be known of an array to decode its chunks; {@link zarrDecodeSpec} makes it of an array's metadata. */
export type DecodeSpec =
	| { format: "zarr"; metadata: ArrayMetadata }
	| { format: "n5"; metadata: Pick<N5ArrayMetadata, "blockShape" | "dtype" | "compression"> };

/** A chunk to be encoded. */
export interface EncodeInput {
	/** How it is to be stored. */
	spec: EncodeSpec;
	/** The elements of the whole chunk in C order; bool as 0 and 1 in a Uint8Array, float16 in a Float32Array. */
	data: TypedArray;
	/** Of the chunk. */
	shape: readonly number[];
	/** Zarr v3 name of the stored type. */
	dtype: WritableType;
}

/** A chunk to be decoded. */
export interface DecodeInput {
	/** How it is stored. */
	spec: DecodeSpec;
	/** The chunk as stored. */
	bytes: Uint8Array;
	/** Its key, for an error. */
	key: string;
}

/** A part of a coarser level to be computed. */
export interface DownsampleInput {
	/** The elements of `neededRegion(step, region)`, C order. */
	data: TypedArray;
	/** From the finer level to the coarser: factors, method, shapes. */
	step: LevelStep;
	/** The part of the coarser level that is computed. */
	region: Region;
}

/** Every job by name: what goes in and what comes out. All of it can be cloned to another thread. */
export interface Jobs {
	/** The bytes to store. */
	encodeChunk: { input: EncodeInput; output: Uint8Array };
	/** The elements: float16 as float32, bool as 0 and 1 in uint8. `strides` are in elements. */
	decodeChunk: { input: DecodeInput; output: DecodedChunk };
	/** The elements of the region in C order, of the type of the input. */
	downsample: { input: DownsampleInput; output: TypedArray };
}

export type JobName = keyof Jobs;

/** The metadata of an array without what no decoder needs (attributes may be long), to be sent with each chunk. */
export function zarrDecodeSpec(metadata: ArrayMetadata): DecodeSpec {
	const document = metadata.zarrFormat === 2 ? metadata.document : {};
	return { format: "zarr", metadata: { ...metadata, attributes: {}, document } };
}

const jobs: { [K in JobName]: (input: Jobs[K]["input"]) => Promise<Jobs[K]["output"]> } = {
	async encodeChunk({ spec, data, shape, dtype }) {
		if (spec.format === "n5") {
			const compression = n5Compression(spec.codec, data.BYTES_PER_ELEMENT, spec.level);
			return encodeBlock(data, shape, { compression });
		}
		return chainOf(spec.codec, dtype, spec.zarrFormat ?? 3, spec.level).encode(
			littleEndianBytes(storedElements(data, dtype)),
		);
	},

	async decodeChunk({ spec, bytes, key }) {
		if (spec.format === "n5") {
			const { metadata } = spec;
			const data = await decodeBlock(bytes, metadata as N5ArrayMetadata, key);
			return { data, strides: cStrides(metadata.blockShape) };
		}
		const chunk = await (await decoderOf(spec.metadata, key)).decode(bytes, key);
		if (spec.metadata.dtype !== "float16") return chunk;
		return { data: halvesToFloats(chunk.data as Uint16Array), strides: chunk.strides };
	},

	async downsample({ data, step, region }) {
		return coarsenRegion(data, step, region);
	},
};

/** Runs a job in this thread. What it gives may share memory with what it was given. */
export function runJob<K extends JobName>(job: K, input: Jobs[K]["input"]): Promise<Jobs[K]["output"]> {
	return jobs[job](input);
}

/** Whether a job leaves this thread free, so that several at one time pay: Node's zlib works on threads of its own. */
export function worksApart<K extends JobName>(job: K, input: Jobs[K]["input"]): boolean {
	if (job !== "encodeChunk") return false;
	const { spec, dtype } = input as EncodeInput;
	// N5's gzip and zlib are the same.
	if (spec.format !== "zarr") return spec.codec === "gzip" && chainOf("gzip", "uint8", 3).apart === true;
	try {
		return chainOf(spec.codec, dtype, spec.zarrFormat ?? 3, spec.level).apart === true;
	} catch {
		// The job itself says what is wrong with it.
		return false;
	}
}

const chains = new Map<string, CodecChain>();

function chainOf(
	codec: CodecName | "zlib",
	dtype: WritableType,
	zarrFormat: 2 | 3,
	level?: number,
): CodecChain {
	const name = `${codec} ${dtype} ${zarrFormat} ${level}`;
	let chain = chains.get(name);
	if (!chain) {
		chain = codecChain(codec, dtype, zarrFormat, level);
		chains.set(name, chain);
	}
	return chain;
}

/** A decoder costs more than a small chunk: those of the arrays last read are kept. */
const decoders = new Map<string, Promise<ChunkDecoder>>();
const decodersKept = 8;

async function decoderOf(metadata: ArrayMetadata, key: string): Promise<ChunkDecoder> {
	const { zarrFormat, dtype, chunks, codecs, fillValue, document } = metadata;
	const about = [zarrFormat, dtype, chunks, codecs, fillValue, zarrFormat === 2 ? document : null];
	// A 64-bit fill value may be a bigint, which JSON does not know.
	const name = JSON.stringify(about, (_, value) => (typeof value === "bigint" ? `${value}n` : value));
	let decoder = decoders.get(name);
	if (!decoder) {
		decoder = ChunkDecoder.of(metadata, key);
		if (decoders.size >= decodersKept) decoders.delete(decoders.keys().next().value as string);
		decoders.set(name, decoder);
		decoder.catch(() => decoders.delete(name));
	}
	return decoder;
}
