/**
 * Everything that a reader wrote and reached, as one file: to move to another browser, to keep, or to hand to an
 * instructor, for whom a summary of each exercise is in it. What is read from a file is of unknown origin and checked.
 */
import { ChunkwiseError } from "../../lib/errors.ts";
import { isItemName, isLesson, isLessonName, playground } from "./keys.ts";
import { listCell, mergeLists } from "./notebook-list.ts";
import {
	allProgress,
	type LessonProgress,
	mergeProgress,
	type ProgressState,
	progressFrom,
	readProgress,
	writeProgress,
} from "./progress.ts";
import {
	readCell,
	type SavedCell,
	type SavedVersion,
	savedCells,
	savedFrom,
	savedLessons,
	writeCell,
} from "./saved-work.ts";
import { type KeyValues, store } from "./storage.ts";

export const fileFormat = "chunkwise-work";
export const fileVersion = 1;
/** Bytes; a course's work is some hundred kilobytes. */
export const largestFile = 20 * 1024 * 1024;

/** One exercise or quiz, for whoever collects files. */
export interface ItemSummary {
	lesson: string;
	id: string;
	title: string;
	state: "solved" | "tried";
	/** Times checked, up to and with the first time it was right. */
	attempts: number;
	/** ISO 8601. */
	firstSolvedAt: string | null;
	/** The learner's code as it is now; null for a quiz, or where the code is the lesson's own. */
	code: string | null;
}

export interface WorkFile {
	format: typeof fileFormat;
	version: typeof fileVersion;
	/** ISO 8601. */
	exported: string;
	/** What the learner called themselves, if anything. */
	name?: string;
	summary: { exercises: ItemSummary[]; quizzes: ItemSummary[] };
	work: Record<string, Record<string, SavedCell>>;
	progress: Record<string, LessonProgress>;
}

export function makeWorkFile(at: string, name = "", from: KeyValues = store): WorkFile {
	const work: WorkFile["work"] = {};
	for (const lesson of [...savedLessons(from)].sort())
		work[lesson] = Object.fromEntries(savedCells(lesson, from));
	const progress = Object.fromEntries([...allProgress(from)].sort(([a], [b]) => (a < b ? -1 : 1)));
	const file: WorkFile = {
		format: fileFormat,
		version: fileVersion,
		exported: at,
		summary: { exercises: summaries("exercise", progress, work), quizzes: summaries("quiz", progress, work) },
		work,
		progress,
	};
	if (name.trim() !== "") file.name = name.trim().slice(0, 200);
	return file;
}

function summaries(
	kind: "exercise" | "quiz",
	progress: WorkFile["progress"],
	work: WorkFile["work"],
): ItemSummary[] {
	const states: Record<ProgressState, ItemSummary["state"]> = { done: "solved", tried: "tried" };
	// What was tried on the page for authors is no exercise of the course.
	const lessons = Object.entries(progress).filter(([lesson]) => isLesson(lesson));
	return lessons.flatMap(([lesson, { items }]) =>
		Object.entries(items)
			.filter(([, item]) => item.kind === kind)
			.map(([id, item]) => ({
				lesson,
				id,
				title: item.title ?? id,
				state: states[item.state],
				attempts: item.attempts,
				firstSolvedAt: item.doneAt ?? null,
				code: kind === "exercise" ? (work[lesson]?.[id]?.source ?? null) : null,
			})),
	);
}

/** `chunkwise-work-ada-2026-11-23.json`. */
export function workFileName(at: string, name = ""): string {
	const who = name
		.trim()
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, "-")
		.replace(/^-+|-+$/g, "")
		.slice(0, 60);
	return `chunkwise-work-${who === "" ? "" : `${who}-`}${at.slice(0, 10)}.json`;
}

/** @throws ChunkwiseError in words for anything that is not an export. */
export function readWorkFile(text: string, where?: string): WorkFile {
	const refuse = (code: string, message: string, remedy: string) =>
		new ChunkwiseError(code, message, { where, remedy });
	const choose = "Choose a file that was made by “Export” in this course.";
	if (text.length > largestFile)
		throw refuse("work-file-large", "This file is too large to be an export.", choose);
	let data: Partial<WorkFile> | null;
	try {
		data = JSON.parse(text);
	} catch {
		throw refuse("work-file-json", "This file is not JSON, or it is cut off.", choose);
	}
	if (typeof data !== "object" || data === null || data.format !== fileFormat) {
		throw refuse("work-file-format", "This file holds no work of this course.", choose);
	}
	if (data.version !== fileVersion) {
		throw refuse(
			"work-file-version",
			"This file was exported by another version of the course.",
			"Reload the page to get the newest version of the course and import the file again.",
		);
	}
	const file: WorkFile = {
		format: fileFormat,
		version: fileVersion,
		exported: typeof data.exported === "string" ? data.exported.slice(0, 40) : "",
		summary: { exercises: [], quizzes: [] },
		work: {},
		progress: {},
	};
	if (typeof data.name === "string") file.name = data.name.slice(0, 200);
	for (const [lesson, cells] of entriesOf(data.work)) {
		const kept: Record<string, SavedCell> = {};
		for (const [cell, value] of entriesOf(cells)) {
			const saved = isItemName(cell) ? savedFrom(value) : undefined;
			if (saved) kept[cell] = saved;
		}
		if (isLessonName(lesson)) file.work[lesson] = kept;
	}
	for (const [lesson, value] of entriesOf(data.progress)) {
		const progress = isLessonName(lesson) && lesson !== playground ? progressFrom(value) : undefined;
		if (progress) file.progress[lesson] = progress;
	}
	// Made from what was checked, and not believed.
	file.summary = {
		exercises: summaries("exercise", file.progress, file.work),
		quizzes: summaries("quiz", file.progress, file.work),
	};
	return file;
}

function entriesOf(value: unknown): [string, unknown][] {
	return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

export interface Conflict {
	lesson: string;
	cell: string;
	mine: string;
	theirs: SavedVersion;
}

export interface Merged {
	/** Cells that had nothing here and now have the file's code. */
	added: number;
	/** Cells that were the same here. */
	same: number;
	/** Cells with other code here: both are kept until the reader decides. */
	conflicts: Conflict[];
	/** Exercises, quizzes and cells that were not done here before. */
	progressed: number;
}

/** Takes a file's work and progress in. Nothing that is here is lost: where the two differ, both are kept. */
export function mergeWorkFile(file: WorkFile, into: KeyValues = store): Merged {
	const merged: Merged = { added: 0, same: 0, conflicts: [], progressed: 0 };
	const by = `file ${file.exported}`.slice(0, 64);
	for (const [lesson, cells] of Object.entries(file.work)) {
		for (const [cell, saved] of Object.entries(cells)) {
			const here = readCell(lesson, cell, into);
			if (!here) {
				// Code of a file is like code from a link: the reader runs it, or nobody.
				writeCell(lesson, cell, { ...saved, by, held: true }, into);
				if (cell !== listCell) merged.added++;
			} else if (lesson === playground && cell === listCell) {
				// Which cells there are is no code to choose between: there are those of both.
				writeCell(lesson, cell, { ...here, source: mergeLists(here.source, saved.source) }, into);
			} else if (here.source === saved.source) {
				merged.same++;
			} else {
				const theirs: SavedVersion = { source: saved.source, at: saved.at, by };
				const others = (here.others ?? []).filter((other) => other.by !== by);
				writeCell(lesson, cell, { ...here, others: [...others, theirs] }, into);
				merged.conflicts.push({ lesson, cell, mine: here.source, theirs });
			}
		}
	}
	for (const [lesson, theirs] of Object.entries(file.progress)) {
		const mine = readProgress(lesson, into);
		const both = mergeProgress(mine, theirs);
		const done = (progress: LessonProgress) =>
			Object.values(progress.items).filter((item) => item.state === "done").length;
		merged.progressed += done(both) - done(mine);
		writeProgress(lesson, both, into);
	}
	return merged;
}

/** The reader's answer to a conflict. */
export function decide(
	{ lesson, cell, theirs }: Conflict,
	answer: "mine" | "theirs",
	values: KeyValues = store,
): void {
	const here = readCell(lesson, cell, values);
	if (!here) return;
	const { others = [], ...saved } = here;
	const left = others.filter((other) => other.by !== theirs.by || other.source !== theirs.source);
	const decided: SavedCell =
		answer === "mine" ? saved : { ...saved, source: theirs.source, at: theirs.at, by: theirs.by, held: true };
	if (left.length > 0) decided.others = left;
	writeCell(lesson, cell, decided, values);
}
