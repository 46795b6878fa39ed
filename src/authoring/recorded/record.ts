/**
 * What the cells of a lesson gave when its author recorded them (`npm run record`): a folder beside the lesson with one
 * JSON document and the pictures. A record is shown as long as the code that it came from is the lesson's code.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "astro/zod";
import type { CellModel } from "../cell-model.ts";
import type { PageModel } from "../page-model.ts";
import { type SampleKind, sampleKind } from "../samples.ts";

const recordedCell = z.strictObject({
	/** The day, as 2026-11-23. */
	recorded: z.iso.date(),
	/** Hash of the code it came from: see {@link fitOf}. */
	fit: z.string(),
	/** The cells that it needs, at first or second hand, in the order of the page; their ids separated by blanks. */
	uses: z.string(),
	/** Two runs did not show the same. */
	varies: z.literal(true).optional(),
	html: z.string(),
});
const recordFile = z.strictObject({
	/** Which image the lesson's sample was, in words that stand behind “with the”. */
	sample: z.string(),
	cells: z.record(z.string(), recordedCell),
});
export type RecordedCell = z.infer<typeof recordedCell>;
export type RecordFile = z.infer<typeof recordFile>;

/** The name of the document in a record's folder. */
export const recordName = "record.json";

/** The folder of a lesson's record: `lessons/chunks.mdx` has `lessons/chunks.recorded`. */
export function recordFolder(lesson: string): string {
	return lesson.replace(/\.mdx$/, ".recorded");
}

/**
 * Reads the record of a folder; undefined where there is none.
 * @throws Error where the document is not a record
 */
export function readRecord(folder: string): RecordFile | undefined {
	const path = join(folder, recordName);
	if (!existsSync(path)) return undefined;
	const result = recordFile.safeParse(JSON.parse(readFileSync(path, "utf8")));
	if (result.success) return result.data;
	const [issue] = result.error.issues;
	throw new Error(
		`${path} is not a record of outputs: ${issue.path.join(".")} ${issue.message}. Run npm run record.`,
	);
}

/** The cells whose outputs are recorded: an exercise and a cell to be predicted would give their answer away. */
export function recordable({ cells, quizzes }: Pick<PageModel, "cells" | "quizzes">): CellModel[] {
	const predicted = new Set(quizzes.map(({ predict }) => predict));
	return cells.filter(
		({ id, check, record }) => check === undefined && record !== "no" && !predicted.has(id),
	);
}

/**
 * Hash of a cell's code and of the code of the cells that it uses; undefined where one of these is not on the page.
 * The same on every machine, whatever its line ends.
 */
export function fitOf(id: string, uses: string, cells: readonly CellModel[]): string | undefined {
	const hash = createHash("sha256");
	for (const name of [...idsIn(uses), id]) {
		const cell = cells.find((other) => other.id === name);
		if (!cell) return undefined;
		hash.update(`${JSON.stringify([name, cell.source.replaceAll("\r\n", "\n")])}\n`);
	}
	return hash.digest("hex").slice(0, 16);
}

/** The record of a cell, if it has one that came from the code which stands there now. */
export function recordFor(
	cell: CellModel,
	page: Pick<PageModel, "cells" | "quizzes">,
	file: RecordFile | undefined,
): RecordedCell | undefined {
	const found = file?.cells[cell.id];
	if (!found || !recordable(page).includes(cell)) return undefined;
	return found.fit === fitOf(cell.id, found.uses, page.cells) ? found : undefined;
}

/** Which of the samples what a cell shows depends on. */
export function sampleUsed(id: string, uses: string, cells: readonly CellModel[]): SampleKind {
	const names = new Set([...idsIn(uses), id]);
	return sampleKind(cells.filter((cell) => names.has(cell.id)));
}

/** `"a b"` as a list. */
export function idsIn(uses: string): string[] {
	return uses.split(" ").filter(Boolean);
}
