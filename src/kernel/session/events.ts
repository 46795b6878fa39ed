/** What a session tells those who listen: the request log, saved progress, the page's own controls. */
import type { Verdict } from "../protocol.ts";
import type { RequestRest, StoreRequest } from "../worker/requests.ts";
import type { CellState } from "./state.ts";

export interface SessionEvents {
	/** A run was given to the kernel. `run` is its number, as in the kernel's messages. */
	"run-started": { cell: string; run: number };
	/** A run ended: done, failed or stopped. */
	"run-ended": { cell: string; run: number; state: CellState; verdict?: Verdict };
	state: { cell: string; state: CellState };
	/** A run read or wrote. A request with the number of an earlier one replaces it. */
	requests: { cell: string; run: number; requests: StoreRequest[]; rest?: RequestRest };
	/** Cells were added, removed, moved or renamed. */
	cells: undefined;
	/** What cells define and use is known anew. */
	names: undefined;
}

export class Listeners<Events> {
	readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

	/** Gives back the function that ends it. */
	on<K extends keyof Events>(name: K, listener: (event: Events[K]) => void): () => void {
		const listeners = this.#listeners.get(name) ?? new Set();
		this.#listeners.set(name, listeners);
		listeners.add(listener);
		return () => listeners.delete(listener);
	}

	tell<K extends keyof Events>(name: K, event: Events[K]): void {
		for (const listener of this.#listeners.get(name) ?? []) listener(event as never);
	}
}
