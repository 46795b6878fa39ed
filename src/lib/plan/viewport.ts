/** What a viewer must fetch: which scale level suits a zoom, and which of its chunks the window shows. */
import { ChunkwiseError } from "../errors.ts";
import { type ChunkGrid, chunkBytes, chunkCount } from "./grid.ts";
import { chunksOfSelection, type SelectionPlan } from "./selection.ts";

/** A 2-D image (y, x) and its coarser versions, finest first. */
export interface ImagePyramid {
	levels: ChunkGrid[];
	/** Pixels of the finest level in one pixel of each level, the same along y and x. */
	factors: number[];
}

/** A rectangle of the finest level, in its pixels; it may reach beyond the image. */
export interface Viewport {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** What a viewport needs. */
export interface ViewportPlan extends SelectionPlan {
	level: number;
	/** Bytes of one chunk in memory. */
	chunkBytes: number;
}

/**
 * A pyramid whose levels halve, rounding up, until one chunk holds the whole image or `levels` are there.
 * @param shape height and width of the finest level, in pixels
 */
export function imagePyramid(
	shape: readonly [number, number],
	chunk: number,
	options: { itemSize?: number; levels?: number; path?: (level: number) => string } = {},
): ImagePyramid {
	if (!shape.every((n) => Number.isInteger(n) && n > 0) || !(Number.isInteger(chunk) && chunk > 0)) {
		throw new ChunkwiseError(
			"pyramid-shape",
			`No pyramid of ${shape.join(" × ")} pixels in chunks of ${chunk}.`,
			{ where: "imagePyramid", remedy: "Give whole numbers above 0." },
		);
	}
	const levels: ChunkGrid[] = [];
	const factors: number[] = [];
	const most = options.levels ?? 32;
	for (let level = 0, [height, width] = shape; level < most; level++) {
		levels.push({
			shape: [height, width],
			chunks: [chunk, chunk],
			dims: ["y", "x"],
			itemSize: options.itemSize ?? 2,
			encoding: { name: "v3", separator: "/" },
			prefix: options.path?.(level) ?? `scale${level}/image`,
		});
		factors.push(2 ** level);
		if (height <= chunk && width <= chunk) break;
		height = Math.ceil(height / 2);
		width = Math.ceil(width / 2);
	}
	return { levels, factors };
}

/**
 * The coarsest level that still has a pixel for each pixel of the screen.
 * @param scale screen pixels on one pixel of the finest level
 */
export function levelFor(pyramid: ImagePyramid, scale: number): number {
	let level = 0;
	// The small tolerance keeps a zoom of exactly a half, reached by steps, on the coarser level.
	while (level + 1 < pyramid.levels.length && scale * pyramid.factors[level + 1] <= 1.001) level++;
	return level;
}

/**
 * The chunks that a viewport needs at a level; none where it lies outside the image.
 * @param level see {@link levelFor}
 */
export function planViewport(pyramid: ImagePyramid, viewport: Viewport, level: number): ViewportPlan {
	const grid = pyramid.levels[level];
	const factor = pyramid.factors[level];
	const range = (from: number, length: number, limit: number): [number, number] => {
		const start = Math.min(limit, Math.max(0, Math.floor(from / factor)));
		const stop = Math.min(limit, Math.max(start, Math.ceil((from + length) / factor)));
		return [start, stop];
	};
	const [height, width] = grid.shape;
	const plan = chunksOfSelection(grid, [
		range(viewport.y, viewport.height, height),
		range(viewport.x, viewport.width, width),
	]);
	return { ...plan, level, chunkBytes: chunkBytes(grid) };
}

/** Chunks of all levels together. */
export function pyramidChunks(pyramid: ImagePyramid): number {
	return pyramid.levels.reduce((sum, grid) => sum + chunkCount(grid), 0);
}
