/** `npm run build [-- --base /course/]`: the data and the API reference, then the static site in dist/. */
import { makeReference } from "./api-reference.ts";
import { astro } from "./astro.ts";
import { generateData } from "./generate-data.ts";
import { publicDir } from "./paths.ts";

await generateData(publicDir);
await makeReference();
process.exit(astro(["build", ...process.argv.slice(2)]));
