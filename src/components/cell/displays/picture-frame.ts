/** What stands around a picture's pixels: axes with coordinates, a colour bar and a scale bar. */
import { ticks } from "d3";
import type { PictureAxis, PictureDisplay } from "../../../lib/display.ts";
import { type ColorMap, lookupTable } from "./colours.ts";
import { svgElement } from "./element.ts";

interface Look {
	low: number;
	high: number;
	colorMap: ColorMap;
}

const margin = { left: 58, top: 8, bottom: 44, right: 92 };
const barWidth = 12;

/** Where the pixels go in a frame of `width` CSS pixels: true proportions, no taller than is comfortable. */
export function layout(model: PictureDisplay, width: number): { width: number; height: number } {
	const across = Math.abs(model.width * model.horizontal.step);
	const down = Math.abs(model.height * model.vertical.step);
	const room = Math.max(80, width - margin.left - margin.right);
	const scale = Math.min(room / across, 480 / down);
	return { width: Math.round(across * scale), height: Math.round(down * scale) };
}

export function drawFrame(
	frame: HTMLElement,
	pixels: HTMLCanvasElement,
	model: PictureDisplay,
	look: Look,
): void {
	const size = layout(model, frame.clientWidth || 640);
	const total = {
		width: size.width + margin.left + margin.right,
		height: size.height + margin.top + margin.bottom,
	};
	pixels.style.cssText = `left:${margin.left}px;top:${margin.top}px;width:${size.width}px;height:${size.height}px`;
	const svg = svgElement("svg", {
		width: total.width,
		height: total.height,
		"aria-hidden": "true",
		class: "cw-picture-axes",
	});
	svg.append(
		svgElement("rect", {
			x: margin.left - 0.5,
			y: margin.top - 0.5,
			width: size.width + 1,
			height: size.height + 1,
			class: "cw-axis-line",
		}),
		horizontalAxis(model.horizontal, model.width, size),
		verticalAxis(model.vertical, model.height, size),
		colourBar(model, look, size),
	);
	svg.append(scaleBar(model, size));
	frame.style.height = `${total.height}px`;
	frame.replaceChildren(pixels, svg);
}

interface Size {
	width: number;
	height: number;
}

/** Tick values within an axis's extent, and where they stand: coordinates name the middle of a pixel. */
function axisTicks(axis: PictureAxis, count: number, length: number): { value: number; at: number }[] {
	const last = axis.first + (count - 1) * axis.step;
	return ticks(
		Math.min(axis.first, last),
		Math.max(axis.first, last),
		Math.max(2, Math.floor(length / 60)),
	).map((value) => ({
		value,
		at: (((value - axis.first) / axis.step + 0.5) / count) * length,
	}));
}

function axisTitle({ name, unit }: PictureAxis): string {
	return unit ? `${name} (${unit})` : name;
}

function horizontalAxis(axis: PictureAxis, count: number, size: Size): SVGElement {
	const y = margin.top + size.height;
	const group = svgElement("g", { class: "cw-axis" });
	for (const { value, at } of axisTicks(axis, count, size.width)) {
		const x = margin.left + at;
		group.append(svgElement("line", { x1: x, x2: x, y1: y, y2: y + 5 }));
		group.append(svgElement("text", { x, y: y + 18, "text-anchor": "middle" }, String(value)));
	}
	group.append(
		svgElement(
			"text",
			{ x: margin.left + size.width / 2, y: y + 36, "text-anchor": "middle", class: "cw-axis-title" },
			axisTitle(axis),
		),
	);
	return group;
}

function verticalAxis(axis: PictureAxis, count: number, size: Size): SVGElement {
	const group = svgElement("g", { class: "cw-axis" });
	for (const { value, at } of axisTicks(axis, count, size.height)) {
		const y = margin.top + at;
		group.append(svgElement("line", { x1: margin.left - 5, x2: margin.left, y1: y, y2: y }));
		group.append(svgElement("text", { x: margin.left - 9, y: y + 4, "text-anchor": "end" }, String(value)));
	}
	const middle = margin.top + size.height / 2;
	// A single letter reads best upright.
	const turn = axisTitle(axis).length > 2 ? " rotate(-90)" : "";
	group.append(
		svgElement(
			"text",
			{ transform: `translate(14 ${middle})${turn}`, "text-anchor": "middle", class: "cw-axis-title" },
			axisTitle(axis),
		),
	);
	return group;
}

function colourBar({ range }: PictureDisplay, { low, high, colorMap }: Look, size: Size): SVGElement {
	const group = svgElement("g", { class: "cw-axis" });
	const x = margin.left + size.width + 16;
	group.append(gradient(colorMap));
	group.append(
		svgElement("rect", {
			x: x - 0.5,
			y: margin.top - 0.5,
			width: barWidth + 1,
			height: size.height + 1,
			class: "cw-axis-line",
			style: `fill: url(#${gradientId(colorMap)})`,
		}),
	);
	const values = ticks(low, high, Math.max(2, Math.floor(size.height / 44)));
	for (const value of values) {
		const y = margin.top + size.height * (1 - (value - low) / (high - low || 1));
		group.append(svgElement("line", { x1: x + barWidth, x2: x + barWidth + 4, y1: y, y2: y }));
		// What lies beyond the window has the end's colour: the end labels say so.
		const sign = value === high && range[1] > high ? "≥ " : value === low && range[0] < low ? "≤ " : "";
		group.append(svgElement("text", { x: x + barWidth + 8, y: y + 4 }, `${sign}${value}`));
	}
	const middle = margin.top + size.height / 2;
	group.append(
		svgElement(
			"text",
			{
				transform: `translate(${x + 70} ${middle}) rotate(90)`,
				"text-anchor": "middle",
				class: "cw-axis-title",
			},
			"intensity",
		),
	);
	return group;
}

function gradientId(colorMap: ColorMap): string {
	return `cw-colours-${colorMap}`;
}

/** The colour map from bottom to top. Every picture brings its own; the same id always names the same colours. */
function gradient(colorMap: ColorMap): SVGElement {
	const table = lookupTable(colorMap);
	const made = svgElement("linearGradient", { id: gradientId(colorMap), x1: 0, x2: 0, y1: 1, y2: 0 });
	for (let level = 0; level < 256; level += 15) {
		const [red, green, blue] = table.subarray(level * 3, level * 3 + 3);
		made.append(svgElement("stop", { offset: level / 255, "stop-color": `rgb(${red} ${green} ${blue})` }));
	}
	return made;
}

/** A length that is round and about a fifth of the picture's width. */
function scaleBar({ horizontal, width }: PictureDisplay, size: Size): SVGElement {
	const across = Math.abs(width * horizontal.step);
	const target = across / 5;
	const power = 10 ** Math.floor(Math.log10(target));
	const length = [5, 2, 1].map((n) => n * power).find((n) => n <= target) ?? power;
	const pixels = (length / across) * size.width;
	const right = margin.left + size.width - 12;
	const y = margin.top + size.height - 14;
	const label = horizontal.unit
		? `${length} ${shortUnit(horizontal.unit)}`
		: `${length} in ${horizontal.name}`;
	const group = svgElement("g", { class: "cw-scale-bar" });
	group.append(svgElement("line", { x1: right - pixels, x2: right, y1: y, y2: y }));
	group.append(svgElement("text", { x: right - pixels / 2, y: y - 7, "text-anchor": "middle" }, label));
	return group;
}

function shortUnit(unit: string): string {
	return { micrometer: "µm", nanometer: "nm", millimeter: "mm" }[unit] ?? unit;
}
