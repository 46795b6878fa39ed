import type { HistogramDisplay, ReprDisplay } from "../../../lib/display.ts";
import { element } from "./element.ts";
import { renderTree } from "./json.ts";

/** How the values are spread; drawn when it is opened. */
function histogramOf(model: HistogramDisplay): HTMLElement {
	const host = element("div", { class: "cw-chart" });
	const details = element("details", {}, element("summary", {}, "Histogram"), host);
	const draw = async () => (await import("./chart.ts")).drawChart(host, model);
	details.addEventListener(
		"toggle",
		() => void draw().catch((error) => host.replaceChildren(`It could not be drawn: ${error.message}`)),
		{ once: true },
	);
	return details;
}

function tableOf(rows: readonly string[][], title: string): HTMLElement {
	const table = element("table", {});
	for (const [first, ...rest] of rows) {
		const line = element("tr", {}, element("th", { scope: "row" }, first));
		for (const cell of rest) line.append(element("td", {}, cell));
		table.append(line);
	}
	return element("div", { class: "cw-scroll", tabindex: "0", role: "group", "aria-label": title }, table);
}

/** A foldable summary in xarray's manner. */
export function renderRepr(model: ReprDisplay): HTMLElement {
	const box = element("div", { class: "cw-repr" }, element("p", { class: "cw-repr-title" }, model.title));
	if (model.values) box.append(element("pre", { class: "cw-repr-values", tabindex: "0" }, model.values));
	for (const { title, rows, tree, open } of model.sections) {
		const details = element("details", open === false ? {} : { open: "" });
		details.append(
			element("summary", {}, `${title} `, element("span", { class: "cw-count" }, String(rows.length))),
		);
		details.append(tree ? renderTree(tree, title) : tableOf(rows, title));
		box.append(details);
	}
	if (model.histogram) box.append(histogramOf(model.histogram));
	return box;
}
