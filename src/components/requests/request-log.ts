/** A run's requests under its cell: one line, which unfolds to a waterfall or a table. */

import type { StoreRequest } from "../../kernel/worker/requests.ts";
import { formatBytes, formatCount, formatDuration } from "../../lib/format.ts";
import { element } from "../cell/displays/element.ts";
import { renderTable } from "../cell/displays/table.ts";
import {
	lineOf,
	lookOf,
	looks,
	matching,
	type RunRequests,
	rangeText,
	sourceOf,
	spanOf,
	totalOf,
	verbOf,
} from "./sums.ts";
import "./requests.css";

/** Rows drawn at a time. */
const rowsAtOnce = 200;
const quarters = [0, 0.25, 0.5, 0.75, 1];

type Way = "waterfall" | "table";

export class RequestLogView {
	readonly #root: HTMLDetailsElement;
	readonly #line = new Text();
	readonly #body = element("div", { class: "cw-requests-body" });
	readonly #title: string;
	#run: RunRequests = { requests: [], rest: { requests: 0, read: 0, written: 0 } };
	#filter?: HTMLInputElement;
	#total?: HTMLElement;
	#rows?: HTMLElement;
	#way: Way = "waterfall";
	#shown = rowsAtOnce;
	#drawing = 0;

	constructor(cell: HTMLElement, title: string) {
		this.#title = title;
		this.#root = element(
			"details",
			{ class: "cw-requests", "data-part": "requests" },
			element("summary", {}, element("span", { class: "cw-requests-name" }, "Requests"), " ", this.#line),
			this.#body,
		);
		this.#root.addEventListener("toggle", () => {
			if (this.#root.open) this.#draw();
		});
		cell.querySelector("[data-part=output]")?.after(this.#root);
	}

	show(run: RunRequests): void {
		this.#run = run;
		this.#line.data = lineOf(run);
		this.#root.hidden = false;
		if (!this.#root.open || this.#drawing) return;
		this.#drawing = requestAnimationFrame(() => this.#draw());
	}

	clear(): void {
		cancelAnimationFrame(this.#drawing);
		this.#drawing = 0;
		this.#run = { requests: [], rest: { requests: 0, read: 0, written: 0 } };
		this.#shown = rowsAtOnce;
		this.#root.hidden = true;
		this.#rows?.replaceChildren();
	}

	#draw(): void {
		this.#drawing = 0;
		if (!this.#rows) this.#frame();
		const all = [...this.#run.requests].sort((a, b) => (a.started ?? 0) - (b.started ?? 0));
		const found = matching(all, this.#filter?.value ?? "");
		if (this.#total) this.#total.textContent = totalOf(found, all.length);
		const shown = this.#way === "table" ? tableOf(found, this.#title) : this.#waterfall(found);
		this.#rows?.replaceChildren(shown);
	}

	/** Filter, the choice between the two ways, and what colours mean. */
	#frame(): void {
		const filter = element("input", {
			type: "search",
			class: "cw-requests-filter",
			placeholder: "Filter: key, cause, source …",
			"aria-label": `Filter the requests of “${this.#title}”`,
			autocomplete: "off",
			spellcheck: "false",
		});
		filter.addEventListener("input", () => {
			this.#shown = rowsAtOnce;
			this.#draw();
		});
		const ways = (["waterfall", "table"] as const).map((way) => {
			const button = element(
				"button",
				{ type: "button", class: "cw-small-button", "aria-pressed": String(way === this.#way) },
				way === "table" ? "Table" : "Waterfall",
			);
			button.addEventListener("click", () => {
				this.#way = way;
				for (const other of ways) other.setAttribute("aria-pressed", String(other === button));
				this.#draw();
			});
			return button;
		});
		this.#filter = filter;
		this.#total = element("p", { class: "cw-requests-total", role: "status" });
		this.#rows = element("div", { class: "cw-requests-rows" });
		const tools = element(
			"div",
			{ class: "cw-requests-tools" },
			filter,
			element("div", { class: "cw-requests-ways", role: "group", "aria-label": "Show as" }, ...ways),
		);
		this.#body.replaceChildren(tools, this.#total, this.#rows);
	}

	#waterfall(requests: readonly StoreRequest[]): Node {
		const made = document.createDocumentFragment();
		if (requests.length === 0) {
			made.append(element("p", { class: "cw-notice" }, "No request has these words."));
			return made;
		}
		const { from, to } = spanOf(requests);
		const length = Math.max(to - from, 1);
		made.append(legendOf(requests), axisOf(from, length));
		const list = element("ol", { class: "cw-requests-list", "aria-label": `Requests of “${this.#title}”` });
		for (const request of requests.slice(0, this.#shown)) list.append(rowOf(request, from, length));
		made.append(list);
		const left = requests.length - this.#shown;
		if (left > 0) {
			const more = element(
				"button",
				{ type: "button", class: "cw-small-button" },
				`Show ${formatCount(Math.min(left, rowsAtOnce))} more of ${formatCount(left)}`,
			);
			more.addEventListener("click", () => {
				const next = list.children.length;
				this.#shown += rowsAtOnce;
				this.#draw();
				const row = this.#rows?.querySelectorAll<HTMLElement>(".cw-request")[next];
				row?.setAttribute("tabindex", "-1");
				row?.focus();
			});
			made.append(more);
		}
		if (this.#run.rest.requests > 0) made.append(restOf(this.#run));
		return made;
	}
}

function rowOf(request: StoreRequest, from: number, length: number): HTMLElement {
	const { started = 0, milliseconds = 0, key, bytes } = request;
	const look = lookOf(request);
	const bar = element("span", { class: "cw-request-bar", "data-look": look });
	bar.style.setProperty("--start", `${(100 * (started - from)) / length}%`);
	bar.style.setProperty("--length", `${(100 * milliseconds) / length}%`);
	return element(
		"li",
		{ class: "cw-request" },
		element(
			"div",
			{ class: "cw-request-what" },
			element(
				"span",
				{ class: "cw-request-key", title: request.url ?? `${request.store}: ${key}` },
				key || "(all)",
			),
			element("span", { class: "cw-request-bytes" }, bytes > 0 ? formatBytes(bytes) : "–"),
			element("span", { class: "cw-request-more" }, wordsOf(request)),
		),
		element("div", { class: "cw-request-track", "aria-hidden": "true" }, bar),
	);
}

/** `read a part, bytes 0–99, from network, 206, chunk 0/1, 12 ms`. */
function wordsOf(request: StoreRequest): string {
	const { status, cause, attempt = 1, serves = 1, milliseconds = 0, error } = request;
	const isWrite = request.op === "set" || request.op === "delete";
	const words = [
		verbOf(request),
		rangeText(request),
		`${isWrite ? "to" : "from"} ${sourceOf(request)}`,
		lookOf(request) === "absent" ? "not there" : "",
		status === "ok" || status === "absent" ? "" : String(status),
		cause ?? "",
		serves > 1 ? `answers ${serves} calls` : "",
		attempt > 1 ? `try ${attempt}` : "",
		milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : formatDuration(milliseconds),
		error ?? "",
	];
	return words.filter(Boolean).join(" · ");
}

function legendOf(requests: readonly StoreRequest[]): HTMLElement {
	const present = new Set(requests.map(lookOf));
	const items = Object.entries(looks)
		.filter(([look]) => present.has(look as keyof typeof looks))
		.map(([look, name]) =>
			element(
				"li",
				{},
				element("span", { class: "cw-request-bar", "data-look": look, "aria-hidden": "true" }),
				name,
			),
		);
	return element("ul", { class: "cw-requests-legend", "aria-label": "Colours of the bars" }, ...items);
}

function axisOf(from: number, length: number): HTMLElement {
	const ticks = quarters.map((share) => element("span", {}, formatDuration(from + share * length)));
	return element("div", { class: "cw-requests-axis", "aria-hidden": "true" }, ...ticks);
}

function restOf({ requests, rest }: RunRequests): HTMLElement {
	return element(
		"p",
		{ class: "cw-notice" },
		`The first ${formatCount(requests.length)} requests are kept. ${formatCount(rest.requests)} more read ${formatBytes(rest.read)} and wrote ${formatBytes(rest.written)}.`,
	);
}

function tableOf(requests: readonly StoreRequest[], title: string): HTMLElement {
	return renderTable({
		kind: "table",
		caption: `Requests of “${title}”`,
		columns: [
			{ name: "start, ms", align: "right" },
			{ name: "key" },
			{ name: "bytes", align: "right" },
			{ name: "operation" },
			{ name: "range" },
			{ name: "source" },
			{ name: "status" },
			{ name: "cause" },
			{ name: "time, ms", align: "right" },
			{ name: "store" },
		],
		rows: requests.map((request) => [
			tenths(request.started),
			request.key,
			request.bytes,
			verbOf(request),
			rangeText(request),
			sourceOf(request),
			String(request.status ?? ""),
			request.cause ?? "",
			tenths(request.milliseconds),
			request.store,
		]),
	});
}

function tenths(milliseconds = 0): number {
	return Math.round(milliseconds * 10) / 10;
}
