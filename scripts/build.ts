/** `npm run build [-- --base /course/]`: what the site serves and the project does not keep, then the static site in dist/. */
import { astro } from "./astro.ts";
import { makeGenerated } from "./generated.ts";

await makeGenerated();
process.exit(astro(["build", ...process.argv.slice(2)]));
