/**
 * `npm run record [-- LESSON …]`: builds the site, runs the cells of every lesson (or of those named) in Chromium, and
 * keeps what they show beside the lesson, for readers who have not run them. What still holds is left as it is.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Browser, chromium } from "playwright";
import { type LessonFile, readLessons } from "../src/authoring/read-lessons.ts";
import { type RecordFile, recordable, recordFolder } from "../src/authoring/recorded/record.ts";
import { serveFolder } from "../src/cli/serve.ts";
import { ensureChromium, launchArgs } from "./chromium.ts";
import { root, siteDir } from "./paths.ts";
import { entryOf, roomOf, writeRecord } from "./recording/files.ts";
import { compareLesson, type Finding, pathOf, recordingOf, varying } from "./recording/lesson.ts";
import { recordedSample, recordedSettings, recordPage } from "./recording/recorder.ts";

const docs = join(root, "src", "content", "docs");
const wanted = process.argv.slice(2);

const lessons = (await readLessons(docs)).filter(
	(lesson) =>
		recordable(lesson).length > 0 &&
		(wanted.length === 0 || wanted.some((word) => lesson.name.includes(word))),
);
if (lessons.length === 0) fail(`No lesson with cells is called ${wanted.join(", ")}.`);

const build = spawnSync(process.execPath, [join(import.meta.dirname, "build.ts"), "--silent"], {
	stdio: "inherit",
});
if (build.status !== 0) process.exit(build.status ?? 1);

const site = await serveFolder(siteDir, { port: 0, instead: recordedSettings });
const browser = await chromium.launch({ executablePath: ensureChromium(), args: launchArgs });
try {
	for (const lesson of lessons) await record(browser, lesson);
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
} finally {
	await browser.close();
	await site.close();
}

async function record(browser: Browser, lesson: LessonFile): Promise<void> {
	console.log(lesson.name);
	const folder = recordFolder(join(docs, lesson.name));
	const { file, findings } = await compareLesson(browser, site.url, lesson, folder);
	const before = Object.keys(file?.cells ?? {});
	const changed = findings.filter(({ why }) => why !== undefined);
	const gone = before.filter((id) => !findings.some(({ cell }) => cell === id));
	if (changed.length === 0 && gone.length === 0) return console.log("  every record holds");
	const vary = changed.length > 0 ? await secondRun(browser, lesson, changed) : new Set<string>();
	const pictures = new Map(changed.flatMap(({ now }) => Object.entries(now.pictures)));
	const made: RecordFile = { sample: recordedSample.words, cells: {} };
	for (const { cell, now, recorded, why } of findings) {
		const model = recordable(lesson).find(({ id }) => id === cell);
		if (!model) continue;
		made.cells[cell] =
			why === undefined && recorded ? recorded : entryOf(model, lesson.cells, now, vary.has(cell));
		if (why !== undefined)
			console.log(`  ${cell}: recorded${vary.has(cell) ? "; it is not the same each time" : ""}`);
	}
	for (const id of gone) console.log(`  ${id}: taken away`);
	const room = Object.values(made.cells).reduce((sum, { html }) => sum + html.length, 0);
	if (room > roomOf.page) {
		throw new Error(
			`The outputs of ${lesson.name} take ${room} bytes of its page, and ${roomOf.page} are allowed. Write record=no behind the id of those that show least.`,
		);
	}
	writeRecord(folder, made, pictures);
}

/** Runs everything once more: what does not show the same then is no reason to record again. */
async function secondRun(
	browser: Browser,
	lesson: LessonFile,
	changed: readonly Finding[],
): Promise<Set<string>> {
	const again = await recordPage(browser, site.url + pathOf(lesson.name), recordingOf(lesson));
	return varying(browser, changed, again);
}

function fail(message: string): never {
	console.error(message);
	process.exit(2);
}
