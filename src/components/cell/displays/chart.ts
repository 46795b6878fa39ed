/** A line diagram or a histogram: drawn for the width there is, read by pointer or keys, and given as numbers too. */
import { ticks } from "d3";
import type { HistogramDisplay, LineDisplay, Quantity, TableDisplay } from "../../../lib/display.ts";
import { formatCount } from "../../../lib/format.ts";
import { type Chart, chartOf } from "./chart-data.ts";
import { element, svgElement } from "./element.ts";
import { renderTable } from "./table.ts";

const margin = { top: 12, right: 14, bottom: 44, left: 58 };
const tallest = 260;

/** Where values stand, in CSS pixels. */
interface Scales {
	width: number;
	height: number;
	x(value: number): number;
	y(value: number): number;
}

export function drawChart(host: HTMLElement, model: LineDisplay | HistogramDisplay): void {
	const chart = chartOf(model);
	const frame = element("div", {
		class: "cw-chart-frame",
		tabindex: "0",
		role: "group",
		"aria-label": `${model.alt} Left and right arrow keys read values.`,
	});
	const readOut = element("output", { class: "cw-picture-readout" }, " ");
	let at: number | undefined;
	let scales: Scales | undefined;
	const draw = () => {
		scales = scalesFor(chart, frame.clientWidth || 640);
		frame.replaceChildren(drawing(chart, scales, at));
	};
	const read = (index: number) => {
		at = Math.max(0, Math.min(chart.count - 1, index));
		readOut.textContent = chart.read(at);
		draw();
	};
	frame.addEventListener("pointermove", ({ clientX }) => {
		if (!scales) return;
		const left = frame.getBoundingClientRect().left + margin.left;
		const index = chart.nearest(chart.left + ((clientX - left) / scales.width) * (chart.right - chart.left));
		if (index !== at) read(index);
	});
	frame.addEventListener("keydown", (event) => {
		const step = event.shiftKey ? 10 : 1;
		const to = {
			ArrowLeft: at === undefined ? chart.count - 1 : at - step,
			ArrowRight: at === undefined ? 0 : at + step,
			Home: 0,
			End: chart.count - 1,
		}[event.key];
		if (to === undefined) return;
		event.preventDefault();
		read(to);
	});
	const leave = () => {
		at = undefined;
		readOut.textContent = " ";
		draw();
	};
	frame.addEventListener("pointerleave", leave);
	frame.addEventListener("blur", leave);

	host.replaceChildren();
	if (model.title) host.append(element("p", { class: "cw-picture-title" }, model.title));
	host.append(frame);
	if (chart.lines.length > 1) host.append(legend(chart));
	host.append(readOut, numbers(chart.table));
	let width = 0;
	draw();
	new ResizeObserver(([entry]) => {
		const next = Math.round(entry.contentRect.width);
		if (next === width || next === 0) return;
		width = next;
		draw();
	}).observe(frame);
}

function scalesFor(chart: Chart, room: number): Scales {
	const width = Math.max(120, Math.min(room, 900) - margin.left - margin.right);
	const height = Math.min(tallest, Math.max(140, width * 0.45));
	return {
		width,
		height,
		x: (value) => margin.left + ((value - chart.left) / (chart.right - chart.left || 1)) * width,
		y: (value) => margin.top + (1 - (value - chart.bottom) / (chart.top - chart.bottom || 1)) * height,
	};
}

function drawing(chart: Chart, scales: Scales, at: number | undefined): SVGElement {
	const { width, height } = scales;
	const size = { width: width + margin.left + margin.right, height: height + margin.top + margin.bottom };
	const svg = svgElement("svg", { ...size, "aria-hidden": "true", class: "cw-chart-drawing" });
	svg.append(...axes(chart, scales), chart.isBars ? bars(chart, scales) : lines(chart, scales));
	if (at !== undefined) {
		const x = scales.x(chart.position(at));
		svg.append(
			svgElement("line", { class: "cw-chart-rule", x1: x, x2: x, y1: margin.top, y2: margin.top + height }),
		);
	}
	return svg;
}

function axes(chart: Chart, { width, height, x, y }: Scales): SVGElement[] {
	const floor = margin.top + height;
	const group = svgElement("g", { class: "cw-axis" });
	const text = (left: number, top: number, words: string, anchor: string, kind = "") =>
		svgElement("text", { x: left, y: top, "text-anchor": anchor, class: kind }, words);
	const rule = (x1: number, y1: number, x2: number, y2: number, kind = "") =>
		svgElement("line", { x1, y1, x2, y2, class: kind });
	for (const value of ticks(chart.bottom, chart.top, Math.max(2, Math.floor(height / 48)))) {
		group.append(
			rule(margin.left, y(value), margin.left + width, y(value), "cw-chart-grid"),
			text(margin.left - 8, y(value) + 4, tickText(value), "end"),
		);
	}
	for (const value of ticks(chart.left, chart.right, Math.max(2, Math.floor(width / 80)))) {
		group.append(
			rule(x(value), floor, x(value), floor + 5),
			text(x(value), floor + 18, tickText(value), "middle"),
		);
	}
	group.append(
		rule(margin.left, floor, margin.left + width, floor),
		text(margin.left + width / 2, floor + 38, titleOf(chart.x), "middle", "cw-axis-title"),
	);
	const title = text(0, 0, titleOf(chart.y), "middle", "cw-axis-title");
	title.setAttribute("transform", `translate(12 ${margin.top + height / 2}) rotate(-90)`);
	group.append(title);
	return [group];
}

function titleOf({ name, unit }: Quantity): string {
	return unit ? `${name} (${unit})` : name;
}

function tickText(value: number): string {
	if (Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4))
		return value.toExponential().replace("+", "");
	return Number.isInteger(value) ? formatCount(value).replace("-", "−") : String(value).replace("-", "−");
}

function bars(chart: Chart, { x, y }: Scales): SVGElement {
	const edges = chart.edges ?? [];
	let path = "";
	chart.lines[0].high.forEach((count, i) => {
		if (!(count > 0)) return;
		const [from, to] = [x(edges[i]), x(edges[i + 1])];
		const gap = to - from > 4 ? 0.5 : 0;
		path += `M${from + gap} ${y(0)}V${Math.min(y(count), y(0) - 1)}H${to - gap}V${y(0)}Z`;
	});
	return svgElement("path", { class: "cw-chart-bars", d: path });
}

/** Each line; where a point stands for several values, the band between their extremes. */
function lines(chart: Chart, { x, y }: Scales): SVGElement {
	const group = svgElement("g", {});
	chart.lines.forEach(({ low, high }, i) => {
		let path = "";
		let isOpen = false;
		for (let at = 0; at < high.length; at++) {
			// A gap where there is no number.
			if (Number.isNaN(high[at])) {
				isOpen = false;
				continue;
			}
			const across = x(chart.position(at));
			path += `${isOpen ? "L" : "M"}${across} ${y(high[at])}`;
			if (low[at] < high[at]) path += `L${across} ${y(low[at])}`;
			isOpen = true;
		}
		group.append(svgElement("path", { class: `cw-chart-line cw-chart-line-${i % 4}`, d: path }));
	});
	return group;
}

function legend({ lines: named }: Chart): HTMLElement {
	const list = element("ul", { class: "cw-chart-legend" });
	named.forEach(({ name }, i) => {
		const sample = svgElement(
			"svg",
			{ width: 28, height: 8, "aria-hidden": "true" },
			svgElement("path", { class: `cw-chart-line cw-chart-line-${i % 4}`, d: "M0 4H28" }),
		);
		list.append(element("li", {}, sample, " ", name));
	});
	return list;
}

/** The same as numbers; made when it is opened. */
function numbers(table: () => TableDisplay): HTMLElement {
	const details = element("details", { class: "cw-chart-numbers" }, element("summary", {}, "The numbers"));
	details.addEventListener("toggle", () => details.append(renderTable(table())), { once: true });
	return details;
}
