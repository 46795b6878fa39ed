/** The Astro integration that gives every built page its Content-Security-Policy. It must be the last one. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { withPolicy } from "./policy.ts";

export function contentSecurityPolicy(): AstroIntegration {
	return {
		name: "chunkwise-csp",
		hooks: {
			"astro:build:done": async ({ dir }) => {
				const root = fileURLToPath(dir);
				const files = await readdir(root, { recursive: true });
				for (const file of files.filter((name) => name.endsWith(".html"))) {
					const path = join(root, file);
					await writeFile(path, withPolicy(await readFile(path, "utf8"), file));
				}
			},
		},
	};
}
