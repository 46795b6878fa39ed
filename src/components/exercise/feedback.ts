/** What a learner is told of an attempt: a word that says what kind it is, sentences, the place, the next step. */
import type { Feedback, FeedbackKind, Verdict } from "../../kernel/protocol.ts";
import { element } from "../cell/displays/element.ts";

const heads: Record<FeedbackKind, string> = {
	blank: "Not complete yet.",
	syntax: "This cannot be read yet.",
	type: "Something does not fit.",
	run: "Your code ended with an error.",
	check: "Not yet.",
	deadline: "Out of time.",
};

export function feedbackBox(
	feedback: Feedback,
	goTo: (place: { line: number; column: number }) => void,
): HTMLElement {
	const { kind, message, next, detail, place } = feedback;
	const box = element("div", {
		class: "cw-verdict cw-verdict-failed",
		role: "status",
		"data-kind": kind,
	});
	box.append(element("p", {}, element("strong", {}, heads[kind]), ` ${message}`));
	if (detail) box.append(element("p", {}, detail));
	if (next) box.append(element("p", { class: "cw-verdict-next" }, next));
	if (place) {
		const button = element(
			"button",
			{ type: "button", class: "cw-small-button" },
			`Go to line ${place.line}, column ${place.column}`,
		);
		button.addEventListener("click", () => goTo(place));
		box.append(element("p", {}, button));
	}
	return box;
}

export function praiseBox({ checks, message }: Extract<Verdict, { passed: true }>): HTMLElement {
	const counted = checks === 2 ? "Both" : `All ${checks}`;
	const said = message ?? (checks === 1 ? "The check holds." : `${counted} checks hold.`);
	return element(
		"div",
		{ class: "cw-verdict cw-verdict-passed", role: "status" },
		element("p", {}, element("strong", {}, "Right."), ` ${said}`),
	);
}
