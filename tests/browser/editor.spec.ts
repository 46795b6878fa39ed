/** The editor: types across cells, errors before running, keys, and what is there where Monaco is not. */
import type { Page } from "playwright/test";
import { expect, type Lesson, test } from "./site.ts";

/** The first types take as long as TypeScript needs to start. */
const slow = { timeout: 60_000 };

async function open(lesson: Lesson, id: string): Promise<void> {
	await lesson.cell(id).locator("[data-part=code]").focus();
	await lesson.page.keyboard.press("Enter");
	await expect(lesson.cell(id).locator(".monaco-editor .view-line").first()).toBeVisible();
}

const problems = (lesson: Lesson, id: string) => lesson.cell(id).locator(".cw-problems");
const squiggles = (lesson: Lesson, id: string) => lesson.cell(id).locator(".squiggly-error");
const areaOf = (lesson: Lesson, id: string) => lesson.cell(id).locator("textarea.cw-text-area");

/** Where the keyboard is: an element's data-part, else its class. */
const focused = (page: Page) =>
	page.evaluate(
		() => (document.activeElement as HTMLElement).dataset.part ?? document.activeElement?.className,
	);

test("3: types across cells: names of earlier cells have their types in later ones, as the reader edits them", async ({
	lesson,
}) => {
	await lesson.open();
	await lesson.type("download", "const sample = { rows: 3 };\nlet later = 1;");
	await lesson.type("metadata", "const itkImage: string = sample.rows;\nlater = 2;\nlevels + 1;\nsample");
	// Red before anything ran, and said in words.
	await expect(squiggles(lesson, "metadata").first()).toBeVisible(slow);
	await expect(problems(lesson, "metadata")).toHaveText(
		"2 errors. Line 1: Type 'number' is not assignable to type 'string'.",
	);
	// Completion of a member.
	await lesson.page.keyboard.press("ControlOrMeta+End");
	await lesson.page.keyboard.type(".");
	const list = lesson.page.locator(".suggest-widget.visible");
	await expect(list).toContainText("rows", slow);
	await lesson.page.keyboard.press("Escape");
	// The earlier cell changes, and the later one follows.
	await lesson.type("metadata", "const itkImage: string = sample.rows;\nitkImage");
	await lesson.type("download", 'const sample = { rows: "three" };');
	await expect(problems(lesson, "metadata")).toHaveText("", slow);
	await expect(squiggles(lesson, "metadata")).toHaveCount(0);
	// A name of a later cell is not there, and it says where it is.
	await lesson.type("download", "const sample = { rows: itkImage };");
	await expect(problems(lesson, "download")).toContainText(
		"itkImage is declared further down, in “Read the",
		slow,
	);
});

test("3: hover and signature help show the library's docs, and say which cell a name is from", async ({
	lesson,
}) => {
	await lesson.open();
	await lesson.type("write", 'import { toNgffZarr } from "chunkwise";\nmultiscale;\nawait toNgffZarr');
	await lesson.page.keyboard.type("(");
	const hints = lesson.page.locator(".parameter-hints-widget.visible");
	await expect(hints).toContainText("toNgffZarr(into:", slow);
	await expect(hints).toContainText("multiscale: Multiscale");
	await lesson.page.keyboard.press("Escape");
	await lesson.cell("write").locator(".view-line").getByText("toNgffZarr").last().hover();
	const hover = lesson.page.locator(".monaco-hover:visible");
	await expect(hover).toContainText("Writes every level", slow);
	await lesson.cell("write").locator(".view-line").getByText("multiscale").hover();
	await expect(hover).toContainText("From “Build the scale levels”", slow);
	await expect(hover).toContainText("const multiscale: Multiscale");
});

test("3: a name of the library is completed with the import that it needs", async ({ lesson }) => {
	await lesson.open();
	await lesson.type("is-spatial-image", 'import { isSpatialImage } from "chunkwise";\n');
	await lesson.page.keyboard.type("formatBy");
	const list = lesson.page.locator(".suggest-widget.visible");
	await expect(list).toContainText("formatBytes", slow);
	// The import comes with the details of the suggestion.
	await lesson.page.keyboard.press("Tab");
	await expect(lesson.cell("is-spatial-image").locator(".view-lines")).toContainText(
		/isSpatialImage,\sformatBytes\s}/,
		slow,
	);
});

test("3: the run is allowed with type errors", async ({ lesson }) => {
	await lesson.open();
	await lesson.type("download", "const n: string = 5;\nn");
	await expect(problems(lesson, "download")).toContainText("1 type error on line 1: Type 'number'", slow);
	await lesson.page.keyboard.press("ControlOrMeta+Enter");
	await lesson.expectState("download", "done");
	await expect(lesson.output("download")).toHaveText("5");
});

test("3: errors are reached and told by the keyboard alone", async ({ lesson }) => {
	await lesson.open();
	await lesson.type("download", "first;\nconst good = 1;\ngood.second;");
	const line = problems(lesson, "download");
	await expect(line).toHaveText("2 errors. Line 1: Cannot find name 'first'.", slow);
	await expect(line).toHaveAttribute("role", "status");
	await lesson.page.keyboard.press("F8");
	await expect(line).toContainText("1 of 2, line 1");
	await lesson.page.keyboard.press("F8");
	await expect(line).toContainText("2 of 2, line 3: Property 'second' does not exist");
	// The caret is there.
	await lesson.page.keyboard.insertText("toFixed() || ");
	await expect(lesson.cell("download").locator(".view-lines")).toContainText("good.toFixed()");
});

test("3: a blank of an exercise is a blank, no error", async ({ lesson }) => {
	await lesson.open();
	await lesson.type("download", "const n: number = ______;");
	await expect(problems(lesson, "download")).toHaveText("1 blank to fill in, on line 1.", slow);
	await expect(squiggles(lesson, "download")).toHaveCount(0);
	await expect(lesson.cell("download").locator(".squiggly-info")).toHaveCount(1);
});

test("2: nothing of the editor moves before the reader edits", async ({ lesson }) => {
	const asked: string[] = [];
	lesson.page.on("request", (request) => asked.push(request.url()));
	await lesson.open();
	await lesson.run("is-spatial-image", 120_000).catch(() => {});
	expect(asked.filter((url) => /monaco|data\/types|editor\.worker/.test(url))).toEqual([]);
});

test("6: Tab leaves the editor until it is used; Escape always leaves", async ({ lesson }) => {
	const { page } = lesson;
	await lesson.open();
	await open(lesson, "download");
	await page.keyboard.press("Tab");
	expect(
		await lesson
			.cell("download")
			.locator(".cw-editor-field")
			.evaluate((at) => at.contains(document.activeElement)),
	).toBe(false);
	await page.keyboard.press("Shift+Tab");
	await page.keyboard.type("// ");
	await page.keyboard.press("Tab");
	await expect(lesson.cell("download").locator(".cw-editor-field :focus")).toHaveCount(1);
	await page.keyboard.press("Escape");
	expect(await focused(page)).toBe("code");
	// Back by Enter: Tab leaves again.
	await page.keyboard.press("Enter");
	await expect(lesson.cell("download").locator(".cw-editor-field :focus")).toHaveCount(1);
	await page.keyboard.press("Tab");
	await expect(lesson.cell("download").locator(".cw-editor-field :focus")).toHaveCount(0);
});

test("6: keys are of the editor that has the focus, however many are open", async ({ lesson }) => {
	const { page } = lesson;
	await lesson.open();
	await lesson.type("download", "1 + 1");
	await lesson.type("metadata", "2 + 2");
	await lesson.cell("download").locator(".view-line").click();
	await page.keyboard.press("ControlOrMeta+Enter");
	await lesson.expectState("download", "done");
	await expect(lesson.output("download")).toHaveText("2");
	await expect(lesson.cell("metadata")).toHaveAttribute("data-state", "idle");
	await page.keyboard.press("Shift+Enter");
	await expect(lesson.cell("metadata").locator("[data-part=run]")).toBeFocused();
});

test("6: the code that is put back can be undone", async ({ lesson }) => {
	const { page } = lesson;
	await lesson.open();
	await lesson.type("download", "mine = 1");
	await lesson
		.cell("download")
		.getByRole("button", { name: /original/ })
		.click();
	const lines = lesson.cell("download").locator(".view-lines");
	await expect(lines).toContainText("samples.hl60");
	await lesson.cell("download").locator(".view-line").first().click();
	await page.keyboard.press("ControlOrMeta+Z");
	await expect(lines).toContainText(/mine\s=\s1/);
});

test("6: nothing moves when Monaco takes the text area's place, and the caret is where the reader clicked", async ({
	lesson,
}) => {
	const { page } = lesson;
	await lesson.open();
	let release = () => {};
	const held = new Promise<void>((resolve) => {
		release = resolve;
	});
	await page.route(/monaco.*\.js/, async (route) => {
		await held;
		await route.continue();
	});
	const line = lesson.cell("multiscale").locator(".ec-line").nth(2);
	await line.click({ position: { x: 60, y: 10 } });
	const area = areaOf(lesson, "multiscale");
	await expect(area).toBeFocused();
	const caret = await area.evaluate((field: HTMLTextAreaElement) =>
		field.value.slice(0, field.selectionStart),
	);
	expect(caret.split("\n")).toHaveLength(3);
	expect(caret.length).toBeGreaterThan(caret.lastIndexOf("\n") + 2);
	const next = page.locator("#cell-level-1");
	const before = await next.boundingBox();
	release();
	await expect(lesson.cell("multiscale").locator(".view-line").first()).toBeVisible();
	await expect(area).toHaveCount(0);
	expect((await next.boundingBox())?.y).toBeCloseTo(before?.y ?? 0, 0);
	await page.keyboard.type("/**/");
	await expect(lesson.cell("multiscale").locator(".view-lines")).toContainText("/**/");
});

test("6: where Monaco cannot be loaded the text area stays, with types", async ({ lesson }) => {
	const { page } = lesson;
	await lesson.open();
	await page.route(/monaco.*\.js/, (route) => route.fulfill({ status: 404, body: "" }));
	await lesson.cell("download").locator("[data-part=code]").click();
	const area = areaOf(lesson, "download");
	await area.fill("const n: string = 5;");
	await expect(problems(lesson, "download")).toContainText("1 type error on line 1", slow);
	await area.fill("const f = () => {");
	await page.keyboard.press("End");
	await page.keyboard.press("Enter");
	await page.keyboard.type("return 7;");
	await page.keyboard.press("Enter");
	await page.keyboard.press("Shift+Tab");
	await page.keyboard.type("};");
	await expect(area).toHaveValue("const f = () => {\n  return 7;\n};");
	for (let i = 0; i < 2; i++) await page.keyboard.press("ControlOrMeta+Z");
	expect(await area.inputValue()).not.toContain("};");
	await area.fill("6 * 7");
	await page.keyboard.press("ControlOrMeta+Enter");
	await lesson.expectState("download", "done");
	await expect(lesson.output("download")).toHaveText("42");
	await area.focus();
	await page.keyboard.press("Escape");
	expect(await focused(page)).toBe("code");
});

test("6: where types cannot be loaded it says so, and everything else works", async ({ lesson }) => {
	await lesson.open();
	await lesson.page.context().route(/data\/types\//, (route) => route.fulfill({ status: 404, body: "" }));
	await lesson.type("download", "6 * 7");
	await expect(problems(lesson, "download")).toContainText("Types could not be loaded", slow);
	await lesson.run("download");
	await expect(lesson.output("download")).toHaveText("42");
});

test.describe("on a touch screen", () => {
	test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });

	test("12: a text area, with types and without Monaco", async ({ lesson }) => {
		const asked: string[] = [];
		lesson.page.on("request", (request) => asked.push(request.url()));
		await lesson.open();
		await lesson.cell("download").locator("[data-part=code]").tap();
		const area = areaOf(lesson, "download");
		await expect(area).toBeFocused();
		await area.fill("const n: string = 5;");
		await expect(problems(lesson, "download")).toContainText("1 type error on line 1", slow);
		await lesson.cell("download").getByRole("button", { name: "Show it" }).tap();
		expect(await area.evaluate((field: HTMLTextAreaElement) => field.selectionStart)).toBe(6);
		await lesson
			.cell("download")
			.getByRole("button", { name: /original/ })
			.tap();
		await expect(area).toHaveValue(/samples\.hl60/);
		expect(asked.filter((url) => /monaco/.test(url))).toEqual([]);
		expect(await lesson.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
	});
});

test("12: dark, light, forced colours and right-to-left pages", async ({ lesson }) => {
	const { page } = lesson;
	await lesson.open();
	await page.evaluate(() => {
		document.documentElement.dir = "rtl";
		document.documentElement.dataset.theme = "dark";
	});
	await open(lesson, "download");
	const ground = () =>
		lesson
			.cell("download")
			.locator(".monaco-editor")
			.first()
			.evaluate((node) => getComputedStyle(node).backgroundColor);
	await expect(lesson.cell("download").locator(".view-lines")).toHaveCSS("direction", "ltr");
	expect(await ground()).toBe("rgb(16, 20, 29)");
	await page.evaluate(() => {
		document.documentElement.dataset.theme = "light";
	});
	await expect.poll(ground).toBe("rgb(243, 240, 231)");
	await page.emulateMedia({ forcedColors: "active" });
	await expect(
		lesson.cell("download").locator(".monaco-editor.hc-black, .monaco-editor.hc-light").first(),
	).toBeVisible();
});

test("security: works with workers and scripts from the site alone, without eval and blob", async ({
	lesson,
}) => {
	const { page } = lesson;
	const refused: string[] = [];
	page.on("console", (message) => {
		if (/Content Security Policy|Refused to/.test(message.text())) refused.push(message.text());
	});
	const policy =
		"default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; worker-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self' data:";
	await page.context().route(/\/(lessons\/[^/]*\/|_astro\/worker-[^/]*\.js)$/, async (route) => {
		const response = await route.fetch();
		await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
	});
	await lesson.open();
	await lesson.type("download", "const n: string = 5;\nn.");
	await expect(problems(lesson, "download")).toContainText("errors. Line 1: Type 'number'", slow);
	expect(refused.filter((text) => /monaco|editor|blob:|eval/.test(text))).toEqual([]);
});
