/** The bin diagram as static markup: rows of boxes in per cent, so that the words in them keep their size. */
import { formatCount } from "../../../lib/format.ts";
import { methodRules } from "../../../lib/multiscale/methods.ts";
import {
	axesOf,
	type BinDiagramProps,
	type BinLevel,
	type BinSetting,
	binLevels,
	binSetting,
} from "../../../lib/plan/bin-diagram.ts";
import { binTwin, formatPlace, startFormula } from "../../../lib/plan/bin-diagram-text.ts";
import { escapeHtml, segmentsHtml, twinHtml } from "../html.ts";
import { type Box, boxesOf, type Strip, stripOf } from "./layout.ts";

/** Widths of the drawing, in pixels, from which on a number is shown: the styles have the same steps. */
const steps = [
	["always", 130],
	["near", 280],
	["mid", 480],
	["wide", 680],
] as const;

/** Room that a number of so many characters takes, in pixels. */
const roomFor = (characters: number) => 6.8 * characters + 5;

function boxMarkup(box: Box, strip: Strip, level: number): string {
	const text = formatPlace(box.place);
	const drawn = box.to - box.from;
	const needed = (roomFor(text.length) * strip.width) / drawn;
	const step = box.openStart || box.openEnd ? undefined : steps.find(([, width]) => needed <= width);
	const names = [
		"cw-fig-bin",
		...(box.dropped ? ["cw-fig-dropped"] : []),
		...(box.openStart ? ["cw-fig-open-start"] : []),
		...(box.openEnd ? ["cw-fig-open-end"] : []),
		...(level > 0 && box.index === 0 ? ["cw-fig-first"] : []),
	];
	const per = (units: number) => `${((100 * units) / strip.width).toFixed(3)}%`;
	const dot =
		box.dot === undefined || level === 0
			? ""
			: `<i style="left:${((100 * (box.dot - box.from)) / drawn).toFixed(2)}%"></i>`;
	const label = step ? `<b class="cw-fig-${step[0]}">${text}</b>` : "";
	return `<span class="${names.join(" ")}" data-index="${box.index}" style="left:${per(box.from)};width:${per(drawn)}">${dot}${label}</span>`;
}

function rowMarkup(levels: readonly BinLevel[], strip: Strip, setting: BinSetting, at: number): string {
	const level = levels[at];
	const unit = setting.unit === "" ? "" : ` ${escapeHtml(setting.unit)}`;
	const about =
		at === 0
			? `${formatCount(level.length)} elements along <em>${escapeHtml(setting.name)}</em>, ${formatPlace(level.spacing)}${unit} apart`
			: `${formatCount(level.length)} bins of ${level.factor}, ${formatPlace(level.spacing)}${unit} apart`;
	const boxes = boxesOf(strip, levels, at);
	const first = boxes[0];
	const per = (units: number) => `${((100 * units) / strip.width).toFixed(3)}%`;
	const guide =
		at > 0 && first?.dot !== undefined
			? `<span class="cw-fig-guide" style="left:${per(first.dot)};--rows:${at}"></span>`
			: "";
	const grip =
		at === 0
			? '<span class="cw-fig-grip" data-grip="length" style="left:100%"></span>'
			: first && !first.openEnd
				? `<span class="cw-fig-grip" data-grip="factor" data-level="${at}" style="left:${per(first.to)}"></span>`
				: "";
	const gap = strip.tail > 0 ? `<span class="cw-fig-gap" style="left:${per(strip.head + 0.8)}">…</span>` : "";
	return (
		`<div class="cw-fig-bin-row" data-level="${at}"><p><b>scale${at}</b> ${about}</p>` +
		`<div class="cw-fig-bin-track">${guide}${boxes.map((box) => boxMarkup(box, strip, at)).join("")}${gap}${grip}</div></div>`
	);
}

/** The rows of the drawing. */
export function rowsMarkup(setting: BinSetting): string {
	const levels = binLevels(setting);
	const strip = stripOf(levels);
	return levels.map((_, at) => rowMarkup(levels, strip, setting, at)).join("");
}

/** How each level's first place comes about. */
export function formulasMarkup(setting: BinSetting): string {
	const levels = binLevels(setting);
	const rows = levels.slice(1).map((level, i) => {
		const text = startFormula(levels[i], level, setting.unit);
		return `<div data-reading="start${level.level}"><dt>scale${level.level} starts at</dt><dd>${escapeHtml(text)}</dd></div>`;
	});
	return rows.join("");
}

/** Methods that differ in what they drop or where a value lies, and the one that was given. */
function methodOptions(given: BinSetting["method"]) {
	const names = [...new Set([...(["mean", "bin-shrink", "nearest"] as const), given])];
	return names.map((name) => ({
		value: name,
		label: name,
		title: methodRules[name].description,
	}));
}

function sliderMarkup(
	id: string,
	name: string,
	label: string,
	value: number,
	[least, most]: [number, number],
): string {
	return (
		`<div class="cw-fig-slider" data-slider="${name}"><label for="${id}-${name}">${label}</label>` +
		`<output for="${id}-${name}">${value}</output><span class="cw-fig-track">` +
		`<input type="range" id="${id}-${name}" name="${name}" min="${least}" max="${most}" value="${value}"></span></div>`
	);
}

/** The whole inner markup of the figure. */
export function binDiagramHtml(props: BinDiagramProps, id: string): string {
	const setting = binSetting(props);
	const axes = axesOf(props);
	const longest = Math.max(400, ...axes.map(({ length }) => length));
	const axisChoice =
		axes.length < 2
			? ""
			: segmentsHtml(
					`${id}-axis`,
					"Axis",
					axes.map(({ name, length }, i) => ({
						value: String(i),
						label: `${name} ${length}`,
						title: `${length} elements along ${name}`,
					})),
					"0",
				);
	const factors = setting.factors.map((factor, i) =>
		sliderMarkup(id, `factor${i + 1}`, `Elements in a bin of scale${i + 1}`, factor, [
			1,
			Math.max(6, factor),
		]),
	);
	const title = props.title ? `<p class="cw-fig-title">${escapeHtml(props.title)}</p>` : "";
	return `<figure class="cw-fig-body">${title}
<div class="cw-fig-bins" aria-hidden="true">${rowsMarkup(setting)}</div>
<p class="cw-fig-alert" role="alert" hidden></p>
<form class="cw-fig-controls cw-fig-bin-controls">
${axisChoice}${segmentsHtml(`${id}-method`, "Method", methodOptions(setting.method), setting.method)}
${sliderMarkup(id, "length", "Elements of the image", setting.length, [2, longest])}${factors.join("")}
</form>
<dl class="cw-fig-readings cw-fig-formulas">${formulasMarkup(setting)}</dl>
<ul class="cw-fig-legend"><li><svg viewBox="0 0 18 14" aria-hidden="true"><path class="cw-fig-key-box" d="M1 2H17V12H1Z"/><circle class="cw-fig-key-dot" cx="9" cy="12" r="2.2"/></svg>a bin; the dot is the place of its value</li><li><svg viewBox="0 0 18 14" aria-hidden="true"><path class="cw-fig-key-dropped" d="M1 2H17V12H1Z"/></svg>dropped: fills no bin</li><li>start + spacing × (dropped before it + middle of a bin)</li></ul>
${twinHtml(binTwin(props, setting), id)}</figure>`;
}
