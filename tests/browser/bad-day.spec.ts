/** Days on which the browser itself does not play along. Each needs a browser started in a way of its own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import type { Page } from "playwright/test";
import { findChromium, launchArgs } from "../../scripts/chromium.ts";
import { fingerprint } from "../../src/components/work/fingerprint.ts";
import { workKey } from "../../src/components/work/keys.ts";
import { openWith, withCode } from "./other-code.ts";
import { expect, Lesson, lessonPath, nowhere, test } from "./site.ts";

/** Saves code as an earlier visit would have. */
async function seedWork(page: Page, cell: string, source: string, author: string): Promise<void> {
	const saved = { v: 1, source, at: "2026-01-02T03:04:05.000Z", by: "before", of: fingerprint(author) };
	await page.evaluate(([key, value]) => localStorage.setItem(key, value), [
		workKey(lessonPath.replace(/\/$/, ""), cell),
		JSON.stringify(saved),
	] as const);
}

const launch = { executablePath: findChromium(), args: launchArgs };

test("4: memory without end: a heap that is full ends the page; opened again, it says which cell it was, keeps the code and runs nothing", async ({
	site,
}) => {
	// As small a heap as a full one needs; Chromium ends the process of the page, here as on a large machine.
	const browser = await chromium.launch({
		...launch,
		args: [...launchArgs, "--js-flags=--max-old-space-size=80"],
	});
	try {
		const context = await browser.newContext();
		const endless = "const all: object[] = []; for (;;) all.push({ a: [1, 2, 3], b: `${all.length}` })";
		const auto = ["read-values"];
		const first = new Lesson(await context.newPage(), site.url);
		await withCode(first.page, { "read-values": endless, "chunk-grid": "6 * 7" }, { auto });
		await first.open({ prefer: "phantom" });
		// Kept as if typed: the editor's TypeScript needs more than this heap.
		await seedWork(first.page, "chunk-grid", "6 * 7 // mine", "6 * 7");
		const crashed = first.page.waitForEvent("crash");
		await first.cell("read-values").scrollIntoViewIfNeeded();
		await crashed;

		const again = new Lesson(await context.newPage(), site.url);
		await withCode(again.page, { "read-values": "'less'", "chunk-grid": "6 * 7" }, { auto });
		await again.open({ prefer: "phantom" });
		const cell = again.cell("read-values");
		await expect(cell.locator(".cw-ended")).toContainText("the browser ended the page");
		await cell.scrollIntoViewIfNeeded();
		await expect(again.cell("chunk-grid").locator("[data-part=code]")).toContainText("// mine");
		// Everything of the page works; the cell that ended it waits for the reader, whatever its author said.
		await again.run("chunk-grid");
		await expect(again.output("chunk-grid")).toHaveText("42");
		await again.expectState("read-values", "idle");
		await again.run("read-values");
		await expect(again.output("read-values")).toHaveText("less");
		await expect(cell.locator(".cw-ended")).toHaveCount(0);
		await again.page.reload();
		await again.page.waitForLoadState("networkidle");
		await expect(again.page.locator(".cw-ended")).toHaveCount(0);
		expect(again.errors).toEqual([]);
	} finally {
		await browser.close();
	}
});

test("4: a cell that runs in another tab, or in a page that was left, is no crash", async ({
	lesson,
	context,
}) => {
	await withCode(context, {
		download: "for (;;) {}",
		metadata: "await new Promise((r) => setTimeout(r, 60_000))",
	});
	await lesson.open({ prefer: "phantom" });
	await lesson.press("download");
	await lesson.expectState("download", "running");
	const other = await context.newPage();
	await other.goto(lesson.root + lessonPath);
	await other.waitForLoadState("networkidle");
	await expect(other.locator(".cw-ended")).toHaveCount(0);
	await other.close();
	await lesson.page.reload();
	await lesson.page.waitForLoadState("networkidle");
	await expect(lesson.page.locator(".cw-ended")).toHaveCount(0);
	expect(
		await lesson.page.evaluate(() => Object.keys(localStorage).filter((key) => / running /.test(key))),
	).toEqual([]);
});

test("8: private mode: with cookies and storage blocked in the browser's own settings the page works and says that nothing is kept", async ({
	site,
}) => {
	const profile = mkdtempSync(join(tmpdir(), "chunkwise profile "));
	mkdirSync(join(profile, "Default"));
	writeFileSync(
		join(profile, "Default", "Preferences"),
		JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }),
	);
	const context = await chromium.launchPersistentContext(profile, { ...launch, colorScheme: "light" });
	try {
		const page = await context.newPage();
		const lesson = new Lesson(page, site.url);
		await lesson.open({ hl60Url: nowhere, prefer: "phantom" });
		// Starlight's theme and ours go without it.
		expect(await page.evaluate(() => typeof localStorage)).toBe("undefined");
		await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
		const theme = page.getByRole("combobox", { name: /theme/i }).first();
		await theme.selectOption("dark");
		await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
		await lesson.run("slice-z");
		await expect(lesson.output("slice-z").locator("canvas")).toBeVisible();
		// The private file system goes with the cookies: the cell that needs it says so, and has an end.
		await lesson.press("write-opfs");
		await lesson.expectState("write-opfs", /done|failed/);
		await lesson.type("metadata", "6 * 7");
		await lesson.run("metadata");
		await expect(lesson.output("metadata")).toHaveText("42");
		await expect(page.locator(".cw-work-trouble")).toContainText("does not let the site keep anything");
		for (const path of ["playground/", "progress/", "guide/elements/", ""]) {
			await page.goto(site.url + path);
			await page.waitForLoadState("networkidle");
		}
		expect(lesson.errors).toEqual([]);
	} finally {
		await context.close();
		rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
	}
});

test("4: offline half way: what was loaded goes on, a read says that the network is away, and the next press reads", async ({
	lesson,
	context,
	site,
}) => {
	await openWith(lesson, {
		download: `import { httpStore } from "chunkwise"; const there = httpStore("${site.url}"); 1`,
		metadata: '(await there.get("/data/samples.json"))?.length > 100',
		"spatial-image": "21 * 2",
	});
	await lesson.run("download");
	await context.setOffline(true);
	await lesson.press("metadata");
	await lesson.expectState("metadata", "failed");
	await expect(lesson.output("metadata")).toContainText(/could not be reached|no network|network/i);
	await lesson.run("spatial-image");
	await expect(lesson.output("spatial-image")).toHaveText("42");
	await context.setOffline(false);
	await lesson.run("metadata");
	await expect(lesson.output("metadata")).toHaveText("true");
});
