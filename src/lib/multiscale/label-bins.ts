/** Coarser levels that hold only values of the level before: for labels, of which a mean would make others. */
import { allocate, cStrides, type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";
import { type BinJob, type BinPlan, blockRows, rowOffsets } from "./bin-mean.ts";

/** Index in a bin of the element nearest its middle, the lower of two. */
export function nearestIndex(factor: number): number {
	return Math.floor((factor - 1) / 2);
}

export function nearestJob(source: TypedArray, plan: BinPlan): BinJob {
	const target = allocate(dataTypeOf(source) as DataType, product(plan.outShape));
	const offsetOf = rowOffsets(plan);
	const strides = cStrides(plan.shape);
	const width = plan.outShape.at(-1) as number;
	const factor = plan.factors.at(-1) as number;
	const inside = plan.factors.reduce((sum, f, axis) => sum + nearestIndex(f) * strides[axis], 0);
	return {
		target,
		rows: product(plan.outShape.slice(0, -1)),
		run(from, to) {
			let out = from * width;
			for (let row = from; row < to; row++) {
				let at = offsetOf(row) + inside;
				for (let x = 0; x < width; x++, at += factor) target[out++] = source[at];
			}
		},
	};
}

/** The most frequent value of each bin; the smallest where several are, NaN counting as largest. */
export function modeJob(source: TypedArray, plan: BinPlan): BinJob {
	const dtype = dataTypeOf(source) as DataType;
	const target = allocate(dtype, product(plan.outShape));
	const offsetOf = rowOffsets(plan);
	const offsets = blockRows(plan);
	const width = plan.outShape.at(-1) as number;
	const factor = plan.factors.at(-1) as number;
	const bin = allocate(dtype, product(plan.factors));
	return {
		target,
		rows: product(plan.outShape.slice(0, -1)),
		run(from, to) {
			let out = from * width;
			for (let row = from; row < to; row++) {
				const start = offsetOf(row);
				for (let x = 0; x < width; x++) {
					let n = 0;
					let alike = true;
					for (const offset of offsets) {
						const first = start + offset + x * factor;
						for (let i = 0; i < factor; i++) {
							bin[n] = source[first + i];
							alike &&= bin[n] === bin[0];
							n++;
						}
					}
					target[out++] = alike ? bin[0] : mostFrequent(bin);
				}
			}
		},
	};
}

/** Sorts the values, and takes the longest run. */
function mostFrequent(values: TypedArray): number | bigint {
	values.sort();
	let best = values[0];
	let bestCount = 0;
	for (let start = 0; start < values.length; ) {
		const value = values[start];
		let end = start + 1;
		while (end < values.length && same(values[end], value)) end++;
		if (end - start > bestCount) {
			best = value;
			bestCount = end - start;
		}
		start = end;
	}
	return best;
}

/** NaN, which sorting puts at the end, is one value here. */
function same(a: number | bigint, b: number | bigint): boolean {
	return a === b || (Number.isNaN(a) && Number.isNaN(b));
}
