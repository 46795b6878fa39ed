/**
 * Means over bins as ITK's BinShrinkImageFilter takes them: integers are rounded half up, and the excess of an axis is
 * dropped at its end (the plan's matter).
 */
import { allocate, type DataType, dataTypeOf, type NumberArray, product, type TypedArray } from "../types.ts";
import { compiledBins } from "./bin-compiled.ts";
import { addRow, type BinJob, type BinPlan, blockRows, rowOffsets } from "./bin-mean.ts";

export function binShrinkJob(source: TypedArray, plan: BinPlan): BinJob {
	const dtype = dataTypeOf(source) as DataType;
	const target = allocate(dtype, product(plan.outShape));
	const rows = product(plan.outShape.slice(0, -1));
	const run =
		source instanceof BigInt64Array || source instanceof BigUint64Array
			? bigIntKernel(source, target as typeof source, plan)
			: (compiledBins(source, target as NumberArray, plan, true) ??
				kernel(source, target as NumberArray, plan, dtype.startsWith("float")));
	return { target, rows, run };
}

function kernel(source: NumberArray, target: NumberArray, plan: BinPlan, float: boolean) {
	const offsetOf = rowOffsets(plan);
	const offsets = blockRows(plan);
	const width = plan.outShape.at(-1) as number;
	const factor = plan.factors.at(-1) as number;
	const count = product(plan.factors);
	const sums = new Float64Array(width);
	return (from: number, to: number) => {
		let out = from * width;
		for (let row = from; row < to; row++) {
			const start = offsetOf(row);
			sums.fill(0);
			for (const offset of offsets) addRow(source, start + offset, sums, factor);
			if (float) for (let x = 0; x < width; x++) target[out++] = sums[x] / count;
			// Math.round takes halves up, those of negative numbers too.
			else for (let x = 0; x < width; x++) target[out++] = Math.round(sums[x] / count);
		}
	};
}

/** 64-bit integers, exactly. */
function bigIntKernel<T extends BigInt64Array | BigUint64Array>(source: T, target: T, plan: BinPlan) {
	const offsetOf = rowOffsets(plan);
	const offsets = blockRows(plan);
	const width = plan.outShape.at(-1) as number;
	const factor = plan.factors.at(-1) as number;
	const count = BigInt(product(plan.factors));
	return (from: number, to: number) => {
		let out = from * width;
		for (let row = from; row < to; row++) {
			const start = offsetOf(row);
			for (let x = 0; x < width; x++) {
				let sum = 0n;
				for (const offset of offsets) {
					const first = start + offset + x * factor;
					for (let i = 0; i < factor; i++) sum += source[first + i];
				}
				// floor(sum / count + 1/2); BigInt division truncates toward zero.
				const doubled = 2n * sum + count;
				const quotient = doubled / (2n * count);
				target[out++] = doubled < 0n && quotient * 2n * count !== doubled ? quotient - 1n : quotient;
			}
		}
	};
}
