import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

test("the API reference describes the library, and its links lead somewhere", async ({ page, site }) => {
	await page.goto(`${site.url}reference/`);
	const rooms = await page
		.locator("main ul a")
		.evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
	expect(rooms.length).toBeGreaterThanOrEqual(15);
	const ids = new Map<string, Set<string>>();
	const links: string[] = [];
	for (const room of rooms) {
		await page.goto(room);
		const seen = await page.evaluate(() => ({
			ids: [...document.querySelectorAll("[id]")].map((element) => element.id),
			links: [...document.querySelectorAll<HTMLAnchorElement>("main a[href]")].map((link) => link.href),
		}));
		ids.set(new URL(room).pathname.replace(/\/$/, ""), new Set(seen.ids));
		links.push(...seen.links.filter((link) => /\/reference\/[^#]*#./.test(link)));
	}
	const dead = links.filter((link) => {
		const { pathname, hash } = new URL(link);
		return !ids.get(pathname.replace(/\/$/, ""))?.has(decodeURIComponent(hash.slice(1)));
	});
	expect(links.length).toBeGreaterThan(300);
	expect(dead).toEqual([]);

	await page.goto(`${site.url}reference/node/#folderstore`);
	await expect(page.getByRole("heading", { name: "folderStore()" })).toBeVisible();
	await page.goto(`${site.url}reference/multiscale/#tomultiscale`);
	await expect(page.getByRole("heading", { name: "toMultiscale()" })).toBeVisible();
	await expect(page.locator("main")).toContainText("scaleFactors: AbsoluteFactors | readonly ScaleFactor[]");
	await expect(page.locator("main")).toContainText("Factors are relative to the level before");
});

for (const theme of ["dark", "light"] as const) {
	test.describe(theme, () => {
		test.use({ colorScheme: theme, viewport: { width: 360, height: 800 } });

		test(`the API reference fits a phone and axe finds nothing, ${theme}`, async ({ page, site }) => {
			for (const room of ["multiscale", "stores"]) {
				await page.goto(`${site.url}reference/${room}/`);
				// Long code becomes reachable by keyboard when the page is idle.
				await page.waitForFunction(() =>
					[...document.querySelectorAll("pre")].every(
						(code) => code.scrollWidth <= code.clientWidth || code.tabIndex === 0,
					),
				);
				expect(await violations(page), room).toEqual([]);
				const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
				expect(overflow, room).toBeLessThanOrEqual(0);
			}
		});
	});
}
