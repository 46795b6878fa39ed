/** A run's requests under its cell: one line, which unfolds to a waterfall or a table. */

import type { StoreRequest } from "../../kernel/worker/requests.ts";
import { formatBytes, formatCount } from "../../lib/format.ts";
import { matching, rangeText, sourceOf, spanOf, totalOf, verbOf } from "../../lib/plan/requests.ts";
import { element } from "../cell/displays/element.ts";
import { renderTable } from "../cell/displays/table.ts";
import { lineOf, type RunRequests } from "./sums.ts";
import { axisHtml, legendHtml, rowHtml } from "./waterfall.ts";
import "./requests.css";

/** Rows drawn at a time. */
const rowsAtOnce = 200;

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
		const window = { from, to: Math.max(to, from + 1) };
		const list = element("ol", { class: "cw-requests-list", "aria-label": `Requests of “${this.#title}”` });
		list.innerHTML = requests
			.slice(0, this.#shown)
			.map((request) => rowHtml(request, window))
			.join("");
		const head = element("template", {});
		head.innerHTML = legendHtml(requests) + axisHtml(window);
		made.append(head.content, list);
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
