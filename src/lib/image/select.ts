/** Cutting an n-dimensional block out of a C-order array. */
import { allocate, cStrides, type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";
import { copyShortRows } from "./copy-rows.ts";

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

/** Rows up to this many words are copied word by word or by WebAssembly: the call of `set` costs more than they do. */
const shortRow = 256;

/**
 * Copies a block of `extent` elements between two arrays of one type. Offsets and strides are in elements.
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
	// Elements are moved as words of 1, 2 or 4 bytes: three kinds of array, for which the loop below stays compiled.
	const words = source.BYTES_PER_ELEMENT === 8 ? 2 : 1;
	const from = asWords(source);
	const to = asWords(target);
	const size = from.BYTES_PER_ELEMENT;
	const [fromBytes, toBytes] = [asBytes(source), asBytes(target)];
	// Trailing axes that are contiguous in both arrays are one row.
	let axes = extent.length;
	let row = 1;
	while (
		axes > 0 &&
		(extent[axes - 1] === 1 || (sourceStrides[axes - 1] === row && targetStrides[axes - 1] === row))
	) {
		row *= extent[--axes];
	}
	copyAxis(0, sourceOffset, targetOffset);

	function copyAxis(axis: number, fromOffset: number, toOffset: number): void {
		if (axis >= axes - 1) {
			const [count, fromStep, toStep] =
				axes === 0 ? [1, 0, 0] : [extent[axis], sourceStrides[axis], targetStrides[axis]];
			copyRows(fromOffset * words, fromStep * words, toOffset * words, toStep * words, count);
			return;
		}
		for (let i = 0; i < extent[axis]; i++) {
			copyAxis(axis + 1, fromOffset + i * sourceStrides[axis], toOffset + i * targetStrides[axis]);
		}
	}

	/** Offsets and steps are in words. */
	function copyRows(a: number, fromStep: number, b: number, toStep: number, count: number): void {
		const length = row * words;
		if (
			count > 1 &&
			length <= shortRow &&
			copyShortRows(
				fromBytes,
				a * size,
				fromStep * size,
				toBytes,
				b * size,
				toStep * size,
				count,
				length * size,
			)
		) {
			return;
		}
		copyWords(from, a, fromStep, to, b, toStep, count, length);
	}
}

type Words = Uint8Array | Uint16Array | Uint32Array;

function asWords(array: TypedArray): Words {
	const { buffer, byteOffset, byteLength } = array;
	switch (array.BYTES_PER_ELEMENT) {
		case 1:
			return new Uint8Array(buffer, byteOffset, byteLength);
		case 2:
			return new Uint16Array(buffer, byteOffset, byteLength / 2);
		default:
			return new Uint32Array(buffer, byteOffset, byteLength / 4);
	}
}

function asBytes({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
	return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Copies `count` rows of `row` words. */
function copyWords(
	from: Words,
	fromOffset: number,
	fromStep: number,
	to: Words,
	toOffset: number,
	toStep: number,
	count: number,
	row: number,
): void {
	let a = fromOffset;
	let b = toOffset;
	for (let i = 0; i < count; i++, a += fromStep, b += toStep) {
		if (row <= shortRow) for (let j = 0; j < row; j++) to[b + j] = from[a + j];
		else to.set(from.subarray(a, a + row), b);
	}
}
