/** Observable Plot for cells: the document that it needs is given, so that cells need not. */
import * as Plot from "@observablehq/plot";
import { answerSymbol, type DisplayQuestion } from "../../../lib/display.ts";
import { drawingDocument } from "./document.ts";

export * from "@observablehq/plot";

type Options = Plot.PlotOptions;

export function plot(options: Options = {}): unknown {
	const drawn = Plot.plot({ document: drawingDocument, ...options });
	// Without a width of its own it is drawn anew for the width that the page has.
	if (options.width === undefined) {
		const again = (question: DisplayQuestion) =>
			"width" in question
				? Plot.plot({ document: drawingDocument, ...options, width: question.width }).outerHTML
				: undefined;
		Object.defineProperty(drawn, answerSymbol, { value: again });
	}
	return drawn;
}

export function legend(options: Plot.LegendOptions): unknown {
	return Plot.legend({ document: drawingDocument, ...options } as Plot.LegendOptions);
}

// `Plot.barY(…).plot()`: the method of every mark, which else looks for the page's document.
const mark = (Plot as unknown as { Mark: { prototype: { plot: (options?: Options) => unknown } } }).Mark;
mark.prototype.plot = function (this: Plot.Markish, { marks = [], ...options }: Options = {}) {
	return plot({ ...options, marks: [...marks, this] });
};
