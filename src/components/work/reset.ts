/** Forgets a lesson's work and progress, or everything, with a way back as long as the page is open. */
import { nameOf } from "./keys.ts";
import { mergeProgress, progressFrom, readProgress, writeProgress } from "./progress.ts";
import { type KeyValues, store } from "./storage.ts";

/** Removes what is kept of a lesson (of all, where none is named). The function it gives brings it back. */
export function forget(lesson?: string, values: KeyValues = store): () => void {
	const removed: [string, string][] = [];
	for (const key of values.keys()) {
		const name = nameOf(key);
		if (!name || (lesson !== undefined && name.lesson !== lesson)) continue;
		const value = values.get(key);
		if (value !== undefined) removed.push([key, value]);
		values.remove(key);
	}
	return () => {
		// Whatever was written since stays.
		for (const [key, value] of removed) {
			const name = nameOf(key);
			if (values.get(key) === undefined) values.set(key, value);
			else if (name?.kind === "progress") {
				const before = progressFrom(JSON.parse(value));
				if (before)
					writeProgress(name.lesson, mergeProgress(before, readProgress(name.lesson, values)), values);
			}
		}
	};
}
