/** A cell as its session knows it. */
import type { Analysis } from "../compile/compile.ts";
import type { ErrorOutput, Output, Verdict } from "../protocol.ts";
import type { PlannedCell } from "./plan.ts";
import type { CellState } from "./state.ts";

/** What a cell's element does for its session. */
export interface CellView {
	setState(state: CellState): void;
	/** A new run begins: earlier outputs are out of date. */
	clear(): void;
	show(output: Output): void;
	fail(error: ErrorOutput): void;
	verdict(verdict: Verdict): void;
	/** A sentence about this cell: "ran 2 cells above first". */
	notice(text: string): void;
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
	/** True where the kernel holds this cell's names: it ran, in this kernel, without failing. */
	live: boolean;
	analysis?: Analysis;
	/** Number of the run under way or last ended. */
	run: number;
	deadline?: ReturnType<typeof setTimeout>;
}

const nothing: Analysis = { defines: [], uses: [], imports: [] };

/** What a cell needs is what its text uses and, in an exercise, what its check uses. */
export function sourceWithCheck({ source, check }: CellSpec): string {
	return check === undefined ? source : `${source}\n;{\n${check}\n}`;
}

/** What the plan of a run needs to know of a cell. */
export function planned({ id, analysis, needs, live, check }: Cell): PlannedCell {
	return { id, analysis: analysis ?? nothing, needs, live, isExercise: check !== undefined };
}
