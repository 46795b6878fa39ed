/** The chunk grid in the gallery: what is read, shards, other ways to cut it, five axes, in words, on a phone, in the dark. */
import type { Locator, Page } from "playwright/test";
import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

const gallery = "guide/figures/";

async function awake(page: Page, nth = 0): Promise<Locator> {
	const found = page.locator('cw-figure[data-figure="chunk-grid"]').nth(nth);
	await found.scrollIntoViewIfNeeded();
	await found.dispatchEvent("pointerenter");
	await expect(found).toHaveAttribute("data-ready", "");
	return found;
}

const said = async (place: Locator) => ((await place.textContent()) ?? "").replace(/\s+/g, " ").trim();
const readingOf = (host: Locator) => (name: string) => host.locator(`[data-reading="${name}"] dd`);
const choose = (host: Locator, name: string) =>
	host.getByRole("radio", { name, exact: true }).check({ force: true });

test("a box and a voxel say what they touch, as the words do", async ({ page, site }) => {
	await page.goto(site.url + gallery);
	const host = await awake(page);
	const reading = readingOf(host);
	await expect(reading("touched")).toHaveText("24 of 72");

	await choose(host, "voxel");
	await expect(reading("touched")).toHaveText("1 of 72");
	expect(await said(reading("needed"))).toBe("2 B");
	expect(await said(reading("read"))).toBe("512.00 KiB");
	await expect(reading("factor")).toHaveText(/262.144×/);
	await expect(host.locator("svg .cw-fig-glass > .cw-fig-hit")).toHaveCount(1);

	await choose(host, "box");
	// 32³ from z 100, pushed back to 97, y 106 and x 181: the edges at 128, 128 and 192 are in it.
	await expect(reading("touched")).toHaveText("8 of 72");
	await host.getByLabel("Box from y").fill("70");
	await host.getByLabel("Box from x").fill("130");
	await expect(reading("touched")).toHaveText("2 of 72");
	await expect(host.locator(".cw-fig-status")).toContainText("z = 97 to 128, y = 70 to 101, x = 130 to 161");
	await host.getByLabel("Edge of the box").focus();
	await page.keyboard.press("End");
	await expect(reading("touched")).toHaveText("72 of 72");
	expect(await said(reading("needed"))).toBe("18.93 MiB");
});

test("sliders cut the array anew, picture, numbers and words together", async ({ page, site }) => {
	await page.goto(site.url + gallery);
	const host = await awake(page);
	const reading = readingOf(host);
	await host.locator(".cw-fig-explore > summary").click();
	const back = host.getByRole("button", { name: "Back to chunks of 64³" });
	await expect(back).toBeDisabled();
	await host.getByRole("button", { name: "43 × 53 × 61" }).click();
	await expect(reading("touched")).toHaveText("24 of 72");
	expect(await said(reading("read"))).toBe("6.36 MiB");
	await expect(host.locator(".cw-fig-summary")).toContainText("in chunks of 43 × 53 × 61");
	await expect(host.getByRole("button", { name: "43 × 53 × 61" })).toHaveAttribute("aria-pressed", "true");
	await expect(host.getByRole("button", { name: "43 × 53 × 61" })).toBeFocused();

	// One chunk thin along z: a slice needs all of what it reads but padding.
	await host.getByLabel("Chunk along z").focus();
	await page.keyboard.press("Home");
	await expect(reading("touched")).toHaveText(/^24 of 3.096$/);
	await expect(host.locator(".cw-fig-study tr.cw-fig-current button")).toHaveText("1 × 53 × 61");

	await host.getByRole("button", { name: "32³" }).click();
	await host.getByRole("checkbox", { name: "Shards: what is stored as one object" }).check();
	for (const axis of ["z", "y", "x"]) await host.getByLabel(`Shard along ${axis}`).fill("4");
	await expect(reading("shards")).toHaveText("6 of 12");
	await expect(reading("requests")).toHaveText("90, 6 for indexes");
	await expect(host.locator(".cw-fig-status")).toContainText("They lie in 6 of 12 shards: 90 requests");
	await expect(host.locator(".cw-fig-legend")).toContainText("edges of shards");
	await expect(host.locator("svg .cw-fig-shard").first()).toBeAttached();

	await back.click();
	await expect(reading("touched")).toHaveText("24 of 72");
	await expect(reading("shards")).toHaveCount(0);
	await expect(back).toBeDisabled();
	await expect(host.locator("svg .cw-fig-boxes .cw-fig-shard")).toHaveCount(0);
});

test("the table is computed: a box of the reader's changes its column", async ({ page, site }) => {
	await page.goto(site.url + gallery);
	const host = await awake(page);
	await host.locator(".cw-fig-explore > summary").click();
	const row = async (name: string) => {
		const cells = host.locator(".cw-fig-study tr", { hasText: name }).first().locator("th, td");
		return (await cells.allTextContents()).map((text) => text.replace(/\s+/g, " "));
	};
	expect((await row("16³")).slice(0, 6)).toEqual([
		"16³",
		"2 898",
		"1.2×",
		"322 · 2.52 MiB",
		"207 · 1.62 MiB",
		"126 · 1008.00 KiB",
	]);
	const before = await row("16³");
	await choose(host, "box");
	await host.getByLabel("Edge of the box").fill("16");
	await expect(host.locator(".cw-fig-study thead")).toContainText("Box of 16³");
	expect((await row("16³"))[6]).not.toBe(before[6]);
});

test("the sample is compressed in the shapes of the table, by the library, and what is stored is said", async ({
	page,
	site,
}) => {
	test.setTimeout(120_000);
	await page.goto(site.url + gallery);
	const host = await awake(page);
	await host.locator(".cw-fig-explore > summary").click();
	await host.getByRole("button", { name: "Compress the sample in these chunks" }).click();
	const row = host.locator(".cw-fig-study tr.cw-fig-current");
	await expect(row).toContainText("stored", { timeout: 60_000 });
	await expect(host.locator(".cw-fig-study thead")).toContainText("Stored");
	// Padding compresses away: less than the array in memory, although a third more is padding.
	const stored = Number((await said(row.locator("td").nth(2))).replace(" MiB", ""));
	expect(stored).toBeGreaterThan(5);
	expect(stored).toBeLessThan(18.93);
	const slice = Number(/, ?(\d+\.\d\d) MiB stored/.exec(await said(row.locator("td").nth(3)))?.[1]);
	expect(slice).toBeGreaterThan(stored / 4);
	expect(slice).toBeLessThan(stored);
	await expect(host.locator(".cw-fig-measure span")).toContainText("in 10 chunk shapes", { timeout: 60_000 });
	await expect(host.locator(".cw-fig-study tbody tr").filter({ hasText: "stored" })).toHaveCount(10);
});

test("one, two and four axes, in a cell: a line, a plane, and a volume of a channel", async ({ lesson }) => {
	await lesson.open();
	await lesson.write(
		"attribute-keys",
		`import { chunkGrid } from "chunkwise";
display(chunkGrid({ shape: [1000], chunks: [300] }, { selection: { x: [250, 700] } }));
display(chunkGrid({ shape: [70, 90], chunks: [32, 32] }, { selection: { y: 40 } }));
chunkGrid({ shape: [2, 30, 40, 50], chunks: [1, 16, 16, 16] }, { selection: { c: 1, z: 5 } })`,
	);
	await lesson.run("attribute-keys");
	const host = (nth: number) =>
		lesson.output("attribute-keys").locator('[data-figure="chunk-grid"]').nth(nth);
	for (const [nth, touched, needed, read] of [
		[0, "3 of 4", "900 B", "1.76 KiB"],
		[1, "3 of 9", "180 B", "6.00 KiB"],
		[2, "12 of 48", "3.91 KiB", "96.00 KiB"],
	] as const) {
		await expect(host(nth)).toHaveAttribute("data-ready", "");
		const reading = readingOf(host(nth));
		await expect(reading("touched")).toHaveText(touched);
		expect(await said(reading("needed"))).toBe(needed);
		expect(await said(reading("read"))).toBe(read);
		await expect(host(nth).locator("svg .cw-fig-box").first()).toBeAttached();
		const row = await said(host(nth).locator(".cw-fig-twin tbody tr").first());
		expect(row).toContain(touched);
		expect(row).toContain(read);
	}
});

test("five axes: three drawn, time and channel by sliders, the chunk's shard and place", async ({
	page,
	site,
}) => {
	await page.goto(site.url + gallery);
	const host = await awake(page, 1);
	const reading = readingOf(host);
	await expect(reading("shards")).toHaveText("4 of 320");
	await host.getByLabel("At t").fill("7");
	await expect(host.locator(".cw-fig-status")).toContainText("t = 7, c = 1, z = 20");
	await host.locator(".cw-fig-canvas").focus();
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("End");
	await expect(reading("key")).toHaveText("0/c/7/1/0/0/1");
	await expect(reading("entry")).toHaveText("5 of 8");
	await expect(reading("coords")).toHaveText("(7, 1, 1, 0, 3)");
});

for (const [width, scheme] of [
	[360, "dark"],
	[1280, "light"],
] as const) {
	test(`fits ${width} px and is accessible, ${scheme}`, async ({ page, site }) => {
		await page.setViewportSize({ width, height: 800 });
		await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
		await page.goto(site.url + gallery);
		const host = await awake(page);
		await host.locator(".cw-fig-explore > summary").click();
		await choose(host, "box");
		await host.getByRole("checkbox", { name: "Shards: what is stored as one object" }).check();
		expect(await host.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(
			0,
		);
		expect(await violations(page)).toEqual([]);
	});
}
