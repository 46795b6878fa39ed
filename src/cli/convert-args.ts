/** The call `chunkwise convert …`: its options checked, its progress and result shown. */
import { existsSync } from "node:fs";
import { isChunkwiseError } from "../lib/errors.ts";
import { type MultiscaleMethod, multiscaleMethods } from "../lib/multiscale/to-multiscale.ts";
import { udunitsName } from "../lib/units.ts";
import { type CodecName, codecNames } from "../lib/zarr/codecs.ts";
import { compressionLevel } from "../lib/zarr/compression-level.ts";
import { integers, jsonOption, oneOf, parse } from "./call.ts";
import { convert } from "./convert-command.ts";
import { type ConvertFormat, convertFormats } from "./convert-request.ts";
import { convertText } from "./convert-text.ts";
import { helpTexts } from "./help.ts";
import { errorLine, exitCodes, explain, jsonLine, printError, printLine, UsageError } from "./output.ts";
import { progressBar } from "./progress-bar.ts";

export interface CallContext {
	/** Aborted by Ctrl-C. */
	stop: AbortSignal;
	/** Called when work begins: from then on Ctrl-C aborts. */
	onStart(): void;
}

/** MiB: below this not even a few chunks are in memory together. */
const leastMemory = 16;

/** @throws UsageError */
export async function convertCommand(args: string[], { stop, onStart }: CallContext): Promise<number> {
	const { values, positionals } = parse(args, {
		...jsonOption,
		format: { type: "string" },
		"scale-factors": { type: "string" },
		method: { type: "string" },
		chunks: { type: "string" },
		shards: { type: "string" },
		codec: { type: "string" },
		dims: { type: "string" },
		scale: { type: "string" },
		units: { type: "string" },
		level: { type: "string" },
		memory: { type: "string" },
		overwrite: { type: "boolean" },
		restart: { type: "boolean" },
	});
	if (values.help) {
		printLine(helpTexts.convert);
		return exitCodes.ok;
	}
	if (positionals.length !== 2) {
		throw new UsageError(
			`convert takes IN and OUT; ${positionals.length} ${positionals.length === 1 ? "path was" : "paths were"} given.`,
		);
	}
	oneOf(values.format, "--format", convertFormats);
	oneOf(values.method, "--method", multiscaleMethods);
	oneOf(values.codec, "--codec", codecNames);
	const format = values.format as ConvertFormat | undefined;
	if (values.shards !== undefined && format !== undefined && format !== "ome-zarr-0.5") {
		const why = format === "n5" ? "N5 is written without shards." : "Zarr 2 has no shards.";
		throw new UsageError(`--shards needs ome-zarr-0.5, and ${format} is asked for: ${why}`);
	}
	const codec = (values.codec ?? (format === "n5" ? "gzip" : "blosc-lz4")) as CodecName;
	const [path, out] = positionals;
	const wanted = {
		scaleFactors: factorsOf(values["scale-factors"]),
		format,
		method: values.method as MultiscaleMethod | undefined,
		chunks: integers(values.chunks, "--chunks"),
		shards: integers(values.shards, "--shards"),
		codec: values.codec as CodecName | undefined,
		level: levelOf(values.level, codec),
		memory: memoryOf(values.memory),
		dims: wordsOf(values.dims),
		scale: numbersOf(values.scale, "--scale"),
		units: wordsOf(values.units)?.map((unit) => (unit === "none" ? unit : udunitsName(unit))),
		overwrite: values.overwrite === true,
		restart: values.restart === true,
	};
	onStart();
	const bar = progressBar();
	try {
		const result = await convert(path, out, { ...wanted, signal: stop, onProgress: bar.onProgress });
		bar.clear();
		printLine(values.json ? jsonLine(result) : convertText(result));
		if (result.leftOut) {
			process.stderr.write(
				`chunkwise: labels are left out, N5 has no place for them: ${result.leftOut.join(", ")}\n` +
					`  Convert each by itself: chunkwise convert ${path.replace(/#.*$/, "")}#labels/${result.leftOut[0]} labels.n5 --format n5\n`,
			);
		}
		if (result.shardsLeftOut) {
			process.stderr.write(
				`chunkwise: the shards of ${result.shardsLeftOut.join(" × ")} are not kept, each chunk is a file of its own\n` +
					"  --shards makes some, in ome-zarr-0.5.\n",
			);
		}
		if (result.widened) {
			process.stderr.write(
				"chunkwise: float16 becomes float32, N5 has no half precision; every number stays what it is\n" +
					"  ome-zarr-0.5 and ome-zarr-0.4 keep float16.\n",
			);
		}
		if (result.others) {
			process.stderr.write(
				`chunkwise: left out, being neither image nor label: ${result.others.slice(0, 8).join(", ")}${result.others.length > 8 ? ", …" : ""}\n`,
			);
		}
		for (const image of result.elsewhere ?? []) {
			process.stderr.write(`chunkwise: left out, being in other files: ${image}\n`);
		}
		if (result.strayPages) {
			const some = result.strayPages.slice(0, 8).join(", ");
			process.stderr.write(
				`chunkwise: left out, being in none of the images: page ${some}${result.strayPages.length > 8 ? ", …" : ""}\n`,
			);
		}
		return exitCodes.ok;
	} catch (error) {
		bar.clear();
		if (error instanceof UsageError) throw error;
		const begun = existsSync(`${out.replace(/\/+$/, "")}.unfinished`);
		if (stop.aborted) {
			const how = begun ? `; the same call goes on from ${out}.unfinished` : "";
			process.stderr.write(`chunkwise: stopped${how}\n`);
			return 130;
		}
		const explained = explain(error);
		if (values.json) printLine(errorLine(path, explained));
		else printError(path, explained);
		return exitCodes.failed;
	}
}

/** The compression level, once it is sure that the codec has it. */
function levelOf(value: unknown, codec: CodecName): number | undefined {
	if (value === undefined) return undefined;
	const level = /^\d{1,3}$/.test(String(value)) ? Number(value) : Number.NaN;
	try {
		return compressionLevel(codec, level);
	} catch (error) {
		if (!isChunkwiseError(error)) throw error;
		throw new UsageError(
			`--level is the level of compression, and ${JSON.stringify(value)} is given. ${error.message} ${error.remedy}` +
				" A scale level of the input is named as IN#1.",
		);
	}
}

/** "2,4" and "1x2x2,2": a factor for all axes of space, or one for each. */
function factorsOf(value: unknown): (number | number[])[] | undefined {
	if (value === undefined) return undefined;
	if (value === "none") return [];
	return String(value)
		.split(",")
		.map((level) => {
			const each = integers(level.replaceAll("x", ","), "--scale-factors") as number[];
			return each.length === 1 ? each[0] : each;
		});
}

function wordsOf(value: unknown): string[] | undefined {
	return value === undefined
		? undefined
		: String(value)
				.split(",")
				.map((word) => word.trim());
}

function numbersOf(value: unknown, option: string): number[] | undefined {
	const numbers = wordsOf(value)?.map(Number);
	if (numbers?.every((number) => Number.isFinite(number) && number > 0) ?? true) return numbers;
	throw new UsageError(`${option} is ${JSON.stringify(value)}: give numbers above 0, as 0.5,0.1,0.1.`);
}

/** MiB as bytes. */
function memoryOf(value: unknown): number | undefined {
	const [mebibytes] = integers(value, "--memory", leastMemory) ?? [];
	return mebibytes === undefined ? undefined : mebibytes * 2 ** 20;
}
