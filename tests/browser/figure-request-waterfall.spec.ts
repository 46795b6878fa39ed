/** The request waterfall in a browser: as recorded, over other lines, a stretch of the time, a filter. */
import type { Locator, Page } from "playwright/test";
import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

const path = "guide/figures/";

async function awake(page: Page, url: string): Promise<Locator> {
	await page.goto(url + path);
	const found = page.locator('cw-figure[data-figure="request-waterfall"]').first();
	await found.scrollIntoViewIfNeeded();
	await found.hover();
	await expect(found).toHaveAttribute("data-ready", "");
	return found;
}

const said = async (place: Locator) => ((await place.textContent()) ?? "").replace(/\s+/g, " ").trim();

/** The share of the width at which each bar ends, in the order of the rows. */
const ends = (figure: Locator) =>
	figure.locator(".cw-request-track .cw-request-bar").evaluateAll((bars) =>
		// A row can be drawn anew between the look for it and the look at it.
		bars
			.filter((bar) => bar.isConnected)
			.map((bar) => {
				const track = (bar.parentElement as HTMLElement).getBoundingClientRect();
				return (bar.getBoundingClientRect().right - track.left) / track.width;
			}),
	);

test("bars move to another line, and the words say the same numbers", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	const rows = await figure.locator(".cw-request").count();
	expect(rows).toBeGreaterThan(15);
	expect(await said(figure.locator(".cw-fig-summary"))).toContain(`${rows} requests`);
	const before = await ends(figure);
	await figure.getByRole("radio", { name: "4G" }).check();
	await expect(figure.locator(".cw-fig-status")).toContainText("Computed, not measured");
	// The bars glide: in the end the last one reaches the end of the time.
	await expect.poll(async () => Math.max(...(await ends(figure)))).toBeGreaterThan(0.98);
	expect(await ends(figure)).not.toEqual(before);
	const time = await said(figure.locator("[data-of=time] .cw-fall-bar b").first());
	expect(await said(figure.locator(".cw-fig-status"))).toContain(`at once: ${time}.`);
	const row = figure.locator(".cw-fig-twin tbody tr", { hasText: "4G" });
	expect(await said(row.locator("td").first())).toBe(time);
	expect(await said(figure.locator(".cw-request-more").first())).toContain("computed:");
});

test("cache and network are told apart, and every line takes its own time", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	const bars = (look: string) => figure.locator(`.cw-request .cw-request-bar[data-look="${look}"]`);
	expect(await bars("network").count()).toBeGreaterThan(5);
	const kept = await bars("cache").count();
	expect(kept).toBeGreaterThan(0);
	await expect(figure.locator(".cw-fall-legend")).toContainText("cache");
	await figure.getByRole("searchbox").fill("cache");
	await expect(figure.locator(".cw-request")).toHaveCount(kept);
	await expect(figure.locator(".cw-fall-shown")).toContainText(/\b0.B moved/);
	await figure.getByRole("searchbox").fill("");
	const times: number[] = [];
	for (const name of ["localhost", "lab", "home", "4G", "conference"]) {
		await figure.locator(`input[type=radio][value="${name}"]`).check();
		const time = figure.locator("[data-of=time] .cw-fall-bar b");
		const [these, all] = (await time.allTextContents()).map((text) => {
			const [, minutes = "0", number, unit] = /(?:(\d+).min.)?([\d.]+).(ms|s)$/.exec(text) ?? [];
			return Number(minutes) * 60_000 + Number(number) * (unit === "s" ? 1000 : 1);
		});
		expect(these).toBeGreaterThan(times.at(-1) ?? 0);
		times.push(these);
		// The whole file is larger: over a slow line it takes longer.
		if (name === "conference") expect(all).toBeGreaterThan(these);
	}
	const [small, large] = await figure.locator("[data-of=bytes] .cw-fall-bar b").allTextContents();
	expect(await said(figure.locator(".cw-fig-summary"))).toContain(small.replace(/\s+/g, " "));
	expect(large).toContain("MiB");
});

test("by keys: a line of one's own, a stretch of the time, and back", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	const all = await figure.locator(".cw-request").count();
	await figure.getByLabel("Latency").focus();
	await page.keyboard.press("End");
	await expect(figure.getByRole("radio", { name: "your own" })).toBeChecked();
	await expect(figure.locator(".cw-fig-status")).toContainText("1000 ms");
	await figure.getByLabel("from", { exact: true }).focus();
	for (let i = 0; i < 8; i++) await page.keyboard.press("PageUp");
	await expect(figure.locator(".cw-fall-shown")).toContainText(" of ");
	expect(await figure.locator(".cw-request").count()).toBeLessThan(all);
	// The mark on the overview goes along with the sliders.
	const marked = figure.locator(".cw-fall-brush .selection");
	expect(Number(await marked.getAttribute("x"))).toBeGreaterThan(20);
	await figure.getByRole("button", { name: "All of the time" }).press("Enter");
	await expect(marked).toBeHidden();
	await expect(figure.locator(".cw-request")).toHaveCount(all);
	await expect(figure.getByLabel("from", { exact: true })).toBeFocused();
});

test("a stretch is drawn with the pointer, and the filter finds by words", async ({ page, site }) => {
	const figure = await awake(page, site.url);
	const all = await figure.locator(".cw-request").count();
	const strip = await figure.locator(".cw-fall-overview").boundingBox();
	if (!strip) throw new Error("no overview");
	await page.mouse.move(strip.x + 2, strip.y + 20);
	await page.mouse.down();
	await page.mouse.move(strip.x + strip.width * 0.3, strip.y + 20, { steps: 5 });
	await page.mouse.up();
	expect(await figure.locator(".cw-request").count()).toBeLessThan(all);
	expect(Number(await figure.getByLabel("to", { exact: true }).inputValue())).toBeGreaterThan(50);
	expect(Number(await figure.getByLabel("to", { exact: true }).inputValue())).toBeLessThan(70);
	await figure.getByRole("button", { name: "All of the time" }).click();
	await figure.getByRole("searchbox").fill("scale2 chunk");
	await expect(figure.locator(".cw-request")).toHaveCount(1);
	await expect(figure.locator(".cw-fall-shown")).toContainText(`1 of ${all} requests`);
	await figure.getByRole("searchbox").fill("nothing of the kind");
	await expect(figure.locator(".cw-fall-shown")).toContainText("No request");
});

for (const theme of ["light", "dark"] as const) {
	test(`a phone in ${theme}: nothing overflows, nothing is out of reach`, async ({ page, site }) => {
		await page.setViewportSize({ width: 360, height: 740 });
		await page.addInitScript((chosen) => localStorage.setItem("starlight-theme", chosen), theme);
		const figure = await awake(page, site.url);
		await figure.getByRole("radio", { name: "4G" }).check();
		await expect(figure.locator(".cw-fig-status")).toContainText("Computed");
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
		// Findings of other figures on this page are theirs.
		const found = await violations(page);
		expect(JSON.stringify(found.filter((v) => JSON.stringify(v).includes("cw-fall")))).toBe("[]");
	});
}
