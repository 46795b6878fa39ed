/**
 * The data that the site serves and the project does not keep: public/data/hl60-phantom.tif and what samples.json says
 * of it. Does nothing where they are there and were made by this version of the generator.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatBytes } from "../src/lib/format.ts";
import { phantomSeed, phantomVersion } from "../src/lib/samples/phantom.ts";
import { phantomFileName, phantomTiff } from "../src/lib/samples/phantom-tiff.ts";

/** One file of samples.json. */
export interface GeneratedSample {
	name: string;
	bytes: number;
	/** Of the file. Differs between machines whose zlib compresses differently. */
	sha256: string;
	/** Of the voxels as little-endian C-order bytes. The same everywhere. */
	voxelsSha256: string;
	shape: number[];
	dtype: string;
	synthetic: true;
	generatorVersion: number;
	seed: number;
}

/** Makes `publicDir`/data. Each file appears whole or not at all, also when two processes do this at once. */
export async function generateData(publicDir: string): Promise<GeneratedSample> {
	const folder = join(publicDir, "data");
	const existing = await currentSample(folder);
	if (existing) {
		console.log(`data: ${existing.name} is there (${formatBytes(existing.bytes)}, synthetic).`);
		return existing;
	}
	const started = performance.now();
	const { bytes, phantom } = await phantomTiff();
	const sample: GeneratedSample = {
		name: phantomFileName,
		bytes: bytes.byteLength,
		sha256: sha256(bytes),
		voxelsSha256: sha256(new Uint8Array(phantom.data.buffer)),
		shape: phantom.shape,
		dtype: phantom.dtype,
		synthetic: true,
		generatorVersion: phantom.version,
		seed: phantom.seed,
	};
	await mkdir(folder, { recursive: true });
	await writeWhole(join(folder, phantomFileName), bytes);
	await writeWhole(join(folder, "samples.json"), `${JSON.stringify([sample], null, "\t")}\n`);
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	console.log(`data: made ${sample.name} (${formatBytes(sample.bytes)}, synthetic) in ${seconds} s.`);
	return sample;
}

/** The sample that is in the folder, if it is whole and of this version of the generator. */
export async function currentSample(folder: string): Promise<GeneratedSample | undefined> {
	try {
		const list = JSON.parse(await readFile(join(folder, "samples.json"), "utf8")) as GeneratedSample[];
		const found = list.find(({ name }) => name === phantomFileName);
		if (found?.generatorVersion !== phantomVersion || found.seed !== phantomSeed) return undefined;
		return sha256(await readFile(join(folder, phantomFileName))) === found.sha256 ? found : undefined;
	} catch {
		// Absent or unreadable: made anew.
		return undefined;
	}
}

async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
	const temporary = `${path}.${process.pid}-${randomUUID()}.part`;
	try {
		await writeFile(temporary, content);
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
}

function sha256(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}
