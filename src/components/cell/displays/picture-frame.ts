/** What stands around a picture's pixels: axes with coordinates, a colour bar and a scale bar. */
import { ticks } from "d3";
import type { PictureAxis, PictureDisplay } from "../../../lib/display.ts";
import { type ColorMap, lookupTable } from "./colours.ts";
import { svgElement } from "./element.ts";
import type { Look } from "./picture-pixels.ts";

/** Where things stand, in CSS pixels. */
export interface Layout {
	left: number;
	top: number;
	/** Size of the picture itself. */
	width: number;
	height: number;
	total: { width: number; height: number };
	/** On a narrow screen the colour bar lies below the picture, so that the picture gets the width. */
	isNarrow: boolean;
}

const barThickness = 12;
const tallest = 480;

/** True proportions, as wide as there is room and no taller than is comfortable. */
export function layoutFor(model: PictureDisplay, room: number): Layout {
	const isNarrow = room < 480;
	const margin = isNarrow
		? { left: 48, top: 8, right: 14, bottom: 92 }
		: { left: 58, top: 8, right: 92, bottom: 44 };
	const across = Math.abs(model.width * model.horizontal.step);
	const down = Math.abs(model.height * model.vertical.step);
	const scale = Math.min(Math.max(80, room - margin.left - margin.right) / across, tallest / down);
	const width = Math.round(across * scale);
	const height = Math.round(down * scale);
	return {
		left: margin.left,
		top: margin.top,
		width,
		height,
		total: { width: width + margin.left + margin.right, height: height + margin.top + margin.bottom },
		isNarrow,
	};
}

/** Axes, colour bar and scale bar of what is seen; `mark` is the pixel that is read, in shares of it. */
export function surroundings(
	model: PictureDisplay,
	look: Look,
	at: Layout,
	mark?: { x: number; y: number; width: number; height: number },
): SVGElement {
	const svg = svgElement(
		"svg",
		{ width: at.total.width, height: at.total.height, "aria-hidden": "true", class: "cw-picture-axes" },
		outline(at.left, at.top, at.width, at.height),
		horizontalAxis(model.horizontal, model.width, at),
		verticalAxis(model.vertical, model.height, at),
		at.isNarrow ? barBelow(model, look, at) : barBeside(model, look, at),
		scaleBar(model, at),
	);
	if (mark) svg.append(...crosshair(mark, at));
	return svg;
}

/** A light frame in a dark one, which shows on every ground. */
function crosshair(mark: { x: number; y: number; width: number; height: number }, at: Layout): SVGElement[] {
	const width = Math.max(7, mark.width * at.width);
	const height = Math.max(7, mark.height * at.height);
	const x = at.left + (mark.x + mark.width / 2) * at.width - width / 2;
	const y = at.top + (mark.y + mark.height / 2) * at.height - height / 2;
	return ["cw-picture-mark-outer", "cw-picture-mark"].map((name) =>
		svgElement("rect", { x, y, width, height, class: name }),
	);
}

function outline(x: number, y: number, width: number, height: number, style = ""): SVGElement {
	const box = { x: x - 0.5, y: y - 0.5, width: width + 1, height: height + 1 };
	return svgElement("rect", { ...box, class: "cw-axis-line", style });
}

/** Tick values within an axis's extent, and where they stand: coordinates name the middle of a pixel. */
function axisTicks(axis: PictureAxis, count: number, length: number): { value: number; at: number }[] {
	const last = axis.first + (count - 1) * axis.step;
	const wanted = Math.max(2, Math.floor(length / 60));
	return ticks(Math.min(axis.first, last), Math.max(axis.first, last), wanted).map((value) => ({
		value,
		at: (((value - axis.first) / axis.step + 0.5) / count) * length,
	}));
}

function axisTitle({ name, unit }: PictureAxis): string {
	return unit ? `${name} (${unit})` : name;
}

function label(x: number, y: number, text: string, anchor = "middle", kind = ""): SVGElement {
	return svgElement("text", { x, y, "text-anchor": anchor, class: kind }, text);
}

function line(x1: number, y1: number, x2: number, y2: number): SVGElement {
	return svgElement("line", { x1, y1, x2, y2 });
}

function horizontalAxis(axis: PictureAxis, count: number, at: Layout): SVGElement {
	const y = at.top + at.height;
	const group = svgElement("g", { class: "cw-axis" });
	for (const tick of axisTicks(axis, count, at.width)) {
		const x = at.left + tick.at;
		group.append(line(x, y, x, y + 5), label(x, y + 18, String(tick.value)));
	}
	group.append(label(at.left + at.width / 2, y + 36, axisTitle(axis), "middle", "cw-axis-title"));
	return group;
}

function verticalAxis(axis: PictureAxis, count: number, at: Layout): SVGElement {
	const group = svgElement("g", { class: "cw-axis" });
	for (const tick of axisTicks(axis, count, at.height)) {
		const y = at.top + tick.at;
		group.append(line(at.left - 5, y, at.left, y), label(at.left - 9, y + 4, String(tick.value), "end"));
	}
	// A single letter reads best upright.
	const turn = axisTitle(axis).length > 2 ? " rotate(-90)" : "";
	const x = at.isNarrow ? 10 : 14;
	const title = label(0, 0, axisTitle(axis), "middle", "cw-axis-title");
	title.setAttribute("transform", `translate(${x} ${at.top + at.height / 2})${turn}`);
	group.append(title);
	return group;
}

/** The window's values along the colour bar. What lies beyond the window has the end's colour: end labels say so. */
function barTicks({ range }: PictureDisplay, { low, high }: Look, length: number, room: number) {
	return ticks(low, high, Math.max(2, Math.floor(length / room))).map((value) => {
		const sign = value === high && range[1] > high ? "≥ " : value === low && range[0] < low ? "≤ " : "";
		return { text: `${sign}${value}`, share: (value - low) / (high - low || 1) };
	});
}

function barBeside(model: PictureDisplay, look: Look, at: Layout): SVGElement {
	const x = at.left + at.width + 16;
	const fill = `fill: url(#${gradientId(look.colorMap, true)})`;
	const group = svgElement(
		"g",
		{ class: "cw-axis" },
		gradient(look.colorMap, true),
		outline(x, at.top, barThickness, at.height, fill),
	);
	for (const { text, share } of barTicks(model, look, at.height, 44)) {
		const y = at.top + at.height * (1 - share);
		group.append(
			line(x + barThickness, y, x + barThickness + 4, y),
			label(x + barThickness + 8, y + 4, text, "start"),
		);
	}
	const title = label(0, 0, model.values ?? "intensity", "middle", "cw-axis-title");
	title.setAttribute("transform", `translate(${x + 68} ${at.top + at.height / 2}) rotate(90)`);
	group.append(title);
	return group;
}

function barBelow(model: PictureDisplay, look: Look, at: Layout): SVGElement {
	const y = at.top + at.height + 52;
	const fill = `fill: url(#${gradientId(look.colorMap, false)})`;
	const group = svgElement(
		"g",
		{ class: "cw-axis" },
		gradient(look.colorMap, false),
		outline(at.left, y, at.width, barThickness, fill),
	);
	for (const { text, share } of barTicks(model, look, at.width, 64)) {
		const x = at.left + at.width * share;
		group.append(line(x, y + barThickness, x, y + barThickness + 4), label(x, y + barThickness + 17, text));
	}
	return group;
}

function gradientId(colorMap: ColorMap, isUpright: boolean): string {
	return `cw-colours-${colorMap}-${isUpright ? "upright" : "level"}`;
}

/** The colour map from low to high. Every picture brings its own; the same id always names the same colours. */
function gradient(colorMap: ColorMap, isUpright: boolean): SVGElement {
	const table = lookupTable(colorMap);
	const direction = isUpright ? { x1: 0, x2: 0, y1: 1, y2: 0 } : { x1: 0, x2: 1, y1: 0, y2: 0 };
	const made = svgElement("linearGradient", { id: gradientId(colorMap, isUpright), ...direction });
	for (let level = 0; level < 256; level += 15) {
		const [red, green, blue] = table.subarray(level * 3, level * 3 + 3);
		made.append(svgElement("stop", { offset: level / 255, "stop-color": `rgb(${red} ${green} ${blue})` }));
	}
	return made;
}

/** A length that is round and about a fifth of the picture's width. */
function scaleBar({ horizontal, width }: PictureDisplay, at: Layout): SVGElement {
	const across = Math.abs(width * horizontal.step);
	const target = across / 5;
	const power = 10 ** Math.floor(Math.log10(target));
	const length = [5, 2, 1].map((n) => n * power).find((n) => n <= target) ?? power;
	const pixels = (length / across) * at.width;
	const right = at.left + at.width - 12;
	const y = at.top + at.height - 14;
	const text = horizontal.unit
		? `${length} ${shortUnit(horizontal.unit)}`
		: `${length} in ${horizontal.name}`;
	return svgElement(
		"g",
		{ class: "cw-scale-bar" },
		line(right - pixels, y, right, y),
		label(right - pixels / 2, y - 7, text),
	);
}

/** A unit as it is written beside a number. */
export function shortUnit(unit: string): string {
	return { micrometer: "µm", nanometer: "nm", millimeter: "mm" }[unit] ?? unit;
}
