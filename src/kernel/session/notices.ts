/** What a cell is told of its runs, in sentences, each with the way out of what it says. */
import type { Cell } from "./cell.ts";

const quoted = (cells: readonly Cell[]) => cells.map(({ title }) => `“${title}”`).join(", ");

export function tellRunsFirst(cell: Cell, first: readonly Cell[]): void {
	const them = first.length > 1 ? "them" : "it";
	cell.view.notice(`Running first, because this cell needs ${them}: ${quoted(first)}.`);
}

/** Cells are not run again unasked: a result from before an edit is used, and that is said. */
export function tellStaleNeeds(cell: Cell, stale: readonly Cell[], runStale: () => void): void {
	cell.view.notice(`This run uses what ${quoted(stale)} gave before it was out of date.`, {
		label: "Bring all cells up to date",
		act: runStale,
	});
}

export function tellStoppedNeed(cell: Cell, stopped: Cell, runAgain: () => void): void {
	cell.view.notice(`This cell needs “${stopped.title}”, which was stopped and is not run by itself.`, {
		label: `Run “${stopped.title}” again`,
		act: runAgain,
	});
}

export function tellNotRunAfterStop(cell: Cell, stopped: Cell): void {
	cell.view.notice(`Not run, because “${stopped.title}” was stopped.`);
}

export function tellNotRunAfterFailure(cell: Cell, failed: Cell): void {
	cell.view.notice(`Not run, because “${failed.title}” failed.`, {
		label: `Show “${failed.title}”`,
		act: () => failed.view.reveal(),
	});
}

export function tellBusyKernel(cell: Cell): void {
	cell.view.notice(
		"The kernel has not begun with this cell: something that an earlier cell left behind (a timer, a callback) is still computing. Stop ends it.",
	);
}

/** The kernel could not start. */
export function tellNoKernel(cell: Cell, error: Error & { remedy?: string }): void {
	cell.view.clear();
	cell.view.fail({
		name: "Kernel",
		message: error.message,
		remedy: error.remedy ?? "Press Run to try again; your code is kept.",
		trace: [],
	});
}
