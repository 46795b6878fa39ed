#!/usr/bin/env node
/** The `chunkwise` command. */
import { type ParseArgsConfig, parseArgs } from "node:util";
import { helpTexts, version } from "./help.ts";
import { errorLine, exitCodes, explain, jsonLine, printError, printLine, UsageError } from "./output.ts";
import { type ProgressBar, progressBar } from "./progress-bar.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

const common: Options = { help: { type: "boolean", short: "h" } };
const json: Options = { json: { type: "boolean" } };

/** Ctrl-C ends what is running in an orderly way; a second one at once. */
const stop = new AbortController();
function stopOnSignal(): void {
	for (const signal of ["SIGINT", "SIGTERM"] as const) {
		process.once(signal, () => stop.abort(new Error("stopped")));
	}
}

function parse(args: string[], options: Options) {
	try {
		return parseArgs({ args, options: { ...common, ...options }, allowPositionals: true, strict: true });
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}

type Values = ReturnType<typeof parse>["values"];

/**
 * Runs one PATH after the other; one that fails gives its error and the rest go on. A result that does not pass
 * counts as a failure.
 */
async function forEachPath<T>(
	args: string[],
	command: string,
	run: (path: string, onProgress: ProgressBar["onProgress"], values: Values) => Promise<T>,
	text: (result: T) => string,
	{ options = {}, passes = () => true }: { options?: Options; passes?: (result: T) => boolean } = {},
): Promise<number> {
	const { values, positionals } = parse(args, { ...json, ...options });
	if (values.help) return help(command);
	if (positionals.length === 0) throw new UsageError("A PATH is missing.");
	stopOnSignal();
	let failures = 0;
	for (const path of positionals) {
		const bar = progressBar();
		try {
			const result = await run(path, bar.onProgress, values);
			bar.clear();
			if (!passes(result)) failures++;
			printLine(values.json ? jsonLine(result) : text(result));
		} catch (error) {
			bar.clear();
			if (stop.signal.aborted) return interrupted();
			const explained = explain(error);
			failures++;
			if (values.json) printLine(errorLine(path, explained));
			else printError(path, explained);
		}
	}
	return failures === 0 ? exitCodes.ok : exitCodes.failed;
}

/** Each command loads what it needs when it is called: help and mistakes answer at once. */
const commands: Record<string, (args: string[]) => Promise<number>> = {
	async info(args) {
		const { infoOf, infoText } = await import("./info-command.ts");
		return forEachPath(args, "info", (path) => infoOf(path, stop.signal), infoText);
	},

	async stats(args) {
		const { statsOf, statsText } = await import("./stats-command.ts");
		const run = (path: string, onProgress: ProgressBar["onProgress"]) =>
			statsOf(path, { signal: stop.signal, onProgress });
		return forEachPath(args, "stats", run, statsText);
	},

	async validate(args) {
		const { validatePath, validateText } = await import("./validate-command.ts");
		return forEachPath(
			args,
			"validate",
			(path, _, values) => validatePath(path, { strict: values.strict === true, signal: stop.signal }),
			validateText,
			{ options: { strict: { type: "boolean" } }, passes: (result) => result.valid },
		);
	},

	async convert(args) {
		const { convertCommand } = await import("./convert-args.ts");
		return convertCommand(args, { stop: stop.signal, onStart: stopOnSignal });
	},

	async serve(args) {
		const { values, positionals } = parse(args, {
			port: { type: "string" },
			host: { type: "string" },
			base: { type: "string" },
			quiet: { type: "boolean" },
		});
		if (values.help) return help("serve");
		if (positionals.length !== 1) throw new UsageError("serve takes one FOLDER.");
		const port = values.port === undefined ? 8000 : Number(values.port);
		if (!Number.isInteger(port) || port < 0 || port > 65535 || values.port === "") {
			throw new UsageError(`--port is ${values.port} and can be 0 to 65535.`);
		}
		const [folder] = positionals;
		const { serveFolder } = await import("./serve.ts");
		try {
			const served = await serveFolder(folder, {
				port,
				host: values.host as string | undefined,
				base: values.base as string | undefined,
				onRequest: values.quiet
					? undefined
					: ({ method, url, status, range }) =>
							process.stderr.write(`${status} ${method} ${url}${range ? ` ${range}` : ""}\n`),
			});
			stopOnSignal();
			printLine(served.url);
			await new Promise((done) => stop.signal.addEventListener("abort", done, { once: true }));
			await served.close();
			return exitCodes.ok;
		} catch (error) {
			printError(folder, explain(error));
			return exitCodes.failed;
		}
	},
};

function help(command: string): number {
	printLine(helpTexts[command]);
	return exitCodes.ok;
}

/** 128 + SIGINT, as shells have it. */
function interrupted(): number {
	process.stderr.write("chunkwise: stopped\n");
	return 130;
}

async function run(args: string[]): Promise<number> {
	const [name, ...rest] = args;
	if (name === undefined) {
		process.stderr.write(`${helpTexts[""]}\n`);
		return exitCodes.usage;
	}
	if (name === "--help" || name === "-h" || name === "help") {
		const topic = rest[0] ?? "";
		if (!Object.hasOwn(helpTexts, topic)) throw new UsageError(`There is no command ${topic}.`);
		return help(topic);
	}
	if (name === "--version") {
		printLine(version);
		return exitCodes.ok;
	}
	if (!Object.hasOwn(commands, name)) {
		throw new UsageError(
			name.startsWith("-") ? `There is no option ${name}.` : `There is no command ${name}.`,
		);
	}
	try {
		return await commands[name](rest);
	} catch (error) {
		if (!(error instanceof UsageError)) throw error;
		process.stderr.write(
			`chunkwise ${name}: ${error.message}\n  chunkwise ${name} --help shows how it is used.\n`,
		);
		return exitCodes.usage;
	}
}

// The reader of our output may leave early (`chunkwise … | head`): that is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	process.exit(error.code === "EPIPE" ? exitCodes.ok : exitCodes.failed);
});

try {
	process.exitCode = await run(process.argv.slice(2));
} catch (error) {
	if (error instanceof UsageError) {
		process.stderr.write(`chunkwise: ${error.message}\n  chunkwise --help shows how it is used.\n`);
		process.exitCode = exitCodes.usage;
	} else {
		printError(process.argv[2] ?? "", explain(error));
		process.exitCode = exitCodes.failed;
	}
}
