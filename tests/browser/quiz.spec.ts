import type { Page } from "playwright/test";
import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

const guide = "guide/elements/";

/** A quiz of the page with its parts. */
function quiz(page: Page, id: string) {
	const root = page.locator(`#quiz-${id}`);
	return {
		root,
		status: root.locator("[data-part=status]"),
		progress: root.locator("[data-part=progress]"),
		submit: root.locator("[type=submit]"),
		answer: root.locator("[data-part=right]"),
		feedback: root.locator("[data-part=feedback]"),
	};
}

test("7: quizzes: one right answer, feedback for each, several tries, kept over a reload", async ({
	lesson,
}) => {
	await lesson.open({}, guide);
	const { root, status, submit, feedback, answer, progress } = quiz(lesson.page, "edge");
	await submit.click();
	await expect(status).toHaveText("Choose an answer first.");
	await expect(answer).toBeHidden();
	await root.getByRole("radio", { name: "64" }).check();
	await submit.click();
	await expect(status).toContainText("Not yet. Choose again.");
	// A screen reader is told the feedback as well.
	await expect(status).toContainText("A chunk at the edge is stored whole");
	await expect(feedback.nth(0)).toBeVisible();
	await expect(feedback.nth(1)).toBeHidden();
	await expect(progress).toHaveText("tried once");
	await expect(answer).toBeVisible();
	await root.locator("input[value='1']").check();
	await expect(status).toHaveText("");
	await expect(feedback.nth(0)).toBeHidden();
	await submit.click();
	await expect(status).toContainText("Right.");
	await expect(feedback.nth(1)).toBeVisible();
	await expect(progress).toHaveText("solved after 2 tries");
	await lesson.page.reload();
	await expect(root.locator("input[value='1']")).toBeChecked();
	await expect(status).toContainText("Right.");
	await expect(progress).toHaveText("solved after 2 tries");
});

test("7: quizzes: several right answers, and what is missing is said", async ({ lesson }) => {
	await lesson.open({}, guide);
	const { root, status, submit } = quiz(lesson.page, "documents");
	const box = (name: string) => root.getByRole("checkbox", { name });
	await box("zarr.json").check();
	await submit.click();
	await expect(status).toContainText("Not yet: one that is right is missing.");
	await box("scale0/image/c/0/0/0").check();
	await box("scale0/.zarray").check();
	await submit.click();
	await expect(status).toContainText("Not yet: 1 of those you chose is not right.");
	await expect(root.locator(".cw-answer[data-verdict=wrong] [data-part=mark]")).toHaveText("not right");
	await box("scale0/image/c/0/0/0").uncheck();
	await submit.click();
	await expect(status).toContainText("Right.");
});

const rightOrder = ["Read the TIFF", "Name its axes", "Compute the scale levels", "Write the store"];

test("7: quizzes: steps are put in order with the keyboard alone", async ({ lesson }) => {
	await lesson.open({}, guide);
	const { root, status, progress } = quiz(lesson.page, "order");
	const steps = root.locator(".cw-step");
	const text = (i: number) => steps.nth(i).locator("[data-part=label]").textContent();
	for (let want = 0; want < rightOrder.length; want++) {
		let at = want;
		while ((await text(at))?.trim() !== rightOrder[want]) at++;
		await steps.nth(at).locator("[data-part=up]").focus();
		for (; at > want; at--) {
			await lesson.page.keyboard.press("Enter");
			await expect(status).toHaveText(`“${rightOrder[want]}” is now step ${at} of 4.`);
		}
	}
	await root.locator("[type=submit]").focus();
	await lesson.page.keyboard.press("Enter");
	await expect(status).toContainText("Right.");
	await lesson.page.reload();
	await expect(progress).toHaveText("solved at the first try");
	await expect(steps.locator("[data-part=label]")).toHaveText(rightOrder);
});

test("7: quizzes: steps are put in order by dragging", async ({ lesson }) => {
	await lesson.open({}, guide);
	const { root, status, submit } = quiz(lesson.page, "order");
	const steps = root.locator(".cw-step");
	await steps.first().hover();
	await expect(root).toHaveAttribute("data-ready", "");
	for (let want = 0; want < rightOrder.length; want++) {
		const step = steps.filter({ hasText: rightOrder[want] });
		const grip = await step.locator("[data-part=grip]").boundingBox();
		const target = await steps.nth(want).boundingBox();
		if (!grip || !target) throw new Error("a step has no place");
		await lesson.page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
		await lesson.page.mouse.down();
		await lesson.page.mouse.move(grip.x, target.y + 4, { steps: 8 });
		await lesson.page.mouse.up();
		await expect(steps.nth(want)).toContainText(rightOrder[want]);
	}
	await submit.click();
	await expect(status).toContainText("Right.");
});

test("7: quizzes: a number with unit and tolerance, and a reply to the usual mistake", async ({ lesson }) => {
	await lesson.open({}, guide);
	const plane = quiz(lesson.page, "plane");
	const field = plane.root.getByRole("textbox", { name: "Your answer in chunks" });
	for (const [typed, said] of [
		["two dozen", "is not a number"],
		["72", "That is every chunk of the volume."],
		["7", "How many chunks of 64 cover 212 rows"],
		["24 chunks", "Right."],
	]) {
		await field.fill(typed);
		await field.press("Enter");
		await expect(plane.status).toContainText(said);
	}
	await expect(plane.progress).toHaveText("solved after 4 tries");
	const memory = quiz(lesson.page, "memory");
	await memory.root.getByRole("textbox").fill("19");
	await memory.submit.click();
	await expect(memory.status).toContainText("Right.");
	await memory.root.getByRole("textbox").fill("19.2");
	await memory.submit.click();
	await expect(memory.status).toContainText("Not yet.");
});

test("7: quizzes: predict, then run: the output waits for the prediction and is compared with it", async ({
	lesson,
}) => {
	await lesson.open({}, guide);
	const { root, status, submit, progress } = quiz(lesson.page, "guess");
	await lesson.run("count");
	await expect(lesson.output("count")).toBeHidden();
	// How long it took is what some predictions are about.
	const state = lesson.cell("count").locator("[data-part=state]");
	await expect(state).toHaveText("done");
	await lesson.cell("count").getByRole("button", { name: "Go to the question" }).click();
	await expect(root.getByRole("radio", { name: "48" })).toBeFocused();
	await root.getByRole("radio", { name: "48" }).check();
	await submit.click();
	await expect(lesson.output("count")).toBeVisible();
	await expect(lesson.output("count")).toContainText("72");
	await expect(state).toHaveText(/^done in /);
	await expect(lesson.cell("count")).toContainText("You predicted: 48");
	await expect(status).toContainText("It came out otherwise.");
	await expect(progress).toHaveText("compared");

	// A prediction before the run shows nothing yet.
	const words = quiz(lesson.page, "own-words");
	await words.root.getByRole("textbox", { name: "Your prediction" }).fill("It holds one more");
	await words.submit.click();
	await expect(words.status).toHaveText("Your prediction is kept. Now run the cell.");
	await lesson.page.reload();
	await expect(words.root.getByRole("textbox")).toHaveValue("It holds one more");
	await lesson.run("first-difference");
	await expect(lesson.output("first-difference")).toBeVisible();
	await expect(lesson.cell("first-difference")).toContainText("You predicted: It holds one more");

	// Nor does the list of what a cell asked for tell it before.
	await lesson.open({}, "start-here/");
	await lesson.run("read-plane");
	const requests = lesson.cell("read-plane").locator("[data-part=requests]");
	await expect(requests).toHaveCount(1);
	await expect(requests).toBeHidden();
	const plane = quiz(lesson.page, "plane-guess");
	await plane.root.getByLabel("Your answer").fill("8");
	await plane.submit.click();
	await expect(requests).toBeVisible();
	await expect(lesson.cell("read-plane")).toContainText("You predicted: 8");
});

test("7: quizzes: the output can be seen without a prediction", async ({ lesson }) => {
	await lesson.open({}, guide);
	await lesson.run("count");
	await lesson.cell("count").getByRole("button", { name: "Show it anyway" }).click();
	await expect(lesson.output("count")).toContainText("72");
});

test("7: quizzes: without a script question, answers and the right one can be read", async ({
	browser,
	site,
}) => {
	const page = await browser.newPage({ javaScriptEnabled: false });
	await page.goto(site.url + guide);
	const { root, answer, feedback } = quiz(page, "edge");
	await expect(root).toContainText("How many samples does the last chunk hold?");
	await expect(root.getByText("None: there are two chunks")).toBeVisible();
	await expect(feedback.first()).toBeHidden();
	await answer.locator("summary").click();
	await expect(answer).toContainText("one sample is left for the third chunk");
	const steps = quiz(page, "order").answer;
	await steps.locator("summary").click();
	await expect(steps.locator("p").first()).toHaveText("Read the TIFF");
	await page.close();
});

test("7: quizzes: a page that is only read loads none of it", async ({ page, site }) => {
	const scripts: string[] = [];
	page.on("response", (response) => scripts.push(new URL(response.url()).pathname));
	await page.goto(site.url + guide, { waitUntil: "networkidle" });
	expect(scripts.filter((name) => /\/(quiz|solution|exercise-part|diff-view)\.[^/]*js$/.test(name))).toEqual(
		[],
	);
});

for (const theme of ["dark", "light"] as const) {
	test.describe(theme, () => {
		test.use({ colorScheme: theme });
		test(`axe finds nothing on quizzes in use, ${theme}`, async ({ lesson }) => {
			await lesson.open({}, guide);
			const { page } = lesson;
			expect(await violations(page)).toEqual([]);
			for (const [id, label] of [
				["edge", 0],
				["documents", 2],
				["guess", 1],
			] as const) {
				await page.locator(`#quiz-${id} label`).nth(label).click();
				await page.locator(`#quiz-${id} [type=submit]`).click();
			}
			await page.locator("#quiz-order [type=submit]").click();
			await page.locator("#quiz-plane input").fill("24");
			await page.locator("#quiz-plane [type=submit]").click();
			await expect(page.locator("#quiz-plane [data-part=status]")).toContainText("Right.");
			await lesson.run("first-difference");
			await expect(lesson.cell("first-difference").locator(".cw-prediction")).toBeVisible();
			expect(await violations(page)).toEqual([]);
		});
	});
}
