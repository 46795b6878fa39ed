/** The viewport figure as static markup: the whole picture, sketched, and the shelf of chunks. */

import { formatBytes } from "../../../lib/format.ts";
import { arrayBytes, chunkCount } from "../../../lib/plan/grid.ts";
import { type ImagePyramid, levelFor, planViewport, type ViewportPlan } from "../../../lib/plan/viewport.ts";
import { type ViewportProps, viewportSettings, viewportTwin } from "../../../lib/plan/viewport-text.ts";
import { escapeHtml, twinHtml, typeset } from "../html.ts";
import { fitScale, viewportOf } from "./camera.ts";
import { stain } from "./colors.ts";
import { type Nucleus, scatter } from "./nuclei.ts";
import { cellsOf, shelfOf } from "./shelf.ts";

/** The window of which the words speak: the figure's on a wide page. */
const window = { width: 600, height: 375 };

/** Nuclei as blurred ellipses: what can be shown before a script computes the picture. */
function sketch(pyramid: ImagePyramid, seed: number, id: string): string {
	const [height, width] = pyramid.levels[0].shape;
	const kinds: [name: string, inner: string, outer: string, edge: number][] = [
		["dim", stain[2], stain[2], 20],
		["mid", stain[3], stain[3], 88],
		["lit", stain[4], stain[3], 88],
		["hot", stain[6], stain[5], 70],
	];
	const kind = ({ brightness, softness }: Nucleus) =>
		softness > 0.5 ? "dim" : brightness > 0.8 ? "hot" : brightness > 0.52 ? "lit" : "mid";
	const gradients = kinds.map(
		([name, inner, outer, edge]) =>
			`<radialGradient id="${id}-${name}"><stop offset="0" stop-color="${inner}"/><stop offset="${edge}%" stop-color="${outer}"/><stop offset="1" stop-color="${outer}" stop-opacity="0"/></radialGradient>`,
	);
	const ellipses = scatter(width, height, seed).map((n) => {
		const [x, y, a, b] = [n.x, n.y, n.a, n.b].map(Math.round);
		const turn = Math.round((n.angle * 180) / Math.PI);
		return `<ellipse rx="${a}" ry="${b}" transform="translate(${x} ${y})rotate(${turn})" fill="url(#${id}-${kind(n)})"/>`;
	});
	return `<svg class="cw-fig-sketch" viewBox="0 0 ${width} ${height}" aria-hidden="true" focusable="false"><defs>${gradients.join("")}</defs>${ellipses.join("")}</svg>`;
}

function shelfMarkup(pyramid: ImagePyramid): string {
	const shelf = shelfOf(pyramid);
	const cells = cellsOf(pyramid, shelf).map(
		({ id, rect: { x, y, width, height } }) =>
			`<rect class="cw-fig-cell" data-id="${id}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}"/>`,
	);
	const names = pyramid.levels.map((grid, level) => {
		const place = shelf.levels[level];
		const name = escapeHtml(grid.prefix.split("/", 1)[0]).replace(/^\D+/, "<i>$&</i>");
		const last = level === pyramid.levels.length - 1;
		const at = last ? "right:0;text-align:end" : `left:${((100 * place.x) / shelf.width).toFixed(2)}%`;
		const count = chunkCount(grid);
		return `<span data-level="${level}" style="${at}"><b>${name}</b><br>${count}${level === 0 ? " chunks" : ""}</span>`;
	});
	return (
		`<div class="cw-fig-shelf"><canvas class="cw-fig-thumbs"></canvas>` +
		`<svg viewBox="0 0 ${shelf.width} ${shelf.height.toFixed(1)}" aria-hidden="true" focusable="false">${cells.join("")}<rect class="cw-fig-window"/></svg></div>` +
		`<div class="cw-fig-shelf-names" aria-hidden="true">${names.join("")}</div>`
	);
}

/** The whole inner markup of the figure. */
export function viewportHtml(props: ViewportProps, id: string): string {
	const { pyramid, seed } = viewportSettings(props);
	const twin = viewportTwin(pyramid, window);
	const image = { width: pyramid.levels[0].shape[1], height: pyramid.levels[0].shape[0] };
	const whole = fitScale(image, window);
	const plan = planViewport(
		pyramid,
		viewportOf({ x: image.width / 2, y: image.height / 2, scale: whole }, window),
		levelFor(pyramid, whole),
	);
	const button = (act: string, label: string, path: string) =>
		`<button type="button" data-act="${act}" aria-label="${label}" title="${label}"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg></button>`;
	return `<figure class="cw-fig-body">
<div class="cw-fig-scene">
<div class="cw-fig-view">
<div class="cw-fig-port" role="application" tabindex="0" aria-roledescription="image viewer" aria-label="Synthetic nuclei. Arrow keys move, plus and minus zoom, 0 shows the whole, Escape goes back to the start." aria-describedby="${id}-summary">${sketch(pyramid, seed, id)}<canvas></canvas></div>
<p class="cw-fig-tag">synthetic image</p>
<p class="cw-fig-key" aria-hidden="true"></p>
<p class="cw-fig-scalebar" aria-hidden="true" hidden><span></span><b></b></p>
<div class="cw-fig-zoom cw-fig-controls">${button("in", "Zoom in", "M8 3V13M3 8H13")}${button("out", "Zoom out", "M3 8H13")}${button("whole", "Show the whole image", "M3 6V3H6M10 3H13V6M13 10V13H10M6 13H3V10")}</div>
</div>
${counterMarkup(pyramid, plan)}
${shelfMarkup(pyramid)}
<canvas class="cw-fig-flights" aria-hidden="true"></canvas>
</div>
${twinHtml(twin, id)}</figure>`;
}

function counterMarkup(pyramid: ImagePyramid, plan: ViewportPlan): string {
	const place = (name: string, text: string) => `<b data-count="${name}">${typeset(text)}</b>`;
	const counts = counterTexts(pyramid, plan);
	return (
		`<div class="cw-fig-counter" aria-hidden="true"><p>${place("touched", counts.touched)} of <span data-count="total">${counts.total}</span> chunks in <span data-count="level">${counts.level}</span></p>` +
		`<p>${place("bytes", counts.bytes)} of ${typeset(formatBytes(arrayBytes(pyramid.levels[0])))}</p></div>`
	);
}

/** The counter's numbers. */
export function counterTexts(
	pyramid: ImagePyramid,
	plan: ViewportPlan,
): { touched: string; total: string; level: string; bytes: string } {
	return {
		touched: String(plan.touched),
		total: String(plan.total),
		level: pyramid.levels[plan.level].prefix.split("/", 1)[0],
		bytes: formatBytes(plan.bytesRead),
	};
}
