/** `<chunkwise-controls>`: Run all, Stop and Restart for the lesson. */
import { page } from "./lazy.ts";

class ChunkwiseControls extends HTMLElement {
	connectedCallback(): void {
		const button = (name: string) => this.querySelector<HTMLButtonElement>(`[data-part=${name}]`);
		const runAll = button("run-all");
		if (!runAll) return;
		runAll.disabled = false;
		runAll.addEventListener("click", async () => (await page()).session.runAll());
		runAll.addEventListener("pointerenter", () => void page(), { once: true });
		button("stop")?.addEventListener("click", async () => (await page()).session.stop());
		button("restart")?.addEventListener("click", async () => (await page()).session.restart());
	}
}

if (!customElements.get("chunkwise-controls")) customElements.define("chunkwise-controls", ChunkwiseControls);
