/**
 * All that the site serves and the project does not keep: sample data, the API reference, the editor’s types, the library
 * as a package, the lessons’ Python as notebooks. `node scripts/generated.ts` makes it, and so do `npm start` and a build.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { makeReference } from "./api-reference.ts";
import { makeEditorTypes } from "./editor-types.ts";
import { generateAll } from "./generate-images.ts";
import { makeNotebooks } from "./notebooks.ts";
import { packLibrary } from "./pack-library.ts";
import { publicDir } from "./paths.ts";

export async function makeGenerated(): Promise<void> {
	await generateAll(publicDir);
	await makeReference();
	makeEditorTypes();
	packLibrary();
	await makeNotebooks();
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await makeGenerated();
