/** The keys figure as static markup: the element's index above, the layouts side by side below. */
import { formatCount } from "../../../lib/format.ts";
import type { ChunkGrid } from "../../../lib/plan/grid.ts";
import {
	elementOf,
	type KeyedElement,
	type KeyLayout,
	type KeyPathProps,
	keyedElements,
	keyLayouts,
	keyPathGrid,
} from "../../../lib/plan/key-path.ts";
import { describeObject, keyPathTwin, layoutNames } from "../../../lib/plan/key-path-text.ts";
import { product } from "../../../lib/types.ts";
import { escapeHtml, twinHtml, typeset } from "../html.ts";

/** Chunks of a shard that are drawn one by one; of more, only the place of one is shown. */
const mostCells = 64;

/** What the slider of an axis says of an index: its chunk, and how far into it. */
export function axisWords(index: number, chunk: number): string {
	return `chunk ${formatCount(Math.floor(index / chunk))}, place ${formatCount(index % chunk)}`;
}

/** Where a range of an axis lies on its slider's track. */
export function bandStyle([start, stop]: readonly [number, number], length: number): string {
	const most = Math.max(1, length - 1);
	const from = (100 * start) / most;
	const to = (100 * Math.max(start, stop - 1)) / most;
	return `--from:${from.toFixed(2)}%;--size:${(to - from).toFixed(2)}%`;
}

function tickMarks(length: number, chunk: number): string {
	if (length / chunk > 64) return "";
	const marks: string[] = [];
	for (let at = chunk; at < length; at += chunk) {
		marks.push(`<i style="left:${((100 * at) / Math.max(1, length - 1)).toFixed(2)}%"></i>`);
	}
	return marks.join("");
}

function axisMarkup(grid: ChunkGrid, axis: number, index: number, id: string): string {
	const length = grid.shape[axis];
	const chunk = grid.chunks[axis];
	const name = escapeHtml(grid.dims[axis]);
	const start = Math.floor(index / chunk) * chunk;
	const limits = `min="0" max="${length - 1}" step="1" value="${index}"`;
	return (
		`<div class="cw-fig-kp-axis" data-axis="${axis}">` +
		`<label for="${id}-index${axis}"><i>${name}</i></label>` +
		`<input type="number" inputmode="numeric" id="${id}-index${axis}" ${limits} aria-describedby="${id}-words${axis}">` +
		`<span class="cw-fig-track" style="${bandStyle([start, Math.min(length, start + chunk)], length)}">` +
		`<span class="cw-fig-ticks" aria-hidden="true">${tickMarks(length, chunk)}<b class="cw-fig-kp-band"></b></span>` +
		`<input type="range" ${limits} aria-label="${name}" aria-describedby="${id}-words${axis}"></span>` +
		`<output id="${id}-words${axis}" for="${id}-index${axis}">${axisWords(index, chunk)}</output></div>`
	);
}

/** Coordinates, each marked with its axis: what lights up with the index. */
function coordsMarkup(coords: readonly number[], dims: readonly string[]): string {
	const parts = coords.map(
		(c, axis) =>
			`<span class="cw-fig-kp-part" data-axis="${axis}" data-dim="${escapeHtml(dims[axis])}">${c}</span>`,
	);
	return `<span class="cw-fig-kp-coords">${parts.join("")}</span>`;
}

/** A key whose numbers can be pointed at and walked through. Its text is the key and nothing else. */
function keyMarkup(at: KeyedElement, dims: readonly string[]): string {
	let stop = 0;
	const parts = at.parts.map(({ text, axis }) => {
		if (axis === undefined) {
			return `<span${text.endsWith("/") && text !== "/" ? ' class="cw-fig-kp-path"' : ""}>${escapeHtml(text)}</span>`;
		}
		const dim = escapeHtml(dims[axis]);
		return `<button type="button" class="cw-fig-kp-part" data-axis="${axis}" data-dim="${dim}" tabindex="${stop++ === 0 ? 0 : -1}" aria-label="${text}, ${at.shard ? "shard" : "chunk"} along ${dim}">${text}</button>`;
	});
	return `<code class="cw-fig-kp-key" role="group" aria-label="Key in ${layoutNames[at.layout]}: ${escapeHtml(at.key)}">${parts.join("")}</code>`;
}

/** The object drawn as what lies in it, first byte to last. */
function bytesMarkup(at: KeyedElement): string {
	if (!at.shard) {
		const mark = `<b style="left:${((100 * at.byteOffset) / at.chunkBytes).toFixed(2)}%"></b>`;
		const head = at.headerBytes === undefined ? "" : '<i class="cw-fig-kp-head"></i>';
		return `${head}<i class="cw-fig-kp-body cw-fig-kp-on">${mark}</i>`;
	}
	const count = product(at.shard.perShard);
	const index = '<i class="cw-fig-kp-index"></i>';
	if (count > mostCells) {
		const left = (100 * at.shard.entry) / count;
		return `<i class="cw-fig-kp-body"><b class="cw-fig-kp-on" style="left:${left.toFixed(2)}%"></b></i>${index}`;
	}
	const cells = Array.from(
		{ length: count },
		(_, i) => `<i class="cw-fig-kp-cell${i === at.shard?.entry ? " cw-fig-kp-on" : ""}"></i>`,
	);
	return cells.join("") + index;
}

function step(name: string, body: string): string {
	return `<div><dt>${name}</dt><dd>${body}</dd></div>`;
}

function layoutMarkup(at: KeyedElement, grid: ChunkGrid, id: string): string {
	const { dims } = grid;
	const name = layoutNames[at.layout];
	const inShard = at.shard
		? `<span class="cw-fig-kp-shard"><span><span class="cw-fig-kp-of">in shard</span>${coordsMarkup(at.shard.shard, dims)}</span><span><span class="cw-fig-kp-of">chunk in it</span>${coordsMarkup(at.shard.inner, dims)}</span></span>`
		: "";
	const words = describeObject(at, grid).map((line) => escapeHtml(typeset(line)));
	return (
		`<div class="cw-fig-kp-layout" role="group" data-layout="${at.layout}" aria-labelledby="${id}-${at.layout}">` +
		`<p class="cw-fig-kp-name" id="${id}-${at.layout}">${name}</p><dl>` +
		step("Chunk", coordsMarkup(at.chunk, dims) + inShard) +
		step("Key", keyMarkup(at, dims)) +
		step(
			"Object",
			`<button type="button" class="cw-fig-kp-object" data-layout="${at.layout}" aria-label="Object of ${name}: show which elements it holds"><span class="cw-fig-kp-bytes" aria-hidden="true">${bytesMarkup(at)}</span></button><span class="cw-fig-kp-words">${words.join(" ")}</span>`,
		) +
		step("Described by", `<code>${escapeHtml(at.document)}</code>`) +
		"</dl></div>"
	);
}

/** The layouts for an element: what changes with the index. */
export function layoutsMarkup(props: KeyPathProps, index: readonly number[], id: string): string {
	const grid = keyPathGrid(props);
	const all = keyedElements(props, index);
	if (all.length === 0) return '<p class="cw-fig-kp-empty">No elements, no keys.</p>';
	return all.map((at) => layoutMarkup(at, grid, id)).join("");
}

function legendMarkup(layouts: readonly KeyLayout[]): string {
	const item = (look: string, words: string) =>
		`<li><span class="cw-fig-kp-bytes" aria-hidden="true"><i class="${look}"></i></span>${words}</li>`;
	const items = [
		item("cw-fig-kp-body cw-fig-kp-on", "the chunk, its element marked"),
		...(layouts.includes("sharded")
			? [item("cw-fig-kp-cell", "other chunks"), item("cw-fig-kp-index", "index of the shard")]
			: []),
		...(layouts.includes("n5") ? [item("cw-fig-kp-head", "header of the block")] : []),
	];
	return `<ul class="cw-fig-legend">${items.join("")}</ul>`;
}

/** The whole inner markup of the figure. */
export function keyPathHtml(props: KeyPathProps, id: string): string {
	const grid = keyPathGrid(props);
	const index = elementOf(props);
	const empty = product(grid.shape) === 0;
	const layouts: readonly KeyLayout[] = props.layouts ?? keyLayouts;
	const nested =
		!empty && layouts.includes("zarr-v2")
			? `<label class="cw-fig-kp-nested"><input type="checkbox" data-check="nested"${props.separator === "/" ? " checked" : ""}> <span>Zarr v2 keys with “/”, as OME-Zarr has them</span></label>`
			: "";
	const axes = empty ? [] : grid.shape.map((_, axis) => axisMarkup(grid, axis, index[axis], id));
	const title = props.title ? `<p class="cw-fig-title">${escapeHtml(props.title)}</p>` : "";
	// A form with a name is a landmark: those of two figures on a page are told apart by their titles.
	const named = escapeHtml(["Index of the element", ...(props.title ? [props.title] : [])].join(": "));
	return `<figure class="cw-fig-body" data-id="${id}">${title}
<form class="cw-fig-controls cw-fig-kp-form" aria-label="${named}"><p class="cw-fig-kp-head-line" aria-hidden="true">Index of an element</p>${axes.join("")}${nested}</form>
<div class="cw-fig-kp-layouts" data-count="${layouts.length}">${layoutsMarkup(props, index, id)}</div>
${empty ? "" : legendMarkup(layouts)}<p class="cw-fig-kp-holds" aria-live="polite"></p>
${twinHtml(keyPathTwin(props), id)}</figure>`;
}
