/**
 * Smoothing by a Gaussian and taking its value at the middle of each bin, one axis after the other. The variance, in
 * elements, is (f² - 1) / (8 ln 2) for a factor f: the one at which the Gaussian's width at half height grows from one
 * element to f (M. J. Cardoso et al., "Scale factor point spread function matching", 2015; ngff-zarr's choice too).
 */
import { allocate, type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";
import type { BinJob, BinPlan } from "./bin-mean.ts";

/** Weights of the elements around a bin's middle, the first of them `first` elements after the bin's start. */
export function gaussianWeights(factor: number): { first: number; weights: number[] } {
	const variance = (factor ** 2 - 1) / (8 * Math.LN2);
	const reach = 4 * Math.sqrt(variance);
	const middle = (factor - 1) / 2;
	const first = Math.ceil(middle - reach);
	const last = Math.floor(middle + reach);
	const raw = Array.from({ length: last - first + 1 }, (_, i) =>
		variance === 0 ? 1 : Math.exp(-((first + i - middle) ** 2) / (2 * variance)),
	);
	const sum = raw.reduce((a, b) => a + b, 0);
	return { first, weights: raw.map((weight) => weight / sum) };
}

/** One axis: lines of `length` elements, `inner` apart, become lines of `outLength`. */
interface Pass {
	units: number;
	run(unit: number): void;
}

type Values = TypedArray | Float64Array;

export function gaussianJob(source: TypedArray, plan: BinPlan): BinJob {
	const dtype = dataTypeOf(source) as DataType;
	const target = allocate(dtype, product(plan.outShape));
	const axes = plan.factors.map((_, axis) => axis).filter((axis) => plan.factors[axis] > 1);
	const passes: Pass[] = [];
	let values: Values = source;
	const shape = [...plan.shape];
	// The last axis first: it makes the others' work smaller, and its lines lie together in memory.
	for (const axis of axes.reverse()) {
		const from = values;
		const before = [...shape];
		shape[axis] = plan.outShape[axis];
		const to = new Float64Array(product(shape));
		passes.push(axisPass(from, to, before, axis, plan.factors[axis], plan.outShape[axis]));
		values = to;
	}
	const smoothed = values;
	const width = plan.outShape.at(-1) ?? 1;
	const rows = product(plan.outShape.slice(0, -1));
	passes.push({ units: rows, run: (row) => store(smoothed, target, row * width, (row + 1) * width, dtype) });
	let sum = 0;
	const ends = passes.map((pass) => {
		sum += pass.units;
		return sum;
	});
	return {
		target,
		rows: sum,
		run(from, to) {
			let at = 0;
			for (let unit = from; unit < to; unit++) {
				while (unit >= ends[at]) at++;
				passes[at].run(unit - (at > 0 ? ends[at - 1] : 0));
			}
		},
	};
}

function axisPass(
	from: Values,
	to: Float64Array,
	shape: readonly number[],
	axis: number,
	factor: number,
	outLength: number,
): Pass {
	const { first, weights } = gaussianWeights(factor);
	const length = shape[axis];
	const inner = product(shape.slice(axis + 1));
	const outer = product(shape.slice(0, axis));
	const big = from instanceof BigInt64Array || from instanceof BigUint64Array;
	return {
		units: outer * outLength,
		run(unit) {
			const block = Math.floor(unit / outLength);
			const start = (unit % outLength) * factor + first;
			const out = unit * inner;
			for (const [k, weight] of weights.entries()) {
				const index = Math.min(length - 1, Math.max(0, start + k));
				const at = (block * length + index) * inner;
				if (big) for (let i = 0; i < inner; i++) to[out + i] += weight * Number(from[at + i]);
				else for (let i = 0; i < inner; i++) to[out + i] += weight * (from[at + i] as number);
			}
		},
	};
}

function store(from: Values, target: TypedArray, start: number, end: number, dtype: DataType): void {
	if (target instanceof BigInt64Array || target instanceof BigUint64Array) {
		for (let i = start; i < end; i++) {
			const value = from[i];
			target[i] = typeof value === "bigint" ? value : clampedBigInt(value, dtype);
		}
	} else if (dtype.startsWith("float")) {
		for (let i = start; i < end; i++) target[i] = from[i] as number;
	} else {
		// Weights sum to 1 but for a rounding error far below 1/2: no sum rounds beyond the range of 32 bits.
		for (let i = start; i < end; i++) target[i] = Math.round(from[i] as number);
	}
}

/** float64 cannot hold the largest 64-bit integers, and rounds them up beyond the type's range. */
function clampedBigInt(value: number, dtype: DataType): bigint {
	const [least, most] = dtype === "uint64" ? [0n, 2n ** 64n - 1n] : [-(2n ** 63n), 2n ** 63n - 1n];
	const whole = BigInt(Math.round(value));
	return whole < least ? least : whole > most ? most : whole;
}
