/** The request waterfall in words: what was asked for, what it came to, and what it would take over other lines. */
import { formatBytes, formatDuration } from "../format.ts";
import { counted, formatFactor, formatShare, type TextTwin } from "./figure.ts";
import { type NetworkLine, networkLines } from "./lines.ts";
import { planWaterfall, type Waterfall, type WaterfallPlan } from "./request-waterfall.ts";
import { type Look, lookOf } from "./requests.ts";

const sources: [Look, string][] = [
	["network", "over the network"],
	["memory", "in memory"],
	["disk", "in this browser’s or computer’s files"],
	["cache", "answered by a cache"],
	["absent", "for a key that is not there"],
	["failed", "failed"],
];

/** What was asked for and moved, whatever the line. */
export function describeRequests(waterfall: Waterfall): string {
	const { requests, whole, sampleDate } = waterfall;
	const { moved } = planWaterfall(waterfall);
	const counts = sources.flatMap(([look, words]) => {
		const count = requests.filter((request) => lookOf(request) === look).length;
		return count > 0 ? [`${count} ${words}`] : [];
	});
	const of = whole
		? `, ${formatShare(moved, whole.bytes)} of ${whole.name} (${formatBytes(whole.bytes)})`
		: "";
	const origin = sampleDate
		? ` Recorded on ${sampleDate} over HTTP on one computer, from the course’s synthetic image.`
		: "";
	return `${counted(requests.length, "request")}: ${counts.join(", ")}. ${formatBytes(moved)} moved${of}.${origin}`;
}

/** How long it took, or would take. */
export function describeReplay(waterfall: Waterfall, plan: WaterfallPlan, line?: NetworkLine): string {
	const { whole } = waterfall;
	if (!line) {
		return `As recorded: ${formatDuration(plan.milliseconds)} from the first request to the end of the last.`;
	}
	const time = plan.wholeMilliseconds;
	const other =
		whole && time !== undefined
			? ` ${capital(whole.name)} in one request would take ${formatDuration(time)}, ${comparedTo(time, plan.milliseconds)}.`
			: "";
	return `Computed, not measured, for ${line.label}, ${counted(line.atOnce, "request")} at once: ${formatDuration(plan.milliseconds)}.${other}`;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function comparedTo(time: number, other: number): string {
	if (other === 0) return "and these nothing";
	return time >= other ? `${formatFactor(time / other)} as long` : `${formatShare(time, other)} of that`;
}

/** The waterfall in words and a table of lines; `line` is the one that is chosen. */
export function waterfallTwin(waterfall: Waterfall, line?: NetworkLine): TextTwin {
	const known = line && !networkLines.some(({ name }) => name === line.name) ? [line] : [];
	const row = (label: string, plan: WaterfallPlan) => [
		label,
		formatDuration(plan.milliseconds),
		...(waterfall.whole
			? [plan.wholeMilliseconds === undefined ? "–" : formatDuration(plan.wholeMilliseconds)]
			: []),
	];
	return {
		summary: describeRequests(waterfall),
		status: describeReplay(waterfall, planWaterfall(waterfall, line), line),
		caption: "The same requests over other lines: computed, but for the first row",
		columns: [
			{ name: "Line" },
			{ name: "These requests", align: "right" },
			...(waterfall.whole ? [{ name: "The whole in one", align: "right" as const }] : []),
		],
		rows: [
			row("as recorded", planWaterfall(waterfall)),
			...[...networkLines, ...known].map((other) => row(other.label, planWaterfall(waterfall, other))),
		],
	};
}
