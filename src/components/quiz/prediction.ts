/** Predict, then run: a cell's output stays covered until the reader has said what it will be, or asks to see it. */
import { element } from "../cell/displays/element.ts";

export class Prediction {
	readonly #host: HTMLElement;
	readonly #cell: HTMLElement | null;
	/** Compares, and gives the prediction in words. */
	readonly #compare: () => string;
	readonly #cover: HTMLElement;
	readonly #note: HTMLElement;
	#isKept = false;
	/** What the cell said of itself, with its time, while the output is covered. */
	#state?: string;
	isCompared = false;

	constructor(host: HTMLElement, cell: string, compare: () => string) {
		this.#host = host;
		this.#compare = compare;
		this.#cell = document.getElementById(`cell-${cell}`);
		const answer = element("button", { type: "button", class: "cw-small-button" }, "Go to the question");
		const show = element("button", { type: "button", class: "cw-small-button" }, "Show it anyway");
		this.#cover = element(
			"div",
			{ class: "cw-prediction", role: "status" },
			element("p", {}, "What will it show? Say what you expect first; the output is here when you have."),
			element("p", {}, answer, " ", show),
		);
		this.#note = element("p", { class: "cw-prediction", role: "status" });
		answer.addEventListener("click", () => {
			host.scrollIntoView({ block: "center" });
			host.querySelector<HTMLElement>("input, textarea, button")?.focus();
		});
		show.addEventListener("click", () => this.#uncover());
		if (!this.#cell) return;
		this.#cell.dataset.awaitsPrediction = "";
		new MutationObserver(() => this.#look()).observe(this.#cell, { attributeFilter: ["data-state"] });
		this.#look();
	}

	/** The reader has said what they expect. */
	kept(): void {
		this.#isKept = true;
		this.#uncover();
		this.#look();
	}

	#look(): void {
		const cell = this.#cell;
		const state = cell?.dataset.state;
		if (!cell) return;
		if (state !== "done") {
			this.#note.remove();
			// Errors, and what a cell says while it runs, are not what was asked.
			this.#cover.remove();
			return;
		}
		if (this.#isKept) {
			const isFirst = !this.isCompared;
			this.isCompared = true;
			if (isFirst) this.#note.textContent = `You predicted: ${this.#compare()}`;
			cell.querySelector(".cw-cell-body")?.append(this.#note);
			const fields = this.#host.querySelectorAll<HTMLInputElement>("input, textarea, button");
			for (const field of fields) field.disabled = true;
		} else if ("awaitsPrediction" in cell.dataset) {
			cell.querySelector(".cw-cell-body")?.append(this.#cover);
			this.#hideTime(cell);
		}
	}

	/** How long the cell took is what some predictions are about. */
	#hideTime(cell: HTMLElement): void {
		const line = cell.querySelector("[data-part=state]");
		if (!line) return;
		this.#state = line.textContent;
		line.textContent = "done";
	}

	#uncover(): void {
		delete this.#cell?.dataset.awaitsPrediction;
		this.#cover.remove();
		if (this.#cell?.dataset.state !== "done" || this.#state === undefined) return;
		(this.#cell.querySelector("[data-part=state]") as HTMLElement).textContent = this.#state;
	}
}
