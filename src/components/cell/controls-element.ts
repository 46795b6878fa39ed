/** `<chunkwise-controls>`: Run all, Stop and Restart for the lesson. */
import { page, warm } from "./lazy.ts";

type Session = Awaited<ReturnType<typeof page>>["session"];

class ChunkwiseControls extends HTMLElement {
	connectedCallback(): void {
		const button = (name: string) => this.querySelector<HTMLButtonElement>(`[data-part=${name}]`);
		const runAll = button("run-all");
		if (!runAll) return;
		runAll.disabled = false;
		runAll.addEventListener("click", () => this.#with((session) => session.runAll()));
		runAll.addEventListener("pointerenter", warm, { once: true });
		button("stop")?.addEventListener("click", () => this.#with((session) => session.stop()));
		button("restart")?.addEventListener("click", () => this.#with((session) => session.restart()));
	}

	async #with(act: (session: Session) => unknown): Promise<void> {
		try {
			await act((await page()).session);
		} catch (error) {
			const state = this.querySelector("[data-part=state]");
			if (state)
				state.textContent = "The course's code could not be loaded. Check the connection and press again.";
			console.error(error);
		}
	}
}

if (!customElements.get("chunkwise-controls")) customElements.define("chunkwise-controls", ChunkwiseControls);
