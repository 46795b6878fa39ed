/** The request waterfall as static markup: bars, sums and words, complete before any script runs. */
import { formatBytes, formatDuration } from "../../../lib/format.ts";
import { counted } from "../../../lib/plan/figure.ts";
import { formatBits, lineDials, type NetworkLine, networkLines } from "../../../lib/plan/lines.ts";
import {
	lineNamed,
	planWaterfall,
	type RequestWaterfallProps,
	type Waterfall,
	type WaterfallPlan,
	waterfallOf,
} from "../../../lib/plan/request-waterfall.ts";
import { waterfallTwin } from "../../../lib/plan/request-waterfall-text.ts";
import { bytesOf, type Look, lookOf, matching, type RecordedRequest } from "../../../lib/plan/requests.ts";
import { axisHtml, type Course, legendHtml, rowHtml, type TimeWindow } from "../../requests/waterfall.ts";
import { escapeHtml, segmentsHtml, twinHtml } from "../html.ts";

/** Rows drawn at a time. */
export const rowsAtOnce = 200;
/** Steps of the two sliders that cut a stretch out of the time. */
export const timeSteps = 200;

/** What the sliders of a line go through. */
export const dials = {
	...lineDials,
	atOnce: [1, 2, 3, 4, 6, 8, 12, 16, 32, 100],
} as const;
export type Dial = keyof typeof dials;

const dialNames: Record<Dial, [label: string, text: (value: number) => string]> = {
	latency: ["Latency", (ms) => `${ms} ms`],
	bandwidth: ["Bandwidth", formatBits],
	atOnce: ["Requests at once", String],
};

/** A request that is drawn, with when it would have happened. */
export interface DrawnRequest {
	request: RecordedRequest;
	course: Course;
}

/** When each request was, or would have been, under way. */
export function drawnRequests({ requests }: Waterfall, plan: WaterfallPlan): DrawnRequest[] {
	return requests.map((request, i) => {
		const { started = 0, milliseconds = 0 } = request;
		const recorded = { asked: started, sent: started, first: started, ended: started + milliseconds };
		return { request, course: plan.courses?.[i] ?? recorded };
	});
}

/** Those that have the words and are under way in the window. */
export function shownRequests(
	drawn: readonly DrawnRequest[],
	words: string,
	window: TimeWindow,
): DrawnRequest[] {
	const found = new Set(
		matching(
			drawn.map(({ request }) => request),
			words,
		),
	);
	return drawn.filter(
		({ request, course }) => found.has(request) && course.ended >= window.from && course.asked <= window.to,
	);
}

/** `12 of 22 requests, 1.43 MiB moved`: what the list shows. */
export function shownText(shown: readonly DrawnRequest[], all: number): string {
	if (shown.length === 0) return "No request has these words in this stretch of time.";
	const moved = shown.map(({ request }) => request).filter((request) => lookOf(request) !== "cache");
	const count =
		shown.length === all ? counted(all, "request") : `${shown.length} of ${counted(all, "request")}`;
	return `${count}, ${formatBytes(bytesOf(moved))} moved`;
}

export function rowsHtml(
	shown: readonly DrawnRequest[],
	window: TimeWindow,
	computed: boolean,
	most = rowsAtOnce,
): string {
	return shown
		.slice(0, most)
		.map(({ request, course }) => rowHtml(request, window, computed ? course : undefined))
		.join("");
}

/** The two pairs of bars: bytes and time of these requests, and of the whole file. */
export function comparedHtml(waterfall: Waterfall, plan: WaterfallPlan): string {
	const { whole } = waterfall;
	const bar = (label: string, value: string, share: number | undefined) =>
		`<div class="cw-fall-bar"><span>${escapeHtml(label)}</span>` +
		`<i${share === undefined ? "" : ` style="--share:${Math.max(0.004, share).toFixed(4)}"`} aria-hidden="true"></i>` +
		`<b>${escapeHtml(value)}</b></div>`;
	const pair = (
		of: string,
		title: string,
		these: number,
		other: number | undefined,
		text: (n: number) => string,
	) => {
		const most = Math.max(these, other ?? 0) || 1;
		return (
			`<section data-of="${of}"><p>${title}</p>` +
			bar("These requests", text(these), these / most) +
			(whole
				? bar(
						capital(whole.name),
						other === undefined ? "not recorded: choose a line" : text(other),
						other === undefined ? undefined : other / most,
					)
				: "") +
			"</section>"
		);
	};
	return (
		pair("bytes", "Bytes moved", plan.moved, whole?.bytes, formatBytes) +
		pair(
			"time",
			plan.courses ? "Time, computed" : "Time, as recorded",
			plan.milliseconds,
			plan.wholeMilliseconds,
			formatDuration,
		)
	);
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** All requests small, one above the other, to cut a stretch of time out of: SVG paths by look, 100 wide, 40 high. */
export function overviewHtml(drawn: readonly DrawnRequest[], whole: TimeWindow): string {
	const paths = new Map<Look, string>();
	const length = Math.max(whole.to - whole.from, Number.MIN_VALUE);
	const step = 36 / Math.max(1, drawn.length);
	const height = Math.max(0.4, Math.min(2.4, step * 0.8));
	drawn.forEach(({ request, course }, i) => {
		const x = (100 * (course.asked - whole.from)) / length;
		const width = Math.max(0.25, (100 * (course.ended - course.asked)) / length);
		const d = `M${x.toFixed(2)} ${(2 + i * step).toFixed(2)}h${width.toFixed(2)}v${height.toFixed(2)}h-${width.toFixed(2)}z`;
		const look = lookOf(request);
		paths.set(look, (paths.get(look) ?? "") + d);
	});
	return [...paths].map(([look, d]) => `<path data-look="${look}" d="${d}"/>`).join("");
}

/** Values of the sliders for a line. */
export function dialHtml(name: Dial, line: NetworkLine, id: string): string {
	const [label, text] = dialNames[name];
	const values: readonly number[] = dials[name];
	const at = nearest(values, line[name]);
	return (
		`<div class="cw-fig-slider"><label for="${id}-${name}">${label}</label>` +
		`<output for="${id}-${name}" data-dial="${name}">${text(values[at])}</output>` +
		`<span class="cw-fig-track"><input type="range" id="${id}-${name}" name="${name}" min="0" max="${values.length - 1}" value="${at}" aria-valuetext="${text(values[at])}"></span></div>`
	);
}

/** How a slider's value is written. */
export function dialText(name: Dial, value: number): string {
	return dialNames[name][1](value);
}

export function nearest(values: readonly number[], wanted: number): number {
	let best = 0;
	values.forEach((value, i) => {
		if (Math.abs(Math.log(value / wanted)) < Math.abs(Math.log(values[best] / wanted))) best = i;
	});
	return best;
}

function controlsHtml(props: RequestWaterfallProps, id: string): string {
	const lines = [
		{ value: "recorded", label: "as recorded" },
		...networkLines.map(({ name, label }) => ({ value: name, label: shortName(name), title: label })),
		{ value: "own", label: "your own", title: "As the sliders below say" },
	];
	const line = lineNamed(props.line) ?? networkLines[3];
	const sliders = (Object.keys(dials) as Dial[]).map((name) => dialHtml(name, line, id));
	return (
		segmentsHtml(`${id}-line`, "Replay at", lines, props.line ?? "recorded") +
		`<div class="cw-fall-dials">${sliders.join("")}</div>`
	);
}

function shortName(name: string): string {
	return { localhost: "this computer", conference: "conference Wi-Fi", lab: "lab network" }[name] ?? name;
}

function zoomHtml(drawn: readonly DrawnRequest[], whole: TimeWindow, id: string): string {
	const slider = (name: "from" | "to", label: string, value: number, text: string) =>
		`<label><span>${label}</span><input type="range" name="${name}" min="0" max="${timeSteps}" value="${value}" aria-valuetext="${text}"></label>`;
	return (
		`<div class="cw-fall-zoom"><svg class="cw-fall-overview" viewBox="0 0 100 40" preserveAspectRatio="none" aria-hidden="true" focusable="false">` +
		`<g>${overviewHtml(drawn, whole)}</g></svg>` +
		`<div class="cw-fall-ends cw-fig-controls" role="group" aria-label="Stretch of time that is shown">` +
		slider("from", "from", 0, formatDuration(whole.from)) +
		slider("to", "to", timeSteps, formatDuration(whole.to)) +
		`<button type="button" class="cw-small-button" data-act="all" disabled>All of the time</button></div>` +
		`<div class="cw-fall-find cw-fig-controls"><input type="search" name="words" class="cw-requests-filter" placeholder="Filter: key, cause, source …" aria-label="Filter the requests" autocomplete="off" spellcheck="false"></div>` +
		`<p class="cw-fall-shown" id="${id}-shown">${shownText(drawn, drawn.length)}</p></div>`
	);
}

/** The whole inner markup of the figure. */
export function requestWaterfallHtml(props: RequestWaterfallProps, id: string): string {
	const waterfall = waterfallOf(props);
	const line = lineNamed(props.line);
	const plan = planWaterfall(waterfall, line);
	const drawn = drawnRequests(waterfall, plan);
	const whole = { from: 0, to: Math.max(plan.milliseconds, 1) };
	const title = waterfall.title ? `<p class="cw-fig-title">${escapeHtml(waterfall.title)}</p>` : "";
	const empty =
		waterfall.requests.length === 0
			? `<p class="cw-fall-empty">Nothing was requested: read something from the store, then show its log.</p>`
			: "";
	return `<figure class="cw-fig-body">${title}
<form class="cw-fall-form cw-fig-controls">${controlsHtml(props, id)}</form>
<div class="cw-fall-compared">${comparedHtml(waterfall, plan)}</div>
${empty}${zoomHtml(drawn, whole, id)}
<div class="cw-fall-legend">${legendHtml(waterfall.requests, plan.courses !== undefined)}</div>
<div class="cw-fall-axis">${axisHtml(whole)}</div>
<div class="cw-fall-scroll" tabindex="0" role="region" aria-label="Requests, one bar each">
<ol class="cw-requests-list">${rowsHtml(drawn, whole, plan.courses !== undefined)}</ol>
<button type="button" class="cw-small-button cw-fig-controls" data-act="more"${drawn.length > rowsAtOnce ? "" : " hidden"}>Show more</button>
</div>
${twinHtml(waterfallTwin(waterfall, line), id)}</figure>`;
}
