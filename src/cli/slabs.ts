/** An array cut into parts that follow each other in C order and fit into memory. */
import { product } from "../lib/types.ts";

/** For each axis an index or a half-open range. */
export type Slab = (number | [start: number, stop: number])[];

/**
 * Parts of at most `limit` bytes each, whole chunk rows where these fit, so that a chunk is decoded once; single planes
 * (and chunks decoded again for each) where they do not.
 */
export function* slabs(
	shape: readonly number[],
	chunks: readonly number[],
	itemBytes: number,
	limit: number,
	axis = 0,
	before: Slab = [],
): Generator<Slab> {
	if (axis === shape.length) {
		yield before;
		return;
	}
	if (shape.includes(0)) return;
	const rowBytes = product(shape.slice(axis + 1)) * itemBytes;
	const rest = shape.slice(axis + 1).map((size): [number, number] => [0, size]);
	const fitting = Math.floor(limit / rowBytes);
	if (fitting < 1) {
		for (let index = 0; index < shape[axis]; index++) {
			yield* slabs(shape, chunks, itemBytes, limit, axis + 1, [...before, index]);
		}
		return;
	}
	const rows = fitting >= chunks[axis] ? fitting - (fitting % chunks[axis]) : fitting;
	for (let start = 0; start < shape[axis]; start += rows) {
		yield [...before, [start, Math.min(shape[axis], start + rows)], ...rest];
	}
}
