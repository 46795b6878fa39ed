/** Drawings that are made for the width there is, and again when it changes. */
import {
	type Answering,
	answerSymbol,
	type Displayable,
	type DisplayQuestion,
	displaySymbol,
	type MarkupDisplay,
} from "../display.ts";

/** What draws: given a width in CSS pixels, an element (of D3 or Plot), or markup as text. */
export type Draw = (width: number) => { outerHTML: string } | string;

/** The width of the first drawing, until the page says how much room there is. */
const firstWidth = 640;
/** Narrower and wider drawings are not asked for: they are scaled, or stand alone. */
const [narrowest, widest] = [160, 1600];

/** A drawing that follows the width of the page; made by {@link responsive}. */
export class ResponsiveDrawing implements Displayable, Answering {
	readonly #draw: Draw;

	constructor(draw: Draw) {
		this.#draw = draw;
	}

	[displaySymbol](): MarkupDisplay {
		return { kind: "markup", markup: markupOf(this.#draw(firstWidth)) };
	}

	/** The drawing for a width. */
	[answerSymbol](question: DisplayQuestion): string | undefined {
		if (!("width" in question)) return undefined;
		return markupOf(this.#draw(Math.round(Math.min(widest, Math.max(narrowest, question.width)))));
	}
}

/**
 * Shows a drawing in a cell that is made anew when the width changes, so that its letters keep their size:
 * `responsive((width) => d3.create("svg").attr("width", width)….node())`. Plots of Observable Plot without a width of
 * their own do the same by themselves.
 */
export function responsive(draw: Draw): ResponsiveDrawing {
	return new ResponsiveDrawing(draw);
}

function markupOf(drawn: { outerHTML: string } | string): string {
	return typeof drawn === "string" ? drawn : drawn.outerHTML;
}
