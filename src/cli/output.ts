/** What the command says: results on stdout, everything else on stderr. */
import { ChunkwiseError, isChunkwiseError } from "../lib/errors.ts";

/** Exit codes: all well; some data is bad or absent; the call is wrong. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;

/** The call itself is wrong: an unknown option, a missing argument. */
export class UsageError extends Error {}

export function printLine(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** Prints lines, and waits for a reader that is slower than we are. */
export async function printed(lines: readonly string[]): Promise<void> {
	if (lines.length === 0 || process.stdout.write(`${lines.join("\n")}\n`)) return;
	await new Promise<void>((done) => process.stdout.once("drain", done));
}

/** One JSON document on one line. NaN and infinities, which JSON cannot say, are strings. */
export function jsonLine(value: unknown): string {
	return JSON.stringify(value, (_, v) => {
		if (typeof v === "bigint") return String(v);
		return typeof v === "number" && !Number.isFinite(v) ? String(v) : v;
	});
}

/** Any failure as an error that has a code and a remedy. */
export function explain(error: unknown): ChunkwiseError {
	if (isChunkwiseError(error)) return inWordsOfTheCommand(error);
	const { code, message, path } = error as NodeJS.ErrnoException;
	const known: Record<string, [code: string, message: string, remedy: string]> = {
		ENOENT: ["file-not-found", "There is no such file or folder.", "Check the path."],
		ENOTDIR: ["not-a-folder", "Something above this is a file, not a folder.", "Check the path."],
		EISDIR: ["file-is-folder", "This is a folder, not a file.", "Check the path."],
		ELOOP: ["file-not-found", "Links here lead round in a circle.", "Check the path."],
		ENAMETOOLONG: ["bad-name", "The name is too long for this disk.", "Choose a shorter one."],
		EROFS: ["file-forbidden", "This disk can only be read.", "Write to another disk."],
		EACCES: ["file-forbidden", "This may not be read or written.", "Check its permissions."],
		EPERM: ["file-forbidden", "This may not be read or written.", "Check its permissions."],
		ENOSPC: ["storage-full", "The disk is full.", "Free space, or write to another disk."],
		EMFILE: ["too-many-files", "Too many files are open.", "Raise the limit (ulimit -n)."],
	};
	const found = known[code ?? ""];
	if (found) return new ChunkwiseError(found[0], found[1], { where: path, remedy: found[2], cause: error });
	return new ChunkwiseError("internal-error", message || String(error), {
		remedy: "This is a defect of chunkwise: please report it, with the file if you can.",
		cause: error,
	});
}

/** What the library advises in terms of its functions, for somebody who has the command. */
function inWordsOfTheCommand(error: ChunkwiseError): ChunkwiseError {
	if (error.code !== "not-an-array" || !error.remedy.includes("members()")) return error;
	return new ChunkwiseError(error.code, error.message, {
		where: error.where,
		remedy:
			"`chunkwise tree` shows what is inside, and `chunkwise validate` where an image's metadata are wrong.",
		cause: error,
	});
}

/** The line that stands for a PATH's result where there is none. */
export function errorLine(path: string, error: ChunkwiseError): string {
	const { code, message, remedy = "" } = error;
	return jsonLine({ path, error: { code, message, remedy } });
}

export function printError(path: string, error: ChunkwiseError): void {
	const where = error.where && !path.endsWith(error.where) ? ` (${error.where})` : "";
	process.stderr.write(`chunkwise: ${path}: ${error.message}${where}\n`);
	if (error.remedy) process.stderr.write(`  ${error.remedy}\n`);
	if (error.code === "internal-error" && error.cause instanceof Error) {
		process.stderr.write(`${error.cause.stack}\n`);
	}
}

/** Columns of text, the numbers among them at the right. */
export function textTable(rows: string[][], right: readonly number[] = []): string[] {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	return rows.map((row) =>
		row
			.map((cell, i) => (right.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
			.join("  ")
			.trimEnd(),
	);
}
