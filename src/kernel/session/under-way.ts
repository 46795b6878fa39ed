/** The one run under way: its cell, the time it has, and what is said where the kernel does not begin with it. */
import { AwakeTimer } from "./awake-timer.ts";
import type { Cell } from "./cell.ts";
import type { CellList } from "./cell-list.ts";
import { tellBusyKernel } from "./notices.ts";
import type { CellState } from "./state.ts";

/** A kernel that has not begun with what it was given after this time is busy with something else. */
const beginsWithin = 5000;

export class UnderWay {
	readonly #cells: CellList;
	readonly #timeIsUp: () => void;
	#cell?: Cell;
	#deadline?: AwakeTimer;
	#slowStart?: AwakeTimer;

	constructor(cells: CellList, timeIsUp: () => void) {
		this.#cells = cells;
		this.#timeIsUp = timeIsUp;
	}

	/** The cell that runs. */
	get cell(): Cell | undefined {
		return this.#cell;
	}

	/** A cell was given to the kernel. */
	begin(cell: Cell): void {
		this.#cell = cell;
		const since = Date.now();
		const time = cell.timeout * 1000;
		this.#deadline = new AwakeTimer(time, this.#timeIsUp, (ms) => this.#slept(cell, ms));
		this.#watchStart(cell);
		this.#cells.setState(cell, { name: "running", since, deadline: since + time });
	}

	/** The kernel loads something for the run. */
	loads(cell: Cell, what: string, bytes?: number): void {
		const times = this.#began(cell);
		if (times) this.#cells.setState(cell, { name: "loading", what, bytes, ...times });
	}

	/** The kernel computes. */
	runs(cell: Cell): void {
		const times = this.#began(cell);
		if (times && cell.state.name !== "running") this.#cells.setState(cell, { name: "running", ...times });
	}

	/** Gives the cell as much time again, if it is the one that runs. */
	extend(cell: Cell): void {
		const { state } = cell;
		if (cell !== this.#cell || !("deadline" in state) || state.deadline === undefined) return;
		this.#deadline?.extend(cell.timeout * 1000);
		this.#cells.setState(cell, { ...state, deadline: state.deadline + cell.timeout * 1000 });
	}

	/** It is over, in whichever way. Gives the cell that ran. */
	end(): Cell | undefined {
		const cell = this.#cell;
		this.#deadline?.cancel();
		this.#slowStart?.cancel();
		this.#cell = undefined;
		return cell;
	}

	/** The kernel is asked something before a cell can run; a running cell is what keeps it from answering. */
	expectAnswer(cell: Cell): void {
		if (!this.#cell) this.#watchStart(cell);
	}

	/** The kernel answered, or ended. */
	answered(): void {
		if (!this.#cell) this.#slowStart?.cancel();
	}

	#watchStart(cell: Cell): void {
		this.#slowStart?.cancel();
		this.#slowStart = new AwakeTimer(beginsWithin, () => tellBusyKernel(cell));
	}

	/** The kernel has begun: since when the run counts, and until when. Nothing where another cell runs. */
	#began(cell: Cell): { since: number; deadline: number } | undefined {
		const { state } = cell;
		if (cell !== this.#cell || !("deadline" in state)) return undefined;
		this.#slowStart?.cancel();
		const { since = Date.now(), deadline = since } = state;
		return { since, deadline };
	}

	/** Time asleep is not part of a run. */
	#slept(cell: Cell, ms: number): void {
		const { state } = cell;
		if (!("deadline" in state) || state.deadline === undefined || state.since === undefined) return;
		this.#cells.setState(cell, {
			...state,
			since: state.since + ms,
			deadline: state.deadline + ms,
		} as CellState);
	}
}
