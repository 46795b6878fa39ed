/** Which files, folders and objects an operation concerns, how, and in which order: what the picture lights up. */
import type { StorageEffect, StorageSide } from "../../../lib/plan/storage-model.ts";

export interface Mark {
	effect: StorageEffect;
	/** Milliseconds after the start of the showing. */
	delay: number;
}

/** The showing of one side takes about this long, however many requests there are. */
const showing = 1500;

/** Effects that say less give way to those that say more. */
const weight: Record<StorageEffect, number> = {
	open: 0,
	list: 1,
	read: 2,
	copy: 3,
	delete: 4,
	rename: 5,
	write: 6,
	refused: 5,
};

/**
 * Marks by path (folders too) or key. Requests that go out together light up together, the rest one after the other.
 * @param only the step to show alone; all of them where absent
 */
export function marksOf(side: StorageSide, only?: number): Map<string, Mark> {
	const marks = new Map<string, Mark>();
	const steps = only === undefined ? side.steps : side.steps.slice(only, only + 1);
	const rounds = steps.reduce((sum, step) => sum + Math.ceil(step.times / step.atOnce), 0);
	const unit = only === undefined ? Math.min(160, showing / Math.max(1, rounds)) : 0;
	let begun = 0;
	for (const step of steps) {
		const own = Math.ceil(step.times / step.atOnce);
		const names = [...step.folders, ...step.keys];
		// A request for each: spread over the rounds. One for all (a LIST, a batch): at once.
		const each = step.times >= names.length;
		names.forEach((name, i) => {
			const before = marks.get(name);
			if (before && weight[before.effect] > weight[step.effect]) return;
			marks.set(name, {
				effect: step.effect,
				delay: Math.round((begun + (each ? Math.floor((i * own) / names.length) : 0)) * unit),
			});
		});
		begun += own;
	}
	return marks;
}
