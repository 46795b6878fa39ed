import type { ErrorOutput, Place } from "../../../kernel/protocol.ts";
import { element } from "./element.ts";

interface Surroundings {
	/** The text of a cell, if it is this one. */
	source(cell: string): string | undefined;
	goTo(place: Place): void;
}

/** Of the calls that led to an error, these many are listed: a function that calls itself leaves thousands. */
const mostCallers = 8;

/** An error: plain words first, the reader's own line, the way out, and the stack for those who want it. */
export function renderError(error: ErrorOutput, { source, goTo }: Surroundings): HTMLElement {
	const box = element("div", { class: "cw-error", role: "alert" });
	box.append(element("p", { class: "cw-error-message" }, ...withCode(error.message)));
	if (error.remedy) box.append(element("p", { class: "cw-error-remedy" }, ...withCode(error.remedy)));
	const { place } = error;
	if (place) {
		box.append(element("p", { class: "cw-error-place" }, ...placeButton(place, source, goTo)));
		const text = source(place.cell)?.split("\n")[place.line - 1];
		if (text !== undefined) {
			const caret = `${" ".repeat(Math.max(0, place.column - 1)).replace(/ /g, (_, i) => (text[i] === "\t" ? "\t" : " "))}^`;
			box.append(element("pre", { class: "cw-error-line", "aria-hidden": "true" }, `${text}\n${caret}`));
		}
	}
	const callers = error.trace.slice(1, 1 + mostCallers);
	if (callers.length > 0) {
		const list = callers.map((caller) => element("li", {}, ...placeButton(caller, source, goTo)));
		box.append(
			element("p", { class: "cw-error-place" }, "Called from:"),
			element("ol", { class: "cw-error-trace" }, ...list),
		);
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

/** A sentence in which what stands between backticks is code. */
function withCode(text: string): Node[] {
	return text
		.split(/`([^`\n]+)`/)
		.map((part, i) => (i % 2 === 0 ? document.createTextNode(part) : element("code", {}, part)));
}

/** A button that leads to a place in a cell; of another cell it says which. */
function placeButton(place: Place, source: Surroundings["source"], goTo: Surroundings["goTo"]): Node[] {
	const button = element(
		"button",
		{ type: "button", class: "cw-small-button" },
		`line ${place.line}, column ${place.column}`,
	);
	button.addEventListener("click", () => goTo(place));
	if (source(place.cell) !== undefined) return [button];
	const title = document.querySelector(`[data-cell="${CSS.escape(place.cell)}"] .cw-cell-title`)?.textContent;
	return [button, document.createTextNode(` in the cell “${title ?? place.cell}”`)];
}
