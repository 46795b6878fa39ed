/** Other chunk and shard shapes for the array of a chunk grid: sliders, and a table of what they cost. */
import { formatCount } from "../../../lib/format.ts";
import {
	chunkLengths,
	chunkStudy,
	chunkStudyTable,
	sampleShape,
	shapeWords,
	studyShapes,
} from "../../../lib/plan/chunk-study.ts";
import { type ChunkGrid, chunksPerShard, gridShape } from "../../../lib/plan/grid.ts";
import type { StoredSizes } from "../../../lib/plan/selection.ts";
import { escapeHtml, typeset } from "../html.ts";
import type { Solid } from "./solid.ts";
import { comparedBox, type ReadingState } from "./state.ts";

/** What a shard slider says: `2 chunks = 128`. */
export function shardWords(chunks: number, chunk: number): string {
	return `${formatCount(chunks)} ${chunks === 1 ? "chunk" : "chunks"} = ${formatCount(chunks * chunk)}`;
}

/** Chunks of a shard along each axis before the reader has chosen: the array's own, else two where there are two. */
export function firstPerShard(grid: ChunkGrid): number[] {
	const counts = gridShape(grid.shape, grid.chunks);
	return chunksPerShard(grid) ?? counts.map((count) => Math.max(1, Math.min(2, count)));
}

function slider(
	kind: "chunk" | "shard",
	axis: number,
	name: string,
	range: { min: number; max: number; value: number },
	words: string,
	id: string,
	disabled = false,
): string {
	const own = `${id}-${kind}${axis}`;
	return (
		`<div class="cw-fig-slider" data-${kind}="${axis}"><label for="${own}"><span>${kind === "chunk" ? "Chunk" : "Shard"} along</span> <i>${escapeHtml(name)}</i></label>` +
		`<output for="${own}">${words}</output><span class="cw-fig-track"><input type="range" id="${own}" min="${range.min}" max="${range.max}" value="${range.value}" aria-valuetext="${words}"${disabled ? " disabled" : ""}></span></div>`
	);
}

/** The lengths that the chunk slider of an axis stops at; the array's own among them. */
export function stopsOf(grid: ChunkGrid, axis: number): number[] {
	return chunkLengths(grid.shape[axis], grid.chunks[axis]);
}

/** The chunk shapes that the table compares: the array's own among them. */
export function comparedShapes(grid: ChunkGrid): number[][] {
	const shapes = studyShapes(grid.shape);
	if (!shapes.some((shape) => `${shape}` === `${grid.chunks}`)) shapes.push([...grid.chunks]);
	return shapes;
}

/** True for an array like the course's sample: then the sample can be compressed in its chunks. */
function likeSample(grid: ChunkGrid): boolean {
	return `${grid.shape}` === `${sampleShape}` && grid.itemSize === 2;
}

/** The table of chunk shapes: each row sets the sliders when its name is pressed. */
export function studyMarkup(
	grid: ChunkGrid,
	solid: Solid,
	reading: ReadingState,
	stored: ReadonlyMap<string, StoredSizes> = new Map(),
): string {
	const study = chunkStudy(grid, comparedShapes(grid), comparedBox(grid, solid, reading), (chunks) =>
		stored.get(`${chunks}`),
	);
	const table = chunkStudyTable(grid, study);
	const align = (i: number) => (table.columns[i].align === "right" ? ' class="cw-fig-right"' : "");
	const head = table.columns.map(({ name }, i) => `<th scope="col"${align(i)}>${escapeHtml(name)}</th>`);
	const rows = table.rows.map((row, n) => {
		const chunks = study[n].chunks.join(",");
		const current = chunks === `${grid.chunks}`;
		const cells = row.map((text, i) =>
			i === 0
				? `<th scope="row"><button type="button" class="cw-fig-try" data-chunks="${chunks}" aria-pressed="${current}">${escapeHtml(text)}</button></th>`
				: `<td${align(i)}>${escapeHtml(typeset(text)).replace(" · ", '<span class="cw-fig-and"> · </span>').replace(", ", ",<br>")}</td>`,
		);
		return `<tr${current ? ' class="cw-fig-current"' : ""}>${cells.join("")}</tr>`;
	});
	return `<table><caption>${escapeHtml(typeset(table.caption))}</caption><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

/** The whole part, closed unless it is to be open. */
export function exploreMarkup(
	grid: ChunkGrid,
	solid: Solid,
	reading: ReadingState,
	open: boolean,
	id: string,
): string {
	if (grid.shape.length === 0 || grid.shape.includes(0)) return "";
	const perShard = firstPerShard(grid);
	const counts = gridShape(grid.shape, grid.chunks);
	const chunks = grid.dims.map((name, axis) => {
		const stops = stopsOf(grid, axis);
		const value = stops.indexOf(grid.chunks[axis]);
		return slider(
			"chunk",
			axis,
			name,
			{ min: 0, max: stops.length - 1, value },
			formatCount(grid.chunks[axis]),
			id,
		);
	});
	const shards = grid.dims.map((name, axis) => {
		const words = shardWords(perShard[axis], grid.chunks[axis]);
		const max = Math.max(counts[axis], perShard[axis]);
		return slider("shard", axis, name, { min: 1, max, value: perShard[axis] }, words, id, !grid.shards);
	});
	return (
		`<details class="cw-fig-controls cw-fig-explore"${open ? " open" : ""}><summary>Try other chunks and shards</summary>` +
		`<form class="cw-fig-shapes"><div role="group" aria-label="Chunk shape"><p class="cw-fig-shape-name">Chunks: what is read at once</p>${chunks.join("")}</div>` +
		`<div role="group" aria-label="Shard shape"><p class="cw-fig-shape-name"><label><input type="checkbox" data-check="shards"${grid.shards ? " checked" : ""}> Shards: what is stored as one object</label></p>${shards.join("")}</div></form>` +
		`<p class="cw-fig-changed"><button type="button" class="cw-fig-back" disabled>Back to chunks of ${shapeWords(grid.chunks)}</button> <span></span></p>` +
		`<div class="cw-fig-scroll cw-fig-study" tabindex="0" role="region" aria-label="Chunk shapes compared">${studyMarkup(grid, solid, reading)}</div>` +
		(likeSample(grid)
			? '<p class="cw-fig-changed cw-fig-measure"><button type="button" class="cw-fig-back">Compress the sample in these chunks</button> <span aria-live="polite">Blosc with LZ4, on this machine; the sample is synthetic.</span></p>'
			: "") +
		"</details>"
	);
}
