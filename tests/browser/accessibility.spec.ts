import { violations } from "./axe.ts";
import { expect, lessonPath, test } from "./site.ts";

for (const theme of ["dark", "light"] as const) {
	test.describe(theme, () => {
		test.use({ colorScheme: theme });

		test(`axe finds nothing on the pages, ${theme}`, async ({ page, site }) => {
			for (const path of ["", "start-here/", lessonPath]) {
				await page.goto(site.url + path);
				expect(await violations(page), path).toEqual([]);
			}
		});

		test(`axe finds nothing after every cell has run, ${theme}`, async ({ lesson }) => {
			await lesson.open({ prefer: "phantom" });
			await lesson.page.getByRole("button", { name: "Run all cells" }).click();
			await lesson.expectState("chunk-grid", "done", 100_000);
			await lesson.type("slice-cost", "nonsense");
			await lesson.press("slice-cost");
			await lesson.expectState("slice-cost", "failed");
			expect(await violations(lesson.page)).toEqual([]);
		});
	});
}

for (const width of [360, 1280]) {
	test(`nothing is wider than the screen at ${width} px`, async ({ lesson }) => {
		await lesson.page.setViewportSize({ width, height: 800 });
		await lesson.open({ prefer: "phantom" });
		await lesson.page.getByRole("button", { name: "Run all cells" }).click();
		await lesson.expectState("chunk-grid", "done", 100_000);
		const overflow = await lesson.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		expect(overflow).toBeLessThanOrEqual(0);
	});
}
