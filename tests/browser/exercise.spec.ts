import { violations } from "./axe.ts";
import { expect, type Lesson, test } from "./site.ts";

const guide = "guide/elements/";

/** An exercise of the page with its parts. */
function exercise(lesson: Lesson, id: string) {
	const root = lesson.page.locator(`chunkwise-exercise[data-exercise="${id}"]`);
	return {
		root,
		progress: root.locator("[data-part=progress]"),
		hints: root.locator("[data-part=hint]"),
		solution: root.locator("[data-part=solution]"),
		said: lesson.output(id).locator(".cw-verdict"),
	};
}

/** Gives an answer; its types are checked, as those of every answer. */
const answer = (lesson: Lesson, id: string, source: string) => lesson.write(id, source, { types: true });

test("6: exercises: blanks are pointed at in words before anything runs", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.press("slice-cost");
	const { said, progress } = exercise(lesson, "slice-cost");
	await expect(said).toHaveAttribute("data-kind", "blank");
	await expect(said).toContainText("There are still 2 blanks, in lines 4 and 5.");
	await expect(lesson.cell("slice-cost").locator("[data-part=state]")).toHaveText("not complete yet");
	// Neither the answer nor a cell that it needs has run, and it is no try.
	for (const id of ["download", "open-array", "slice-cost"]) await lesson.expectState(id, "idle");
	await expect(progress).toHaveText("");
	await said.getByRole("button", { name: "Go to line 4, column 30" }).click();
	await expect(lesson.cell("slice-cost").locator(".monaco-editor")).toBeVisible();
});

test("6: exercises: syntax in plain words, an error with its place, then the check", async ({ lesson }) => {
	await lesson.open({}, guide);
	const { said, progress } = exercise(lesson, "tile-count");
	await answer(lesson, "tile-count", "def chunksTouched(first, end, size):");
	await lesson.press("tile-count");
	await expect(said).toHaveAttribute("data-kind", "syntax");
	await expect(said).toContainText("A function is written");
	await lesson.expectState("shape", "idle");
	await expect(progress).toHaveText("tried once");

	await answer(
		lesson,
		"tile-count",
		"const chunksTouched = (a: number, b: number, c: number) => a.b.c;\nnope();",
	);
	await lesson.press("tile-count");
	await lesson.expectState("tile-count", "failed");
	await expect(lesson.output("tile-count")).toContainText("nope is not defined");
	await expect(lesson.output("tile-count").getByRole("button", { name: "line 2, column 1" })).toBeVisible();
	await expect(progress).toHaveText("tried 2 times");

	await answer(
		lesson,
		"tile-count",
		"const chunksTouched = (first: number, end: number, size: number) => Math.ceil((end - first) / size);",
	);
	await lesson.run("tile-count");
	await expect(said.last()).toHaveAttribute("data-kind", "check");
	await expect(said.last()).toContainText(
		"Of rows 100 to 611, the number of chunks should be 3, but it is 2.",
	);
	await expect(progress).toHaveText("tried 3 times");
});

test("6: exercises: what does not fit by its type is told in words, and a right answer passes nevertheless", async ({
	lesson,
}) => {
	await lesson.open({}, guide);
	const { said } = exercise(lesson, "tile-count");
	await lesson.type(
		"tile-count",
		"const chunksTouched = (first: number, end: number, size: number): string => end - first;",
	);
	await expect(lesson.cell("tile-count").locator(".cw-problems")).toContainText(/number/, {
		timeout: 60_000,
	});
	await lesson.run("tile-count");
	await expect(said.first()).toHaveAttribute("data-kind", "type");
	await expect(said.first()).toContainText("line 1");
	await expect(said.last()).toHaveAttribute("data-kind", "check");
	await lesson.type(
		"tile-count",
		"const chunksTouched = (first: number, end: number, size: number): string =>\n  Math.floor((end - 1) / size) - Math.floor(first / size) + 1;",
	);
	await lesson.run("tile-count");
	await expect(said).toHaveCount(1);
	await expect(said).toContainText("Right.");
});

test.describe("on a touch screen", () => {
	test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });

	test("6: exercises: a text area has the same advice on types beside the verdict, and none before anything is typed", async ({
		lesson,
	}) => {
		const asked: string[] = [];
		lesson.page.on("request", (request) => asked.push(request.url()));
		await lesson.open({}, guide);
		const { said } = exercise(lesson, "tile-count");
		await lesson.cell("tile-count").locator("[data-part=run]").tap();
		await expect(said).toHaveAttribute("data-kind", "blank");
		await lesson.cell("tile-count").locator("[data-part=code]").tap();
		const area = lesson.cell("tile-count").locator("textarea.cw-text-area");
		await expect(area).toBeFocused();
		expect(asked.filter((url) => url.includes("data/types/"))).toEqual([]);
		await area.fill(
			"const chunksTouched = (first: number, end: number, size: number): string => end - first;",
		);
		await expect(lesson.cell("tile-count").locator(".cw-problems")).toContainText(/number/, {
			timeout: 60_000,
		});
		await lesson.cell("tile-count").locator("[data-part=run]").tap();
		await expect(said.first()).toHaveAttribute("data-kind", "type");
		await expect(said.first()).toContainText("line 1");
		await expect(said.last()).toHaveAttribute("data-kind", "check");
	});
});

test("6: exercises: any right answer passes, and a page opened again says that it is solved", async ({
	lesson,
}) => {
	await lesson.open({}, guide);
	const { said, progress, root } = exercise(lesson, "tile-count");
	await answer(
		lesson,
		"tile-count",
		"const chunksTouched = (a: number, b: number, size: number) => new Set(Array.from(Array(b - a), (_, i) => Math.floor((a + i) / size))).size;",
	);
	await lesson.run("tile-count");
	await expect(said).toContainText("However few rows are asked for, a chunk is fetched whole.");
	await expect(progress).toHaveText("solved at the first try");
	await lesson.page.reload();
	await expect(progress).toHaveText("solved at the first try");
	await expect(root).toHaveAttribute("data-solved", "");
});

test("6: exercises: a deadline is told as feedback", async ({ lesson }) => {
	await lesson.open({}, guide);
	await lesson.page.clock.install();
	await answer(lesson, "tile-count", "for (;;) {}");
	await lesson.press("tile-count");
	await lesson.expectState("tile-count", "running");
	await lesson.page.clock.runFor(130_000);
	await lesson.expectState("tile-count", "stopped");
	await expect(exercise(lesson, "tile-count").said).toHaveAttribute("data-kind", "deadline");
});

test("6: exercises: a check can ask for an error, and how many chunks were read", async ({ lesson }) => {
	await lesson.open({}, guide);
	await answer(lesson, "missing", 'import { memoryStore } from "chunkwise";\nconst empty = memoryStore();');
	await lesson.run("missing");
	await expect(exercise(lesson, "missing").said).toContainText("but there was none");

	const { said } = exercise(lesson, "one-row");
	await answer(
		lesson,
		"one-row",
		"const all = await small.read();\nconst row = await small.read([20, null]);",
	);
	await lesson.run("one-row");
	await expect(said).toContainText("Your answer should read at most 4 chunks, but it read 16 chunks.");
	await answer(
		lesson,
		"one-row",
		"const row = await small.read([20, null]);\nconst again = await small.read([20, null]);",
	);
	await lesson.run("one-row");
	await expect(said).toContainText("Right.");
});

test("6: exercises: hints come one at a time, by keyboard too", async ({ lesson }) => {
	await lesson.open({}, guide);
	const { hints } = exercise(lesson, "tile-count");
	await expect(hints.nth(0).locator("summary")).toHaveText("Hint 1 of 2");
	await expect(hints.nth(1)).toBeHidden();
	await hints.nth(0).locator("summary").focus();
	await lesson.page.keyboard.press("Enter");
	await expect(hints.nth(0)).toContainText("Which chunk holds row 100?");
	await expect(hints.nth(1)).toBeVisible();
	await lesson.page.keyboard.press("Tab");
	await expect(hints.nth(1).locator("summary")).toBeFocused();
	await lesson.page.keyboard.press("Enter");
	await expect(hints.nth(1)).toContainText("Math.floor(row / size)");
});

test("6: exercises: the solution asks before a try, stands beside the learner's code, never over it, and can be undone", async ({
	lesson,
}) => {
	await lesson.open({}, guide);
	const { solution } = exercise(lesson, "tile-count");
	await solution.locator("summary").click();
	await expect(solution.getByText("You have not tried it yet.")).toBeVisible();
	await expect(solution.getByText("The last row is")).toBeHidden();
	await solution.getByRole("button", { name: "Not yet" }).click();
	await expect(solution.getByText("You have not tried it yet.")).toBeHidden();
	await solution.locator("summary").click();
	await solution.getByRole("button", { name: "Show it anyway" }).click();
	await expect(solution.getByText("The last row is")).toBeVisible();

	const mine = "// mine\nconst chunksTouched = () => 0;";
	await lesson.type("tile-count", mine);
	await expect(solution.locator(".cw-diff-removed").first()).toContainText("// mine");
	await expect(solution.locator(".cw-diff-added").first()).toBeVisible();
	await expect(lesson.cell("tile-count").locator(".monaco-editor")).toContainText("mine");
	await solution.getByRole("button", { name: "Try the solution" }).click();
	await expect(lesson.cell("tile-count").locator(".monaco-editor")).toContainText("Math.floor");
	await lesson.run("tile-count");
	await expect(exercise(lesson, "tile-count").said).toContainText("Right.");
	// The way back is there after a reload, too.
	await lesson.page.reload();
	await solution.locator("summary").click();
	await solution.getByRole("button", { name: "Undo: put my code back" }).click();
	await expect(solution.locator(".cw-diff-removed").first()).toContainText("// mine");
	await expect(lesson.cell("tile-count").locator("[data-part=code]")).toContainText("// mine");
});

test("6: exercises: without a script hints and solutions can be read", async ({ browser, site }) => {
	const page = await browser.newPage({ javaScriptEnabled: false });
	await page.goto(site.url + guide);
	const root = page.locator('chunkwise-exercise[data-exercise="tile-count"]');
	for (const summary of ["Hint 1 of 2", "Hint 2 of 2", "A solution"]) {
		await root.locator("summary", { hasText: summary }).click();
	}
	await expect(root.getByText("Math.floor(row / size)")).toBeVisible();
	await expect(root.getByText("Between two chunks lie")).toBeVisible();
	await page.close();
});

test("5: notes for instructors are shown in instructor view only, which is remembered", async ({
	lesson,
}) => {
	await lesson.open({}, guide);
	const note = lesson.page.locator(".cw-instructor");
	await expect(note).toBeHidden();
	await lesson.page.getByRole("switch", { name: "Notes for instructors" }).check();
	await expect(note).toBeVisible();
	await lesson.page.reload();
	await expect(note).toBeVisible();
	await lesson.page.emulateMedia({ media: "print" });
	await expect(note).toBeVisible();
	await lesson.page.emulateMedia({ media: "screen" });
	await lesson.page.getByRole("switch", { name: "Notes for instructors" }).uncheck();
	await expect(note).toBeHidden();
});

test("the same step in Python is in a fold below its cell", async ({ lesson }) => {
	await lesson.open({}, guide);
	const python = lesson.page.locator("[data-python-of=shape]");
	await python.locator("summary").click();
	await expect(python).toContainText("from math import ceil");
});

for (const theme of ["dark", "light"] as const) {
	test.describe(theme, () => {
		test.use({ colorScheme: theme });
		test(`axe finds nothing on exercises in use, ${theme}`, async ({ lesson }) => {
			await lesson.open({}, guide);
			await lesson.page.getByRole("switch", { name: "Notes for instructors" }).check();
			const { solution, hints } = exercise(lesson, "tile-count");
			await lesson.press("tile-count");
			await hints.nth(0).locator("summary").click();
			await solution.locator("summary").click();
			await solution.getByRole("button", { name: "Show it anyway" }).click();
			await expect(solution.locator(".cw-diff")).toBeVisible();
			expect(await violations(lesson.page)).toEqual([]);
			await lesson.page.setViewportSize({ width: 360, height: 800 });
			const overflow = await lesson.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
			expect(overflow).toBeLessThanOrEqual(0);
		});
	});
}

test("6: exercises: an answer cannot damage what the page's cells made", async ({ lesson }) => {
	await lesson.open({}, guide);
	await answer(lesson, "shape", "let shape = [1];\nconst chunks = [1];\nshape");
	await lesson.run("shape");
	await answer(
		lesson,
		"tile-count",
		"shape = [2];\nconst chunks = 5;\nconst chunksTouched = () => shape[0];",
	);
	await lesson.run("tile-count");
	await answer(lesson, "count", "const seen = JSON.stringify([shape, chunks]);\nseen");
	await lesson.page.locator("#quiz-guess label").first().click();
	await lesson.page.locator("#quiz-guess [type=submit]").click();
	await lesson.run("count");
	await expect(lesson.output("count")).toContainText("[[1],[1]]");
});
