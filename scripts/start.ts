/**
 * `npm start [-- --port 4321]`: makes what the site serves and the project does not keep, builds the site if anything
 * changed since the last time, serves it and prints its address.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serveFolder } from "../src/cli/serve.ts";
import { astro } from "./astro.ts";
import { makeGenerated } from "./generated.ts";
import { root, siteDir } from "./paths.ts";
import { stampOf } from "./stamp.ts";

const { values } = parseArgs({ options: { port: { type: "string" } } });
const stampFile = join(root, "node_modules", ".cache", "chunkwise", "site.stamp");

await makeGenerated();
const makesTheSite = ["src", "public", "astro.config.mjs", "package.json", "package-lock.json"];
const stamp = stampOf(makesTheSite.map((place) => join(root, place)));
const isCurrent =
	existsSync(join(siteDir, "index.html")) &&
	existsSync(stampFile) &&
	readFileSync(stampFile, "utf8") === stamp;
if (!isCurrent) {
	console.log("Building the course; this takes about half a minute the first time.");
	const status = astro(["build", "--silent"]);
	if (status !== 0) process.exit(status);
	mkdirSync(join(stampFile, ".."), { recursive: true });
	writeFileSync(stampFile, stamp);
}

const { url } = await serve(values.port === undefined ? undefined : Number(values.port));
console.log(`\n  The course is open at ${url}\n  Press Ctrl+C to close it.\n`);

/** Serves at the port asked for, else at 4321 or the next that is free. */
async function serve(port: number | undefined): Promise<{ url: string }> {
	for (let at = port ?? 4321; ; at++) {
		try {
			return await serveFolder(siteDir, { port: at });
		} catch (error) {
			if ((error as { code?: string }).code !== "serve-port-in-use" || port !== undefined || at > 4340)
				throw error;
		}
	}
}
