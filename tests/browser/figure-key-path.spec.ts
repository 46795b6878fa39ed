/** The keys figure in the gallery: both ends light up, by pointer and keys, and the words follow. */
import type { Locator, Page } from "playwright/test";
import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

const gallery = "guide/figures/";

async function awake(page: Page): Promise<Locator> {
	const found = page.locator('cw-figure[data-figure="key-path"]').first();
	await found.scrollIntoViewIfNeeded();
	await found.dispatchEvent("pointerenter");
	await expect(found).toHaveAttribute("data-ready", "");
	return found;
}

const keys = (host: Locator) => host.locator(".cw-fig-kp-key").allTextContents();
/** Numbers of the keys that are lit, by layout. */
const lit = (host: Locator) =>
	host
		.locator(".cw-fig-kp-key .cw-fig-lit")
		.evaluateAll((all) =>
			all.map((part) => `${part.closest<HTMLElement>("[data-layout]")?.dataset.layout} ${part.textContent}`),
		);

test("keys follow an index that is typed or slid, and the words too", async ({ page, site }) => {
	await page.goto(site.url + gallery);
	const host = await awake(page);
	expect(await keys(host)).toEqual([
		"scale0/image/1.0.3",
		"scale0/image/c/1/0/3",
		"scale0/image/c/0/0/1",
		"scale0/image/3/0/1",
	]);
	await host.getByRole("spinbutton", { name: "y" }).fill("211");
	await host.getByRole("slider", { name: "z" }).focus();
	await page.keyboard.press("End");
	expect(await keys(host)).toEqual([
		"scale0/image/2.3.3",
		"scale0/image/c/2/3/3",
		"scale0/image/c/1/1/1",
		"scale0/image/3/3/2",
	]);
	await expect(host.getByRole("spinbutton", { name: "z" })).toHaveValue("128");
	await expect(host.locator(".cw-fig-status")).toContainText(
		"Element z 128, y 211, x 200 is in chunk (2, 3, 3)",
	);
	await expect(host.locator(".cw-fig-twin tbody tr").nth(3)).toContainText("scale0/image/3/3/2");
	await expect(host.locator('[data-layout="n5"] .cw-fig-kp-words')).toContainText(
		"1 × 20 × 64 elements, cropped",
	);
	await host.getByRole("checkbox", { name: /Zarr v2 keys/ }).check();
	expect((await keys(host))[0]).toBe("scale0/image/2/3/3");
});

test("what is no index is said and changes nothing", async ({ page, site }) => {
	await page.goto(site.url + gallery);
	const host = await awake(page);
	const before = await keys(host);
	const z = host.getByRole("spinbutton", { name: "z" });
	await z.fill("129");
	await expect(z).toHaveAttribute("aria-invalid", "true");
	await expect(host.locator('.cw-fig-kp-axis[data-axis="0"] output')).toHaveText("whole numbers, 0 to 128");
	expect(await keys(host)).toEqual(before);
	await page.keyboard.press("Tab");
	await expect(z).toHaveValue("100");
	await expect(z).toHaveAttribute("aria-invalid", "false");
});

test("either end lights the other, by pointer and by keys", async ({ page, site }) => {
	await page.goto(site.url + gallery);
	const host = await awake(page);
	await host.locator('.cw-fig-kp-axis[data-axis="2"] label').hover();
	expect(await lit(host)).toEqual(["zarr-v2 3", "zarr-v3 3", "sharded 1", "n5 3"]);
	// Each number of each key lights its axis, and that axis' numbers in the other keys; N5's go the other way.
	for (const layout of ["zarr-v2", "zarr-v3", "sharded", "n5"]) {
		const numbers = host.locator(`[data-layout="${layout}"] .cw-fig-kp-key button`);
		await expect(numbers).toHaveCount(3);
		for (const [at, axis] of ["z", "y", "x"].entries()) {
			await numbers.nth(layout === "n5" ? 2 - at : at).hover();
			await expect(host.locator(".cw-fig-kp-axis.cw-fig-lit label")).toHaveText(axis);
			expect(await lit(host)).toHaveLength(4);
		}
		await host.locator(`[data-layout="${layout}"] .cw-fig-kp-object`).hover();
		await expect(host.locator(".cw-fig-kp-axis.cw-fig-kp-held")).toHaveCount(3);
	}
	await host.locator('[data-layout="n5"] .cw-fig-kp-key button').last().hover();
	expect(await lit(host)).toEqual(["zarr-v2 1", "zarr-v3 1", "sharded 0", "n5 1"]);
	await expect(host.locator(".cw-fig-kp-axis.cw-fig-lit label")).toHaveText("z");

	const holds = host.locator(".cw-fig-kp-holds");
	await host.locator('[data-layout="sharded"] .cw-fig-kp-object').hover();
	await expect(holds).toContainText(
		"scale0/image/c/0/0/1 (Zarr v3, sharded) holds z 0 to 127, y 0 to 127, x 128 to 255",
	);
	await expect(host.locator(".cw-fig-kp-axis.cw-fig-kp-held")).toHaveCount(3);
	await page.mouse.move(2, 2);
	await expect(holds).toBeEmpty();

	// One tab stop a key, arrows along it.
	await host.locator('[data-layout="zarr-v3"] .cw-fig-kp-key button').first().focus();
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("End");
	expect(await lit(host)).toEqual(["zarr-v2 3", "zarr-v3 3", "sharded 1", "n5 3"]);
	await page.keyboard.press("Tab");
	await expect(holds).toContainText("holds z 64 to 127, y 0 to 63, x 192 to 255");
	await page.keyboard.press("Escape");
	await expect(holds).toBeEmpty();
});

for (const [width, scheme] of [
	[360, "dark"],
	[1280, "light"],
] as const) {
	test(`fits ${width} px and is accessible, ${scheme}`, async ({ page, site }) => {
		await page.setViewportSize({ width, height: 800 });
		await page.emulateMedia({ colorScheme: scheme });
		await page.goto(site.url + gallery);
		const host = await awake(page);
		await host.locator('[data-layout="n5"] .cw-fig-kp-object').focus();
		expect(await host.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(
			0,
		);
		expect(await violations(page)).toEqual([]);
	});
}

test("without a script the keys of the element are there", async ({ site, browser }) => {
	const page = await browser.newPage({ javaScriptEnabled: false });
	await page.goto(site.url + gallery);
	const host = page.locator('cw-figure[data-figure="key-path"]').first();
	expect((await keys(host))[1]).toBe("scale0/image/c/1/0/3");
	await expect(host.locator(".cw-fig-kp-form")).toBeHidden();
	await page.close();
});
