/** Records on disk: what was there, what is new, what is no longer needed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CellModel } from "../../src/authoring/page-model.ts";
import { checkMarkup } from "../../src/authoring/recorded/markup.ts";
import {
	fitOf,
	type RecordedCell,
	type RecordFile,
	recordName,
} from "../../src/authoring/recorded/record.ts";
import { analyse } from "../../src/kernel/compile/compile.ts";
import { planRun } from "../../src/kernel/session/plan.ts";
import type { Frozen } from "./freeze.ts";

/** Bytes that the outputs of one cell, and of one page, may take in it. */
export const roomOf = { cell: 40_000, page: 100_000 };

/** The cells that one needs, at first or second hand, as a record writes them. */
export function usesOf(id: string, cells: readonly CellModel[]): string {
	const planned = cells.map((cell) => ({
		id: cell.id,
		analysis: analyse(cell.source),
		needs: cell.needs,
		live: false,
		isExercise: cell.check !== undefined,
	}));
	return planRun(planned, id)
		.filter((other) => other !== id)
		.join(" ");
}

/** A cell's entry, made today. @throws Error where its output holds what a record may not, or is too long */
export function entryOf(
	cell: CellModel,
	cells: readonly CellModel[],
	{ html }: Frozen,
	varies: boolean,
): RecordedCell {
	checkMarkup(html);
	if (html.length > roomOf.cell) {
		throw new Error(
			`What “${cell.id}” shows takes ${html.length} bytes of the page, and ${roomOf.cell} are allowed. Show less, or write record=no behind its id.`,
		);
	}
	const uses = usesOf(cell.id, cells);
	return {
		recorded: new Date().toISOString().slice(0, 10),
		fit: fitOf(cell.id, uses, cells) as string,
		uses,
		...(varies ? { varies: true as const } : {}),
		html,
	};
}

/** Writes a record and takes away pictures that are not in it any more. */
export function writeRecord(folder: string, file: RecordFile, pictures: ReadonlyMap<string, string>): void {
	const used = new Set(Object.values(file.cells).flatMap(({ html }) => checkMarkup(html)));
	mkdirSync(folder, { recursive: true });
	for (const name of readdirSync(folder))
		if (name !== recordName && !used.has(name)) rmSync(join(folder, name));
	for (const [name, address] of pictures) {
		if (used.has(name))
			writeFileSync(join(folder, name), Buffer.from(address.slice(address.indexOf(",") + 1), "base64"));
	}
	writeFileSync(join(folder, recordName), `${JSON.stringify(file, null, "\t")}\n`);
}

/** A recorded picture as an address that a page may show; undefined where the file is not there. */
export function pictureAddress(folder: string, name: string): string | undefined {
	const path = join(folder, name);
	return existsSync(path) ? `data:image/webp;base64,${readFileSync(path, "base64")}` : undefined;
}
