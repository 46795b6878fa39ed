/** The line under an editor: what is wrong, in words, and how to get there. Also heard by screen readers. */
import type { Problem } from "./language/protocol.ts";

export interface ProblemLine {
	readonly id: string;
	show(problems: readonly Problem[], source: string): void;
	/** To the next problem after the caret, or the one before it; says which. */
	step(direction: 1 | -1): void;
	/** In place of problems, that there are no types to check with. */
	unavailable(): void;
}

interface Place {
	position(): number;
	select(start: number, length: number): void;
}

let count = 0;

export function problemLine(host: HTMLElement, editor: Place): ProblemLine {
	const bar = document.createElement("div");
	bar.className = "cw-editor-bar";
	const text = document.createElement("p");
	text.className = "cw-problems";
	text.setAttribute("role", "status");
	const next = document.createElement("button");
	next.type = "button";
	next.className = "cw-problem-next";
	next.textContent = "Show it";
	next.title = "F8";
	next.hidden = true;
	const keys = document.createElement("p");
	keys.className = "cw-editor-keys";
	keys.id = `cw-editor-keys-${++count}`;
	const mod = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl+";
	keys.textContent = `${mod}Enter runs, Esc leaves the editor.`;
	bar.append(text, next, keys);
	host.append(bar);

	let problems: readonly Problem[] = [];
	let source = "";
	let isStepping = false;

	const say = (sentence: string, kind: "error" | "blank" | "" = ""): void => {
		bar.dataset.kind = kind;
		if (text.textContent !== sentence) text.textContent = sentence;
	};
	const lineOf = (offset: number) => source.slice(0, offset).split("\n").length;
	const firstLine = (message: string) => message.split("\n")[0];

	function summary(): void {
		const errors = problems.filter(({ kind }) => kind === "error");
		const blanks = problems.length - errors.length;
		next.hidden = problems.length === 0;
		if (errors.length === 0) {
			if (blanks === 0) return say("");
			const line = lineOf(problems[0].start);
			return say(
				blanks === 1 ? `1 blank to fill in, on line ${line}.` : `${blanks} blanks to fill in.`,
				"blank",
			);
		}
		const [{ start, message, code }] = errors;
		const what = code < 2000 ? "syntax error" : "type error";
		const counted = errors.length === 1 ? `1 ${what} on line` : `${errors.length} errors. Line`;
		say(`${counted} ${lineOf(start)}: ${firstLine(message)}`, "error");
	}

	function step(direction: 1 | -1): void {
		if (problems.length === 0) return;
		const caret = editor.position();
		const ahead = direction === 1 ? problems : problems.toReversed();
		const isBeyond = ({ start }: Problem) => (direction === 1 ? start > caret : start < caret);
		const problem = ahead.find(isBeyond) ?? ahead[0];
		// Alone, and the caret is there already: it is told again.
		editor.select(problem.start, 0);
		const at = `${problems.indexOf(problem) + 1} of ${problems.length}`;
		isStepping = true;
		say(`${at}, line ${lineOf(problem.start)}: ${problem.message.replaceAll("\n", " ")}`, problem.kind);
	}
	next.addEventListener("click", () => step(1));

	return {
		id: keys.id,
		show: (found, text) => {
			const isSame = isStepping && JSON.stringify(found) === JSON.stringify(problems);
			problems = found;
			source = text;
			if (isSame) return;
			isStepping = false;
			summary();
		},
		step,
		unavailable: () => say("Types could not be loaded, so mistakes show only when the cell runs."),
	};
}
