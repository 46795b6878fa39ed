/** What stands under a cell: displays, console lines, progress, errors, verdicts and sentences, in the order they came. */

import type { ErrorOutput, Output, Place } from "../../kernel/protocol.ts";
import type { DisplayModel } from "../../lib/display.ts";
import { ConsoleLines } from "./displays/console.ts";
import { element } from "./displays/element.ts";
import { renderError } from "./displays/error.ts";
import { ProgressBars } from "./displays/progress.ts";
import { render } from "./displays/render.ts";
import "./displays/styles.ts";

/** A picture tells its own size, for whoever wants its pixels as they are: it is drawn as large as there is room. */
function drawn(model: DisplayModel): HTMLElement {
	const shown = render(model);
	if (model.kind === "picture") shown.dataset.pixels = `${model.width} ${model.height}`;
	return shown;
}

export class OutputArea {
	readonly #host: HTMLElement;
	#progress = new ProgressBars();
	readonly #console: ConsoleLines;
	/** Displays by the number that the kernel gave them, for those that are shown anew in place. */
	#displays = new Map<number, HTMLElement>();

	constructor(host: HTMLElement) {
		this.#host = host;
		this.#console = new ConsoleLines(host);
	}

	clear(): void {
		this.#host.replaceChildren();
		this.#host.hidden = true;
		this.#progress = new ProgressBars();
		this.#console.clear();
		this.#displays.clear();
	}

	append(node: Node): void {
		this.#host.hidden = false;
		this.#host.append(node);
	}

	notice(text: string): void {
		this.append(element("p", { class: "cw-notice" }, text));
	}

	output(output: Output): void {
		switch (output.kind) {
			case "display": {
				this.#console.endBlock();
				const shown = drawn(output.model);
				this.#displays.set(output.id, shown);
				this.append(shown);
				return;
			}
			case "update":
				this.#replace(output.id, output.model);
				return;
			case "console":
				this.#host.hidden = false;
				this.#console.add(output);
				return;
			case "progress": {
				const bar = this.#progress.update(output.progress, output.elapsed);
				if (!bar.isConnected) this.append(bar);
				return;
			}
			case "notice":
				this.notice(output.text);
		}
	}

	/** Another value in a display's place; what the reader is looking at stays where it is. */
	#replace(id: number, model: DisplayModel): void {
		const before = this.#displays.get(id);
		if (!before) return;
		const shown = drawn(model);
		// What is drawn later would leave a gap for a moment.
		if (shown.childElementCount === 0 && !shown.textContent) {
			shown.style.minHeight = `${before.offsetHeight}px`;
			const settle = new MutationObserver(() => {
				settle.disconnect();
				requestAnimationFrame(() => shown.style.removeProperty("min-height"));
			});
			settle.observe(shown, { childList: true });
		}
		before.replaceWith(shown);
		this.#displays.set(id, shown);
	}

	/** `source` is the text of the cell that stands above. */
	fail(
		error: ErrorOutput,
		surroundings: { source(cell: string): string | undefined; goTo(place: Place): void },
	): void {
		this.#console.endBlock();
		this.append(renderError(error, surroundings));
	}

	/** The run has ended: nothing moves any more. */
	finish(): void {
		this.#progress.finish();
	}
}
