/** One cell on the page: its button, state, code and outputs. It is the view that the session talks to. */
import type { ErrorOutput, Output, Verdict } from "../../kernel/protocol.ts";
import type { CellView, Session } from "../../kernel/session/session.ts";
import { type CellState, duration, isBusy, stateText } from "../../kernel/session/state.ts";
import type { Editor } from "../editor/editor.ts";
import { element } from "./displays/element.ts";
import { renderError } from "./displays/error.ts";
import { ProgressBars } from "./displays/progress.ts";
import { render } from "./displays/render.ts";

export interface CellData {
	id: string;
	title: string;
	source: string;
	needs: string[];
	timeout: number;
	check?: string;
	readonly?: true;
}

/** From this share of its time on, a run's deadline is shown. */
const warnFrom = 0.7;

export class CellController implements CellView {
	readonly #element: HTMLElement;
	readonly #data: CellData;
	readonly #session: Session;
	readonly #code: HTMLElement;
	readonly #output: HTMLElement;
	readonly #tools: HTMLElement;
	readonly #stateLine: HTMLElement;
	readonly #run: HTMLButtonElement;
	#source: string;
	#state: CellState = { name: "idle" };
	#editor?: Editor;
	#clock?: ReturnType<typeof setInterval>;
	#progress = new ProgressBars();
	#console?: HTMLElement;

	constructor(host: HTMLElement, data: CellData, session: Session) {
		this.#element = host;
		this.#data = data;
		this.#source = data.source;
		this.#session = session;
		const part = (name: string) => host.querySelector(`[data-part=${name}]`) as HTMLElement;
		this.#code = part("code");
		this.#output = part("output");
		this.#tools = part("tools");
		this.#stateLine = part("state");
		this.#run = part("run") as HTMLButtonElement;
	}

	runOrStop(): void {
		if (isBusy(this.#state)) this.#session.stop();
		else void this.#session.run(this.#data.id);
	}

	/** Opens the editor in place of the highlighted code. */
	async edit(): Promise<void> {
		if (this.#data.readonly || this.#editor) {
			this.#editor?.focus();
			return;
		}
		const { openEditor } = await import("../editor/editor.ts");
		if (this.#editor) return;
		this.#editor = openEditor(this.#code, {
			source: this.#source,
			label: `Code of “${this.#data.title}”. Escape leaves the editor.`,
			onChange: (source) => this.#edited(source),
			onRun: () => {
				if (!isBusy(this.#state)) this.runOrStop();
			},
			onRunAndNext: () => {
				if (!isBusy(this.#state)) this.runOrStop();
				this.#focusNext();
			},
			onLeave: () => this.#code.focus(),
		});
		// Reached by Escape, no longer by Tab: the editor itself is the stop now.
		this.#code.tabIndex = -1;
	}

	setState(state: CellState): void {
		this.#state = state;
		this.#element.dataset.state = state.name;
		const busy = isBusy(state);
		const label = this.#run.querySelector("[data-part=run-label]");
		const idleLabel = this.#data.check === undefined ? "Run" : "Check";
		if (label) label.textContent = busy ? "Stop" : idleLabel;
		this.#element.setAttribute("aria-busy", String(busy));
		clearInterval(this.#clock);
		this.#say(stateText(state));
		if (state.name === "running") this.#clock = setInterval(() => this.#tick(), 500);
		if (!busy) this.#progress.finish();
		if (state.name === "stopped") this.#offerRestart(state.by);
	}

	clear(): void {
		this.#output.replaceChildren();
		this.#output.hidden = true;
		this.#progress = new ProgressBars();
		this.#console = undefined;
	}

	output(output: Output): void {
		switch (output.kind) {
			case "display":
				this.#console = undefined;
				this.#append(render(output.model));
				return;
			case "console":
				if (!this.#console) {
					this.#console = element("div", { class: "cw-console" });
					this.#append(this.#console);
				}
				this.#console.append(
					element("pre", { class: `cw-console-line cw-console-${output.level}` }, output.text),
				);
				return;
			case "progress": {
				const bar = this.#progress.update(output.progress, output.elapsed);
				if (!bar.isConnected) this.#append(bar);
				return;
			}
			case "notice":
				this.notice(output.text);
		}
	}

	fail(error: ErrorOutput): void {
		this.#console = undefined;
		this.#append(
			renderError(error, {
				source: (cell) => (cell === this.#data.id ? this.#source : undefined),
				goTo: (place) => this.#goTo(place),
			}),
		);
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
		this.#append(box);
		this.#element.dataset.verdict = verdict.passed ? "passed" : "failed";
		this.#say(verdict.passed ? "solved" : "not solved yet");
	}

	notice(text: string): void {
		this.#append(element("p", { class: "cw-notice" }, text));
	}

	#say(text: string): void {
		if (this.#stateLine.textContent !== text) this.#stateLine.textContent = text;
	}

	/** Elapsed time, silently for a screen reader; the deadline when it nears, with a way to lengthen it. */
	#tick(): void {
		if (this.#state.name !== "running") return;
		const { since, deadline } = this.#state;
		const now = Date.now();
		this.#stateLine.dataset.elapsed = duration(now - since);
		const near = now - since > warnFrom * (deadline - since);
		const shown = this.#output.querySelector<HTMLElement>(".cw-deadline");
		if (!near) {
			shown?.remove();
			return;
		}
		const left = `This run will be stopped in ${Math.max(0, Math.ceil((deadline - now) / 1000))} s. `;
		if (shown) {
			(shown.firstChild as Text).data = left;
			return;
		}
		const more = element(
			"button",
			{ type: "button", class: "cw-small-button" },
			`Give it ${this.#data.timeout} s more`,
		);
		more.addEventListener("click", () => this.#session.extend(this.#data.id));
		this.#append(element("p", { class: "cw-notice cw-deadline" }, left, more));
	}

	#offerRestart(by: "reader" | "deadline" | "kernel"): void {
		this.#output.querySelector(".cw-deadline")?.remove();
		const why = {
			reader: "Stopped.",
			deadline: "Stopped, because its time was up.",
			kernel: "The kernel ended by itself: it may have run out of memory.",
		}[by];
		this.#append(
			element(
				"p",
				{ class: "cw-notice" },
				`${why} The kernel starts afresh with the next run, and cells run again by themselves when one needs them.`,
			),
		);
	}

	#append(node: Node): void {
		this.#output.hidden = false;
		this.#output.append(node);
	}

	#edited(source: string): void {
		this.#source = source;
		this.#session.edit(this.#data.id, source);
		this.#showReset(source !== this.#data.source);
	}

	#showReset(edited: boolean): void {
		this.#element.classList.toggle("cw-cell-edited", edited);
		this.#tools.hidden = !edited;
		if (!edited || this.#tools.childElementCount > 0) return;
		const reset = element(
			"button",
			{ type: "button", class: "cw-small-button" },
			"Put back the original code",
		);
		reset.addEventListener("click", () => {
			this.#editor?.setValue(this.#data.source);
			this.#edited(this.#data.source);
		});
		this.#tools.append(reset);
	}

	async #goTo(place: { cell: string; line: number; column: number }): Promise<void> {
		if (place.cell !== this.#data.id) {
			document.getElementById(`cell-${place.cell}`)?.scrollIntoView({ block: "center" });
			return;
		}
		await this.edit();
		this.#editor?.goTo(place.line, place.column);
	}

	#focusNext(): void {
		const cells = [...document.querySelectorAll<HTMLElement>("chunkwise-cell")];
		const next = cells[cells.indexOf(this.#element) + 1];
		next?.querySelector<HTMLElement>("[data-part=run]")?.focus();
		next?.scrollIntoView({ block: "nearest" });
	}
}
