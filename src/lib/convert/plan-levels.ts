/** The levels that images get: their geometry, how each is stored, what it is made from, and the boxes it is made in. */
import { ChunkwiseError } from "../errors.ts";
import { chunkShape, shardShape } from "../multiscale/chunks.ts";
import { levelPaths } from "../multiscale/multiscale.ts";
import type { LevelStep } from "../multiscale/region.ts";
import { coarserGeometry, type ImageGeometry, type MultiscaleMethod } from "../multiscale/to-multiscale.ts";
import { levelAttributes, n5LevelName } from "../n5/metadata.ts";
import { checkAxes } from "../ngff/axes.ts";
import { shortAttributes } from "../ngff/write.ts";
import { gridShape } from "../plan/grid.ts";
import { keyOf, type WritableStore } from "../stores/store.ts";
import { type DataType, itemSize, product } from "../types.ts";
import type { ZarrArray } from "../zarr/array.ts";
import { type BoxGrid, planBoxes } from "./boxes.ts";
import { LevelWriter, type StorageFormat } from "./level-writer.ts";
import type { RegionSource } from "./region-source.ts";
import { type ConversionImage, type ConversionOptions, defaultMemory } from "./request.ts";

/** A level of one of the images. */
export interface PlannedLevel {
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
 * The levels of images, by image; nothing is read or written.
 * @throws ChunkwiseError bad-axes, bad-chunks, bad-shards, bad-level
 */
export function planLevels(
	images: readonly ConversionImage[],
	store: WritableStore,
	options: ConversionOptions,
): PlannedLevel[][] {
	const limit = partLimit(options);
	const planned = images.map((image) => planImage(image, store, limit, options));
	number(planned);
	return planned;
}

/**
 * Bytes of one part: a quarter of the memory is for the boxes that run, a quarter for those kept for the next level, and
 * as much again for what is garbage and not collected yet.
 */
export function partLimit({ memory = defaultMemory }: ConversionOptions): number {
	return memory / 8;
}

/** Counts the levels, and the boxes, of all images. */
function number(planned: readonly PlannedLevel[][]): void {
	const levels = planned.flat();
	let unit = 0;
	for (const [i, level] of levels.entries()) {
		level.number = i;
		level.firstUnit = unit;
		unit += level.grid.count;
	}
}

/** What makes two plans write the same values. */
export function planIdentity(
	images: readonly ConversionImage[],
	planned: readonly PlannedLevel[][],
): { arrays: unknown[]; made: unknown[] } {
	return {
		arrays: planned
			.flat()
			.map(({ writer: { spec }, grid }) => [
				spec.path,
				spec.shape,
				spec.stored ?? spec.dtype,
				spec.chunks,
				spec.shards ?? null,
				grid.box,
			]),
		made: images.map(({ type, coarser }) => [type ?? null, coarser ?? null]),
	};
}

export function chunkCount({ spec }: LevelWriter): number {
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
		const wanted = image.shards ?? options.shards;
		const shards = wanted === undefined ? undefined : shardShape(dims, shape, chunks, wanted);
		const attrs = (rest.source ?? finest).attrs;
		const own = planned.length === 0 ? attrs : shortAttributes(attrs);
		const path = keyOf(image.path, paths[planned.length]).slice(1);
		const attributes = n5 ? { ...own, ...levelAttributes(geometry, finest) } : own;
		// Levels that are computed are stored as what they are computed from. N5 has no half precision: there the numbers
		// are stored as they are in memory, which loses nothing.
		const stored = n5 ? undefined : (rest.source ?? image.levels[image.levels.length - 1]).stored;
		const spec = { path, dims, shape, dtype, stored, chunks, shards, attributes };
		const writer = new LevelWriter(store, spec, storage);
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

/** Of the elements in memory. */
export function bytesOfLevel({ geometry, dtype }: PlannedLevel): number {
	return product(geometry.shape) * itemSize(dtype);
}

function filled({ dims }: ImageGeometry, factors: Readonly<Record<string, number>>): Record<string, number> {
	return Object.fromEntries(dims.map((dim) => [dim, factors[dim] ?? 1]));
}

/** How many times its own bytes a part takes while it is down-sampled. A Gaussian has its sums in float64. */
export function workingBytes(method: MultiscaleMethod, itemBytes: number): number {
	return method === "gaussian" ? 1 + 8 / itemBytes : 1;
}
