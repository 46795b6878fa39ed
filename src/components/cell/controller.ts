/** One cell on the page: its button, state, code and outputs. It is the view that the session talks to. */
import type { ErrorOutput, Output, Verdict } from "../../kernel/protocol.ts";
import type { CellView, NoticeAction } from "../../kernel/session/cell.ts";
import type { Session } from "../../kernel/session/session.ts";
import { type CellState, isBusy, loadedText, type StoppedBy, stateText } from "../../kernel/session/state.ts";
import type { Editor } from "../editor/editor.ts";
import type { CellData, CellEvents, CellHandle, CellPart } from "./cell-parts.ts";
import { element } from "./displays/element.ts";
import { OutputArea } from "./output-area.ts";

const whyStopped = {
	reader: "Stopped.",
	deadline: "Stopped, because its time was up.",
	kernel: "The kernel ended by itself: it may have run out of memory.",
};

export class CellController implements CellView, CellHandle {
	readonly element: HTMLElement;
	readonly data: CellData;
	readonly session: Session;
	readonly output: OutputArea;
	readonly #code: HTMLElement;
	readonly #tools: HTMLElement;
	readonly #stateLine: HTMLElement;
	readonly #run: HTMLButtonElement;
	readonly #listeners: { [K in keyof CellEvents]: ((value: CellEvents[K]) => void)[] } = {
		edit: [],
		state: [],
		verdict: [],
	};
	readonly #beforeRun: (() => Promise<boolean>)[] = [];
	#source: string;
	#state: CellState = { name: "idle" };
	/** What came of the last attempt at an exercise. */
	#judged = "";
	#editor?: Editor;

	constructor(host: HTMLElement, data: CellData, session: Session, parts: readonly CellPart[]) {
		this.element = host;
		this.data = data;
		this.#source = data.source;
		this.session = session;
		const part = (name: string) => host.querySelector(`[data-part=${name}]`) as HTMLElement;
		this.#code = part("code");
		this.output = new OutputArea(part("output"));
		this.#tools = part("tools");
		this.#stateLine = part("state");
		this.#run = part("run") as HTMLButtonElement;
		for (const attach of parts) attach(this);
	}

	get source(): string {
		return this.#source;
	}

	on<K extends keyof CellEvents>(event: K, listener: (value: CellEvents[K]) => void): void {
		this.#listeners[event].push(listener);
	}

	addTool(button: HTMLElement): void {
		this.#tools.append(button);
		this.#showTools();
		new MutationObserver(() => this.#showTools()).observe(button, { attributeFilter: ["hidden"] });
	}

	beforeRun(ask: () => Promise<boolean>): void {
		this.#beforeRun.push(ask);
	}

	runOrStop(): void {
		if (isBusy(this.#state)) this.session.stop();
		else void this.#runIfReady();
	}

	async #runIfReady(): Promise<void> {
		for (const ask of this.#beforeRun) if (!(await ask())) return;
		void this.session.run(this.data.id);
	}

	/** Opens the editor in place of the highlighted code. */
	async edit(place?: { line: number; column: number }): Promise<void> {
		if (!this.data.readonly && !this.#editor) {
			const { openEditor } = await import("../editor/editor.ts");
			this.#editor ??= openEditor(this.#code, {
				source: this.#source,
				label: `Code of “${this.data.title}”. Escape leaves the editor.`,
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
		if (place) this.#editor?.goTo(place.line, place.column);
		else this.#editor?.focus();
	}

	setSource(source: string): void {
		this.#editor?.setValue(source);
		this.#edited(source);
	}

	setState(state: CellState): void {
		this.#state = state;
		this.element.dataset.state = state.name;
		const busy = isBusy(state);
		const label = this.#run.querySelector("[data-part=run-label]");
		const idleLabel = this.data.check === undefined ? "Run" : "Check";
		if (label) label.textContent = busy ? "Stop" : idleLabel;
		// On the output alone: within a busy element a screen reader would keep the state line to itself.
		this.element.querySelector("[data-part=output]")?.setAttribute("aria-busy", String(busy));
		// How much has come is for the eye: told aloud, every file would be an interruption.
		if (state.name === "loading" && state.bytes) this.#stateLine.dataset.loaded = loadedText(state.bytes);
		else delete this.#stateLine.dataset.loaded;
		// Of an answer it is told whether it is right, not how long that took to find out.
		this.say(state.name === "done" && this.data.check !== undefined ? this.#judged : stateText(state));
		if (!busy) this.output.finish();
		this.#tell("state", state);
		if (state.name === "stopped") {
			this.#sayStopped(state.by);
		}
	}

	clear(): void {
		this.output.clear();
	}

	show(output: Output): void {
		this.output.output(output);
	}

	fail(error: ErrorOutput): void {
		this.output.fail(error, {
			source: (cell) => (cell === this.data.id ? this.#source : undefined),
			goTo: (place) => {
				if (place.cell === this.data.id) void this.edit(place);
				else document.getElementById(`cell-${place.cell}`)?.scrollIntoView({ block: "center" });
			},
		});
	}

	verdict(verdict: Verdict): void {
		this.element.dataset.verdict = verdict.passed ? "passed" : "failed";
		this.#judged = verdict.passed ? "solved" : "not solved yet";
		this.say(this.#judged);
		this.#tell("verdict", verdict);
	}

	notice(text: string, action?: NoticeAction): void {
		if (!action) return this.output.notice(text);
		const button = element("button", { type: "button", class: "cw-small-button" }, action.label);
		button.addEventListener("click", () => action.act());
		this.output.append(element("p", { class: "cw-notice" }, `${text} `, button));
	}

	reveal(): void {
		const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
		this.element.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
		this.#run.focus({ preventScroll: true });
	}

	/** The way on after a stop; the session has taken stock when this cell's state is told. */
	#sayStopped(by: StoppedBy): void {
		const text = `${whyStopped[by]} The kernel was ended with it; your code is kept.`;
		queueMicrotask(() => {
			const lost = this.session.lost;
			if (lost.length === 0) return this.notice(`${text} The next run starts another.`);
			const order = Object.keys(this.session.states());
			const isAbove = lost.every((id) => order.indexOf(id) < order.indexOf(this.data.id));
			this.notice(
				`${text} The names of ${lost.length === 1 ? "one cell" : `${lost.length} cells`} went too.`,
				{
					label: `Run the ${isAbove ? "cells above" : "other cells"} again`,
					act: () => void this.session.restore(),
				},
			);
		});
	}

	say(text: string): void {
		if (this.#stateLine.textContent !== text) this.#stateLine.textContent = text;
	}

	#tell<K extends keyof CellEvents>(event: K, value: CellEvents[K]): void {
		for (const listener of this.#listeners[event]) listener(value);
	}

	#showTools(): void {
		this.#tools.hidden = [...this.#tools.children].every((tool) => (tool as HTMLElement).hidden);
	}

	#edited(source: string): void {
		if (source === this.#source) return;
		this.#source = source;
		this.session.edit(this.data.id, source);
		this.#tell("edit", source);
	}

	#focusNext(): void {
		const cells = [...document.querySelectorAll<HTMLElement>("chunkwise-cell")];
		const next = cells[cells.indexOf(this.element) + 1];
		next?.querySelector<HTMLElement>("[data-part=run]")?.focus();
		next?.scrollIntoView({ block: "nearest" });
	}
}
