import type { ProgressItem } from "../work/progress.ts";

/** How far a learner is with an exercise or a quiz: `solved at the 2nd try`, `tried 3 times`. */
export function progressText(item: ProgressItem | undefined): string {
	if (!item) return "";
	const { state, attempts } = item;
	if (state === "done") return attempts === 1 ? "solved at the first try" : `solved after ${attempts} tries`;
	return attempts === 1 ? "tried once" : `tried ${attempts} times`;
}
