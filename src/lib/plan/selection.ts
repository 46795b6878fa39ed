/** What a read touches: the chunks of a selection, and the bytes needed against the bytes read. */
import { ChunkwiseError } from "../errors.ts";
import { product } from "../types.ts";
import { type ChunkGrid, chunkBytes, chunkCount, chunkKey, coordsBetween } from "./grid.ts";

/** One axis of a selection: an index, a range [start, stop) or, with null, all of it. */
export type AxisSelection = number | readonly [start: number, stop: number] | null;

/** A selection by axis name, or one entry an axis, slowest first. Axes not named are taken whole. */
export type Selection = Readonly<Record<string, AxisSelection>> | readonly AxisSelection[];

/**
 * Bytes of chunks in their store: by key (a key without an entry is not stored), or memory bytes divided by a ratio.
 * Of chunks in shards only a ratio says something: their keys are the shards'.
 */
export type StoredSizes = Readonly<Record<string, number>> | number;

/** What reading a selection costs. */
export interface SelectionPlan {
	/** The selection as one [start, stop) an axis. */
	ranges: [start: number, stop: number][];
	/** First and last chunk touched along each axis, both included. */
	first: number[];
	last: number[];
	/** Chunks touched, and chunks in all. */
	touched: number;
	total: number;
	/** Bytes of the elements asked for. */
	bytesNeeded: number;
	/** Bytes in memory of the chunks that must be read whole, padding included. */
	bytesRead: number;
	/** Bytes of those chunks in their store; absent where sizes are not known. */
	bytesStored?: number;
	/** bytesRead / bytesNeeded: how much more is decoded than asked for. 0 where nothing is asked for. */
	amplification: number;
}

function outside(grid: ChunkGrid, axis: number, said: string): ChunkwiseError {
	return new ChunkwiseError(
		"selection-outside-array",
		`${said} is outside axis ${grid.dims[axis]}, which has indices 0 to ${grid.shape[axis] - 1}.`,
		{
			where: grid.prefix,
			remedy: `Give an index from 0 to ${grid.shape[axis] - 1}, or a range [start, stop) within 0 and ${grid.shape[axis]}.`,
		},
	);
}

function axisRange(grid: ChunkGrid, axis: number, selection: AxisSelection | undefined): [number, number] {
	const length = grid.shape[axis];
	if (selection === null || selection === undefined) return [0, length];
	if (typeof selection === "number") {
		if (!Number.isInteger(selection) || selection < 0 || selection >= length) {
			throw outside(grid, axis, `Index ${selection}`);
		}
		return [selection, selection + 1];
	}
	const [start, stop] = selection;
	const whole = Number.isInteger(start) && Number.isInteger(stop);
	if (!whole || start < 0 || stop > length || start > stop) {
		throw outside(grid, axis, `Range [${start}, ${stop})`);
	}
	return [start, stop];
}

/**
 * A selection as one [start, stop) an axis.
 * @throws ChunkwiseError `selection-outside-array`, `selection-unknown-axis`, `selection-rank`
 */
export function selectionRanges(grid: ChunkGrid, selection: Selection): [number, number][] {
	if (Array.isArray(selection)) {
		if (selection.length > grid.shape.length) {
			throw new ChunkwiseError(
				"selection-rank",
				`The selection has ${selection.length} entries, the array ${grid.shape.length} axes.`,
				{ where: grid.prefix, remedy: `Give at most one entry for each of ${grid.dims.join(", ")}.` },
			);
		}
		return grid.shape.map((_, axis) => axisRange(grid, axis, selection[axis]));
	}
	const byName = selection as Readonly<Record<string, AxisSelection>>;
	const unknown = Object.keys(byName).find((name) => !grid.dims.includes(name));
	if (unknown !== undefined) {
		throw new ChunkwiseError("selection-unknown-axis", `The array has no axis ${unknown}.`, {
			where: grid.prefix,
			remedy: `Its axes are ${grid.dims.join(", ")}.`,
		});
	}
	return grid.dims.map((name, axis) => axisRange(grid, axis, byName[name]));
}

/** Bytes of one chunk in its store: 0 where it is not stored, undefined where its size is not known. */
export function storedBytes(grid: ChunkGrid, key: string, stored?: StoredSizes): number | undefined {
	if (stored === undefined || (grid.shards && typeof stored === "object")) return undefined;
	return typeof stored === "number" ? Math.round(chunkBytes(grid) / stored) : (stored[key] ?? 0);
}

/**
 * The chunks that a selection touches and what reading them costs. Nothing is listed chunk by chunk, so it is as
 * quick for a billion chunks as for one, unless `stored` gives a size for each key.
 */
export function chunksOfSelection(
	grid: ChunkGrid,
	selection: Selection = {},
	stored?: StoredSizes,
): SelectionPlan {
	const ranges = selectionRanges(grid, selection);
	const first = ranges.map(([start], axis) => Math.floor(start / grid.chunks[axis]));
	// An empty range touches nothing: its last chunk comes before its first.
	const last = ranges.map(([start, stop], axis) =>
		stop > start ? Math.floor((stop - 1) / grid.chunks[axis]) : first[axis] - 1,
	);
	const touched = product(first.map((f, axis) => Math.max(0, last[axis] - f + 1)));
	const bytesNeeded = product(ranges.map(([start, stop]) => stop - start)) * grid.itemSize;
	const bytesRead = touched * chunkBytes(grid);
	const plan: SelectionPlan = {
		ranges,
		first,
		last,
		touched,
		total: chunkCount(grid),
		bytesNeeded,
		bytesRead,
		amplification: bytesNeeded === 0 ? 0 : bytesRead / bytesNeeded,
	};
	if (typeof stored === "number") plan.bytesStored = Math.round(bytesRead / stored);
	else if (stored !== undefined && !grid.shards) {
		let sum = 0;
		for (const coords of coordsBetween(first, last)) {
			sum += stored[chunkKey(coords, grid.encoding, grid.prefix)] ?? 0;
		}
		plan.bytesStored = sum;
	}
	return plan;
}

/** True where the chunk is one of those that the selection touches. */
export function touches(plan: SelectionPlan, coords: readonly number[]): boolean {
	return coords.every((c, axis) => c >= plan.first[axis] && c <= plan.last[axis]);
}
