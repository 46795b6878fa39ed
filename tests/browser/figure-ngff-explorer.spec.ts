/** The metadata explorer in a browser: lines and drawings lead to each other, edits and mistakes are found. */
import type { Locator, Page } from "playwright/test";
import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

const path = "guide/figures/";

async function awake(page: Page, url: string): Promise<Locator> {
	await page.goto(url + path);
	const found = page.locator('cw-figure[data-figure="ngff-explorer"]').first();
	await found.scrollIntoViewIfNeeded();
	await found.hover();
	await expect(found).toHaveAttribute("data-ready", "");
	return found;
}

test("by keys: lines are explained and light what they draw", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	const current = figure.locator(".cw-ngff-line[aria-current]");
	await current.focus();
	await expect(figure.locator(".cw-ngff-meaning")).toContainText("slowest first: c, z, y, x");
	await expect(figure.locator(".cw-ngff-axes [data-lit]")).toHaveCount(4);
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowDown");
	await expect(current).toBeFocused();
	await expect(current).toContainText('"z"');
	await expect(figure.locator(".cw-ngff-axes [data-lit]")).toHaveText(/z.*µm/);
	await page.keyboard.press("End");
	await expect(figure.locator(".cw-ngff-meaning")).toContainText("OMERO");
	await expect(figure.locator('.cw-ngff-line[tabindex="0"]')).toHaveCount(1);
});

test("transforms and windows: what they mean, and what they draw", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	const line = (words: string) => figure.locator(".cw-ngff-line").filter({ hasText: words }).first();
	const meaning = figure.locator(".cw-ngff-meaning");
	await line('"scale"').click();
	await expect(meaning).toContainText(/size|distance|apart/i);
	await line('"translation"').click();
	await expect(meaning).toContainText("so that the levels lie on each other");
	await line('"window"').click();
	await expect(meaning).toContainText(/intensit|black|drawn/i);
	const ramp = figure.locator(".cw-ngff-ramp > i").first();
	const share = () => ramp.evaluate((bar) => bar.getBoundingClientRect().width);
	const before = await share();
	await figure.getByLabel("Edit the text").check();
	const area = figure.getByLabel("Metadata as JSON");
	const text = await area.inputValue();
	const end = Number(/"end": (\d+)/.exec(text)?.[1]);
	await area.fill(text.replace(`"end": ${end}`, `"end": ${Math.round(end / 2)}`));
	await expect.poll(share).toBeLessThan(0.7 * before);
});

test("a part of the drawing leads to its line, in the text and in the editor", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	const actin = figure.locator(".cw-ngff-channels").getByRole("button", { name: /Actin/ });
	await actin.scrollIntoViewIfNeeded();
	const y = await page.evaluate(() => scrollY);
	await actin.click();
	await expect(figure.locator(".cw-ngff-line[aria-current]")).toBeInViewport();
	await expect(figure.locator(".cw-ngff-meaning")).toContainText("/omero/channels/1");
	expect(await page.evaluate(() => scrollY)).toBe(y);
	await figure.getByLabel("Edit the text").check();
	await figure.getByRole("button", { name: /^z/ }).click();
	const selected = await figure
		.locator("textarea")
		.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd));
	expect(JSON.parse(selected)).toMatchObject({ name: "z", type: "space" });
});

test("an edit changes findings and drawing, and what is no JSON says where", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	const verdict = figure.locator(".cw-ngff-verdict");
	await expect(verdict).toHaveText("Valid by OME-NGFF 0.5");
	await figure.getByLabel("Edit the text").check();
	const area = figure.getByLabel("Metadata as JSON");
	const text = await area.inputValue();
	await area.fill(text.replace('"unit": "micrometer"', '"unit": "um"').replace('"DAPI"', '"Hoechst"'));
	await expect(verdict).toHaveText("1 warning, by OME-NGFF 0.5");
	await expect(figure.locator(".cw-ngff-channels")).toContainText("Hoechst");
	await expect(figure.locator(".cw-fig-status")).toContainText("none of those for space");
	await figure.locator(".cw-ngff-found").getByRole("button", { name: /^Line/ }).click();
	expect(
		await area.evaluate((a: HTMLTextAreaElement) => a.value.slice(a.selectionStart, a.selectionEnd)),
	).toBe('"unit": "um"');
	await figure.getByLabel("Edit the text").uncheck();
	await expect(figure.locator('.cw-ngff-lines li[data-worst="warning"]')).toContainText("micrometer");
	await figure.getByLabel("Edit the text").check();
	await area.fill(text.replace(",", ""));
	await expect(verdict).toHaveText("Not read");
	await expect(figure.locator(".cw-ngff-found")).toContainText("Line 3, column 3");
	await figure.getByRole("button", { name: "As it was" }).click();
	await expect(verdict).toHaveText("Valid by OME-NGFF 0.5");
});

test("a mistake is shown where it is", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	await figure.getByLabel("Make a mistake").selectOption("color-hash");
	await expect(figure.locator(".cw-ngff-verdict")).toContainText("warning");
	const found = figure.locator(".cw-ngff-lines .cw-ngff-finding");
	await expect(found).toContainText("six hexadecimal digits");
	await expect(figure.locator("li:has(.cw-ngff-finding) > .cw-ngff-line")).toHaveAttribute(
		"aria-current",
		"true",
	);
	await figure.getByLabel("Make a mistake").selectOption("scale-missing");
	await expect(figure.locator(".cw-ngff-verdict")).toContainText("1 error");
	// The level without a size is no longer drawn.
	await expect(figure.locator("rect.cw-ngff-level")).toHaveCount(2);
	await expect(figure.locator(".cw-fig-twin tbody")).toContainText("not said");
});

test("to scale: the first elements, and the whole image", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	const width = (level: number) =>
		figure.locator(`rect[data-level="${level}"]`).evaluate((rect) => rect.getBoundingClientRect().width);
	expect((await width(2)) / (await width(0))).toBeGreaterThan(6);
	await figure.getByRole("radio", { name: "whole image" }).check();
	expect((await width(2)) / (await width(0))).toBeGreaterThan(0.97);
	await figure.getByRole("radio", { name: "z, x" }).check();
	await expect(figure.locator(".cw-ngff-directions")).toContainText("z down");
});

test("five versions are side by side, of the text as it is", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	await figure.getByLabel("Edit the text").check();
	const area = figure.getByLabel("Metadata as JSON");
	await area.fill((await area.inputValue()).replaceAll('"DAPI"', '"Hoechst"'));
	await figure.getByText("The same image in versions").click();
	await expect(figure.locator(".cw-ngff-edition")).toHaveCount(5);
	await expect(figure.locator('[data-version="0.1"] pre')).toContainText("Hoechst");
	await expect(figure.locator('[data-version="0.3"] .cw-ngff-lost')).toContainText("units");
	await expect(figure.locator('[data-version="0.5"] [data-added]').first()).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
	test(`a phone in ${theme}: nothing overflows, nothing is out of reach`, async ({ page, site }) => {
		await page.setViewportSize({ width: 360, height: 740 });
		await page.addInitScript((chosen) => localStorage.setItem("starlight-theme", chosen), theme);
		const figure = await awake(page, site.url);
		await figure.getByLabel("Make a mistake").selectOption("axes-reversed");
		await figure.getByText("The same image in versions").click();
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
		// Findings of other figures on this page are theirs.
		const found = await violations(page);
		expect(JSON.stringify(found.filter((v) => JSON.stringify(v).includes("cw-ngff")))).toBe("[]");
	});
}
