/** The bin diagram and the pyramid in a browser: their numbers, by hand and by keys, in words, on a phone, in the dark. */
import type { Locator, Page } from "playwright/test";
import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

const gallery = "guide/figures/";
const figure = (page: Page, name: string): Locator =>
	page.locator(`cw-figure[data-figure="${name}"]`).first();

async function awake(page: Page, name: string): Promise<Locator> {
	const found = figure(page, name);
	await found.scrollIntoViewIfNeeded();
	await found.dispatchEvent("pointerenter");
	await expect(found).toHaveAttribute("data-ready", "");
	return found;
}

/** The labels of the first bins of each level. */
const firsts = (host: Locator) => host.locator(".cw-fig-first > b").allTextContents();

test.describe("bin diagram", () => {
	test("computes where levels begin, for axes and methods", async ({ page, site }) => {
		await page.goto(site.url + gallery);
		const host = await awake(page, "bin-diagram");
		expect(await firsts(host)).toEqual(["1.5", "6.5"]);
		for (const [axis, expected] of [
			["y 212", ["0.5", "7.5"]],
			["z 129", ["1.5", "4.5"]],
		] as const) {
			await host.getByRole("radio", { name: axis }).check({ force: true });
			expect(await firsts(host)).toEqual(expected);
		}
		await expect(host.locator('[data-reading="start2"] dd')).toHaveText("1.5 + 2 × (0 + 1.5) = 4.5");
		await expect(host.locator(".cw-fig-status")).toContainText("z, 129 elements, mean: scale1 starts at 1.5");
		await host.getByRole("radio", { name: "bin-shrink" }).check({ force: true });
		expect(await firsts(host)).toEqual(["0.5", "3.5"]);
		await expect(host.locator("tbody tr").nth(1)).toContainText("1 at the end");
	});

	test("follows keys, and says what cannot be", async ({ page, site }) => {
		await page.goto(site.url + gallery);
		const host = await awake(page, "bin-diagram");
		const length = host.getByLabel("Elements of the image");
		await length.focus();
		await page.keyboard.press("ArrowRight");
		await expect(host.locator(".cw-fig-bin-row").first()).toContainText("364 elements");
		expect(await firsts(host)).toEqual(["0.5", "7.5"]);
		await page.keyboard.press("Home");
		await expect(host.locator(".cw-fig-alert")).toContainText("nothing left");
		await page.keyboard.press("End");
		await expect(host.locator(".cw-fig-alert")).toBeHidden();
	});

	test("is dragged: the axis longer, bins wider, and to the other end", async ({ page, site }) => {
		await page.goto(site.url + gallery);
		const host = await awake(page, "bin-diagram");
		const drag = async (what: Locator, by: number) => {
			await what.scrollIntoViewIfNeeded();
			const box = await what.boundingBox();
			if (!box) throw new Error("there is nothing to drag");
			await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
			await page.mouse.down();
			await page.mouse.move(box.x + box.width / 2 + by, box.y + box.height / 2, { steps: 5 });
			await page.mouse.up();
		};
		const row = (level: number) => host.locator(`.cw-fig-bin-row[data-level="${level}"]`);
		const element = (await row(0).locator(".cw-fig-bin").first().boundingBox())?.width ?? 0;
		expect(element).toBeGreaterThan(5);
		await drag(row(1).locator(".cw-fig-bin").nth(3), -1.2 * element);
		await expect(host.getByRole("radio", { name: "bin-shrink" })).toBeChecked();
		expect(await firsts(host)).toEqual(["0.5", "3.5"]);
		await drag(row(1).locator('[data-grip="factor"]'), element);
		await expect(host.getByLabel("Elements in a bin of scale1")).toHaveValue("3");
		expect((await firsts(host))[0]).toBe("1");
		await drag(row(0).locator('[data-grip="length"]'), -2 * element);
		await expect(host.getByLabel("Elements of the image")).toHaveValue("361");
	});
});

test.describe("pyramid", () => {
	test("shows levels with memory and chunks, and the block of a picked voxel", async ({ page, site }) => {
		await page.goto(site.url + gallery);
		const host = await awake(page, "pyramid");
		const names = host.locator(".cw-fig-pyramid-names > p");
		await expect(names.nth(0)).toContainText(/129 × 212 × 363.*18\.93.MiB.*72 chunks/);
		await expect(names.nth(2)).toContainText(/16 × 26 × 45.*36\.56.KiB.*1 chunk/);
		for (const axis of [0, 1, 2]) await host.locator(`[data-axis="${axis}"] input`).fill("0");
		await expect(host.locator('[data-reading="from0"] dd')).toHaveText(
			"z 1–8, y 4–11, x 3–10 512 elements in 1 chunk",
		);
		await expect(host.locator(".cw-fig-status")).toContainText("at z 4.5, y 7.5, x 6.5");
		await host.locator('[data-axis="2"] input').focus();
		await page.keyboard.press("ArrowRight");
		await expect(host.locator('[data-reading="from0"] dd')).toContainText("x 11–18");
		await host.getByRole("radio", { name: "scale1" }).check({ force: true });
		await expect(host.locator('[data-reading="key"] dd')).toHaveText("scale1/image/c/0/0/0");
		await expect(host.locator(".cw-fig-pick > g")).toHaveCount(2);
	});

	test("draws levels at one scale: as many times smaller as they have fewer elements", async ({
		page,
		site,
	}) => {
		await page.goto(site.url + gallery);
		const host = await awake(page, "pyramid");
		const [first, second, third] = await Promise.all(
			[0, 1, 2].map(
				async (level) => await host.locator(`[data-level="${level}"][data-face="front"]`).boundingBox(),
			),
		);
		expect((first?.width ?? 0) / (second?.width ?? 1)).toBeCloseTo(363 / 181, 1);
		expect((second?.width ?? 0) / (third?.width ?? 1)).toBeCloseTo(181 / 45, 0);
		// The words below say the same numbers.
		const rows = host.locator(".cw-fig-twin tbody tr");
		for (const [level, numbers] of [
			["129 × 212 × 363", "72"],
			["64 × 106 × 181", "6"],
			["16 × 26 × 45", "1"],
		].entries()) {
			for (const number of numbers) await expect(rows.nth(level)).toContainText(number);
		}
	});

	test("is pointed at", async ({ page, site }) => {
		await page.goto(site.url + gallery);
		const host = await awake(page, "pyramid");
		const front = host.locator('[data-level="1"][data-face="front"]');
		await front.scrollIntoViewIfNeeded();
		const box = await front.boundingBox();
		if (!box) throw new Error("the level is not drawn");
		await page.mouse.click(box.x + 0.9 * box.width, box.y + 0.9 * box.height);
		await expect(host.getByRole("radio", { name: "scale1" })).toBeChecked();
		// The front face is seen from the side: nine tenths of its box lie beyond four fifths of both axes.
		for (const [axis, length] of [
			[1, 106],
			[2, 181],
		]) {
			const index = Number(await host.locator(`[data-axis="${axis}"] input`).inputValue());
			expect(index).toBeGreaterThan(0.7 * length);
		}
	});
});

test("a cell shows them of what it has computed", async ({ lesson }) => {
	await lesson.open();
	await lesson.write(
		"download",
		[
			'import { binDiagram, pyramid, toMultiscale, toSpatialImage } from "chunkwise";',
			"const data = new Uint8Array(30 * 50);",
			'const image = toSpatialImage({ data, shape: [30, 50] }, { dims: ["y", "x"], scale: { y: 0.5, x: 0.5 } });',
			"const multiscale = await toMultiscale(image, [3]);",
			'display(binDiagram(multiscale, { axis: "x" }));',
			"pyramid(multiscale)",
		].join("\n"),
	);
	await lesson.run("download");
	const output = lesson.output("download");
	// 50 elements, 2 dropped at the start, bins of 3: 0 + 0.5 × (2 + 1).
	await expect(output.locator('[data-reading="start1"] dd')).toHaveText("0 + 0.5 × (2 + 1) = 1.5");
	await expect(output.locator(".cw-fig-pyramid-names > p").nth(1)).toContainText("10 × 16");
	await output.getByLabel("Voxel at x").fill("0");
	await expect(output.locator('[data-reading="from0"] dd')).toContainText("x 2–4");
});

test("both fit a phone in the dark, and have no violation", async ({ page, site }) => {
	await page.setViewportSize({ width: 360, height: 800 });
	await page.emulateMedia({ colorScheme: "dark" });
	await page.goto(site.url + gallery);
	for (const name of ["bin-diagram", "pyramid"]) {
		const host = await awake(page, name);
		const box = await host.boundingBox();
		expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(360);
	}
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
	// Numbers are left out where they would not fit their boxes.
	const cut = await figure(page, "bin-diagram")
		.locator(".cw-fig-bin > b")
		.evaluateAll((labels) =>
			labels
				.filter((label) => label.getClientRects().length > 0)
				.filter((label) => label.getBoundingClientRect().width > (label.parentElement?.clientWidth ?? 0) + 1)
				.map((label) => label.textContent),
		);
	expect(cut).toEqual([]);
	expect(await violations(page)).toEqual([]);
});
