/** What is inside a chunk, as static markup: complete at build time, and filled anew by the running figure. */
import { formatBytes } from "../../../lib/format.ts";
import type { BytePicture } from "../../../lib/plan/byte-pictures.ts";
import type { CodecMeasurement } from "../../../lib/plan/chunk-codec.ts";
import type { ChunkStep, ChunkSteps, StoredForm } from "../../../lib/plan/chunk-steps.ts";
import { type ChunkSettings, chunkSettings, type InsideChunkProps } from "../../../lib/plan/inside-chunk.ts";
import {
	codecLabels,
	formatRate,
	formatTime,
	formLabel,
	insideChunkColumns,
	insideChunkTwin,
	ratioText,
	stepLabel,
} from "../../../lib/plan/inside-chunk-text.ts";
import { codecNames } from "../../../lib/zarr/codecs.ts";
import { levelRange } from "../../../lib/zarr/compression-level.ts";
import { fieldBytesHtml, fieldsHtml, rowHtml } from "../codecs/hex.ts";
import { escapeHtml, segmentsHtml, twinHtml, typeset } from "../html.ts";

/** What each step does, in a line. */
const notes: Record<ChunkStep["name"], (active: boolean) => string> = {
	values: () => "as they lie in memory",
	filter: (active) => (active ? "each value less the one before" : "values stay as they are"),
	shuffle: (active) => (active ? "bytes of one rank side by side" : "bytes stay in their order"),
	compressor: (active) => (active ? "repetitions written once" : "all bytes are kept"),
};

function stepHtml(step: ChunkStep, steps: ChunkSteps): string {
	const [{ bytes }] = steps.steps;
	const share = Math.min(1, step.bytes / bytes);
	const numbers = step.numbers
		? `<p class="cw-inside-numbers" title="The first values">${step.numbers.map(escapeHtml).join(" ")} …</p>`
		: `<p class="cw-inside-numbers">${step.name === "compressor" ? "no values any more" : "&nbsp;"}</p>`;
	return (
		`<li class="cw-inside-step${step.active ? "" : " cw-inside-idle"}" data-step="${step.name}">` +
		`<p class="cw-inside-name">${escapeHtml(stepLabel(step, steps.settings))}</p><p class="cw-inside-what">${notes[step.name](step.active)}</p>` +
		`${numbers}${step.rows.map(rowHtml).join("")}` +
		`<div class="cw-inside-bar" aria-hidden="true"><i style="width:${(100 * share).toFixed(2)}%"></i></div>` +
		`<p class="cw-inside-size"><b>${typeset(formatBytes(step.bytes))}</b> <span>${step.entropy.toFixed(2)} bits of information a byte</span></p></li>`
	);
}

/** The steps, from values to what is stored. */
export function chainHtml(steps: ChunkSteps): string {
	return `<ol class="cw-inside-chain">${steps.steps.map((step) => stepHtml(step, steps)).join("")}</ol>`;
}

const ranks = ["lowest", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

function pictureHtml({ place, width, height, range, png }: BytePicture, count: number): string {
	const name =
		place === undefined
			? count > 1
				? "As they lie: the bytes of each value side by side"
				: "The bytes, one for each value"
			: `${place === count - 2 && count > 2 ? "The highest" : `The ${ranks[place]}`} byte of each value`;
	const said = range[0] === range[1] ? `all ${range[0]}` : `${range[0]} (dark) to ${range[1]} (bright)`;
	let text = "";
	for (const byte of png) text += String.fromCharCode(byte);
	return `<figure style="--wide:${width}"><img src="data:image/png;base64,${btoa(text)}" width="${width}" height="${height}" alt="${name}: ${said}"><figcaption>${name}<br><span>${said}</span></figcaption></figure>`;
}

/** The bytes of the chunk's middle plane as pictures. */
export function picturesHtml({ pictures }: ChunkSteps): string {
	return pictures.map((picture) => pictureHtml(picture, pictures.length)).join("");
}

const formNotes: Record<StoredForm["name"], string> = {
	zarr: "Little-endian, filtered, shuffled and compressed as above.",
	n5: "A header of its own, then the same values big-endian, without a filter: N5 has none, and its Blosc blocks are written here with bytes shuffled, not bits.",
	shard:
		"The chunk cut into smaller ones, each through the codecs above, one after the other in one object; then the index, by which one of them can be read with a range request.",
};

function formHtml(form: StoredForm): string {
	const rest = form.name === "shard" ? "its index" : "its first bytes";
	const fields = form.fields.length
		? fieldsHtml(form.row, form.fields)
		: '<p class="cw-inside-what">No header: these are the values themselves.</p>';
	return (
		`<section class="cw-inside-form" data-form="${form.name}" aria-label="${escapeHtml(formLabel(form))}">` +
		`<div><p class="cw-inside-name">As ${escapeHtml(formLabel(form))}, ${typeset(formatBytes(form.bytes))}: ${rest}</p><p class="cw-inside-what">${formNotes[form.name]}</p>${fieldBytesHtml(form.row, form.fields)}</div>${fields}</section>`
	);
}

/** The chunk as each kind of object: the page shows one, paper all. */
export function formsHtml({ forms }: ChunkSteps): string {
	return forms.map(formHtml).join("");
}

/** Numbers of the choice. */
export function readingsHtml({ steps, settings }: ChunkSteps, measured?: CodecMeasurement): string {
	const [{ bytes }] = steps;
	const stored = steps[steps.length - 1].bytes;
	const { codec, filter } = settings;
	const idle = codec === "none" && filter === "none";
	const time = (milliseconds?: number) =>
		measured && milliseconds !== undefined
			? idle
				? "nothing to do"
				: typeset(`${formatTime(milliseconds)} · ${formatRate(measured.bytes, milliseconds)}`)
			: "not measured yet";
	const reading = (name: string, label: string, value: string) =>
		`<div data-reading="${name}"><dt>${label}</dt><dd>${value}</dd></div>`;
	return (
		reading("stored", "Stored", typeset(`${formatBytes(stored)} of ${formatBytes(bytes)}`)) +
		reading("ratio", "Smaller by", ratioText(bytes, stored)) +
		reading("encode", "To write, here", time(measured?.encode)) +
		reading("decode", "To read, here", time(measured?.decode))
	);
}

/** Why some choices are not there. */
export function noteText({ codec }: ChunkSettings): string {
	if (codec.startsWith("blosc")) return "";
	return codec === "none"
		? "Without a compressor nothing is shuffled."
		: `${codecLabels[codec]} by itself has no shuffle: Blosc brings one.`;
}

function controlsHtml(settings: ChunkSettings, id: string): string {
	const range = levelRange(settings.codec) ?? { least: 0, most: 9 };
	const codecs = codecNames.map((value) => ({ value, label: codecLabels[value] }));
	const shuffles = [
		{ value: "noshuffle", label: "none" },
		{ value: "shuffle", label: "bytes" },
		{ value: "bitshuffle", label: "bits" },
	];
	const filters = [
		{ value: "none", label: "none" },
		{ value: "delta", label: "differences" },
	];
	return (
		`<form class="cw-fig-controls cw-inside-controls">${segmentsHtml(`${id}-codec`, "Compressor", codecs, settings.codec)}` +
		`<div class="cw-fig-slider"><label for="${id}-level">Level</label><output for="${id}-level">${settings.level}</output>` +
		`<span class="cw-fig-track"><input type="range" id="${id}-level" min="${range.least}" max="${range.most}" value="${settings.level}"></span></div>` +
		`${segmentsHtml(`${id}-shuffle`, "Shuffle", shuffles, settings.shuffle)}${segmentsHtml(`${id}-filter`, "Filter", filters, settings.filter)}` +
		`<p class="cw-inside-note">${noteText(settings)}</p></form>`
	);
}

/**
 * The whole inner markup of the figure.
 * @param steps the chunk taken apart; absent where that is still to be done
 * @param synthetic whether the values were made up by this project
 */
export function insideChunkHtml(
	props: InsideChunkProps,
	steps: ChunkSteps | undefined,
	synthetic: boolean,
	id: string,
): string {
	const settings = steps?.settings ?? chunkSettings(props, props.dtype ?? "uint16");
	const title = props.title ? `<p class="cw-fig-title">${escapeHtml(props.title)}</p>` : "";
	const tag = synthetic ? '<p class="cw-inside-tag">synthetic nuclei</p>' : "";
	const wait = '<p class="cw-inside-what">The chunk is being taken apart…</p>';
	const forms = [
		{ value: "zarr", label: "Zarr chunk" },
		{ value: "n5", label: "N5 block" },
		{ value: "shard", label: "Zarr shard" },
	];
	const twin = steps
		? twinHtml(insideChunkTwin(steps, { synthetic }), id)
		: twinHtml(
				{ summary: "", status: "", caption: "Bytes after each step", columns: insideChunkColumns, rows: [] },
				id,
			);
	const place = (name: string, content: string) => `<div data-part="${name}">${content}</div>`;
	return `<figure class="cw-fig-body">${title}${tag}
<div class="cw-inside-top">${controlsHtml(settings, id)}<dl class="cw-fig-readings" data-part="readings">${steps ? readingsHtml(steps) : ""}</dl></div>
<p class="cw-inside-problem" role="alert" hidden></p>
${place("chain", steps ? chainHtml(steps) : wait)}
<ul class="cw-fig-legend cw-inside-legend"><li><b class="cw-hex-place-0">5b</b>lowest byte of a value</li><li><b class="cw-hex-place-1">00</b>next byte</li></ul>
<p class="cw-inside-name">The bytes of the middle plane</p>
<div class="cw-inside-pictures" data-part="pictures">${steps ? picturesHtml(steps) : ""}</div>
<div class="cw-fig-controls">${segmentsHtml(`${id}-form`, "In the store, as", forms, props.form ?? "zarr")}</div>
${place("forms", steps ? formsHtml(steps) : "")}
${twin}</figure>`;
}
