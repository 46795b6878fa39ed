/** The index of a shard (the sharding_indexed codec of Zarr v3): offset and length of each of its chunks. */
import { ChunkwiseError } from "../errors.ts";
import { cStrides } from "../types.ts";
import type { CodecMetadata } from "./codecs.ts";

/** What the index says, for offset and length, of a chunk that is not stored. */
export const absentChunk = 2n ** 64n - 1n;

/** Where a chunk of a sharded array lies. All lists go slowest axis first. */
export interface ShardPlace {
	/** The shard, in coordinates of the grid of shards: what its key is made of. */
	shard: number[];
	/** The chunk within its shard. */
	inner: number[];
	/** Which entry of the shard's index is the chunk's: entries are in C order, 16 bytes each. */
	entry: number;
}

/**
 * Where a chunk of a sharded array lies.
 * @param chunk its coordinates in the grid of chunks
 * @param perShard chunks along each axis of a shard
 */
export function placeInShard(chunk: readonly number[], perShard: readonly number[]): ShardPlace {
	const inner = chunk.map((c, axis) => c % perShard[axis]);
	const strides = cStrides(perShard);
	return {
		shard: chunk.map((c, axis) => Math.floor(c / perShard[axis])),
		inner,
		entry: inner.reduce((sum, i, axis) => sum + i * strides[axis], 0),
	};
}

/**
 * Bytes of the index as stored, for this many chunks.
 * @throws ChunkwiseError unknown-codec, where a codec's size depends on what it codes
 */
export function shardIndexSize(codecs: readonly CodecMetadata[], count: number, where: string): number {
	let size = 16 * count;
	for (const { name } of codecs) {
		if (name === "crc32c") size += 4;
		else if (name !== "bytes" && name !== "transpose") {
			throw new ChunkwiseError(
				"unknown-codec",
				`A shard's index cannot be coded by ${JSON.stringify(name)}.`,
				{
					where: where || undefined,
					remedy: "The size of an index must be known before it is read: bytes and crc32c are possible.",
				},
			);
		}
	}
	return size;
}
