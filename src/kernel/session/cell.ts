/** A cell as its session knows it. */
import type { Analysis } from "../compile/compile.ts";
import type { ErrorOutput, Output, Verdict } from "../protocol.ts";
import type { PlannedCell } from "./plan.ts";
import type { Ran } from "./staleness.ts";
import type { CellState } from "./state.ts";

/** A button behind a sentence: the way out of what it says. */
export interface NoticeAction {
	label: string;
	act(): void;
}

/** What a cell's element does for its session. */
export interface CellView {
	setState(state: CellState): void;
	/** A new run begins: earlier outputs are out of date. */
	clear(): void;
	show(output: Output): void;
	fail(error: ErrorOutput): void;
	verdict(verdict: Verdict): void;
	/** A sentence about this cell: "ran 2 cells above first". */
	notice(text: string, action?: NoticeAction): void;
	/** Scrolls to the cell and puts the focus there. */
	reveal(): void;
}

export interface CellSpec {
	id: string;
	title: string;
	source: string;
	needs: string[];
	/** Seconds until a run is stopped. */
	timeout: number;
	/** The check of an exercise. */
	check?: string;
	view: CellView;
}

export interface Cell extends CellSpec {
	state: CellState;
	/** How its last run ended; shown again where what made it out of date is undone. */
	result?: Extract<CellState, { name: "done" | "failed" }>;
	/** True where the kernel holds this cell's names: it ran, in this kernel, without failing. */
	live: boolean;
	/** True where its names went with a kernel that ended. */
	lost: boolean;
	/** What its code was analysed as; of an earlier text until the kernel was asked again. */
	analysed?: { source: string; analysis: Analysis };
	/** What its last run to its end knew. */
	ran?: Ran;
	/** Number of the run under way or last ended. */
	run: number;
}

const nothing: Analysis = { defines: [], uses: [], imports: [] };

export function newCell(spec: CellSpec): Cell {
	return { ...spec, state: { name: "idle" }, live: false, lost: false, run: 0 };
}

/** What a cell needs is what its text uses and, in an exercise, what its check uses. */
export function sourceWithCheck({ source, check }: CellSpec): string {
	return check === undefined ? source : `${source}\n;{\n${check}\n}`;
}

/** What the plan of a run needs to know of a cell. */
export function planned({ id, analysed, needs, live, check }: Cell): PlannedCell {
	return { id, analysis: analysed?.analysis ?? nothing, needs, live, isExercise: check !== undefined };
}
