/** `<chunkwise-sample>`: the reader chooses the lesson's image, by a file picker or by a drop on the page. */
import { formatBytes } from "../../lib/format.ts";
import { choose, type Prefer } from "./settings.ts";

class ChunkwiseSample extends HTMLElement {
	connectedCallback(): void {
		const fieldset = this.querySelector("fieldset");
		if (!fieldset) return;
		fieldset.disabled = false;
		const file = this.querySelector<HTMLInputElement>("[data-part=file]");
		for (const radio of this.querySelectorAll<HTMLInputElement>("input[type=radio]")) {
			radio.addEventListener("change", () => {
				if (radio.value === "own" && !this.#chosen) file?.click();
				else choose({ prefer: radio.value as Prefer });
			});
		}
		if (file) this.#takeFiles(file);
	}

	#takeFiles(file: HTMLInputElement): void {
		file.addEventListener("change", () => {
			if (file.files?.[0]) this.#take(file.files[0]);
		});
		file.addEventListener("cancel", () => this.#select(this.#chosen ? "own" : "auto"));
		// A figure that takes files by itself has said so by now, and a file field takes them without a word.
		const isTaken = (event: DragEvent) =>
			event.defaultPrevented || (event.target as Element).closest?.("input[type=file]");
		document.addEventListener("dragover", (event) => {
			if (!event.dataTransfer?.types.includes("Files") || isTaken(event)) return;
			event.preventDefault();
			this.classList.add("cw-dragging");
		});
		document.addEventListener("dragleave", (event) => {
			if (event.relatedTarget === null) this.classList.remove("cw-dragging");
		});
		document.addEventListener("drop", (event) => {
			this.classList.remove("cw-dragging");
			const dropped = event.dataTransfer?.files[0];
			if (!dropped || isTaken(event)) return;
			event.preventDefault();
			this.#take(dropped);
		});
	}

	#chosen = false;

	#take(file: File): void {
		const chosen = this.querySelector("[data-part=chosen]");
		this.#chosen = true;
		this.#select("own");
		if (chosen) {
			chosen.textContent = `${file.name}, ${formatBytes(file.size)}. Run the first cell to use it; the file stays in this browser.`;
		}
		choose({ prefer: "own", own: { blob: file, name: file.name } });
	}

	#select(value: string): void {
		const radio = this.querySelector<HTMLInputElement>(`input[value=${value}]`);
		if (radio) radio.checked = true;
	}
}

if (!customElements.get("chunkwise-sample")) customElements.define("chunkwise-sample", ChunkwiseSample);
