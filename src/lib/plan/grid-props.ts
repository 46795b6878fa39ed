/** What figures of arrays are told: shape, chunks and keys, by an author or by the array itself. */
import { ChunkwiseError } from "../errors.ts";
import { type ChunkGrid, type ChunkKeyEncoding, chunkKey } from "./grid.ts";

/** An array and how it is cut, plain data: what an author writes in MDX and what a cell sends to the page. */
export interface ArrayGridProps {
	/** Slowest axis first. */
	shape: number[];
	chunks: number[];
	/** Shape of a shard, where chunks are packed into shards: a multiple of the chunk shape. */
	shards?: number[];
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

export function badProps(message: string, remedy: string): ChunkwiseError {
	return new ChunkwiseError("chunk-grid-props", message, { remedy });
}

/**
 * The grid that props describe.
 * @throws ChunkwiseError `chunk-grid-props` where they describe none.
 */
export function arrayGrid(props: ArrayGridProps): ChunkGrid {
	const { shape, chunks } = props;
	if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
		throw badProps(
			`The shape ${JSON.stringify(shape)} is not a list of lengths.`,
			"Write shape={[129, 212, 363]}.",
		);
	}
	if (!Array.isArray(chunks) || !chunks.every((n) => Number.isInteger(n) && n > 0)) {
		throw badProps(
			`The chunk shape ${JSON.stringify(chunks)} is not a list of lengths above 0.`,
			"Write chunks={[64, 64, 64]}.",
		);
	}
	if (chunks.length !== shape.length) {
		throw badProps(
			`The shape has ${shape.length} axes, the chunk shape ${chunks.length}.`,
			"Give one length an axis in both.",
		);
	}
	const { shards } = props;
	const whole = shards?.every((n, axis) => Number.isInteger(n) && n > 0 && n % chunks[axis] === 0);
	if (shards && !(shards.length === shape.length && whole)) {
		throw badProps(
			`The shard shape ${JSON.stringify(shards)} is no multiple of the chunk shape ${JSON.stringify(chunks)}.`,
			"Give one length an axis, each a whole number of chunks.",
		);
	}
	const dims = props.dims ?? defaultDims(shape.length);
	if (dims.length !== shape.length || new Set(dims).size !== dims.length) {
		throw badProps(
			`The names ${JSON.stringify(dims)} do not fit ${shape.length} axes.`,
			"Give one name an axis, each once.",
		);
	}
	const dtype = props.dtype ?? "uint16";
	const itemSize = props.itemSize ?? itemSizeOf(dtype);
	if (itemSize === undefined || !(itemSize > 0)) {
		throw badProps(
			`The size of an element of type ${dtype} is not known.`,
			"Give itemSize, the bytes of one element.",
		);
	}
	const name = props.keyEncoding ?? "v3";
	return {
		shape: [...shape],
		chunks: [...chunks],
		...(shards ? { shards: [...shards] } : {}),
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
	readonly shards?: readonly number[];
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

/** What is to be said of an array in place of what it says itself. */
export interface ArrayGridOptions {
	/** Shape of a shard; default as the array says. */
	shards?: readonly number[];
	/** Scale level of a multiscale; 0 where absent. */
	level?: number;
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
		throw badProps(
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
 * The props of an array, a multiscale's level or props.
 * @throws ChunkwiseError `chunk-grid-props` where there is no such level
 */
export function arrayProps(
	source: ChunkedArrayLike | ChunkedLevelsLike | ArrayGridProps,
	options: ArrayGridOptions = {},
): ArrayGridProps {
	const array = "levels" in source ? levelOf(source, options.level ?? 0) : (source as ChunkedArrayLike);
	const given = source as Partial<ArrayGridProps>;
	const learnt = encodingOf(array);
	const named = array.dims ?? array.dimensionNames?.map((name, axis) => name ?? `dim_${axis}`);
	const shards = options.shards ?? array.shards;
	const separator = options.separator ?? given.separator ?? learnt?.encoding.separator;
	return {
		...(array.shape ? { shape: [...array.shape] } : {}),
		...(array.chunks ? { chunks: [...array.chunks] } : {}),
		...(shards ? { shards: [...shards] } : {}),
		...(named ? { dims: [...named] } : {}),
		...(array.dtype ? { dtype: array.dtype } : {}),
		...(array.itemSize ? { itemSize: array.itemSize } : {}),
		keyPrefix: options.keyPrefix ?? given.keyPrefix ?? learnt?.prefix ?? array.path ?? "",
		keyEncoding: options.keyEncoding ?? given.keyEncoding ?? learnt?.encoding.name ?? "v3",
		...(separator ? { separator } : {}),
		// What is missing is said by the check of the props.
	} as ArrayGridProps;
}
