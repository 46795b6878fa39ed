/**
 * From the stored bytes of one chunk to its elements. Fetching is not done here: which keys are asked for, how many at a
 * time, what an absent chunk means, and where in a shard a chunk lies.
 */
import { ChunkwiseError, isChunkwiseError } from "../errors.ts";
import type { TypedArray } from "../types.ts";
import type { ArrayMetadata } from "./array-metadata.ts";
import { type ChunkCodecs, CodecError, CodecPipeline, codecsOfV2, type Memory } from "./codec-pipeline.ts";
import type { CodecMetadata } from "./codecs.ts";
import { fillElement } from "./dtypes.ts";

export interface DecodedChunk {
	data: TypedArray;
	/** Steps in elements: a transposed chunk is not in C order. */
	strides: readonly number[];
}

export class ChunkDecoder {
	readonly #spec: ChunkCodecs | (() => ChunkCodecs);
	readonly #where?: string;
	#pipeline?: Promise<CodecPipeline>;

	private constructor(spec: ChunkCodecs | (() => ChunkCodecs), where?: string) {
		this.#spec = spec;
		this.#where = where;
	}

	/** For the chunks of an array; inside a shard where there are shards. */
	static async of(metadata: ArrayMetadata, where: string): Promise<ChunkDecoder> {
		return new ChunkDecoder(() => {
			const { dtype, chunks: shape, document } = metadata;
			const fill = fillElement(metadata.fillValue, dtype, where);
			const codecs =
				metadata.zarrFormat === 2 ? codecsOfV2(document, metadata.codecs, { dtype, shape }) : metadata.codecs;
			return { codecs, dtype, shape, fill };
		}, where);
	}

	/** For chunks of a v3 array, or its shards' indices. */
	static ofCodecs(dtype: string, chunks: readonly number[], codecs: readonly CodecMetadata[]): ChunkDecoder {
		return new ChunkDecoder({ dtype, shape: chunks, codecs });
	}

	/**
	 * @param memory for the elements, where a codec can make use of it
	 * @throws ChunkwiseError bad-chunk, unknown-codec, unsupported-codec, bad-metadata
	 */
	async decode(bytes: Uint8Array, key: string, memory?: Memory): Promise<DecodedChunk> {
		try {
			this.#pipeline ??= CodecPipeline.of(typeof this.#spec === "function" ? this.#spec() : this.#spec);
			return await (await this.#pipeline).decode(bytes, memory);
		} catch (cause) {
			throw explain(cause, bytes, key, this.#where);
		}
	}
}

function explain(cause: unknown, bytes: Uint8Array, key: string, where = key): ChunkwiseError {
	if (isChunkwiseError(cause)) {
		if (cause.where) return cause;
		const { code, message, remedy } = cause;
		return new ChunkwiseError(code, message, {
			where: code.startsWith("bad-m") ? where : key,
			remedy,
			cause,
		});
	}
	const codec = cause instanceof CodecError && cause.codec ? ` by ${cause.codec}` : "";
	return new ChunkwiseError(
		"bad-chunk",
		`The ${bytes.byteLength} bytes of this chunk cannot be decoded${codec}: ${messageOf(cause)}`,
		{ where: key, remedy: "The chunk is damaged or cut short: get it again.", cause },
	);
}

function messageOf(cause: unknown): string {
	return (cause instanceof Error ? cause.message : String(cause)) || "they are not as they should be";
}
