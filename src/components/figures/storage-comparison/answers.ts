/** What the two sides answer, as markup: sums, steps, outcome, and the times on one axis. */
import { formatBytes } from "../../../lib/format.ts";
import { counted } from "../../../lib/plan/figure.ts";
import { describeBytes, formatEstimate } from "../../../lib/plan/storage-comparison.ts";
import type { StoragePlan, StorageSide, StorageStep } from "../../../lib/plan/storage-model.ts";
import { escapeHtml, typeset } from "../html.ts";

const text = (words: string) => escapeHtml(typeset(words));

export function sumsMarkup(side: StorageSide, name: "files" | "objects"): string {
	return (
		`<b>${text(counted(side.calls, name === "files" ? "call" : "request"))}</b>` +
		`<b>≈\u2009${text(formatEstimate(side.seconds))}</b><span>${text(describeBytes(side))}</span>`
	);
}

export function stepsMarkup(side: StorageSide): string {
	return side.steps
		.map((step, i) => {
			const status = step.status ? `<em class="cw-fig-http">${step.status}</em>` : "";
			const note = step.note ? `<small>${text(step.note)}</small>` : "";
			return (
				`<li data-step="${i}" tabindex="0"><i class="cw-fig-dot cw-fig-mark-${step.effect}" aria-hidden="true"></i>` +
				`<span class="cw-fig-times-n">${step.times > 1 ? `${text(counted(step.times, "time").replace(/ times?$/, ""))}\u2009×` : ""}</span>` +
				`<span class="cw-fig-call"><code>${breakable(step.call)}</code> ${status}${note}</span>` +
				`<span class="cw-fig-cost">${text(cost(step))}</span></li>`
			);
		})
		.join("");
}

/** A call may be broken after a slash. */
function breakable(call: string): string {
	return call
		.split(/(?<=[/&])(?=\w)/)
		.map(escapeHtml)
		.join("<wbr>");
}

function cost(step: StorageStep & { seconds: number }): string {
	const bytes = step.bytesDown + step.bytesUp + step.bytesInside;
	return `${bytes > 0 ? `${formatBytes(bytes)}, ` : ""}${formatEstimate(step.seconds)}`;
}

export function outcomeMarkup(side: StorageSide): string {
	const refused = side.refused ? `<p class="cw-fig-refused"><b>Refused</b> ${text(side.refused)}</p>` : "";
	return `${refused}<p>${text(side.outcome)}</p>`;
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

export function timesMarkup(plan: StoragePlan): string {
	const at = (seconds: number) => `left:${timeScale(seconds).toFixed(2)}%`;
	const ticks = decades.map(
		([seconds, label]) =>
			`<i style="${at(seconds)}"><span class="cw-fig-decade">${typeset(label)}</span></i>`,
	);
	const mark = (name: "files" | "objects", side: StorageSide) =>
		`<b class="cw-fig-time-${name}" style="${at(side.seconds)}"><span class="cw-fig-duration">${name} ${text(formatEstimate(side.seconds))}</span></b>`;
	const [low, high] = [plan.files.seconds, plan.objects.seconds]
		.sort((a, b) => a - b)
		.map((s) => timeScale(s));
	const span = `<u style="left:${low.toFixed(2)}%;width:${(high - low).toFixed(2)}%"></u>`;
	return `<div class="cw-fig-axis" aria-hidden="true">${ticks.join("")}${span}${mark("files", plan.files)}${mark("objects", plan.objects)}</div>`;
}
