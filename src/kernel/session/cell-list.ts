/** The page's cells in their order, the state of each, what each defines and uses, and which are out of date. */
import { type Cell, type CellSpec, newCell, planned, sourceWithCheck } from "./cell.ts";
import type { Listeners, SessionEvents } from "./events.ts";
import type { KernelClient } from "./kernel-client.ts";
import { dependencies, origins, planRun } from "./plan.ts";
import { whyStale } from "./staleness.ts";
import { type CellState, isBusy } from "./state.ts";

export class CellList {
	readonly #cells: Cell[] = [];
	readonly #listeners: Listeners<SessionEvents>;
	readonly #changed: () => void;
	/** Cells whose names went with the kernel that ended last. */
	#lost: string[] = [];

	/** `changed` is called when what the page's own controls show may have changed. */
	constructor(listeners: Listeners<SessionEvents>, changed: () => void) {
		this.#listeners = listeners;
		this.#changed = changed;
	}

	get all(): readonly Cell[] {
		return this.#cells;
	}

	find(id: string): Cell | undefined {
		return this.#cells.find((cell) => cell.id === id);
	}

	/** @throws where there is none. */
	get(id: string): Cell {
		const cell = this.find(id);
		if (!cell) throw new Error(`There is no cell ${id} on this page`);
		return cell;
	}

	/** The cell whose latest run has this number; none where the run is outdated. */
	ofRun(run: number): Cell | undefined {
		return this.#cells.find((cell) => cell.run === run);
	}

	add(spec: CellSpec, index = this.#cells.length): void {
		if (this.find(spec.id)) throw new Error(`There is a cell ${spec.id} already`);
		this.#cells.splice(index, 0, newCell(spec));
		this.#arranged();
	}

	remove(cell: Cell): void {
		this.#cells.splice(this.#cells.indexOf(cell), 1);
		this.#lost = this.#lost.filter((other) => other !== cell.id);
		this.#arranged();
	}

	/** Puts a cell where it is the `index`th. */
	move(cell: Cell, index: number): void {
		this.#cells.splice(this.#cells.indexOf(cell), 1);
		this.#cells.splice(index, 0, cell);
		this.#arranged();
	}

	rename(cell: Cell, title: string): void {
		cell.title = title;
		this.#arranged();
	}

	setState(cell: Cell, state: CellState): void {
		cell.state = state;
		cell.view.setState(state);
		this.#listeners.tell("state", { cell: cell.id, state });
		this.#changed();
	}

	/** A cell that was to run and does not is as it was before. */
	callOff(cell: Cell): void {
		this.setState(cell, cell.result ?? { name: "idle" });
	}

	/** Marks what is out of date, and takes the mark off where an edit was undone. */
	refresh(): void {
		const needs = dependencies(this.#cells.map(planned));
		const stale = whyStale(this.#cells.map((cell) => ({ ...cell, dependencies: needs.get(cell.id) ?? [] })));
		for (const cell of this.#cells) {
			if (!cell.result || isBusy(cell.state)) continue;
			const why = stale.get(cell.id);
			const state: CellState = why === undefined ? cell.result : { name: "stale", why };
			if (state.name === cell.state.name && why === (cell.state as { why?: string }).why) continue;
			this.setState(cell, state);
		}
	}

	/** Asks the kernel what new and edited cells define and use. */
	async analyse(kernel: KernelClient): Promise<void> {
		const asked = this.#cells
			.map((cell) => ({ cell, id: cell.id, source: sourceWithCheck(cell) }))
			.filter(({ cell, source }) => cell.analysed?.source !== source);
		if (asked.length === 0) return;
		const analyses = await kernel.analyse(asked.map(({ id, source }) => ({ id, source })));
		if (!analyses) return;
		for (const { cell, source } of asked) cell.analysed = { source, analysis: analyses[cell.id] };
		this.#listeners.tell("names", undefined);
	}

	/** What must run so that a cell can, in page order, the cell itself last. */
	plan(cell: Cell): Cell[] {
		return planRun(this.#cells.map(planned), cell.id).map((id) => this.get(id));
	}

	/** The cells that a cell uses at first hand. */
	usedBy(cell: Cell): Cell[] {
		return (dependencies(this.#cells.map(planned)).get(cell.id) ?? []).map((id) => this.get(id));
	}

	/** From which cell, by id, each name comes that a cell uses. */
	originsFor(cell: Cell): Record<string, string> {
		return Object.fromEntries(origins(this.#cells.map(planned), cell.id));
	}

	/** The kernel ended: no cell's names are there any more, and what still comes of its runs is outdated. */
	loseNames(): void {
		const live = this.#cells.filter((cell) => cell.live);
		// Two ends in a row, without a run between them, lose what the first lost.
		if (live.length > 0) this.#lost = live.map(({ id }) => id);
		for (const cell of this.#cells) {
			cell.run = 0;
			if (!cell.live) continue;
			cell.live = false;
			cell.lost = true;
		}
	}

	/**
	 * Cells whose names went with the kernel and that have not run since; those that need a stopped cell, which is
	 * never run unasked, left out.
	 */
	get lost(): Cell[] {
		return this.#cells
			.filter((cell) => this.#lost.includes(cell.id) && !cell.live && !isBusy(cell.state))
			.filter((cell) => !this.plan(cell).some(({ state }) => state.name === "stopped"));
	}

	/** All cells as if never run. */
	forgetRuns(): void {
		this.#lost = [];
		for (const cell of this.#cells) {
			cell.view.clear();
			cell.result = undefined;
			cell.ran = undefined;
			cell.lost = false;
			this.setState(cell, { name: "idle" });
		}
	}

	#arranged(): void {
		this.refresh();
		this.#listeners.tell("cells", undefined);
		this.#changed();
	}
}
