/** The runs of a page: gives the kernel one cell after the other, hears what comes of each, and ends what runs. */
import type { FromKernel, Verdict } from "../protocol.ts";
import type { Cell } from "./cell.ts";
import type { CellList } from "./cell-list.ts";
import type { Listeners, SessionEvents } from "./events.ts";
import { type KernelHost, KernelKeeper } from "./kernel-keeper.ts";
import { tellNotRunAfterStop } from "./notices.ts";
import { Schedule, type WaysOut } from "./schedule.ts";
import type { CellState, StoppedBy } from "./state.ts";
import { UnderWay } from "./under-way.ts";

export interface RunsHost extends KernelHost {
	/** Called when what the page's own controls show may have changed. */
	changed?(): void;
}

export class Runs {
	readonly kernels: KernelKeeper;
	readonly #cells: CellList;
	readonly #host: RunsHost;
	readonly #listeners: Listeners<SessionEvents>;
	readonly #underWay: UnderWay;
	readonly #schedule: Schedule;
	#count = 0;

	constructor(cells: CellList, host: RunsHost, listeners: Listeners<SessionEvents>, waysOut: WaysOut) {
		this.#cells = cells;
		this.#host = host;
		this.#listeners = listeners;
		this.#underWay = new UnderWay(cells, () => this.stop("deadline"));
		this.kernels = new KernelKeeper(
			host,
			(message) => this.#hear(message),
			(message) => {
				this.active?.view.notice(message);
				this.stop("kernel");
			},
		);
		this.#schedule = new Schedule(cells, this.kernels, this.#underWay, waysOut);
	}

	/** The cell that runs. */
	get active(): Cell | undefined {
		return this.#underWay.cell;
	}

	/** Runs cells and what they need. Resolves when they wait for their turn, or will not run. */
	async run(targets: readonly Cell[]): Promise<void> {
		await this.#schedule.ask(targets);
		this.#next();
	}

	/** Gives a running cell as much time again. */
	extend(cell: Cell): void {
		this.#underWay.extend(cell);
	}

	/** Takes a cell that leaves the page out of what waits and what runs, and its names out of the kernel. */
	remove(cell: Cell): void {
		if (cell === this.active) this.stop("reader");
		this.#schedule.remove(cell);
		this.kernels.current?.send({ type: "forget", cell: cell.id });
	}

	/** Ends what runs, at once, by ending the worker, and calls off what waits. */
	stop(by: StoppedBy): void {
		const active = this.#underWay.end();
		const isIdleKernel = by === "reader" && !active && this.kernels.current?.idle;
		const waiting = this.#schedule.clear();
		// Nothing runs and the kernel answers: what waits is called off, and the names stay.
		if (!isIdleKernel) this.endKernel();
		for (const cell of waiting) {
			if (cell === active) continue;
			if (active) tellNotRunAfterStop(cell, active);
			this.#cells.callOff(cell);
		}
		if (active) {
			active.result = undefined;
			active.ran = undefined;
			this.#end(active, { name: "stopped", by });
		}
		this.#cells.refresh();
		this.#host.changed?.();
	}

	endKernel(): void {
		this.kernels.end();
		this.#cells.loseNames();
	}

	#next(): void {
		const kernel = this.kernels.current;
		if (this.active || !kernel) return;
		const cell = this.#schedule.next();
		if (!cell) return;
		cell.run = ++this.#count;
		cell.ran = {
			source: cell.source,
			run: cell.run,
			used: new Map(this.#cells.usedBy(cell).map(({ id, ran }) => [id, ran?.run ?? 0])),
		};
		kernel.send({
			type: "run",
			run: cell.run,
			cell: cell.id,
			source: cell.source,
			check: cell.check,
			from: this.#cells.originsFor(cell),
		});
		this.#underWay.begin(cell);
		this.#listeners.tell("run-started", { cell: cell.id, run: cell.run });
	}

	#hear(message: FromKernel): void {
		if (!("run" in message)) return;
		const cell = this.#cells.ofRun(message.run);
		// From an outdated run: dropped.
		if (!cell) return;
		switch (message.type) {
			case "loading":
				this.#underWay.loads(cell, message.what, message.bytes);
				return;
			case "running":
				this.#underWay.runs(cell);
				return;
			case "outputs":
				for (const output of message.outputs) cell.view.show(output);
				return;
			case "requests": {
				const { run, requests, rest } = message;
				this.#listeners.tell("requests", { cell: cell.id, run, requests, rest });
				return;
			}
			case "done":
				cell.live = cell.check === undefined;
				cell.result = { name: "done", ms: message.ms };
				if (message.verdict) cell.view.verdict(message.verdict);
				this.#ended(cell, cell.result, message.verdict);
				return;
			case "failed":
				if (message.error.name === "module-stuck") return this.#runAfresh(cell);
				cell.view.fail(message.error);
				cell.live = false;
				cell.result = { name: "failed", ms: message.ms };
				this.#ended(cell, cell.result);
		}
	}

	/** The browser remembers that a module failed to load, for as long as the worker lives: another one asks again. */
	#runAfresh(cell: Cell): void {
		this.#underWay.end();
		const waiting = this.#schedule.clearQueue();
		this.endKernel();
		for (const other of [cell, ...waiting]) this.#cells.setState(other, { name: "idle" });
		this.#cells.refresh();
		void this.run([cell, ...waiting]);
	}

	#ended(cell: Cell, result: CellState, verdict?: Verdict): void {
		this.#underWay.end();
		cell.lost = false;
		this.#end(cell, result, verdict);
		if (result.name === "failed") this.#schedule.callOffAfter(cell);
		this.#cells.refresh();
		this.#next();
		this.#host.changed?.();
	}

	#end(cell: Cell, state: CellState, verdict?: Verdict): void {
		this.#cells.setState(cell, state);
		this.#listeners.tell("run-ended", { cell: cell.id, run: cell.run, state, verdict });
	}
}
