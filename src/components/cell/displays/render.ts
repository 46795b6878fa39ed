/** A display model as an element. What is large to draw is loaded when the first such display comes. */
import type {
	DisplayModel,
	FigureDisplay,
	HistogramDisplay,
	LineDisplay,
	MarkupDisplay,
	PictureDisplay,
} from "../../../lib/display.ts";
import { renderBytes } from "./bytes.ts";
import { element } from "./element.ts";
import { inertProps } from "./figure-props.ts";
import { renderJson } from "./json.ts";
import { renderRepr } from "./repr.ts";
import { renderTable } from "./table.ts";
import { renderText } from "./text.ts";

/** Never throws: a display that is not what it says it is becomes a sentence, and the others stand. */
export function render(model: DisplayModel): HTMLElement {
	try {
		return elementOf(model);
	} catch (error) {
		return failed(error);
	}
}

function elementOf(model: DisplayModel): HTMLElement {
	switch (model.kind) {
		case "text":
			return renderText(model);
		case "repr":
			return renderRepr(model);
		case "table":
			return renderTable(model);
		case "json":
			return renderJson(model);
		case "bytes":
			return renderBytes(model);
		case "plot":
		case "histogram":
			return later("cw-chart", model, async (host, chart: LineDisplay | HistogramDisplay) =>
				(await import("./chart.ts")).drawChart(host, chart),
			);
		case "picture":
			return later("cw-picture", model, async (host, picture: PictureDisplay) =>
				(await import("./picture.ts")).drawPicture(host, picture),
			);
		case "markup":
			return later("cw-markup", model, async (host, drawing: MarkupDisplay) =>
				(await import("./markup.ts")).showMarkup(host, drawing),
			);
		case "figure":
			return later("cw-figure-host", model, async (host, { figure, props, source }: FigureDisplay) => {
				const { mountFigure } = await import("../../figures/mount.ts");
				await mountFigure(host, figure, { ...inertProps(props), ...(source ? { kernel: source } : {}) });
			});
		default:
			throw new Error(`nothing is known of the kind “${(model as { kind?: unknown })?.kind}”`);
	}
}

/** An element that fills itself; if that fails it says so instead of staying blank. */
function later<M>(name: string, model: M, fill: (host: HTMLElement, model: M) => Promise<void>): HTMLElement {
	const host = element("div", { class: name });
	fill(host, model).catch((error) => host.replaceChildren(failed(error)));
	return host;
}

function failed(error: unknown): HTMLElement {
	return element("p", { class: "cw-notice" }, `This output could not be drawn: ${(error as Error).message}`);
}
