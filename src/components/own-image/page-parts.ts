/** The parts of the tool's markup by name, and what the reader does with them. */
import { part } from "../figures/live.ts";

export interface Doings {
	/** By the names of buttons. */
	acts: Record<string, () => unknown>;
	open(file: File): void;
	/** The conversion is asked for. */
	start(): void;
	/** Its name, or where it goes, is another. */
	renamed(): void;
	/** Another image of the file is chosen. */
	image(index: number): void;
}

const laterSteps = ["seen", "store", "convert", "result"];

export class PageParts {
	readonly host: HTMLElement;

	constructor(host: HTMLElement) {
		this.host = host;
	}

	get input(): HTMLInputElement {
		return part(this.host, "input[name=file]");
	}

	part<T extends HTMLElement = HTMLElement>(name: string): T {
		return part<T>(this.host, `[data-part=${name}]`);
	}

	/** Shows these of the later steps. */
	reach(...steps: string[]): void {
		for (const name of laterSteps) {
			part<HTMLElement>(this.host, `[data-step=${name}]`).hidden = !steps.includes(name);
		}
		this.part("outline").hidden = steps.length > 0;
	}

	/** Brings the reader to a step that something happens in, far from the button that was pressed. */
	go(name: string): void {
		const heading = part<HTMLElement>(this.host, `[data-step=${name}] > h3`);
		heading.focus({ preventScroll: true });
		heading.scrollIntoView({ block: "center" });
	}

	/** Tells of the file. */
	say(text: string, bad = false): void {
		const place = this.part("file-said");
		place.textContent = text;
		place.classList.toggle("cw-own-error", bad);
	}

	listen(doings: Doings, signal: AbortSignal): void {
		const on = (target: EventTarget, type: string, heard: (event: Event) => void) =>
			target.addEventListener(type, heard, { signal });
		on(this.host, "click", ({ target }) => {
			const act = (target as Element).closest<HTMLElement>("[data-act]")?.dataset.act;
			if (act) doings.acts[act]?.();
		});
		on(this.input, "change", () => {
			const [file] = this.input.files ?? [];
			if (file) doings.open(file);
		});
		const convert = this.part("convert");
		on(convert, "submit", (event) => {
			event.preventDefault();
			doings.start();
		});
		on(convert, "input", () => doings.renamed());
		const images = part<HTMLSelectElement>(this.part("images"), "select");
		on(images, "change", () => doings.image(Number(images.value)));
	}
}
