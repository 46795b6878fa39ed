/** What metadata describes, drawn: the axes, the first elements of each level to scale, and the channels' windows. */
import type {
	DescribedAxis,
	DescribedChannel,
	DescribedImage,
	DescribedLevel,
} from "../../../lib/plan/ngff-explorer.ts";
import { extentOf, unitText } from "../../../lib/plan/ngff-explorer-text.ts";
import { formatSize } from "../../../lib/plan/ngff-fields.ts";
import { roundLength } from "../../../lib/plan/round-length.ts";
import { escapeHtml } from "../html.ts";

/** What of the image is drawn to scale. */
export interface Look {
	/** The first elements of each level, or how far each reaches. */
	what: "first" | "whole";
	/** Axis that goes down, by its place; the last one goes to the right. */
	down: number;
}

/** Levels beyond this many are too small to be drawn beside the coarsest. */
const mostLevels = 7;

/** Axes in the order of the arrays, slowest first. */
export function axesHtml(axes: readonly DescribedAxis[]): string {
	if (axes.length === 0) return `<p class="cw-ngff-none">No axes are described.</p>`;
	const items = axes.map((axis) => {
		const unit = axis.unit
			? `<span title="${escapeHtml(axis.unit)}">${escapeHtml(unitText(axis.unit))}</span>`
			: "";
		const inner = `<b>${escapeHtml(axis.name)}</b><span>${escapeHtml(axis.type ?? "no type")}</span>${unit}`;
		return `<li>${pressable(axis.pointer, inner)}</li>`;
	});
	return `<ol class="cw-ngff-axes">${items.join("")}</ol><p class="cw-ngff-order" aria-hidden="true"><span>slowest</span><span>fastest</span></p>`;
}

/** A part of the drawing that leads to its line; plain where its version writes none. */
function pressable(pointer: string | undefined, inner: string, attributes = ""): string {
	return pointer === undefined
		? `<span class="cw-ngff-part"${attributes}>${inner}</span>`
		: `<button type="button" class="cw-ngff-part" data-pointer="${escapeHtml(pointer)}"${attributes}>${inner}</button>`;
}

/** Axes that can go down: those in space but the last. */
export function downAxes(image: DescribedImage): number[] {
	return image.axes.flatMap(({ type }, i) => (type === "space" && i < image.axes.length - 1 ? [i] : []));
}

interface Box {
	level: DescribedLevel;
	index: number;
	x: number;
	y: number;
	width: number;
	height: number;
}

function boxesOf({ levels, axes }: DescribedImage, { what, down }: Look): Box[] {
	const across = axes.length - 1;
	return levels.slice(0, mostLevels).flatMap((level, index) => {
		const { scale, translation } = level;
		if (!scale || !translation) return [];
		const size = what === "whole" ? extentOf(level) : scale;
		if (!size || ![size[across], size[down], scale[across], scale[down]].every((n) => n > 0)) return [];
		// The translation is the centre of the first element: its edge is half an element before.
		const x = translation[across] - scale[across] / 2;
		const y = translation[down] - scale[down] / 2;
		return [{ level, index, x, y, width: size[across], height: size[down] }];
	});
}

/** Levels over each other in the plane of two axes, drawn to scale with a bar. */
export function levelsHtml(image: DescribedImage, look: Look): string {
	const boxes = boxesOf(image, look);
	if (boxes.length === 0) {
		return `<p class="cw-ngff-none">${
			look.what === "whole"
				? "How far the levels reach, only the shapes of their arrays tell."
				: "This version, or this text, does not say how large the elements are."
		}</p>`;
	}
	const left = Math.min(...boxes.map(({ x }) => x));
	const top = Math.min(...boxes.map(({ y }) => y));
	const right = Math.max(...boxes.map(({ x, width }) => x + width));
	const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
	// Drawn into 280 by what that gives: what is much longer than wide keeps to scale and grows no further.
	const factor = Math.min(280 / (right - left), 280 / (bottom - top));
	const [width, height] = [(right - left) * factor, (bottom - top) * factor];
	const rects = boxes.toReversed().map(({ index, x, y, width: w, height: h, level }) => {
		const at = [x - left, y - top, w, h].map((n) => (n * factor).toFixed(2));
		return `<rect class="cw-ngff-level" data-level="${index}" data-pointer="${escapeHtml(level.pointer)}" x="${at[0]}" y="${at[1]}" width="${at[2]}" height="${at[3]}"/>`;
	});
	// A dot at the centre of each first element: that is what the translation says.
	const dots = boxes.flatMap(({ level, index }) => {
		const { translation = [] } = level;
		const x = (translation[image.axes.length - 1] - left) * factor;
		const y = (translation[look.down] - top) * factor;
		return look.what === "first"
			? [
					`<circle class="cw-ngff-centre" data-level="${index}" cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" r="2"/>`,
				]
			: [];
	});
	const across = image.axes[image.axes.length - 1];
	const down = image.axes[look.down];
	const unit = across.unit === down.unit ? unitText(across.unit) : "";
	const bar = roundLength((right - left) * 0.5);
	const label = `${formatSize(bar)} ${unit || (across.unit === down.unit ? "(no unit)" : "of each axis’ own unit")}`;
	return (
		`<div class="cw-ngff-scale"><svg viewBox="-3 -3 ${(width + 6).toFixed(1)} ${(height + 6).toFixed(1)}" aria-hidden="true" focusable="false" style="max-width:${(width + 6).toFixed(0)}px">${rects.join("")}${dots.join("")}</svg>` +
		`<p class="cw-ngff-bar" aria-hidden="true"><i style="width:${((100 * bar * factor) / (width + 6)).toFixed(2)}%;max-width:${(bar * factor).toFixed(0)}px"></i><span>${escapeHtml(label)}</span></p>` +
		`<p class="cw-ngff-directions" aria-hidden="true"><i>${escapeHtml(across.name)}</i> to the right, <i>${escapeHtml(down.name)}</i> down. ${
			look.what === "first"
				? "Each square is the first element of a level; the dot is its centre, which the translation gives."
				: "Each frame is all of a level: what a coarser level leaves out at the edges did not fill an element."
		}</p></div>`
	);
}

/** Buttons of the levels, with what each says: they lead to their lines. */
export function levelListHtml({ levels, axes }: DescribedImage): string {
	const items = levels.map((level, i) => {
		const { scale } = level;
		const size = scale
			? axes
					.flatMap(({ name, type }, a) => (type === "space" ? [`${name} ${formatSize(scale[a])}`] : []))
					.join(", ")
			: "size not said";
		const swatch = `<i class="cw-ngff-swatch" data-level="${Math.min(i, mostLevels - 1)}" aria-hidden="true"></i>`;
		return `<li>${pressable(level.pointer, `${swatch}<b>${i}</b><span>${escapeHtml(size)}</span>`)}</li>`;
	});
	return `<ul class="cw-ngff-levels">${items.join("")}</ul>`;
}

/** Windows of the channels: the range of the sliders, and what of it is drawn from black to the colour. */
export function channelsHtml(channels: readonly DescribedChannel[]): string {
	if (channels.length === 0) return `<p class="cw-ngff-none">The metadata has no channels (“omero”).</p>`;
	const items = channels.map(({ label, color, window, active, pointer }, i) => {
		const hex = /^#?([0-9a-fA-F]{6})$/.exec(color ?? "")?.[1] ?? "808080";
		const name = `${label ?? `channel ${i}`}${active === false ? " (hidden at first)" : ""}`;
		const head = `<b>${escapeHtml(name)}</b><span>${escapeHtml(color ? `#${color.replace(/^#/, "")}` : "no colour")}</span>`;
		const ramp = window
			? rampHtml(window, hex)
			: `<span class="cw-ngff-none">no window of intensities</span>`;
		return `<li>${pressable(pointer, `${head}${ramp}`)}</li>`;
	});
	return `<ul class="cw-ngff-channels">${items.join("")}</ul>`;
}

function rampHtml(window: NonNullable<DescribedChannel["window"]>, hex: string): string {
	const { min, max, start, end } = window;
	const share = (value: number) => Math.min(100, Math.max(0, (100 * (value - min)) / (max - min || 1)));
	const [from, to] = [share(Math.min(start, end)), share(Math.max(start, end))];
	const colors = start <= end ? `#000,#${hex}` : `#${hex},#000`;
	return (
		`<span class="cw-ngff-ramp"><i style="left:${from.toFixed(2)}%;width:${Math.max(1, to - from).toFixed(2)}%;background-image:linear-gradient(to right,${colors})"></i></span>` +
		`<span class="cw-ngff-window">${formatSize(start)} to ${formatSize(end)} of ${formatSize(min)} to ${formatSize(max)}</span>`
	);
}
