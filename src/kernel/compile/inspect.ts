/** What can be said of an answer without running it: blanks that are left, then text that is not TypeScript. */
import type { Feedback } from "../protocol.ts";
import { CompileError } from "./compile-error.ts";
import { placeOf } from "./edits.ts";
import { children, type Node, parse } from "./parse.ts";
import { findNames } from "./scope.ts";

/** The gap that an author leaves: three underscores or more, as a name or as a whole text. */
const blank = /^_{3,}$/;

/** Blanks first, since a blank is often what makes the rest unreadable; undefined where the code can run. */
export function inspect(source: string): Feedback | undefined {
	const blanks = findBlanks(source);
	if (blanks.length > 0) return blanksLeft(blanks);
	try {
		parse(source);
		return undefined;
	} catch (error) {
		if (!(error instanceof CompileError)) throw error;
		const { line, column } = error;
		return {
			kind: "syntax",
			message: `${error.message.replace(/\.?$/, ".")}`,
			next:
				fromPython(source.split("\n"), line) ??
				"Look at the brackets, quotes and commas there and just before it.",
			place: { line, column },
		};
	}
}

function blanksLeft(blanks: { line: number; column: number }[]): Feedback {
	const lines = [...new Set(blanks.map(({ line }) => line))];
	const where =
		lines.length === 1
			? `in line ${lines[0]}`
			: `in lines ${lines.slice(0, -1).join(", ")} and ${lines[lines.length - 1]}`;
	return {
		kind: "blank",
		message:
			blanks.length === 1
				? `There is still a blank ${where}.`
				: `There are still ${blanks.length} blanks, ${where}.`,
		next: "Replace ______ by your own code.",
		place: blanks[0],
	};
}

/** The 1-based places of the blanks in a text, in order. */
export function findBlanks(source: string): { line: number; column: number }[] {
	return blankOffsets(source).map((offset) => placeOf(source, offset));
}

function blankOffsets(source: string): number[] {
	let program: Node;
	try {
		program = parse(source);
	} catch {
		return scanForBlanks(source);
	}
	const names = findNames(program)
		.free.filter(({ name }) => blank.test(name))
		.map(({ start }) => start);
	return [...new Set([...names, ...blankTexts(program)])].sort((a, b) => a - b);
}

function blankTexts(node: Node): number[] {
	if (node.type === "Literal") {
		return typeof node.value === "string" && blank.test(node.value) ? [node.start + 1] : [];
	}
	return [...children(node)].flatMap(blankTexts);
}

/** In a text that cannot be parsed: underscores that stand alone, outside comments and longer texts. */
function scanForBlanks(source: string): number[] {
	const found: number[] = [];
	const token = /\/\/.*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[\w$]+/g;
	for (const { 0: text, index } of source.matchAll(token)) {
		if (blank.test(text)) found.push(index);
		else if (/^["']/.test(text) && blank.test(text.slice(1, -1))) found.push(index + 1);
	}
	return found;
}

/** Habits from Python that are the likely cause of text that cannot be read from a line on (counted from 1). */
function fromPython(lines: readonly string[], line: number): string | undefined {
	// Words in comments and texts are no code; a # is neither.
	const text = (lines[line - 1] ?? "")
		.replace(/"[^"]*"|'[^']*'/g, '""')
		.replace(/\/\/.*/, "")
		.trim();
	if (text.startsWith("#")) return "A comment begins with // here, not with #.";
	if (/^def\s/.test(text))
		return "A function is written `const name = (a, b) => …` or `function name(a, b) { … }`.";
	if (/^(if|elif|else|for|while)\b.*:\s*$/.test(text))
		return "Conditions stand in ( ) and the lines below in { }: `if (a > b) { … }`.";
	if (/\b(and|or|not)\b/.test(text)) return "`and`, `or` and `not` are written &&, || and !.";
	if (/\blambda\b/.test(text)) return "A small function is written `(x) => x + 1`.";
	if (/\bfor\b.*\bin\b/.test(text)) return "`[f(x) for x in list]` is written `list.map((x) => f(x))`.";
	if (/[[\d)]\s*:\s*(\d|\w+\(|[\],])/.test(text) && !/[{?]/.test(text))
		return "`from:to` is written `[from, to]`, or `slice(from, to)` of a list.";
	// What follows // is a comment, so that it may be a line below which cannot be read.
	const divides = /[\w)\]] \/\/ ?[\w(]+(\[[\w.]+\]|\.\w+)*[),;]/;
	if (lines.slice(0, line).some((each) => divides.test(each)))
		return "// begins a comment. Division rounded down is `Math.floor(a / b)`.";
	return undefined;
}
