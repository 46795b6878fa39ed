/** How far the reader is: which cells ran, which exercises are solved, which quizzes are answered. */
import { isItemName, nameOf, playground, progressEvent, progressKey, thisLesson } from "./keys.ts";
import { type KeyValues, store } from "./storage.ts";

export type ProgressKind = "cell" | "exercise" | "quiz";
/** `done`: a cell ran to its end, an exercise is solved, a quiz has its right answer. `tried`: not yet. */
export type ProgressState = "tried" | "done";

export interface ProgressItem {
	kind: ProgressKind;
	state: ProgressState;
	title?: string;
	/** Times that it was run, checked or answered, up to and with the first time it was done. */
	attempts: number;
	/** Times as ISO 8601: the last try, and when it was first done. */
	at: string;
	doneAt?: string;
}

export interface LessonProgress {
	v: 1;
	title?: string;
	/** How many items of the lesson are done, and how many it has: what the sidebar shows. */
	done: number;
	of: number;
	items: Record<string, ProgressItem>;
}

export interface ProgressEvent {
	/** The lesson's name; this page's where left out. */
	lesson?: string;
	/** The id of the cell, exercise or quiz. */
	item: string;
	kind: ProgressKind;
	state: ProgressState;
	title?: string;
}

/** Notes a step of the reader. What was done once stays done. A notebook of one's own has no end to come nearer to. */
export function recordProgress(event: ProgressEvent): void {
	const lesson = event.lesson ?? thisLesson();
	if (lesson === playground) return;
	const known = itemsOnPage();
	const next = withStep(readProgress(lesson), event, new Date().toISOString());
	if (lesson === thisLesson()) {
		next.title = document.querySelector("h1")?.textContent?.trim() || next.title;
		count(next, known);
	}
	writeProgress(lesson, next);
	document.dispatchEvent(new CustomEvent(progressEvent, { detail: lesson }));
}

/** The lesson's progress with one more step. */
export function withStep(progress: LessonProgress, event: ProgressEvent, at: string): LessonProgress {
	const before = progress.items[event.item];
	const wasDone = before?.state === "done";
	const item: ProgressItem = {
		kind: event.kind,
		state: wasDone ? "done" : event.state,
		attempts: (before?.attempts ?? 0) + (wasDone ? 0 : 1),
		at,
	};
	const title = event.title ?? before?.title;
	if (title !== undefined) item.title = title;
	const doneAt = before?.doneAt ?? (item.state === "done" ? at : undefined);
	if (doneAt !== undefined) item.doneAt = doneAt;
	return { ...progress, items: { ...progress.items, [event.item]: item } };
}

/** Counts what is done among the items that the lesson has. */
export function count(progress: LessonProgress, known: ReadonlySet<string>): void {
	progress.of = known.size;
	progress.done = [...known].filter((id) => progress.items[id]?.state === "done").length;
}

/** The ids of all cells, exercises and quizzes of the page that is open. */
export function itemsOnPage(): Set<string> {
	const found = document.querySelectorAll<HTMLElement>(
		"chunkwise-cell[data-cell], chunkwise-quiz[data-quiz]",
	);
	return new Set([...found].map((node) => node.dataset.cell ?? node.dataset.quiz ?? ""));
}

export function emptyProgress(): LessonProgress {
	return { v: 1, done: 0, of: 0, items: {} };
}

export function readProgress(lesson: string, from: KeyValues = store): LessonProgress {
	return parseProgress(from.get(progressKey(lesson))) ?? emptyProgress();
}

export function writeProgress(lesson: string, progress: LessonProgress, to: KeyValues = store): void {
	to.set(progressKey(lesson), JSON.stringify(progress));
}

/** Progress of every page that has some, but the playground's, which earlier versions kept. */
export function allProgress(from: KeyValues = store): Map<string, LessonProgress> {
	const found = new Map<string, LessonProgress>();
	for (const key of from.keys()) {
		const name = nameOf(key);
		if (name?.lesson === playground) continue;
		const progress = name?.kind === "progress" ? parseProgress(from.get(key)) : undefined;
		if (name && progress) found.set(name.lesson, progress);
	}
	return found;
}

function parseProgress(text: string | undefined): LessonProgress | undefined {
	if (text === undefined) return undefined;
	try {
		return progressFrom(JSON.parse(text));
	} catch {
		return undefined;
	}
}

/** Progress from data of unknown origin: what does not fit is left out. Undefined if it is none at all. */
export function progressFrom(data: unknown): LessonProgress | undefined {
	const given = data as Partial<LessonProgress> | null;
	if (typeof given !== "object" || given === null || given.v !== 1) return undefined;
	if (typeof given.items !== "object" || given.items === null) return undefined;
	const items: Record<string, ProgressItem> = {};
	for (const [id, value] of Object.entries(given.items)) {
		const item = isItemName(id) ? itemFrom(value) : undefined;
		if (item) items[id] = item;
	}
	const whole = (value: unknown) =>
		Number.isInteger(value) && (value as number) >= 0 ? (value as number) : 0;
	const progress: LessonProgress = { v: 1, done: whole(given.done), of: whole(given.of), items };
	if (typeof given.title === "string") progress.title = given.title.slice(0, 500);
	return progress;
}

function itemFrom(value: unknown): ProgressItem | undefined {
	const item = value as Partial<ProgressItem> | null;
	if (typeof item !== "object" || item === null) return undefined;
	if (!["cell", "exercise", "quiz"].includes(item.kind ?? "")) return undefined;
	if (!["tried", "done"].includes(item.state ?? "")) return undefined;
	const time = (at: unknown) =>
		typeof at === "string" && !Number.isNaN(Date.parse(at)) ? new Date(at).toISOString() : undefined;
	const made: ProgressItem = {
		kind: item.kind as ProgressKind,
		state: item.state as ProgressState,
		attempts:
			Number.isInteger(item.attempts) && (item.attempts as number) > 0 ? (item.attempts as number) : 1,
		at: time(item.at) ?? new Date(0).toISOString(),
	};
	if (typeof item.title === "string") made.title = item.title.slice(0, 500);
	const doneAt = time(item.doneAt);
	if (made.state === "done") made.doneAt = doneAt ?? made.at;
	return made;
}

/** Two records of one lesson as one: whatever either has done is done. */
export function mergeProgress(mine: LessonProgress, other: LessonProgress): LessonProgress {
	const items = { ...mine.items };
	for (const [id, theirs] of Object.entries(other.items)) {
		const ours = items[id];
		if (!ours) {
			items[id] = theirs;
			continue;
		}
		const done = [ours.doneAt, theirs.doneAt].filter((at) => at !== undefined).sort();
		const merged: ProgressItem = {
			...ours,
			state: ours.state === "done" || theirs.state === "done" ? "done" : "tried",
			attempts: Math.max(ours.attempts, theirs.attempts),
			at: [ours.at, theirs.at].sort()[1],
		};
		if (done.length > 0) merged.doneAt = done[0];
		const title = ours.title ?? theirs.title;
		if (title !== undefined) merged.title = title;
		items[id] = merged;
	}
	const done = Object.values(items).filter((item) => item.state === "done").length;
	const of = Math.max(mine.of, other.of);
	const merged: LessonProgress = { v: 1, done: Math.min(done, of), of, items };
	const title = mine.title ?? other.title;
	if (title !== undefined) merged.title = title;
	return merged;
}
