/**
 * Runs an exercise: the answer in a scope of its own, then the author's check on what came of it. The answer sees the
 * page's names; what it assigns to them and changes in them is undone when the check has looked, and what its callbacks
 * assign later never reaches the page.
 */
import { assignedNames } from "../compile/assigned.ts";
import { type Compiled, compile } from "../compile/compile.ts";
import { inspect } from "../compile/inspect.ts";
import { parse } from "../compile/parse.ts";
import { findNames } from "../compile/scope.ts";
import type { Verdict } from "../protocol.ts";
import { CheckFailed, createExpect } from "./expect.ts";
import { lend } from "./lend.ts";
import type { Accessors, Namespace } from "./namespace.ts";
import { Outputs } from "./outputs.ts";
import { insteadOfPython } from "./python-names.ts";
import { startRecording } from "./requests.ts";

export interface Exercise {
	run: number;
	cell: string;
	source: string;
	check: string;
}

/** Evaluates compiled code in the kernel; `given` are the names that it is handed. */
export type Evaluate = (
	cell: string,
	run: number,
	compiled: Compiled,
	outputs: Outputs,
	define: (accessors: Accessors) => void,
	given?: Record<string, unknown>,
) => Promise<unknown>;

export async function runExercise(
	{ run, cell, source, check }: Exercise,
	names: Namespace,
	outputs: Outputs,
	evaluate: Evaluate,
): Promise<{ defines: string[]; verdict: Verdict }> {
	const early = inspect(source);
	if (early) return { defines: [], verdict: { passed: false, ...early } };
	const program = parse(source);
	const checkUses = findNames(parse(check)).uses;
	const used = new Set([...findNames(program).uses, ...checkUses]);
	const lent = lend(names, assignedNames(program), used);
	const compiled = compile(source, names.aliases, [], new Set(Object.keys(lent.scope)));
	const recording = startRecording();
	let accessors: Accessors = {};
	let value: unknown;
	let error: unknown;
	try {
		try {
			const define = (own: Accessors) => {
				accessors = own;
			};
			value = await evaluate(cell, run, compiled, outputs, define, lent.scope);
			if (value !== undefined) outputs.display(value);
		} catch (thrown) {
			// Only a check that asks for the error can find an answer right that ends in one.
			if (!checkUses.has("error")) throw thrown;
			error = thrown;
		} finally {
			recording.stop();
		}
		const given: Record<string, unknown> = {
			value,
			source,
			error,
			displays: outputs.displays,
			lines: outputs.lines,
			requests: recording.requests,
			...valuesOf(accessors),
		};
		const verdict = await judge(check, given, names, evaluate);
		return { defines: [...compiled.defines.keys()], verdict };
	} finally {
		lent.end();
	}
}

/** The names that got a value; in an answer that failed half way some have none. */
function valuesOf(accessors: Accessors): Record<string, unknown> {
	const values: Record<string, unknown> = {};
	for (const [name, accessor] of Object.entries(accessors)) {
		try {
			values[name] = accessor.get();
		} catch {
			// Never initialised: as if it were not there.
		}
	}
	return values;
}

async function judge(
	check: string,
	given: Record<string, unknown>,
	names: Namespace,
	evaluate: Evaluate,
): Promise<Verdict> {
	const { expect, count } = createExpect();
	let praise: string | undefined;
	const all = {
		...given,
		expect,
		fail: (message: string, next?: string) => {
			throw new CheckFailed(message, { next });
		},
		praise: (message: string) => {
			praise = message;
		},
	};
	try {
		const compiled = compile(check, names.aliases, Object.keys(all));
		await evaluate("check", -1, compiled, new Outputs(() => {}), () => {}, all);
		return { passed: true, checks: count(), message: praise };
	} catch (failure) {
		return { passed: false, kind: "check", ...reasonOf(failure, given.error, check) };
	}
}

function reasonOf(
	failure: unknown,
	error: unknown,
	check: string,
): { message: string; next?: string; detail?: string } {
	const detail =
		error === undefined
			? undefined
			: `Your code ended with an error: ${error instanceof Error ? error.message : String(error)}`;
	if (failure instanceof CheckFailed) {
		return { message: failure.message, next: failure.next, detail: failure.detail ?? detail };
	}
	const missing = failure instanceof ReferenceError && /^([\w$]+) is not defined/.exec(failure.message);
	// A function of the answer may be the one that looks for a name, once the check calls it.
	if (missing && !new RegExp(`(?<![\\w$.])${missing[1].replaceAll("$", "\\$")}(?![\\w$])`).test(check)) {
		return {
			message: `Your code ended with an error when the check called it: ${missing[0]}.`,
			next: insteadOfPython(missing[1]) ?? "Check the spelling.",
			detail,
		};
	}
	if (missing) {
		return {
			message: `The check looks for ${missing[1]}, which your code does not define.`,
			next: `Declare it at the top level of your answer: const ${missing[1]} = …`,
			detail,
		};
	}
	const message = failure instanceof Error ? failure.message : String(failure);
	return {
		message: `The check could not use your answer: ${message}`,
		next: "Compare the kind of value that you made with the one that is asked for.",
		detail,
	};
}
