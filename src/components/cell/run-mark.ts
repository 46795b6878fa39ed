/**
 * Notes the cell that runs, for as long as it runs. A page that the browser ends says nothing any more (in Chromium a
 * worker whose JavaScript heap is full takes the whole page along); the next page that is opened can say it.
 */
import type { Session } from "../../kernel/session/session.ts";
import { runPrefix, thisLesson } from "../work/keys.ts";
import { store } from "../work/storage.ts";

const prefix = runPrefix(thisLesson());
/** Several tabs may show the lesson: each has a note of its own. */
const mine = prefix + Math.random().toString(36).slice(2, 10);

/** From now on each run of the page's session is noted. */
export function markRuns(session: Session): void {
	let release = () => {};
	const end = () => {
		release();
		store.remove(mine);
	};
	session.on("run-started", ({ cell }) => {
		release();
		// The reader runs it again: what is told of it is past.
		for (const [key, id] of marks()) if (id === cell) store.remove(key);
		store.set(mine, cell);
		release = hold(mine);
	});
	session.on("run-ended", end);
	// Left or reloaded on purpose: nothing to tell.
	addEventListener("pagehide", end);
}

/** The notes of other pages of this lesson, each with the id of its cell. */
export function marks(): [key: string, cell: string][] {
	return store
		.keys()
		.filter((key) => key.startsWith(prefix) && key !== mine)
		.map((key) => [key, store.get(key) ?? ""]);
}

/** The notes whose page is gone. A page that still runs holds a lock of its note's name. */
export async function marksOfEndedPages(): Promise<[key: string, cell: string][]> {
	let held: (string | undefined)[] = [];
	try {
		held = (await navigator.locks.query()).held?.map(({ name }) => name) ?? [];
	} catch {
		// No locks, or not allowed: nobody can be asked.
	}
	return marks().filter(([key]) => !held.includes(key));
}

/** Holds a lock until the function given back is called or the page ends. */
function hold(name: string): () => void {
	let release = () => {};
	const released = new Promise<void>((resolve) => {
		release = resolve;
	});
	navigator.locks?.request(name, () => released).catch(() => {});
	return release;
}
