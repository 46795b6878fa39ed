/** What a conversion to OME-Zarr will write, and what reading it will cost, before anything is read or written. */
import { levelPaths } from "../multiscale/multiscale.ts";
import { coarserGeometry, type ImageGeometry, type MultiscaleMethod } from "../multiscale/to-multiscale.ts";
import { type DataType, itemSize, product } from "../types.ts";
import type { CodecName } from "../zarr/codecs.ts";
import { arrayBytes, type ChunkGrid, chunkCount, gridShape } from "./grid.ts";
import { type AxisSelection, chunksOfSelection, type SelectionPlan } from "./selection.ts";

/** An image whose elements are not read yet. */
export interface ImageToStore extends ImageGeometry {
	/** Of the elements. */
	dtype: DataType;
	/** Where it is stored in half precision. */
	stored?: "float16";
}

/** How it is to be stored. */
export interface StorageChoice {
	format: "ome-zarr-0.5" | "ome-zarr-0.4";
	/** Elements of a chunk along each axis, slowest first. */
	chunks: readonly number[];
	/** Of a shard, whole chunks; absent where each chunk is an object of its own. OME-NGFF 0.5 alone. */
	shards?: readonly number[];
	/** Of each coarser level, relative to the level before, by dimension. */
	factors: readonly Readonly<Record<string, number>>[];
	method: MultiscaleMethod;
	codec: CodecName;
}

/** A scale level as it will be stored. */
export interface LevelPlan {
	grid: ChunkGrid;
	/** Distance between samples by dimension. */
	scale: Readonly<Record<string, number>>;
	chunks: number;
	/** Chunks or shards: values in the store, metadata left out. */
	objects: number;
	/** In memory, without padding. */
	bytes: number;
}

/** Something that is read often, and what it costs on the finest level. */
export interface ReadingPlan {
	id: "plane" | "side" | "window" | "box" | "frame" | "trace";
	/** "One plane, y × x". */
	label: string;
	/** "512 × 512" */
	extent: string;
	cost: SelectionPlan;
	/** Requests to a store far away: one a chunk, and with shards one more for the index of each shard. */
	requests: number;
}

/** All that is known of a conversion beforehand. */
export interface ConversionPlan {
	levels: LevelPlan[];
	chunks: number;
	/** Values in the store with metadata documents: files of a folder, or objects of a bucket. */
	files: number;
	/** Of all levels in memory: what is stored where nothing can be compressed, but for padding. */
	bytes: number;
	readings: ReadingPlan[];
}

/** Metadata documents of an image: of its group, and of each level's group and array. */
export function documentCount(format: StorageChoice["format"], levels: number): number {
	// Zarr 3 has one document a node. Zarr 2 has attributes in another, which the group of a level has none of.
	return format === "ome-zarr-0.5" ? 1 + 2 * levels : 2 + 3 * levels;
}

/**
 * @throws ChunkwiseError what `coarserGeometry` throws for factors that are no whole numbers
 */
export function planConversion(image: ImageToStore, choice: StorageChoice): ConversionPlan {
	const geometries: ImageGeometry[] = [image];
	for (const factors of choice.factors) {
		const last = geometries[geometries.length - 1];
		const all = Object.fromEntries(last.dims.map((dim) => [dim, factors[dim] ?? 1]));
		geometries.push(coarserGeometry(last, all, choice.method));
	}
	const paths = levelPaths(image.name, geometries.length);
	const levels = geometries.map((geometry, i): LevelPlan => {
		const grid = gridFor(geometry, image, choice, paths[i]);
		return {
			grid,
			scale: geometry.scale,
			chunks: chunkCount(grid),
			objects: product(gridShape(grid.shape, grid.shards ?? grid.chunks)),
			bytes: arrayBytes(grid),
		};
	});
	const sum = (pick: (level: LevelPlan) => number) => levels.reduce((all, level) => all + pick(level), 0);
	return {
		levels,
		chunks: sum((level) => level.chunks),
		files: sum((level) => level.objects) + documentCount(choice.format, levels.length),
		bytes: sum((level) => level.bytes),
		readings: readingsOf(levels[0].grid),
	};
}

/** Bytes of an element as it is stored. */
export function storedItemBytes({ dtype, stored }: Pick<ImageToStore, "dtype" | "stored">): number {
	return stored === "float16" ? 2 : itemSize(dtype);
}

function gridFor(
	{ dims, shape }: ImageGeometry,
	image: ImageToStore,
	{ format, chunks, shards }: StorageChoice,
	prefix: string,
): ChunkGrid {
	// No longer than the level on any axis, as the writer has it.
	const own = shape.map((length, axis) => Math.max(1, Math.min(chunks[axis], length)));
	return {
		dims: [...dims],
		shape: [...shape],
		chunks: own,
		...(shards ? { shards: own.map((chunk, axis) => shardLength(chunk, shards[axis], shape[axis])) } : {}),
		itemSize: storedItemBytes(image),
		encoding: format === "ome-zarr-0.5" ? { name: "v3", separator: "/" } : { name: "v2", separator: "/" },
		prefix,
	};
}

/** As `shardShape` of the writer: whole chunks, and no more of them than the level has. */
function shardLength(chunk: number, wanted: number, length: number): number {
	if (chunk >= length) return chunk;
	return Math.min(wanted, Math.ceil(length / chunk) * chunk);
}

/** Lengths along each axis of a box, a window and a screen that are read from the middle. */
const boxEdge = 64;
const windowEdge = 1024;

function readingsOf(grid: ChunkGrid): ReadingPlan[] {
	const { dims, shape } = grid;
	const has = (dim: string) => dims.includes(dim) && shape[dims.indexOf(dim)] > 1;
	const middle = (length: number) => Math.floor(length / 2);
	const around = (length: number, edge: number): AxisSelection => {
		const start = Math.max(0, Math.floor((length - edge) / 2));
		return [start, Math.min(length, start + edge)];
	};
	/** Whole along some axes, a part of others, one index along the rest. */
	const select = (whole: string, edge?: number): AxisSelection[] =>
		shape.map((length, axis) =>
			whole.includes(dims[axis])
				? edge === undefined
					? [0, length]
					: around(length, edge)
				: middle(dims[axis] === "c" ? 1 : length),
		);
	const readings: ReadingPlan[] = [];
	const add = (id: ReadingPlan["id"], label: string, selection: AxisSelection[]) => {
		const cost = chunksOfSelection(grid, selection);
		const extent = cost.ranges
			.map(([start, stop]) => stop - start)
			.filter((length, axis) => length > 1 || Array.isArray(selection[axis]))
			.join(" × ");
		readings.push({ id, label, extent, cost, requests: requestsOf(grid, cost) });
	};
	add("plane", "One plane, y × x", select("yx"));
	if (has("z")) add("side", "One cut across, z × x", select("zx"));
	if (Math.max(...shape.slice(-2)) > windowEdge) add("window", "A screen of it", select("yx", windowEdge));
	if (has("z")) add("box", "A box", select("zyx", boxEdge));
	if (has("t")) {
		if (has("z")) add("frame", "One time point, z × y × x", select("zyx"));
		add("trace", "One pixel at all times", select("t"));
	}
	return readings;
}

function requestsOf({ chunks, shards }: ChunkGrid, { ranges, touched }: SelectionPlan): number {
	if (!shards) return touched;
	const indices = ranges.map(
		([start, stop], axis) => Math.floor((stop - 1) / shards[axis]) - Math.floor(start / shards[axis]) + 1,
	);
	return product(chunks) === product(shards) ? touched : touched + product(indices);
}
