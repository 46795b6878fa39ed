/** The call `chunkwise convert …`: its options checked, its progress and result shown. */
import { parseArgs } from "node:util";
import { type MultiscaleMethod, multiscaleMethods } from "../lib/multiscale/to-multiscale.ts";
import { type CodecName, codecNames } from "../lib/zarr/codecs.ts";
import { type ConvertFormat, convert, convertFormats, convertText } from "./convert-command.ts";
import { helpTexts } from "./help.ts";
import { errorLine, exitCodes, explain, jsonLine, printError, printLine, UsageError } from "./output.ts";
import { progressBar } from "./progress-bar.ts";

export interface CallContext {
	/** Aborted by Ctrl-C. */
	stop: AbortSignal;
	/** Called when work begins: from then on Ctrl-C aborts. */
	onStart(): void;
}

const options = {
	help: { type: "boolean", short: "h" },
	json: { type: "boolean" },
	format: { type: "string" },
	"scale-factors": { type: "string" },
	method: { type: "string" },
	chunks: { type: "string" },
	shards: { type: "string" },
	codec: { type: "string" },
	level: { type: "string" },
	overwrite: { type: "boolean" },
} as const;

function parse(args: string[]) {
	try {
		return parseArgs({ args, options, allowPositionals: true, strict: true });
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}

/** @throws UsageError */
export async function convertCommand(args: string[], { stop, onStart }: CallContext): Promise<number> {
	const { values, positionals } = parse(args);
	if (values.help) {
		printLine(helpTexts.convert);
		return exitCodes.ok;
	}
	if (positionals.length !== 2) {
		throw new UsageError(
			`convert takes IN and OUT; ${positionals.length} ${positionals.length === 1 ? "path was" : "paths were"} given.`,
		);
	}
	oneOf(values.format, "--format", convertFormats, ["n5"]);
	oneOf(values.method, "--method", multiscaleMethods);
	oneOf(values.codec, "--codec", codecNames);
	if (values.format === "ome-zarr-0.4" && values.shards !== undefined) {
		throw new UsageError("--shards needs ome-zarr-0.5: ome-zarr-0.4 is on Zarr 2, which has no shards.");
	}
	if (values.level !== undefined && !/^\d{1,9}$/.test(String(values.level))) {
		throw new UsageError(`--level is ${JSON.stringify(values.level)}: give a scale level, counted from 0.`);
	}
	const [path, out] = positionals;
	onStart();
	const bar = progressBar();
	try {
		const result = await convert(path, out, {
			scaleFactors:
				values["scale-factors"] === "none" ? [] : integers(values["scale-factors"], "--scale-factors"),
			format: values.format as ConvertFormat | undefined,
			method: values.method as MultiscaleMethod | undefined,
			level: values.level === undefined ? undefined : Number(values.level),
			chunks: integers(values.chunks, "--chunks"),
			shards: integers(values.shards, "--shards"),
			codec: values.codec as CodecName | undefined,
			overwrite: values.overwrite === true,
			signal: stop,
			onProgress: bar.onProgress,
		});
		bar.clear();
		printLine(values.json ? jsonLine(result) : convertText(result));
		return exitCodes.ok;
	} catch (error) {
		bar.clear();
		if (error instanceof UsageError) throw error;
		if (stop.aborted) {
			process.stderr.write("chunkwise: stopped\n");
			return 130;
		}
		const explained = explain(error);
		if (values.json) printLine(errorLine(path, explained));
		else printError(path, explained);
		return exitCodes.failed;
	}
}

function oneOf(
	value: string | undefined,
	option: string,
	possible: readonly string[],
	later: readonly string[] = [],
): void {
	if (value === undefined || possible.includes(value)) return;
	const why = later.includes(value) ? "is not available yet" : "is not known";
	throw new UsageError(`${option} ${value} ${why}: it can be ${possible.join(", ")}.`);
}

/** `2,4` as numbers. */
function integers(value: string | undefined, option: string): number[] | undefined {
	if (value === undefined) return undefined;
	const numbers = value.split(",").map((part) => (/^\s*\d{1,9}\s*$/.test(part) ? Number(part) : Number.NaN));
	if (numbers.every((number) => number >= 1)) return numbers;
	throw new UsageError(`${option} is ${JSON.stringify(value)}: give whole numbers from 1 on, as 2,4.`);
}
