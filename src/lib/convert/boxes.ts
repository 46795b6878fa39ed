/** An array cut into boxes of whole write units (chunks, or shards), each small enough to be in memory. */
import type { IndexRange } from "../image/select.ts";
import { type Region, regionShape } from "../multiscale/region.ts";
import { gridShape } from "../plan/grid.ts";
import { cStrides, product } from "../types.ts";

export class BoxGrid {
	readonly shape: readonly number[];
	/** Of a box that is not at a far edge. */
	readonly box: readonly number[];
	readonly count: number;
	readonly #grid: number[];
	readonly #strides: number[];

	constructor(shape: readonly number[], box: readonly number[]) {
		this.shape = shape;
		this.box = box;
		this.#grid = gridShape(shape, box);
		this.#strides = cStrides(this.#grid);
		this.count = product(this.#grid);
	}

	/** The part of the array that a box is. Boxes are counted in C order. */
	region(index: number): IndexRange[] {
		return this.#strides.map((step, axis) => {
			const start = (Math.floor(index / step) % this.#grid[axis]) * this.box[axis];
			return [start, Math.min(start + this.box[axis], this.shape[axis])];
		});
	}

	/** The boxes that a part of the array touches, in C order. */
	*touching(region: Region): Generator<number> {
		const first = region.map(([start], axis) => Math.floor(start / this.box[axis]));
		const counts = region.map(([, stop], axis) => Math.ceil(stop / this.box[axis]) - first[axis]);
		const steps = cStrides(counts);
		const total = product(counts);
		for (let n = 0; n < total; n++) {
			yield steps.reduce(
				(sum, step, axis) =>
					sum + (first[axis] + (Math.floor(n / step) % counts[axis])) * this.#strides[axis],
				0,
			);
		}
	}
}

export interface BoxRequest {
	shape: readonly number[];
	/** What is written at once: a chunk, or a shard. A box is whole units. */
	unit: readonly number[];
	/** What is best read at once. */
	block: readonly number[];
	itemBytes: number;
	/** Bytes that a box should not exceed; one unit it is in any case. */
	limit: number;
}

/**
 * Chooses boxes: as long as the limit allows along the fastest axis, then along the one before it, so that reading and
 * writing go through files in their order. Where a block of the source is longer than a box could be (a plane
 * compressed as one strip), the box may be twice as large, since every box decodes the whole block.
 */
export function planBoxes({ shape, unit, block, itemBytes, limit }: BoxRequest): BoxGrid {
	const box = unit.map((n, axis) => Math.max(1, Math.min(n, shape[axis])));
	for (let axis = shape.length - 1; axis >= 0; axis--) {
		const others = product(box) / box[axis];
		const room = limit / (others * itemBytes);
		const longBlock = block[axis] > room && block[axis] > unit[axis];
		const most = longBlock ? 2 * room : room;
		if (shape[axis] <= most) {
			box[axis] = shape[axis];
			continue;
		}
		const common = leastCommonMultiple(unit[axis], Math.min(block[axis], shape[axis]));
		const step = common <= most ? common : unit[axis];
		box[axis] = Math.max(box[axis], Math.floor(most / step) * step);
		// The axes before it stay one unit long: a longer box would not be one run of the array.
		break;
	}
	return new BoxGrid(shape, box);
}

function leastCommonMultiple(a: number, b: number): number {
	let [x, y] = [a, b];
	while (y > 0) [x, y] = [y, x % y];
	return (a / x) * b;
}

/** The part that two regions have in common, in indices of the array; undefined where they have none. */
export function intersection(a: Region, b: Region): IndexRange[] | undefined {
	const common = a.map(
		([start, stop], axis): IndexRange => [Math.max(start, b[axis][0]), Math.min(stop, b[axis][1])],
	);
	return common.every(([start, stop]) => start < stop) ? common : undefined;
}

export function sameRegion(a: Region, b: Region): boolean {
	return a.every(([start, stop], axis) => start === b[axis][0] && stop === b[axis][1]);
}

/** Offset in elements, in a C-order array that holds `whole`, of the first element of a part of it. */
export function offsetIn(whole: Region, part: Region): number {
	const strides = cStrides(regionShape(whole));
	return part.reduce((sum, [start], axis) => sum + (start - whole[axis][0]) * strides[axis], 0);
}
