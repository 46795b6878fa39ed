import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import type { Download, Page } from "playwright/test";
import { fingerprint } from "../../src/components/work/fingerprint.ts";
import { workKey } from "../../src/components/work/keys.ts";
import { violations } from "./axe.ts";
import { expect, type Lesson, lessonPath, test } from "./site.ts";

const lessonName = lessonPath.replace(/\/$/, "");
const id = "attribute-keys";
const author = "Object.keys(root.attrs)";
const other = "is-spatial-image";

/** Saves code as an earlier visit would have. */
async function seed(page: Page, cell: string, source: string, more: object = {}): Promise<void> {
	const saved = {
		v: 1,
		source,
		at: "2026-01-02T03:04:05.000Z",
		by: "before",
		of: fingerprint(author),
		...more,
	};
	await page.evaluate(([key, value]) => localStorage.setItem(key, value), [
		workKey(lessonName, cell),
		JSON.stringify(saved),
	] as const);
}

async function stored(page: Page, cell: string): Promise<{ source: string; others?: object[] } | null> {
	return page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? "null"), workKey(lessonName, cell));
}

function code(lesson: Lesson, cell: string) {
	return lesson.cell(cell).locator("[data-part=code]");
}

async function openWork(lesson: Lesson) {
	await lesson.page.getByRole("button", { name: "Your work" }).click();
	const dialog = lesson.page.getByRole("dialog", { name: "Your work in this lesson" });
	await expect(dialog).toBeVisible();
	return dialog;
}

async function textOf(download: Download): Promise<string> {
	return readFileSync(await download.path(), "utf8");
}

const link = (cells: Record<string, unknown>, lesson = lessonName) =>
	`#code=1d.${deflateRawSync(JSON.stringify({ l: lesson, c: cells })).toString("base64url")}`;

test("8: the reader's work: code is kept as typed and shown on the next visit before any click", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.type(id, "const answer: number = 6 * 7; // mine\nanswer");
	// Away at once, as when a tab is closed: nothing waits for the last keys.
	await lesson.page.goto(`${lesson.root}start-here/`);
	const scripts: string[] = [];
	lesson.page.on("request", (request) => {
		if (request.resourceType() === "script") scripts.push(request.url());
	});
	await lesson.open({ prefer: "phantom" });
	await expect(code(lesson, id).locator(".cw-shown-code")).toHaveText(
		/const answer: number = 6 \* 7; \/\/ mine/,
	);
	await expect(code(lesson, id).locator(".cw-token-keyword")).toHaveText("const");
	await expect(code(lesson, id).locator(".expressive-code")).toBeHidden();
	expect(scripts.filter((url) => /controller|session|monaco|worker/.test(url))).toEqual([]);
	await lesson.run(id);
	await expect(lesson.output(id)).toHaveText("42");
});

test("8: the reader's work: the last keys before a page is left are kept, though no timer has fired", async ({
	lesson,
}) => {
	const { page } = lesson;
	await lesson.open({ prefer: "phantom" });
	await lesson.type(id, "1");
	await page.clock.install();
	await expect.poll(async () => (await stored(page, id))?.source).toBe("1");
	await page.clock.pauseAt(Date.now() + 3_600_000);
	await page.keyboard.press("ControlOrMeta+A");
	await page.keyboard.insertText("1 + 1 // the last keys");
	await page.goto(`${lesson.root}start-here/`);
	expect((await stored(page, id))?.source).toBe("1 + 1 // the last keys");
});

test("8: the reader's work: a first visit loads no more than a look whether there is any", async ({
	lesson,
}) => {
	const scripts: string[] = [];
	lesson.page.on("request", (request) => {
		if (request.resourceType() === "script") scripts.push(new URL(request.url()).pathname);
	});
	await lesson.open({ prefer: "phantom" });
	await lesson.page.waitForLoadState("networkidle");
	expect(scripts.filter((path) => /restore|open-link|work-dialog|diff-view|work-part/.test(path))).toEqual(
		[],
	);
});

test("8: the reader's work: when the lesson changed, keep mine, take the new one, or compare", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await seed(lesson.page, id, "'mine'", { of: fingerprint("an older version") });
	await lesson.page.reload();
	const bar = lesson.cell(id).getByRole("group", { name: "This cell has changed in the lesson" });
	await expect(bar).toContainText("has changed since you began");
	await expect(code(lesson, id)).toContainText("'mine'");
	await bar.getByRole("button", { name: "Compare" }).click();
	await expect(bar.locator(".cw-diff-removed")).toContainText("removed: 'mine'");
	await expect(bar.locator(".cw-diff-added")).toContainText(author);
	expect(await violations(lesson.page)).toEqual([]);
	await bar.getByRole("button", { name: "Take the new one" }).click();
	await expect(code(lesson, id).locator(".expressive-code")).toBeVisible();
	await lesson.cell(id).getByRole("button", { name: "Undo", exact: true }).click();
	await expect(code(lesson, id)).toContainText("'mine'");
	await lesson.page.reload();
	await expect(code(lesson, id)).toContainText("'mine'");
	await expect(bar).toHaveCount(0);
});

test("8: the reader's work: two tabs on one lesson: the other is told, and nothing is lost", async ({
	lesson,
	context,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.type(id, "1 // from the first");
	await expect.poll(async () => (await stored(lesson.page, id))?.source).toBe("1 // from the first");
	const second = await context.newPage();
	await second.goto(lesson.root + lessonPath);
	const cell = second.locator(`#cell-${id}`);
	await expect(cell).toContainText("1 // from the first");
	// Loads the page's other half there, so that it has work of its own.
	await cell.locator("[data-part=run]").focus();
	await expect(cell).toHaveAttribute("data-work", "kept");
	await lesson.type(id, "2 // from the first, more");
	const bar = cell.getByRole("group", { name: "Another version of this cell" });
	await expect(bar).toContainText("another tab");
	// The second goes on typing nevertheless: both versions are kept.
	await cell.locator("[data-part=code]").click();
	await expect(cell.locator(".monaco-editor .view-line").first()).toBeVisible();
	await second.keyboard.press("ControlOrMeta+A");
	await second.keyboard.insertText("3 // from the second");
	await expect.poll(async () => (await stored(second, id))?.source).toBe("3 // from the second");
	expect((await stored(second, id))?.others).toMatchObject([{ source: "2 // from the first, more" }]);
	const first = lesson.cell(id).getByRole("group", { name: "Another version of this cell" });
	await expect(first).toBeVisible();
	await first.getByRole("button", { name: "Take it" }).click();
	await expect(lesson.cell(id).locator(".monaco-editor")).toContainText("3 // from the second");
	await lesson.cell(id).getByRole("button", { name: "Undo", exact: true }).click();
	await expect(lesson.cell(id).locator(".monaco-editor")).toContainText("2 // from the first, more");
});

for (const [what, script] of [
	[
		"blocked",
		'Object.defineProperty(window, "localStorage", { configurable: true, get() { throw new DOMException("The operation is insecure.", "SecurityError"); } })',
	],
	[
		"full",
		// To the last character, so that the browser itself refuses.
		'for (let n = 1 << 23; n >= 1; n >>= 1) try { localStorage.setItem(`filler ${n}`, "x".repeat(n)); } catch {} for (let n = 0; n < 9; n++) try { localStorage.setItem("x".repeat(n), ""); } catch {}',
	],
] as const) {
	test(`8: the reader's work: with storage ${what} cells work, and the page says once that nothing is kept`, async ({
		lesson,
	}) => {
		await lesson.page.addInitScript(script);
		await lesson.open({ prefer: "phantom" });
		await lesson.type(id, "6 * 7");
		await lesson.run(id);
		await expect(lesson.output(id)).toHaveText("42");
		await lesson.type(id, "6 * 8");
		await lesson.run(id);
		const notice = lesson.page.locator(".cw-work-trouble");
		await expect(notice).toHaveCount(1);
		await expect(notice).toContainText(what === "full" ? "is full" : "does not let the site keep anything");
		const dialog = await openWork(lesson);
		await expect(dialog).toContainText(what === "full" ? "is full" : "does not let the site keep anything");
		await lesson.page.keyboard.press("Escape");
		// Nor does the choice of dark and light need it.
		for (const theme of ["dark", "light"]) {
			await lesson.page.getByRole("combobox", { name: /theme/i }).first().selectOption(theme);
			await expect(lesson.page.locator("html")).toHaveAttribute("data-theme", theme);
		}
		expect(lesson.errors).toEqual([]);
	});
}

test("8: the reader's work: when there is room again, the notice goes and the work is kept", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.page.evaluate(() => {
		for (let n = 1 << 23; n >= 1; n >>= 1) {
			try {
				localStorage.setItem(`filler ${n}`, "x".repeat(n));
			} catch {}
		}
	});
	await lesson.type(id, `1 // ${"much ".repeat(50)}`);
	const notice = lesson.page.locator(".cw-work-trouble");
	await expect(notice).toContainText("is full");
	expect(await stored(lesson.page, id)).toBeNull();
	await lesson.page.evaluate(() => {
		for (const key of Object.keys(localStorage)) if (key.startsWith("filler")) localStorage.removeItem(key);
	});
	await lesson.type(id, "2 // little");
	await expect.poll(async () => (await stored(lesson.page, id))?.source).toBe("2 // little");
	await expect(notice).toHaveCount(0);
});

test("8: the reader's work: shown again by Back, a page asks about what other pages stored meanwhile", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.type(id, "1 // mine");
	await expect.poll(async () => (await stored(lesson.page, id))?.source).toBe("1 // mine");
	const back = () =>
		lesson.page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
	// A page in the browser's cache hears no events of storage, as a page does not of what it stores itself.
	await seed(lesson.page, id, "2 // from an import", { by: "file x" });
	await back();
	const bar = lesson.cell(id).getByRole("group", { name: "Another version of this cell" });
	await expect(bar).toContainText("from a file");
	await bar.getByRole("button", { name: "Keep what is here" }).click();
	expect((await stored(lesson.page, id))?.source).toBe("1 // mine");
	await lesson.page.evaluate((key) => localStorage.removeItem(key), workKey(lessonName, id));
	await back();
	const removed = lesson.cell(id).getByRole("group", { name: "Work in another tab" });
	await expect(removed).toContainText("put back to the original");
	await removed.getByRole("button", { name: "Put it back here too" }).click();
	await expect(lesson.cell(id).locator(".monaco-editor")).toContainText(author);
});

test("8: the reader's work: code on other pages is listed, forgotten and brought back, and is no progress", async ({
	lesson,
}) => {
	const { page } = lesson;
	await lesson.open({ prefer: "phantom" }, "guide/elements/");
	await page.locator("#cell-shape [data-part=run]").click();
	await expect(page.locator("#cell-shape")).toHaveAttribute("data-state", "done");
	await page.evaluate(
		([key]) => localStorage.setItem(key, JSON.stringify({ v: 1, source: "1", of: "", by: "" })),
		[workKey("guide/elements", "count")],
	);
	await page.evaluate(
		([key]) => localStorage.setItem(key, JSON.stringify({ v: 1, source: "1", of: "", by: "" })),
		[workKey("lessons/gone", "a")],
	);
	await page.reload();
	await expect(page.locator("#starlight__sidebar .cw-mark")).toHaveCount(0);
	await page.goto(`${lesson.root}progress/`);
	await expect(page.locator("[data-part=total]")).toContainText("Nothing is done yet");
	const list = page.getByRole("region", { name: "Your code on other pages" });
	await expect(list.getByRole("group")).toHaveCount(2);
	await expect(list).toContainText("lessons/gone, which the course no longer has");
	const guide = list.getByRole("group", { name: "What a lesson is made of" });
	await expect(guide).toContainText("1 cell with your code");
	await guide.getByRole("button", { name: "Forget it" }).click();
	await guide.getByRole("button", { name: "Yes, forget it" }).click();
	await expect(guide).toContainText("none of your code");
	const key = workKey("guide/elements", "count");
	expect(await page.evaluate((name) => localStorage.getItem(name), key)).toBeNull();
	expect(await violations(page)).toEqual([]);
	await guide.getByRole("button", { name: "Undo" }).click();
	await expect(guide).toContainText("1 cell with your code");
	expect(await page.evaluate((name) => localStorage.getItem(name), key)).not.toBeNull();
});

test("8: the reader's work: progress in the sidebar and on its page", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await seed(lesson.page, id, "6 * 7");
	await lesson.page.reload();
	await lesson.run(id);
	const mark = lesson.page.locator("#starlight__sidebar a", { hasText: "From a TIFF" });
	await expect(mark).toHaveAccessibleName(/\(1 of \d+ done\)/);
	await lesson.page.goto(`${lesson.root}progress/`);
	await expect(lesson.page.locator("[data-part=total]")).toContainText(/^1 of \d+ done/);
	const row = lesson.page.locator(`li[data-lesson="${lessonName}"]`);
	await expect(row).toContainText("1 of 26 cells run");
	await expect(row).toContainText("Larger chunks");
	await expect(row).toContainText("not tried yet");
	expect(await violations(lesson.page)).toEqual([]);
});

test("8: the reader's work: exported and imported as one file, with a summary; conflicts keep both", async ({
	lesson,
	browser,
}) => {
	await lesson.open({ prefer: "phantom" });
	// With an exercise that is tried, and not solved.
	await seed(lesson.page, id, "'mine'");
	await seed(lesson.page, "slice-cost", "const chunksNeeded = 1, bytesNeeded = 2;");
	await seed(lesson.page, "open-array", "const array = { shape: [129, 212, 363], chunkCount: 72 };");
	await lesson.page.reload();
	await lesson.press("slice-cost");
	await lesson.expectState("slice-cost", "done");
	const dialog = await openWork(lesson);
	expect(await violations(lesson.page)).toEqual([]);
	await expect(dialog).toContainText("There is no account, and nothing leaves the browser");
	await dialog.getByLabel("Your name").fill("Ada");
	const [download] = await Promise.all([
		lesson.page.waitForEvent("download"),
		dialog.getByRole("button", { name: "Export all your work" }).click(),
	]);
	expect(download.suggestedFilename()).toMatch(/^chunkwise-work-ada-\d{4}-\d\d-\d\d\.json$/);
	const text = await textOf(download);
	const file = JSON.parse(text);
	expect(file).toMatchObject({ format: "chunkwise-work", version: 1, name: "Ada" });
	expect(file.work[lessonName][id].source).toBe("'mine'");
	expect(file.summary.exercises).toMatchObject([
		{
			lesson: lessonName,
			id: "slice-cost",
			state: "tried",
			code: "const chunksNeeded = 1, bytesNeeded = 2;",
		},
	]);

	// Another browser, where one of the two cells has other code.
	const page = await (await browser.newContext()).newPage();
	await page.goto(`${lesson.root}progress/`);
	await seed(page, id, "'what was here'");
	const choose = async (name: string, body: string) => {
		const [chooser] = await Promise.all([
			page.waitForEvent("filechooser"),
			page.getByRole("button", { name: "Import a file" }).click(),
		]);
		await chooser.setFiles({ name, mimeType: "application/json", buffer: Buffer.from(body) });
	};
	await choose("broken.json", text.slice(0, 100));
	await expect(page.getByText("broken.json was not imported. This file is not JSON")).toBeVisible();
	await choose("ada.json", text);
	await expect(page.getByText("Imported ada.json.")).toContainText("1 cell with other code here");
	expect(await stored(page, id)).toMatchObject({ source: "'what was here'", others: [{ source: "'mine'" }] });
	const question = page.getByRole("group", { name: `Two versions of ${id}` });
	await question.getByRole("button", { name: "Compare" }).click();
	await expect(question.locator(".cw-diff")).toBeVisible();
	expect(await violations(page)).toEqual([]);
	await question.getByRole("button", { name: "Take the file’s" }).click();
	expect((await stored(page, id))?.source).toBe("'mine'");
	await expect(page.locator(`li[data-lesson="${lessonName}"]`)).toContainText("tried, 1 try");
	await page.goto(lesson.root + lessonPath);
	await expect(page.locator(`#cell-${id}`)).toContainText("'mine'");
	await page.context().close();
});

test("8: the reader's work: an instructor's table of several files, and as CSV", async ({ page, site }) => {
	await page.goto(`${site.url}progress/`);
	const file = (name: string, state: "tried" | "done") => ({
		name: `${name}.json`,
		mimeType: "application/json",
		buffer: Buffer.from(
			JSON.stringify({
				format: "chunkwise-work",
				version: 1,
				exported: "2026-01-02T03:04:05.000Z",
				name,
				work: {
					[lessonName]: { rechunk: { v: 1, source: "<img src=x onerror=alert(1)>", of: "", by: "x" } },
				},
				progress: {
					[lessonName]: {
						v: 1,
						done: 1,
						of: 2,
						items: { rechunk: { kind: "exercise", state, title: "Larger chunks", attempts: 2 } },
					},
				},
			}),
		),
	});
	const [chooser] = await Promise.all([
		page.waitForEvent("filechooser"),
		page.getByRole("button", { name: "Choose files" }).click(),
	]);
	await chooser.setFiles([
		file("Ada", "done"),
		file("<b>Bob</b>", "tried"),
		{ name: "photo.json", mimeType: "application/json", buffer: Buffer.from([0xff, 0xd8]) },
	]);
	await expect(page.getByText("2 files read. photo.json: This file is not JSON")).toBeVisible();
	const rows = page.locator(".cw-collected tbody tr");
	await expect(rows).toHaveCount(2);
	await expect(rows.nth(0)).toContainText("✓ solved, 2 tries");
	await expect(rows.nth(1)).toContainText("<b>Bob</b>");
	await expect(rows.nth(1)).toContainText("◐ tried, 2 tries");
	expect(await violations(page)).toEqual([]);
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: "Download as CSV" }).click(),
	]);
	expect((await textOf(download)).split("\r\n")[1]).toMatch(/^Ada\.json,Ada,.*,solved,2,/);
});

test("8: the reader's work: a cell, a lesson and everything are reset, each with a way back", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await seed(lesson.page, id, "'mine'");
	await seed(lesson.page, other, "'mine too'");
	await lesson.page.reload();
	await expect(code(lesson, id)).toContainText("'mine'");
	await lesson.cell(id).locator("[data-part=run]").focus();
	await lesson.cell(id).getByRole("button", { name: "Put back the original code" }).click();
	await expect(code(lesson, id).locator(".expressive-code")).toBeVisible();
	await expect.poll(() => stored(lesson.page, id)).toBeNull();
	await lesson.cell(id).getByRole("button", { name: "Undo: bring back my code" }).click();
	await expect(code(lesson, id)).toContainText("'mine'");
	await expect.poll(async () => (await stored(lesson.page, id))?.source).toBe("'mine'");

	const dialog = await openWork(lesson);
	await dialog.getByRole("button", { name: "Reset this lesson" }).click();
	await dialog.getByRole("button", { name: "Yes, reset it" }).click();
	expect([await stored(lesson.page, id), await stored(lesson.page, other)]).toEqual([null, null]);
	await dialog.getByRole("button", { name: "Undo" }).click();
	await expect(dialog).toContainText("Your work is back.");
	expect((await stored(lesson.page, other))?.source).toBe("'mine too'");
	await lesson.page.keyboard.press("Escape");
	await expect(dialog).toBeHidden();
	await expect(code(lesson, other)).toContainText("'mine too'");

	await lesson.page.goto(`${lesson.root}progress/`);
	await lesson.page.getByRole("button", { name: "Reset everything" }).click();
	await expect(lesson.page.getByRole("button", { name: "Export first" })).toBeFocused();
	await lesson.page.getByRole("button", { name: "Yes, forget everything" }).click();
	expect(await stored(lesson.page, id)).toBeNull();
	await lesson.page.getByRole("button", { name: "Undo" }).click();
	expect((await stored(lesson.page, id))?.source).toBe("'mine'");
});

test("9: share: a link carries code that is shown, compared, taken, and never run by itself", async ({
	lesson,
	context,
}) => {
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await lesson.open({ prefer: "phantom" });
	await seed(lesson.page, id, "6 * 7");
	await lesson.page.reload();
	const dialog = await openWork(lesson);
	await dialog.getByRole("button", { name: "Copy a link" }).click();
	await expect(dialog).toContainText("Copied: a link of");
	const address = await lesson.page.evaluate(() => navigator.clipboard.readText());
	expect(address).toContain(`${lessonPath}#code=1d.`);

	const page = await context.newPage();
	// Who opens it has work of their own there, and the cell would run by itself.
	await page.goto(`${lesson.root}start-here/`);
	await seed(page, id, "'my own'");
	await seed(page, "multiscales", "'by itself'");
	await page.route(`**/${lessonPath}`, async (route) => {
		const response = await route.fetch();
		const html = (await response.text()).replace(
			new RegExp(`(id="cell-(?:${id}|multiscales)"[^>]*data-run=")manual`, "g"),
			"$1auto",
		);
		await route.fulfill({ response, body: html });
	});
	await page.goto(address);
	const cell = page.locator(`#cell-${id}`);
	const offer = cell.getByRole("group", { name: "Code from a link" });
	await expect(offer).toContainText("6 * 7");
	await expect(page.getByRole("region", { name: "Code from a link" })).toContainText("It has not been run");
	await expect(cell.locator("[data-part=code]")).toContainText("'my own'");
	expect((await stored(page, id))?.source).toBe("'my own'");
	await offer.getByRole("button", { name: "Compare with what is here" }).click();
	await expect(offer.locator(".cw-diff-added")).toContainText("6 * 7");
	expect(await violations(page)).toEqual([]);
	await offer.getByRole("button", { name: "Take it" }).click();
	await expect(cell.locator("[data-part=code]")).toContainText("6 * 7");
	expect(new URL(page.url()).hash).toBe("");
	// Its author wanted it run by itself when seen; code that came by a link waits, on the next visit too.
	for (let visit = 0; visit < 2; visit++) {
		await cell.scrollIntoViewIfNeeded();
		await page.waitForLoadState("networkidle");
		await expect(cell.locator("[data-part=code]")).toContainText("6 * 7");
		if (visit === 0) await page.reload();
	}
	// The cell below it, with code of the reader's own, did run when it was seen.
	const neighbour = page.locator("#cell-multiscales");
	await neighbour.scrollIntoViewIfNeeded();
	await expect(neighbour.locator("[data-part=output]")).toContainText("by itself");
	await expect(cell).toHaveAttribute("data-state", "idle");
	await expect(cell.locator("[data-part=output]")).not.toContainText("42");
	await cell.locator("[data-part=run]").click();
	await expect(cell.locator("[data-part=output]")).toContainText("42");
});

test("9: share: an edited cell has a link to its own code", async ({ lesson, context }) => {
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await lesson.open({ prefer: "phantom" });
	const share = lesson.cell(id).getByRole("button", { name: "Share", exact: true });
	await lesson.cell(id).locator("[data-part=run]").focus();
	await expect(lesson.cell(id)).toHaveAttribute("data-work", "kept");
	await expect(share).toBeHidden();
	await lesson.type(id, "6 * 7");
	await share.click();
	const note = lesson.cell(id).locator(".cw-tool-note");
	await expect(note.getByRole("status")).toContainText("A link to this cell’s code is copied");
	expect(await violations(lesson.page)).toEqual([]);
	const address = await lesson.page.evaluate(() => navigator.clipboard.readText());
	await note.getByRole("button", { name: "Close" }).click();
	await expect(note).toBeHidden();
	await expect(share).toBeFocused();
	const page = await context.newPage();
	await page.goto(address);
	// It has the same storage here: the code is there already, and nothing is asked.
	await expect(page.locator(".cw-link-banner")).toContainText("already");

	// Where the browser lets no page copy, the link is there to copy by hand.
	await lesson.page.evaluate(() => {
		navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
	});
	await share.click();
	await expect(note.getByLabel("The link")).toHaveValue(address);
	// Put back to the lesson's own code, there is nothing to share.
	await lesson.cell(id).getByRole("button", { name: "Put back the original code" }).click();
	await expect(share).toBeHidden();
	await expect(note).toBeHidden();
});

test("9: share: links that are broken, hostile, or of another lesson are told in words", async ({
	lesson,
}) => {
	const bomb = deflateRawSync(Buffer.alloc(30_000_000), { level: 9 }).toString("base64url");
	const big = Array.from({ length: 3000 }, (_, i) => ((i * 2654435761) >>> 5).toString(36)).join("");
	for (const [hash, words] of [
		["#code=1d.AAAA", "cannot be read"],
		["#code=9d.AAAA", "another version of the course"],
		[`#code=1d.${bomb}`, "far more than"],
		[link({ [id]: "1" }, "lessons/another"), "belongs to another lesson"],
		[link({ "no-such-cell": "1" }), "no cell to edit named “no-such-cell”"],
		[link({ [id]: author }), "already"],
	]) {
		await lesson.open({ prefer: "phantom" }, `${lessonPath}?${words.length}${hash}`);
		const banner = lesson.page.locator(".cw-link-banner");
		await expect(banner).toContainText(words);
		await expect(banner).toBeFocused();
		await banner.getByRole("button", { name: "Close" }).click();
		await expect(banner).toHaveCount(0);
	}
	// And code that no link can carry is not put into one.
	await seed(lesson.page, id, `"${big}"`);
	await lesson.page.goto(`${lesson.root}start-here/`);
	await lesson.open({ prefer: "phantom" });
	const dialog = await openWork(lesson);
	await dialog.getByRole("button", { name: "Copy a link" }).click();
	await expect(dialog).toContainText("mail and chat cut links");
});

test("9: the lesson is downloaded as TypeScript and as a notebook, with the reader's code in it, and its Python", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await seed(lesson.page, id, "'mine' as string");
	await lesson.page.reload();
	const dialog = await openWork(lesson);
	const [script] = await Promise.all([
		lesson.page.waitForEvent("download"),
		dialog.getByRole("button", { name: "TypeScript file" }).click(),
	]);
	expect(script.suggestedFilename()).toBe("tiff-to-ome-zarr.ts");
	const text = await textOf(script);
	expect(text).toContain("display('mine' as string);");
	expect(text).toContain("// A microscope gives you a TIFF");
	expect(text).toMatch(/import \{[^}]*\btoMultiscale\b[^}]*\} from "chunkwise\/node";/);
	expect(text).not.toContain("Run all cells");
	// The package is the site's own, and the image that which the page gives.
	expect(text).toContain(`npm install ${lesson.root}data/chunkwise.tgz\n`);
	expect(text).toMatch(/samplesOfLesson\.configure\(\{ prefer: "phantom", dataUrl: "http\S+\/data\/" \}\);/);
	const packed = await lesson.page.request.get(`${lesson.root}data/chunkwise.tgz`);
	expect([packed.status(), packed.headers()["content-type"]]).toEqual([200, "application/gzip"]);
	const [notebook] = await Promise.all([
		lesson.page.waitForEvent("download"),
		dialog.getByRole("button", { name: "Jupyter notebook" }).click(),
	]);
	expect(notebook.suggestedFilename()).toBe("tiff-to-ome-zarr.ipynb");
	const made = JSON.parse(await textOf(notebook));
	expect(made).toMatchObject({ nbformat: 4, nbformat_minor: 5 });
	const cells = made.cells as { id: string; cell_type: string; source: string[] }[];
	expect(cells.find((cell) => cell.id === id)?.source.join("")).toBe(
		"display('mine' as string);\nawait display.sent();",
	);
	expect(cells.find((cell) => cell.id === "download")?.source.join("")).toContain('from "chunkwise/node"');
	expect(cells.filter((cell) => cell.cell_type === "markdown").length).toBeGreaterThan(8);
	// The Python beside the cells, too: with the address of this site for what it brings.
	const [python] = await Promise.all([
		lesson.page.waitForEvent("download"),
		dialog.getByRole("button", { name: "Python notebook" }).click(),
	]);
	expect(python.suggestedFilename()).toBe("tiff-to-ome-zarr-python.ipynb");
	const pythonText = await textOf(python);
	expect(JSON.parse(pythonText).metadata.kernelspec.name).toBe("python3");
	expect(pythonText).toContain(`(${lesson.root}${lessonPath})`);
	expect(pythonText).not.toContain("chunkwise.invalid");
	expect(pythonText).toContain(JSON.stringify(`site = "${lesson.root}"`).slice(1, -1));
	const sample = await lesson.page.request.head(`${lesson.root}data/hl60-phantom.tif`);
	expect(sample.status()).toBe(200);
});
