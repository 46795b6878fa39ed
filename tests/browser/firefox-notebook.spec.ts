/** Point 12 of the notebook in Firefox: displays, types, kept work, exercises, links, the playground, figures. */
import { deflateRawSync } from "node:zlib";
import type { Browser, Page } from "puppeteer-core";
import { type LessonFile, lessons } from "../support/lessons.ts";
import {
	findFirefox,
	openFirefox,
	outputOf,
	press,
	runCode,
	seed,
	stateOf,
	typeInto,
	untilState,
	untilText,
	withMouse,
} from "./firefox.ts";
import { expect, lessonPath, test } from "./site.ts";

const firefox = findFirefox();
test.skip(!firefox, "no Firefox is installed (Debian: firefox-esr; elsewhere set FIREFOX_PATH)");
// In order, in one Firefox.
test.describe.configure({ mode: "default" });

const lessonName = lessonPath.replace(/\/$/, "");
const guide = "guide/elements/";
/** A cell that no other needs. */
const id = "attribute-keys";
const cell = `#cell-${id}`;

let browser: Browser;
let page: Page;
const errors: string[] = [];

test.beforeAll(async () => {
	browser = await openFirefox(firefox as string, withMouse);
});
test.afterAll(async () => {
	await browser?.close();
});
test.beforeEach(async () => {
	page = await browser.newPage();
	errors.length = 0;
	page.on("pageerror", (error) => errors.push(String(error)));
});
test.afterEach(async ({ site }) => {
	await page?.goto(`${site.url}404.html`);
	await page?.evaluate(() => localStorage.clear());
	await page?.close();
	expect(errors, "errors of the page").toEqual([]);
});

test("12: Firefox: displays: a table sorts, a picture is read under the pointer, Plot draws", async ({
	site,
}) => {
	await page.goto(site.url + lessonPath);
	await seed(
		page,
		lessonName,
		id,
		`import { linePlot, toSpatialImage } from "chunkwise";
import * as Plot from "@observablehq/plot";
display([{ n: 2 }, { n: 1 }, { n: 3 }]);
display(Plot.lineY([1, 3, 2]).plot());
display(linePlot([1, 5, 2]));
const data = Uint16Array.from({ length: 1200 }, (_, i) => i);
toSpatialImage({ data, shape: [30, 40], dims: ["y", "x"], scale: { y: 0.5, x: 0.5 }, units: { y: "micrometer", x: "micrometer" } }).plot()`,
	);
	await page.click(`${cell} [data-part=run]`);
	await untilState(page, id, "done", "failed");
	expect(await stateOf(page, id), await outputOf(page, id)).toBe("done");
	const column = () =>
		page.$$eval(`${cell} .cw-table tbody td:last-child`, (all) => all.map((td) => td.textContent));
	expect(await column()).toEqual(["2", "1", "3"]);
	await press(page, `${cell} .cw-table`, "n");
	expect(await column()).toEqual(["1", "2", "3"]);
	expect(
		await page.$eval(
			`${cell} .cw-markup > div`,
			(box) => box.shadowRoot?.querySelectorAll("svg path").length,
		),
	).toBeGreaterThan(0);
	expect(await page.$$eval(`${cell} .cw-chart path.cw-chart-line`, (all) => all.length)).toBe(1);
	const pane = await page.$(`${cell} [role=application]`);
	await pane?.scrollIntoView();
	const box = await pane?.boundingBox();
	if (!box) throw new Error("no picture");
	await page.mouse.move(box.x + (box.width * 5.5) / 40, box.y + (box.height * 3.5) / 30);
	await untilText(page, `${cell} .cw-picture-readout`, "y 1.5 µm, x 2.5 µm (row 3, column 5): 125");
});

test("12: Firefox: editor types: squiggles, completion and hover know the cells above", async ({ site }) => {
	await page.goto(site.url + lessonPath);
	await typeInto(page, "download", "const sample = { rows: 3 };");
	await typeInto(page, "metadata", "const itkImage: string = sample.rows;");
	await page.waitForSelector("#cell-metadata .squiggly-error", { timeout: 90_000 });
	await untilText(page, "#cell-metadata .cw-problems", "Type 'number' is not assignable to type 'string'");
	await page.keyboard.type("\nsample.");
	await untilText(page, ".suggest-widget.visible", "rows");
	await page.keyboard.press("Escape");
	const name = await page.waitForFunction(() =>
		[...document.querySelectorAll("#cell-metadata .view-line span > span")].find((span) =>
			span.textContent?.includes("itkImage"),
		),
	);
	await (name as unknown as { hover(): Promise<void> }).hover();
	await untilText(page, ".monaco-hover:not(.hidden)", "const itkImage: string");
});

test("12: Firefox: what was typed is there after a reload, and what was run is counted", async ({ site }) => {
	await page.goto(site.url + lessonPath);
	expect(await runCode(page, id, "6 * 7 // mine")).toBe("42");
	await page.reload();
	await untilText(page, `${cell} [data-part=code]`, "6 * 7 // mine");
	await page.click(`${cell} [data-part=run]`);
	await untilState(page, id, "done", "failed");
	expect(await outputOf(page, id)).toBe("42");
	await page.goto(`${site.url}progress/`);
	const { cells } = (await lessons()).find(({ name }) => name === `${lessonName}.mdx`) as LessonFile;
	const shown = cells.filter(({ check }) => check === undefined).length;
	await untilText(page, `li[data-lesson="${lessonName}"]`, `1 of ${shown} cells run`);
});

test("12: Firefox: an exercise and a question", async ({ site }) => {
	await page.goto(site.url + guide);
	const said = "#cell-tile-count .cw-verdict";
	await page.click("#cell-tile-count [data-part=run]");
	await untilText(page, said, "There is still a blank in line 2.");
	await runCode(page, "tile-count", "const chunksTouched = () => 3;");
	await untilText(page, said, "the number of chunks should be 1, but it is 3");
	await runCode(
		page,
		"tile-count",
		"const chunksTouched = (a: number, b: number, c: number) => Math.ceil(b / c) - Math.floor(a / c);",
	);
	await untilText(page, said, "Right.");
	await page.click("#quiz-edge input[value='0']");
	await page.click("#quiz-edge [type=submit]");
	await untilText(page, "#quiz-edge [data-part=status]", "Not yet. Choose again.");
	await page.click("#quiz-edge input[value='1']");
	await page.keyboard.press("Enter");
	await untilText(page, "#quiz-edge [data-part=status]", "Right.");
});

test("12: Firefox: code from a link is shown, taken when asked, and run when asked", async ({ site }) => {
	const packed = deflateRawSync(JSON.stringify({ l: lessonName, c: { [id]: "6 * 7" } })).toString(
		"base64url",
	);
	await page.goto(`${site.url}${lessonPath}#code=1d.${packed}`);
	await untilText(page, ".cw-link-banner", "It has not been run");
	await press(page, cell, "Take it");
	await untilText(page, `${cell} [data-part=code]`, "6 * 7");
	expect(await stateOf(page, id)).toBe("idle");
	await page.click(`${cell} [data-part=run]`);
	await untilState(page, id, "done", "failed");
	expect(await outputOf(page, id)).toBe("42");
});

test("12: Firefox: the playground: two cells, run and kept", async ({ site }) => {
	await page.goto(`${site.url}playground/`);
	const nth = (at: number) => `chunkwise-playground chunkwise-cell:nth-of-type(${at})`;
	const write = async (at: number, source: string) => {
		await page.waitForSelector(`${nth(at)} [data-part=code]`);
		await page.focus(`${nth(at)} [data-part=code]`);
		await page.keyboard.press("Enter");
		await page.waitForSelector(`${nth(at)} .monaco-editor .view-line`);
		await page.keyboard.type(source);
	};
	await write(1, "const a = 20;");
	await press(page, "chunkwise-playground", "Add a cell");
	await write(2, "a + 22");
	await page.click(`${nth(2)} [data-part=run]`);
	await untilText(page, `${nth(2)} [data-part=output]`, "42");
	await page.reload();
	await untilText(page, `${nth(1)} [data-part=code]`, "const a = 20;");
	await untilText(page, `${nth(2)} [data-part=code]`, "a + 22");
});

test("12: Firefox: the figures answer to keys", async ({ site }) => {
	await page.goto(site.url);
	const viewport = "cw-figure[data-figure=viewport]";
	await page.waitForSelector(`${viewport}[data-ready]`);
	await untilText(page, `${viewport} .cw-fig-counter`, "in scale0");
	await page.focus(`${viewport} .cw-fig-port`);
	await page.keyboard.press("0");
	await untilText(page, `${viewport} .cw-fig-counter`, "6 of 6 chunks in scale2");
	await page.goto(`${site.url}lessons/cloud-storage/`);
	const storage = "cw-figure[data-figure=storage-comparison]";
	await page.$eval(storage, (figure) => figure.scrollIntoView());
	// The figure is loaded when the reader comes to it, here by keys.
	await page.focus(`${storage} [data-value=read]`);
	await page.waitForSelector(`${storage}[data-ready]`);
	const before = await page.$eval(`${storage} .cw-fig-status`, (status) => status.textContent);
	await page.keyboard.press("Enter");
	await page.waitForFunction(
		(where: string, was: string | null) => document.querySelector(where)?.textContent !== was,
		{ timeout: 30_000 },
		`${storage} .cw-fig-status`,
		before,
	);
});

test("12: Firefox: with storage blocked in its settings the page works and says that nothing is kept", async ({
	site,
}) => {
	const other = await openFirefox(firefox as string, { "network.cookie.cookieBehavior": 2 });
	try {
		const private_ = await other.newPage();
		private_.on("pageerror", (error) => errors.push(String(error)));
		await private_.goto(site.url + lessonPath);
		expect(await runCode(private_, id, "6 * 7")).toBe("42");
		await untilText(private_, ".cw-work-trouble", "does not let the site keep anything");
		await private_.select("starlight-theme-select select", "light");
		expect(await private_.$eval("html", (html) => (html as HTMLElement).dataset.theme)).toBe("light");
	} finally {
		await other.close();
	}
});
