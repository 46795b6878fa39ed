/** A waterfall of requests as markup: the same rows under a cell and in the figure of that name. */
import { formatBytes, formatDuration } from "../../lib/format.ts";
import {
	type Look,
	lookOf,
	looks,
	type RecordedRequest,
	rangeText,
	sourceOf,
	verbOf,
} from "../../lib/plan/requests.ts";
import { escapeHtml } from "../figures/html.ts";

/** A stretch of time in milliseconds: what the whole width stands for. */
export interface TimeWindow {
	from: number;
	to: number;
}

/** When a request was asked for, went out, had its first byte and ended, in milliseconds, where that was computed. */
export interface Course {
	asked: number;
	sent: number;
	first: number;
	ended: number;
}

const quarters = [0, 0.25, 0.5, 0.75, 1];

/** A row: key and bytes, what is known besides, and the bar in its track. */
export function rowHtml(request: RecordedRequest, window: TimeWindow, course?: Course): string {
	const { key, bytes, store = "", url } = request;
	return (
		`<li class="cw-request"><div class="cw-request-what">` +
		`<span class="cw-request-key" title="${escapeHtml(url ?? (store ? `${store}: ${key}` : key))}">${escapeHtml(key || "(all)")}</span>` +
		`<span class="cw-request-bytes">${bytes > 0 ? formatBytes(bytes) : "–"}</span>` +
		`<span class="cw-request-more">${escapeHtml(wordsOf(request, course))}</span></div>` +
		`<div class="cw-request-track" aria-hidden="true">${barsHtml(request, window, course)}</div></li>`
	);
}

/** The bar, and before it what was waited for where that was computed. */
export function barsHtml(request: RecordedRequest, window: TimeWindow, course?: Course): string {
	const { started = 0, milliseconds = 0 } = request;
	const { asked, sent, first, ended } = course ?? {
		asked: started,
		sent: started,
		first: started,
		ended: started + milliseconds,
	};
	const wait = (name: string, from: number, to: number) =>
		to > from
			? `<span class="cw-request-wait" data-wait="${name}" style="${placeOf(from, to, window)}"></span>`
			: "";
	return (
		wait("turn", asked, sent) +
		wait("answer", sent, first) +
		`<span class="cw-request-bar" data-look="${lookOf(request)}" style="${placeOf(first, ended, window)}"></span>`
	);
}

/** Start and length in per cent of the window; what lies outside is cut off. */
function placeOf(from: number, to: number, window: TimeWindow): string {
	const length = Math.max(window.to - window.from, Number.MIN_VALUE);
	const share = (at: number) => Math.min(1, Math.max(0, (at - window.from) / length));
	const start = share(from);
	return `--start:${percent(start)};--length:${percent(share(to) - start)}`;
}

const percent = (share: number) => `${Number((100 * share).toFixed(3))}%`;

/** `read a part · bytes 0–99 · from network · 206 · chunk 0/1 · 12 ms`. */
export function wordsOf(request: RecordedRequest, course?: Course): string {
	const { op, status, cause, attempt = 1, serves = 1, milliseconds = 0, error } = request;
	const isWrite = op === "set" || op === "delete";
	const words = [
		verbOf(request),
		rangeText(request),
		`${isWrite ? "to" : "from"} ${sourceOf(request)}`,
		lookOf(request) === "absent" ? "not there" : "",
		status === undefined || status === "ok" || status === "absent" ? "" : String(status),
		cause ?? "",
		serves > 1 ? `answers ${serves} calls` : "",
		attempt > 1 ? `try ${attempt}` : "",
		course ? `computed: ${exact(course.ended - course.asked)}` : exact(milliseconds),
		error ?? "",
	];
	return words.filter(Boolean).join(" · ");
}

function exact(milliseconds: number): string {
	return milliseconds >= 1 && milliseconds < 10
		? `${milliseconds.toFixed(1)} ms`
		: formatDuration(milliseconds);
}

/** What the bars' colours and patterns stand for, of those that are there; `waits` names what was waited for. */
export function legendHtml(requests: readonly RecordedRequest[], waits = false): string {
	const present = new Set(requests.map(lookOf));
	const names = (Object.keys(looks) as Look[]).filter((look) => present.has(look));
	const items = names.map(
		(look) =>
			`<li><span class="cw-request-bar" data-look="${look}" aria-hidden="true"></span>${escapeHtml(looks[look])}</li>`,
	);
	const waiting = [
		["turn", "waits for its turn"],
		["answer", "waits for the first byte"],
	].map(
		([name, words]) =>
			`<li><span class="cw-request-wait" data-wait="${name}" aria-hidden="true"></span>${words}</li>`,
	);
	return `<ul class="cw-requests-legend" aria-label="Colours of the bars">${items.join("")}${waits ? waiting.join("") : ""}</ul>`;
}

/** Times at the quarters of the window. */
export function axisHtml({ from, to }: TimeWindow): string {
	const ticks = quarters.map((share) => `<span>${formatDuration(from + share * (to - from))}</span>`);
	return `<div class="cw-requests-axis" aria-hidden="true">${ticks.join("")}</div>`;
}
