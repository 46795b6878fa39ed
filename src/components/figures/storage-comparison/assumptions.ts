/** What times and money are computed from, to see and to change, and where it is from. */
import { formatCount } from "../../../lib/format.ts";
import { formatEstimate } from "../../../lib/plan/storage-comparison.ts";
import { assumptionSources, type StorageAssumptions } from "../../../lib/plan/storage-model.ts";
import { escapeHtml, typeset } from "../html.ts";

export type NumberName =
	| "fileLatency"
	| "fileBandwidth"
	| "objectLatency"
	| "objectBandwidth"
	| "parallel"
	| "datasets";

/** Prices, in dollars. */
export type PriceName = "volumeMonth" | "objectMonth" | "writeRequests" | "readRequests" | "egress";

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
	{
		name: "fileBandwidth",
		label: "The disk gives",
		values: [10, 25, 50, 125, 250, 500, 1000, 2500, 5000].map((mebibytes) => mebibytes * 2 ** 20),
		format: (value) => `${Number((value / 2 ** 20).toPrecision(3))} MiB/s`,
	},
	{ name: "objectLatency", label: "A request takes", values: steps(1e-3, 10), format: formatEstimate },
	{
		name: "objectBandwidth",
		label: "The connection gives",
		values: [1.25e5, 6.25e5, 1.25e6, 2.5e6, 6.25e6, 1.25e7, 2.5e7, 6.25e7, 1.25e8, 1.25e9],
		format: rate,
	},
	{ name: "parallel", label: "Requests at once", values: [1, 2, 4, 6, 8, 16, 32, 64, 128], format: String },
	{
		name: "datasets",
		label: "Money is for data sets",
		values: [1, 10, 100, 1000, 10_000, 100_000, 1e6],
		format: formatCount,
	},
];

/** Prices with what each is for. */
export const prices: readonly { name: PriceName; label: string }[] = [
	{ name: "volumeMonth", label: "1 GB of volume a month" },
	{ name: "objectMonth", label: "1 GB of objects a month" },
	{ name: "writeRequests", label: "1000 PUT, COPY, POST, LIST" },
	{ name: "readRequests", label: "1000 GET, HEAD" },
	{ name: "egress", label: "1 GB out to the internet" },
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
	const fields = prices.map(
		({ name, label }) =>
			`<label class="cw-fig-price">${label}<span>$\u202f<input type="number" min="0" step="any" inputmode="decimal" data-price="${name}" value="${assumptions[name]}"></span></label>`,
	);
	const sources = assumptionSources.map(
		({ about, source, date }) =>
			`<li><b>${escapeHtml(typeset(about))}</b>: ${escapeHtml(source)}; ${date}.</li>`,
	);
	return (
		`<details class="cw-fig-assumptions"><summary>What times and money are computed from</summary>` +
		`<div class="cw-fig-controls">${sliders.join("")}</div><div class="cw-fig-controls">${fields.join("")}</div>` +
		"<p>Nothing is measured here. Each call or request costs its latency, as many at once as may be; bytes share the bandwidth. Copying within a store is counted as latency only. A GB is 1024³ bytes. DELETE is free, DeleteObjects counted as a POST. Look up today’s prices before you plan with them.</p>" +
		`<ul>${sources.join("")}</ul></details>`
	);
}

/** Two ways of working with a store that change what goes out. */
export function waysMarkup(assumptions: StorageAssumptions): string {
	const check = (name: "batchDelete" | "ifMatch", label: string) =>
		`<label class="cw-fig-check"><input type="checkbox" data-check="${name}"${assumptions[name] ? " checked" : ""}> <span>${label}</span></label>`;
	return `<div class="cw-fig-ways cw-fig-controls"><button type="button" class="cw-fig-again" data-act="start" data-value="start-over">Start over</button>${check("ifMatch", "Guard writes with <code>If-Match</code>")}${check("batchDelete", "Delete up to 1000 objects a request")}</div>`;
}

/** Takes over what one control of the reader says. Tells whether it is a control of these. */
export function turned(input: HTMLInputElement, assumptions: StorageAssumptions): boolean {
	const dial = dials.find(({ name }) => name === input.dataset.dial);
	const price = prices.find(({ name }) => name === input.dataset.price);
	const { check } = input.dataset;
	if (check === "ifMatch" || check === "batchDelete") assumptions[check] = input.checked;
	else if (price) {
		const dollars = input.valueAsNumber;
		if (!Number.isFinite(dollars) || dollars < 0) return false;
		assumptions[price.name] = dollars;
	} else if (dial) {
		const value = dial.values[Number(input.value)];
		assumptions[dial.name] = value;
		input.setAttribute("aria-valuetext", dial.format(value));
		const output = input.closest(".cw-fig-slider")?.querySelector("output");
		if (output) output.textContent = typeset(dial.format(value));
	} else return false;
	return true;
}

/** Takes over what was turned before there was a script; sliders stand between the values that they can show. */
export function readAssumptions(form: HTMLFormElement, assumptions: StorageAssumptions): void {
	for (const input of form.querySelectorAll("input")) {
		if (input.value !== input.defaultValue || input.checked !== input.defaultChecked)
			turned(input, assumptions);
	}
}
