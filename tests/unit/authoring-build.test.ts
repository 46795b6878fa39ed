import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, expect, test } from "vitest";
import { root } from "../../scripts/paths.ts";

/** Within the checkout, so that the packages are found. */
const parent = join(root, "test-results");
mkdirSync(parent, { recursive: true });
const folder = mkdtempSync(join(parent, "authors mistake "));
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
	mkdirSync(join(folder, "src/pages"), { recursive: true });
	writeFileSync(join(folder, "astro.config.mjs"), config);
	writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
	const build = (text: string) => {
		writeFileSync(join(folder, "src/pages/page.mdx"), text);
		const { status, stdout, stderr } = spawnSync(
			process.execPath,
			[join(root, "node_modules/astro/bin/astro.mjs"), "build", "--root", folder],
			{
				cwd: folder,
				encoding: "utf8",
				env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", NO_COLOR: "1" },
			},
		);
		return { status, said: stripVTControlCharacters(stdout + stderr) };
	};
	const slip = build(page);
	expect(slip.status).not.toBe(0);
	expect(slip.said).toMatch(/src[\\/]pages[\\/]page\.mdx:7:1/);
	expect(slip.said).toContain("The cell “open” has an unknown option “tittle”. Did you mean “title”?");
	// The same page without a cell builds: it was the slip that ended it.
	expect(build(page.replace(/```[^`]*```/, "none"))).toMatchObject({ status: 0 });
}, 120_000);
