/** What keys do in the plain text area: the indentation and comments that Monaco would make. Pure, for its tests. */

/** Replaces a range of the text and says what is selected then. */
export interface TextChange {
	from: number;
	to: number;
	text: string;
	selection: [number, number];
}

const unit = "  ";

function lineStart(text: string, at: number): number {
	return text.lastIndexOf("\n", at - 1) + 1;
}

/** Enter: the new line is indented as this one, and further in behind an opening bracket. */
export function enter(text: string, from: number, to: number): TextChange {
	const before = text.slice(lineStart(text, from), from);
	const indent = /^[ \t]*/.exec(before)?.[0] ?? "";
	const opens = /[{([]\s*$/.test(before);
	const closes = /^[ \t]*[})\]]/.test(text.slice(to));
	const inner = `\n${indent}${opens ? unit : ""}`;
	const text_ = opens && closes ? `${inner}\n${indent}` : inner;
	const caret = from + inner.length;
	return { from, to, text: text_, selection: [caret, caret] };
}

/** Tab: two spaces, or each marked line further in; with `out`, each line further out. */
export function tab(text: string, from: number, to: number, out: boolean): TextChange | undefined {
	if (!out && !text.slice(from, to).includes("\n")) {
		return { from, to, text: unit, selection: [from + unit.length, from + unit.length] };
	}
	return changeLines(text, from, to, (line) =>
		out ? line.replace(/^(\t| {1,2})/, "") : line && unit + line,
	);
}

/** Mod-/: each line becomes a comment, or none of them, if all are. */
export function comment(text: string, from: number, to: number): TextChange | undefined {
	const lines = text
		.slice(lineStart(text, from), lineEnd(text, to))
		.split("\n")
		.filter((line) => line.trim());
	const all = lines.length > 0 && lines.every((line) => /^\s*\/\//.test(line));
	return changeLines(text, from, to, (line) => {
		if (all) return line.replace(/^(\s*)\/\/ ?/, "$1");
		return line.trim() || lines.length === 0 ? line.replace(/^(\s*)/, "$1// ") : line;
	});
}

function lineEnd(text: string, at: number): number {
	const end = text.indexOf("\n", at);
	return end < 0 ? text.length : end;
}

function changeLines(
	text: string,
	from: number,
	to: number,
	change: (line: string) => string,
): TextChange | undefined {
	const start = lineStart(text, from);
	// A selection that ends before a line's first character does not hold that line.
	const end = lineEnd(text, to > from && text[to - 1] === "\n" ? to - 1 : to);
	const former = text.slice(start, end);
	const lines = former.split("\n");
	const made = lines.map(change);
	const changed = made.join("\n");
	if (changed === former) return undefined;
	const first = made[0].length - lines[0].length;
	const all = changed.length - former.length;
	return {
		from: start,
		to: end,
		text: changed,
		selection: [Math.max(start, from + first), Math.max(start, to + all)],
	};
}
