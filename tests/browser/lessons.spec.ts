/** Every lesson as its readers meet it: all cells in order, each alone, and the exercises with right and wrong answers. */
import { answersOf } from "../support/answers.ts";
import { lessons } from "../support/lessons.ts";
import { expect, type Lesson, test } from "./site.ts";

/** For one cell: the longest of any lesson takes some seconds on a quiet machine. */
const patience = 120_000;

/** Gives an answer and waits for what is said of it. The last verdict was another one, so that it cannot be taken for this. */
async function give(lesson: Lesson, id: string, answer: string, told: RegExp): Promise<void> {
	await lesson.paste(id, answer);
	await lesson.press(id);
	await expect(lesson.output(id), answer).toContainText(told, { timeout: patience });
}

for (const { name, cells } of await lessons()) {
	const path = `${name.replace(/(\/?index)?\.mdx$/, "")}/`;
	const lessonName = path.split("/").at(-2) ?? "";
	const exercises = cells.filter(({ check }) => check !== undefined);
	const shown = cells.filter(({ check }) => check === undefined);

	test.describe(lessonName, () => {
		test(`${lessonName}: all cells run, in order`, async ({ lesson }) => {
			test.setTimeout(600_000);
			await lesson.open({ prefer: "phantom" }, path);
			if (shown.length === 0) return;
			await lesson.page.getByRole("button", { name: "Run all cells" }).click();
			for (const { id } of shown) {
				await lesson.expectState(id, "done", patience);
				// One bar for each step of the work, and not one for each piece.
				expect(await lesson.output(id).locator(".cw-progress").count(), id).toBeLessThanOrEqual(8);
			}
		});

		test(`${lessonName}: each cell runs alone, with what it needs`, async ({ lesson }) => {
			test.setTimeout(600_000);
			await lesson.open({ prefer: "phantom" }, path);
			for (const { id } of shown) {
				await lesson.run(id, patience);
				await lesson.page.getByRole("button", { name: "Restart", exact: true }).click();
				await lesson.expectState(id, /idle|stale/);
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
