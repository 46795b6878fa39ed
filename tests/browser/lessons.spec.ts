/** Every lesson as its readers meet it: all cells in order, with what is recorded of them, each alone, and the exercises with right and wrong answers. */
import { join } from "node:path";
import { compareLesson } from "../../scripts/recording/lesson.ts";
import { recordedSample } from "../../scripts/recording/recorder.ts";
import { recordable, recordFolder } from "../../src/authoring/recorded/record.ts";
import { answersOf } from "../support/answers.ts";
import { lessons } from "../support/lessons.ts";
import { runsAlone } from "../support/run-alone.ts";
import { changesTo, expect, type Lesson, test } from "./site.ts";

const docs = join(import.meta.dirname, "../../src/content/docs");

/** For one cell: the longest of any lesson takes some seconds on a quiet machine. */
const patience = 120_000;

/** Gives an answer and waits for what is said of it. The last verdict was another one, so that it cannot be taken for this. */
async function give(lesson: Lesson, id: string, answer: string, told: RegExp): Promise<void> {
	await lesson.write(id, answer, { types: true });
	await lesson.press(id);
	await expect(lesson.output(id), answer).toContainText(told, { timeout: patience });
}

/** Listens which cells run from now on; gives them in their order. */
async function cellsThatRun({ page }: Lesson): Promise<() => Promise<string[]>> {
	const seen = await page.evaluateHandle(() => {
		const ran = new Set<string>();
		const take = (records: MutationRecord[]) => {
			for (const { target, oldValue } of records)
				if (oldValue === "running") ran.add((target as HTMLElement).dataset.cell as string);
		};
		const observer = new MutationObserver(take);
		for (const cell of document.querySelectorAll("chunkwise-cell"))
			observer.observe(cell, { attributeFilter: ["data-state"], attributeOldValue: true });
		return {
			end: () => {
				take(observer.takeRecords());
				observer.disconnect();
				return [...ran];
			},
		};
	});
	return () => seen.evaluate(({ end }) => end());
}

for (const lessonFile of await lessons()) {
	const { name, cells } = lessonFile;
	const path = `${name.replace(/(\/?index)?\.mdx$/, "")}/`;
	const lessonName = path.split("/").at(-2) ?? "";
	const exercises = cells.filter(({ check }) => check !== undefined);
	const shown = cells.filter(({ check }) => check === undefined);

	test.describe(lessonName, () => {
		test(`4: ${lessonName}: every cell succeeds, in order, and shows what is recorded of it`, async ({
			browser,
			site,
		}) => {
			test.setTimeout(600_000);
			Object.assign(changesTo(site.url) as object, { samples: { prefer: recordedSample.prefer } });
			const { findings } = await compareLesson(
				browser,
				site.url,
				lessonFile,
				recordFolder(join(docs, name)),
				async (page) => {
					for (const { id } of shown) {
						await expect(page.locator(`#cell-${id}`)).toHaveAttribute("data-state", "done");
						// One bar for each step of the work, and not one for each piece.
						const bars = page.locator(`#cell-${id} [data-part=output] .cw-progress`);
						expect(await bars.count(), id).toBeLessThanOrEqual(8);
					}
				},
			);
			expect(findings.map(({ cell }) => cell)).toEqual(recordable(lessonFile).map(({ id }) => id));
			const wrong = findings.filter(({ why }) => why !== undefined).map(({ cell, why }) => `${cell}: ${why}`);
			expect(
				wrong,
				"Recorded outputs do not hold any more. Look whether the change is meant, run `npm run record`, and commit what it writes.",
			).toEqual([]);
		});

		test(`${lessonName}: each cell runs alone, with what it needs`, async ({ lesson }) => {
			test.setTimeout(600_000);
			await lesson.open({ prefer: "phantom" }, path);
			const runs = runsAlone(lessonFile);
			expect(new Set(runs.flatMap(({ runs }) => runs))).toEqual(new Set(shown.map(({ id }) => id)));
			for (const { press, runs: expected } of runs) {
				const ran = await cellsThatRun(lesson);
				await lesson.run(press, patience);
				expect(await ran(), `pressing ${press}`).toEqual(expected);
				await lesson.page.getByRole("button", { name: "Restart", exact: true }).click();
				for (const id of expected) await lesson.expectState(id, /idle|stale/);
			}
		});

		if (exercises.length === 0) return;

		test(`${lessonName}: starters are told what is missing, solutions and other right answers pass, wrong ones are told why`, async ({
			lesson,
		}) => {
			test.setTimeout(600_000);
			const answers = await answersOf(lessonName);
			expect(Object.keys(answers).sort()).toEqual(exercises.map(({ id }) => id).sort());
			await lesson.open({ prefer: "phantom" }, path);
			for (const { id, solution } of exercises) {
				const { wrong, right } = answers[id];
				expect(wrong.length, `${id}: wrong answers`).toBeGreaterThanOrEqual(2);
				expect(right.length, `${id}: right answers beside the solution`).toBeGreaterThanOrEqual(1);
				await lesson.press(id);
				const said = lesson.output(id).locator(".cw-verdict");
				await expect(said.first(), `${id}: the starter`).toBeVisible({ timeout: patience });
				await expect(said.first(), `${id}: the starter`).not.toContainText("Right.");
				// A right answer follows each wrong one, so that no verdict is the one before.
				const rightOnes = [solution as string, ...right];
				for (let i = 0; i < Math.max(wrong.length, rightOnes.length); i++) {
					const { answer, told } = wrong[i % wrong.length];
					await give(lesson, id, answer, told);
					await expect(lesson.output(id), answer).not.toContainText("Right.");
					await give(lesson, id, rightOnes[i % rightOnes.length], /Right\./);
				}
			}
		});
	});
}
