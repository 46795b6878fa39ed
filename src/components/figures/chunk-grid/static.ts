/** The chunk grid as static markup: picture, controls and words, complete before any script runs. */
import { type ChunkGridProps, gridOf } from "../../../lib/plan/chunk-grid.ts";
import { chunkGridTwin } from "../../../lib/plan/chunk-grid-text.ts";
import { type ChunkGrid, chunkKey } from "../../../lib/plan/grid.ts";
import { chunksOfSelection, type SelectionPlan, selectionRanges } from "../../../lib/plan/selection.ts";
import { product } from "../../../lib/types.ts";
import type { Point3 } from "../axonometry.ts";
import { escapeHtml, segmentsHtml, twinHtml } from "../html.ts";
import { exploreMarkup } from "./explore-markup.ts";
import { frame, type SceneState } from "./layout.ts";
import { chunkReadings, planReadings, planShares, type Reading } from "./readout.ts";
import { type Scene, type SceneBox, sceneOf } from "./scene.ts";
import { arrayCoords, type Solid, solidOf } from "./solid.ts";
import { firstReading, type ReadingKind, selectionOf } from "./state.ts";

/** Room around the picture, as a share of its size; more at the left, where an axis has its name. */
const margin = 0.045;
const leftMargin = 0.13;

export function viewBox(solid: Solid): { x: number; y: number; width: number; height: number } {
	const { x, y, width, height } = frame(solid);
	const size = Math.max(width, height);
	const m = margin * size;
	const left = leftMargin * size;
	// A ribbon or a thin plate keeps some height, or there would be nothing to point at.
	const least = Math.max(height, width * 0.12);
	return { x: x - left, y: y - m - (least - height) / 2, width: width + left + m, height: least + 2 * m };
}

/** The view box made wider or higher, so that a picture of another array fits the same place on the page. */
export function fitted(box: ReturnType<typeof viewBox>, aspect: number): ReturnType<typeof viewBox> {
	const width = Math.max(box.width, box.height * aspect);
	const height = Math.max(box.height, box.width / aspect);
	return { x: box.x - (width - box.width) / 2, y: box.y - (height - box.height) / 2, width, height };
}

/** The picture's state for a plan: layers stand apart along the axis that is sliced, else along the first. */
export function sceneState(
	grid: ChunkGrid,
	solid: Solid,
	plan: SelectionPlan,
	slice: { axis: number; index: number } | undefined,
	stored: ChunkGridProps["stored"],
	apart?: Point3,
	boxed = false,
): SceneState {
	const pick = (list: number[], missing: Point3 = [0, 0, 0]): Point3 => {
		const [z, y, x] = solid.axes.map((axis, i) => (axis < 0 ? missing[i] : list[axis]));
		return [z, y, x];
	};
	const leading = plan.first.slice(0, solid.leading);
	const own = slice ? solid.axes.indexOf(slice.axis) : -1;
	return {
		...(own >= 0 && slice ? { slice: { axis: own, index: slice.index } } : {}),
		...(boxed && plan.touched > 0
			? {
					box: {
						from: pick(plan.ranges.map(([start]) => start)),
						to: pick(
							plan.ranges.map(([, stop]) => stop),
							solid.shape,
						),
					},
				}
			: {}),
		first: pick(plan.first),
		last: pick(plan.last),
		apart: apart ?? apartFor(own),
		...(typeof stored === "object" && !grid.shards
			? {
					absent: (coords) =>
						!(chunkKey(arrayCoords(solid, coords, leading), grid.encoding, grid.prefix) in stored),
				}
			: {}),
	};
}

export function apartFor(axis: number): Point3 {
	return [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0];
}

export function boxMarkup(box: SceneBox, id: string): string {
	const faces = (["side", "top", "front"] as const)
		.filter((name) => box.faces[name])
		.map((name) => `<path class="cw-fig-face cw-fig-${name}" d="${box.faces[name]}"/>`);
	const padding = box.padding
		? `<path class="cw-fig-padding" d="${box.padding}" fill="url(#${id}-hatch)"/>`
		: "";
	const lines = box.lines ? `<path class="cw-fig-lines" d="${box.lines}"/>` : "";
	const shards = box.shards ? `<path class="cw-fig-shard" d="${box.shards}"/>` : "";
	return `<g class="${boxClass(box)}">${faces.join("")}${padding}${lines}${shards}</g>`;
}

export function boxClass(box: SceneBox): string {
	return `cw-fig-box cw-fig-${box.role}${box.absent ? " cw-fig-absent" : ""}`;
}

function svgMarkup(scene: Scene, solid: Solid, id: string): string {
	const { x, y, width, height } = viewBox(solid);
	const boxes = scene.boxes.map((box) => boxMarkup(box, id));
	if (scene.plane) boxes.splice(scene.plane.after, 0, `<path class="cw-fig-plane" d="${scene.plane.path}"/>`);
	if (scene.selected) boxes.push(`<path class="cw-fig-plane" d="${scene.selected}"/>`);
	const hatch = Math.max(width, height) / 90;
	const pattern = (name: string, step: number) =>
		`<pattern id="${id}-${name}" width="${step.toFixed(2)}" height="${step.toFixed(2)}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
		`<path class="cw-fig-hatch" d="M0 0V${step.toFixed(2)}" stroke-width="${(step / 3).toFixed(2)}"/></pattern>`;
	return (
		`<svg viewBox="${[x, y, width, height].map((n) => n.toFixed(1)).join(" ")}" aria-hidden="true" focusable="false">` +
		`<defs>${pattern("hatch", hatch)}${pattern("key", 4)}</defs>` +
		`<g class="cw-fig-boxes${scene.selected ? " cw-fig-glass" : ""}">${boxes.join("")}</g><path class="cw-fig-cursor" d=""/></svg>`
	);
}

/** A label's place in per cent of the picture. */
export function labelStyle(scene: Scene, solid: Solid, i: number, box = viewBox(solid)): string {
	const [x, y] = scene.labels[i].at;
	const left = (100 * (x - box.x)) / box.width;
	const top = (100 * (y - box.y)) / box.height;
	return `left:${left.toFixed(2)}%;top:${top.toFixed(2)}%`;
}

function labelsMarkup(scene: Scene, solid: Solid, grid: ChunkGrid): string {
	return scene.labels
		.map(({ axis, side }, i) => {
			const own = solid.axes[axis];
			return `<span class="cw-fig-label cw-fig-label-${side}" style="${labelStyle(scene, solid, i)}"><i>${escapeHtml(grid.dims[own])}</i> ${grid.shape[own]}</span>`;
		})
		.join("");
}

export function readingsMarkup(readings: readonly Reading[]): string {
	return readings
		.map(
			({ name, label, value }) =>
				`<div data-reading="${name}"><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`,
		)
		.join("");
}

/** Where the chunks begin on a slider's track, as a background of fine lines. */
export function ticks(length: number, chunk: number): string {
	const starts: string[] = [];
	for (let at = chunk; at < length && starts.length < 64; at += chunk) {
		starts.push(`${((100 * at) / Math.max(1, length - 1)).toFixed(2)}%`);
	}
	return starts.join(",");
}

export function tickMarks(length: number, chunk: number): string {
	return ticks(length, chunk)
		.split(",")
		.filter(Boolean)
		.map((at) => `<i style="left:${at}"></i>`)
		.join("");
}

/** What a slider of an axis moves, by what is read. */
export const sliderWords: Record<ReadingKind, string> = {
	slice: "Slice at",
	box: "Box from",
	voxel: "Voxel at",
	all: "At",
	given: "At",
};

/** Slider of one axis; hidden ones keep their place out of the layout until their axis is sliced. */
function sliderMarkup(
	grid: ChunkGrid,
	axis: number,
	index: number,
	id: string,
	shown: boolean,
	what: string,
): string {
	const most = Math.max(0, grid.shape[axis] - 1);
	const name = escapeHtml(grid.dims[axis]);
	return (
		`<div class="cw-fig-slider" data-axis="${axis}"${shown ? "" : " hidden"}>` +
		`<label for="${id}-axis${axis}"><span>${what}</span> <i>${name}</i></label><output for="${id}-axis${axis}">${index}</output>` +
		`<span class="cw-fig-track"><span class="cw-fig-ticks" aria-hidden="true">${tickMarks(grid.shape[axis], grid.chunks[axis])}</span>` +
		`<input type="range" id="${id}-axis${axis}" min="0" max="${most}" value="${index}"></span></div>`
	);
}

function edgeMarkup(edge: number, most: number, id: string, shown: boolean): string {
	return (
		`<div class="cw-fig-slider" data-edge=""${shown ? "" : " hidden"}>` +
		`<label for="${id}-edge">Edge of the box</label><output for="${id}-edge">${edge}</output>` +
		`<span class="cw-fig-track"><input type="range" id="${id}-edge" min="1" max="${most}" value="${edge}"></span></div>`
	);
}

/** The whole inner markup of the figure. */
export function chunkGridHtml(props: ChunkGridProps, id: string): string {
	const grid = gridOf(props);
	const solid = solidOf(grid);
	const reading = firstReading(grid, solid, props);
	const { kind } = reading;
	const selection = selectionOf(grid, solid, reading, selectionRanges(grid, props.selection ?? {}));
	const plan = chunksOfSelection(grid, selection, props.stored);
	const slice = kind === "slice" ? { axis: reading.axis, index: reading.at[reading.axis] } : undefined;
	const boxed = kind === "voxel" || kind === "given";
	const scene = sceneOf(solid, sceneState(grid, solid, plan, slice, props.stored, undefined, boxed));
	const { width, height } = viewBox(solid);
	const drawn = solid.axes.filter((axis) => axis >= 0);
	const chosen = slice ? String(slice.axis) : kind;
	const some = product(grid.shape) > 0 && drawn.length > 0;
	const options = [
		...drawn.map((axis) => ({
			value: String(axis),
			label: grid.dims[axis],
			title: `A slice across ${grid.dims[axis]}`,
		})),
		...(some ? [{ value: "box", label: "box", title: "A box: a part of each axis" }] : []),
		...(some && drawn.length > 1
			? [{ value: "voxel", label: "voxel", title: "One element, one value along each axis" }]
			: []),
		...(chosen === "given"
			? [{ value: "given", label: "given", title: "The selection that the figure was given" }]
			: []),
		{ value: "all", label: "all", title: "The whole array" },
	];
	const leading = Array.from({ length: solid.leading }, (_, axis) =>
		sliderMarkup(grid, axis, reading.at[axis], id, true, "At"),
	);
	const sliders = drawn.map((axis) =>
		sliderMarkup(
			grid,
			axis,
			reading.at[axis],
			id,
			slice?.axis === axis || kind === "voxel",
			sliderWords[kind],
		),
	);
	const longest = Math.max(1, ...drawn.map((axis) => grid.shape[axis]));
	const shares = planShares(grid, plan);
	const title = props.title ? `<p class="cw-fig-title">${escapeHtml(props.title)}</p>` : "";
	return `<figure class="cw-fig-body">${title}
<div class="cw-fig-columns">
<div class="cw-fig-stage" style="aspect-ratio:${width.toFixed(0)}/${height.toFixed(0)}">
<div class="cw-fig-canvas" role="application" tabindex="0" aria-roledescription="chunk grid" aria-label="Chunks of ${grid.dims.map(escapeHtml).join(", ")}. Arrow keys move from chunk to chunk, Page Up and Page Down in depth, Enter slices there, Escape lets go." aria-describedby="${id}-summary">${svgMarkup(scene, solid, id)}</div>
<div class="cw-fig-labels" aria-hidden="true">${labelsMarkup(scene, solid, grid)}</div>
</div>
<div class="cw-fig-panel">
<form class="cw-fig-controls">${segmentsHtml(`${id}-slice`, "Read a slice across an axis, or a part", options, chosen)}${leading.join("")}<div class="cw-fig-sliders">${sliders.join("")}${edgeMarkup(reading.edge, longest, id, false)}</div></form>
<div class="cw-fig-bar" aria-hidden="true" style="--read:${shares.read.toFixed(5)};--needed:${shares.needed.toFixed(5)}"><i></i><b></b></div>
<dl class="cw-fig-readings cw-fig-plan">${readingsMarkup(planReadings(grid, plan))}</dl>
<dl class="cw-fig-readings cw-fig-chunk cw-fig-none">${readingsMarkup(chunkReadings(grid, undefined, props.stored))}</dl>
</div>
</div>
${props.explore === false ? "" : exploreMarkup(grid, solid, reading, props.explore === "open", id)}${legendMarkup(grid, typeof props.stored === "object" && !grid.shards, id, boxed)}
${twinHtml(chunkGridTwin({ ...props, selection }), id)}</figure>`;
}

/** What the marks mean, for the array as it is cut now. */
export function legendMarkup(grid: ChunkGrid, absent: boolean, id: string, boxed = false): string {
	const padded = grid.shape.some((length, axis) => length % grid.chunks[axis] !== 0);
	const item = (className: string, words: string, inner = "") =>
		`<li><svg viewBox="0 0 18 14" aria-hidden="true"><g class="cw-fig-box ${className}"><path class="cw-fig-face cw-fig-front" d="M1 1H17V13H1Z"/>${inner}</g></svg>${words}</li>`;
	const hatched = `<path class="cw-fig-padding" d="M1 1H17V13H1Z" fill="url(#${id}-key)"/>`;
	const edged = '<path class="cw-fig-shard" d="M1 1H17V13H1Z"/>';
	const items = [
		item("cw-fig-hit", "touched"),
		item("cw-fig-rest", "not touched"),
		...(padded ? [item("cw-fig-rest", "padding beyond the array", hatched)] : []),
		...(absent ? [item("cw-fig-rest cw-fig-absent", "not stored")] : []),
		...(grid.shards ? [item("cw-fig-rest", "edges of shards", edged)] : []),
		`<li><svg viewBox="0 0 18 14" aria-hidden="true"><path class="cw-fig-plane" d="M1 4L17 1V10L1 13Z"/></svg>${boxed ? "what is read" : "the slice"}</li>`,
	];
	return `<ul class="cw-fig-legend">${items.join("")}</ul>`;
}
