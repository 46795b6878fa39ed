/**
 * Means over bins: each output element is the mean of a block of `factors` input elements. The rule is that of
 * xarray's `coarsen(boundary="trim", side="right").mean().astype(dtype)`, which the course's reference uses:
 * the excess `n mod f` is dropped at the start of each axis, the mean is taken in float64, and integer types
 * truncate it toward zero.
 */
import {
	allocate,
	cStrides,
	type DataType,
	dataTypeOf,
	type NumberArray,
	product,
	type TypedArray,
} from "../types.ts";
import { compiledBins } from "./bin-compiled.ts";
import { type BinPlan, rowOffsets } from "./bin-plan.ts";

export { type BinPlan, planBins, rowOffsets } from "./bin-plan.ts";

/** Work on an array in pieces: output rows (all axes but the last, flattened) `from` up to, not including, `to`; from first to last. */
export interface BinJob {
	target: TypedArray;
	rows: number;
	run(from: number, to: number): void;
}

/** Prepares the fastest way to bin this array. */
export function binMeanJob(source: TypedArray, plan: BinPlan): BinJob {
	const dtype = dataTypeOf(source) as DataType;
	const target = allocate(dtype, product(plan.outShape));
	const rows = product(plan.outShape.slice(0, -1));
	return { target, rows, run: kernelFor(source, target, plan, dtype) };
}

/** Bins a whole array at once. */
export function binMean(source: TypedArray, plan: BinPlan): TypedArray {
	const job = binMeanJob(source, plan);
	job.run(0, job.rows);
	return job.target;
}

type Kernel = (from: number, to: number) => void;

/** Largest absolute value of the types whose sums over a small bin fit an int32. */
const narrow: Partial<Record<DataType, number>> = {
	int8: 2 ** 7,
	uint8: 2 ** 8,
	int16: 2 ** 15,
	uint16: 2 ** 16,
};

function kernelFor(source: TypedArray, target: TypedArray, plan: BinPlan, dtype: DataType): Kernel {
	if (source instanceof BigInt64Array || source instanceof BigUint64Array) {
		return bigIntKernel(source, target as typeof source, plan);
	}
	const count = product(plan.factors);
	const numbers = target as NumberArray;
	const exactInInt32 = (narrow[dtype] ?? Number.POSITIVE_INFINITY) * count < 2 ** 31;
	const compiled = exactInInt32 ? compiledBins(source, numbers, plan, false) : undefined;
	if (compiled) return compiled;
	if (exactInInt32 && isHalving(plan.factors, 3)) return halve3(source, numbers, plan);
	if (exactInInt32 && isHalving(plan.factors, 2)) return halve2(source, numbers, plan);
	return rowKernel(source, numbers, plan, exactInInt32);
}

/** Factors 2 on the last `axes` axes and 1 on all before. */
function isHalving(factors: readonly number[], axes: number): boolean {
	const lead = factors.length - axes;
	return lead >= 0 && factors.every((factor, axis) => factor === (axis < lead ? 1 : 2));
}

/** 2 × 2 × 2 bins, unrolled. The sum's sign bit adds 7, so that the shift truncates toward zero as division does. */
function halve3(source: NumberArray, target: NumberArray, plan: BinPlan): Kernel {
	const offsetOf = rowOffsets(plan);
	const width = plan.outShape.at(-1) as number;
	const [planeStep, rowStep] = cStrides(plan.shape).slice(-3);
	return (from, to) => {
		let out = from * width;
		for (let row = from; row < to; row++) {
			let a = offsetOf(row);
			let b = a + rowStep;
			let c = a + planeStep;
			let d = c + rowStep;
			for (let x = 0; x < width; x++) {
				const sum =
					source[a] +
					source[a + 1] +
					source[b] +
					source[b + 1] +
					source[c] +
					source[c + 1] +
					source[d] +
					source[d + 1];
				target[out++] = (sum + ((sum >> 31) & 7)) >> 3;
				a += 2;
				b += 2;
				c += 2;
				d += 2;
			}
		}
	};
}

/** 2 × 2 bins, unrolled. */
function halve2(source: NumberArray, target: NumberArray, plan: BinPlan): Kernel {
	const offsetOf = rowOffsets(plan);
	const width = plan.outShape.at(-1) as number;
	const rowStep = plan.shape.at(-1) as number;
	return (from, to) => {
		let out = from * width;
		for (let row = from; row < to; row++) {
			let a = offsetOf(row);
			let b = a + rowStep;
			for (let x = 0; x < width; x++) {
				const sum = source[a] + source[a + 1] + source[b] + source[b + 1];
				target[out++] = (sum + ((sum >> 31) & 3)) >> 2;
				a += 2;
				b += 2;
			}
		}
	};
}

/** Offsets, from the first, of the input rows that make one output row. */
export function blockRows(plan: BinPlan): number[] {
	const strides = cStrides(plan.shape);
	let offsets = [0];
	for (let axis = 0; axis < plan.shape.length - 1; axis++) {
		offsets = offsets.flatMap((offset) =>
			Array.from({ length: plan.factors[axis] }, (_, i) => offset + i * strides[axis]),
		);
	}
	return offsets;
}

/** Any dimensions and factors: the input rows of a block are added into one row of sums, which is then divided. */
function rowKernel(source: NumberArray, target: NumberArray, plan: BinPlan, exactInInt32: boolean): Kernel {
	const offsetOf = rowOffsets(plan);
	const rows = blockRows(plan);
	const width = plan.outShape.at(-1) as number;
	const factor = plan.factors.at(-1) as number;
	const count = product(plan.factors);
	// Sums of 8- and 16-bit integers stay in int32; sums of all others are exact in float64 up to 2^53.
	const sums = exactInInt32 ? new Int32Array(width) : new Float64Array(width);
	const shift = exactInInt32 && Number.isInteger(Math.log2(count)) ? Math.log2(count) : -1;
	const bias = count - 1;
	return (from, to) => {
		let out = from * width;
		for (let row = from; row < to; row++) {
			const start = offsetOf(row);
			sums.fill(0);
			for (const offset of rows) addRow(source, start + offset, sums, factor);
			if (shift >= 0) {
				for (let x = 0; x < width; x++) {
					const sum = sums[x];
					target[out++] = (sum + ((sum >> 31) & bias)) >> shift;
				}
			} else {
				// An integer array truncates toward zero what is stored in it.
				for (let x = 0; x < width; x++) target[out++] = sums[x] / count;
			}
		}
	};
}

export function addRow(
	source: NumberArray,
	start: number,
	sums: Int32Array | Float64Array,
	factor: number,
): void {
	let at = start;
	const width = sums.length;
	if (factor === 1) {
		for (let x = 0; x < width; x++) sums[x] += source[at++];
	} else if (factor === 2) {
		for (let x = 0; x < width; x++, at += 2) sums[x] += source[at] + source[at + 1];
	} else if (factor === 4) {
		for (let x = 0; x < width; x++, at += 4) {
			sums[x] += source[at] + source[at + 1] + source[at + 2] + source[at + 3];
		}
	} else {
		for (let x = 0; x < width; x++) {
			let sum = 0;
			for (let i = 0; i < factor; i++) sum += source[at++];
			sums[x] += sum;
		}
	}
}

/** 64-bit integers, exactly: BigInt division truncates toward zero. */
function bigIntKernel<T extends BigInt64Array | BigUint64Array>(source: T, target: T, plan: BinPlan): Kernel {
	const offsetOf = rowOffsets(plan);
	const rows = blockRows(plan);
	const width = plan.outShape.at(-1) as number;
	const factor = plan.factors.at(-1) as number;
	const count = BigInt(product(plan.factors));
	return (from, to) => {
		let out = from * width;
		for (let row = from; row < to; row++) {
			const start = offsetOf(row);
			for (let x = 0; x < width; x++) {
				let sum = 0n;
				for (const offset of rows) {
					const first = start + offset + x * factor;
					for (let i = 0; i < factor; i++) sum += source[first + i];
				}
				target[out++] = sum / count;
			}
		}
	};
}
