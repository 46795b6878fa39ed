/** What a panel draws now: the chunks of its level, and what stands in for those that are still to come. */
import type { ViewedImage } from "./image.ts";
import type { ChunkState } from "./loader.ts";
import { type ChunkWish, chunkRect, chunksInPanel, type Panel } from "./plan.ts";
import { indexAt, type View } from "./view.ts";

/** A chunk as it lies on a panel. */
export interface DrawnChunk {
	id: string;
	level: number;
	coords: number[];
	/** Undefined where nobody has asked for it. */
	state: ChunkState | undefined;
	/** In pixels of the screen from the panel's corner. */
	rect: { x: number; y: number; width: number; height: number };
	/** 0 for the level that is to be seen; what has more lies under it. */
	layer: number;
}

/** Levels finer than the one that is to be seen that may stand in: more of them would be too many chunks to look for. */
const finerLevels = 2;

/**
 * The chunks of a panel, those of its level first and in any state; then those of other levels that are there and may
 * be seen where the level's own are missing, the next coarser first.
 */
export function drawnChunks(
	image: ViewedImage,
	view: View,
	panel: Panel,
	level: number,
	stateOf: (id: string) => ChunkState | undefined,
): DrawnChunk[] {
	const drawn = ({ id, coords, level: at }: ChunkWish, layer: number): DrawnChunk => ({
		...{ id, level: at, coords, layer },
		state: stateOf(id),
		rect: chunkRect(image, view, panel, at, coords),
	});
	const own = chunksInPanel(image, view, panel, level).wishes.map((wish) => drawn(wish, 0));
	const isThere = ({ state }: DrawnChunk) => state === "cached" || state === "absent";
	if (own.every(isThere)) return own;
	const coarser = image.levels.map((_, i) => i).slice(level + 1);
	const finer = image.levels
		.map((_, i) => i)
		.slice(Math.max(0, level - finerLevels), level)
		.reverse();
	const others = [...coarser, ...finer].flatMap((at, i) =>
		chunksInPanel(image, view, panel, at)
			.wishes.map((wish) => drawn(wish, i + 1))
			.filter(({ state }) => state === "cached"),
	);
	return [...own, ...others];
}

/** Where the plane of a panel lies in a chunk: the part of it inside the image, at these indices of the other axes. */
export interface ChunkCut {
	/** Index in the chunk on each axis; of the plane's axes 0. */
	index: number[];
	rows: number;
	columns: number;
}

/**
 * How to cut a chunk for a panel.
 * @param channel index on the channel axis
 * @returns undefined where the chunk does not hold this channel, or the plane does not meet it
 */
export function cutFor(
	image: ViewedImage,
	view: View,
	{ plane }: Panel,
	{ level, coords }: Pick<DrawnChunk, "level" | "coords">,
	channel: number,
): ChunkCut | undefined {
	const found = image.levels[level];
	const index: number[] = [];
	for (const [axis, coord] of coords.entries()) {
		const start = coord * found.chunks[axis];
		if (axis === plane.horizontal || axis === plane.vertical) {
			index.push(0);
			continue;
		}
		const { role } = image.axes[axis];
		const at =
			role === "channel"
				? channel
				: axis === plane.depth || role === "space"
					? indexAt(found, axis, view.at[axis])
					: view.at[axis];
		if (at === undefined || at < start || at >= start + found.chunks[axis]) return undefined;
		index.push(at - start);
	}
	const inside = (axis: number) =>
		Math.min(found.chunks[axis], found.shape[axis] - coords[axis] * found.chunks[axis]);
	return { index, rows: inside(plane.vertical), columns: inside(plane.horizontal) };
}
