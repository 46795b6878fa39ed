/** The chunk grid as static markup: picture, controls and words, complete before any script runs. */
import { type ChunkGridProps, gridOf, sliceOf } from "../../../lib/plan/chunk-grid.ts";
import { chunkGridTwin } from "../../../lib/plan/chunk-grid-text.ts";
import { type ChunkGrid, chunkKey } from "../../../lib/plan/grid.ts";
import { chunksOfSelection, type SelectionPlan, selectionRanges } from "../../../lib/plan/selection.ts";
import type { Point3 } from "../axonometry.ts";
import { escapeHtml, segmentsHtml, twinHtml } from "../html.ts";
import { frame, type SceneState } from "./layout.ts";
import { chunkReadings, planReadings, planShares, type Reading } from "./readout.ts";
import { type Scene, type SceneBox, sceneOf } from "./scene.ts";
import { arrayCoords, type Solid, solidOf } from "./solid.ts";

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

/** The picture's state for a plan: layers stand apart along the axis that is sliced, else along the first. */
export function sceneState(
	grid: ChunkGrid,
	solid: Solid,
	plan: SelectionPlan,
	slice: { axis: number; index: number } | undefined,
	stored: ChunkGridProps["stored"],
	apart?: Point3,
): SceneState {
	const pick = (list: number[]): Point3 => {
		const [z, y, x] = solid.axes.map((axis) => (axis < 0 ? 0 : list[axis]));
		return [z, y, x];
	};
	const leading = plan.first.slice(0, solid.leading);
	const own = slice ? solid.axes.indexOf(slice.axis) : -1;
	return {
		...(own >= 0 && slice ? { slice: { axis: own, index: slice.index } } : {}),
		first: pick(plan.first),
		last: pick(plan.last),
		apart: apart ?? apartFor(own),
		...(typeof stored === "object"
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
	return `<g class="${boxClass(box)}">${faces.join("")}${padding}${lines}</g>`;
}

export function boxClass(box: SceneBox): string {
	return `cw-fig-box cw-fig-${box.role}${box.absent ? " cw-fig-absent" : ""}`;
}

function svgMarkup(scene: Scene, solid: Solid, id: string): string {
	const { x, y, width, height } = viewBox(solid);
	const boxes = scene.boxes.map((box) => boxMarkup(box, id));
	if (scene.plane) boxes.splice(scene.plane.after, 0, `<path class="cw-fig-plane" d="${scene.plane.path}"/>`);
	const hatch = Math.max(width, height) / 90;
	const pattern = (name: string, step: number) =>
		`<pattern id="${id}-${name}" width="${step.toFixed(2)}" height="${step.toFixed(2)}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
		`<path class="cw-fig-hatch" d="M0 0V${step.toFixed(2)}" stroke-width="${(step / 3).toFixed(2)}"/></pattern>`;
	return (
		`<svg viewBox="${[x, y, width, height].map((n) => n.toFixed(1)).join(" ")}" aria-hidden="true" focusable="false">` +
		`<defs>${pattern("hatch", hatch)}${pattern("key", 4)}</defs>` +
		`<g class="cw-fig-boxes">${boxes.join("")}</g><path class="cw-fig-cursor" d=""/></svg>`
	);
}

/** A label's place in per cent of the picture. */
export function labelStyle(scene: Scene, solid: Solid, i: number): string {
	const box = viewBox(solid);
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

function tickMarks(length: number, chunk: number): string {
	return ticks(length, chunk)
		.split(",")
		.filter(Boolean)
		.map((at) => `<i style="left:${at}"></i>`)
		.join("");
}

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
		`<label for="${id}-axis${axis}">${what} <i>${name}</i></label><output for="${id}-axis${axis}">${index}</output>` +
		`<span class="cw-fig-track"><span class="cw-fig-ticks" aria-hidden="true">${tickMarks(grid.shape[axis], grid.chunks[axis])}</span>` +
		`<input type="range" id="${id}-axis${axis}" min="0" max="${most}" value="${index}"></span></div>`
	);
}

/** The whole inner markup of the figure. */
export function chunkGridHtml(props: ChunkGridProps, id: string): string {
	const grid = gridOf(props);
	const solid = solidOf(grid);
	const slice = sliceOf(grid, props.selection);
	const plan = chunksOfSelection(grid, props.selection ?? {}, props.stored);
	const ranges = selectionRanges(grid, props.selection ?? {});
	const scene = sceneOf(solid, sceneState(grid, solid, plan, slice, props.stored));
	const { width, height } = viewBox(solid);
	const drawn = solid.axes.filter((axis) => axis >= 0);
	const chosen = slice ? String(slice.axis) : props.selection ? "given" : "all";
	const options = [
		...drawn.map((axis) => ({
			value: String(axis),
			label: grid.dims[axis],
			title: `A slice across ${grid.dims[axis]}`,
		})),
		...(chosen === "given"
			? [{ value: "given", label: "given", title: "The selection that the figure was given" }]
			: []),
		{ value: "all", label: "all", title: "The whole array" },
	];
	const leading = Array.from({ length: solid.leading }, (_, axis) =>
		sliderMarkup(grid, axis, ranges[axis][0], id, true, "At"),
	);
	const sliders = drawn.map((axis) => {
		const index = slice?.axis === axis ? slice.index : Math.floor(grid.shape[axis] / 2);
		return sliderMarkup(grid, axis, index, id, slice?.axis === axis, "Slice at");
	});
	const shares = planShares(grid, plan);
	const title = props.title ? `<p class="cw-fig-title">${escapeHtml(props.title)}</p>` : "";
	return `<figure class="cw-fig-body">${title}
<div class="cw-fig-columns">
<div class="cw-fig-stage" style="aspect-ratio:${width.toFixed(0)}/${height.toFixed(0)}">
<div class="cw-fig-canvas" role="application" tabindex="0" aria-roledescription="chunk grid" aria-label="Chunks of ${grid.dims.map(escapeHtml).join(", ")}. Arrow keys move from chunk to chunk, Page Up and Page Down in depth, Enter slices there, Escape lets go." aria-describedby="${id}-summary">${svgMarkup(scene, solid, id)}</div>
<div class="cw-fig-labels" aria-hidden="true">${labelsMarkup(scene, solid, grid)}</div>
</div>
<div class="cw-fig-panel">
<form class="cw-fig-controls">${segmentsHtml(`${id}-slice`, "Read a slice across", options, chosen)}${leading.join("")}<div class="cw-fig-sliders">${sliders.join("")}</div></form>
<div class="cw-fig-bar" aria-hidden="true" style="--read:${shares.read.toFixed(5)};--needed:${shares.needed.toFixed(5)}"><i></i><b></b></div>
<dl class="cw-fig-readings cw-fig-plan">${readingsMarkup(planReadings(plan))}</dl>
<dl class="cw-fig-readings cw-fig-chunk cw-fig-none">${readingsMarkup(chunkReadings(grid, undefined, props.stored))}</dl>
</div>
</div>
${legendMarkup(grid, typeof props.stored === "object", id)}
${twinHtml(chunkGridTwin(props), id)}</figure>`;
}

function legendMarkup(grid: ChunkGrid, absent: boolean, id: string): string {
	const padded = grid.shape.some((length, axis) => length % grid.chunks[axis] !== 0);
	const item = (className: string, words: string, hatch = false) =>
		`<li><svg viewBox="0 0 18 14" aria-hidden="true"><g class="cw-fig-box ${className}"><path class="cw-fig-face cw-fig-front" d="M1 1H17V13H1Z"/>${hatch ? `<path class="cw-fig-padding" d="M1 1H17V13H1Z" fill="url(#${id}-key)"/>` : ""}</g></svg>${words}</li>`;
	const items = [
		item("cw-fig-hit", "touched"),
		item("cw-fig-rest", "not touched"),
		...(padded ? [item("cw-fig-rest", "padding beyond the array", true)] : []),
		...(absent ? [item("cw-fig-rest cw-fig-absent", "not stored")] : []),
		'<li><svg viewBox="0 0 18 14" aria-hidden="true"><path class="cw-fig-plane" d="M1 4L17 1V10L1 13Z"/></svg>the slice</li>',
	];
	return `<ul class="cw-fig-legend">${items.join("")}</ul>`;
}
