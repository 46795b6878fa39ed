/** What runs next: cells that were asked for, put behind those that they need once the kernel has said which. */
import type { Cell } from "./cell.ts";
import type { CellList } from "./cell-list.ts";
import type { KernelClient } from "./kernel-client.ts";
import type { KernelKeeper } from "./kernel-keeper.ts";
import {
	tellNoKernel,
	tellNotRunAfterFailure,
	tellRunsFirst,
	tellStaleNeeds,
	tellStoppedNeed,
} from "./notices.ts";
import { RunQueue } from "./queue.ts";
import type { CellState } from "./state.ts";
import type { UnderWay } from "./under-way.ts";

/** What the buttons behind a notice do. */
export interface WaysOut {
	run(cell: Cell): void;
	runStale(): void;
}

export class Schedule {
	readonly #cells: CellList;
	readonly #kernels: KernelKeeper;
	readonly #underWay: UnderWay;
	readonly #waysOut: WaysOut;
	readonly #queue = new RunQueue();
	/** Cells that were asked to run and wait for the kernel's start or for the plan. */
	readonly #preparing = new Set<Cell>();

	constructor(cells: CellList, kernels: KernelKeeper, underWay: UnderWay, waysOut: WaysOut) {
		this.#cells = cells;
		this.#kernels = kernels;
		this.#underWay = underWay;
		this.#waysOut = waysOut;
	}

	/** Has cells wait for their turn, and those that they need before them; starts the kernel if need be. */
	async ask(targets: readonly Cell[]): Promise<void> {
		if (targets.length === 0) return;
		const [first] = targets;
		for (const cell of targets) {
			this.#preparing.add(cell);
			if (cell === first) this.#cells.setState(cell, this.#waitingState());
			else this.#cells.setState(cell, { name: "queued", behind: `“${first.title}”` });
		}
		const kernel = await this.#prepare(first);
		// Called off meanwhile, or the kernel could not start.
		const wanted = targets.filter((cell) => this.#preparing.delete(cell));
		if (!kernel) {
			for (const cell of wanted) if (cell !== first) this.#cells.callOff(cell);
			return;
		}
		const group = this.#queue.newGroup();
		for (const cell of wanted) this.#plan(cell, group, targets.length === 1);
	}

	/** Takes out the cell whose turn it is. */
	next(): Cell | undefined {
		return this.#queue.shift()?.cell;
	}

	/** A cell is no longer on the page. */
	remove(cell: Cell): void {
		this.#queue.remove(cell);
		this.#preparing.delete(cell);
	}

	/** Takes out what was to run together with a cell that failed, or needs it. */
	callOffAfter(failed: Cell): void {
		for (const waiting of this.#queue.drop((cell) => this.#cells.plan(cell).includes(failed))) {
			tellNotRunAfterFailure(waiting, failed);
			this.#cells.callOff(waiting);
		}
	}

	/** Takes out what waits for its turn; what waits for the kernel still does. */
	clearQueue(): Cell[] {
		return this.#queue.clear();
	}

	/** Takes out all that waits. */
	clear(): Cell[] {
		const waiting = [...this.#queue.clear(), ...this.#preparing];
		this.#preparing.clear();
		return waiting;
	}

	/** What a cell says that has just been asked for. */
	#waitingState(): CellState {
		const { cell } = this.#underWay;
		if (cell) return { name: "queued", behind: `“${cell.title}”` };
		return { name: "loading", what: this.#kernels.current?.idle ? "the cell" : "the kernel" };
	}

	/** Starts the kernel if need be and learns what cells define and use; undefined where that failed or was stopped. */
	async #prepare(cell: Cell): Promise<KernelClient | undefined> {
		try {
			const kernel = await this.#kernels.start();
			if (!kernel) return undefined;
			this.#underWay.expectAnswer(cell);
			await this.#cells.analyse(kernel);
			return this.#kernels.current === kernel ? kernel : undefined;
		} catch (error) {
			if (!this.#preparing.has(cell)) return undefined;
			tellNoKernel(cell, error as Error);
			cell.result = undefined;
			this.#cells.setState(cell, { name: "failed", ms: 0 });
			return undefined;
		} finally {
			this.#underWay.answered();
		}
	}

	/** Puts a cell into the queue, behind those that it needs. */
	#plan(cell: Cell, group: number, isAlone: boolean): void {
		const plan = this.#cells.plan(cell);
		const stopped = plan.find(
			(other) => other !== cell && other.state.name === "stopped" && !this.#queue.has(other),
		);
		cell.view.clear();
		if (stopped) {
			tellStoppedNeed(cell, stopped, () => this.#waysOut.run(stopped));
			this.#cells.callOff(cell);
			this.#cells.refresh();
			return;
		}
		const first = plan.filter(
			(other) => other !== cell && other !== this.#underWay.cell && !this.#queue.has(other),
		);
		for (const other of first) {
			this.#preparing.delete(other);
			other.view.clear();
			this.#enqueue(other, group);
		}
		if (isAlone) {
			if (first.length > 0) tellRunsFirst(cell, first);
			const stale = this.#cells
				.usedBy(cell)
				.filter((other) => other.live && other.state.name === "stale" && !this.#queue.has(other));
			if (stale.length > 0) tellStaleNeeds(cell, stale, () => this.#waysOut.runStale());
		}
		this.#enqueue(cell, group);
	}

	#enqueue(cell: Cell, group: number): void {
		if (this.#queue.has(cell) || cell === this.#underWay.cell) return;
		const before = this.#queue.last ?? this.#underWay.cell;
		this.#queue.push(cell, group);
		this.#cells.setState(
			cell,
			before ? { name: "queued", behind: `“${before.title}”` } : { name: "loading", what: "the cell" },
		);
	}
}
