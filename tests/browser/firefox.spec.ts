/** The course in Firefox. Skipped, saying so, where no Firefox is installed. */
import type { Browser, Page } from "puppeteer-core";
import { findFirefox, openFirefox, outputOf, runCode, stateOf, typeInto, untilState } from "./firefox.ts";
import { expect, lessonPath, test } from "./site.ts";

const firefox = findFirefox();
test.skip(!firefox, "no Firefox is installed (Debian: firefox-esr; elsewhere set FIREFOX_PATH)");
// One Firefox for all of these.
test.describe.configure({ mode: "serial" });

let browser: Browser;
let page: Page;
const errors: string[] = [];

test.beforeAll(async () => {
	browser = await openFirefox(firefox as string);
});
test.afterAll(async () => {
	await browser?.close();
});
test.beforeEach(async ({ site }) => {
	page = await browser.newPage();
	errors.length = 0;
	page.on("pageerror", (error) => errors.push(String(error)));
	await page.goto(site.url + lessonPath);
	await page.click("chunkwise-sample input[value=phantom]");
});
test.afterEach(async () => {
	await page?.close();
	expect(errors, "errors of the page").toEqual([]);
});

test("12: Firefox: every cell of the lesson runs, with the private file system and pictures", async () => {
	const cells = await page.$$eval("chunkwise-cell:not(.cw-cell-exercise)", (all) =>
		all.map((cell) => (cell as HTMLElement).dataset.cell as string),
	);
	await page.click("chunkwise-controls [data-part=run-all]");
	for (const id of cells) {
		await untilState(page, id, "done", "failed");
		expect(await stateOf(page, id), `${id}: ${await outputOf(page, id)}`).toBe("done");
	}
	expect(await outputOf(page, "spatial-image")).toContain("(z: 129, y: 212, x: 363)");
	expect(await outputOf(page, "keys")).toContain("scale0/image/c/0/0/0");
	const greys = await page.$eval("#cell-slice-z canvas", (canvas) => {
		const { width, height } = canvas as HTMLCanvasElement;
		const context = (canvas as HTMLCanvasElement).getContext("2d") as CanvasRenderingContext2D;
		return new Set(context.getImageData(0, 0, width, height).data.filter((_, i) => i % 4 === 0)).size;
	});
	expect(greys).toBeGreaterThan(60);
});

test("12: Firefox: an endless loop stops, and the next run starts afresh", async () => {
	await typeInto(page, "metadata", "for (;;) {}");
	await page.click("#cell-metadata [data-part=run]");
	await untilState(page, "metadata", "running");
	await page.click("#cell-metadata [data-part=run]");
	await untilState(page, "metadata", "stopped");
	expect(await runCode(page, "metadata", "6 * 7")).toBe("42");
});

test("12: Firefox: an error stands at the reader's line and column", async () => {
	const output = await runCode(page, "metadata", "const a = 1;\nlet b = missing + a;");
	expect(await stateOf(page, "metadata")).toBe("failed");
	expect(output).toContain("missing is not defined");
	expect(output).toContain("line 2, column 9");
});

test("12: Firefox: what a cell stores in the private file system is there after a reload", async () => {
	const written = await runCode(
		page,
		"metadata",
		'import { opfsStore } from "chunkwise";\nconst kept = await opfsStore("firefox");\nawait kept.set("/a/b", new Uint8Array([4, 2]));\nNumber((await kept.list()).length)',
	);
	expect(written).toContain("1");
	await page.reload();
	await page.click("chunkwise-sample input[value=phantom]");
	const read = await runCode(
		page,
		"metadata",
		'import { opfsStore } from "chunkwise";\nString(await (await opfsStore("firefox")).get("/a/b"))',
	);
	expect(read).toContain("4,2");
});

test("12: Firefox: a bucket answers by HTTP from the service worker", async () => {
	const answer = await runCode(
		page,
		"metadata",
		'import { startBucket } from "chunkwise";\nconst bucket = await startBucket("firefox", { empty: true });\nawait fetch(`${bucket.url}/a`, { method: "PUT", body: "hello" });\nconst part = await fetch(`${bucket.url}/a`, { headers: { Range: "bytes=1-3" } });\n`${bucket.servedBy} ${part.status} ${await part.text()}`',
	);
	expect(answer).toContain("service worker 206 ell");
});

test("12: Firefox: with keys only: edit, run, leave by Escape", async () => {
	await typeInto(page, "metadata", "40 + 2");
	await page.keyboard.down("Control");
	await page.keyboard.press("Enter");
	await page.keyboard.up("Control");
	await untilState(page, "metadata", "done", "failed");
	expect(await outputOf(page, "metadata")).toContain("42");
	await page.keyboard.press("Escape");
	expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.part)).toBe("code");
});

test("12: Firefox: the figures come to life", async ({ site }) => {
	await page.goto(site.url);
	await page.waitForSelector("[data-figure=viewport] canvas, .cw-viewport canvas");
	const drawn = await page.waitForFunction(() => {
		const canvas = document.querySelector<HTMLCanvasElement>(
			".cw-viewport canvas, [data-figure=viewport] canvas",
		);
		return canvas !== null && canvas.width > 0;
	});
	expect(await drawn.jsonValue()).toBe(true);
});
