/** What the estimates take for granted, to see and to change. */

import { formatEstimate } from "../../../lib/plan/storage-comparison.ts";
import type { StorageAssumptions } from "../../../lib/plan/storage-model.ts";
import { escapeHtml, typeset } from "../html.ts";

export type NumberName = "fileLatency" | "fileBandwidth" | "objectLatency" | "objectBandwidth" | "parallel";

interface Dial {
	name: NumberName;
	label: string;
	/** Values the slider goes through. */
	values: number[];
	format(value: number): string;
}

const rate = (value: number) => `${Number((value / 1e6).toPrecision(3))} MB/s`;
/** 1, 2, 5 and their tenfolds. */
const steps = (from: number, count: number) =>
	Array.from({ length: count }, (_, i) => from * [1, 2, 5][i % 3] * 10 ** Math.floor(i / 3));

export const dials: readonly Dial[] = [
	{ name: "fileLatency", label: "A call on a file takes", values: steps(1e-5, 12), format: formatEstimate },
	{ name: "fileBandwidth", label: "The disk gives", values: steps(1e7, 9), format: rate },
	{ name: "objectLatency", label: "A request takes", values: steps(1e-3, 10), format: formatEstimate },
	{
		name: "objectBandwidth",
		label: "The connection gives",
		values: [1.25e5, 6.25e5, 1.25e6, 2.5e6, 6.25e6, 1.25e7, 2.5e7, 6.25e7, 1.25e8, 1.25e9],
		format: rate,
	},
	{ name: "parallel", label: "Requests at once", values: [1, 2, 4, 6, 8, 16, 32, 64, 128], format: String },
];

/** The slider's place for a value: the nearest. */
function placeOf(dial: Dial, value: number): number {
	let best = 0;
	dial.values.forEach((v, i) => {
		if (Math.abs(Math.log(v / value)) < Math.abs(Math.log(dial.values[best] / value))) best = i;
	});
	return best;
}

export function dialsMarkup(assumptions: StorageAssumptions, id: string): string {
	const sliders = dials.map((dial) => {
		const value = assumptions[dial.name];
		return (
			`<div class="cw-fig-slider"><label for="${id}-${dial.name}">${dial.label}</label><output for="${id}-${dial.name}">${escapeHtml(typeset(dial.format(value)))}</output>` +
			`<span class="cw-fig-track"><input type="range" id="${id}-${dial.name}" data-dial="${dial.name}" min="0" max="${dial.values.length - 1}" value="${placeOf(dial, value)}" aria-valuetext="${escapeHtml(dial.format(value))}"></span></div>`
		);
	});
	return (
		`<details class="cw-fig-assumptions cw-fig-controls"><summary>Times are estimates: assumptions to change</summary><div>${sliders.join("")}</div>` +
		"<p>Numbers chosen for easy arithmetic, not measured. Each call or request costs its latency, as many at once as may be; bytes share the bandwidth. Copying within a store is counted as latency only.</p></details>"
	);
}

/** Two ways of working with a store that change what goes out. */
export function waysMarkup(assumptions: StorageAssumptions): string {
	const check = (name: "batchDelete" | "ifMatch", label: string) =>
		`<label class="cw-fig-check"><input type="checkbox" data-check="${name}"${assumptions[name] ? " checked" : ""}> <span>${label}</span></label>`;
	return `<div class="cw-fig-ways cw-fig-controls">${check("ifMatch", "Guard writes with <code>If-Match</code>")}${check("batchDelete", "Delete up to 1000 objects a request")}</div>`;
}
