/** The chunk grid in words: what a reading costs, what a chunk is, and the figure's twin. */
import { formatBytes, formatCount } from "../format.ts";
import { product } from "../types.ts";
import { type ChunkGridProps, gridOf } from "./chunk-grid.ts";
import { counted, formatFactor, formatShare, type TextTwin } from "./figure.ts";
import { arrayBytes, type Chunk, type ChunkGrid, chunkCount, chunksPerShard, gridShape } from "./grid.ts";
import {
	type AxisSelection,
	chunksOfSelection,
	type SelectionPlan,
	type StoredSizes,
	storedBytes,
} from "./selection.ts";
import { shardsOfSelection } from "./shards.ts";

/** A selection in words: `z = 100`, `y = 0 to 63`, `the whole array`. */
export function describeSelection(grid: ChunkGrid, plan: SelectionPlan): string {
	const parts = plan.ranges.flatMap(([start, stop], axis) => {
		if (start === 0 && stop === grid.shape[axis]) return [];
		return stop === start + 1
			? [`${grid.dims[axis]} = ${start}`]
			: [`${grid.dims[axis]} = ${start} to ${stop - 1}`];
	});
	return parts.length === 0 ? "the whole array" : parts.join(", ");
}

/** What a reading costs, in one sentence. */
export function describePlan(grid: ChunkGrid, plan: SelectionPlan): string {
	const stored = plan.bytesStored === undefined ? "" : ` (${formatBytes(plan.bytesStored)} in the store)`;
	return (
		`Reading ${describeSelection(grid, plan)} touches ${formatCount(plan.touched)} of ${counted(plan.total, "chunk")}: ` +
		`${formatBytes(plan.bytesNeeded)} needed, ${formatBytes(plan.bytesRead)} read${stored}, ` +
		`${formatFactor(plan.amplification)} as much.${describeShards(grid, plan)}`
	);
}

/** What the reading asks of shards, as a sentence to follow another; nothing where there are none. */
function describeShards(grid: ChunkGrid, plan: SelectionPlan): string {
	const shards = shardsOfSelection(grid, plan);
	if (!shards) return "";
	return (
		` They lie in ${formatCount(shards.touched)} of ${counted(shards.total, "shard")}: ${counted(shards.requests, "request")}, ` +
		`one for the index of each shard (${formatBytes(shards.indexBytes)}) and one for each chunk.`
	);
}

/** One chunk in one sentence, for a label. */
export function describeChunk(grid: ChunkGrid, chunk: Chunk, stored?: StoredSizes): string {
	const at = chunk.coords.map((c, axis) => `${grid.dims[axis]} ${c}`).join(", ");
	const padding =
		chunk.paddingElements === 0
			? "no padding"
			: `${chunk.inside.join(" by ")} inside the array, ${formatShare(chunk.paddingElements, product(grid.chunks))} padding`;
	const size = storedBytes(grid, chunk.key, stored);
	const kept =
		size === undefined ? "" : size === 0 ? ", not stored: all fill value" : `, ${formatBytes(size)} stored`;
	const key = chunk.place ? `Entry ${chunk.place.entry} of shard ${chunk.key}` : `Key ${chunk.key}`;
	return `Chunk ${at}. ${key}. ${padding}. ${formatBytes(chunk.bytes)} in memory${kept}.`;
}

/** The grid in a sentence, and what slices across the middle of each axis cost. */
export function chunkGridTwin(props: ChunkGridProps): TextTwin {
	const grid = gridOf(props);
	const counts = gridShape(grid.shape, grid.chunks);
	const whole = chunksOfSelection(grid, {}, props.stored);
	const chosen = chunksOfSelection(grid, props.selection ?? {}, props.stored);
	const padding = whole.bytesRead - whole.bytesNeeded;
	const summary =
		`An array of ${grid.shape.join(" × ")} elements (${grid.dims.join(", ")}; ${formatBytes(arrayBytes(grid))}) ` +
		`in chunks of ${grid.chunks.join(" × ")}: ${counts.join(" × ")} = ${counted(chunkCount(grid), "chunk")}, ` +
		`${padding === 0 ? "none of it padding" : `${formatShare(padding, whole.bytesRead)} of their ${formatBytes(whole.bytesRead)} padding beyond the array's edge`}.` +
		inShards(grid);
	const plans = [chosen, ...middleSlices(grid).map((s) => chunksOfSelection(grid, s, props.stored)), whole];
	const rows = plans.map((plan) => [
		describeSelection(grid, plan),
		`${formatCount(plan.touched)} of ${formatCount(plan.total)}`,
		formatBytes(plan.bytesNeeded),
		formatBytes(plan.bytesRead),
		...(plan.bytesStored === undefined ? [] : [formatBytes(plan.bytesStored)]),
		formatFactor(plan.amplification),
	]);
	return {
		summary,
		status: describePlan(grid, chosen),
		caption: "What some selections cost",
		columns: [
			{ name: "Selection" },
			{ name: "Chunks touched", align: "right" },
			{ name: "Needed", align: "right" },
			{ name: "Read, in memory", align: "right" },
			...(chosen.bytesStored === undefined ? [] : [{ name: "Read, stored", align: "right" as const }]),
			{ name: "Read / needed", align: "right" },
		],
		rows: rows.filter((row, i) => rows.findIndex((other) => other[0] === row[0]) === i),
	};
}

function inShards(grid: ChunkGrid): string {
	const perShard = chunksPerShard(grid);
	if (!perShard || !grid.shards) return "";
	const count = product(gridShape(grid.shape, grid.shards));
	return ` They are stored in ${counted(count, "shard")} of ${grid.shards.join(" × ")}: ${counted(count, "object")}, each with up to ${counted(product(perShard), "chunk")}.`;
}

function middleSlices(grid: ChunkGrid): Record<string, AxisSelection>[] {
	if (product(grid.shape) === 0) return [];
	return grid.dims.map((name, axis) => ({ [name]: Math.floor(grid.shape[axis] / 2) }));
}
