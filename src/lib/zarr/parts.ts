/**
 * Elements that are several numbers: complex ones, raw bits, text of a fixed length. They are read as an array of those
 * numbers with one axis more, over the same keys and codecs.
 */
import { ChunkwiseError } from "../errors.ts";
import type { ReadableStore, StoreKey } from "../stores/store.ts";
import { type ArrayReadOptions, type AxisSelection, ZarrArray } from "./array.ts";
import { type ArrayMetadata, arrayMetadataV2, arrayMetadataV3, type Json } from "./array-metadata.ts";
import { unsupportedType } from "./dtypes.ts";
import type { JsonScalar } from "./metadata.ts";
import { NdArray } from "./nd-array.ts";

/** Name of the axis along which the parts of an element lie. */
export const partAxis = "part";

/** What an element is made of. */
export interface Parts {
	kind: "complex" | "raw" | "utf32" | "bytes";
	/** Type of a part. */
	dtype: "float32" | "float64" | "uint8" | "uint32";
	/** Parts of an element: 2 for a complex number, its real and its imaginary one. */
	count: number;
}

/** The parts of an array's elements; undefined where they are single numbers, or of a type that is not known. */
export function partsOf({ dtype, document }: ArrayMetadata): Parts | undefined {
	const configuration = (document.data_type as { configuration?: Json } | undefined)?.configuration;
	const length = Number(configuration?.length_bytes);
	if (dtype === "complex64" || /^[<>]c8$/.test(dtype)) return { kind: "complex", dtype: "float32", count: 2 };
	if (dtype === "complex128" || /^[<>]c16$/.test(dtype)) {
		return { kind: "complex", dtype: "float64", count: 2 };
	}
	const raw = /^\|V(\d{1,6})$/.exec(dtype)?.[1];
	const bits = /^r(\d{1,7})$/.exec(dtype)?.[1];
	const bytes = raw ? Number(raw) : bits ? Number(bits) / 8 : dtype === "raw_bytes" ? length : 0;
	if (Number.isInteger(bytes) && bytes > 0) return { kind: "raw", dtype: "uint8", count: bytes };
	if (!(Number.isInteger(length) && length > 0)) return undefined;
	if (dtype === "null_terminated_bytes") return { kind: "bytes", dtype: "uint8", count: length };
	if (dtype === "fixed_length_utf32" && length % 4 === 0) {
		return { kind: "utf32", dtype: "uint32", count: length / 4 };
	}
	return undefined;
}

/**
 * Reads an array of complex numbers (complex64, complex128) or raw bits (r8, r16, …), or the part selected as in
 * `read()`. The parts of each element lie along a last axis named "part": real and imaginary part as float32 or
 * float64, raw bits as bytes. The values' little-endian bytes are those of the elements.
 * @throws ChunkwiseError unsupported-dtype for other types, and for codecs that take an element as one number; and as
 * ZarrArray.read
 */
export async function readParts(
	array: ZarrArray,
	selection: readonly AxisSelection[] = [],
	task: ArrayReadOptions = {},
): Promise<NdArray> {
	const { dtype, path, shape } = array;
	const parts = partsOf(array.metadata);
	if (!parts) throw unsupportedType(dtype, path);
	const split = new ZarrArray(
		withoutPartIndex(array.store, array.metadata),
		path,
		splitMetadata(array.metadata, parts, path),
	);
	if (selection.length > shape.length) {
		const message = `${selection.length} axes are selected and the array has ${shape.length}.`;
		throw new ChunkwiseError("index-out-of-range", message, {
			where: path || "/",
			remedy: "The parts of an element are not selected: they always come together.",
		});
	}
	const read = await split.read([...selection], task);
	const { data, dims, name, offset } = read;
	return new NdArray({
		data,
		shape: [...read.shape],
		dtype: parts.dtype,
		storedDtype: dtype,
		dims,
		name,
		offset,
	});
}

function splitMetadata(metadata: ArrayMetadata, parts: Parts, path: string): ArrayMetadata {
	const where = path || "/";
	const refuse = (what: string) =>
		new ChunkwiseError(
			"unsupported-dtype",
			`Elements of type ${metadata.dtype} are not read where ${what} was applied to them.`,
			{ where, remedy: "Write them with compression alone, or as several arrays of numbers." },
		);
	const { document, attributes } = metadata;
	const axes = metadata.shape.length;
	const longer = (lengths: unknown) => [...(lengths as number[]), parts.count];
	let split: ArrayMetadata;
	if (metadata.zarrFormat === 2) {
		if (document.order === "F" && axes > 1) throw refuse("order F");
		if (Array.isArray(document.filters) && document.filters.length > 0) throw refuse("a filter");
		const order = metadata.dtype[0];
		const type = { float32: `${order}f4`, float64: `${order}f8`, uint8: "|u1", uint32: `${order}u4` };
		const changed = { ...document, shape: longer(document.shape), chunks: longer(document.chunks) };
		split = arrayMetadataV2({ ...changed, dtype: type[parts.dtype], order: "C" }, attributes, where);
	} else {
		const codecs = (list: unknown, inShard: boolean): unknown[] =>
			(list as (string | { name: string; configuration?: Json })[]).map((entry, i) => {
				const codec: { name: string; configuration?: Json } =
					typeof entry === "string" ? { name: entry } : entry;
				const { name, configuration = {} } = codec;
				if (name === "transpose") {
					const order = configuration.order;
					if (!Array.isArray(order)) throw refuse("this transposition");
					return { name, configuration: { order: [...order, order.length] } };
				}
				if (name === "sharding_indexed") {
					if (inShard || i > 0 || (list as unknown[]).length > 1) throw refuse("more than plain sharding");
					return {
						name,
						configuration: {
							...configuration,
							chunk_shape: longer(configuration.chunk_shape),
							codecs: codecs(configuration.codecs, true),
						},
					};
				}
				if (!/^(bytes|blosc|gzip|zstd|zlib|crc32c|(numcodecs\.)?(zlib|lz4|zstd|blosc|gzip))$/.test(name)) {
					throw refuse(`the codec ${name}`);
				}
				return codec;
			});
		const grid = document.chunk_grid as { name: string; configuration: Json };
		const chunkShape = longer(grid.configuration.chunk_shape);
		const names = document.dimension_names;
		split = arrayMetadataV3(
			{
				...document,
				shape: longer(document.shape),
				data_type: parts.dtype,
				chunk_grid: { ...grid, configuration: { ...grid.configuration, chunk_shape: chunkShape } },
				codecs: codecs(document.codecs, false),
				...(Array.isArray(names) ? { dimension_names: [...names, partAxis] } : {}),
			},
			where,
		);
	}
	const names = metadata.dimensionNames ?? metadata.shape.map(() => null);
	const fillValue = fillOf(metadata.fillValue, parts, where) as unknown as JsonScalar;
	return { ...split, fillValue, dimensionNames: [...names.slice(0, axes), partAxis] };
}

/** A fill value, one entry for each part of an element. */
function fillOf(fill: unknown, parts: Parts, where: string): JsonScalar[] {
	const zeros = new Array<JsonScalar>(parts.count).fill(0);
	if (fill === null || fill === undefined || fill === "" || fill === 0) return zeros;
	if (Array.isArray(fill) && fill.length === parts.count) return fill as JsonScalar[];
	if (parts.kind === "complex" && typeof fill === "number") return [fill, 0];
	if (typeof fill === "string" && parts.kind === "utf32") {
		return zeros.map((zero, i) => [...fill][i]?.codePointAt(0) ?? zero);
	}
	if (typeof fill === "string" && (parts.kind === "raw" || parts.kind === "bytes")) {
		try {
			const bytes = atob(fill);
			if (bytes.length <= parts.count) return zeros.map((_, i) => bytes.charCodeAt(i) || 0);
		} catch {
			// Falls through to the error below.
		}
	}
	throw new ChunkwiseError("bad-metadata", `The fill value ${JSON.stringify(fill)} is none of its type.`, {
		where,
		remedy: "The array's metadata is damaged: ask whoever wrote it.",
	});
}

/** The store under keys of one index more, which is always 0. */
function withoutPartIndex(store: ReadableStore, { shape, keyEncoding }: ArrayMetadata): ReadableStore {
	// An array without axes has one chunk, whose key is "0" in the old form.
	const asIs = shape.length === 0 && keyEncoding.name === "v2";
	const plain = (key: StoreKey) => (asIs ? key : (key.slice(0, -2) as StoreKey));
	return {
		get: (key, options) => store.get(plain(key), options),
		...(store.getRange
			? { getRange: (key, range, options) => store.getRange?.(plain(key), range, options) }
			: {}),
		abilities: store.abilities,
	};
}
