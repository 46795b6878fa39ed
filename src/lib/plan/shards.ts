/** Shards: objects that hold many chunks and an index of where each lies (the sharding_indexed codec of Zarr v3). */
import { product } from "../types.ts";
import { shardIndexSize } from "../zarr/shard-index.ts";
import { type ChunkGrid, chunksPerShard, gridShape } from "./grid.ts";
import type { SelectionPlan } from "./selection.ts";

/** The index of a shard as writers are advised to write it: little-endian numbers with a checksum behind them. */
export const usualIndexCodecs = [{ name: "bytes" }, { name: "crc32c" }];

/** What a reading asks of shards. */
export interface ShardPlan {
	/** Shards touched, and shards in all: each is one object. */
	touched: number;
	total: number;
	/** Chunks in a shard. */
	chunks: number;
	/** Bytes of one shard's index: 16 a chunk, and 4 of checksum. */
	indexBytes: number;
	/** Requests of a reader that has seen nothing yet: one for the index of each shard, one for each chunk. */
	requests: number;
}

/** What a selection asks of the shards of a grid; undefined where there are none. */
export function shardsOfSelection(grid: ChunkGrid, plan: SelectionPlan): ShardPlan | undefined {
	const perShard = chunksPerShard(grid);
	if (!perShard || !grid.shards) return undefined;
	const touched = product(
		plan.first.map((first, axis) =>
			plan.last[axis] < first
				? 0
				: Math.floor(plan.last[axis] / perShard[axis]) - Math.floor(first / perShard[axis]) + 1,
		),
	);
	const chunks = product(perShard);
	return {
		touched,
		total: product(gridShape(grid.shape, grid.shards)),
		chunks,
		indexBytes: shardIndexSize(usualIndexCodecs, chunks, grid.prefix),
		requests: touched + plan.touched,
	};
}
