/**
 * Converting images that may be larger than memory: their levels are read, computed and written in boxes of whole
 * chunks, as tasks that a journal remembers.
 */
import { ChunkwiseError } from "../errors.ts";
import { type ChunkRequest, chunkShape, shardShape } from "../multiscale/chunks.ts";
import { isMethod } from "../multiscale/methods.ts";
import { levelPaths } from "../multiscale/multiscale.ts";
import { coarsenInPieces, type LevelStep, neededRegion } from "../multiscale/region.ts";
import { coarserGeometry, type ImageGeometry, type MultiscaleMethod } from "../multiscale/to-multiscale.ts";
import { imageAttributes, levelAttributes, n5LevelName } from "../n5/metadata.ts";
import { checkAxes } from "../ngff/axes.ts";
import { type ChannelRequest, channelRanges, checkChannelCount, omeroMetadata } from "../ngff/channels.ts";
import { describeImage, ngffAttributes, type WritableVersion } from "../ngff/metadata.ts";
import { groupDocuments, shortAttributes } from "../ngff/write.ts";
import { runTasks, type Task, type TaskEvent } from "../parallel/graph.ts";
import type { WorkerPool } from "../parallel/pool.ts";
import { gridShape } from "../plan/grid.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { exclusively, keyOf, type StoreKey, type WritableStore } from "../stores/store.ts";
import { type DataType, itemSize, product, type TypedArray } from "../types.ts";
import type { ZarrArray } from "../zarr/array.ts";
import type { Attributes, Json } from "../zarr/array-metadata.ts";
import type { CodecName } from "../zarr/codecs.ts";
import { encodeJson } from "../zarr/metadata.ts";
import { type BoxGrid, planBoxes } from "./boxes.ts";
import { type ConversionIdentity, Journal } from "./journal.ts";
import { LevelWriter, type StorageFormat } from "./level-writer.ts";
import { RecentBoxes } from "./recent-boxes.ts";
import type { RegionSource } from "./region-source.ts";

/** What images can be converted to, by the names that the command uses. */
export type ConversionFormat = "ome-zarr-0.4" | "ome-zarr-0.5" | "n5";

/** An image to convert, or the labels of one. */
export interface ConversionImage {
	/** Group of the result: "" for the image itself, "labels/nuclei". */
	path: string;
	name: string;
	/** Levels that are kept as they are, finest first: at least one. */
	levels: readonly RegionSource[];
	/** How the coarser levels were made, as their writer says it. */
	type?: string;
	/** Levels to be computed from the last of these, each factor relative to the level before. */
	coarser?: { factors: readonly Readonly<Record<string, number>>[]; method: MultiscaleMethod };
	/** Shape of a chunk, one length for all axes of space or by dimension; shards hold whole ones. */
	chunks?: ChunkRequest;
	/** "omero" metadata, without its version. */
	omero?: Json;
	/** In place of `omero`: windows that are not given show what the coarsest level holds, where it is small. */
	channels?: readonly ChannelRequest[];
	/** "image-label" metadata, without its version. */
	imageLabel?: Json;
}

export interface ConversionOptions extends LongTask {
	/** Of the result. */
	format: ConversionFormat;
	/** Compression of chunks; N5 has its own form of each. */
	codec: CodecName;
	/** Of compression; default the codec's usual one. */
	level?: number;
	/** Shape of a shard, in whole chunks: OME-Zarr 0.5 alone. */
	shards?: ChunkRequest;
	/** Where chunks are encoded and levels computed. */
	pool: WorkerPool;
	/** Bytes that the conversion should be content with; default 256 MiB. */
	memory?: number;
	/** Where the journal is kept. */
	work: WritableStore;
	/** What else makes two calls the same conversion: the input's own identity. */
	identity: ConversionIdentity;
	/**
	 * Called when a part has been read, before it counts as done: throws where the input is not what it was. An absent
	 * chunk is read as zeros, so that an input that went away would look like one that is empty.
	 */
	checkInput?: (signal?: AbortSignal) => Promise<void>;
	/** Told of tasks as they start and end: a figure draws them. */
	onTask?: (event: TaskEvent) => void;
}

/** A level that was written. */
export interface ConvertedLevel {
	path: string;
	shape: readonly number[];
	chunks: readonly number[];
	shards: readonly number[] | null;
	chunkCount: number;
	/** Of the elements in memory. */
	bytes: number;
	/** Of the chunks or shards in the store. */
	stored: number;
}

/** What a conversion came to. */
export interface ConversionReport {
	/** Of the first image. */
	levels: ConvertedLevel[];
	/** Of all images, labels included. */
	bytes: number;
	stored: number;
	/** Keys written, metadata documents included. */
	objects: number;
	/** Parts of the work, and those that a call before this one had finished. */
	parts: number;
	resumed: number;
}

export const defaultMemory = 256 << 20;

interface PlannedLevel {
	/** In the order of all levels of all images. */
	number: number;
	geometry: ImageGeometry;
	dtype: DataType;
	writer: LevelWriter;
	grid: BoxGrid;
	/** Number of its first box among the units of the journal. */
	firstUnit: number;
	/** What it is read from. */
	source?: RegionSource;
	/** What it is computed from. */
	from?: { level: PlannedLevel; step: LevelStep };
	/** Whether another level is computed from it. */
	feeds: boolean;
	opened?: Promise<ZarrArray>;
}

/**
 * Converts images into a store. A conversion of which a journal is in `work` is gone on with. The groups' metadata is
 * written last, the first image's at the very end: a store that is not whole does not open as an image.
 * @throws ChunkwiseError resume-differs, bad-axes, bad-chunks, bad-shards, bad-level, and what reading and writing throw;
 *   the signal's reason when aborted
 */
export async function convertImages(
	images: readonly ConversionImage[],
	store: WritableStore,
	options: ConversionOptions,
): Promise<ConversionReport> {
	return exclusively(store, () => convertAll(images, store, options));
}

async function convertAll(
	images: readonly ConversionImage[],
	store: WritableStore,
	options: ConversionOptions,
): Promise<ConversionReport> {
	const { pool, memory = defaultMemory, format, checkInput } = options;
	const here = pool.workers === 0;
	// A quarter for the boxes that run, a quarter for those kept for the next level, and as much again for what is garbage
	// and not collected yet.
	const limit = memory / 8;
	const planned = images.map((image) => planImage(image, store, limit, options));
	const levels = number(planned);
	const identity = {
		...options.identity,
		format,
		codec: options.codec,
		level: options.level ?? null,
		arrays: levels.map(({ writer: { spec }, grid }) => [
			spec.path,
			spec.shape,
			spec.dtype,
			spec.chunks,
			spec.shards ?? null,
			grid.box,
		]),
		made: images.map(({ type, coarser }) => [type ?? null, coarser ?? null]),
	};
	const journal = await Journal.open(options.work, identity, levels.length);
	let documents = 0;
	for (const { writer } of levels) documents += await writer.writeMetadata();
	await journal.save();

	const recent = new RecentBoxes(memory / 4);
	const report = progressOf(options);
	const total = levels.reduce((sum, { writer }) => sum + chunkCount(writer), 0);
	const label = `Writing ${images[0].name}`;
	let done = 0;
	const onChunks = (count: number) => {
		done += count;
		report({ label, done, total, unit: "chunks" });
	};
	const tasks: Task[] = [];
	for (const level of levels) {
		for (let box = 0; box < level.grid.count; box++) {
			if (journal.has(level.firstUnit + box)) done += level.writer.chunksIn(level.grid.region(box));
			else tasks.push(taskOf(level, box, { journal, recent, here, limit, onChunks, checkInput }));
		}
	}
	report({ label, done, total, unit: "chunks" });
	// The bound on memory is in the size of the parts and in how many run: what one part leaves in memory for the next is
	// counted by RecentBoxes, and given up where there is no room.
	await runTasks(tasks, {
		pool,
		memory: Number.MAX_SAFE_INTEGER,
		// One box at a time: its chunks keep all workers busy.
		concurrency: 1,
		signal: options.signal,
		onTask: options.onTask,
	});
	for (const [i, image] of [...images.entries()].reverse()) {
		documents += await writeGroups(store, image, planned[i], format, images);
	}
	journal.complete = true;
	await journal.save();
	return reportOf(planned, journal, documents);
}

/** Counts the levels, and the boxes, of all images. */
function number(planned: readonly PlannedLevel[][]): PlannedLevel[] {
	const levels = planned.flat();
	let unit = 0;
	for (const [i, level] of levels.entries()) {
		level.number = i;
		level.firstUnit = unit;
		unit += level.grid.count;
	}
	return levels;
}

function chunkCount({ spec }: LevelWriter): number {
	return product(gridShape(spec.shape, spec.chunks));
}

function planImage(
	image: ConversionImage,
	store: WritableStore,
	limit: number,
	options: ConversionOptions,
): PlannedLevel[] {
	const [finest] = image.levels;
	const n5 = options.format === "n5";
	if (finest.dims.length === 0) {
		throw new ChunkwiseError("bad-axes", "A single value is no image.", {
			where: image.name,
			remedy: "Give an array with axes.",
		});
	}
	if (!n5) checkAxes(finest.dims, image.name);
	const count = image.levels.length + (image.coarser?.factors.length ?? 0);
	const paths = n5 ? Array.from({ length: count }, (_, i) => n5LevelName(i)) : levelPaths(image.name, count);
	const storage: StorageFormat = {
		kind: n5 ? "n5" : options.format === "ome-zarr-0.4" ? "zarr2" : "zarr3",
		codec: options.codec,
		level: options.level,
	};
	const planned: PlannedLevel[] = [];
	const add = (geometry: ImageGeometry, dtype: DataType, rest: Partial<PlannedLevel>): PlannedLevel => {
		const { dims, shape } = geometry;
		const chunks = chunkShape(dims, shape, image.chunks);
		const shards = options.shards === undefined ? undefined : shardShape(dims, shape, chunks, options.shards);
		const attrs = (rest.source ?? finest).attrs;
		const own = planned.length === 0 ? attrs : shortAttributes(attrs);
		const path = keyOf(image.path, paths[planned.length]).slice(1);
		const attributes = n5 ? { ...own, ...levelAttributes(geometry, finest) } : own;
		const writer = new LevelWriter(store, { path, dims, shape, dtype, chunks, shards, attributes }, storage);
		const itemBytes = itemSize(dtype);
		// A box of a level that is computed takes so many elements of the level before for each of its own.
		const step = rest.from?.step;
		const factor = step ? product(step.factors) * workingBytes(step.method, itemBytes) : 1;
		const grid = planBoxes({
			shape,
			unit: writer.unit,
			block: rest.source?.block ?? writer.unit,
			itemBytes,
			limit: limit / factor,
		});
		const level = { number: 0, firstUnit: 0, feeds: false, geometry, dtype, writer, grid, ...rest };
		planned.push(level);
		return level;
	};
	for (const source of image.levels) add(source, source.dtype, { source });
	for (const factors of image.coarser?.factors ?? []) {
		const { method } = image.coarser as { method: MultiscaleMethod };
		const level = planned[planned.length - 1];
		level.feeds = true;
		const { geometry } = level;
		const step = { shape: geometry.shape, factors: geometry.dims.map((dim) => factors[dim] ?? 1), method };
		add(coarserGeometry(geometry, filled(geometry, factors), method), level.dtype, { from: { level, step } });
	}
	return planned;
}

function filled({ dims }: ImageGeometry, factors: Readonly<Record<string, number>>): Record<string, number> {
	return Object.fromEntries(dims.map((dim) => [dim, factors[dim] ?? 1]));
}

/** How many times its own bytes a part takes while it is down-sampled. A Gaussian has its sums in float64. */
function workingBytes(method: MultiscaleMethod, itemBytes: number): number {
	return method === "gaussian" ? 1 + 8 / itemBytes : 1;
}

interface Running {
	journal: Journal;
	recent: RecentBoxes;
	here: boolean;
	limit: number;
	onChunks: (count: number) => void;
	checkInput?: (signal?: AbortSignal) => Promise<void>;
}

function taskOf(level: PlannedLevel, box: number, running: Running): Task {
	const { journal, recent, here, limit, onChunks, checkInput } = running;
	const { writer, grid, from, dtype } = level;
	const region = grid.region(box);
	const unit = writer.unit;
	const inputs: string[] = [];
	if (from) {
		for (const other of from.level.grid.touching(neededRegion(from.step, region))) {
			if (!journal.has(from.level.firstUnit + other)) inputs.push(taskId(from.level, other));
		}
	}
	const bytes = product(region.map(([start, stop]) => stop - start)) * itemSize(dtype);
	return {
		id: taskId(level, box),
		label: `${writer.spec.path}, ${region.map(([start, stop]) => `${start} to ${stop}`).join(", ")}`,
		inputs,
		level: level.number,
		chunk: region.map(([start], axis) => Math.floor(start / unit[axis])),
		bytes,
		async run(context) {
			const values = await valuesOf(level, region, recent, limit, context.signal);
			if (level.source) await checkInput?.(context.signal);
			const written = await writer.writeBox(region, values, context, here, onChunks);
			if (level.feeds && recent.keeps(values.byteLength)) recent.keep(level.number, box, values);
			else recent.release(values);
			await journal.add(level.firstUnit + box, level.number, written);
		},
	};
}

function taskId(level: PlannedLevel, box: number): string {
	return `${level.number}/${box}`;
}

async function valuesOf(
	level: PlannedLevel,
	region: readonly (readonly [number, number])[],
	recent: RecentBoxes,
	limit: number,
	signal: AbortSignal,
): Promise<TypedArray> {
	const { source, from, dtype } = level;
	if (source) {
		return source.read(region, signal, (length) => recent.take(dtype, length));
	}
	if (!from) throw new Error("a level is read or computed");
	const before = from.level;
	const elements = limit / (itemSize(dtype) * workingBytes(from.step.method, itemSize(dtype)));
	let last: { values: TypedArray; own: boolean } | undefined;
	const free = () => {
		if (last?.own) recent.release(last.values);
		last = undefined;
	};
	const values = await coarsenInPieces(from.step, region, elements, async (needed) => {
		// What the piece before was computed from is not needed any more.
		free();
		last = await recent.read(before.number, before.grid, needed, dtype, async (part) => {
			before.opened ??= before.writer.open();
			const array = await before.opened;
			return (await array.read([...part], { signal, onProgress: () => {} })).data;
		});
		return last.values;
	});
	free();
	return values;
}

/** The metadata of an image's groups, its own last. @returns documents written */
async function writeGroups(
	store: WritableStore,
	image: ConversionImage,
	levels: readonly PlannedLevel[],
	format: ConversionFormat,
	images: readonly ConversionImage[],
): Promise<number> {
	const geometries = levels.map(({ geometry }) => geometry);
	if (format === "n5") {
		const attributes = imageAttributes({ name: image.name, levels: geometries });
		const document = image.path === "" ? { n5: "4.0.0", ...attributes } : attributes;
		await store.set(keyOf(image.path, "attributes.json"), encodeJson(document));
		return 1;
	}
	const version = format.slice("ome-zarr-".length) as WritableVersion;
	const zarrFormat = version === "0.4" ? 2 : 3;
	const paths = levelPaths(image.name, levels.length);
	const method = image.coarser?.method ?? image.type ?? "";
	const omero = image.omero ?? (image.channels && (await omeroOf(image, image.channels, levels)));
	const description = {
		...describeImage({
			name: image.name,
			paths,
			method,
			// How levels were made is claimed where all of them were made here.
			scaleFactors: image.levels.length === 1 && isMethod(method) ? [...(image.coarser?.factors ?? [])] : [],
			levels: geometries,
		}),
		...(omero ? { omero } : {}),
		...(image.imageLabel ? { imageLabel: image.imageLabel } : {}),
	};
	const documents: [key: StoreKey, document: unknown][] = [];
	const groups = new Set(paths.map((path) => path.split("/").slice(0, -1).join("/")));
	for (const group of groups) {
		documents.push(...groupDocuments(keyOf(image.path, group).slice(1), zarrFormat, {}));
	}
	const names = images.flatMap(({ path }) => (path.startsWith("labels/") ? [path.slice(7)] : []));
	if (image.path === "" && names.length > 0) {
		const attributes: Attributes =
			version === "0.5" ? { ome: { version, labels: names } } : { labels: names };
		documents.push(...groupDocuments("labels", zarrFormat, attributes));
	}
	documents.push(...groupDocuments(image.path, zarrFormat, ngffAttributes(description, version)));
	for (const [key, document] of documents) await store.set(key, encodeJson(document));
	return documents.length;
}

/** A coarsest level up to so many bytes is read to know what its channels hold. */
const lookedThrough = 64 << 20;

async function omeroOf(
	{ name }: ConversionImage,
	channels: readonly ChannelRequest[],
	levels: readonly PlannedLevel[],
): Promise<Json> {
	const { geometry, dtype, writer } = levels[levels.length - 1];
	const { dims, shape } = geometry;
	checkChannelCount(channels, dims, shape, name);
	if (product(shape) * itemSize(dtype) > lookedThrough) return omeroMetadata(channels, dtype, { name });
	const { data } = await (await writer.open()).read();
	return omeroMetadata(channels, dtype, { name, found: channelRanges({ dims, shape, data }) });
}

function reportOf(planned: readonly PlannedLevel[][], journal: Journal, documents: number): ConversionReport {
	const all = planned.map((levels) =>
		levels.map(({ writer, geometry, dtype, number }): ConvertedLevel & { objects: number } => ({
			path: writer.spec.path,
			shape: geometry.shape,
			chunks: writer.spec.chunks,
			shards: writer.spec.shards ?? null,
			chunkCount: chunkCount(writer),
			bytes: product(geometry.shape) * itemSize(dtype),
			stored: journal.levels[number].stored,
			objects: journal.levels[number].objects,
		})),
	);
	const sum = (pick: (level: ConvertedLevel & { objects: number }) => number) =>
		all.flat().reduce((total, level) => total + pick(level), 0);
	return {
		levels: all[0].map(({ objects: _, ...level }) => level),
		bytes: sum((level) => level.bytes),
		stored: sum((level) => level.stored),
		objects: sum((level) => level.objects) + documents,
		parts: planned.flat().reduce((total, { grid }) => total + grid.count, 0),
		resumed: journal.resumed,
	};
}
