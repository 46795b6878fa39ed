/** Small sites that tests build with Astro, to see what an author's mistake does to a build. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "../../scripts/paths.ts";

/** A folder for a site: within the checkout, so that the packages are found. The test removes it. */
export function siteFolder(name: string): string {
	const parent = join(root, "test-results");
	mkdirSync(parent, { recursive: true });
	return mkdtempSync(join(parent, `${name} `));
}

/** Writes a site's settings; gives a function that writes its one page and builds it. */
export function siteBuilder(
	folder: string,
	config: string,
	page: string,
): (text: string) => { status: number | null; said: string } {
	const file = join(folder, "src/pages", page);
	mkdirSync(join(file, ".."), { recursive: true });
	writeFileSync(join(folder, "astro.config.mjs"), config);
	writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
	return (text) => {
		writeFileSync(file, text);
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
}
