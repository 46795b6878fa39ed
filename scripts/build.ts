/** `npm run build [-- --base /course/]`: the data, the API reference and the editor’s types, then the static site in dist/. */
import { makeReference } from "./api-reference.ts";
import { astro } from "./astro.ts";
import { makeEditorTypes } from "./editor-types.ts";
import { generateData } from "./generate-data.ts";
import { publicDir } from "./paths.ts";

await generateData(publicDir);
await makeReference();
makeEditorTypes();
process.exit(astro(["build", ...process.argv.slice(2)]));
