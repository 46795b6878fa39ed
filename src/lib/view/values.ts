/** A typed array as a display: its ends, what its values amount to, and how they are spread. */
import type { ReprDisplay } from "../display.ts";
import { formatBytes, formatCount, formatFloat, summarize } from "../format.ts";
import { dataTypeOf, type TypedArray } from "../types.ts";
import { histogram } from "./diagrams.ts";

/** Of more values only every nth is looked at, so that showing an array stays quick. */
const mostCounted = 1 << 22;
/** A histogram of fewer values says nothing that the values themselves do not. */
const fewestDrawn = 13;

/** What the values of an array amount to. NaN and infinities are counted, and left out of the rest. */
export interface Statistics {
	low: number;
	high: number;
	mean: number;
	/** Standard deviation of the values themselves (divided by their number). */
	deviation: number;
	zeros: number;
	notFinite: number;
	/** Values looked at. */
	counted: number;
}

/** `Uint16Array(9927324) 95 96 84 … 89 93 97`. */
export function valuesText(name: string, array: TypedArray): string {
	const shown =
		array.length <= 12
			? Array.from(array as ArrayLike<number | bigint>, String).join(" ")
			: summarize(array.length, (i) => array[i], false);
	return `${name}(${array.length}) ${shown}`.trimEnd();
}

/** The display of a typed array of numbers, under the name of its class. */
export function describeValues(name: string, array: TypedArray): ReprDisplay {
	const step = Math.ceil(array.length / mostCounted);
	const looked = step > 1 ? everyNth(array, step | 1) : array;
	const found = statisticsOf(looked);
	const isFloat = dataTypeOf(array)?.startsWith("float") ?? false;
	const title = `${name}(${formatCount(array.length)}) ${formatBytes(array.byteLength)}`;
	const values = `[${summarize(array.length, (i) => array[i], isFloat, 8, 4)}]`;
	const number = (value: number) => (isFloat ? formatFloat(value) : String(value));
	const share = (n: number) => `${formatCount(n)}  (${((100 * n) / found.counted).toFixed(1)} %)`;
	const isEmpty = found.counted === found.notFinite;
	const rows = isEmpty
		? []
		: [
				["smallest", number(found.low)],
				["largest", number(found.high)],
				["mean", formatFloat(found.mean)],
				["standard deviation", formatFloat(found.deviation)],
				["zeros", share(found.zeros)],
			];
	if (found.notFinite > 0) rows.push(["NaN or infinite", share(found.notFinite)]);
	if (looked !== array) rows.push(["of", `every ${formatCount(step | 1)}th value`]);
	const width = Math.max(...rows.map(([key]) => key.length), 0);
	const text = [title, values, ...rows.map(([key, value]) => `  ${key.padEnd(width)}  ${value}`)].join("\n");
	return {
		kind: "repr",
		title,
		values,
		sections: rows.length > 0 ? [{ title: "Statistics", rows, open: true }] : [],
		...(!isEmpty && array.length >= fewestDrawn ? { histogram: histogram(looked).model } : {}),
		text,
	};
}

/** What the values amount to. */
export function statisticsOf(values: ArrayLike<number> | ArrayLike<bigint>): Statistics {
	let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	// Mean and deviation after Welford: sums of squares would lose large values' small differences.
	let [mean, squares, finite, zeros] = [0, 0, 0, 0];
	for (let i = 0; i < values.length; i++) {
		const value = Number(values[i]);
		if (!Number.isFinite(value)) continue;
		finite++;
		if (value < low) low = value;
		if (value > high) high = value;
		if (value === 0) zeros++;
		const before = value - mean;
		mean += before / finite;
		squares += before * (value - mean);
	}
	const deviation = finite > 0 ? Math.sqrt(squares / finite) : Number.NaN;
	const notFinite = values.length - finite;
	return { low, high, mean, deviation, zeros, notFinite, counted: values.length };
}

function everyNth(array: TypedArray, step: number): Float64Array {
	return Float64Array.from({ length: Math.ceil(array.length / step) }, (_, i) => Number(array[i * step]));
}
