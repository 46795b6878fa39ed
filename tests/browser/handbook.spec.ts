/** The syllabus says what the lessons' own pages say; the handbook's pages are laid out for a phone and for a desk. */
import { expect, test } from "./site.ts";

test("the syllabus lists the lessons of the sidebar, and its sums are those of their pages", async ({
	page,
	site,
}) => {
	test.slow();
	await page.goto(`${site.url}syllabus/`);
	const inOrder = await page
		.locator("#starlight__sidebar a[href*='/lessons/']")
		.evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
	const listed = await page
		.locator(".cw-syllabus-lessons h3 a")
		.evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
	expect(listed).toEqual(inOrder);
	const said = Object.fromEntries(
		await page
			.locator(".cw-syllabus-sums div")
			.evaluateAll((groups) =>
				groups.map((group) => [
					group.querySelector("dt")?.textContent,
					group.querySelector("dd")?.textContent?.replaceAll("\u00a0", " "),
				]),
			),
	);
	const sums = { minute: 0, exercise: 0, question: 0 };
	for (const address of listed) {
		const text = await (await page.request.get(address)).text();
		const facts = /<p class="cw-lesson-facts">(.*?)<\/p>/s.exec(text)?.[1] ?? "";
		for (const what of Object.keys(sums) as (keyof typeof sums)[])
			sums[what] += Number(new RegExp(`(\\d+) ${what}`).exec(facts)?.[1] ?? 0);
	}
	expect(sums.minute).toBeGreaterThan(200);
	expect(said).toEqual({
		Lessons: String(listed.length),
		Time: `${Math.floor(sums.minute / 60)} h${sums.minute % 60 > 0 ? ` ${sums.minute % 60} min` : ""}`,
		Exercises: String(sums.exercise),
		Questions: String(sums.question),
	});
});

test("formats are columns where there is room, and a list for each property on a phone", async ({
	page,
	site,
}) => {
	await page.setViewportSize({ width: 1280, height: 900 });
	await page.goto(`${site.url}handbook/formats/`);
	const table = page.getByRole("table", { name: "Formats that keep arrays" });
	const cell = table.getByRole("row", { name: /^Documents/ }).getByRole("cell", { name: "attributes.json" });
	await expect(table.getByRole("columnheader", { name: "N5" })).toBeVisible();
	await expect(cell.getByText("N5", { exact: true })).toBeHidden();
	await page.setViewportSize({ width: 360, height: 800 });
	await expect(table.getByRole("columnheader", { name: "N5" })).toBeHidden();
	await expect(cell.getByText("N5", { exact: true })).toBeVisible();
	await expect(page.getByText("Specifications: ").first()).toBeVisible();
});

test("an address of a term leads to it, below the header", async ({ page, site }) => {
	await page.goto(`${site.url}handbook/glossary/#shard`);
	const term = page.getByRole("heading", { name: "Shard", exact: true });
	await expect(term).toBeInViewport();
	const header = await page.locator("header.header").boundingBox();
	expect((await term.boundingBox())?.y).toBeGreaterThan(header?.height ?? Number.POSITIVE_INFINITY);
});
