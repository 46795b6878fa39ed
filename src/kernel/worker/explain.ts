/** Errors in plain words, at the place in the reader's own text. */
import { isChunkwiseError } from "../../lib/errors.ts";
import { nearest } from "../../lib/nearest.ts";
import type { Compiled } from "../compile/compile.ts";
import { CompileError } from "../compile/compile-error.ts";
import type { ErrorOutput, Place } from "../protocol.ts";
import type { Namespace } from "./namespace.ts";
import { insteadOfPython } from "./python-names.ts";

/** The name under which a run's code appears in stack traces. */
export function sourceName(cell: string, run: number): string {
	return `chunkwise-cell-${cell}.${run}.ts`;
}

const frame = /chunkwise-cell-(.+?)\.(\d+)\.ts:(\d+):(\d+)/;

export interface Context {
	cell: string;
	/** Compiled code by run number, to lead stack frames back to the source. */
	compiled: ReadonlyMap<number, Compiled>;
	names: Namespace;
}

export function explain(thrown: unknown, context: Context): ErrorOutput {
	if (thrown instanceof CompileError) {
		const place = { cell: context.cell, line: thrown.line, column: thrown.column };
		return { name: "SyntaxError", message: thrown.message, place, trace: [place] };
	}
	if (!(thrown instanceof Error)) {
		return { name: "Thrown", message: `The cell threw ${describe(thrown)}.`, trace: [] };
	}
	const trace = placesOf(thrown.stack ?? "", context);
	const base = { place: trace[0], trace, stack: thrown.stack };
	if (isChunkwiseError(thrown)) {
		const where = thrown.where ? ` (${thrown.where})` : "";
		return { ...base, name: thrown.code, message: thrown.message + where, remedy: thrown.remedy };
	}
	return { ...base, name: thrown.name, ...inPlainWords(thrown, context) };
}

/** The number of the run whose code threw, as the stack tells. */
export function runOf(error: unknown): number | undefined {
	const match = error instanceof Error ? frame.exec(error.stack ?? "") : null;
	return match ? Number(match[2]) : undefined;
}

/** The number of the run from which a call came at first: the outermost cell on the stack. */
export function causeOf(stack: string): number | undefined {
	const frames = [...stack.matchAll(new RegExp(frame, "g"))];
	return frames.length > 0 ? Number(frames[frames.length - 1][2]) : undefined;
}

/** Where in the readers' cells a stack trace passes, innermost first. */
export function placesOf(stack: string, { compiled }: Context): Place[] {
	const places: Place[] = [];
	for (const line of stack.split("\n")) {
		const match = frame.exec(line);
		if (!match) continue;
		const code = compiled.get(Number(match[2]));
		if (code) places.push({ cell: match[1], ...code.toSource(Number(match[3]), Number(match[4])) });
	}
	return places;
}

function inPlainWords(error: Error, { cell, names }: Context): { message: string; remedy?: string } {
	const { message } = error;
	const undefinedName = /^(?:Can't find variable: )?([\w$]+)(?: is not defined)?$/.exec(message);
	if (error instanceof ReferenceError && undefinedName) {
		const name = undefinedName[1];
		if (/^_{3,}$/.test(name)) {
			return {
				message: "There is still a blank (______) to fill in.",
				remedy: "Replace it by your own code.",
			};
		}
		const close = nearest(name, names.all());
		return {
			message: `${name} is not defined.`,
			remedy: close
				? `Did you mean ${close}?`
				: (insteadOfPython(name) ?? "Check the spelling, or run the cell that defines it."),
		};
	}
	const tooEarly = /^(?:Cannot access '|can't access lexical declaration ')([\w$]+)/.exec(message);
	if (tooEarly) {
		const owner = names.owner(tooEarly[1]);
		return owner && owner.cell !== cell
			? {
					message: `${tooEarly[1]} has no value: the cell that defines it did not get that far.`,
					remedy: "Put that cell right and run it first.",
				}
			: { message: `${tooEarly[1]} is used before the line that gives it a value.` };
	}
	const constant =
		/(?:Assignment to constant variable|(?:Cannot assign to read only property|Cannot set property) '?([\w$]+)'?)/;
	const assigned = constant.exec(message);
	if (error instanceof TypeError && assigned && (!assigned[1] || names.owner(assigned[1]))) {
		const name = assigned[1] ?? "This name";
		return {
			message: `${name} is a constant and keeps its value.`,
			remedy: "Declare it with `let` to change it later.",
		};
	}
	const missing = /^Cannot read properties of (undefined|null) \(reading '(.+)'\)$/.exec(message);
	if (missing) {
		return { message: `Something here is ${missing[1]}, so it has no \`${missing[2]}\`.` };
	}
	if (
		error instanceof SyntaxError &&
		/^(Unexpected end of JSON input|JSON\.parse: unexpected end)/.test(message)
	) {
		return {
			message: "The text ends before the JSON does.",
			remedy: "Perhaps it is empty: a key that is not in the store gives no bytes.",
		};
	}
	const notAList = /^(undefined|null) is not iterable/.exec(message);
	if (notAList) {
		return { message: `Something here is ${notAList[1]}, where a list or other values are wanted.` };
	}
	if (error instanceof RangeError && /call stack/i.test(message)) {
		return { message: "A function keeps calling itself without end (the call stack is full)." };
	}
	if (error instanceof RangeError && /array (buffer )?(allocation failed|length)/i.test(message)) {
		return { message: `${message}: the browser has no memory for an array of that size.` };
	}
	return { message };
}

function describe(value: unknown): string {
	try {
		return typeof value === "string" ? JSON.stringify(value) : String(value);
	} catch {
		return "a value that cannot be shown";
	}
}
