/** The index of a shard (the sharding_indexed codec of Zarr v3): offset and length of each of its chunks. */
import { ChunkwiseError } from "../errors.ts";
import type { CodecMetadata } from "./codecs.ts";

/** What the index says, for offset and length, of a chunk that is not stored. */
export const absentChunk = 2n ** 64n - 1n;

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
