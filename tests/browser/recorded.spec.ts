/**
 * Outputs recorded by the author: on the static page, marked, gone when a cell has something of its own to show. That they
 * still hold is shown by lessons.spec.ts.
 */
import type { Locator } from "playwright/test";
import { takeOutput } from "../../scripts/recording/recorder.ts";
import { checkMarkup } from "../../src/authoring/recorded/markup.ts";
import { recordable } from "../../src/authoring/recorded/record.ts";
import { type LessonFile, lessons } from "../support/lessons.ts";
import { expect, type Lesson, test } from "./site.ts";

const guide = "guide/elements/";

const recordedOf = (lesson: Lesson, id: string): Locator => lesson.cell(id).locator("[data-part=recorded]");

test.describe("without a script", () => {
	test.use({ javaScriptEnabled: false });

	test("text, tables, pictures and figures are shown, marked as recorded, with the day and the sample", async ({
		lesson,
	}) => {
		await lesson.open();
		await expect(recordedOf(lesson, "spatial-image")).toContainText("(z: 129, y: 212, x: 363)");
		await expect(recordedOf(lesson, "multiscale").locator("tbody tr")).toHaveCount(3);
		await expect(recordedOf(lesson, "is-spatial-image").locator("pre")).toHaveText("true");
		await expect(recordedOf(lesson, "root-document")).toContainText("multiscales");
		await expect(recordedOf(lesson, "chunk-grid").locator("svg").first()).toBeVisible();
		await expect(recordedOf(lesson, "chunk-grid").locator("input, button")).toHaveCount(0);
		const ids = recordable(
			(await lessons()).find(({ name }) => name.includes("tiff-to-ome-zarr")) as LessonFile,
		);
		expect(ids.length).toBeGreaterThan(20);
		for (const { id } of ids) {
			await expect(recordedOf(lesson, id)).toBeVisible();
			// One cell makes its own image.
			const sample = id === "ome-tiff" ? "" : "\\s+with the synthetic phantom";
			await expect(recordedOf(lesson, id).locator(".cw-recorded-mark")).toHaveText(
				new RegExp(`^\\s*Recorded\\s+\\d+ \\w+ 20\\d\\d${sample}\\s*$`),
				{ useInnerText: true },
			);
		}
	});

	test("pictures are files of the site with words, and keep their place before they have come", async ({
		lesson,
	}) => {
		await lesson.page.route("**/*.webp", (route) => route.abort());
		await lesson.open();
		const image = recordedOf(lesson, "slice-z").locator("img:visible");
		await expect(image).toHaveAttribute("alt", /212 rows down.*363 columns across/);
		await image.scrollIntoViewIfNeeded();
		const before = await image.boundingBox();
		await lesson.page.unroute("**/*.webp");
		await lesson.page.reload();
		await image.scrollIntoViewIfNeeded();
		await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(363);
		const after = await image.boundingBox();
		expect([after?.width, after?.height]).toEqual([before?.width, before?.height]);
		expect(await image.evaluate((img: HTMLImageElement) => img.currentSrc)).toMatch(
			/^http.*\/_astro\/.*\.webp$/,
		);
	});

	test("an exercise and a cell that is to be predicted show none", async ({ lesson }) => {
		await lesson.open();
		for (const id of ["rechunk", "slice-cost", "write", "by-place"])
			await expect(recordedOf(lesson, id)).toHaveCount(0);
		await lesson.open({}, guide);
		await expect(recordedOf(lesson, "shape")).toContainText("Recorded");
		await expect(recordedOf(lesson, "shape")).not.toContainText("phantom");
		for (const id of ["count", "first-difference", "tile-count"])
			await expect(recordedOf(lesson, id)).toHaveCount(0);
	});
});

test("on paper they stand with their mark, as wide as the page", async ({ lesson }) => {
	const { page } = lesson;
	await lesson.open();
	await page.emulateMedia({ media: "print" });
	await page.setViewportSize({ width: 650, height: 900 });
	for (const id of ["spatial-image", "slice-z", "chunk-grid"]) {
		await expect(recordedOf(lesson, id)).toBeVisible();
		await expect(recordedOf(lesson, id).locator(".cw-recorded-mark")).toBeVisible();
	}
	expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test("a run puts its own output in their place; a restart brings them back", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await expect(recordedOf(lesson, "slice-z")).toBeVisible();
	await lesson.run("slice-z");
	await expect(recordedOf(lesson, "slice-z")).toBeHidden();
	await expect(lesson.output("slice-z").locator("canvas")).toBeVisible();
	// Run first, because it is needed.
	await expect(recordedOf(lesson, "spatial-image")).toBeHidden();
	await expect(recordedOf(lesson, "slice-x")).toBeVisible();
	await lesson.page.getByRole("button", { name: "Restart" }).click();
	await lesson.expectState("slice-z", "idle");
	await expect(recordedOf(lesson, "slice-z")).toBeVisible();
});

test("under code of the reader’s own there is none, and what depends on it is said to be the author’s", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	const said = recordedOf(lesson, "metadata").locator(".cw-recorded-author");
	await expect(said).toBeHidden();
	await lesson.type("download", "const sample = 1;");
	await expect(recordedOf(lesson, "download")).toBeHidden();
	await expect(said).toBeVisible();
	await lesson.page.waitForTimeout(400);
	// Kept work, before anything has been touched.
	await lesson.page.reload();
	await expect(recordedOf(lesson, "download")).toBeHidden();
	await expect(said).toBeVisible();
	await lesson.cell("download").locator("[data-part=run]").hover();
	await lesson.page.getByRole("button", { name: "Put back the original code" }).click();
	await expect(recordedOf(lesson, "download")).toBeVisible();
	await expect(said).toBeHidden();
});

test("every kind of display is recorded as markup that can neither run nor load, without its controls", async ({
	lesson,
	browser,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"attribute-keys",
		`import * as Plot from "@observablehq/plot";
import { toSpatialImage } from "chunkwise";
console.log("1 < 2 & \\"3\\"");
display(Array.from({ length: 130 }, (_, i) => ({ name: "row " + i, value: i })));
display(Array.from({ length: 300 }, (_, i) => "line " + i).join("\\n"));
display({ deep: Array.from({ length: 130 }, (_, i) => ({ i, more: { a: [1, { b: 2 }] } })) });
display(Uint8Array.from({ length: 300 }, (_, i) => i));
display(Float64Array.from({ length: 500 }, (_, i) => Math.sin(i / 20)));
display(Plot.lineY([1, 3, 2]).plot());
const data = Uint16Array.from({ length: 3 * 20 * 30 }, (_, i) => (i * 37) % 900);
display(toSpatialImage({ data, shape: [3, 20, 30], dims: ["z", "y", "x"] }).plot());
image.sel({ z: 100 }).plot()`,
	);
	await lesson.run("attribute-keys");
	await expect(lesson.output("attribute-keys").locator("canvas")).toHaveCount(2);
	await expect(lesson.output("attribute-keys").locator(".cw-markup > div")).toHaveCount(1);
	const { html, pictures } = await takeOutput(lesson.page, "attribute-keys");
	expect(checkMarkup(html).sort()).toEqual([...Object.keys(pictures), ...Object.keys(pictures)].sort());
	expect(html).toContain("1 &lt; 2 &amp;");
	expect(html).toContain("Run the cell to show all 130 rows.");
	expect(html).toContain("line 199");
	expect(html).not.toContain("line 200");
	expect(html).toMatch(/<template shadowrootmode="open"><style>[^<]+<\/style><svg /);
	expect(html).toMatch(/Shown is z index/);
	// Shown by itself it draws, and asks for nothing.
	const page = await browser.newPage();
	const asked: string[] = [];
	page.on("request", (request) => {
		if (!request.url().startsWith("data:")) asked.push(request.url());
	});
	await page.route("http://site/**", (route) => {
		const shown = html.replace(/src="([^"]+)"/g, (_, name) => `src="${pictures[name]}"`);
		return route.fulfill({
			contentType: "text/html",
			body: `<!doctype html><meta charset="utf-8"><body>${shown}`,
		});
	});
	await page.goto("http://site/");
	await expect(page.locator("button, input, select, output")).toHaveCount(0);
	await expect(page.locator("svg[class^=plot] path").first()).toBeAttached();
	const image = page.locator("img").first();
	await image.scrollIntoViewIfNeeded();
	await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(30);
	expect(asked).toEqual(["http://site/"]);
	await page.close();
});
