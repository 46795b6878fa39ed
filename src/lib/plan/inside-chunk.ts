/** The figure of what is inside a chunk: its props, and which codecs are chosen. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { allocate, type DataType, dataTypeOf, dataTypes, product, type TypedArray } from "../types.ts";
import type { Filter } from "../zarr/codecs/block-space.ts";
import { type CodecName, codecNames } from "../zarr/codecs.ts";
import { compressionLevel, levelRange } from "../zarr/compression-level.ts";
import { type ChunkValues, middleOf } from "./chunk-sample.ts";
import { figure } from "./figure.ts";
import { checkOptions, checkProps } from "./figure-props.ts";

/** What the bytes of a chunk are stored in. */
export type StoredFormName = "zarr" | "n5" | "shard";

/** What is done with the values of a chunk on their way to the store. */
export interface InsideChunkOptions {
	/** Compression; default blosc-lz4. */
	codec?: CodecName;
	/** Of the codec; default its usual one. */
	level?: number;
	/** How Blosc groups the bytes before it compresses; default "shuffle" where elements have more than one byte. */
	shuffle?: "noshuffle" | "shuffle" | "bitshuffle";
	/** "delta" stores each integer as its difference from the one before it. */
	filter?: "none" | "delta";
	/** Whose object is decoded field by field at first: a Zarr chunk (default), an N5 block or a Zarr shard. */
	form?: StoredFormName;
	title?: string;
}

/** Props of the figure, plain data: what an author writes in MDX and what a cell sends to the page. */
export interface InsideChunkProps extends InsideChunkOptions {
	/** The chunk's elements in C order; a chunk of synthetic nuclei where absent. */
	values?: TypedArray | number[];
	/** Of the chunk, slowest axis first; with `values` it must be there. */
	shape?: number[];
	/** Of the values; default uint16, or as the array in `values` says. */
	dtype?: DataType;
}

/** What is chosen, with nothing left open. */
export interface ChunkSettings {
	codec: CodecName;
	/** 0 for a codec without levels. */
	level: number;
	shuffle: Filter;
	filter: "none" | "delta";
}

/** Chunks of more elements are not shown: their bytes are worked on again at every choice. */
const mostElements = 1 << 22;
/** Of an image of a cell, at most so many elements along its last axes. */
const mostShown = [32, 64, 64];

function bad(message: string, remedy: string): ChunkwiseError {
	return new ChunkwiseError("inside-chunk-props", message, { where: "insideChunk", remedy });
}

/**
 * The chunk that props give; undefined where they give none, so that the sample's is shown.
 * @throws ChunkwiseError `inside-chunk-props`
 */
export function givenChunk({ values, shape, dtype }: InsideChunkProps): ChunkValues | undefined {
	if (values === undefined) return undefined;
	const type = dtype ?? (ArrayBuffer.isView(values) ? dataTypeOf(values) : "uint16");
	if (!type || !dataTypes.includes(type)) {
		throw bad(`Elements of type ${String(type)} cannot be shown.`, `Use one of ${dataTypes.join(", ")}.`);
	}
	if (!Array.isArray(shape) || shape.length === 0 || !shape.every((n) => Number.isInteger(n) && n > 0)) {
		throw bad(
			`The shape ${JSON.stringify(shape)} is not a list of lengths above 0.`,
			"Write shape={[4, 8, 8]}.",
		);
	}
	if (product(shape) !== values.length) {
		throw bad(
			`The shape ${shape.join(" × ")} needs ${product(shape)} elements and ${values.length} are given.`,
			"Give the values of one whole chunk in C order.",
		);
	}
	if (values.length > mostElements) {
		throw bad(
			`A chunk of ${values.length} elements is too large for this figure.`,
			`Give a chunk of at most ${mostElements} elements.`,
		);
	}
	const list = allocate(type, values.length);
	list.set((type.endsWith("64") && type !== "float64" ? Array.from(values, BigInt) : values) as never);
	return { values: list, shape: [...shape], dtype: type };
}

/** Whether a codec brings a shuffle with it. */
export const shuffles = (codec: CodecName): boolean => codec.startsWith("blosc");

/** Whether elements of this type can be stored as differences without loss. */
export const hasDelta = (dtype: DataType): boolean => !dtype.startsWith("float");

/**
 * What is done, with what was not chosen as is usual, and without what does not go together.
 * @throws ChunkwiseError unknown-codec, bad-level
 */
export function chunkSettings(options: InsideChunkOptions, dtype: DataType): ChunkSettings {
	const codec = options.codec ?? "blosc-lz4";
	if (!codecNames.includes(codec)) {
		throw new ChunkwiseError("unknown-codec", `There is no codec ${JSON.stringify(codec)}.`, {
			where: "insideChunk",
			remedy: `Use one of ${codecNames.join(", ")}.`,
		});
	}
	const usual = dtype.endsWith("int8") ? "noshuffle" : "shuffle";
	return {
		codec,
		level: levelRange(codec) ? compressionLevel(codec, options.level) : 0,
		shuffle: shuffles(codec) ? (options.shuffle ?? usual) : "noshuffle",
		filter: hasDelta(dtype) ? (options.filter ?? "none") : "none",
	};
}

/** Anything with elements and a shape: a SpatialImage, what reading a chunk gives, props. */
export interface ChunkLike {
	readonly data?: TypedArray;
	readonly values?: TypedArray | number[];
	readonly shape?: readonly number[];
}

/**
 * What happens to a chunk's values on their way to the store, as a figure to display in a cell:
 * `display(insideChunk(image, { codec: "blosc-zstd" }))`. Of an image with more than 32 × 64 × 64 elements the box of
 * that size in its middle is the chunk. Without a source a chunk of synthetic nuclei is shown.
 * @throws ChunkwiseError `inside-chunk-props`, unknown-codec, bad-level
 */
export function insideChunk(
	source: ChunkLike = {},
	options: InsideChunkOptions = {},
): FigureDisplay & Displayable {
	checkOptions("inside-chunk", options);
	const props: InsideChunkProps = { ...options };
	const given = source.data ?? source.values;
	if (given) {
		const shape = [...(source.shape ?? [given.length])];
		const whole = { values: given, shape };
		Object.assign(props, ArrayBuffer.isView(given) ? middleOf(given, shape, mostShown) : givenChunk(whole));
		givenChunk(props);
	}
	checkProps("inside-chunk", props);
	chunkSettings(options, props.dtype ?? "uint16");
	return figure("inside-chunk", props);
}
