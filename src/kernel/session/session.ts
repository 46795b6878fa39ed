/**
 * The page's side of the kernel: which cells there are, what state each is in, what runs next. It knows nothing of
 * how a cell looks; each cell gives it a view.
 */
import type { FromKernel } from "../protocol.ts";
import { type Cell, type CellSpec, planned, sourceWithCheck } from "./cell.ts";
import type { KernelClient } from "./kernel-client.ts";
import { type KernelHost, KernelKeeper } from "./kernel-keeper.ts";
import { dependents, planRun } from "./plan.ts";
import { type CellState, isBusy } from "./state.ts";

export interface SessionHost extends KernelHost {
	/** Called when what the page's own controls show may have changed. */
	changed?(): void;
}

export class Session {
	readonly #host: SessionHost;
	readonly #cells: Cell[] = [];
	readonly #kernels: KernelKeeper;
	#queue: Cell[] = [];
	#active?: Cell;
	#runs = 0;

	constructor(host: SessionHost) {
		this.#host = host;
		this.#kernels = new KernelKeeper(
			host,
			(message) => this.#hear(message),
			(message) => {
				this.#active?.view.notice(message);
				this.stop("kernel");
			},
		);
	}

	add(spec: CellSpec): void {
		this.#cells.push({ ...spec, state: { name: "idle" }, live: false, run: 0 });
	}

	get busy(): boolean {
		return this.#cells.some((cell) => isBusy(cell.state));
	}

	states(): Record<string, CellState> {
		return Object.fromEntries(this.#cells.map((cell) => [cell.id, cell.state]));
	}

	/** The reader changed a cell's text. */
	edit(id: string, source: string): void {
		const cell = this.#cell(id);
		if (cell.source === source) return;
		cell.source = source;
		cell.analysis = undefined;
		if (cell.state.name === "done" || cell.state.name === "failed") {
			this.#set(cell, { name: "stale", why: "edited since it ran" });
		}
	}

	/** Runs a cell, and first those that it needs and that have not run. */
	async run(id: string): Promise<void> {
		const cell = this.#cell(id);
		if (isBusy(cell.state)) return;
		if (!(await this.#prepare(cell))) return;
		const plan = planRun(this.#cells.map(planned), id).map((other) => this.#cell(other));
		const blocked = plan.find((other) => other !== cell && other.state.name === "stopped");
		if (blocked) {
			cell.view.clear();
			cell.view.notice(`This cell needs “${blocked.title}”, which was stopped. Run that one yourself first.`);
			this.#set(cell, { name: "idle" });
			return;
		}
		const first = plan.filter((other) => other !== cell && !isBusy(other.state));
		if (first.length > 0) {
			const names = first.map((other) => `“${other.title}”`).join(", ");
			cell.view.clear();
			cell.view.notice(
				`Running first, because this cell needs ${first.length > 1 ? "them" : "it"}: ${names}.`,
			);
		}
		for (const other of first) this.#enqueue(other);
		this.#enqueue(cell, first.length > 0);
		this.#next();
	}

	/** Runs every cell of the page in order, exercises left to the reader. A failure ends it. */
	async runAll(): Promise<void> {
		const cells = this.#cells.filter((cell) => cell.check === undefined && !isBusy(cell.state));
		if (cells.length === 0) return;
		if (!(await this.#prepare(cells[0]))) return;
		for (const cell of cells) this.#enqueue(cell);
		this.#next();
	}

	/** Stops what runs, at once, by ending the worker. The names of all cells go with it. */
	stop(by: "reader" | "deadline" | "kernel" = "reader"): void {
		const active = this.#active;
		this.#kernels.end();
		this.#active = undefined;
		const waiting = this.#queue;
		this.#queue = [];
		clearTimeout(active?.deadline);
		for (const cell of waiting) this.#set(cell, { name: "idle" });
		for (const cell of this.#cells) {
			cell.run = 0;
			if (cell.live) {
				cell.live = false;
				if (cell.state.name === "done") {
					this.#set(cell, { name: "stale", why: "the kernel was restarted; run it again to use its names" });
				}
			}
			if (cell !== active && cell.state.name === "loading") this.#set(cell, { name: "idle" });
		}
		if (active) this.#set(active, { name: "stopped", by });
		this.#host.changed?.();
	}

	/** A new kernel: all names are gone, all cells as if never run. */
	restart(): void {
		this.stop();
		for (const cell of this.#cells) {
			cell.view.clear();
			this.#set(cell, { name: "idle" });
		}
	}

	/** Gives a running cell as much time again. */
	extend(id: string): void {
		const cell = this.#cell(id);
		if (cell.state.name !== "running") return;
		this.#setDeadline(cell, cell.state.since, cell.state.deadline + cell.timeout * 1000);
	}

	/** New settings, for a kernel that runs and for those to come. */
	configure(): Promise<void> {
		return this.#kernels.configure();
	}

	#cell(id: string): Cell {
		const cell = this.#cells.find((other) => other.id === id);
		if (!cell) throw new Error(`There is no cell ${id} on this page`);
		return cell;
	}

	#set(cell: Cell, state: CellState): void {
		cell.state = state;
		cell.view.setState(state);
		this.#host.changed?.();
	}

	/** Starts the kernel if need be and learns what cells define and use; false where that failed or was stopped. */
	async #prepare(cell: Cell): Promise<boolean> {
		this.#set(cell, { name: "loading", what: "the kernel" });
		const kernel = await this.#start(cell);
		if (!kernel) return false;
		await this.#analyse(kernel);
		return this.#kernels.current === kernel;
	}

	/** The kernel, started if need be. A failure is shown under `cell`. */
	async #start(cell: Cell): Promise<KernelClient | undefined> {
		try {
			return await this.#kernels.start();
		} catch (error) {
			cell.view.clear();
			cell.view.fail({
				name: "Kernel",
				message: (error as Error).message,
				remedy: "Press Run to try again; your code is kept.",
				trace: [],
			});
			this.#set(cell, { name: "failed", ms: 0 });
			return undefined;
		}
	}

	async #analyse(kernel: KernelClient): Promise<void> {
		const unknown = this.#cells.filter((cell) => !cell.analysis);
		if (unknown.length === 0) return;
		const asked = unknown.map((cell) => ({ id: cell.id, source: sourceWithCheck(cell) }));
		const analyses = await kernel.analyse(asked);
		unknown.forEach((cell, i) => {
			// Edited meanwhile: what was asked is no longer what is there.
			if (asked[i].source === sourceWithCheck(cell)) cell.analysis = analyses[cell.id];
		});
	}

	#enqueue(cell: Cell, keepNotice = false): void {
		if (this.#queue.includes(cell) || cell === this.#active) return;
		if (!keepNotice) cell.view.clear();
		const before = this.#queue.at(-1) ?? this.#active;
		this.#queue.push(cell);
		this.#set(
			cell,
			before ? { name: "queued", behind: `“${before.title}”` } : { name: "loading", what: "the cell" },
		);
	}

	#next(): void {
		const kernel = this.#kernels.current;
		if (this.#active || !kernel) return;
		const cell = this.#queue.shift();
		if (!cell) return;
		this.#active = cell;
		cell.run = ++this.#runs;
		kernel.send({ type: "run", run: cell.run, cell: cell.id, source: cell.source, check: cell.check });
		const since = Date.now();
		this.#setDeadline(cell, since, since + cell.timeout * 1000);
	}

	#setDeadline(cell: Cell, since: number, deadline: number): void {
		clearTimeout(cell.deadline);
		cell.deadline = setTimeout(() => this.stop("deadline"), deadline - Date.now());
		this.#set(cell, { name: "running", since, deadline });
	}

	#hear(message: FromKernel): void {
		if (!("run" in message)) return;
		const cell = this.#cells.find((other) => other.run === message.run);
		// From an outdated run: dropped.
		if (!cell) return;
		switch (message.type) {
			case "loading":
				if (cell === this.#active && cell.state.name === "running")
					cell.view.setState({ name: "loading", what: message.what });
				return;
			case "running":
				if (cell === this.#active) cell.view.setState(cell.state);
				return;
			case "outputs":
				for (const output of message.outputs) cell.view.show(output);
				return;
			case "done":
				this.#ended(cell, { name: "done", ms: message.ms }, true);
				if (message.verdict) cell.view.verdict(message.verdict);
				return;
			case "failed":
				cell.view.fail(message.error);
				this.#ended(cell, { name: "failed", ms: message.ms }, false);
		}
	}

	#ended(cell: Cell, state: CellState, live: boolean): void {
		clearTimeout(cell.deadline);
		this.#active = undefined;
		cell.live = live && cell.check === undefined;
		this.#set(cell, state);
		if (!live) {
			for (const waiting of this.#queue) {
				waiting.view.notice(`Not run, because “${cell.title}” failed.`);
				this.#set(waiting, { name: "idle" });
			}
			this.#queue = [];
		} else if (cell.check === undefined) {
			for (const id of dependents(this.#cells.map(planned), cell.id)) {
				const other = this.#cell(id);
				if (other.state.name === "done")
					this.#set(other, { name: "stale", why: `“${cell.title}” ran again` });
			}
		}
		this.#next();
		this.#host.changed?.();
	}
}
