/** The figures in a browser: static first, alive when near, by mouse, keys and touch, without moving what is around. */
import type { Locator, Page } from "playwright/test";
import { expect, test } from "./site.ts";

/** Where files and objects stand side by side. */
const storageLesson = "lessons/cloud-storage/";

const figure = (page: Page, name: string): Locator => page.locator(`cw-figure[data-figure="${name}"]`);

/** A figure's text with every kind of space as a plain one. */
async function said(place: Locator): Promise<string> {
	return ((await place.textContent()) ?? "").replace(/\s+/g, " ").trim();
}

async function awake(page: Page, name: string): Promise<Locator> {
	const found = figure(page, name);
	await found.scrollIntoViewIfNeeded();
	if ((await found.getAttribute("data-live")) === "intent") await found.hover({ position: { x: 4, y: 4 } });
	await expect(found).toHaveAttribute("data-ready", "", { timeout: 30_000 });
	return found;
}

test("a figure is loaded when it nears the screen or is pointed at, and keeps its size", async ({
	page,
	site,
	browser,
}) => {
	const still = await browser.newPage({ javaScriptEnabled: false });
	const height = async (of: Page, name: string) => (await figure(of, name).boundingBox())?.height ?? 0;
	await still.goto(site.url + storageLesson);
	const before = await height(still, "storage-comparison");
	expect(before).toBeGreaterThan(300);

	const scripts: string[] = [];
	page.on("request", (request) => {
		if (request.resourceType() === "script") scripts.push(request.url());
	});
	await page.goto(site.url + storageLesson);
	await page.waitForLoadState("networkidle");
	await expect(figure(page, "storage-comparison")).not.toHaveAttribute("data-ready");
	const early = scripts.length;
	await awake(page, "storage-comparison");
	expect(scripts.length).toBeGreaterThan(early);
	// Controls that need a script are hidden without one; everything else has its place from the start.
	const controls = await figure(page, "storage-comparison").evaluate((host) =>
		[...host.querySelectorAll(".cw-fig-form > .cw-fig-controls")].reduce((sum, element) => {
			const { marginTop, marginBottom } = getComputedStyle(element);
			return (
				sum +
				element.getBoundingClientRect().height +
				Number.parseFloat(marginTop) +
				Number.parseFloat(marginBottom)
			);
		}, 0),
	);
	expect(Math.abs((await height(page, "storage-comparison")) - controls - before)).toBeLessThan(2);
	await still.goto(site.url);
	const landing = await height(still, "viewport");
	await still.close();
	await page.goto(site.url);
	await awake(page, "viewport");
	expect(Math.abs((await height(page, "viewport")) - landing)).toBeLessThan(2);
});

test("figures say the same in words without a script", async ({ site, browser }) => {
	const page = await browser.newPage({ javaScriptEnabled: false });
	await page.goto(site.url);
	expect(await said(figure(page, "viewport").locator(".cw-fig-summary"))).toContain("synthetic");
	await expect(figure(page, "viewport").locator("tbody tr")).toHaveCount(4);
	await page.goto(site.url + storageLesson);
	expect(await said(figure(page, "storage-comparison").locator(".cw-fig-status"))).toContain("147 requests");
	await page.close();
});

test.describe("viewport", () => {
	test("asks for the chunks under the window, from the level that suits the zoom", async ({ page, site }) => {
		await page.goto(site.url);
		const host = await awake(page, "viewport");
		const counter = host.locator(".cw-fig-counter");
		// The opening ends at the finest level.
		await expect(counter).toContainText("of 72 chunks in scale0");
		const port = host.locator(".cw-fig-port");
		await port.focus();
		await page.keyboard.press("0");
		await expect(counter).toContainText("6 of 6 chunks in scale2");
		await expect(host.locator('.cw-fig-cell[data-id^="2/"].cw-fig-cached')).toHaveCount(6);
		await page.keyboard.press("Escape");
		await expect(counter).toContainText("in scale0");
		await expect(host.locator(".cw-fig-needed.cw-fig-cached").first()).toBeVisible();
		await expect(host.locator(".cw-fig-status")).toHaveText(/^scale0: \d+ of 72 chunks, /);
	});

	test("follows mouse and keys", async ({ page, site }) => {
		await page.emulateMedia({ reducedMotion: "reduce" });
		await page.goto(site.url);
		const host = await awake(page, "viewport");
		const frame = host.locator(".cw-fig-window");
		const port = host.locator(".cw-fig-port");
		const at = async () => Number(await frame.getAttribute("x"));
		await expect.poll(at).toBeGreaterThan(0);
		const start = await at();
		await port.focus();
		await page.keyboard.press("ArrowRight");
		await expect.poll(at).toBeGreaterThan(start);
		const moved = await at();
		const box = await port.boundingBox();
		if (!box) throw new Error("the window has no place");
		await page.mouse.move(box.x + 200, box.y + 150);
		await page.mouse.down();
		await page.mouse.move(box.x + 320, box.y + 150, { steps: 4 });
		await page.mouse.up();
		await expect.poll(at).toBeLessThan(moved);
		await expect(host.locator(".cw-fig-key")).toHaveText(/^scale0\/image\/c\/\d\/\d+$/);
		await expect(host.locator(".cw-fig-counter")).toContainText("in scale0");
		await host.getByRole("button", { name: "Zoom out" }).click({ clickCount: 2 });
		await expect(host.locator(".cw-fig-counter")).toContainText("in scale1");
	});

	test("leaves the page its wheel", async ({ page, site }) => {
		await page.setViewportSize({ width: 1280, height: 600 });
		await page.goto(site.url);
		const host = await awake(page, "viewport");
		const box = await host.locator(".cw-fig-port").boundingBox();
		if (!box) throw new Error("the window has no place");
		await page.mouse.move(box.x + 100, box.y + 100);
		await page.mouse.wheel(0, 300);
		await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
	});
});

test("the chunk grid of a cell's array can be sliced and walked through", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.run("chunk-grid", 100_000);
	const host = lesson.output("chunk-grid").locator('[data-figure="chunk-grid"]');
	await expect(host).toHaveAttribute("data-ready", "");
	const reading = (name: string) => host.locator(`[data-reading="${name}"] dd`);
	await expect(reading("touched")).toHaveText("24 of 72");
	expect(await said(reading("needed"))).toBe("150.30 KiB");
	expect(await said(reading("read"))).toBe("12.00 MiB");

	await host.getByRole("radio", { name: "y", exact: true }).check({ force: true });
	await expect(reading("touched")).toHaveText("18 of 72");
	await host.getByRole("slider").focus();
	await lesson.page.keyboard.press("Home");
	await expect(host.locator(".cw-fig-status")).toContainText("y = 0 touches 18 of 72");
	await host.getByRole("radio", { name: "all", exact: true }).check({ force: true });
	await expect(reading("touched")).toHaveText("72 of 72");

	await host.getByRole("radio", { name: "z", exact: true }).check({ force: true });
	await host.locator(".cw-fig-canvas").focus();
	const { page } = lesson;
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("End");
	await page.keyboard.press("ArrowDown");
	await expect(reading("coords")).toHaveText(/^\(\d, 1, 5\)$/);
	await page.keyboard.press("PageUp");
	await page.keyboard.press("PageUp");
	await page.keyboard.press("Enter");
	await expect(reading("key")).toHaveText("scale0/image/c/2/1/5");
	await expect(host.locator("output").filter({ visible: true })).toHaveText("128");
	await page.keyboard.press("Escape");
	await expect(reading("key")).toHaveText("point at a chunk");

	const lit = host.locator(".cw-fig-box.cw-fig-hit").first();
	await lit.locator("path").first().hover({ force: true });
	await expect(reading("key")).toHaveText(/^scale0\/image\/c\//);
});

for (const width of [360, 1280]) {
	test(`figures fit ${width} px, with letters one can read`, async ({ page, site }) => {
		await page.setViewportSize({ width, height: 800 });
		for (const [path, name] of [
			["", "viewport"],
			[storageLesson, "storage-comparison"],
		]) {
			await page.goto(site.url + path);
			const host = await awake(page, name);
			expect(await host.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(
				0,
			);
			const small = await host.evaluate((element) =>
				[...element.querySelectorAll("*")]
					.filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent?.trim()))
					.filter((e) => Number.parseFloat(getComputedStyle(e).fontSize) < 12)
					.map((e) => e.outerHTML.slice(0, 80)),
			);
			expect(small).toEqual([]);
		}
	});
}
