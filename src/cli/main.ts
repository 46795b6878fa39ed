#!/usr/bin/env node
/** The `chunkwise` command. */
import { nearest } from "../lib/nearest.ts";
import { type Command, forEachPath, stop, stopOnSignal } from "./call.ts";
import { helpTexts, version } from "./help.ts";
import { exitCodes, explain, printError, printLine, UsageError } from "./output.ts";

/** Each command loads what it needs when it is called: help and mistakes answer at once. */
const commands: Record<string, Command> = {
	async info(args) {
		const [{ infoOf }, { infoText }] = await Promise.all([
			import("./info-command.ts"),
			import("./info-text.ts"),
		]);
		return forEachPath(args, helpOn("info"), {
			run: (path, { signal }) => infoOf(path, signal),
			text: infoText,
		});
	},

	async stats(args) {
		const { statsOf, statsText } = await import("./stats-command.ts");
		return forEachPath(args, helpOn("stats"), { run: statsOf, text: statsText });
	},

	async ls(args) {
		const { listPath, lsText } = await import("./ls-command.ts");
		return forEachPath(args, helpOn("ls"), {
			run: (path, { signal }, values) => listPath(path, values.json === true, signal),
			// The keys are the result; how many there are is a message.
			report: lsText,
		});
	},

	async tree(args) {
		const { treePath, treeText } = await import("./tree-command.ts");
		return forEachPath(args, helpOn("tree"), {
			run: (path, { signal }) => treePath(path, signal),
			text: treeText,
		});
	},

	async validate(args) {
		const { validatePath, validateText } = await import("./validate-command.ts");
		return forEachPath(args, helpOn("validate"), {
			options: { strict: { type: "boolean" } },
			run: (path, { signal }, values) => validatePath(path, { strict: values.strict === true, signal }),
			text: validateText,
			passes: (result) => result.valid,
		});
	},

	async convert(args) {
		const { convertCommand } = await import("./convert-args.ts");
		return convertCommand(args, { stop: stop.signal, onStart: stopOnSignal });
	},

	async download(args) {
		const { callDownload } = await import("./download-call.ts");
		return callDownload(args, helpOn("download"));
	},

	async serve(args) {
		const { callServe } = await import("./serve-call.ts");
		return callServe(args, helpOn("serve"));
	},
};

const helpOn = (command: string) => () => {
	printLine(helpTexts[command]);
	return exitCodes.ok;
};

function noSuch(name: string): UsageError {
	const options = ["help", "version"];
	const isOption = name.startsWith("-");
	const meant = isOption
		? nearest(name.replace(/^-+/, ""), options)
		: nearest(name, [...Object.keys(commands), "help"]);
	const hint = meant ? ` Did you mean ${isOption ? "--" : ""}${meant}?` : "";
	return new UsageError(`There is no ${isOption ? "option" : "command"} ${name}.${hint}`);
}

async function run(args: string[]): Promise<number> {
	const [name, ...rest] = args;
	if (name === undefined) {
		process.stderr.write(`${helpTexts[""]}\n`);
		return exitCodes.usage;
	}
	if (name === "--help" || name === "-h" || name === "help") {
		const topic = rest[0] ?? "";
		if (!Object.hasOwn(helpTexts, topic)) throw noSuch(topic);
		return helpOn(topic)();
	}
	if (name === "--version") return helpLine(version);
	if (!Object.hasOwn(commands, name)) throw noSuch(name);
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

function helpLine(line: string): number {
	printLine(line);
	return exitCodes.ok;
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
