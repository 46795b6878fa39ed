/** What every subcommand does with its call: options, signals, one PATH after the other. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearest } from "../lib/nearest.ts";
import type { Progress } from "../lib/progress.ts";
import { errorLine, exitCodes, explain, jsonLine, printError, printLine, UsageError } from "./output.ts";
import { progressBar } from "./progress-bar.ts";

export type Options = NonNullable<ParseArgsConfig["options"]>;
/** Runs with what follows the subcommand's name; gives the exit code. */
export type Command = (args: string[]) => Promise<number>;
export type Values = ReturnType<typeof parse>["values"];
type OnProgress = ((progress: Progress) => void) | undefined;

const common: Options = { help: { type: "boolean", short: "h" } };
export const jsonOption: Options = { json: { type: "boolean" } };

/** Ctrl-C ends what is running in an orderly way; a second one at once. */
export const stop = new AbortController();
export function stopOnSignal(): void {
	for (const signal of ["SIGINT", "SIGTERM"] as const) {
		process.once(signal, () => stop.abort(new Error("stopped")));
	}
}

/** 128 + SIGINT, as shells have it. */
export function interrupted(): number {
	process.stderr.write("chunkwise: stopped\n");
	return 130;
}

/** @throws UsageError with the option that was probably meant */
export function parse(args: string[], options: Options) {
	const known = { ...common, ...options };
	try {
		return parseArgs({ args, options: known, allowPositionals: true, strict: true });
	} catch (error) {
		const unknown = /^Unknown option '(-[^'\s]*)'/.exec((error as Error).message)?.[1];
		if (unknown === undefined) throw new UsageError((error as Error).message);
		const meant = nearest(unknown.replace(/^-+/, ""), Object.keys(known));
		throw new UsageError(`There is no option ${unknown}.${meant ? ` Did you mean --${meant}?` : ""}`);
	}
}

/** Refuses a value that an option cannot have. */
export function oneOf(value: unknown, option: string, possible: readonly string[]): void {
	if (value === undefined || possible.includes(String(value))) return;
	const meant = nearest(String(value), possible);
	const hint = meant ? `; did you mean ${meant}?` : ".";
	throw new UsageError(`${option} ${value} is not known${hint} It can be ${possible.join(", ")}.`);
}

/** `2,4` as numbers. */
export function integers(value: unknown, option: string, least = 1): number[] | undefined {
	if (value === undefined) return undefined;
	const numbers = String(value)
		.split(",")
		.map((part) => (/^\s*\d{1,9}\s*$/.test(part) ? Number(part) : Number.NaN));
	if (numbers.every((number) => number >= least)) return numbers;
	throw new UsageError(
		`${option} is ${JSON.stringify(value)}: give whole numbers from ${least} on, as ${least + 1},${least + 3}.`,
	);
}

export interface PathCommand<T> {
	options?: Options;
	run: (path: string, task: { onProgress: OnProgress; signal: AbortSignal }, values: Values) => Promise<T>;
	/** For people. */
	text?: (result: T) => string;
	/** A message on stderr, where `run` has printed the result itself. */
	report?: (result: T) => string;
	/** A result that does not pass counts as a failure; default every one passes. */
	passes?: (result: T) => boolean;
}

/** Runs one PATH after the other; one that fails gives its error and the rest go on. */
export async function forEachPath<T>(
	args: string[],
	help: () => number,
	{ options = {}, run, text, report, passes = () => true }: PathCommand<T>,
): Promise<number> {
	const { values, positionals } = parse(args, { ...jsonOption, ...options });
	if (values.help) return help();
	if (positionals.length === 0) throw new UsageError("A PATH is missing.");
	stopOnSignal();
	let failures = 0;
	for (const path of positionals) {
		const bar = progressBar();
		try {
			const result = await run(path, { onProgress: bar.onProgress, signal: stop.signal }, values);
			bar.clear();
			if (!passes(result)) failures++;
			if (values.json) printLine(jsonLine(result));
			else if (text) printLine(text(result));
			else if (report) process.stderr.write(`${report(result)}\n`);
		} catch (error) {
			bar.clear();
			if (error instanceof UsageError) throw error;
			if (stop.signal.aborted) return interrupted();
			failures++;
			reportError(path, error, values.json === true);
		}
	}
	return failures === 0 ? exitCodes.ok : exitCodes.failed;
}

/** Runs what has one result: as {@link forEachPath} with one PATH. */
export async function once<T>(
	path: string,
	values: Values,
	run: (task: { onProgress: OnProgress; signal: AbortSignal }) => Promise<T>,
	text: (result: T) => string,
): Promise<number> {
	stopOnSignal();
	const bar = progressBar();
	try {
		const result = await run({ onProgress: bar.onProgress, signal: stop.signal });
		bar.clear();
		printLine(values.json ? jsonLine(result) : text(result));
		return exitCodes.ok;
	} catch (error) {
		bar.clear();
		if (error instanceof UsageError) throw error;
		if (stop.signal.aborted) return interrupted();
		reportError(path, error, values.json === true);
		return exitCodes.failed;
	}
}

function reportError(path: string, error: unknown, json: boolean): void {
	const explained = explain(error);
	if (json) printLine(errorLine(path, explained));
	else printError(path, explained);
}
