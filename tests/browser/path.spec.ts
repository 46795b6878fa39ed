/**
 * The learner's whole path, walked once: from the first visit over every lesson of the sidebar to the last exercise, the
 * progress page at 100 %, the exported file, and the same in another browser. On a tablet, where cells are edited in a text area.
 */
import { readFileSync } from "node:fs";
import type { Page } from "playwright/test";
import type { QuizSpec } from "../../src/authoring/page-model.ts";
import { type LessonFile, lessons } from "../support/lessons.ts";
import { expect, type Lesson, test } from "./site.ts";

/** For one cell: the longest of any lesson takes some seconds on a quiet machine. */
const patience = 120_000;

test.use({ viewport: { width: 1280, height: 900 }, hasTouch: true, isMobile: true });

/** Gives the right answer to a question, or some prediction, and keeps it. */
async function answer(page: Page, id: string): Promise<void> {
	const quiz = page.locator(`#quiz-${id}`);
	const spec = JSON.parse((await quiz.locator("[data-part=spec]").textContent()) ?? "") as QuizSpec;
	const { kind, right, number, predict } = spec;
	if (kind === "number") await quiz.locator("[name=answer]").fill(String(number?.answer));
	else if (kind === "prediction") await quiz.locator("[name=answer]").fill("I shall see.");
	else if (kind === "order") {
		for (let want = 0; want < right.length; want++) {
			const step = quiz.locator(`.cw-step[data-answer="${right.indexOf(want)}"]`);
			const at = () => step.evaluate((node) => [...(node.parentElement?.children ?? [])].indexOf(node));
			for (let place = await at(); place > want; place = await at())
				await step.locator("[data-part=up]").click();
		}
	} else {
		const chosen = right.flatMap((is, i) => (is ? [i] : []));
		for (const i of chosen.length > 0 ? chosen : [0]) await quiz.locator(`input[value="${i}"]`).check();
	}
	await quiz.locator("[type=submit]").click();
	await expect(quiz.locator("[data-part=status]"), id).toContainText(
		predict === undefined ? "Right." : "Your prediction is kept.",
	);
}

/** Writes the solution of an exercise into its cell and has it checked. */
async function solve(lesson: Lesson, id: string, solution: string): Promise<void> {
	const cell = lesson.cell(id);
	await cell.locator("[data-part=code]").click();
	await cell.locator("textarea").fill(solution);
	await lesson.press(id);
	await expect(lesson.output(id), id).toContainText("Right.", { timeout: patience });
}

async function learn(lesson: Lesson, { cells, quizzes }: LessonFile): Promise<void> {
	const { page } = lesson;
	for (const { id } of quizzes) await answer(page, id);
	const shown = cells.filter(({ check }) => check === undefined);
	if (shown.length > 0) await page.getByRole("button", { name: "Run all cells" }).click();
	for (const { id } of shown) await lesson.expectState(id, "done", patience);
	for (const { id, check, solution } of cells)
		if (check !== undefined) await solve(lesson, id, solution as string);
}

/** Each lesson's line on the progress page: "20 of 20 cells run, 3 of 3 exercises solved, …". */
async function unfinished(page: Page): Promise<string[]> {
	const rows = page.locator("li[data-lesson]");
	await expect(rows.first()).toContainText(/\d+ of \d+/);
	const texts = await rows.evaluateAll((all) =>
		all.map(
			(row) =>
				`${row.querySelector("a")?.textContent}: ${row.querySelector("[data-part=words]")?.textContent}`,
		),
	);
	return texts.filter((text) => [...text.matchAll(/(\d+) of (\d+)/g)].some(([, done, of]) => done !== of));
}

test("13: the whole path of a learner: first visit, every lesson, 100 %, export, and the same in another browser", async ({
	lesson,
	browser,
}) => {
	test.setTimeout(1_200_000);
	const { page, root } = lesson;
	await page.route("**/chunkwise.json", (route) =>
		route.fulfill({ json: { samples: { prefer: "phantom" } } }),
	);
	await page.goto(root);
	await page.locator("main").getByRole("link", { name: "How the course works" }).first().click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Start here");
	expect(
		await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("progress"))),
	).toEqual([]);

	const sidebar = page.locator('#starlight__sidebar a[href*="/lessons/"]');
	const order = await sidebar.evaluateAll((links) =>
		links.map((link) => new URL((link as HTMLAnchorElement).href).pathname.replace(/^\/|\/$/g, "")),
	);
	const sources = (await lessons()).filter(({ name }) => name.startsWith("lessons/"));
	expect([...order].sort()).toEqual(sources.map(({ name }) => name.replace(/\.mdx$/, "")).sort());
	for (const path of order) {
		await test.step(path, async () => {
			await page.locator(`#starlight__sidebar a[href$="/${path}/"]`).click();
			await expect(page).toHaveURL(`${root}${path}/`);
			await learn(lesson, sources.find(({ name }) => name === `${path}.mdx`) as LessonFile);
		});
	}

	await page.locator("#starlight__sidebar").getByRole("link", { name: "Your progress" }).click();
	expect(await unfinished(page)).toEqual([]);
	const total = /^(\d+) of \1 done in the whole course, 100 %\.$/;
	await expect(page.locator("[data-part=total]")).toHaveText(total);
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Export all your work" }).click(),
	]);

	const context = await browser.newContext();
	const other = await context.newPage();
	await other.goto(`${root}progress/`);
	await expect(other.locator("[data-part=total]")).toContainText("Nothing is done yet.");
	const [chooser] = await Promise.all([
		other.waitForEvent("filechooser"),
		other.getByRole("button", { name: "Import a file" }).click(),
	]);
	const buffer = readFileSync(await download.path());
	await chooser.setFiles({ name: download.suggestedFilename(), mimeType: "application/json", buffer });
	await expect(other.getByText(`Imported ${download.suggestedFilename()}.`)).toBeVisible();
	expect(await unfinished(other)).toEqual([]);
	await expect(other.locator("[data-part=total]")).toHaveText(total);
	// The answers came along, not only the marks.
	const last = sources.find(({ name }) => name === `${order.at(-1)}.mdx`) as LessonFile;
	const exercise = last.cells.find(({ check }) => check !== undefined);
	await other.goto(`${root}${order.at(-1)}/`);
	const brought = other.locator(`#cell-${exercise?.id} .cw-shown-code`);
	await expect(brought).toBeVisible();
	await expect(brought).not.toContainText("______");
	await context.close();
});
