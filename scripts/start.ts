/**
 * `npm start [-- --port 4321]`: generates the data, the API reference, the editor’s types and the library as a package,
 * builds the site if anything changed since the last time, serves it and prints its address.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { serveFolder } from "../src/cli/serve.ts";
import { makeReference } from "./api-reference.ts";
import { astro } from "./astro.ts";
import { makeEditorTypes } from "./editor-types.ts";
import { generateAll } from "./generate-images.ts";
import { packLibrary } from "./pack-library.ts";
import { publicDir, root, siteDir } from "./paths.ts";
import { stampOf } from "./stamp.ts";

const { values } = parseArgs({ options: { port: { type: "string" } } });
const stampFile = join(root, "node_modules", ".cache", "chunkwise", "site.stamp");

await generateAll(publicDir);
await makeReference();
makeEditorTypes();
packLibrary();
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
