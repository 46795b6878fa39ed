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
				// Recorded lines, however many: nothing scrolls that keys do not reach.
				const recorded = lesson.page.locator("[data-part=recorded] .cw-console").first();
				await recorded.evaluate((box) => {
					for (let i = 0; i < 60; i++) box.append(box.firstElementChild?.cloneNode(true) ?? "");
				});
				expect(await recorded.evaluate((box) => box.scrollHeight - box.clientHeight)).toBeLessThanOrEqual(0);
				expect(await violations(lesson.page)).toEqual([]);
				await lesson.page.getByRole("button", { name: "Run all cells" }).click();
				await lesson.expectState("chunk-grid", "done", 100_000);
				const overflow = await lesson.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
				expect(overflow).toBeLessThanOrEqual(0);
				await lesson.type("slice-cost", "nonsense");
				await lesson.press("slice-cost");
				await lesson.expectState("slice-cost", "failed");
				// Lines of a run that are more than fit, beside some that fit.
				await lesson.write("attribute-keys", 'for (let i = 0; i < 60; i++) console.log("line", i);');
				await lesson.run("attribute-keys");
				const lines = lesson.output("attribute-keys").getByRole("group", { name: "Console lines" });
				await lines.focus();
				await lesson.page.keyboard.press("End");
				await expect.poll(() => lines.evaluate((box) => box.scrollTop)).toBeGreaterThan(0);
				await lesson.write("metadata", 'console.log("one line");');
				await lesson.run("metadata");
				await expect(lesson.output("metadata").locator(".cw-console")).not.toHaveAttribute("tabindex");
				expect(await violations(lesson.page)).toEqual([]);
			});
		});
	}
}
