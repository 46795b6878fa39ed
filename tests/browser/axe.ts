import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright/test";

const source = readFileSync(join(import.meta.dirname, "../../node_modules/axe-core/axe.min.js"), "utf8");

/** What axe finds wrong on the page as it is now, each with the first elements concerned. */
export async function violations(page: Page): Promise<unknown[]> {
	// Starlight's blocks of code that scroll become stops for the keyboard some time after they were laid out.
	await page.waitForFunction(() =>
		[...document.querySelectorAll(".expressive-code pre")].every(
			// What is folded away is not measured before it is unfolded.
			(block) =>
				!block.checkVisibility() || block.scrollWidth <= block.clientWidth || block.hasAttribute("tabindex"),
		),
	);
	await page.evaluate(source);
	return page.evaluate(async () => {
		// biome-ignore lint/suspicious/noExplicitAny: axe is a script without types here
		const { axe } = globalThis as any;
		// Of what is right only a count would be told: axe need not look for the address of each such element.
		const { violations } = await axe.run(document, { resultTypes: ["violations"] });
		return violations.map(
			(v: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }) => ({
				id: v.id,
				help: v.help,
				nodes: v.nodes.slice(0, 4).map((node) => `${node.target.join(" ")}: ${node.failureSummary}`),
			}),
		);
	});
}
