/** A session with a kernel in this process: the worker's own parts behind a Worker's face. */
import { analyse } from "../../src/kernel/compile/compile.ts";
import type { FromKernel, Output, ToKernel, Verdict } from "../../src/kernel/protocol.ts";
import type { CellSpec, CellView } from "../../src/kernel/session/cell.ts";
import { Session } from "../../src/kernel/session/session.ts";
import type { CellState } from "../../src/kernel/session/state.ts";
import { Runner } from "../../src/kernel/worker/run.ts";

export class KernelHere extends EventTarget {
	readonly #runner = new Runner((message) => this.#send(message));
	readonly #cells = new Set<string>();
	#last: Promise<void> = Promise.resolve();
	#isEnded = false;
	#isBusy = false;

	constructor() {
		super();
		queueMicrotask(() => this.#send({ type: "ready" }));
	}

	postMessage(data: ToKernel): void {
		// As between threads: later, and a copy.
		const message = structuredClone(data);
		queueMicrotask(() => {
			if (!this.#isEnded) this.#take(message);
		});
	}

	terminate(): void {
		this.#isEnded = true;
		for (const cell of this.#cells) this.#runner.names.forget(cell);
	}

	/** From now on it answers nothing, as where a callback computes for ever. */
	hang(): void {
		this.#isBusy = true;
	}

	/** Ends by itself. */
	crash(message: string): void {
		this.dispatchEvent(Object.assign(new Event("error", { cancelable: true }), { message }));
	}

	/** Says something that code here would not make it say. */
	say(message: FromKernel): void {
		this.#send(message);
	}

	#take(data: ToKernel): void {
		if (this.#isBusy) return;
		if (data.type === "analyse") {
			const analyses = Object.fromEntries(data.cells.map(({ id, source }) => [id, analyse(source)]));
			this.#send({ type: "analysed", request: data.request, analyses });
		} else if (data.type === "ping") this.#send({ type: "pong", request: data.request });
		else if (data.type === "forget") this.#runner.names.forget(data.cell);
		else if (data.type === "run") {
			this.#cells.add(data.cell);
			this.#last = this.#last.then(() => {
				this.#send({ type: "running", run: data.run });
				return this.#runner.run(data);
			});
		}
	}

	#send(message: FromKernel): void {
		if (this.#isEnded) return;
		this.dispatchEvent(Object.assign(new Event("message"), { data: structuredClone(message) }));
	}
}

/** What a cell's element would show. */
export class Seen implements CellView {
	states: CellState[] = [];
	outputs: string[] = [];
	notices: string[] = [];
	actions: { label: string; act(): void }[] = [];
	verdicts: Verdict[] = [];

	setState(state: CellState): void {
		this.states.push(state);
	}
	clear(): void {
		this.outputs = [];
		this.notices = [];
		this.actions = [];
	}
	show(output: Output): void {
		if (output.kind === "console") this.outputs.push(output.text);
		if (output.kind === "display" && "text" in output.model) this.outputs.push(output.model.text);
	}
	fail(error: { message: string }): void {
		this.outputs.push(error.message);
	}
	verdict(verdict: Verdict): void {
		this.verdicts.push(verdict);
	}
	notice(text: string, action?: { label: string; act(): void }): void {
		this.notices.push(text);
		if (action) this.actions.push(action);
	}
	reveal(): void {}
}

export class Notebook {
	readonly session: Session;
	readonly seen = new Map<string, Seen>();
	/** Kernels started so far. */
	kernels = 0;
	/** The one started last. */
	kernel?: KernelHere;
	/** Set where the browser refuses to start one. */
	refuseKernels?: Error;

	constructor(cells: Record<string, string | Partial<CellSpec>> = {}) {
		this.session = new Session({
			createWorker: () => {
				if (this.refuseKernels) throw this.refuseKernels;
				this.kernels++;
				this.kernel = new KernelHere();
				return this.kernel as unknown as Worker;
			},
			settings: async () => ({ samples: { dataUrl: "http://localhost/" } }),
			serveBucket: async () => ({ url: "" }),
		});
		for (const [id, given] of Object.entries(cells)) this.add(id, given);
	}

	add(id: string, given: string | Partial<CellSpec>, index?: number): void {
		const view = new Seen();
		this.seen.set(id, view);
		const spec = typeof given === "string" ? { source: given } : given;
		this.session.add({ title: id, source: "", needs: [], timeout: 60, ...spec, id, view }, index);
	}

	cell(id: string): Seen {
		const seen = this.seen.get(id);
		if (!seen) throw new Error(`no cell ${id}`);
		return seen;
	}

	/** The name of a cell's state. */
	state(id: string): string {
		return this.session.states()[id].name;
	}

	/** `a done, b stale`. */
	states(): string {
		return Object.entries(this.session.states())
			.map(([id, { name }]) => `${id} ${name}`)
			.join(", ");
	}

	/** Resolves when nothing waits or runs any more. */
	async settled(): Promise<void> {
		await new Promise((resolve) => setTimeout(resolve));
		while (this.session.busy) await new Promise((resolve) => setTimeout(resolve, 2));
	}

	async run(id: string): Promise<string[]> {
		await this.session.run(id);
		await this.settled();
		return this.cell(id).outputs;
	}
}
