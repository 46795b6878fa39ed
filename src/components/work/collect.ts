/** An instructor's view of several exported files: who solved which exercise, as a table and as CSV. */
import type { ItemSummary, WorkFile } from "./work-file.ts";

export interface LearnerFile {
	/** The file's own name. */
	name: string;
	work: WorkFile;
}

export interface CollectedTable {
	/** Exercises and quizzes that any of the files knows, in the order of lessons. */
	items: { lesson: string; id: string; title: string }[];
	rows: { file: string; learner: string; exported: string; items: (ItemSummary | undefined)[] }[];
}

export function collect(files: readonly LearnerFile[]): CollectedTable {
	const items = new Map<string, { lesson: string; id: string; title: string }>();
	const all = (work: WorkFile) => [...work.summary.exercises, ...work.summary.quizzes];
	for (const { work } of files) {
		for (const { lesson, id, title } of all(work)) {
			if (!items.has(`${lesson} ${id}`)) items.set(`${lesson} ${id}`, { lesson, id, title });
		}
	}
	const columns = [...items.values()].sort((a, b) => a.lesson.localeCompare(b.lesson, "en"));
	return {
		items: columns,
		rows: files.map(({ name, work }) => ({
			file: name,
			learner: work.name ?? "",
			exported: work.exported,
			items: columns.map(({ lesson, id }) =>
				all(work).find((item) => item.lesson === lesson && item.id === id),
			),
		})),
	};
}

/** RFC 4180, three columns for each exercise: state, attempts, first solved at. */
export function csv({ items, rows }: CollectedTable): string {
	const head = ["file", "name", "exported"];
	for (const { lesson, id } of items) {
		for (const what of ["state", "attempts", "first solved at"]) head.push(`${lesson}#${id} ${what}`);
	}
	const lines = rows.map(({ file, learner, exported, items: found }) => [
		file,
		learner,
		exported,
		...found.flatMap((item) =>
			item ? [item.state, String(item.attempts), item.firstSolvedAt ?? ""] : ["not tried", "0", ""],
		),
	]);
	return [head, ...lines].map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

/** A spreadsheet runs what begins with = + - @: a learner's name must stay text. */
function field(text: string): string {
	const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
	return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
