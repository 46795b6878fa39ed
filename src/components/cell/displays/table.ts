/** A table whose columns can be sorted; of a long one the first rows, then all. */
import type { TableDisplay } from "../../../lib/display.ts";
import { formatCount } from "../../../lib/format.ts";
import { element } from "./element.ts";
import { type Cell, type Order, sortedRows } from "./sort.ts";

/** Rows beyond these are behind a button. */
const firstRows = 100;

const nextOrder: Record<Order, Order> = { none: "ascending", ascending: "descending", descending: "none" };

export function renderTable(model: TableDisplay): HTMLElement {
	const table = element("table", { class: "cw-table" });
	if (model.caption) table.append(element("caption", {}, model.caption));
	const body = element("tbody", {});
	let rows: readonly Cell[][] = model.rows;
	let isWhole = rows.length <= firstRows;
	const fill = () =>
		body.replaceChildren(...(isWhole ? rows : rows.slice(0, firstRows)).map((row) => line(row, model)));
	const head = element("tr", {});
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
	head.append(...headings);
	table.append(element("thead", {}, head), body);
	fill();
	const label = model.caption ?? `Table of ${model.rows.length} rows`;
	const box = element(
		"div",
		{ class: "cw-scroll cw-table-box", tabindex: "0", role: "group", "aria-label": label },
		table,
	);
	if (!isWhole) {
		const more = element(
			"button",
			{ type: "button", class: "cw-small-button" },
			`Show all ${formatCount(model.rows.length)} rows`,
		);
		more.addEventListener("click", () => {
			isWhole = true;
			fill();
			more.remove();
			box.focus();
		});
		box.append(more);
	}
	return box;
}

function line(row: readonly Cell[], { columns }: TableDisplay): HTMLElement {
	return element(
		"tr",
		{},
		...row.map((value, i) =>
			element("td", { class: alignClass(columns[i]?.align) }, value === null ? "" : String(value)),
		),
	);
}

function alignClass(align?: "left" | "right"): string {
	return align === "right" ? "cw-right" : "cw-left";
}
