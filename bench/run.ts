/**
 * Measures the library against its peers on this machine: `npm run bench -- [steps | multiscale | zarr | tiff]…`, all
 * of them without a name. "steps" are the lesson's steps, in Node and in a worker of Chromium. Medians; compare the ratios, the times are this machine's. Nothing here is asserted.
 */
import { formatBytes } from "../src/lib/index.ts";
import { measureInBoth } from "./browser.ts";
import { printTable } from "./measure.ts";
import { measureMultiscale } from "./multiscale.ts";
import { copying, sampleImage } from "./support.ts";
import { measureZarr } from "./zarr.ts";

const wanted = process.argv.slice(2);
const chosen = (name: string) => wanted.length === 0 || wanted.includes(name);

const { image, what } = await sampleImage();
const copy = await copying(image);
console.log(
	`${what}: ${image.shape.join(" × ")} ${image.dtype}, ${formatBytes(image.bytes)}. Node ${process.version}.`,
);
if (chosen("steps")) await measureInBoth();
if (chosen("multiscale")) await measureMultiscale(image, copy);
else if (chosen("zarr")) printTable("", ["", "ms"], [["copy the image", copy.median]]);
if (chosen("zarr")) await measureZarr(image, copy.median);
if (chosen("tiff")) {
	process.argv.length = 2;
	console.log("\nTIFF");
	await import("./tiff.ts");
}
