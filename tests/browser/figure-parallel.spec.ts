/** Parallel work and two writers in a browser: real workers, what they did and what they lost. */
import type { Locator, Page } from "playwright/test";
import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

const gallery = "guide/figures/";
const figure = (page: Page, name: string): Locator =>
	page.locator(`cw-figure[data-figure="${name}"]`).first();

test.describe("parallel work", () => {
	test("runs the graph with real workers, and compares with one", async ({ page, site }) => {
		test.setTimeout(180_000);
		await page.goto(site.url + gallery);
		const host = figure(page, "parallel-work");
		await host.scrollIntoViewIfNeeded();
		// Bars and done tasks, as the page changes while the graph runs.
		await host.evaluate((element) => {
			const seen: number[] = [];
			Object.assign(window, { seen });
			new MutationObserver(() => {
				if (!("running" in element.dataset)) return;
				const done = element.querySelectorAll('.cw-fig-task[data-state="done"]').length;
				const bars = element.querySelectorAll(".cw-fig-lane .cw-fig-encode").length;
				if (done > 0 && done < 37 && bars > 0 && bars < 37) seen.push(bars);
			}).observe(element, { subtree: true, childList: true, attributes: true });
		});
		// Pressed before the script is there: nothing is lost.
		await host.getByRole("button", { name: "Run" }).click();
		await expect(host).toHaveAttribute("data-ready", "");
		await expect(host).toHaveAttribute("data-running", "");
		await expect(host).not.toHaveAttribute("data-running", { timeout: 120_000 });
		await expect(host.locator('.cw-fig-task[data-task][data-state="done"]')).toHaveCount(37);
		await expect(host.locator('[data-reading="stored"] dd')).toContainText("37 of 37");
		// Bar by bar, live: not all at the end.
		const seen = await page.evaluate(() => (window as unknown as { seen: number[] }).seen);
		expect(new Set(seen).size).toBeGreaterThan(10);
		// A bar for each job: 37 chunks compressed, 5 of them computed before, by both workers.
		const bars = (kind: string, lane = "") => host.locator(`.cw-fig-lane${lane} .cw-fig-${kind}`);
		await expect(bars("encode")).toHaveCount(37);
		await expect(bars("downsample")).toHaveCount(5);
		for (const lane of [1, 2]) {
			expect(await bars("encode", `[data-worker="${lane}"]`).count()).toBeGreaterThan(0);
		}
		// In a lane one job follows the other.
		const overlap = await host.locator(".cw-fig-lane > div").evaluateAll((lanes) =>
			lanes.flatMap((lane) => {
				const jobs = [...lane.querySelectorAll<HTMLElement>(".cw-fig-job")]
					.map(({ style }) =>
						[style.getPropertyValue("--start"), style.getPropertyValue("--length")].map(Number),
					)
					.sort((a, b) => a[0] - b[0]);
				return jobs.slice(1).map(([start], i) => jobs[i][0] + jobs[i][1] - start);
			}),
		);
		// The workers' clocks agree with the page's to about a millisecond.
		expect(Math.max(...overlap)).toBeLessThan(3);
		await expect(host.locator(".cw-fig-best")).toBeVisible();
		const rows = host.locator("tbody tr");
		await expect(rows).toHaveCount(2);
		await expect(rows.nth(0)).toContainText(/^1gzip/);
		await expect(rows.nth(1)).toContainText(/^2gzip/);
		const speed = await host.locator('[data-reading="speed"] dd').textContent();
		expect(speed).toMatch(/^\d+\.\d\d×$/);
		await expect(host.locator(".cw-fig-status")).toContainText(`${speed} as fast as one`);
		await expect(rows.nth(1)).toContainText(speed ?? "");
		await expect(host.locator(".cw-fig-run-dot")).toHaveCount(2);
		// Against the best that there can be: a line over all numbers of workers, and the number for two.
		expect((await host.locator(".cw-fig-ideal").getAttribute("d"))?.split("L")).toHaveLength(8);
		const best = (await host.locator('[data-reading="best"] dd').textContent()) ?? "";
		expect(best).toMatch(/^\d\.\d\d×$/);
		await expect(host.locator(".cw-fig-status")).toContainText(`at best ${best}`);
	});

	test("is stopped, and runs again with another number and codec by keyboard", async ({ page, site }) => {
		test.setTimeout(180_000);
		await page.goto(site.url + gallery);
		const host = figure(page, "parallel-work");
		await host.scrollIntoViewIfNeeded();
		const slider = host.getByLabel("Workers", { exact: true });
		await slider.focus();
		await expect(host).toHaveAttribute("data-ready", "");
		await page.keyboard.press("ArrowRight");
		await expect(host.locator(".cw-fig-lane")).toHaveCount(3);
		await host.getByRole("button", { name: "Run" }).press("Enter");
		await expect(host.locator(".cw-fig-status")).toContainText("Running: 1 worker, gzip.");
		await host.getByRole("button", { name: "Stop" }).click();
		await expect(host.locator(".cw-fig-status")).toHaveText("Stopped: 1 worker, gzip.");
		await host.getByRole("radio", { name: "blosc-lz4" }).check({ force: true });
		await host.getByRole("button", { name: "Run" }).press("Enter");
		await expect(host.locator("tbody tr")).toHaveCount(2, { timeout: 90_000 });
		await expect(host.locator("tbody tr").nth(1)).toContainText(/^3blosc-lz4/);
	});
});

test.describe("two writers", () => {
	const start = async (page: Page, url: string) => {
		await page.goto(url + gallery);
		const host = figure(page, "shared-chunk");
		await host.scrollIntoViewIfNeeded();
		await host.getByLabel("B begins at column").focus();
		await expect(host).toHaveAttribute("data-ready", "");
		return host;
	};

	test("lose elements of a chunk that both have, and none where chunks are apart", async ({ page, site }) => {
		const host = await start(page, site.url);
		await expect(host.locator('[data-reading="both"] dd')).toHaveText("2");
		await host.getByRole("button", { name: "Write" }).click();
		// Of both shared chunks one writer's half of 8 × 4 elements is gone.
		await expect(host.locator(".cw-fig-array .cw-fig-gone")).toHaveCount(64);
		const lost = await host
			.locator('[data-reading="lostA"] dd, [data-reading="lostB"] dd')
			.evaluateAll((all) => all.map((dd) => Number(dd.textContent)));
		expect(lost[0] + lost[1]).toBe(64);
		await expect(host.locator("dd.cw-fig-lossy")).toHaveCount(lost.filter((count) => count > 0).length);
		await expect(host.locator(".cw-fig-status")).toContainText("64 elements of 384 are lost");
		await expect(host.locator(".cw-fig-write-steps li").first()).toContainText(
			/[AB] read [AB] read [AB] wrote [AB] wrote/,
		);
		// By keys: the border to the end of a chunk, then the writing.
		await host.getByLabel("B begins at column").focus();
		for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowLeft");
		await expect(host.getByLabel("B begins at column")).toHaveValue("8");
		await host.getByRole("button", { name: "Write" }).press("Enter");
		await expect(host.locator(".cw-fig-status")).toContainText("All 384 elements are in the store.");
		await expect(host.locator(".cw-fig-array .cw-fig-gone")).toHaveCount(0);
		await expect(host.locator(".cw-fig-array .cw-fig-written-a")).toHaveCount(128);
	});

	test("wait for each other and lose nothing; the border is dragged", async ({ page, site }) => {
		const host = await start(page, site.url);
		await host.getByLabel("One writer at a time in a chunk").check();
		await host.getByRole("button", { name: "Write" }).click();
		await expect(host.locator(".cw-fig-status")).toContainText("One writer waited for the other.");
		await expect(host.locator(".cw-fig-write-steps li").first()).toContainText(
			/[AB] read [AB] wrote [AB] read [AB] wrote/,
		);
		await expect(host.locator(".cw-fig-array .cw-fig-gone")).toHaveCount(0);
		const grip = await host.locator(".cw-fig-writers-grip").boundingBox();
		const array = await host.locator(".cw-fig-array > svg").boundingBox();
		if (!grip || !array) throw new Error("the array is not drawn");
		const column = grip.width / 1.6;
		await page.mouse.move(grip.x + grip.width / 2, array.y + array.height / 2);
		await page.mouse.down();
		await page.mouse.move(grip.x + grip.width / 2 + 4 * column, array.y + array.height / 2, { steps: 6 });
		await page.mouse.up();
		await expect(host.getByLabel("B begins at column")).toHaveValue("16");
		await expect(host.locator(".cw-fig-writers")).toContainText("columns 16–23");
		await expect(host.locator('[data-reading="both"] dd')).toHaveText("0");
		// The table has a row for each place of the border.
		const both = (border: number) => host.locator("tbody tr").nth(border).locator("td");
		await expect(both(16)).toHaveText("0");
		await expect(both(12)).toHaveText("2");
	});
});

test("both fit a phone in the dark, and have no violation", async ({ page, site }) => {
	await page.setViewportSize({ width: 360, height: 800 });
	await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
	await page.goto(site.url + gallery);
	for (const name of ["parallel-work", "shared-chunk"]) {
		const host = figure(page, name);
		await host.scrollIntoViewIfNeeded();
		const box = await host.boundingBox();
		expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(360);
	}
	await figure(page, "shared-chunk").getByRole("button", { name: "Write" }).click();
	await expect(figure(page, "shared-chunk").locator(".cw-fig-gone").first()).toBeVisible();
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
	expect(await violations(page)).toEqual([]);
});
