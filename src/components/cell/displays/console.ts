/** A cell's console lines: the newest stay, the others are counted. */
import type { ConsoleOutput } from "../../../kernel/protocol.ts";
import { formatCount } from "../../../lib/format.ts";
import { element } from "./element.ts";

const maxLines = 1000;
const maxCharacters = 1_000_000;

/** What scrolls must be reached by keys in every browser; what fits is no stop on the way. */
const heights = new ResizeObserver((entries) => {
	for (const { target } of entries) {
		if (!target.isConnected) heights.unobserve(target);
		if (target.scrollHeight <= target.clientHeight + 1 || target.hasAttribute("tabindex")) continue;
		target.setAttribute("tabindex", "0");
		target.setAttribute("role", "group");
		target.setAttribute("aria-label", "Console lines");
	}
});

export class ConsoleLines {
	readonly #host: HTMLElement;
	/** Lines that follow each other without a display between them stand in one block. */
	#block?: HTMLElement;
	#lines: HTMLElement[] = [];
	#characters = 0;
	#dropped = 0;
	#mark?: HTMLElement;

	constructor(host: HTMLElement) {
		this.#host = host;
	}

	add({ level, text, dropped = 0 }: ConsoleOutput): void {
		// What was dropped came after every line that is here.
		if (dropped > 0) while (this.#lines.length > 0) this.#drop();
		this.#dropped += dropped;
		if (!this.#block?.isConnected) {
			this.#block = element("div", { class: "cw-console" });
			this.#host.append(this.#block);
			heights.observe(this.#block);
		}
		const line = element("pre", { class: `cw-console-line cw-console-${level}` }, text);
		this.#block.append(line);
		this.#lines.push(line);
		this.#characters += text.length;
		while (this.#lines.length > maxLines || (this.#characters > maxCharacters && this.#lines.length > 1)) {
			this.#drop();
		}
		if (this.#dropped > 0) this.#tell();
	}

	/** Something else follows: the next line begins another block. */
	endBlock(): void {
		this.#block = undefined;
	}

	clear(): void {
		this.#block = undefined;
		this.#lines = [];
		this.#characters = 0;
		this.#dropped = 0;
		this.#mark = undefined;
	}

	#drop(): void {
		const oldest = this.#lines.shift();
		if (!oldest) return;
		this.#dropped++;
		this.#characters -= (oldest.textContent ?? "").length;
		const block = oldest.parentElement;
		oldest.remove();
		if (block && block !== this.#block && !block.querySelector("pre")) block.remove();
	}

	/** Where the missing lines were: above the oldest that is left. */
	#tell(): void {
		this.#mark ??= element("p", { class: "cw-notice" });
		this.#mark.textContent = `… ${formatCount(this.#dropped)} lines more`;
		const block = this.#lines[0].parentElement;
		if (block && block.firstChild !== this.#mark) block.prepend(this.#mark);
	}
}
