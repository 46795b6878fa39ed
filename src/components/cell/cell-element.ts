/** `<chunkwise-cell>`, the part of it that every lesson loads: the rest comes when the reader means to run or edit. */
import { controllerOf } from "./lazy.ts";

class ChunkwiseCell extends HTMLElement {
	connectedCallback(): void {
		const run = this.querySelector<HTMLButtonElement>("[data-part=run]");
		const code = this.querySelector<HTMLElement>("[data-part=code]");
		if (!run || !code) return;
		run.disabled = false;
		run.addEventListener("click", () => this.#withController((controller) => controller.runOrStop()));
		run.addEventListener("pointerenter", () => void controllerOf(this), { once: true });
		run.addEventListener("focus", () => void controllerOf(this), { once: true });

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
			if (this.dataset.state === "idle") void this.#withController((controller) => controller.runOrStop());
		});
		observer.observe(this);
	}

	async #withController(
		action: (controller: Awaited<ReturnType<typeof controllerOf>>) => void,
	): Promise<void> {
		const state = this.querySelector<HTMLElement>("[data-part=state]");
		try {
			if (state && this.dataset.state === "idle") state.textContent = "loading";
			const controller = await controllerOf(this);
			action(controller);
		} catch (error) {
			if (state)
				state.textContent = "could not load the course's code; check the connection and press Run again";
			console.error(error);
		}
	}
}

if (!customElements.get("chunkwise-cell")) customElements.define("chunkwise-cell", ChunkwiseCell);
