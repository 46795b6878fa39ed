/** `npm run build [-- --base /course/]`: the data, then the static site in dist/. */
import { astro } from "./astro.ts";
import { generateData } from "./generate-data.ts";
import { publicDir } from "./paths.ts";

await generateData(publicDir);
process.exit(astro(["build", ...process.argv.slice(2)]));
