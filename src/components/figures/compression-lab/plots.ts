/** The lab's charts, drawn by Observable Plot: at build time into a document of its own, on the page when it is needed. */
import * as Plot from "@observablehq/plot";
import { formatCount } from "../../../lib/format.ts";
import type { ChunkSizeCost, LabPoint } from "../../../lib/plan/compression-lab.ts";
import { pointName } from "../../../lib/plan/compression-lab-text.ts";
import type { CodecName } from "../../../lib/zarr/codecs.ts";
import { placeLabels } from "./labels.ts";

/** Where a chart is drawn. */
export interface ChartPlace {
	/** Pixels. */
	width: number;
	height: number;
	/** In place of the page's. */
	document?: Document;
}

/** Colour and shape of each codec's points. */
export const codecMarks: Readonly<Partial<Record<CodecName, { color: string; symbol: Plot.SymbolType }>>> = {
	"blosc-lz4": { color: "var(--cw-accent)", symbol: "circle" },
	"blosc-zstd": { color: "var(--cw-ok)", symbol: "square" },
	zstd: { color: "var(--cw-warn)", symbol: "triangle" },
	gzip: { color: "var(--cw-danger)", symbol: "diamond" },
};

const margins = { marginLeft: 54, marginRight: 18, marginTop: 26, marginBottom: 40 };
const style = {
	background: "none",
	color: "var(--cw-ink-soft)",
	fontFamily: "inherit",
	fontSize: "12px",
	overflow: "visible",
};

/** One picture to a screen reader, which has the same in words: what Plot says of its parts is left out. */
function markup(drawn: { outerHTML: string }): string {
	return drawn.outerHTML
		.replace(/ aria-[a-z]+="[^"]*"/g, "")
		.replace("<svg ", '<svg aria-hidden="true" focusable="false" ');
}

/** Files, and requests for a plane, against the side of a chunk; both axes logarithmic. */
export function filesChart(
	costs: readonly ChunkSizeCost[],
	side: number,
	{ width, height, document }: ChartPlace,
): string {
	const most = Math.max(...costs.map(({ files }) => files));
	const chosen = costs.filter((cost) => cost.side === side);
	const last = costs[costs.length - 1].side;
	const powers = Array.from(
		{ length: Math.max(2, Math.floor(Math.log10(most * 1.8)) + 1) },
		(_, n) => 10 ** n,
	);
	const files = { x: "side", y: "files" } as const;
	const requests = { x: "side", y: "requests" } as const;
	const drawn = Plot.plot({
		document,
		width,
		height,
		...margins,
		style,
		x: {
			type: "log",
			base: 2,
			domain: [costs[0].side / 1.25, last * 1.25],
			ticks: costs.map((cost) => cost.side),
			tickFormat: (n: number) => (n === last ? "whole" : String(n)),
			label: "side of a chunk, elements →",
			labelAnchor: "center",
			tickSize: 4,
		},
		y: {
			type: "log",
			domain: [0.7, Math.max(10, most * 1.8)],
			ticks: powers,
			tickFormat: (n: number) => formatCount(n),
			grid: true,
			label: "↑ number",
			tickSize: 0,
		},
		marks: [
			Plot.ruleX(chosen, { x: "side", stroke: "var(--cw-accent)", strokeWidth: 22, strokeOpacity: 0.13 }),
			Plot.line(costs, { ...requests, stroke: "var(--cw-warn)", strokeWidth: 2, strokeDasharray: "6 4" }),
			Plot.dot(costs, {
				...requests,
				symbol: "square",
				fill: "var(--cw-ground)",
				stroke: "var(--cw-warn)",
				r: 4,
				strokeWidth: 2,
			}),
			Plot.line(costs, { ...files, stroke: "var(--cw-accent)", strokeWidth: 2 }),
			Plot.dot(costs, { ...files, fill: "var(--cw-accent)", r: 4.5 }),
		],
	} as Plot.PlotOptions);
	return markup(drawn);
}

/** The chart of the points, and where in it each of them lies, in pixels. */
export interface PointsChart {
	html: string;
	places: { x: number; y: number }[];
}

const rate = (bytes: number, milliseconds: number) => bytes / 2 ** 20 / (milliseconds / 1000);

/** How many times smaller against how quick; each point named. */
export function pointsChart(
	points: readonly LabPoint[],
	speed: "encode" | "decode",
	chosen: number,
	{ width, height, document }: ChartPlace,
): PointsChart {
	const shown = points.map((point, index) => ({
		...point,
		index,
		speed: rate(point.bytes, point[speed]),
		ratio: point.bytes / point.stored,
	}));
	const speeds = shown.map((point) => point.speed);
	const x = {
		type: "log",
		domain: [Math.min(...speeds, 10) / 1.6, Math.max(...speeds, 100) * 1.9],
		range: [margins.marginLeft, width - margins.marginRight],
	} as const;
	const top = Math.max(1.5, ...shown.map(({ ratio }) => ratio));
	const y = {
		domain: [0.94, 1 + (top - 1) * 1.18],
		range: [height - margins.marginBottom, margins.marginTop],
	} as const;
	const [across, up] = [Plot.scale({ x }), Plot.scale({ y })];
	const places = shown.map((point) => ({
		x: across.apply(point.speed) as number,
		y: up.apply(point.ratio) as number,
	}));
	const frame = {
		left: margins.marginLeft + 2,
		right: width - 4,
		top: 18,
		bottom: height - margins.marginBottom - 2,
	};
	const names = shown.map((point) => [pointName(point), `${point.level}`]);
	const labels = placeLabels(
		places.map((place, i) => ({ ...place, names: names[i] })),
		frame,
	);
	const codecs = [...new Set(shown.map(({ codec }) => codec))];
	const drawn = Plot.plot({
		document,
		width,
		height,
		...margins,
		style,
		x: {
			...x,
			ticks: 4,
			tickFormat: (n: number) => (/^[125]/.test(String(n)) ? formatCount(n) : ""),
			label: `MiB of values ${speed === "encode" ? "written" : "read"} in a second →`,
			labelAnchor: "center",
			grid: true,
			tickSize: 0,
		},
		y: {
			...y,
			ticks: 6,
			tickFormat: (n: number) => `${n}×`,
			grid: true,
			label: "↑ times smaller",
			tickSize: 0,
		},
		marks: [
			Plot.ruleY([1], { stroke: "var(--cw-rule-strong)" }),
			...codecs.flatMap((codec) => {
				const own = shown.filter((point) => point.codec === codec);
				const { color, symbol } = codecMarks[codec] ?? { color: "var(--cw-ink)", symbol: "cross" };
				return [
					Plot.line(own, { x: "speed", y: "ratio", stroke: color, strokeOpacity: 0.45 }),
					Plot.dot(own, { x: "speed", y: "ratio", symbol, fill: color, r: 5 }),
				];
			}),
			Plot.dot(
				shown.filter(({ index }) => index === chosen),
				{ x: "speed", y: "ratio", r: 9, stroke: "var(--cw-ink)", strokeWidth: 2, fill: "none" },
			),
			...labels.map(({ index, text, dx, dy }) =>
				Plot.text([shown[index]], {
					x: "speed",
					y: "ratio",
					text: [text],
					dx,
					dy,
					fill: "var(--cw-ink)",
					stroke: "var(--cw-ground)",
					strokeWidth: 4,
					fontSize: 11,
				}),
			),
		],
	} as Plot.PlotOptions);
	return { html: markup(drawn), places };
}
