/** The named states of a cell. Each that is not final has a way out: Stop while it is busy, Run otherwise. */
export type CellState =
	| { name: "idle" }
	/** `since` and `deadline` where a run waits for a module; in milliseconds of the epoch, as in `running`. */
	| { name: "loading"; what: string; bytes?: number; since?: number; deadline?: number }
	| { name: "queued"; behind: string }
	| { name: "running"; since: number; deadline: number }
	| { name: "done"; ms: number }
	| { name: "failed"; ms: number }
	| { name: "stopped"; by: StoppedBy }
	| { name: "stale"; why: string };

export type StoppedBy = "reader" | "deadline" | "kernel";
export type StateName = CellState["name"];

/** True while the reader must wait, and so can stop. */
export function isBusy(state: CellState): boolean {
	return state.name === "loading" || state.name === "queued" || state.name === "running";
}

/** `0.24 s`, `12 s`, `1 min 5 s`. */
export function duration(ms: number): string {
	if (ms < 10_000) return `${(ms / 1000).toFixed(ms < 100 ? 3 : 2)} s`;
	const seconds = Math.round(ms / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How much of what loads has come. */
export function loadedText(bytes: number): string {
	return `(${Math.round(bytes / 1000)} kB so far)`;
}

/** A state in words, as it stands beside the Run button. */
export function stateText(state: CellState): string {
	switch (state.name) {
		case "idle":
			return "not run yet";
		case "loading":
			return `loading ${state.what}`;
		case "queued":
			return `waiting for ${state.behind}`;
		case "running":
			return "running";
		case "done":
			return `done in ${duration(state.ms)}`;
		case "failed":
			return `failed after ${duration(state.ms)}`;
		case "stopped":
			return { reader: "stopped", deadline: "stopped at its deadline", kernel: "the kernel ended" }[state.by];
		case "stale":
			return `out of date: ${state.why}`;
	}
}
