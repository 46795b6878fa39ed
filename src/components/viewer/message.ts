/** What stands on a viewer's stage in place of an image. */
import { part } from "../figures/live.ts";

export class StageMessage {
	readonly #stage: HTMLElement;
	readonly #element: HTMLElement;
	/** The button that began it had the keyboard, and is gone. */
	#takesFocus = false;

	constructor(stage: HTMLElement) {
		this.#stage = stage;
		this.#element = part(stage, ".cw-viewer-message");
	}

	/** @param behind name of the image behind an error, to which there is a way back */
	tell(text: string, isError: boolean, behind?: string): void {
		this.#takesFocus ||= this.#element.contains(document.activeElement);
		this.#element.hidden = false;
		this.#element.dataset.error = String(isError);
		part(this.#element, "p").textContent = text;
		this.#element.querySelector("button")?.remove();
		if (behind === undefined) return;
		const back = document.createElement("button");
		back.type = "button";
		back.className = "cw-small-button";
		back.textContent = `Back to “${behind}”`;
		back.addEventListener("click", () => this.reveal());
		this.#element.append(back);
	}

	/** Shows the image; the keyboard goes to it where it was in the message. */
	reveal(): void {
		const takesFocus = this.#takesFocus || this.#element.contains(document.activeElement);
		this.#takesFocus = false;
		this.#element.hidden = true;
		if (takesFocus) this.#stage.querySelector<HTMLElement>("[data-plane]:not([hidden])")?.focus();
	}
}
