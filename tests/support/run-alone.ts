/** Which cells are run by themselves, one at a time in a new kernel, to show that each cell runs so. */
import { analyse } from "../../src/kernel/compile/compile.ts";
import { planRun } from "../../src/kernel/session/plan.ts";
import type { LessonFile } from "./lessons.ts";

/** The cell to press, and the cells that run then, in order, it being the last. */
export interface AloneRun {
	press: string;
	runs: string[];
}

/**
 * As few runs as show of every cell that it runs in a new kernel after nothing but what it needs. A run shows it also of
 * those on the way to the cell that is pressed before which just as much ran as when they are pressed themselves.
 */
export function runsAlone({ cells }: Pick<LessonFile, "cells">): AloneRun[] {
	const planned = cells.map(({ id, source, needs, check }) => ({
		id,
		analysis: analyse(source),
		needs,
		live: false,
		isExercise: check !== undefined,
	}));
	const all = cells
		.filter(({ check }) => check === undefined)
		.map(({ id }) => ({ press: id, runs: planRun(planned, id) }));
	const isBeginning = (part: string[], whole: string[]) => part.every((id, i) => whole[i] === id);
	return all.filter(
		({ press, runs }) => !all.some((other) => other.press !== press && isBeginning(runs, other.runs)),
	);
}
