import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { root } from "../../scripts/paths.ts";
import { siteBuilder, siteFolder } from "../support/build-site.ts";

const folder = siteFolder("authors mistake");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = `import mdx from "@astrojs/mdx";
import { chunkwiseAuthoring } from ${JSON.stringify(join(root, "src/authoring/integration.ts"))};
export default { integrations: [chunkwiseAuthoring(), mdx()] };
`;

const page = `---
title: A page
---

A cell with a slip:

\`\`\`ts cell id=open tittle="Open"
1
\`\`\`
`;

test("a slip of an author ends the build itself, which prints file:line:col and the nearest name", () => {
	const build = siteBuilder(folder, config, "page.mdx");
	const slip = build(page);
	expect(slip.status).not.toBe(0);
	expect(slip.said).toMatch(/src[\\/]pages[\\/]page\.mdx:7:1/);
	expect(slip.said).toContain("The cell “open” has an unknown option “tittle”. Did you mean “title”?");
	// The same page without a cell builds: it was the slip that ended it.
	expect(build(page.replace(/```[^`]*```/, "none"))).toMatchObject({ status: 0 });
}, 120_000);
