/** `<chunkwise-quiz>`, the part of it that every page with a quiz loads: the rest comes when the reader answers. */
import { thisLesson, workKey } from "../work/keys.ts";
import { store } from "../work/storage.ts";

class ChunkwiseQuiz extends HTMLElement {
	connectedCallback(): void {
		const form = this.querySelector("form");
		const fieldset = this.querySelector("fieldset");
		if (!form || !fieldset) return;
		fieldset.disabled = false;
		const right = this.querySelector<HTMLElement>("[data-part=right]");
		if (right) right.hidden = true;
		const isSaved = store.get(workKey(thisLesson(), this.dataset.quiz ?? "")) !== undefined;
		if (isSaved) this.#load().catch(() => {});
		else if (this.dataset.predict) this.#awaitPrediction(this.dataset.predict);
		form.addEventListener("pointerenter", () => void this.#load().catch(() => {}), { once: true });
		form.addEventListener("focusin", () => void this.#load().catch(() => {}), { once: true });
		form.addEventListener("click", ({ target }) => {
			const button = (target as HTMLElement).closest<HTMLButtonElement>("button[type=button]");
			// Pressed before there was anything to do it: done when there is.
			if (!button || this.hasAttribute("data-ready")) return;
			void this.#load().then(
				() => button.click(),
				() => {},
			);
		});
		form.addEventListener("submit", (event) => {
			event.preventDefault();
			// Why it could not be loaded has been told.
			void this.#load().then(
				(quiz) => quiz.check(),
				() => {},
			);
		});
	}

	async #load(): Promise<import("./quiz.ts").Quiz> {
		try {
			return (await import("./quiz.ts")).quizOf(this);
		} catch (error) {
			const status = this.querySelector("[data-part=status]");
			if (status)
				status.textContent = "The course’s code could not be loaded. Check the connection and try again.";
			// A prediction that cannot be given holds nothing back.
			delete document.getElementById(`cell-${this.dataset.predict}`)?.dataset.awaitsPrediction;
			throw error;
		}
	}

	/** The cell's output waits for the prediction, once there is one. */
	#awaitPrediction(cell: string): void {
		const host = document.getElementById(`cell-${cell}`);
		if (!host) return;
		host.dataset.awaitsPrediction = "";
		const watch = new MutationObserver(() => {
			watch.disconnect();
			this.#load().catch(() => {});
		});
		watch.observe(host, { attributeFilter: ["data-state"] });
	}
}

if (!customElements.get("chunkwise-quiz")) customElements.define("chunkwise-quiz", ChunkwiseQuiz);
