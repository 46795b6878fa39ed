/** Which files, folders and objects an operation concerns, how, and in which order: what the pictures light up. */
import { compareUtf8 } from "../../../lib/bucket/list-objects.ts";
import type { StorageEffect, StorageRun, StorageSide, StoredItem } from "../../../lib/plan/storage-model.ts";

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
 * @param parallel how many requests the client keeps under way
 * @param only the step to show alone; all that were not in vain where absent
 */
export function marksOf(
	run: StorageRun,
	name: "files" | "objects",
	parallel: number,
	only?: number,
): Map<string, Mark> {
	const side = run[name];
	const marks = new Map<string, Mark>();
	const steps = side.steps.filter((step, i) => (only === undefined ? !step.attempt : i === only));
	const roundsOf = (step: StorageSide["steps"][number]) =>
		Math.ceil(step.exchanges.length / (step.atOnce === "parallel" ? parallel : step.atOnce));
	const rounds = steps.reduce((sum, step) => sum + roundsOf(step), 0);
	const unit = only === undefined ? Math.min(160, showing / Math.max(1, rounds)) : 0;
	let begun = 0;
	for (const step of steps) {
		const own = roundsOf(step);
		const names = [...step.folders, ...step.keys];
		// A request for each: spread over the rounds. One for all (a LIST, a batch): at once.
		const each = step.exchanges.length >= names.length;
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
	if (only === undefined && !isRenamed(run)) {
		const old = new Set(side.before.map(({ key }) => key));
		for (const { key } of side.after) {
			if (!old.has(key) && !marks.has(key))
				marks.set(key, { effect: "write", delay: Math.round(begun * unit) });
		}
	}
	return marks;
}

/**
 * What to draw of one side after an operation: what was there and what is, so that what went away can be struck through.
 * Where a folder was renamed the new name stands beside the old one.
 */
export function itemsShown(run: StorageRun, which: "files" | "objects"): StoredItem[] {
	const { before, after } = run[which];
	if (isRenamed(run)) return before;
	const all = new Map([...before, ...after].map((item) => [item.key, item]));
	return [...all.values()].sort((a, b) => compareUtf8(a.key, b.key));
}

/** Whether the pictures show the new name beside the old one. */
export function isRenamed({ operation, folder }: StorageRun): boolean {
	return operation === "rename-folder" && folder !== "";
}
