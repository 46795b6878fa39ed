/** Putting chunks together into shards (the sharding_indexed codec of Zarr v3). */
import { appendCrc32c } from "./codecs/crc32c.ts";
import type { CodecMetadata } from "./codecs.ts";

/** Where in a shard its index is. */
export type IndexLocation = "start" | "end";

/** What the index says of a chunk that is not stored. */
const absent = 2n ** 64n - 1n;

/** The codec's metadata, around those that code a chunk. The index is little-endian with a checksum, as recommended. */
export function shardingCodec(
	chunks: readonly number[],
	codecs: readonly CodecMetadata[],
	indexLocation: IndexLocation,
): CodecMetadata {
	return {
		name: "sharding_indexed",
		configuration: {
			chunk_shape: [...chunks],
			codecs: [...codecs],
			index_codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }],
			index_location: indexLocation,
		},
	};
}

/**
 * One shard: its chunks one after the other, and the index of offset and length for each.
 * @param parts the stored bytes of every chunk of the shard in C order, those beyond the array's edge included;
 *   undefined for one that is all fill value
 * @returns undefined where no chunk is stored: then there is no shard either
 */
export function assembleShard(
	parts: readonly (Uint8Array | undefined)[],
	indexLocation: IndexLocation,
): Uint8Array | undefined {
	if (parts.every((part) => part === undefined)) return undefined;
	const indexBytes = 16 * parts.length + 4;
	const body = parts.reduce((sum, part) => sum + (part?.byteLength ?? 0), 0);
	const shard = new Uint8Array(body + indexBytes);
	const index = new DataView(new ArrayBuffer(16 * parts.length));
	let at = indexLocation === "start" ? indexBytes : 0;
	for (const [i, part] of parts.entries()) {
		index.setBigUint64(16 * i, part ? BigInt(at) : absent, true);
		index.setBigUint64(16 * i + 8, part ? BigInt(part.byteLength) : absent, true);
		if (!part) continue;
		shard.set(part, at);
		at += part.byteLength;
	}
	shard.set(appendCrc32c(new Uint8Array(index.buffer)), indexLocation === "start" ? 0 : body);
	return shard;
}
