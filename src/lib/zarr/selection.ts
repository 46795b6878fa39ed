/** What part of an array is read. */
import type { ChunkwiseError } from "../errors.ts";

/** For one axis: an index (from the end where negative; the axis is dropped), a half-open range, or all of it. */
export type AxisSelection = number | readonly [start: number, stop: number] | null | undefined;

/**
 * The half-open range of indices on each axis.
 * @param refused makes the error for a selection that is outside the array
 */
export function rangesOf(
	selection: readonly AxisSelection[],
	shape: readonly number[],
	dimensionNames: readonly string[],
	refused: (message: string) => ChunkwiseError,
): [start: number, stop: number][] {
	if (selection.length > shape.length) {
		throw refused(`${selection.length} axes are selected and the array has ${shape.length}.`);
	}
	return shape.map((size, axis) => {
		const wanted = selection[axis];
		if (wanted === null || wanted === undefined) return [0, size];
		if (typeof wanted === "number") {
			const index = wanted < 0 ? wanted + size : wanted;
			if (!Number.isInteger(index)) throw refused(`The index ${wanted} is not a whole number.`);
			if (index < 0 || index >= size) {
				throw refused(`The index ${wanted} is not on ${dimensionNames[axis]}, which has ${size}.`);
			}
			return [index, index + 1];
		}
		const clip = (value: number) => Math.min(size, Math.max(0, value < 0 ? value + size : value));
		const [start, stop] = [clip(wanted[0]), clip(wanted[1])];
		if (!Number.isInteger(start) || !Number.isInteger(stop)) {
			throw refused(`The range [${wanted.join(", ")}] is not made of whole numbers.`);
		}
		return [start, Math.max(start, stop)];
	});
}
