/** Files beside objects in a browser: real calls and requests, what they leave on both sides, and what it costs. */
import type { Locator, Page } from "playwright/test";
import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

const lessonPath = "lessons/cloud-storage/";
const gallery = "guide/figures/";

/** A figure's text with every kind of space as a plain one. */
async function said(place: Locator): Promise<string> {
	return ((await place.textContent()) ?? "").replace(/\s+/g, " ").trim();
}

async function awake(page: Page): Promise<Locator> {
	const host = page.locator('cw-figure[data-figure="storage-comparison"]').first();
	await host.scrollIntoViewIfNeeded();
	await host.hover({ position: { x: 4, y: 4 } });
	await expect(host).toHaveAttribute("data-ready", "", { timeout: 30_000 });
	return host;
}

const side = (host: Locator, name: "files" | "objects") => host.locator(`[data-side="${name}"]`);
const sums = (host: Locator, name: "files" | "objects") => side(host, name).locator(".cw-fig-sums");

/** Presses an operation and waits until it is carried out. */
async function perform(host: Locator, name: string): Promise<void> {
	await host.getByRole("button", { name, exact: true }).click();
	await expect(host.locator("form")).not.toHaveAttribute("aria-busy", { timeout: 30_000 });
}

test("each operation is carried out on what the one before left", async ({ page, site }) => {
	await page.goto(site.url + lessonPath);
	const host = await awake(page);
	const keys = host.locator(".cw-fig-keys > li");
	expect(await said(sums(host, "objects"))).toContain("147 requests");
	await expect(host.locator(".cw-fig-keys > .cw-fig-mark-delete")).toHaveCount(73);
	await expect(side(host, "objects").locator(".cw-fig-log ol li")).toHaveCount(146);

	await perform(host, "List a folder");
	await expect(host.locator(".cw-fig-wish")).toHaveText("List what is directly in scale0/raw");
	await expect(side(host, "objects").locator(".cw-fig-refused")).toContainText("404 NoSuchKey");
	await expect(side(host, "objects").locator(".cw-fig-raw").nth(1)).toContainText("<ListBucketResult");

	await perform(host, "Copy a folder");
	await expect(side(host, "files").locator(".cw-fig-refused")).toContainText("ENOSPC");
	await expect(keys).toHaveCount(86 + 73);
	await expect(host.locator(".cw-fig-block-words")).toContainText(/16\.00.MiB of 16\.00.MiB taken/);
	await perform(host, "Add capacity");
	await expect(host.locator(".cw-fig-block-words")).toContainText(/of 32\.00.MiB taken/);
	expect(await said(sums(host, "files"))).toContain("$2.50 a month");
	expect(await said(sums(host, "objects"))).toContain("0 requests");

	await host.getByRole("button", { name: "Start over" }).click();
	await expect(host.locator(".cw-fig-wish")).toHaveText("List everything under the root");
	await expect(keys).toHaveCount(86);
	await perform(host, "Delete a folder");
	await expect(host.locator(".cw-fig-wish")).toHaveText("Delete scale0/image, 73 files");
	await expect(side(host, "files").locator(".cw-fig-steps")).toContainText("ENOTEMPTY");
	await perform(host, "Delete a folder");
	await expect(host.locator(".cw-fig-wish")).toContainText("scale1/image");
	// The words below say the same numbers.
	await expect(host.locator(".cw-fig-summary")).toContainText("Now 6 files in folders");
	const row = host.locator("tbody tr").filter({ hasText: "Delete scale1/image" });
	await expect(row.locator("td").nth(4)).toHaveText("8");
	expect(await said(sums(host, "objects"))).toContain("8 requests");
});

test("of two writers one loses its change, unless If-Match guards", async ({ page, site }) => {
	await page.goto(site.url + gallery);
	const host = await awake(page);
	const objects = side(host, "objects");
	await perform(host, "Two writers at once");
	await expect(objects.locator(".cw-fig-outcome")).toContainText(/the change of [AB] is lost/);
	await expect(side(host, "files").locator(".cw-fig-outcome")).toContainText("Both changes are there");
	await host.getByLabel("Guard writes with If-Match").check();
	await perform(host, "Two writers at once");
	await expect(objects.locator(".cw-fig-refused")).toContainText("412 PreconditionFailed");
	expect(await said(sums(host, "objects"))).toContain("6 requests");
	await expect(host.locator(".cw-fig-status")).toContainText("6 requests");
	await perform(host, "Delete a folder");
	await host.getByRole("button", { name: "Start over" }).click();
	await host.getByLabel("Delete up to 1000 objects a request").check();
	await perform(host, "Delete a folder");
	expect(await said(sums(host, "objects"))).toContain("2 requests");
});

test("an object is replaced whole where a file changes one block", async ({ page, site }) => {
	await page.goto(site.url + gallery);
	const host = await awake(page);
	await expect(host.locator(".cw-fig-wish")).toHaveText("Change one byte of scale0/image/c/1/1/2");
	await expect(host.locator(".cw-fig-block-words")).toContainText("1 block written");
	await expect(side(host, "objects").locator(".cw-fig-refused")).toContainText("405 MethodNotAllowed");
	const etag = side(host, "objects").locator(".cw-fig-about dd").nth(1);
	const before = await etag.textContent();
	await perform(host, "Append 1 KiB");
	await expect(etag).not.toHaveText(before ?? "");
	await expect(side(host, "files").locator(".cw-fig-about")).toContainText("317008 B");
	await expect(side(host, "objects").locator(".cw-fig-about")).toContainText("317008");
	const log = side(host, "objects").locator(".cw-fig-log").last();
	await log.locator("summary").click();
	await expect(log.locator(".cw-fig-raw")).toContainText(/^PUT \/cells\.ome\.zarr\/scale0[\s\S]*200 OK/);
});

test("reads a part with Range, and lists by prefix", async ({ page, site }) => {
	await page.goto(site.url + gallery);
	const host = await awake(page);
	await perform(host, "1 KiB of a file");
	const raw = side(host, "objects").locator(".cw-fig-raw");
	await expect(raw.last()).toContainText(/Range: bytes=\d+-\d+[\s\S]*206 Partial Content/i);
	expect(await said(sums(host, "objects"))).toContain("1 request");
	await expect(host.locator(".cw-fig-status")).toContainText("1.00 KiB down");
	await perform(host, "List everything under it");
	await expect(raw.last()).toContainText(/list-type=2[\s\S]*prefix=scale0/);
	await expect(side(host, "objects").locator(".cw-fig-steps")).toContainText("GET");
});

test("takes another target from the tree and the keys, by hand and by keyboard", async ({ page, site }) => {
	await page.goto(site.url + lessonPath);
	const host = await awake(page);
	const target = host.locator(".cw-fig-target");
	await host.locator('.cw-fig-tree > [data-path="scale0"] .cw-fig-name').click();
	await expect(target).toContainText("the folder scale0 (74 files)");
	await host.locator('.cw-fig-keys > [data-key="zarr.json"]').click();
	await expect(target).toContainText("the file zarr.json");
	await expect(side(host, "objects").locator(".cw-fig-about")).toContainText("application/json");
	await perform(host, "Whole file");
	await expect(host.locator(".cw-fig-wish")).toHaveText("Read the whole of zarr.json");
	await host.locator('.cw-fig-tree > [tabindex="0"]').focus();
	await page.keyboard.press("Home");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowDown");
	await expect(page.locator(":focus")).toHaveAttribute("data-path", "scale0");
	await page.keyboard.press("ArrowLeft");
	await expect(page.locator(":focus")).toHaveAttribute("aria-expanded", "false");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	await expect(target).toContainText("the folder scale1 (");
	await expect(page.locator(":focus")).toHaveAttribute("data-path", "scale1");
	await host.getByRole("button", { name: "Rename a folder" }).focus();
	await page.keyboard.press("Enter");
	await expect(host.locator(".cw-fig-wish")).toContainText("Rename scale1, ");
});

test("times and money follow what the reader assumes", async ({ page, site }) => {
	await page.goto(site.url + lessonPath);
	const host = await awake(page);
	await host.locator("summary", { hasText: "What times and money" }).click();
	const part = (n: number) => said(sums(host, "objects").locator("b").nth(n));
	expect(await part(1)).toContain("1.4 s");
	expect(await part(2)).toBe("$0.37");
	await host.getByLabel("Requests at once").focus();
	await page.keyboard.press("End");
	expect(await part(1)).not.toContain("1.4 s");
	await expect(host.getByLabel("Requests at once")).toHaveAttribute("aria-valuetext", "128");
	const quick = await part(1);
	await host.getByLabel("A request takes").focus();
	await page.keyboard.press("End");
	expect(await part(1)).not.toBe(quick);
	// 1000 data sets of 11.49 MiB, a dollar for each GB of 1024³ bytes.
	await host.getByLabel("1 GB of objects a month").fill("1");
	expect(await said(sums(host, "objects"))).toContain("$11.22 a month");
	await host.getByLabel("1000 PUT, COPY, POST, LIST").fill("0.5");
	expect(await part(2)).toBe("$37.00");
	await expect(host.locator("tbody tr").filter({ hasText: "Rename" }).locator("td").nth(7)).toHaveText(
		"$37.00",
		{ timeout: 30_000 },
	);
	await expect(host.locator(".cw-fig-assumptions")).toContainText("March 2026");
});

test("what is pressed before the script is there is not lost", async ({ page, site }) => {
	await page.goto(site.url + lessonPath);
	const host = page.locator('cw-figure[data-figure="storage-comparison"]').first();
	await host.getByLabel("Guard writes with If-Match").check();
	await host.getByRole("button", { name: "Change 1 byte" }).click();
	await expect(host).toHaveAttribute("data-ready", "", { timeout: 30_000 });
	await expect(host.locator(".cw-fig-wish")).toContainText("Change one byte of scale0/raw/");
	await expect(side(host, "objects").locator(".cw-fig-raw").last()).toContainText("If-Match:");
});

test("a cell shows the same of its own keys, and says what cannot be shown", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"attribute-keys",
		`import { storageComparison } from "chunkwise";
display(storageComparison([{ key: "a/zarr.json", size: 100 }, { key: "a/c/0", size: 5000 }], { operation: "overwrite" }));
storageComparison([{ key: "a/../b", size: 1 }])`,
	);
	await lesson.press("attribute-keys");
	const host = lesson.output("attribute-keys").locator('[data-figure="storage-comparison"]');
	await expect(host).toHaveAttribute("data-ready", "", { timeout: 30_000 });
	await expect(host.locator(".cw-fig-wish")).toHaveText("Change one byte of a/c/0");
	await perform(host, "Rename a folder");
	await expect(host.locator(".cw-fig-wish")).toHaveText("Rename a/c, 1 file");
	await expect(lesson.output("attribute-keys")).toContainText("cannot be the path of a file");
});

for (const [theme, width] of [
	["dark", 360],
	["light", 1280],
] as const) {
	test.describe(() => {
		test.use({ colorScheme: theme, viewport: { width, height: 900 }, reducedMotion: "reduce" });
		test(`is reachable and fits, ${theme}, ${width} px`, async ({ page, site }) => {
			await page.goto(site.url + gallery);
			const host = await awake(page);
			await perform(host, "Copy a folder");
			for (const summary of await host.locator(".cw-fig-log > summary").all()) await summary.click();
			expect(await host.evaluate((e) => e.scrollWidth - e.clientWidth)).toBeLessThanOrEqual(0);
			expect(await violations(page)).toEqual([]);
			const small = await host.evaluate((element) =>
				[...element.querySelectorAll("*")]
					.filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent?.trim()))
					.filter((e) => Number.parseFloat(getComputedStyle(e).fontSize) < 12)
					.map((e) => e.outerHTML.slice(0, 80)),
			);
			expect(small).toEqual([]);
		});
	});
}
