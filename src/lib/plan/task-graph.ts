/** The tasks of writing a pyramid: one for each chunk of each level, and what it waits for. */
import { neededRegion, type Region } from "../multiscale/region.ts";
import { coordsBetween, gridShape } from "./grid.ts";
import type { PyramidLevel, PyramidPlan } from "./pyramid.ts";

/** The task that makes one chunk. */
export interface ChunkTask {
	/** `scale1/image/c/0/0/0`: the key that it writes. */
	id: string;
	level: number;
	chunk: number[];
	/** What of its level the chunk holds, half-open, without padding. */
	region: [start: number, stop: number][];
	/** The elements of the level before that it is computed from; absent for the image itself. */
	source?: Region;
	/** Tasks that make the chunks of the level before that hold those elements. */
	inputs: string[];
}

/** The tasks of a pyramid, level by level from the finest, chunks in C order. */
export function pyramidTaskGraph(plan: PyramidPlan): ChunkTask[] {
	return plan.levels.flatMap((own, level) => {
		const counts = gridShape(own.grid.shape, own.grid.chunks);
		const all = coordsBetween(
			counts.map(() => 0),
			counts.map((n) => n - 1),
		);
		return [...all].map((chunk): ChunkTask => {
			const region = chunk.map((c, axis): [number, number] => {
				const start = c * own.grid.chunks[axis];
				return [start, Math.min(own.grid.shape[axis], start + own.grid.chunks[axis])];
			});
			const task = { id: idOf(own, chunk), level, chunk, region };
			const before = plan.levels[level - 1];
			if (!before) return { ...task, inputs: [] };
			const step = { shape: before.grid.shape, factors: own.factors, method: plan.method };
			const source = neededRegion(step, region);
			const first = source.map(([start], axis) => Math.floor(start / before.grid.chunks[axis]));
			const last = source.map(([, stop], axis) => Math.floor((stop - 1) / before.grid.chunks[axis]));
			const inputs = [...coordsBetween(first, last)].map((coords) => idOf(before, coords));
			return { ...task, source, inputs };
		});
	});
}

function idOf({ grid }: PyramidLevel, chunk: readonly number[]): string {
	return `${grid.prefix}/c/${chunk.join("/")}`;
}
