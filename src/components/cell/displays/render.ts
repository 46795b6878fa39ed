/** A display model as an element. What is large to draw is loaded when the first such display comes. */
import type { DisplayModel, FigureDisplay, MarkupDisplay, PictureDisplay } from "../../../lib/display.ts";
import { element } from "./element.ts";
import { renderJson } from "./json.ts";
import { renderRepr } from "./repr.ts";
import { renderTable } from "./table.ts";

export function render(model: DisplayModel): HTMLElement {
	switch (model.kind) {
		case "text":
			return element("pre", { class: "cw-text", tabindex: "0" }, model.text);
		case "repr":
			return renderRepr(model);
		case "table":
			return renderTable(model);
		case "json":
			return renderJson(model);
		case "picture":
			return later("cw-picture", model, async (host, picture: PictureDisplay) =>
				(await import("./picture.ts")).drawPicture(host, picture),
			);
		case "markup":
			return later("cw-markup", model, async (host, { markup }: MarkupDisplay) =>
				(await import("./markup.ts")).showMarkup(host, markup),
			);
		case "figure":
			return later("cw-figure-host", model, async (host, { figure, props }: FigureDisplay) => {
				const { mountFigure } = await import("../../figures/mount.ts");
				await mountFigure(host, figure, props);
			});
	}
}

/** An element that fills itself; if that fails it says so instead of staying blank. */
function later<M>(name: string, model: M, fill: (host: HTMLElement, model: M) => Promise<void>): HTMLElement {
	const host = element("div", { class: name });
	fill(host, model).catch((error) => {
		host.replaceChildren(
			element("p", { class: "cw-notice" }, `This output could not be drawn: ${(error as Error).message}`),
		);
	});
	return host;
}
