/**
 * What a lesson has to do, read from its source while the site is built: its cells, exercises and quizzes by id. The
 * lesson's own page has them too; the progress page shows lessons that are not open.
 */
import { parseWords } from "../../authoring/fence.ts";

export interface OutlineItem {
	id: string;
	kind: "cell" | "exercise" | "quiz";
	title: string;
}

export interface LessonOutline {
	lesson: string;
	title: string;
	items: OutlineItem[];
}

/** The items of a lesson's Markdown, in its order. Code that is only shown is passed over. */
export function outlineOf(markdown: string): OutlineItem[] {
	const items: OutlineItem[] = [];
	let open: string | undefined;
	for (const line of markdown.split(/\r?\n/)) {
		const marks = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
		if (open !== undefined) {
			if (marks?.[2].trim() === "" && marks[1].startsWith(open)) open = undefined;
			continue;
		}
		if (marks) {
			open = marks[1];
			const cell = /^\s*(?:ts|typescript)\s+cell\s+(.*)$/.exec(marks[2]);
			if (cell) add(items, "cell", parseWords(cell[1], { line: 1, column: 1 }));
			continue;
		}
		const directive = /^ {0,3}:{3,}(exercise|quiz)\{(.*)\}\s*$/.exec(line);
		if (!directive) continue;
		const [, kind, words] = directive;
		const given = parseWords(words.replace(/#([\w-]+)/, "id=$1"), { line: 1, column: 1 });
		add(items, kind as OutlineItem["kind"], given);
	}
	return items;
}

function add(items: OutlineItem[], kind: OutlineItem["kind"], words: Record<string, string | true>): void {
	const { id, title } = words;
	if (typeof id === "string") items.push({ id, kind, title: typeof title === "string" ? title : id });
}
