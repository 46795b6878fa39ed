/** What the two sides answer, as markup: sums, steps with what went out, outcome, and the times on one axis. */
import { formatBytes } from "../../../lib/format.ts";
import { counted } from "../../../lib/plan/figure.ts";
import { describeBytes, formatDollars, formatEstimate } from "../../../lib/plan/storage-comparison.ts";
import type { SideCost } from "../../../lib/plan/storage-cost.ts";
import { type StorageSide, type StorageStep, stepBytes } from "../../../lib/plan/storage-model.ts";
import { escapeHtml, typeset } from "../html.ts";

const text = (words: string) => escapeHtml(typeset(words));

export type SideName = "files" | "objects";

export function sumsMarkup(cost: SideCost, name: SideName, datasets: number): string {
	const noun = name === "files" ? "call" : "request";
	const tried = cost.tried > 0 ? `, after ${counted(cost.tried, "try", "tries")} in vain` : "";
	return (
		`<b>${text(counted(cost.calls, noun))}</b>` +
		`<b>≈\u202f${text(formatEstimate(cost.seconds))}</b><b>${formatDollars(cost.dollars)}</b>` +
		`<span>${text(describeBytes(cost) + tried)}</span>` +
		`<span>${text(`Money for ${counted(datasets, "data set")}; to keep, ${formatDollars(cost.dollarsMonth)} a month`)}</span>`
	);
}

export function stepsMarkup(side: StorageSide, cost: SideCost, name: SideName, most: number): string {
	return side.steps
		.map((step, i) => {
			const note = step.note ? `<small>${text(step.note)}</small>` : "";
			const count = step.exchanges.length;
			return (
				`<li data-step="${i}"${step.attempt ? ' class="cw-fig-attempt"' : ""}><i class="cw-fig-dot cw-fig-mark-${step.effect}" aria-hidden="true"></i>` +
				`<span class="cw-fig-times-n">${count > 1 ? `${text(counted(count, "time").replace(/ times?$/, ""))}\u202f×` : ""}</span>` +
				`<span class="cw-fig-call">${step.attempt ? "<small>Tried in vain</small>" : ""}<code>${breakable(step.call)}</code> ${answersMarkup(step)}${note}</span>` +
				`<span class="cw-fig-cost">${text(costWords(step, cost.steps[i]))}</span>${logMarkup(step, name, most)}</li>`
			);
		})
		.join("");
}

/** The different answers of a step: a status, or what was returned where it says something. */
function answersMarkup(step: StorageStep): string {
	const said = step.exchanges.flatMap(({ status, ok, answer }) => {
		if (status !== undefined) return [ok ? String(status) : answer];
		return ok ? [] : [answer.replace(/^= -1 (\w+).*/, "$1")];
	});
	return [...new Set(said)]
		.map(
			(answer) =>
				`<em class="cw-fig-http${/^2/.test(answer) ? "" : " cw-fig-no"}">${escapeHtml(answer)}</em>`,
		)
		.join(" ");
}

/** Each call with its answer, and of requests the first as it was. */
function logMarkup(step: StorageStep, name: SideName, most: number): string {
	const { exchanges } = step;
	const [first] = exchanges;
	if (!first) return "";
	const lines = exchanges
		.slice(0, most)
		.map(
			({ call, answer, ok }) =>
				`<li><code>${breakable(call)}</code> <em class="cw-fig-http${ok ? "" : " cw-fig-no"}">${escapeHtml(answer)}</em></li>`,
		);
	if (exchanges.length > most) lines.push(`<li>and ${exchanges.length - most} more</li>`);
	const raw = first.raw ? `<pre class="cw-fig-raw">${escapeHtml(first.raw)}</pre>` : "";
	const what =
		name === "files"
			? counted(exchanges.length, "call and its answer", "calls and answers")
			: counted(exchanges.length, "request and its answer", "requests and answers");
	const list =
		exchanges.length > 1 || !first.raw
			? `<ol tabindex="0" aria-label="${text(what)}">${lines.join("")}</ol>`
			: "";
	return `<details class="cw-fig-log"><summary>${text(what)}</summary>${raw}${list}</details>`;
}

/** A call may be broken after a slash. */
function breakable(call: string): string {
	return call
		.split(/(?<=[/&])(?=\w)/)
		.map(escapeHtml)
		.join("<wbr>");
}

function costWords(step: StorageStep, { seconds }: { seconds: number }): string {
	const { bytesDown, bytesUp, bytesInside } = stepBytes(step);
	const bytes = bytesDown + bytesUp + bytesInside;
	return `${bytes > 0 ? `${formatBytes(bytes)}, ` : ""}${formatEstimate(seconds)}`;
}

export function outcomeMarkup(side: StorageSide): string {
	const refused = side.refused ? `<p class="cw-fig-refused"><b>Refused</b> ${text(side.refused)}</p>` : "";
	return `${refused}<p>${text(side.outcome)}</p>`;
}

/** What is known of the file or object besides its bytes. */
export function aboutMarkup(about: StorageSide["about"], key: string, name: SideName): string {
	const rows = about.map(
		([term, value]) => `<div><dt>${escapeHtml(term)}</dt><dd>${escapeHtml(typeset(value))}</dd></div>`,
	);
	const call = name === "files" ? "stat" : "HEAD";
	if (rows.length === 0) return `<p>${call} <code>${breakable(key)}</code>: not there.</p>`;
	return `<p>${call} <code>${breakable(key)}</code></p><dl>${rows.join("")}</dl>`;
}

/** Where a time stands, in per cent: from 10 µs to 1000 s, each decade as wide as the next. */
export function timeScale(seconds: number): number {
	return Math.min(100, Math.max(0, ((Math.log10(seconds) + 5) / 8) * 100));
}

const decades: [seconds: number, label: string][] = [
	[1e-4, "0.1 ms"],
	[1e-3, "1 ms"],
	[1e-2, "10 ms"],
	[1e-1, "0.1 s"],
	[1, "1 s"],
	[10, "10 s"],
	[100, "100 s"],
];

export function timesMarkup(costs: Record<SideName, SideCost>): string {
	const at = (seconds: number) => `left:${timeScale(seconds).toFixed(2)}%`;
	const ticks = decades.map(
		([seconds, label]) =>
			`<i style="${at(seconds)}"><span class="cw-fig-decade">${typeset(label)}</span></i>`,
	);
	const mark = (name: SideName) => {
		const place = timeScale(costs[name].seconds);
		const edge = place < 8 ? " cw-fig-at-start" : place > 92 ? " cw-fig-at-end" : "";
		return `<b class="cw-fig-time-${name}${edge}" style="${at(costs[name].seconds)}"><span class="cw-fig-duration">${name} ${text(formatEstimate(costs[name].seconds))}</span></b>`;
	};
	const [low, high] = [costs.files.seconds, costs.objects.seconds].sort((a, b) => a - b).map(timeScale);
	const span = `<u style="left:${low.toFixed(2)}%;width:${(high - low).toFixed(2)}%"></u>`;
	return `<div class="cw-fig-axis" aria-hidden="true">${ticks.join("")}${span}${mark("files")}${mark("objects")}</div>`;
}
