/** One lesson's record: what its cells show now, beside what is recorded of them. */
import type { Browser, Page } from "playwright";
import type { CellModel } from "../../src/authoring/page-model.ts";
import type { LessonFile } from "../../src/authoring/read-lessons.ts";
import {
	type RecordedCell,
	type RecordFile,
	readRecord,
	recordable,
	recordFor,
} from "../../src/authoring/recorded/record.ts";
import { whatDiffers } from "./compare.ts";
import { pictureAddress, usesOf } from "./files.ts";
import type { Frozen } from "./freeze.ts";
import { pictureDifference, type Recording, recordPage } from "./recorder.ts";

/** Where a lesson stands in the site: `lessons/chunks.mdx` at `lessons/chunks/`. */
export function pathOf(name: string): string {
	return name.replace(/\.mdx$/, "/").replace(/(^|\/)index\/$/, "$1");
}

export interface Finding {
	cell: string;
	now: Frozen;
	/** The record that fits the cell's code, where there is one. */
	recorded?: RecordedCell;
	/** In which way the record does not hold any more. */
	why?: string;
}

/** The cells of a lesson that must succeed, and those that are recorded. */
export function recordingOf(lesson: LessonFile): Pick<Recording, "run" | "take"> {
	const ids = (cells: readonly CellModel[]) => cells.map(({ id }) => id);
	return { run: ids(lesson.cells.filter(({ check }) => check === undefined)), take: ids(recordable(lesson)) };
}

/**
 * Runs a lesson's cells and compares what they show with its record. `root` is where the built site is served, with the
 * settings of records; `look` sees the page when all have run.
 */
export async function compareLesson(
	browser: Browser,
	root: string,
	lesson: LessonFile,
	folder: string,
	look?: Recording["look"],
): Promise<{ file: RecordFile | undefined; findings: Finding[] }> {
	const file = readRecord(folder);
	const cells = recordable(lesson);
	const shown = await recordPage(browser, root + pathOf(lesson.name), { ...recordingOf(lesson), look });
	const page = await browser.newPage();
	try {
		const findings: Finding[] = [];
		for (const cell of cells) {
			const now = shown.get(cell.id) as Frozen;
			const recorded = recordFor(cell, lesson, file);
			let why: string | undefined;
			if (!recorded) why = whyMissing(file, cell.id);
			else if (recorded.uses !== usesOf(cell.id, lesson.cells)) why = "it depends on other cells now";
			else why = await whatDiffers(asTold(recorded, cell), now, against(folder, page));
			findings.push({ cell: cell.id, now, recorded, why });
		}
		return { file, findings };
	} finally {
		await page.close();
	}
}

function whyMissing(file: RecordFile | undefined, id: string): string {
	return file?.cells[id] ? "the code it came from is not the lesson’s code any more" : "it is not recorded";
}

/** The author's word that an output varies holds as what two runs have shown. */
function asTold(recorded: RecordedCell, { record }: CellModel): RecordedCell {
	return record === "varies" ? { ...recorded, varies: true } : recorded;
}

function against(folder: string, page: Page): (name: string, address: string) => Promise<number> {
	return async (name, address) => {
		const before = pictureAddress(folder, name);
		return before === undefined ? Infinity : pictureDifference(page, before, address);
	};
}

/** The cells that do not show the same in two runs, by the first of them and what all cells show in the second. */
export async function varying(
	browser: Browser,
	first: readonly Finding[],
	second: ReadonlyMap<string, Frozen>,
): Promise<Set<string>> {
	const page = await browser.newPage();
	const found = new Set<string>();
	for (const { cell, now } of first) {
		const again = second.get(cell) as Frozen;
		const why = await whatDiffers(now, again, (name, address) =>
			pictureDifference(page, now.pictures[name] ?? "", address),
		);
		if (why) found.add(cell);
	}
	await page.close();
	return found;
}
