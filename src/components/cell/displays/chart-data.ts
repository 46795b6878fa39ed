/** A line diagram and a histogram as one kind of thing: extents, what stands where, and how a place is read out. */
import type { HistogramDisplay, LineDisplay, Quantity, TableDisplay } from "../../../lib/display.ts";
import { formatCount } from "../../../lib/format.ts";

export interface Chart {
	x: Quantity;
	y: Quantity;
	/** Extents of the axes. */
	left: number;
	right: number;
	bottom: number;
	top: number;
	/** Places that can be read. */
	count: number;
	lines: { name: string; low: Float64Array; high: Float64Array }[];
	/** Of bars: their edges. */
	edges?: Float64Array;
	isBars: boolean;
	/** The place nearest to a coordinate. */
	nearest(x: number): number;
	/** The coordinate of a place. */
	position(index: number): number;
	/** A place in words. */
	read(index: number): string;
	table(): TableDisplay;
}

export function chartOf(model: LineDisplay | HistogramDisplay): Chart {
	return model.kind === "plot" ? lineChart(model) : barChart(model);
}

function lineChart({ x, y, series }: LineDisplay): Chart {
	const [{ first, step }] = series;
	const count = Math.max(...series.map(({ high }) => high.length));
	const lows = series.flatMap(({ low }) => [...low]).filter(Number.isFinite);
	const highs = series.flatMap(({ high }) => [...high]).filter(Number.isFinite);
	const [bottom, top] = padded(Math.min(...lows), Math.max(...highs));
	const last = first + (count - 1) * step;
	const position = (index: number) => first + index * step;
	const valueText = (of: { low: Float64Array; high: Float64Array }, i: number) =>
		of.low[i] === of.high[i] ? number(of.high[i]) : `${number(of.low[i])} to ${number(of.high[i])}`;
	const unit = y.unit ? ` ${y.unit}` : "";
	return {
		x,
		y,
		left: Math.min(first, last),
		right: Math.max(first, last) + (count === 1 ? 1 : 0),
		bottom,
		top,
		count,
		lines: series,
		isBars: false,
		position,
		nearest: (at) => Math.max(0, Math.min(count - 1, Math.round((at - first) / step))),
		read: (i) =>
			`${x.name} ${number(position(i))}${x.unit ? ` ${x.unit}` : ""}: ${series
				.map((of) => `${series.length > 1 ? `${of.name} ` : ""}${valueText(of, i)}${unit}`)
				.join(", ")}`,
		table: () => ({
			kind: "table",
			columns: [x.name, ...series.map(({ name }) => name)].map((name) => ({ name, align: "right" })),
			rows: Array.from({ length: count }, (_, i) => [
				Number(position(i).toPrecision(6)),
				...series.map((of) => (of.low[i] === of.high[i] ? of.high[i] : valueText(of, i))),
			]),
		}),
	};
}

function barChart({ x, edges, counts }: HistogramDisplay): Chart {
	const unit = x.unit ? ` ${x.unit}` : "";
	const total = counts.reduce((a, b) => a + b, 0);
	const share = (n: number) => `${((100 * n) / total || 0).toFixed(1)} %`;
	return {
		x,
		y: { name: "count" },
		left: edges[0],
		right: edges[edges.length - 1],
		bottom: 0,
		top: counts.reduce((a, b) => Math.max(a, b), 1) * 1.04,
		count: counts.length,
		lines: [{ name: "count", low: counts, high: counts }],
		edges,
		isBars: true,
		position: (i) => (edges[i] + edges[i + 1]) / 2,
		nearest: (at) => {
			const width = (edges[edges.length - 1] - edges[0]) / counts.length;
			return Math.max(0, Math.min(counts.length - 1, Math.floor((at - edges[0]) / width)));
		},
		read: (i) =>
			`${x.name} ${number(edges[i])} to ${number(edges[i + 1])}${unit}: ${formatCount(counts[i])} (${share(counts[i])})`,
		table: () => ({
			kind: "table",
			columns: ["from", "to", "count"].map((name) => ({ name, align: "right" })),
			rows: Array.from(counts, (n, i) => [Number(number(edges[i])), Number(number(edges[i + 1])), n]),
		}),
	};
}

/** Some room above and below, so that a line does not run along the frame. */
function padded(low: number, high: number): [number, number] {
	const pad = (high - low) * 0.04 || Math.abs(high) * 0.1 || 1;
	return [low === 0 ? 0 : low - pad, high + pad];
}

function number(value: number): string {
	return String(Number(value.toPrecision(6)));
}
