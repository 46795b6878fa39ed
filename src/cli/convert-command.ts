/** `chunkwise convert IN OUT`: a TIFF to an OME-Zarr. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ChunkwiseError } from "../lib/errors.ts";
import { formatBytes, formatDuration } from "../lib/format.ts";
import type { SpatialImage } from "../lib/image/spatial-image.ts";
import { type ScaleFactor, toMultiscale } from "../lib/multiscale/to-multiscale.ts";
import { toNgffZarr } from "../lib/ngff/write.ts";
import type { LongTask } from "../lib/progress.ts";
import { folderStore } from "../lib/stores/node-folder.ts";
import { tiffToSpatialImage } from "../lib/tiff/spatial.ts";
import { openTiff } from "../lib/tiff/tiff.ts";
import type { CodecName } from "../lib/zarr/codecs.ts";
import { openTarget, pageOf } from "./target.ts";

export interface ConvertOptions extends LongTask {
	/** Relative to the level before; default 2, 4, less along axes that are too short. */
	scaleFactors?: number[];
	/** One edge for all axes in space, or an edge for each, slowest first. */
	chunks?: number[];
	codec?: CodecName;
	overwrite?: boolean;
}

export interface ConvertResult {
	path: string;
	out: string;
	format: "ome-zarr-0.5";
	levels: {
		path: string;
		shape: readonly number[];
		chunks: readonly number[];
		chunkCount: number;
		bytes: number;
		stored: number;
	}[];
	codec: CodecName;
	bytes: number;
	stored: number;
	objects: number;
	milliseconds: number;
}

/**
 * Converts. What is being written stands beside OUT under another name and is renamed when it is whole, so that OUT is
 * never half an image.
 * @throws ChunkwiseError out-exists, unsupported-format, and as reading, down-sampling and writing
 */
export async function convert(
	path: string,
	out: string,
	options: ConvertOptions = {},
): Promise<ConvertResult> {
	const started = performance.now();
	const place = resolve(out);
	await checkRoom(place, out, options.overwrite ?? false);
	const image = await readInput(path, options);
	const multiscale = await toMultiscale(image, options.scaleFactors ?? usualFactors(image), {
		signal: options.signal,
		onProgress: options.onProgress,
		chunks: chunkRequest(image, options.chunks),
	});
	const unfinished = `${place}.${randomUUID().slice(0, 8)}.unfinished`;
	try {
		await mkdir(dirname(place), { recursive: true });
		const report = await toNgffZarr(folderStore(unfinished), multiscale, {
			version: "0.5",
			codec: options.codec,
			signal: options.signal,
			onProgress: options.onProgress,
		});
		await putInPlace(unfinished, place, out, options.overwrite ?? false);
		return {
			path,
			out,
			format: "ome-zarr-0.5",
			levels: report.levels.map((level, i) => ({
				path: level.path,
				shape: multiscale.levels[i].shape,
				chunks: multiscale.chunks[i],
				chunkCount: multiscale.chunkCounts[i],
				bytes: level.bytes,
				stored: level.stored,
			})),
			codec: report.codec,
			bytes: report.bytes,
			stored: report.stored,
			objects: report.objects,
			milliseconds: Math.round(performance.now() - started),
		};
	} finally {
		await rm(unfinished, { recursive: true, force: true });
	}
}

async function readInput(path: string, options: ConvertOptions): Promise<SpatialImage> {
	const target = await openTarget(path);
	try {
		if (target.kind !== "tiff") {
			throw new ChunkwiseError("unsupported-format", "Only TIFF files can be converted so far.", {
				where: path,
				remedy: "Give a TIFF file.",
			});
		}
		const page = pageOf(target.inner, target.source.name);
		const tiff = await openTiff(target.source, options);
		return await tiffToSpatialImage(tiff, {
			signal: options.signal,
			onProgress: options.onProgress,
			page: typeof page === "number" ? page : undefined,
			name: imageName(target.source.name),
		});
	} finally {
		await target.close();
	}
}

/** The file's name without its endings: `cells.ome.tif` is cells. */
function imageName(fileName: string): string {
	return basename(fileName).replace(/(\.ome)?\.tiff?$/i, "") || "image";
}

/** 2 then 4 as in the course, along the axes that are long enough. */
function usualFactors(image: SpatialImage): ScaleFactor[] {
	let shape = [...image.shape];
	const levels: Record<string, number>[] = [];
	for (const factor of [2, 4]) {
		const factors: Record<string, number> = {};
		image.dims.forEach((dim, axis) => {
			if (dim !== "t" && dim !== "c" && shape[axis] >= factor) factors[dim] = factor;
		});
		if (Object.keys(factors).length === 0) break;
		shape = shape.map((size, axis) => Math.floor(size / (factors[image.dims[axis]] ?? 1)));
		levels.push(factors);
	}
	return levels;
}

function chunkRequest(image: SpatialImage, chunks?: number[]): number | Record<string, number> | undefined {
	if (!chunks || chunks.length === 1) return chunks?.[0];
	const space = image.dims.filter((dim) => dim !== "t" && dim !== "c");
	const dims = chunks.length === image.dims.length ? image.dims : space;
	if (chunks.length !== dims.length) {
		throw new ChunkwiseError(
			"bad-chunks",
			`${chunks.length} chunk lengths are given for ${image.dims.join(", ")}.`,
			{
				where: image.name,
				remedy: `Give one length, or one for each of ${space.join(", ")}.`,
			},
		);
	}
	return Object.fromEntries(dims.map((dim, i) => [dim, chunks[i]]));
}

async function isThere(place: string): Promise<boolean> {
	return stat(place).then(
		() => true,
		(error: NodeJS.ErrnoException) => {
			if (error.code === "ENOENT") return false;
			throw error;
		},
	);
}

async function checkRoom(place: string, out: string, overwrite: boolean): Promise<void> {
	if (!(await isThere(place))) return;
	if (!overwrite) {
		throw new ChunkwiseError("out-exists", "There is something at the place of the result already.", {
			where: out,
			remedy: "Choose another name, or replace it with --overwrite.",
		});
	}
	// A wrong path must not cost a folder of photographs: only what looks like a result of this command is replaced.
	const isZarr = await Promise.all(
		["zarr.json", ".zgroup", ".zarray"].map((name) => isThere(join(place, name)).catch(() => false)),
	);
	if (isZarr.some(Boolean) || (await readdir(place).catch(() => [""])).length === 0) return;
	throw new ChunkwiseError("out-not-zarr", "What is at the place of the result is no Zarr folder.", {
		where: out,
		remedy: "--overwrite replaces Zarr folders only: choose another name, or remove it yourself.",
	});
}

async function putInPlace(unfinished: string, place: string, out: string, overwrite: boolean): Promise<void> {
	// Looked at again: writing took its time.
	await checkRoom(place, out, overwrite);
	if (!(await isThere(place))) {
		await rename(unfinished, place);
		return;
	}
	const former = `${place}.${randomUUID().slice(0, 8)}.former`;
	await rename(place, former);
	try {
		await rename(unfinished, place);
	} catch (error) {
		await rename(former, place);
		throw error;
	}
	await rm(former, { recursive: true, force: true });
}

/** The same for people. */
export function convertText(result: ConvertResult): string {
	const levels = result.levels.map(
		(level) =>
			`  ${level.path}  ${level.shape.join(" × ")} in ${level.chunkCount} chunks of ${level.chunks.join(" × ")}`,
	);
	const ratio = (result.bytes / result.stored).toFixed(2);
	return [
		`${result.path} → ${result.out}`,
		...levels,
		`  ${formatBytes(result.bytes)} stored in ${formatBytes(result.stored)} (${ratio} to 1, ${result.codec}), ${result.objects} files, ${formatDuration(result.milliseconds)}`,
	].join("\n");
}
