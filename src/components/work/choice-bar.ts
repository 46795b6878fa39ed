/** A question to the reader within a cell: a sentence, a few buttons, and a comparison on demand. */
import "./work.css";
import { element } from "../cell/displays/element.ts";

export interface Choice {
	label: string;
	act(): void;
}

export interface Comparison {
	label: string;
	/** The two versions, when the reader asks. */
	texts(): { before: string; after: string; beforeName: string; afterName: string };
}

export class ChoiceBar {
	readonly element: HTMLElement;
	readonly #text = element("p", { role: "status" });
	readonly #buttons = element("div", { class: "cw-bar-buttons" });
	readonly #below = element("div", { class: "cw-bar-below", hidden: "" });

	constructor(label: string) {
		this.element = element("div", { class: "cw-bar", role: "group", "aria-label": label });
		this.element.append(this.#text, this.#buttons, this.#below);
	}

	/** Replaces the question; without choices it is a sentence only. */
	ask(text: string, choices: Choice[], comparison?: Comparison, shown?: HTMLElement): void {
		this.#below.replaceChildren(...(shown ? [shown] : []));
		this.#below.hidden = !shown;
		this.#buttons.replaceChildren(
			...choices.map(({ label, act }) => {
				const button = smallButton(label);
				button.addEventListener("click", act);
				return button;
			}),
		);
		if (comparison) this.#buttons.append(this.#compareButton(comparison, shown));
		this.#buttons.hidden = this.#buttons.childElementCount === 0;
		// Set last, and after the element is on the page, so that a screen reader says it.
		requestAnimationFrame(() => {
			this.#text.textContent = text;
		});
	}

	remove(): void {
		this.element.remove();
	}

	#compareButton({ label, texts }: Comparison, shown?: HTMLElement): HTMLButtonElement {
		const button = smallButton(label);
		button.setAttribute("aria-expanded", "false");
		button.addEventListener("click", async () => {
			const open = button.getAttribute("aria-expanded") === "true";
			button.setAttribute("aria-expanded", String(!open));
			if (open) {
				this.#below.replaceChildren(...(shown ? [shown] : []));
				this.#below.hidden = !shown;
				return;
			}
			const { diffView } = await import("./diff-view.ts");
			const { before, after, beforeName, afterName } = texts();
			this.#below.replaceChildren(diffView(before, after, { before: beforeName, after: afterName }));
			this.#below.hidden = false;
		});
		return button;
	}
}

export function smallButton(label: string): HTMLButtonElement {
	return element("button", { type: "button", class: "cw-small-button" }, label);
}
