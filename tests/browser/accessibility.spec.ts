import { violations } from "./axe.ts";
import { sitePages } from "./pages.ts";
import { expect, test } from "./site.ts";

for (const theme of ["dark", "light"] as const) {
	for (const width of [1280, 360]) {
		test.describe(`${theme}, ${width} px`, () => {
			test.use({ colorScheme: theme, viewport: { width, height: 800 } });

			test(`12: axe finds nothing on any page, ${theme}, ${width} px`, async ({ page, site }) => {
				test.slow();
				// The pages of the reference are made by one template: all are looked at once, one of them each time.
				const all = theme === "light" && width === 1280;
				for (const path of sitePages().filter((path) => all || !/^reference\/(?!plan)./.test(path))) {
					await page.goto(site.url + path, { waitUntil: "networkidle" });
					expect.soft(await violations(page), `/${path}`).toEqual([]);
				}
			});

			test(`12: axe finds nothing after every cell has run, and nothing is wider than the screen, ${theme}, ${width} px`, async ({
				lesson,
			}) => {
				await lesson.open({ prefer: "phantom" });
				await lesson.page.getByRole("button", { name: "Run all cells" }).click();
				await lesson.expectState("chunk-grid", "done", 100_000);
				const overflow = await lesson.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
				expect(overflow).toBeLessThanOrEqual(0);
				await lesson.type("slice-cost", "nonsense");
				await lesson.press("slice-cost");
				await lesson.expectState("slice-cost", "failed");
				expect(await violations(lesson.page)).toEqual([]);
			});
		});
	}
}
