import type { ErrorOutput, Place } from "../../../kernel/protocol.ts";
import { element } from "./element.ts";

interface Surroundings {
	/** The text of a cell, if it is this one. */
	source(cell: string): string | undefined;
	goTo(place: Place): void;
}

/** An error: plain words first, the reader's own line, the way out, and the stack for those who want it. */
export function renderError(error: ErrorOutput, { source, goTo }: Surroundings): HTMLElement {
	const box = element("div", { class: "cw-error", role: "alert" });
	box.append(element("p", { class: "cw-error-message" }, error.message));
	if (error.remedy) box.append(element("p", { class: "cw-error-remedy" }, error.remedy));
	const { place } = error;
	if (place) {
		const button = element(
			"button",
			{ type: "button", class: "cw-small-button" },
			`line ${place.line}, column ${place.column}`,
		);
		button.addEventListener("click", () => goTo(place));
		const text = source(place.cell)?.split("\n")[place.line - 1];
		box.append(
			element(
				"p",
				{ class: "cw-error-place" },
				button,
				text === undefined ? ` in the cell “${place.cell}”` : "",
			),
		);
		if (text !== undefined) {
			const caret = `${" ".repeat(Math.max(0, place.column - 1)).replace(/ /g, (_, i) => (text[i] === "\t" ? "\t" : " "))}^`;
			box.append(element("pre", { class: "cw-error-line", "aria-hidden": "true" }, `${text}\n${caret}`));
		}
	}
	if (error.stack) {
		box.append(
			element(
				"details",
				{},
				element("summary", {}, `${error.name}, as the browser reports it`),
				element("pre", { tabindex: "0" }, error.stack),
			),
		);
	}
	return box;
}
