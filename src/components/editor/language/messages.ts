/** What is wrong, in words for a reader of the lesson. TypeScript's own where they are plain enough. */
import type ts from "typescript";
import { nearest } from "../../../lib/nearest.ts";
import type { CellModule } from "./cell-modules.ts";
import type { Problem } from "./protocol.ts";

export interface Around {
	cell: CellModule;
	/** All cells of the lesson, in order. */
	cells: readonly CellModule[];
	/** What a cell may import. */
	importable: readonly string[];
	/** True where the types of a module that may be imported are not there. */
	isMissing(module: string): boolean;
}

const unknownName = new Set([2304, 2503, 2552, 2580, 2582, 2584, 2591, 2662, 2663, 18004]);
/** Names of a page, which learners know from elsewhere. */
const ofPages = /^(document|window|localStorage|sessionStorage|alert|prompt|confirm|require|process|module)$/;
const unknownModule = new Set([2307, 2792, 7016, 2882]);
const assignedImport = 2632;
/** About how a `let` without a type is seen from the cell's own `export`, which the reader did not write. */
const ofExport = new Set([7005, 7034]);

/** A problem of the reader's text, or nothing where it is ours and not theirs. */
export function problemOf(
	tsc: typeof ts,
	diagnostic: ts.Diagnostic,
	{ cell, cells, importable, isMissing }: Around,
): Problem | undefined {
	const start = (diagnostic.start ?? 0) - cell.before.length;
	const length = Math.min(diagnostic.length ?? 1, cell.source.length - start);
	if (start < 0 || length < 0) return undefined;
	const { code } = diagnostic;
	const text = cell.source.slice(start, start + length);
	const problem = (message: string, kind: Problem["kind"] = "error"): Problem => ({
		kind,
		start,
		length,
		message,
		code,
	});
	const message = tsc.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
	if (/^_{3,}$/.test(text) || /(['"])_{3,}\1/.test(message)) {
		return problem("Fill in this blank: put your own code in the place of the line.", "blank");
	}
	if (unknownName.has(code)) {
		const name = /'([^']+)'/.exec(message)?.[1] ?? text;
		const index = cells.indexOf(cell);
		const exercise = cells.find((other, i) => i < index && other.isExercise && other.names.has(name));
		if (exercise) {
			return problem(`${name} is declared in the exercise “${exercise.title}”, and its names stay its own.`);
		}
		const later = cells.find((other, i) => i > index && !other.isExercise && other.names.has(name));
		if (later) {
			return problem(
				`${name} is declared further down, in “${later.title}”. A cell sees the names of the cells above it.`,
			);
		}
		if (ofPages.test(name)) {
			return problem(
				`${name} is not there in a cell: cells run in a worker, beside the page and without Node.`,
			);
		}
	}
	if (unknownModule.has(code)) {
		const name = text.replace(/^['"`]|['"`]$/g, "");
		if (isMissing(name)) return undefined;
		const close = nearest(name, importable);
		return problem(
			`A cell cannot import "${name}". ${close ? `Did you mean "${close}"? ` : ""}Cells can import ${importable.map((n) => `"${n}"`).join(", ")}.`,
		);
	}
	if (code === assignedImport && cell.seen.has(text)) {
		const from = cells.find(({ id }) => id === cell.seen.get(text));
		return problem(
			`${text} cannot be changed: “${from?.title}” declares it, and not with let. Use another name here, or declare it anew.`,
		);
	}
	if (ofExport.has(code)) return undefined;
	return problem(message);
}
