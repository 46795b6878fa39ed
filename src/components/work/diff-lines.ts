/** What changed between two texts, line by line, and within a changed line word by word. */
import { diffWordsWithSpace, diffLines as linesOf } from "diff";

/** A stretch of a line; `changed` where the other text has something else in its place. */
export interface DiffPart {
	text: string;
	changed: boolean;
}

export interface DiffLine {
	kind: "same" | "removed" | "added";
	parts: DiffPart[];
	/** 1-based number of the line in the text before and in the text after, where it is in it. */
	before?: number;
	after?: number;
}

/** Lines in reading order: within a change the removed ones come first. A last line break does not count. */
export function diffLines(before: string, after: string): DiffLine[] {
	const lines: DiffLine[] = [];
	let inBefore = 1;
	let inAfter = 1;
	let removed: string[] = [];
	let added: string[] = [];
	const flush = () => {
		const pairs = removed.length === added.length ? removed.map((text, i) => words(text, added[i])) : [];
		removed.forEach((text, i) => {
			lines.push({ kind: "removed", parts: pairs[i]?.removed ?? whole(text), before: inBefore++ });
		});
		added.forEach((text, i) => {
			lines.push({ kind: "added", parts: pairs[i]?.added ?? whole(text), after: inAfter++ });
		});
		removed = [];
		added = [];
	};
	for (const change of linesOf(ended(before), ended(after))) {
		const texts = change.value.replace(/\n$/, "").split("\n");
		if (change.removed) removed.push(...texts);
		else if (change.added) added.push(...texts);
		else {
			flush();
			for (const text of texts)
				lines.push({ kind: "same", parts: whole(text), before: inBefore++, after: inAfter++ });
		}
	}
	flush();
	return lines;
}

/** `2 lines added, 1 removed.` */
export function diffSummary(lines: readonly DiffLine[]): string {
	const added = lines.filter((line) => line.kind === "added").length;
	const removed = lines.filter((line) => line.kind === "removed").length;
	if (added + removed === 0) return "The two are the same.";
	const count = (n: number, what: string) => `${n} ${n === 1 ? "line" : "lines"} ${what}`;
	if (removed === 0) return `${count(added, "added")}.`;
	if (added === 0) return `${count(removed, "removed")}.`;
	return `${count(added, "added")}, ${removed} removed.`;
}

/** Both sides end with one line break, so that a missing one at the end is no difference. */
function ended(text: string): string {
	const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
	return lines === "" ? "" : `${lines}\n`;
}

function whole(text: string): DiffPart[] {
	return [{ text, changed: false }];
}

function words(before: string, after: string): { removed: DiffPart[]; added: DiffPart[] } {
	const removed: DiffPart[] = [];
	const added: DiffPart[] = [];
	let shared = 0;
	for (const change of diffWordsWithSpace(before, after)) {
		if (!change.added) removed.push({ text: change.value, changed: change.removed === true });
		if (!change.removed) added.push({ text: change.value, changed: change.added === true });
		if (!change.added && !change.removed) shared += change.value.trim().length;
	}
	// Two lines with next to nothing in common: marks on every other word would tell less than none.
	if (shared * 4 < Math.max(before.trim().length, after.trim().length)) {
		return { removed: whole(before), added: whole(after) };
	}
	return { removed, added };
}
