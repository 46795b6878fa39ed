/** `<chunkwise-exercise>`: hints one at a time, a solution that asks first, and how far the learner is. */
import { progressEvent, progressKey, thisLesson } from "../work/keys.ts";

class ChunkwiseExercise extends HTMLElement {
	connectedCallback(): void {
		this.#hints();
		this.#solution();
		this.#showKept();
		document.addEventListener(progressEvent, this.#showProgress);
	}

	disconnectedCallback(): void {
		document.removeEventListener(progressEvent, this.#showProgress);
	}

	readonly #showProgress = async (): Promise<void> => {
		(await import("./exercise-progress.ts")).showProgress(this);
	};

	/** What shows progress is loaded where some is kept: most first visits have none. */
	#showKept(): void {
		try {
			if (localStorage.getItem(progressKey(thisLesson())) !== null) void this.#showProgress();
		} catch {
			// Blocked storage: nothing can have been kept.
		}
	}

	/** The next hint is offered once the one before it was opened. */
	#hints(): void {
		const hints = [...this.querySelectorAll<HTMLDetailsElement>("[data-part=hint]")];
		hints.forEach((hint, i) => {
			hint.hidden = i > 0 && !hints[i - 1].open;
			hint.addEventListener("toggle", () => {
				if (hint.open && hints[i + 1]) hints[i + 1].hidden = false;
			});
		});
	}

	#solution(): void {
		const details = this.querySelector<HTMLDetailsElement>("[data-part=solution]");
		const part = (name: string) => details?.querySelector<HTMLElement>(`[data-part=${name}]`);
		const [ask, body, anyway] = [part("ask"), part("body"), part("anyway")];
		if (!details || !ask || !body || !anyway) return;
		let asked = false;
		const reveal = async () => {
			const mayShow = asked || this.hasAttribute("data-tried");
			ask.hidden = mayShow;
			body.hidden = !mayShow;
			if (mayShow && details.open) (await import("./solution.ts")).openSolution(details);
		};
		details.addEventListener("toggle", () => void reveal());
		anyway.addEventListener("click", () => {
			asked = true;
			void reveal();
			// The button that had the focus is gone.
			details.querySelector("summary")?.focus();
		});
		part("later")?.addEventListener("click", () => {
			details.open = false;
			details.querySelector("summary")?.focus();
		});
	}
}

if (!customElements.get("chunkwise-exercise")) customElements.define("chunkwise-exercise", ChunkwiseExercise);
