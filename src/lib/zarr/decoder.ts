/**
 * From the stored bytes of one chunk to its elements, by zarrita's codecs. zarrita reads from a store; ours holds
 * nothing but the bytes to decode. So fetching stays with us: which keys are asked for, how many at a time, what an
 * absent chunk means, and where in a shard a chunk lies.
 */
import * as zarr from "zarrita";
import { ChunkwiseError, isChunkwiseError } from "../errors.ts";
import { product, type TypedArray } from "../types.ts";
import type { ArrayMetadata, Json } from "./array-metadata.ts";
import { type CodecMetadata, installCodecs, readableCodecs } from "./codecs.ts";
import { storedType } from "./dtypes.ts";

export interface DecodedChunk {
	data: TypedArray;
	/** Steps in elements: a transposed chunk is not in C order. */
	strides: readonly number[];
}

/** A store that gives each value once: what is to be decoded now. */
class Slots {
	readonly #values = new Map<number, Uint8Array>();
	readonly #documents: Readonly<Record<string, Uint8Array>>;
	#next = 0;

	constructor(documents: Readonly<Record<string, Uint8Array>> = {}) {
		this.#documents = documents;
	}

	/** Lays the bytes ready; the number becomes the chunk's index on the first axis. */
	put(value: Uint8Array): number {
		const slot = this.#next++;
		this.#values.set(slot, value);
		return slot;
	}

	async get(key: string): Promise<Uint8Array | undefined> {
		if (key in this.#documents) return this.#documents[key];
		// An array without axes has one chunk, whose key has no index.
		const slot = Number(/^\/(?:c\/)?(\d+)/.exec(key)?.[1] ?? this.#next - 1);
		const value = this.#values.get(slot);
		this.#values.delete(slot);
		return value;
	}
}

export class ChunkDecoder {
	readonly #slots: Slots;
	readonly #array: zarr.Array<zarr.DataType, zarr.Readable>;
	readonly #length: number;
	readonly #axes: number;

	private constructor(
		slots: Slots,
		array: zarr.Array<zarr.DataType, zarr.Readable>,
		chunks: readonly number[],
	) {
		this.#slots = slots;
		this.#array = array;
		this.#length = product(chunks);
		this.#axes = chunks.length;
	}

	/** @throws ChunkwiseError bad-metadata, where zarrita cannot make sense of a v2 document */
	static async of(metadata: ArrayMetadata, where: string): Promise<ChunkDecoder> {
		if (metadata.zarrFormat === 3) {
			return ChunkDecoder.ofCodecs(storedType(metadata.dtype), metadata.chunks, metadata.codecs);
		}
		installCodecs();
		const stored = String(metadata.document.dtype).replace(/b1$/, "u1").replace(/f2$/, "u2");
		const document: Json = { ...metadata.document, dtype: stored, fill_value: 0, dimension_separator: "/" };
		const slots = new Slots({ "/.zarray": new TextEncoder().encode(JSON.stringify(document)) });
		try {
			const array = await zarr.open.v2(zarr.root(slots as zarr.Readable), { kind: "array", attrs: false });
			return new ChunkDecoder(slots, array, metadata.chunks);
		} catch (cause) {
			throw new ChunkwiseError("bad-metadata", `Its metadata cannot be used: ${messageOf(cause)}`, {
				where,
				remedy: "The array is damaged or of a kind that is not supported: ask whoever wrote it.",
				cause,
			});
		}
	}

	/** For chunks of a v3 array, or its shards' indices. */
	static ofCodecs(dtype: string, chunks: readonly number[], codecs: readonly CodecMetadata[]): ChunkDecoder {
		installCodecs();
		const slots = new Slots();
		const array = new zarr.Array(slots as zarr.Readable, "/", {
			zarr_format: 3,
			node_type: "array",
			shape: [...chunks],
			data_type: dtype as zarr.DataType,
			chunk_grid: { name: "regular", configuration: { chunk_shape: [...chunks] } },
			chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
			codecs: codecs.map(({ name, configuration }) => ({ name, configuration: configuration ?? {} })),
			fill_value: 0 as never,
			attributes: {},
		});
		return new ChunkDecoder(slots, array, chunks);
	}

	/** @throws ChunkwiseError bad-chunk, unknown-codec */
	async decode(bytes: Uint8Array, key: string): Promise<DecodedChunk> {
		const slot = this.#slots.put(bytes);
		const index = Array.from({ length: this.#axes }, (_, axis) => (axis === 0 ? slot : 0));
		try {
			const { data, stride } = await this.#array.getChunk(index);
			if ((data as TypedArray).length !== this.#length) {
				throw new RangeError(`${(data as TypedArray).length} elements in place of ${this.#length}`);
			}
			return { data: data as TypedArray, strides: stride };
		} catch (cause) {
			if (isChunkwiseError(cause)) throw cause;
			throw explain(cause, bytes, key);
		}
	}
}

function explain(cause: unknown, bytes: Uint8Array, key: string): ChunkwiseError {
	if (cause instanceof zarr.UnknownCodecError) {
		return new ChunkwiseError("unknown-codec", `No codec is called ${JSON.stringify(cause.codec)} here.`, {
			where: key,
			remedy: `Chunks can be read that use ${readableCodecs()
				.filter((name) => !name.startsWith("numcodecs."))
				.join(", ")}.`,
			cause,
		});
	}
	const inner = cause instanceof zarr.CodecPipelineError ? cause.cause : cause;
	if (isChunkwiseError(inner)) return inner;
	const codec = cause instanceof zarr.CodecPipelineError ? ` by ${cause.codec}` : "";
	return new ChunkwiseError(
		"bad-chunk",
		`The ${bytes.byteLength} bytes of this chunk cannot be decoded${codec}: ${messageOf(inner)}`,
		{ where: key, remedy: "The chunk is damaged or cut short: get it again.", cause },
	);
}

function messageOf(cause: unknown): string {
	return cause instanceof Error ? cause.message : String(cause);
}
