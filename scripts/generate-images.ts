/**
 * Images in the formats of the course that the site serves and the project does not keep: public/data/phantom.ome.zarr,
 * the phantom (synthetic) as OME-Zarr, made from the TIFF beside it. Does nothing where it is there already.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openTiff, tiffToSpatialImage, toMultiscale, toNgffZarr } from "../src/lib/index.ts";
import { folderStore } from "../src/lib/node.ts";
import { phantomFileName } from "../src/lib/samples/phantom-tiff.ts";
import { generateData } from "./generate-data.ts";
import { publicDir as siteData } from "./paths.ts";

/** Raised when what is made here changes. */
const imagesVersion = 2;
/** In the folder data of the site. */
export const phantomImageName = "phantom.ome.zarr";

/**
 * Makes the images in `publicDir`/data; each folder appears whole or not at all.
 * @param sample the SHA-256 of the TIFF's voxels, and its version
 */
export async function generateImages(
	publicDir: string,
	sample: { voxelsSha256: string; generatorVersion: number },
): Promise<void> {
	const folder = join(publicDir, "data");
	const mark = join(folder, "images.json");
	const wanted = JSON.stringify({
		version: imagesVersion,
		of: sample.voxelsSha256,
		images: [phantomImageName],
	});
	if ((await readFile(mark, "utf8").catch(() => "")) === wanted) return;
	const started = performance.now();
	await mkdir(folder, { recursive: true });
	const temporary = join(folder, `${phantomImageName}.${process.pid}-${randomUUID()}.part`);
	try {
		const tiff = await openTiff(await readFile(join(folder, phantomFileName)));
		const image = await tiffToSpatialImage(tiff, { name: "synthetic-phantom" });
		const multiscale = await toMultiscale(image, [2, 4], { chunks: 32 });
		const report = await toNgffZarr(folderStore(temporary), multiscale, {
			channels: [{ label: "synthetic nuclei", color: "FFFFFF" }],
		});
		const place = join(folder, phantomImageName);
		await rm(place, { recursive: true, force: true });
		await rename(temporary, place);
		await writeFile(mark, wanted);
		const seconds = ((performance.now() - started) / 1000).toFixed(1);
		console.log(`data: made ${phantomImageName} (${report.objects} files, synthetic) in ${seconds} s.`);
	} finally {
		await rm(temporary, { recursive: true, force: true });
	}
}

/** All data that the site serves and the project does not keep. */
export async function generateAll(publicDir: string): Promise<void> {
	await generateImages(publicDir, await generateData(publicDir));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
	await generateAll(siteData);
