/** `chunkwise convert IN OUT`: an image of any format to OME-Zarr or N5, in bounded memory. */
import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
	type ConversionFormat,
	type ConversionImage,
	type ConvertedLevel,
	convertImages,
	defaultMemory,
} from "../lib/convert/convert.ts";
import type { RegionSource } from "../lib/convert/region-source.ts";
import { ChunkwiseError } from "../lib/errors.ts";
import { formatBytes, formatDuration } from "../lib/format.ts";
import type { ChunkRequest } from "../lib/multiscale/chunks.ts";
import { levelFactors, type MultiscaleMethod, type ScaleFactor } from "../lib/multiscale/to-multiscale.ts";
import { openNodePool } from "../lib/parallel/node-pool.ts";
import type { WorkerPool } from "../lib/parallel/pool.ts";
import type { LongTask } from "../lib/progress.ts";
import { itemSize, product } from "../lib/types.ts";
import type { CodecName } from "../lib/zarr/codecs.ts";
import { compressionLevel } from "../lib/zarr/compression-level.ts";
import { type Input, openInput } from "./convert-input.ts";
import { ConversionPlace, isZipName } from "./convert-place.ts";
import { changeVersion, versionedGroup } from "./convert-version.ts";
import { isUrl, openTarget, splitPath, type Target } from "./target.ts";

export type ConvertFormat = ConversionFormat;

export const convertFormats: readonly ConvertFormat[] = ["ome-zarr-0.5", "ome-zarr-0.4", "n5"];

export interface ConvertOptions extends LongTask {
	/** Default ome-zarr-0.5. */
	format?: ConvertFormat;
	/**
	 * Relative to the level before; default 2, 4, less along axes that are too short. The levels of an input that has
	 * several are kept where neither these nor a method are given.
	 */
	scaleFactors?: number[];
	/** How coarser levels are computed; default mean. */
	method?: MultiscaleMethod;
	/** One edge for all axes in space, or an edge for each, slowest first. Default for a Zarr or N5: its own. */
	chunks?: number[];
	/** One edge for all axes in space, or an edge for each, slowest first. */
	shards?: number[];
	/** Default blosc-lz4; gzip for N5, which every N5 program reads. */
	codec?: CodecName;
	/** The codec's compression level; default its usual one. */
	level?: number;
	overwrite?: boolean;
	/** Forget what an interrupted call left, and begin anew. */
	restart?: boolean;
	/** Bytes of memory to be content with, beside what Node itself takes; default 256 MiB. */
	memory?: number;
}

export interface ConvertResult {
	path: string;
	out: string;
	format: ConvertFormat;
	levels: ConvertedLevel[];
	/** Names of the labels that were carried over. */
	labels: string[];
	/** Names of labels that the format has no place for. */
	leftOut?: string[];
	/** null: chunks are as they were in the input. */
	codec: CodecName | null;
	bytes: number;
	stored: number;
	objects: number;
	/** Parts of the work, and how many of them an interrupted call had done. */
	parts: number;
	resumed: number;
	milliseconds: number;
}

/** Smaller work is done before a worker has started. */
const worthWorkers = 32 << 20;

/**
 * Converts. What is being written stands beside OUT as `OUT.unfinished` and is renamed when it is whole, so that OUT is
 * never half an image; the same call goes on where one before it was interrupted.
 * @throws ChunkwiseError out-exists, resume-differs, in-progress, bad-level, and as reading, down-sampling and writing
 */
export async function convert(
	path: string,
	out: string,
	options: ConvertOptions = {},
): Promise<ConvertResult> {
	const started = performance.now();
	const { format = "ome-zarr-0.5", signal, onProgress } = options;
	const codec = options.codec ?? (format === "n5" ? "gzip" : "blosc-lz4");
	compressionLevel(codec, options.level);
	checkZip(out, format);
	const place = new ConversionPlace(out, options.overwrite ?? false);
	const { signal: _, onProgress: __, restart, ...said } = options;
	const call = JSON.stringify([path, out, said]);
	const finished = restart ? undefined : await place.finished<ConvertResult>(call);
	if (finished) return finished;
	await place.checkRoom();

	const target = await openTarget(path);
	const changed = await versionChanged(target, path, place, options).catch(async (error) => {
		await target.close();
		throw error;
	});
	if (changed) {
		const result = { path, out, format, ...changed, milliseconds: Math.round(performance.now() - started) };
		await place.finish(call, result, { signal, onProgress }).catch(async (error) => {
			await place.release();
			throw error;
		});
		return result;
	}
	let pool: WorkerPool | undefined;
	let claimed = false;
	let kept = false;
	let stopCollecting: (() => void) | undefined;
	try {
		const input = await openInput(target, path, signal);
		const images = imagesOf(input, options);
		const leftOut = images.length > 1 ? [] : input.labels.map(({ name }) => name);
		const identity = {
			from: isUrl(path) ? path : resolve(path),
			input: await inputIdentity(path, input),
			memory: options.memory ?? defaultMemory,
		};
		const bytes = images.reduce((sum, image) => sum + bytesOf(image.levels), 0);
		// A worker takes some 100 MiB: for codecs that are as fast as the disk it is not worth that.
		const alone = bytes < worthWorkers || codec === "none" || codec === "blosc-lz4";
		const work = { bytes, chunkCount: Math.ceil(bytes / (1 << 19)), codec };
		pool = await openNodePool(alone ? { workers: 0, signal } : { workers: "auto", work, signal });
		stopCollecting = collectWhile((options.memory ?? defaultMemory) / 4);
		const wasBegun = !restart && (await place.begun());
		await place.claim(restart);
		claimed = true;
		kept = wasBegun;
		const report = await convertImages(images, place.image, {
			format,
			codec,
			level: options.level,
			shards: chunkRequest(input.levels[0], options.shards, "shards"),
			pool,
			memory: options.memory,
			work: place.work,
			identity,
			signal,
			onProgress,
			checkInput: input.check,
			onTask: ({ type }) => {
				// From the first part on there is something to go on with.
				if (type === "ended") kept = true;
			},
		});
		// Chunks that went while their metadata was still there are missed here.
		if (!isUrl(path) && (await inputIdentity(path, input).catch(() => "")) !== identity.input) {
			kept = false;
			throw inputChanged(path);
		}
		const result: ConvertResult = {
			path,
			out,
			format,
			levels: report.levels,
			labels: images.slice(1).map(({ name }) => name),
			...(leftOut.length > 0 ? { leftOut } : {}),
			codec,
			bytes: report.bytes,
			stored: report.stored,
			objects: report.objects,
			parts: report.parts,
			resumed: report.resumed,
			milliseconds: Math.round(performance.now() - started),
		};
		await place.finish(call, result, { signal, onProgress });
		claimed = false;
		return result;
	} finally {
		stopCollecting?.();
		await pool?.close();
		await target.close();
		if (claimed) await (kept ? place.release() : place.forget());
	}
}

/** Milliseconds between two looks at the memory in use. */
const lookEvery = 25;
/** Bytes that are new since garbage was collected and are worth another time. */
const worthCollecting = 24 << 20;

/**
 * Does what asks for another version of OME-NGFF and for nothing else: no chunk is decoded.
 * @returns undefined where there is more to do; else what was written, its place still claimed
 */
async function versionChanged(
	target: Target,
	path: string,
	place: ConversionPlace,
	{ format, scaleFactors, method, chunks, shards, codec, level, restart, signal, onProgress }: ConvertOptions,
): Promise<Omit<ConvertResult, "path" | "out" | "format" | "milliseconds"> | undefined> {
	const more = [scaleFactors, method, chunks, shards, codec, level].some((option) => option !== undefined);
	if (more || format === undefined || target.kind !== "store") return undefined;
	// What was begun in the other way is gone on with in that way.
	if (!restart && (await place.hasJournal())) return undefined;
	const group = await versionedGroup(target, format);
	if (!group) return undefined;
	const identity = async () => (isUrl(path) ? "" : inputIdentity(path, { documents: null }));
	const before = await identity();
	await place.claim(true);
	let done = false;
	try {
		const made = await changeVersion(group, format, place.image.path, { signal, onProgress });
		if (!made) return undefined;
		if ((await identity().catch(() => "gone")) !== before) throw inputChanged(path);
		await target.close();
		done = true;
		return { ...made, codec: null, parts: 1, resumed: 0 };
	} finally {
		if (!done) await place.forget();
	}
}

function inputChanged(path: string): ChunkwiseError {
	return new ChunkwiseError("input-changed", "The input changed, or went away, while it was converted.", {
		where: path,
		remedy: "What was made of it has been removed. Give the same call when the input is complete.",
	});
}

/**
 * Collects garbage where arrays take more than so many bytes: the engine would let chunks and planes that nobody uses any
 * more pile up far beyond it, within one part too.
 * @returns what ends it
 */
function collectWhile(limit: number): () => void {
	setFlagsFromString("--expose-gc");
	const collectGarbage = runInNewContext("gc") as () => void;
	let left = 0;
	const timer = setInterval(() => {
		if (process.memoryUsage().arrayBuffers < Math.max(limit, left + worthCollecting)) return;
		collectGarbage();
		left = process.memoryUsage().arrayBuffers;
	}, lookEvery);
	return () => clearInterval(timer);
}

function checkZip(out: string, format: ConvertFormat): void {
	if (!/\.ozx$/i.test(out) || format === "ome-zarr-0.5") return;
	throw new ChunkwiseError("bad-format", `A .ozx file holds an OME-Zarr 0.5, and ${format} is asked for.`, {
		where: out,
		remedy: "Leave --format out, or name the result .zip.",
	});
}

function bytesOf(levels: readonly RegionSource[]): number {
	return levels.reduce((sum, { shape, dtype }) => sum + product(shape) * itemSize(dtype), 0);
}

/** The image of an input and its labels, with the levels that are asked for. */
function imagesOf(input: Input, options: ConvertOptions): ConversionImage[] {
	const { scaleFactors, method = "mean" } = options;
	const [finest] = input.levels;
	const keep = scaleFactors === undefined && options.method === undefined && input.levels.length > 1;
	const factors = keep ? undefined : levelFactors(finest, scaleFactors ?? usualFactors(finest));
	const request = chunkRequest(finest, options.chunks, "chunks");
	const own = ({ dims, block }: RegionSource) =>
		Object.fromEntries(dims.map((dim, axis) => [dim, block[axis]]));
	const image: ConversionImage = {
		path: "",
		name: input.name,
		levels: keep ? input.levels : [finest],
		type: keep ? input.type : undefined,
		coarser: factors && { factors, method },
		chunks: request ?? (input.chunked ? own(finest) : undefined),
		omero: input.omero,
		channels: input.channels,
	};
	if (options.format === "n5") return [image];
	const labels = input.labels.map(({ name, levels, imageLabel }): ConversionImage => {
		const [first] = levels;
		const known = (all: Readonly<Record<string, number>>) =>
			Object.fromEntries(Object.entries(all).filter(([dim]) => first.dims.includes(dim)));
		let shape = first.shape;
		// Labels follow their image; along an axis on which they are one plane for all of it they stay so.
		const fitting = factors?.map((level) => {
			const own = Object.fromEntries(
				first.dims.map((dim, axis) => [dim, shape[axis] >= (level[dim] ?? 1) ? (level[dim] ?? 1) : 1]),
			);
			shape = shape.map((n, axis) => Math.floor(n / own[first.dims[axis]]));
			return own;
		});
		return {
			path: `labels/${name}`,
			name,
			levels: fitting ? [first] : levels,
			coarser: fitting && { factors: fitting, method: "mode" },
			chunks: typeof request === "object" ? known(request) : (request ?? own(first)),
			imageLabel,
		};
	});
	return [image, ...labels];
}

/** 2 then 4 as in the course, along the axes that are long enough. */
function usualFactors(image: RegionSource): ScaleFactor[] {
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
	image: RegionSource,
	lengths: number[] | undefined,
	what: "chunks" | "shards",
): ChunkRequest | undefined {
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

/**
 * What tells an input that has changed: of files here, their sizes and times; of what is elsewhere, its size or its
 * metadata.
 */
async function inputIdentity(path: string, input: Pick<Input, "documents">): Promise<string> {
	const hash = createHash("sha256").update(JSON.stringify(input.documents));
	const { outer, inner } = await splitPath(path);
	if (!isUrl(path)) {
		const found = await stat(outer);
		if (found.isDirectory()) await addFiles(join(outer, inner), outer);
		else hash.update(`${found.size} ${found.mtimeMs}`);
	}
	return hash.digest("hex");

	async function addFiles(folder: string, from: string): Promise<void> {
		const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
		entries.sort((a, b) => (a.name < b.name ? -1 : 1));
		for (const entry of entries) {
			// What file managers and synchronisation leave is no part of an image.
			if (entry.name.startsWith(".") && !/^\.z(array|attrs|group|metadata)$/.test(entry.name)) continue;
			const at = join(folder, entry.name);
			if (entry.isDirectory()) await addFiles(at, from);
			else {
				const { size, mtimeMs } = await stat(at);
				hash.update(`${relative(from, at)} ${size} ${mtimeMs}\n`);
			}
		}
	}
}

/** The same for people. */
export function convertText(result: ConvertResult): string {
	const levels = result.levels.map(
		(level) =>
			`  ${level.path}  ${level.shape.join(" × ")} in ${level.chunkCount} chunks of ${level.chunks.join(" × ")}` +
			(level.shards ? `, shards of ${level.shards.join(" × ")}` : ""),
	);
	const { codec, bytes, stored } = result;
	const files = `${result.objects} ${isZipName(result.out) ? "entries" : "files"}, ${formatDuration(result.milliseconds)}`;
	const sizes = codec
		? `${formatBytes(bytes)} stored in ${formatBytes(stored)} (${(bytes / stored).toFixed(2)} to 1, ${codec})`
		: `${formatBytes(stored)} of chunks copied as they are, metadata of ${result.format}`;
	const labels = result.labels.length > 0 ? [`  with the labels ${result.labels.join(", ")}`] : [];
	const resumed =
		result.resumed > 0
			? [`  ${result.resumed} of ${result.parts} parts were there from an interrupted call`]
			: [];
	return [`${result.path} → ${result.out}`, ...levels, ...labels, `  ${sizes}, ${files}`, ...resumed].join(
		"\n",
	);
}
