import type { TableDisplay } from "../../../lib/display.ts";
import { element } from "./element.ts";

/** Rows beyond these are behind a button. */
const firstRows = 100;

export function renderTable(model: TableDisplay): HTMLElement {
	const table = element("table", { class: "cw-table" });
	if (model.caption) table.append(element("caption", {}, model.caption));
	const head = element("tr", {});
	for (const { name, align } of model.columns)
		head.append(element("th", { scope: "col", class: alignClass(align) }, name));
	table.append(element("thead", {}, head));
	const body = element("tbody", {});
	const addRows = (from: number, to: number) => {
		for (const row of model.rows.slice(from, to)) {
			const line = element("tr", {});
			row.forEach((value, i) => {
				line.append(
					element("td", { class: alignClass(model.columns[i]?.align) }, value === null ? "" : String(value)),
				);
			});
			body.append(line);
		}
	};
	addRows(0, firstRows);
	table.append(body);
	const label = model.caption ?? `Table of ${model.rows.length} rows`;
	const box = element(
		"div",
		{ class: "cw-scroll cw-table-box", tabindex: "0", role: "group", "aria-label": label },
		table,
	);
	if (model.rows.length > firstRows) {
		const more = element(
			"button",
			{ type: "button", class: "cw-small-button" },
			`Show all ${model.rows.length} rows`,
		);
		more.addEventListener("click", () => {
			addRows(firstRows, model.rows.length);
			more.remove();
		});
		box.append(more);
	}
	return box;
}

function alignClass(align?: "left" | "right"): string {
	return align === "right" ? "cw-right" : "cw-left";
}
