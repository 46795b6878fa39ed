/** The pyramid as static markup: levels above each other, words beside them, a picked voxel and its blocks. */
import { formatBytes, formatCount } from "../../../lib/format.ts";
import { counted } from "../../../lib/plan/figure.ts";
import { arrayBytes, chunkCount } from "../../../lib/plan/grid.ts";
import {
	firstPick,
	type PickedVoxel,
	type PyramidPlan,
	type PyramidProps,
	pyramidPlan,
} from "../../../lib/plan/pyramid.ts";
import { formatBlock, formatPlaces, pyramidTwin } from "../../../lib/plan/pyramid-text.ts";
import { escapeHtml, segmentsHtml, twinHtml, typeset } from "../html.ts";
import { PyramidPicture, pickPicture } from "./scene.ts";

/** The marks of a picked voxel. */
export function pickMarkup(picture: PyramidPicture, picked: PickedVoxel): string {
	const { beams, parts, ring } = pickPicture(picture, picked);
	const r = 0.016 * picture.scene.box.width;
	const marks = parts.map(
		({ level, shadows, chunks, block }) =>
			`<g data-level="${level}"><path class="cw-fig-pick-chunk" d="${chunks}"/><path class="cw-fig-pick-shadow" d="${shadows}"/><path class="cw-fig-pick-block" d="${block}"/></g>`,
	);
	return (
		`<path class="cw-fig-pick-beam" d="${beams}"/>${marks.join("")}` +
		`<circle class="cw-fig-pick-ring" cx="${ring.x.toFixed(1)}" cy="${ring.y.toFixed(1)}" r="${r.toFixed(1)}"/>`
	);
}

function svgMarkup(picture: PyramidPicture, picked: PickedVoxel): string {
	const { box, levels } = picture.scene;
	const drawn = levels.map(({ level, faces, lines }) => {
		const paths = faces.map(
			({ name, path }) =>
				`<path class="cw-fig-face cw-fig-${name}" data-level="${level}" data-face="${name}" d="${path}"/>`,
		);
		return `<g class="cw-fig-box cw-fig-rest">${paths.join("")}<path class="cw-fig-lines" d="${lines}"/></g>`;
	});
	return (
		`<svg viewBox="${[box.x, box.y, box.width, box.height].map((n) => n.toFixed(1)).join(" ")}" aria-hidden="true" focusable="false">` +
		`${drawn.join("")}<g class="cw-fig-pick">${pickMarkup(picture, picked)}</g></svg>`
	);
}

function namesMarkup(picture: PyramidPicture): string {
	const { box, levels } = picture.scene;
	return picture.plan.levels
		.map(({ level, grid }) => {
			const top = (100 * (levels[level].middle - box.y)) / box.height;
			const bytes = typeset(formatBytes(arrayBytes(grid)));
			return (
				`<p data-level="${level}" style="top:${top.toFixed(2)}%"><b>scale${level}</b> ` +
				`<span>${grid.shape.map(formatCount).join(" × ")}</span> <span>${bytes}</span> <span>${counted(chunkCount(grid), "chunk")}</span></p>`
			);
		})
		.join("");
}

/** Numbers of the picked voxel. */
export function pickReadings(
	plan: PyramidPlan,
	picked: PickedVoxel,
): [name: string, label: string, value: string][] {
	const blocks = new Map(picked.blocks.map((block) => [block.level, block]));
	return [
		["key", "Its chunk", picked.chunk.key],
		["place", "Its place", formatPlaces(plan, picked.position)],
		...plan.levels
			.slice(0, -1)
			.reverse()
			.map(({ level }): [string, string, string] => {
				const block = blocks.get(level);
				return [
					`from${level}`,
					`From scale${level}`,
					block
						? `${formatBlock(plan, block)}\n${counted(block.elements, "element")} in ${counted(block.chunks, "chunk")}`
						: "",
				];
			}),
	];
}

function slidersMarkup(plan: PyramidPlan, picked: PickedVoxel, id: string): string {
	const { shape } = plan.levels[picked.level].grid;
	return plan.dims
		.map(
			(dim, axis) =>
				`<div class="cw-fig-slider" data-axis="${axis}"><label for="${id}-at${axis}">Voxel at <i>${escapeHtml(dim)}</i></label>` +
				`<output for="${id}-at${axis}">${picked.index[axis]}</output><span class="cw-fig-track">` +
				`<input type="range" id="${id}-at${axis}" min="0" max="${shape[axis] - 1}" value="${picked.index[axis]}"></span></div>`,
		)
		.join("");
}

/** The whole inner markup of the figure. */
export function pyramidHtml(props: PyramidProps, id: string): string {
	const plan = pyramidPlan(props);
	const picked = firstPick(props, plan);
	const picture = new PyramidPicture(plan);
	const { width, height } = picture.scene.box;
	const levels = plan.levels.map(({ level, grid }) => ({
		value: String(level),
		label: `scale${level}`,
		title: grid.shape.join(" × "),
	}));
	const readings = pickReadings(plan, picked).map(
		([name, label, value]) =>
			`<div data-reading="${name}"><dt>${label}</dt><dd>${escapeHtml(typeset(value))}</dd></div>`,
	);
	const title = props.title ? `<p class="cw-fig-title">${escapeHtml(props.title)}</p>` : "";
	return `<figure class="cw-fig-body">${title}
<div class="cw-fig-pyramid">
<div class="cw-fig-pyramid-stage">
<div class="cw-fig-pyramid-picture" style="aspect-ratio:${width.toFixed(0)}/${height.toFixed(0)}">${svgMarkup(picture, picked)}</div>
<div class="cw-fig-pyramid-names" aria-hidden="true">${namesMarkup(picture)}</div>
</div>
<div class="cw-fig-panel">
<form class="cw-fig-controls">${segmentsHtml(`${id}-level`, "Pick a voxel of", levels, String(picked.level))}${slidersMarkup(plan, picked, id)}</form>
<dl class="cw-fig-readings cw-fig-pick-readings">${readings.join("")}</dl>
</div>
</div>
<ul class="cw-fig-legend"><li><svg viewBox="0 0 18 14" aria-hidden="true"><path class="cw-fig-pick-block" d="M4 2H14V12H4Z"/></svg>the voxel, and the block it came from</li><li><svg viewBox="0 0 18 14" aria-hidden="true"><path class="cw-fig-pick-shadow" d="M2 4H16V10H2Z"/></svg>the same, seen from the front, the top and the side</li><li><svg viewBox="0 0 18 14" aria-hidden="true"><path class="cw-fig-pick-chunk" d="M1 1H17V13H1Z"/></svg>chunks that hold it</li></ul>
${twinHtml(pyramidTwin(props, plan, picked), id)}</figure>`;
}
