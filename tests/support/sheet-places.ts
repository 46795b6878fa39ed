/**
 * Serves the places that stand for the cheat sheet's addresses, in a process of their own: `node sheet-places.ts FOLDER`.
 * Prints one line of JSON, and ends with its standard input.
 */
import { serveFolder } from "../../src/cli/serve.ts";
import { bucketEngine } from "../../src/lib/bucket/engine.ts";
import { embryoName } from "../../src/lib/samples/embryo-zarr.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { serveBucket } from "../unit/bucket-server.ts";
import { sheetAddresses } from "./cheat-sheet.ts";

const site = await serveFolder(process.argv[2], { port: 0 });
const service = await serveBucket(bucketEngine(memoryStore(), { name: sheetAddresses.bucket }));
console.log(JSON.stringify({ image: `${site.url}${embryoName}`, service: service.url }));
process.stdin.resume();
process.stdin.on("end", () => process.exit());
