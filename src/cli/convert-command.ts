/** `chunkwise convert IN OUT`: a TIFF or a Zarr to an OME-Zarr. */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ChunkwiseError } from "../lib/errors.ts";
import { formatBytes, formatDuration } from "../lib/format.ts";
import type { SpatialImage } from "../lib/image/spatial-image.ts";
import { Multiscale } from "../lib/multiscale/multiscale.ts";
import { type MultiscaleMethod, type ScaleFactor, toMultiscale } from "../lib/multiscale/to-multiscale.ts";
import type { WritableVersion } from "../lib/ngff/metadata.ts";
import { toNgffZarr } from "../lib/ngff/write.ts";
import type { LongTask } from "../lib/progress.ts";
import { folderStore } from "../lib/stores/node-folder.ts";
import type { CodecName } from "../lib/zarr/codecs.ts";
import { readInput } from "./convert-input.ts";

export type ConvertFormat = `ome-zarr-${WritableVersion}`;

export const convertFormats: readonly ConvertFormat[] = ["ome-zarr-0.5", "ome-zarr-0.4"];

export interface ConvertOptions extends LongTask {
	/** Default ome-zarr-0.5. */
	format?: ConvertFormat;
	/**
	 * Relative to the level before; default 2, 4, less along axes that are too short. The levels of an OME-Zarr are kept
	 * where neither these nor a method nor a level are given.
	 */
	scaleFactors?: number[];
	/** How coarser levels are computed; default mean. */
	method?: MultiscaleMethod;
	/** The scale level of an OME-Zarr to begin with. */
	level?: number;
	/** One edge for all axes in space, or an edge for each, slowest first. Default for a Zarr: its own. */
	chunks?: number[];
	/** One edge for all axes in space, or an edge for each, slowest first. */
	shards?: number[];
	codec?: CodecName;
	overwrite?: boolean;
}

export interface ConvertResult {
	path: string;
	out: string;
	format: ConvertFormat;
	levels: {
		path: string;
		shape: readonly number[];
		chunks: readonly number[];
		shards: readonly number[] | null;
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
	const { scaleFactors, method, level, format = "ome-zarr-0.5" } = options;
	const keepLevels = scaleFactors === undefined && method === undefined && level === undefined;
	const input = await readInput(path, { ...options, level, allLevels: keepLevels });
	const [image] = input.levels;
	const chunks = chunkRequest(image, options.chunks, "chunks") ?? input.chunks;
	const shards = chunkRequest(image, options.shards, "shards");
	const multiscale =
		input.levels.length > 1
			? new Multiscale(input.levels, { method: input.type ?? "", chunks })
			: await toMultiscale(image, scaleFactors ?? usualFactors(image), {
					signal: options.signal,
					onProgress: options.onProgress,
					method,
					chunks,
				});
	const unfinished = `${place}.${randomUUID().slice(0, 8)}.unfinished`;
	try {
		await mkdir(dirname(place), { recursive: true });
		const report = await toNgffZarr(folderStore(unfinished), multiscale, {
			version: format.slice("ome-zarr-".length) as WritableVersion,
			codec: options.codec,
			shards,
			signal: options.signal,
			onProgress: options.onProgress,
		});
		await putInPlace(unfinished, place, out, options.overwrite ?? false);
		return {
			path,
			out,
			format,
			levels: report.levels.map((level, i) => ({
				path: level.path,
				shape: multiscale.levels[i].shape,
				chunks: multiscale.chunks[i],
				shards: level.shards ?? null,
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

function chunkRequest(
	image: SpatialImage,
	lengths: number[] | undefined,
	what: "chunks" | "shards",
): number | Record<string, number> | undefined {
	if (!lengths || lengths.length === 1) return lengths?.[0];
	const space = image.dims.filter((dim) => dim !== "t" && dim !== "c");
	const dims = lengths.length === image.dims.length ? image.dims : space;
	if (lengths.length !== dims.length) {
		throw new ChunkwiseError(
			`bad-${what}`,
			`${lengths.length} lengths of ${what} are given for ${image.dims.join(", ")}.`,
			{
				where: image.name,
				remedy: `Give one length, or one for each of ${space.join(", ")}.`,
			},
		);
	}
	return Object.fromEntries(dims.map((dim, i) => [dim, lengths[i]]));
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
			`  ${level.path}  ${level.shape.join(" × ")} in ${level.chunkCount} chunks of ${level.chunks.join(" × ")}` +
			(level.shards ? `, shards of ${level.shards.join(" × ")}` : ""),
	);
	const ratio = (result.bytes / result.stored).toFixed(2);
	return [
		`${result.path} → ${result.out}`,
		...levels,
		`  ${formatBytes(result.bytes)} stored in ${formatBytes(result.stored)} (${ratio} to 1, ${result.codec}), ${result.objects} files, ${formatDuration(result.milliseconds)}`,
	].join("\n");
}
