import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./paths.ts";

/** Runs the astro command in this checkout; gives its exit code. */
export function astro(args: string[]): number {
	const { status } = spawnSync(
		process.execPath,
		[join(root, "node_modules", "astro", "bin", "astro.mjs"), ...args],
		{
			cwd: root,
			stdio: "inherit",
			env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1" },
		},
	);
	return status ?? 1;
}
