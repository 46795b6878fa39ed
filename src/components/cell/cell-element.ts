/** `<chunkwise-cell>`, the part of it that every lesson loads: the rest comes when the reader means to run or edit. */
import { controllerOf, warm } from "./lazy.ts";

/** A load that takes longer says so. */
const slowAfter = 8000;

class ChunkwiseCell extends HTMLElement {
	#isSetUp = false;

	connectedCallback(): void {
		// Moved within the page: what it has stays.
		if (this.#isSetUp) return;
		this.#isSetUp = true;
		const run = this.querySelector<HTMLButtonElement>("[data-part=run]");
		const code = this.querySelector<HTMLElement>("[data-part=code]");
		if (!run || !code) return;
		run.disabled = false;
		run.addEventListener("click", () => this.#withController((controller) => controller.runOrStop()));
		run.addEventListener("pointerenter", warm, { once: true });
		run.addEventListener("focus", warm, { once: true });

		if (this.dataset.run === "auto") this.#runWhenSeen();

		code.tabIndex = 0;
		code.setAttribute("role", "group");
		code.setAttribute("aria-label", "Code. Press Enter to edit.");
		const edit = () => this.#withController((controller) => controller.edit());
		code.addEventListener("click", () => {
			// Marking text to copy it is not yet a wish to edit.
			if (getSelection()?.isCollapsed !== false) edit();
		});
		code.addEventListener("keydown", (event) => {
			if (event.target !== code) return;
			if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) {
				event.preventDefault();
				run.click();
			} else if (event.key === "Enter") {
				event.preventDefault();
				edit();
			}
		});
	}

	/** The author asked for it: such a cell runs once, by itself, when it comes into view. */
	#runWhenSeen(): void {
		const observer = new IntersectionObserver((entries) => {
			if (!entries.some((entry) => entry.isIntersecting)) return;
			observer.disconnect();
			if (this.dataset.state !== "idle") return;
			void this.#withController((controller) => {
				// Code taken from a link waits for the reader.
				if (this.dataset.run === "auto") controller.runOrStop();
			});
		});
		observer.observe(this);
	}

	async #withController(
		action: (controller: Awaited<ReturnType<typeof controllerOf>>) => void,
	): Promise<void> {
		const state = this.querySelector<HTMLElement>("[data-part=state]");
		const say = (text: string) => {
			if (state && this.dataset.state === "idle") state.textContent = text;
		};
		say("loading the course's code");
		const slow = setTimeout(
			() => say("still loading the course's code: the connection is slow. Wait, or reload the page"),
			slowAfter,
		);
		try {
			const controller = await controllerOf(this);
			if (this.dataset.state === "idle") say("not run yet");
			action(controller);
		} catch (error) {
			say("could not load the course's code; check the connection and press Run again, or reload the page");
			console.error(error);
		} finally {
			clearTimeout(slow);
		}
	}
}

if (!customElements.get("chunkwise-cell")) customElements.define("chunkwise-cell", ChunkwiseCell);
