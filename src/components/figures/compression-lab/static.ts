/** The compression and chunk-size lab as static markup: the files' chart drawn, the codecs' waiting for the reader. */
import {
	type CompressionLabProps,
	chunkSides,
	labImage,
	labSettings,
} from "../../../lib/plan/compression-lab.ts";
import {
	type ChunkSizeChoice,
	chunkSizeTwin,
	compressionTwin,
	pointName,
} from "../../../lib/plan/compression-lab-text.ts";
import { counted } from "../../../lib/plan/figure.ts";
import { escapeHtml, segmentsHtml, twinHtml } from "../html.ts";

/** What of the chunk sizes is shown at first: chunks of 64, planes across the first of the last three axes. */
export function firstChoice(props: CompressionLabProps): ChunkSizeChoice {
	const image = labImage(props);
	const sides = chunkSides(image);
	return { side: sides.includes(64) ? 64 : sides[0], axis: Math.max(0, image.shape.length - 3), perShard: 1 };
}

/** Widths at which the chart of files is drawn at build time, and its height; pixels. */
export const drawnWidths = { narrow: 330, wide: 700 } as const;
export const chartHeight = 300;

/** The legend's marks: the same shapes as in the charts. */
const shapes: Record<string, string> = {
	circle: '<circle cx="9" cy="7" r="5"/>',
	square: '<path d="M4 2H14V12H4Z"/>',
	triangle: '<path d="M9 1L15 12H3Z"/>',
	diamond: '<path d="M9 0L14 7L9 14L4 7Z"/>',
};
const codecLegend = [
	["circle", "accent", "Blosc LZ4"],
	["square", "ok", "Blosc Zstd"],
	["triangle", "warn", "Zstd"],
	["diamond", "danger", "gzip"],
];

function legendHtml(): string {
	const items = codecLegend.map(
		([shape, color, name]) =>
			`<li><svg viewBox="0 0 18 14" aria-hidden="true" style="fill:var(--cw-${color})">${shapes[shape]}</svg>${name}</li>`,
	);
	return `<ul class="cw-fig-legend">${items.join("")}<li>The number behind a name is the level.</li></ul>`;
}

function pointsHtml(props: CompressionLabProps, id: string): string {
	const settings = labSettings(props);
	const sides = ["32", "64", "128"].map((value) => ({ value, label: value }));
	const speeds = [
		{ value: "encode", label: "to write" },
		{ value: "decode", label: "to read" },
	];
	const side = String(props.chunk ?? 64);
	const file = props.values
		? ""
		: `<label class="cw-small-button cw-lab-file">Your own image<input type="file" accept=".tif,.tiff,.zip,.ozx,image/tiff" class="cw-fig-unseen"></label>`;
	const hint = props.values
		? ""
		: '<p class="cw-lab-hint">Your own: a TIFF, or a zip (.ozx) of an OME-Zarr, Zarr or N5; or drop one here, or its folder. It stays on your machine.</p>';
	const source = props.values
		? "The middle of the image of this cell"
		: "The course's sample: synthetic nuclei";
	return `<figure class="cw-fig-body cw-lab-codecs">
<p class="cw-fig-title">Codecs and levels: how small, how quick</p>
<form class="cw-fig-controls cw-lab-controls"><div class="cw-lab-buttons"><button type="button" class="cw-small-button cw-lab-main" data-act="start">Measure on this machine</button><button type="button" class="cw-small-button" data-act="stop" disabled>Stop</button>${file}</div>${hint}
${segmentsHtml(`${id}-side`, "In chunks of", sides, side)}${segmentsHtml(`${id}-speed`, "Speed", speeds, "encode")}</form>
<p class="cw-lab-source"><span data-part="source">${source}.</span> <span data-part="progress">${counted(settings.length, "codec and level", "codecs and levels")}, some seconds in the background.</span></p>
<p class="cw-lab-problem" role="alert" hidden></p>
<div class="cw-lab-chart" data-part="points" tabindex="0" role="application" aria-roledescription="chart" aria-label="Codecs by size and speed. Arrow keys go from point to point." style="height:${chartHeight + 40}px"><p class="cw-lab-empty">Nothing is measured yet. ${settings.map(pointName).map(escapeHtml).join(", ")}: each becomes a point here, as small and as quick as it is on your machine.</p></div>
<p class="cw-lab-read" data-part="point" aria-live="polite">&nbsp;</p>
${legendHtml()}
${twinHtml(compressionTwin(props), `${id}-codecs`)}</figure>`;
}

function sizesHtml(
	props: CompressionLabProps,
	id: string,
	charts?: { narrow: string; wide: string },
): string {
	const image = labImage(props);
	const choice = firstChoice(props);
	const sides = chunkSides(image);
	const at = sides.indexOf(choice.side);
	const axes = image.dims.map((name, axis) => ({ value: String(axis), label: name })).slice(-3);
	const shards = [1, 2, 4, 8].map((n) => ({
		value: String(n),
		label: n === 1 ? "no shards" : `${n} a side`,
	}));
	const drawn = charts
		? `<div class="cw-lab-narrow">${charts.narrow}</div><div class="cw-lab-wide">${charts.wide}</div>`
		: "";
	return `<figure class="cw-fig-body cw-lab-sizes">
<p class="cw-fig-title">Chunk sizes: how many files, how many requests</p>
<form class="cw-fig-controls cw-lab-controls"><div class="cw-fig-slider"><label for="${id}-chunk">Side of a chunk</label><output for="${id}-chunk">${choice.side}</output><span class="cw-fig-track"><input type="range" id="${id}-chunk" min="0" max="${sides.length - 1}" value="${at}" aria-valuetext="${choice.side}"></span></div>
${segmentsHtml(`${id}-plane`, "A plane across", axes, String(choice.axis))}${segmentsHtml(`${id}-shard`, "Chunks put together in shards", shards, "1")}</form>
<div class="cw-lab-chart" data-part="files" style="height:${chartHeight}px">${drawn}</div>
<ul class="cw-fig-legend"><li><svg viewBox="0 0 18 14" aria-hidden="true" class="cw-lab-key-files"><path d="M0 7H18"/><circle cx="9" cy="7" r="4"/></svg>files</li><li><svg viewBox="0 0 18 14" aria-hidden="true" class="cw-lab-key-requests"><path d="M0 7H18"/><path d="M5 3H13V11H5Z"/></svg>requests for the plane</li></ul>
${twinHtml(chunkSizeTwin(props, choice), `${id}-sizes`)}</figure>`;
}

/**
 * The whole inner markup: two figures.
 * @param charts the chart of files at {@link drawnWidths}; without them it is drawn when the figure comes to life
 */
export function compressionLabHtml(
	props: CompressionLabProps,
	id: string,
	charts?: { narrow: string; wide: string },
): string {
	const title = props.title ? `<p class="cw-fig-title">${escapeHtml(props.title)}</p>` : "";
	return `${title}<div class="cw-lab">${pointsHtml(props, id)}${sizesHtml(props, id, charts)}</div>`;
}
