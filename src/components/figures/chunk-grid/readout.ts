/** The chunk grid's panel: numbers of the reading, and of the chunk pointed at. */
import { formatBytes, formatCount } from "../../../lib/format.ts";
import { formatFactor, formatShare } from "../../../lib/plan/figure.ts";
import {
	type Chunk,
	type ChunkGrid,
	chunkBytes,
	chunkCount,
	chunksPerShard,
} from "../../../lib/plan/grid.ts";
import { type SelectionPlan, type StoredSizes, storedBytes } from "../../../lib/plan/selection.ts";
import { shardsOfSelection } from "../../../lib/plan/shards.ts";
import { product } from "../../../lib/types.ts";
import { typeset } from "../html.ts";

/** A named number of the panel. */
export interface Reading {
	name: string;
	label: string;
	value: string;
}

/** What the reading costs. */
export function planReadings(grid: ChunkGrid, plan: SelectionPlan): Reading[] {
	const shards = shardsOfSelection(grid, plan);
	return [
		{
			name: "touched",
			label: "Chunks touched",
			value: `${formatCount(plan.touched)} of ${formatCount(plan.total)}`,
		},
		...(shards
			? [
					{
						name: "shards",
						label: "Shards touched",
						value: `${formatCount(shards.touched)} of ${formatCount(shards.total)}`,
					},
					{
						name: "requests",
						label: "Requests",
						value: `${formatCount(shards.requests)}, ${formatCount(shards.touched)} for indexes`,
					},
				]
			: []),
		{ name: "needed", label: "Needed", value: typeset(formatBytes(plan.bytesNeeded)) },
		{ name: "read", label: "Read, in memory", value: typeset(formatBytes(plan.bytesRead)) },
		...(plan.bytesStored === undefined
			? []
			: [{ name: "fetched", label: "Read, as stored", value: typeset(formatBytes(plan.bytesStored)) }]),
		{ name: "factor", label: "Read / needed", value: formatFactor(plan.amplification) },
	];
}

/** Shares of the whole grid, for the bar: what is needed of what is read of all there is. */
export function planShares(grid: ChunkGrid, plan: SelectionPlan): { needed: number; read: number } {
	const all = chunkCount(grid) * chunkBytes(grid);
	if (all === 0) return { needed: 0, read: 0 };
	return { needed: plan.bytesNeeded / all, read: plan.bytesRead / all };
}

/** What a chunk is; without one, the same names and no values, so that the panel keeps its size. */
export function chunkReadings(grid: ChunkGrid, chunk: Chunk | undefined, stored?: StoredSizes): Reading[] {
	const size = chunk && storedBytes(grid, chunk.key, stored);
	const elements = chunkBytes(grid) / grid.itemSize;
	const perShard = chunksPerShard(grid);
	return [
		{ name: "key", label: perShard ? "Key of its shard" : "Key", value: chunk?.key ?? "point at a chunk" },
		{
			name: "coords",
			label: `Chunk (${grid.dims.join(", ")})`,
			value: chunk ? `(${chunk.coords.join(", ")})` : "",
		},
		...(perShard
			? [
					{
						name: "entry",
						label: "Entry in its shard",
						value: chunk?.place ? `${chunk.place.entry} of ${formatCount(product(perShard))}` : "",
					},
				]
			: []),
		{
			name: "inside",
			label: "Inside the array",
			value: chunk ? chunk.inside.join(" × ") : "",
		},
		{
			name: "padding",
			label: "Padding",
			value: chunk ? typeset(formatShare(chunk.paddingElements, elements)) : "",
		},
		{ name: "bytes", label: "In memory", value: chunk ? typeset(formatBytes(chunk.bytes)) : "" },
		...(stored === undefined || (perShard && typeof stored === "object")
			? []
			: [
					{
						name: "stored",
						label: "Stored",
						value:
							size === undefined ? "" : size === 0 ? "not stored: fill value" : typeset(formatBytes(size)),
					},
				]),
	];
}
