/** The shared-chunk figure as static markup: the array with its chunks and writers, controls, and the words. */
import {
	describeShared,
	type SharedChunkProps,
	type SharedOutcome,
	type SharedSetting,
	sharedChunks,
	sharedColumns,
	sharedSetting,
	sharedTwin,
	writerNames,
} from "../../../lib/plan/shared-chunk.ts";
import { escapeHtml, twinHtml } from "../html.ts";

/** Room round the array, in elements. */
const margin = 0.35;

/** What an element is: planned or written by a writer, or lost. */
function cellClass(writer: number, value: number | undefined): string {
	const name = writerNames[writer].toLowerCase();
	if (value === undefined) return `cw-fig-own-${name}`;
	return value === writer + 1 ? `cw-fig-written-${name}` : "cw-fig-gone";
}

/** The array: elements, borders of chunks, and the border of the writers. */
export function arrayMarkup(setting: SharedSetting, id: string, values?: Uint8Array): string {
	const { shape, chunks, border } = setting;
	const [rows, columns] = shape;
	const cells: string[] = [];
	for (let y = 0; y < rows; y++) {
		for (let x = 0; x < columns; x++) {
			const name = cellClass(x < border ? 0 : 1, values?.[y * columns + x]);
			const place = `x="${x + 0.06}" y="${y + 0.06}" width="0.88" height="0.88"`;
			// A second cue beside the colour: stripes for B, a cross for what is lost.
			const over =
				name === "cw-fig-written-b"
					? `<rect ${place} fill="url(#${id}-stripes)"/>`
					: name === "cw-fig-gone"
						? `<path class="cw-fig-cross" d="M${x + 0.25} ${y + 0.25}l.5 .5m0 -.5l-.5 .5"/>`
						: "";
			cells.push(`<rect class="cw-fig-element ${name}" ${place}/>${over}`);
		}
	}
	const lines: string[] = [];
	for (let x = 0; x <= columns; x += chunks[1]) lines.push(`M${x} 0V${rows}`);
	if (columns % chunks[1] !== 0) lines.push(`M${columns} 0V${rows}`);
	for (let y = 0; y <= rows; y += chunks[0]) lines.push(`M0 ${y}H${columns}`);
	if (rows % chunks[0] !== 0) lines.push(`M0 ${rows}H${columns}`);
	const both = sharedColumns(setting);
	const shared = both
		? `<rect class="cw-fig-both" x="${both[0]}" y="0" width="${both[1] - both[0]}" height="${rows}"/>`
		: "";
	return (
		`<svg viewBox="${-margin} ${-margin} ${columns + 2 * margin} ${rows + 2 * margin}" aria-hidden="true" focusable="false">` +
		`<defs><pattern id="${id}-stripes" width="0.44" height="0.44" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="cw-fig-stripe" d="M0 0V.44" stroke-width="0.16"/></pattern></defs>` +
		`${cells.join("")}<path class="cw-fig-chunk-lines" d="${lines.join("")}"/>${shared}` +
		`<path class="cw-fig-writers-line" d="M${border} ${-margin}V${rows + margin}"/>` +
		`<rect class="cw-fig-writers-grip" x="${border - 0.8}" y="${-margin}" width="1.6" height="${rows + 2 * margin}"/></svg>`
	);
}

/** Who has which columns. */
export function writersMarkup({ shape, border }: SharedSetting): string {
	const columns = (from: number, to: number) =>
		to <= from ? "nothing" : to === from + 1 ? `column ${from}` : `columns ${from}–${to - 1}`;
	return `<span><b>A</b> ${columns(0, border)}</span><span><b>B</b> ${columns(border, shape[1])}</span>`;
}

/** Numbers beside the array. */
export function sharedReadings(
	setting: SharedSetting,
	outcome?: SharedOutcome,
): [name: string, label: string, value: string][] {
	const lost = (writer: number) => (outcome ? String(outcome.lost[writer]) : "");
	return [
		["both", "Chunks that both have", String(sharedChunks(setting))],
		["lostA", "Elements of A lost", lost(0)],
		["lostB", "Elements of B lost", lost(1)],
	];
}

/** The whole inner markup of the figure. */
export function sharedChunkHtml(props: SharedChunkProps, id: string): string {
	const setting = sharedSetting(props);
	const { shape, border } = setting;
	const readings = sharedReadings(setting).map(
		([name, label, value]) => `<div data-reading="${name}"><dt>${label}</dt><dd>${value}</dd></div>`,
	);
	const title = props.title ? `<p class="cw-fig-title">${escapeHtml(props.title)}</p>` : "";
	const key = (name: string, words: string, more = "") =>
		`<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect class="cw-fig-element ${name}" x="1" y="1" width="12" height="12"/>${more}</svg>${words}</li>`;
	return `<figure class="cw-fig-body" data-id="${id}">${title}
<div class="cw-fig-shared">
<div class="cw-fig-shared-stage" aria-hidden="true"><p class="cw-fig-writers">${writersMarkup(setting)}</p><div class="cw-fig-array">${arrayMarkup(setting, id)}</div></div>
<div class="cw-fig-panel">
<form class="cw-fig-controls">
<div class="cw-fig-slider"><label for="${id}-border">B begins at column</label><output for="${id}-border">${border}</output><span class="cw-fig-track"><input type="range" id="${id}-border" name="border" min="0" max="${shape[1]}" value="${border}"></span></div>
<label class="cw-fig-lock"><input type="checkbox" name="locked"> One writer at a time in a chunk</label>
<p class="cw-fig-acts"><button type="button" class="cw-small-button" data-act="start">Write</button></p>
</form>
<dl class="cw-fig-readings cw-fig-shared-readings">${readings.join("")}</dl>
</div>
</div>
<div class="cw-fig-write-steps"><p class="cw-fig-axis-name">What happened to the chunks that both have, in this order</p><ol><li class="cw-fig-write-steps-none">Press Write.</li></ol></div>
<ul class="cw-fig-legend">${key("cw-fig-written-a", "written by A")}${key("cw-fig-written-b", "written by B", '<path class="cw-fig-stripe" d="M3 12L12 3M2 8L8 2M6 13L13 6" stroke-width="1.5"/>')}${key("cw-fig-gone", "written, and lost", '<path class="cw-fig-cross" d="M4 4l6 6m0 -6l-6 6"/>')}<li><svg viewBox="0 0 18 14" aria-hidden="true"><rect class="cw-fig-both" x="1" y="1" width="16" height="12"/></svg>chunks that both have</li></ul>
<p class="cw-fig-alert" role="alert" hidden></p>
${twinHtml({ ...sharedTwin(setting), status: describeShared(setting) }, id)}</figure>`;
}
