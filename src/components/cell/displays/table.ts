/** A table whose columns can be sorted; of a long one the first rows, then all or page by page. */
import type { TableDisplay } from "../../../lib/display.ts";
import { formatCount } from "../../../lib/format.ts";
import { element } from "./element.ts";
import { type Cell, type Order, sortedRows } from "./sort.ts";

/** Rows beyond these are behind a button. */
const firstRows = 100;
/** More rows than these never stand on the page together: they are turned over. */
const mostRows = 1000;

const nextOrder: Record<Order, Order> = { none: "ascending", ascending: "descending", descending: "none" };

export function renderTable(model: TableDisplay): HTMLElement {
	const table = element("table", { class: "cw-table" });
	if (model.caption) table.append(element("caption", {}, model.caption));
	const body = element("tbody", {});
	let rows: readonly Cell[][] = model.rows;
	let shown: [from: number, to: number] = [0, firstRows];
	const fill = () => body.replaceChildren(...rows.slice(...shown).map((row) => line(row, model)));
	const headings = model.columns.map(({ name, align }, column) => {
		const heading = element("th", { scope: "col", class: alignClass(align) });
		if (model.rows.length < 2) {
			heading.append(name);
			return heading;
		}
		const button = element("button", { type: "button", class: "cw-sort" }, name);
		button.addEventListener("click", () => {
			const order = nextOrder[(heading.getAttribute("aria-sort") as Order | null) ?? "none"];
			for (const other of headings) other.removeAttribute("aria-sort");
			if (order !== "none") heading.setAttribute("aria-sort", order);
			rows = sortedRows(model.rows, column, order);
			fill();
		});
		heading.append(button);
		return heading;
	});
	table.append(element("thead", {}, element("tr", {}, ...headings)), body);
	fill();
	const label = model.caption ?? `Table of ${model.rows.length} rows`;
	const scroll = element(
		"div",
		{ class: "cw-scroll", tabindex: "0", role: "group", "aria-label": label },
		table,
	);
	const box = element("div", { class: "cw-table-box" }, scroll);
	const show = (from: number, to: number) => {
		shown = [from, to];
		fill();
	};
	if (model.rows.length > mostRows) box.append(pager(model.rows.length, show));
	else if (model.rows.length > firstRows) box.append(wholeButton(model.rows.length, show, scroll));
	return box;
}

type Show = (from: number, to: number) => void;

function wholeButton(count: number, show: Show, scroll: HTMLElement): HTMLElement {
	const more = element(
		"button",
		{ type: "button", class: "cw-small-button" },
		`Show all ${formatCount(count)} rows`,
	);
	more.addEventListener("click", () => {
		show(0, count);
		more.remove();
		scroll.focus();
	});
	return more;
}

/** Buttons that turn over, and where one is. */
function pager(count: number, show: Show): HTMLElement {
	const last = Math.floor((count - 1) / firstRows) * firstRows;
	const place = element("span", { role: "status" });
	let from = 0;
	const button = (label: string, target: () => number) => {
		const made = element("button", { type: "button", class: "cw-small-button" }, label);
		made.addEventListener("click", () => {
			// Not the property: a disabled button would lose the focus.
			if (made.getAttribute("aria-disabled") !== "true") turn(target());
		});
		return made;
	};
	const back = [button("First", () => 0), button("Previous", () => from - firstRows)];
	const on = [button("Next", () => from + firstRows), button("Last", () => last)];
	const turn = (to: number) => {
		from = to;
		const end = Math.min(count, from + firstRows);
		show(from, end);
		place.textContent = `Rows ${formatCount(from + 1)} to ${formatCount(end)} of ${formatCount(count)}`;
		for (const made of back) made.setAttribute("aria-disabled", String(from === 0));
		for (const made of on) made.setAttribute("aria-disabled", String(from === last));
	};
	turn(0);
	return element(
		"div",
		{ class: "cw-table-pager", role: "group", "aria-label": "Rows" },
		...back,
		...on,
		place,
	);
}

function line(row: readonly Cell[], { columns }: TableDisplay): HTMLElement {
	return element("tr", {}, ...row.map((value, i) => cell(value, alignClass(columns[i]?.align))));
}

function cell(value: Cell, align: string): HTMLElement {
	const text = value === null ? "" : typeof value === "number" ? numberText(value) : String(value);
	const made = element("td", { class: align }, text);
	if (value !== null && text !== String(value)) made.title = String(value);
	return made;
}

/** Six digits of a fraction: more of them hide the size of a number. All of them are in the cell's title. */
function numberText(value: number): string {
	return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}

function alignClass(align?: "left" | "right"): string {
	return align === "right" ? "cw-right" : "cw-left";
}
