/** What stands under a cell: displays, console lines, progress, errors, verdicts and sentences, in the order they came. */
import type { ErrorOutput, Output, Place, Verdict } from "../../kernel/protocol.ts";
import { element } from "./displays/element.ts";
import { renderError } from "./displays/error.ts";
import { ProgressBars } from "./displays/progress.ts";
import { render } from "./displays/render.ts";
import "./displays/styles.ts";

export class OutputArea {
	readonly #host: HTMLElement;
	#progress = new ProgressBars();
	#console?: HTMLElement;

	constructor(host: HTMLElement) {
		this.#host = host;
	}

	clear(): void {
		this.#host.replaceChildren();
		this.#host.hidden = true;
		this.#progress = new ProgressBars();
		this.#console = undefined;
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
			case "display":
				this.#console = undefined;
				this.append(render(output.model));
				return;
			case "console":
				if (!this.#console) {
					this.#console = element("div", { class: "cw-console" });
					this.append(this.#console);
				}
				this.#console.append(
					element("pre", { class: `cw-console-line cw-console-${output.level}` }, output.text),
				);
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

	/** `source` is the text of the cell that stands above. */
	fail(
		error: ErrorOutput,
		surroundings: { source(cell: string): string | undefined; goTo(place: Place): void },
	): void {
		this.#console = undefined;
		this.append(renderError(error, surroundings));
	}

	verdict(verdict: Verdict): void {
		const box = element("div", {
			class: `cw-verdict cw-verdict-${verdict.passed ? "passed" : "failed"}`,
			role: "status",
		});
		if (verdict.passed) {
			box.append(
				element("strong", {}, "Right."),
				` ${verdict.checks === 1 ? "The check holds." : `All ${verdict.checks} checks hold.`}`,
			);
		} else {
			box.append(element("strong", {}, "Not yet."), ` ${verdict.message}`);
			if (verdict.detail) box.append(element("p", {}, verdict.detail));
		}
		this.append(box);
	}

	/** The run has ended: nothing moves any more. */
	finish(): void {
		this.#progress.finish();
	}
}
