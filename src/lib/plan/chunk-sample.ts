/** Chunks to look into and to measure on: of the synthetic sample, or from the middle of an image. */
import { ChunkwiseError } from "../errors.ts";
import { copyBlock } from "../image/select.ts";
import { hl60Phantom } from "../samples/phantom.ts";
import { type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";

/** A chunk in memory. */
export interface ChunkValues {
	/** C order. */
	values: TypedArray;
	/** Slowest axis first. */
	shape: number[];
	dtype: DataType;
}

let sample: Promise<ChunkValues> | undefined;

/**
 * A chunk of 32 × 64 × 64 uint16 (256 KiB) from the middle of the phantom at half its resolution: synthetic, and the
 * same on every machine. Made once.
 */
export function sampleChunk(): Promise<ChunkValues> {
	sample ??= hl60Phantom({ shape: [64, 106, 181], onProgress() {} }).then(({ data, shape }) =>
		middleOf(data, shape, [32, 64, 64]),
	);
	return sample;
}

/**
 * The box in the middle of an image (C order, of `shape`) with at most `most` elements along its last axes, and one
 * along those before.
 * @throws ChunkwiseError bad-shape
 */
export function middleOf(data: TypedArray, shape: readonly number[], most: readonly number[]): ChunkValues {
	const dtype = dataTypeOf(data);
	if (!dtype || product(shape) !== data.length || shape.length === 0 || data.length === 0) {
		throw new ChunkwiseError(
			"bad-shape",
			`The shape ${shape.join(" × ")} and ${data.length} elements do not make an image.`,
			{ remedy: "Give an image, or values with their shape." },
		);
	}
	const ranges = middleRanges(shape, most);
	const size = ranges.map(([start, stop]) => stop - start);
	return { values: copyBlock(data, shape, ranges), shape: size, dtype };
}

/** Where {@link middleOf} lies, as [start, stop) an axis. */
export function middleRanges(shape: readonly number[], most: readonly number[]): [number, number][] {
	const before = shape.length - most.length;
	return shape.map((n, axis) => {
		const size = Math.min(n, axis < before ? 1 : most[axis - before]);
		const start = (n - size) >> 1;
		return [start, start + size];
	});
}
