/** Two versions of some code shown as one, with what was removed and what was added. Load it when it is wanted. */
import "./diff-view.css";
import { element } from "../cell/displays/element.ts";
import { type DiffLine, diffLines, diffSummary } from "./diff-lines.ts";

export interface DiffViewOptions {
	/** What the two are called: `Your code`, `The solution`. */
	before?: string;
	after?: string;
}

const signs: Record<DiffLine["kind"], string> = { same: " ", removed: "−", added: "+" };

/**
 * The differences between two texts as an element: a table with a sign before each line (a second cue beside colour)
 * and a word for screen readers.
 */
export function diffView(before: string, after: string, options: DiffViewOptions = {}): HTMLElement {
	const { before: beforeName = "Before", after: afterName = "After" } = options;
	const lines = diffLines(before, after);
	const body = element("tbody");
	for (const line of lines) {
		const sign = element("td", { class: "cw-diff-sign", "aria-hidden": "true" }, signs[line.kind]);
		const code = element("td", { class: "cw-diff-code" });
		if (line.kind !== "same") {
			code.append(element("span", { class: "cw-visually-hidden" }, `${line.kind}: `));
		}
		for (const part of line.parts) {
			const mark = line.kind === "removed" ? "del" : "ins";
			code.append(part.changed ? element(mark, {}, part.text) : part.text);
		}
		body.append(element("tr", { class: `cw-diff-${line.kind}` }, sign, code));
	}
	const summary = element(
		"figcaption",
		{},
		element("span", { class: "cw-diff-name cw-diff-name-removed" }, `− ${beforeName}`),
		element("span", { class: "cw-diff-name cw-diff-name-added" }, `+ ${afterName}`),
		element("span", { class: "cw-diff-count" }, diffSummary(lines)),
	);
	const table = element("table", {}, body);
	const scroll = element("div", {
		class: "cw-diff-scroll",
		role: "region",
		tabindex: "0",
		"aria-label": `${beforeName} and ${afterName} compared`,
	});
	scroll.append(table);
	return element("figure", { class: "cw-diff not-content" }, summary, scroll);
}
