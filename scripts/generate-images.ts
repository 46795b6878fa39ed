/**
 * Images in the formats of the course that the site serves and the project does not keep: public/data/phantom.ome.zarr,
 * the phantom (synthetic) as OME-Zarr, made from the TIFF beside it; and public/data/6001240.zarr, the synthetic
 * stand-in for a public image. Does nothing where they are there already.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openTiff, tiffToSpatialImage, toMultiscale, toNgffZarr } from "../src/lib/index.ts";
import { folderStore } from "../src/lib/node.ts";
import { embryoVersion } from "../src/lib/samples/embryo.ts";
import { embryoName, writeEmbryo } from "../src/lib/samples/embryo-zarr.ts";
import { phantomFileName } from "../src/lib/samples/phantom-tiff.ts";
import { generateData } from "./generate-data.ts";
import { publicDir as siteData } from "./paths.ts";

/** In the folder data of the site. */
export const phantomImageName = "phantom.ome.zarr";
/** Raised when what is made of the phantom changes. */
const phantomImageVersion = 2;

interface GeneratedImage {
	name: string;
	/** Another one when the image would come out differently. */
	version: string;
	/** Writes it into a folder. */
	make(folder: string): Promise<void>;
}

/** A note beside the images, of what they were made from. */
const noteName = "images.json";

/**
 * Makes the images in `publicDir`/data; each folder appears whole or not at all.
 * @param sample the SHA-256 of the TIFF's voxels, and its version
 */
export async function generateImages(publicDir: string, sample: { voxelsSha256: string }): Promise<void> {
	const data = join(publicDir, "data");
	await mkdir(data, { recursive: true });
	await generate(data, [
		{
			name: phantomImageName,
			version: `${phantomImageVersion}, of ${sample.voxelsSha256}`,
			make: (folder) => phantomImage(join(data, phantomFileName), folder),
		},
		{
			name: embryoName,
			version: String(embryoVersion),
			make: (folder) => writeEmbryo(folderStore(folder)),
		},
	]);
}

async function generate(data: string, images: GeneratedImage[]): Promise<void> {
	const note = join(data, noteName);
	const made = await notes(note);
	for (const { name, version, make } of images) {
		if (made[name] === version && (await readdir(join(data, name)).catch(() => [])).length > 0) continue;
		const started = performance.now();
		const temporary = join(data, `${name}.${process.pid}-${randomUUID()}.part`);
		try {
			await make(temporary);
			const place = join(data, name);
			await rm(place, { recursive: true, force: true });
			await rename(temporary, place);
			made[name] = version;
			await writeFile(note, JSON.stringify(made));
			const seconds = ((performance.now() - started) / 1000).toFixed(1);
			const files = await readdir(place, { recursive: true, withFileTypes: true });
			const count = files.filter((entry) => entry.isFile()).length;
			console.log(`data: made ${name} (${count} files, synthetic) in ${seconds} s.`);
		} finally {
			await rm(temporary, { recursive: true, force: true });
		}
	}
}

/** Which version of each image is there. */
async function notes(file: string): Promise<Record<string, string>> {
	try {
		return JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
	} catch {
		// Absent or unreadable: made anew.
		return {};
	}
}

async function phantomImage(tiffPath: string, folder: string): Promise<void> {
	const tiff = await openTiff(await readFile(tiffPath));
	const image = await tiffToSpatialImage(tiff, { name: "synthetic-phantom" });
	const multiscale = await toMultiscale(image, [2, 4], { chunks: 32 });
	await toNgffZarr(folderStore(folder), multiscale, {
		channels: [{ label: "synthetic nuclei", color: "FFFFFF" }],
	});
}

/** All data that the site serves and the project does not keep. */
export async function generateAll(publicDir: string): Promise<void> {
	await generateImages(publicDir, await generateData(publicDir));
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
	await generateAll(siteData);
