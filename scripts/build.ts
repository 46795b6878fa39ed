/** `npm run build [-- --base /course/]`: the data, the API reference, the editor’s types and the library as a package, then the static site in dist/. */
import { makeReference } from "./api-reference.ts";
import { astro } from "./astro.ts";
import { makeEditorTypes } from "./editor-types.ts";
import { generateAll } from "./generate-images.ts";
import { packLibrary } from "./pack-library.ts";
import { publicDir } from "./paths.ts";

await generateAll(publicDir);
await makeReference();
makeEditorTypes();
packLibrary();
process.exit(astro(["build", ...process.argv.slice(2)]));
