/** Lines and histograms of values as displays: what is to be drawn is computed here, the page only draws. */
import {
	type Displayable,
	displaySymbol,
	type HistogramDisplay,
	type LineDisplay,
	type LineSeries,
} from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatCount, formatFloat } from "../format.ts";

/** Values to draw: numbers, or bigints, which are rounded to numbers. */
export type Values = ArrayLike<number> | ArrayLike<bigint>;

/** A line of more values than this is drawn through the extremes of equal parts. */
const mostPoints = 1000;

/** How {@link linePlot} draws. */
export interface LinePlotOptions {
	title?: string;
	/** What lies along the horizontal axis; default "index". */
	x?: {
		name?: string;
		unit?: string /** Coordinate of value 0; default 0. */;
		first?: number /** Default 1. */;
		step?: number;
	};
	/** What the values are; default "value". */
	y?: { name?: string; unit?: string };
}

/** How {@link histogram} counts. */
export interface HistogramOptions {
	title?: string;
	/** Default 64, or one for each integer where there are fewer. */
	bins?: number;
	/** Values outside are not counted; default from the smallest to the largest. */
	range?: [number, number];
	/** What the values are; default "value". */
	name?: string;
	unit?: string;
}

/** A drawing of numbers, shown under a cell. */
export class Diagram<M extends LineDisplay | HistogramDisplay = LineDisplay | HistogramDisplay>
	implements Displayable
{
	/** What is drawn, as data. */
	readonly model: M;

	constructor(model: M) {
		this.model = model;
	}

	/** The drawing in words. */
	toString(): string {
		return this.model.alt;
	}

	[displaySymbol](): M {
		return this.model;
	}
}

/**
 * Values as a line, or several by name: `linePlot(row)`, `linePlot({ before, after }, { y: { name: "intensity" } })`.
 * NaN and infinities leave a gap.
 * @throws ChunkwiseError nothing-to-plot where there is no value
 */
export function linePlot(
	values: Values | Record<string, Values>,
	{ title, x = {}, y = {} }: LinePlotOptions = {},
): Diagram<LineDisplay> {
	const { first = 0, step = 1, name: xName = "index", unit: xUnit } = x;
	const { name: yName = "value", unit: yUnit } = y;
	const named: [string, Values][] = isValues(values) ? [[yName, values]] : Object.entries(values);
	const series = named.map(([name, of]) => lineOf(name, of, first, step));
	if (series.every(({ low }) => low.length === 0)) throw nothing("A line");
	const words = named.map(([name, of], i) => `${name}: ${inWords(series[i], of.length)}`).join("; ");
	const alt = `Line${series.length > 1 ? "s" : ""} of ${yName} against ${xName}. ${words}.`;
	return new Diagram({
		kind: "plot",
		...(title ? { title } : {}),
		x: { name: xName, ...(xUnit ? { unit: xUnit } : {}) },
		y: { name: yName, ...(yUnit ? { unit: yUnit } : {}) },
		series,
		alt,
	});
}

/**
 * How many values lie in each of equal bins. NaN and infinities are left out.
 * @throws ChunkwiseError nothing-to-plot where there is no finite value, bad-bins where bins or range make no sense
 */
export function histogram(values: Values, options: HistogramOptions = {}): Diagram<HistogramDisplay> {
	const { title, name = "value", unit } = options;
	const found = extremes(values);
	if (!found) throw nothing("A histogram");
	const [low, high] = options.range ?? [found.low, found.high];
	const wanted = options.bins ?? defaultBins(low, high, found.isWhole);
	if (!(low <= high) || !Number.isInteger(wanted) || wanted < 1 || wanted > 4096) {
		throw new ChunkwiseError("bad-bins", `${wanted} bins from ${low} to ${high} make no histogram.`, {
			remedy: "Give 1 to 4096 bins and a range whose first number is the smaller.",
		});
	}
	const { from, width } = binsOf(low, high, wanted, found.isWhole && !options.range);
	const edges = Float64Array.from({ length: wanted + 1 }, (_, i) => from + i * width);
	const counts = new Float64Array(wanted);
	let counted = 0;
	for (let i = 0; i < values.length; i++) {
		const value = Number(values[i]);
		if (!(value >= low && value <= high)) continue;
		counts[Math.min(wanted - 1, Math.floor((value - from) / width))]++;
		counted++;
	}
	const fullest = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
	const alt =
		`Histogram of ${formatCount(counted)} values of ${name} in ${wanted} bins ` +
		`from ${short(low)} to ${short(high)}${unit ? ` ${unit}` : ""}. ` +
		`The fullest bin, from ${short(edges[fullest])} to ${short(edges[fullest + 1])}, holds ${formatCount(counts[fullest])}.`;
	return new Diagram({
		kind: "histogram",
		...(title ? { title } : {}),
		x: { name, ...(unit ? { unit } : {}) },
		edges,
		counts,
		alt,
	});
}

function isValues(values: Values | Record<string, Values>): values is Values {
	return Array.isArray(values) || ArrayBuffer.isView(values);
}

function lineOf(name: string, values: Values, first: number, step: number): LineSeries {
	const per = Math.max(1, Math.ceil(values.length / mostPoints));
	const count = Math.ceil(values.length / per);
	const low = new Float64Array(count).fill(Number.NaN);
	const high = new Float64Array(count).fill(Number.NaN);
	for (let i = 0; i < values.length; i++) {
		const value = Number(values[i]);
		if (!Number.isFinite(value)) continue;
		const at = Math.floor(i / per);
		if (!(low[at] <= value)) low[at] = value;
		if (!(high[at] >= value)) high[at] = value;
	}
	return { name, first: first + ((per - 1) / 2) * step, step: step * per, low, high };
}

function inWords({ low, high }: LineSeries, count: number): string {
	const lowest = extremes(low)?.low;
	const highest = extremes(high)?.high;
	if (lowest === undefined || highest === undefined) return "no finite value";
	return `${formatCount(count)} values from ${short(lowest)} to ${short(highest)}`;
}

function extremes(values: Values): { low: number; high: number; isWhole: boolean } | undefined {
	let low = Number.POSITIVE_INFINITY;
	let high = Number.NEGATIVE_INFINITY;
	let isWhole = true;
	for (let i = 0; i < values.length; i++) {
		const value = Number(values[i]);
		if (!Number.isFinite(value)) continue;
		if (value < low) low = value;
		if (value > high) high = value;
		if (isWhole && !Number.isInteger(value)) isWhole = false;
	}
	return low <= high ? { low, high, isWhole } : undefined;
}

function defaultBins(low: number, high: number, isWhole: boolean): number {
	const different = high - low + 1;
	if (!isWhole || different > 4096) return 64;
	if (different <= 128) return different;
	return Math.ceil(different / Math.ceil(different / 64));
}

/** Where the first bin begins and how wide each is. */
function binsOf(low: number, high: number, bins: number, isWhole: boolean): { from: number; width: number } {
	// Bins of whole numbers begin half-way between two and take equally many, or the histogram would look like a comb.
	if (isWhole) return { from: low - 0.5, width: Math.ceil((high - low + 1) / bins) };
	// One value alone still has an extent.
	const pad = low === high ? 0.5 : 0;
	return { from: low - pad, width: (high - low + 2 * pad) / bins };
}

function nothing(what: string): ChunkwiseError {
	return new ChunkwiseError("nothing-to-plot", `${what} needs at least one finite value.`, {
		remedy: "Look at the values themselves first.",
	});
}

function short(value: number): string {
	return Number.isInteger(value) ? String(value) : formatFloat(value);
}
