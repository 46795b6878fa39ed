/** The chunk-grid figure: its props, and what an array tells of them. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { figure } from "./figure.ts";
import { type ChunkGrid, type ChunkKeyEncoding, chunkKey } from "./grid.ts";
import { type AxisSelection, type Selection, type StoredSizes, selectionRanges } from "./selection.ts";

/** Props of the figure, plain data: what an author writes in MDX and what a cell sends to the page. */
export interface ChunkGridProps {
	/** Slowest axis first. */
	shape: number[];
	chunks: number[];
	/** Names of the axes; by default the last ones of t, c, z, y, x. */
	dims?: string[];
	/** Zarr v3 name of the element type; `uint16` where absent. */
	dtype?: string;
	/** Bytes of an element, for a type that its name does not tell. */
	itemSize?: number;
	/** Path of the array in its store: `scale0/image`. */
	keyPrefix?: string;
	keyEncoding?: "v3" | "v2";
	/** "/" where absent for v3, "." for v2, as the specifications have it. */
	separator?: "/" | ".";
	/** What is read; a single index makes a slice. The whole array where absent. */
	selection?: Selection;
	/** Bytes in the store, by key or as one compression ratio. */
	stored?: StoredSizes;
	title?: string;
}

/** Bytes of one element of a type by its Zarr v3 name, or undefined. */
export function itemSizeOf(dtype: string): number | undefined {
	if (dtype === "bool") return 1;
	const bits = /^(?:u?int|float|complex)(8|16|32|64|128)$/.exec(dtype);
	return bits ? Number(bits[1]) / 8 : undefined;
}

function defaultDims(rank: number): string[] {
	const usual = ["t", "c", "z", "y", "x"];
	return rank <= usual.length
		? usual.slice(usual.length - rank)
		: Array.from({ length: rank }, (_, axis) => `dim_${axis}`);
}

function bad(message: string, remedy: string): ChunkwiseError {
	return new ChunkwiseError("chunk-grid-props", message, { where: "chunkGrid", remedy });
}

/**
 * The grid that props describe.
 * @throws ChunkwiseError `chunk-grid-props` where they describe none.
 */
export function gridOf(props: ChunkGridProps): ChunkGrid {
	const { shape, chunks } = props;
	if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
		throw bad(
			`The shape ${JSON.stringify(shape)} is not a list of lengths.`,
			"Write shape={[129, 212, 363]}.",
		);
	}
	if (!Array.isArray(chunks) || !chunks.every((n) => Number.isInteger(n) && n > 0)) {
		throw bad(
			`The chunk shape ${JSON.stringify(chunks)} is not a list of lengths above 0.`,
			"Write chunks={[64, 64, 64]}.",
		);
	}
	if (chunks.length !== shape.length) {
		throw bad(
			`The shape has ${shape.length} axes, the chunk shape ${chunks.length}.`,
			"Give one length an axis in both.",
		);
	}
	const dims = props.dims ?? defaultDims(shape.length);
	if (dims.length !== shape.length || new Set(dims).size !== dims.length) {
		throw bad(
			`The names ${JSON.stringify(dims)} do not fit ${shape.length} axes.`,
			"Give one name an axis, each once.",
		);
	}
	const dtype = props.dtype ?? "uint16";
	const itemSize = props.itemSize ?? itemSizeOf(dtype);
	if (itemSize === undefined || !(itemSize > 0)) {
		throw bad(
			`The size of an element of type ${dtype} is not known.`,
			"Give itemSize, the bytes of one element.",
		);
	}
	if (typeof props.stored === "number" && !(props.stored > 0)) {
		throw bad(
			`A compression ratio of ${props.stored} makes no sense.`,
			"Give bytes in memory / bytes stored.",
		);
	}
	const name = props.keyEncoding ?? "v3";
	return {
		shape: [...shape],
		chunks: [...chunks],
		dims: [...dims],
		itemSize,
		encoding: { name, separator: props.separator ?? (name === "v3" ? "/" : ".") },
		prefix: (props.keyPrefix ?? "").replace(/^\/+|\/+$/g, ""),
	};
}

/** Anything that tells a shape and how it is cut: a ZarrArray, props, a plain object. */
export interface ChunkedArrayLike {
	readonly shape: readonly number[];
	readonly chunks: readonly number[];
	readonly dtype?: string;
	readonly itemSize?: number;
	readonly dims?: readonly string[];
	readonly dimensionNames?: readonly (string | null)[] | null;
	readonly path?: string;
	/** The key of a chunk; where it is given, the grid learns its key encoding from it. */
	chunkKey?(coords: number[]): string;
}

/** A Multiscale: one chunk shape and one path a level. */
export interface ChunkedLevelsLike {
	readonly levels: readonly { shape: readonly number[]; dtype?: string; dims?: readonly string[] }[];
	readonly chunks: readonly (readonly number[])[];
	readonly paths?: readonly string[];
}

/** What of a chunk grid is shown, and how its keys are written. */
export interface ChunkGridOptions {
	/** What is wished for: its chunks are told apart. */
	selection?: Selection;
	/** Bytes of the chunks as stored, by key (those that are not there are empty), or by one ratio for all. */
	stored?: StoredSizes;
	/** Scale level of a multiscale; 0 where absent. */
	level?: number;
	title?: string;
	/** Path of the array, before each key. */
	keyPrefix?: string;
	/** "v3" is `c/0/0`, "v2" `0.0`; default as the array says, else v3. */
	keyEncoding?: "v3" | "v2";
	/** Between the parts of a key; default "/" for v3, "." for v2. */
	separator?: "/" | ".";
}

/** How an array that names its own chunks encodes them: learnt from one key. */
function encodingOf(array: ChunkedArrayLike): { encoding: ChunkKeyEncoding; prefix: string } | undefined {
	if (typeof array.chunkKey !== "function") return undefined;
	const origin = array.shape.map(() => 0);
	const key = array.chunkKey(origin).replace(/^\/+/, "");
	for (const name of ["v3", "v2"] as const) {
		for (const separator of ["/", "."] as const) {
			const encoding: ChunkKeyEncoding = { name, separator };
			const tail = chunkKey(origin, encoding);
			if (key === tail) return { encoding, prefix: "" };
			if (key.endsWith(`/${tail}`)) return { encoding, prefix: key.slice(0, -tail.length - 1) };
		}
	}
	return undefined;
}

function levelOf(source: ChunkedLevelsLike, level: number): ChunkedArrayLike {
	const image = source.levels[level];
	if (image === undefined || source.chunks[level] === undefined) {
		throw bad(
			`There is no level ${level}: the multiscale has ${source.levels.length}.`,
			`Give a level from 0 to ${source.levels.length - 1}.`,
		);
	}
	return {
		shape: image.shape,
		dtype: image.dtype,
		dims: image.dims,
		chunks: source.chunks[level],
		path: source.paths?.[level],
	};
}

/**
 * The chunk grid of an array, as a figure to display in a cell: `display(chunkGrid(array, { selection: { z: 100 } }))`.
 * @param source anything with a shape and a chunk shape, or a multiscale (see `level`)
 * @throws ChunkwiseError `chunk-grid-props`, and what the selection's planning throws
 */
export function chunkGrid(
	source: ChunkedArrayLike | ChunkedLevelsLike | ChunkGridProps,
	options: ChunkGridOptions = {},
): FigureDisplay & Displayable {
	const array = "levels" in source ? levelOf(source, options.level ?? 0) : (source as ChunkedArrayLike);
	const given = source as Partial<ChunkGridProps>;
	const learnt = encodingOf(array);
	const named = array.dims ?? array.dimensionNames?.map((name, axis) => name ?? `dim_${axis}`);
	const props: ChunkGridProps = {
		shape: [...(array.shape ?? [])],
		chunks: [...(array.chunks ?? [])],
		...(named ? { dims: [...named] } : {}),
		...(array.dtype ? { dtype: array.dtype } : {}),
		...(array.itemSize ? { itemSize: array.itemSize } : {}),
		keyPrefix: options.keyPrefix ?? given.keyPrefix ?? learnt?.prefix ?? array.path ?? "",
		keyEncoding: options.keyEncoding ?? given.keyEncoding ?? learnt?.encoding.name ?? "v3",
	};
	const separator = options.separator ?? given.separator ?? learnt?.encoding.separator;
	if (separator) props.separator = separator;
	const selection = options.selection ?? given.selection;
	if (selection) props.selection = selection;
	const stored = options.stored ?? given.stored;
	if (stored !== undefined) props.stored = stored;
	const title = options.title ?? given.title;
	if (title) props.title = title;
	selectionRanges(gridOf(props), selection ?? {});
	return figure("chunk-grid", props);
}

/** Which axis a selection cuts with a single index, and where: the slice that the figure shows. */
export function sliceOf(
	grid: ChunkGrid,
	selection: Selection = {},
): { axis: number; index: number } | undefined {
	const entries: (AxisSelection | undefined)[] = Array.isArray(selection)
		? [...selection]
		: grid.dims.map((name) => (selection as Record<string, AxisSelection>)[name]);
	// The last three axes are drawn: a single index on one before them picks a volume and makes no slice of it.
	for (let axis = Math.max(0, grid.shape.length - 3); axis < grid.shape.length; axis++) {
		const entry = entries[axis];
		if (typeof entry === "number") return { axis, index: entry };
	}
	return undefined;
}
