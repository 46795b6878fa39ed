/** Cutting an n-dimensional block out of a C-order array. */
import { allocate, cStrides, type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";

/** Half-open range of indices along one axis. */
export type IndexRange = readonly [start: number, stop: number];

/**
 * The elements of `data` (C order, of `shape`) whose index on each axis lies in that axis's range, as a new C-order
 * array.
 */
export function copyBlock(
	data: TypedArray,
	shape: readonly number[],
	ranges: readonly IndexRange[],
): TypedArray {
	const extent = ranges.map(([start, stop]) => stop - start);
	const out = allocate(dataTypeOf(data) as DataType, product(extent));
	const source = cStrides(shape);
	let origin = 0;
	for (let axis = 0; axis < shape.length; axis++) origin += ranges[axis][0] * source[axis];
	copyStrided(data, origin, source, out, 0, cStrides(extent), extent);
	return out;
}

/**
 * Copies a block of `extent` elements between two arrays, row by row where the last axis is contiguous in both.
 * Offsets and strides are in elements.
 */
export function copyStrided(
	source: TypedArray,
	sourceOffset: number,
	sourceStrides: readonly number[],
	target: TypedArray,
	targetOffset: number,
	targetStrides: readonly number[],
	extent: readonly number[],
): void {
	if (extent.some((n) => n <= 0)) return;
	// Trailing axes that are contiguous in both arrays are one long row.
	let rowAxis = extent.length;
	let row = 1;
	while (
		rowAxis > 0 &&
		(extent[rowAxis - 1] === 1 || (sourceStrides[rowAxis - 1] === row && targetStrides[rowAxis - 1] === row))
	) {
		row *= extent[--rowAxis];
	}
	copyAxis(0, sourceOffset, targetOffset);

	function copyAxis(axis: number, from: number, to: number): void {
		if (axis === rowAxis) {
			if (row === 1) target[to] = source[from];
			else target.set(source.subarray(from, from + row) as never, to);
			return;
		}
		const stepFrom = sourceStrides[axis];
		const stepTo = targetStrides[axis];
		const count = extent[axis];
		if (axis === rowAxis - 1 && row <= 8) {
			for (let i = 0; i < count; i++) {
				for (let j = 0; j < row; j++) target[to + i * stepTo + j] = source[from + i * stepFrom + j];
			}
			return;
		}
		for (let i = 0; i < count; i++) copyAxis(axis + 1, from + i * stepFrom, to + i * stepTo);
	}
}
