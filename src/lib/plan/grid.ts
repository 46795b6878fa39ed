/** Regular chunk grids: where each chunk lies, what it is called, and how much of it is padding. */
import { ChunkwiseError } from "../errors.ts";
import { product } from "../types.ts";
import { placeInShard, type ShardPlace } from "../zarr/shard-index.ts";

/**
 * How chunk coordinates become a key (Zarr v3 core, "Chunk key encoding"; v2, "Chunks").
 * `v3`: `c/0/1/2`, and `c` for an array without axes. `v2`: `0.1.2`, or `0/1/2` with the separator "/", and `0`.
 */
export interface ChunkKeyEncoding {
	name: "v3" | "v2";
	separator: "/" | ".";
}

/** An array cut into chunks of one shape. All lists go slowest axis first and have one entry an axis. */
export interface ChunkGrid {
	shape: number[];
	chunks: number[];
	/** Shape of a shard in elements, a multiple of the chunks'; absent where each chunk is an object of its own. */
	shards?: number[];
	dims: string[];
	/** Bytes of one element. */
	itemSize: number;
	encoding: ChunkKeyEncoding;
	/** Path of the array in its store, without slashes at the ends; "" for the root. */
	prefix: string;
}

/** One chunk of a grid. */
export interface Chunk {
	coords: number[];
	/** The key that holds it: its own, or its shard's. */
	key: string;
	/** Where it lies in its shard, where there are shards. */
	place?: ShardPlace;
	/** First element, in array indices. */
	start: number[];
	/** Shape without the padding: what of the chunk lies in the array. */
	inside: number[];
	/** Elements beyond the array's edge, stored all the same (Zarr keeps border chunks whole). */
	paddingElements: number;
	/** Bytes of the whole chunk in memory, padding included. */
	bytes: number;
	paddingBytes: number;
}

/** Chunks along each axis: the shape divided by the chunk shape, rounded up. */
export function gridShape(shape: readonly number[], chunks: readonly number[]): number[] {
	return shape.map((length, axis) => Math.ceil(length / chunks[axis]));
}

/** Number of chunks of the whole grid; 1 for an array without axes, 0 where an axis has length 0. */
export function chunkCount(grid: ChunkGrid): number {
	return product(gridShape(grid.shape, grid.chunks));
}

/** Chunks along each axis of a shard; undefined where there are no shards. */
export function chunksPerShard(grid: ChunkGrid): number[] | undefined {
	return grid.shards?.map((length, axis) => length / grid.chunks[axis]);
}

/** Bytes of one chunk in memory, padding included. */
export function chunkBytes(grid: ChunkGrid): number {
	return product(grid.chunks) * grid.itemSize;
}

/** Bytes of the array in memory, without padding. */
export function arrayBytes(grid: ChunkGrid): number {
	return product(grid.shape) * grid.itemSize;
}

/** The key of a chunk, with the array's path before it: `scale0/image/c/0/1/2`. */
export function chunkKey(
	coords: readonly number[],
	encoding: ChunkKeyEncoding = { name: "v3", separator: "/" },
	prefix = "",
): string {
	const { name, separator } = encoding;
	const parts = coords.map(String);
	if (name === "v3") parts.unshift("c");
	else if (parts.length === 0) parts.push("0");
	const key = parts.join(separator);
	return prefix === "" ? key : `${prefix}/${key}`;
}

/**
 * The chunk at `coords`.
 * @throws ChunkwiseError `chunk-outside-grid` where there is no such chunk.
 */
export function chunkAt(grid: ChunkGrid, coords: readonly number[]): Chunk {
	const counts = gridShape(grid.shape, grid.chunks);
	const fits =
		coords.length === counts.length &&
		coords.every((c, axis) => Number.isInteger(c) && c >= 0 && c < counts[axis]);
	if (!fits) {
		throw new ChunkwiseError(
			"chunk-outside-grid",
			`There is no chunk (${coords.join(", ")}) in a grid of ${counts.join(" × ")} chunks.`,
			{ where: grid.prefix, remedy: "Count chunks from 0 along each axis, slowest axis first." },
		);
	}
	const start = coords.map((c, axis) => c * grid.chunks[axis]);
	const inside = start.map((s, axis) => Math.min(grid.chunks[axis], grid.shape[axis] - s));
	const elements = product(grid.chunks);
	const paddingElements = elements - product(inside);
	const perShard = chunksPerShard(grid);
	const place = perShard && placeInShard(coords, perShard);
	return {
		coords: [...coords],
		key: chunkKey(place?.shard ?? coords, grid.encoding, grid.prefix),
		...(place ? { place } : {}),
		start,
		inside,
		paddingElements,
		bytes: elements * grid.itemSize,
		paddingBytes: paddingElements * grid.itemSize,
	};
}

/** Coordinates of every chunk between `first` and `last` (both included), last axis fastest. */
export function* coordsBetween(first: readonly number[], last: readonly number[]): Generator<number[]> {
	// Not by `f > last`: what is no number would be counted up to without end.
	if (first.some((f, axis) => !(f <= last[axis]))) return;
	const coords = [...first];
	for (;;) {
		yield [...coords];
		let axis = coords.length - 1;
		while (axis >= 0 && coords[axis] === last[axis]) {
			coords[axis] = first[axis];
			axis--;
		}
		if (axis < 0) return;
		coords[axis]++;
	}
}

/** Coordinates of every chunk, last axis fastest. */
export function allCoords(grid: ChunkGrid): Generator<number[]> {
	const counts = gridShape(grid.shape, grid.chunks);
	return coordsBetween(
		counts.map(() => 0),
		counts.map((n) => n - 1),
	);
}
