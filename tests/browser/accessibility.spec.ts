import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright/test";
import { expect, lessonPath, test } from "./site.ts";

const axeSource = readFileSync(join(import.meta.dirname, "../../node_modules/axe-core/axe.min.js"), "utf8");

async function violations(page: Page): Promise<unknown[]> {
	await page.evaluate(axeSource);
	return page.evaluate(async () => {
		// biome-ignore lint/suspicious/noExplicitAny: axe is a script without types here
		const { violations } = await (globalThis as any).axe.run(document);
		return violations.map(
			(v: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }) => ({
				id: v.id,
				help: v.help,
				nodes: v.nodes.slice(0, 4).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
			}),
		);
	});
}

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
