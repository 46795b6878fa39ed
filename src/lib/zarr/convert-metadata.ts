/**
 * Array metadata of Zarr 2 as that of Zarr 3 and back, where the stored chunks may stay as they are (zarr-specs v2; core
 * v3.0). What the other format cannot say is refused.
 */
import { ChunkwiseError } from "../errors.ts";
import { arrayMetadataV2, arrayMetadataV3, type Json } from "./array-metadata.ts";
import type { CodecMetadata } from "./codecs.ts";
import { fillElement } from "./dtypes.ts";
import type { JsonScalar, KeySeparator } from "./metadata.ts";

/** The documents of an array of Zarr 2: `.zarray` and `.zattrs`. */
export interface ArrayDocumentsV2 {
	zarray: Json;
	zattrs: Json;
}

function refused(what: string, where: string, to: 2 | 3): ChunkwiseError {
	return new ChunkwiseError("unsupported-conversion", what, {
		where,
		remedy: `Its metadata alone cannot become that of Zarr ${to}: read the array and write it anew, for example with chunkwise convert.`,
	});
}

/** Compressors and filters of numcodecs that Zarr 3 has under a name of its own. */
const ownNames = new Set(["blosc", "gzip", "zstd"]);
/** Filters of numcodecs that work on elements, and those that work on bytes: the first stand before "bytes". */
const elementFilters = new Set(["delta", "fixedscaleoffset", "quantize", "bitround", "packbits", "astype"]);
const byteFilters = new Set([
	"shuffle",
	"zlib",
	"lz4",
	"bz2",
	"lzma",
	"adler32",
	"crc32",
	"fletcher32",
	"jenkins_lookup3",
]);

const compressors = new Set([...ownNames, "zlib", "lz4", "bz2", "lzma"]);

const shuffles = ["noshuffle", "shuffle", "bitshuffle"];
const sizes: Readonly<Record<string, string>> = { f: "float", i: "int", u: "uint", c: "complex" };

/** A type string of Zarr 2 as its name in Zarr 3, its size in bytes and byte order. */
function typeV3(dtype: unknown, where: string): { name: string; size: number; endian?: "little" | "big" } {
	const match = typeof dtype === "string" ? /^([<>|])([biufc])(\d+)$/.exec(dtype) : null;
	const bytes = Number(match?.[3]);
	const possible: Readonly<Record<string, number[]>> = {
		b: [1],
		i: [1, 2, 4, 8],
		u: [1, 2, 4, 8],
		f: [2, 4, 8],
		c: [8, 16],
	};
	if (!match || !possible[match[2]].includes(bytes)) {
		throw refused(`Elements of the type ${JSON.stringify(dtype)} have no common name in Zarr 3.`, where, 3);
	}
	const [, order, kind] = match;
	const name = kind === "b" ? "bool" : `${sizes[kind]}${8 * bytes}`;
	return bytes === 1 ? { name, size: 1 } : { name, size: bytes, endian: order === ">" ? "big" : "little" };
}

/**
 * The `zarr.json` of an array from its `.zarray` and `.zattrs`: byte order and memory order become codecs, chunks keep
 * their keys (encoding "v2"), and the attribute `_ARRAY_DIMENSIONS` becomes `dimension_names`, unless these are given.
 * A null fill value becomes 0, as readers take it.
 * @throws ChunkwiseError bad-metadata, unsupported-conversion
 */
export function v2ToV3ArrayMetadata(
	zarray: Json,
	zattrs: Json = {},
	options: { dimensionNames?: readonly (string | null)[]; where?: string } = {},
): Json {
	const { dimensionNames, where = "/" } = options;
	const { shape, chunks, keyEncoding, dimensionNames: own } = arrayMetadataV2(zarray, zattrs, where);
	const type = typeV3(zarray.dtype, where);
	const { _ARRAY_DIMENSIONS, ...attributes } = zattrs;
	const names = dimensionNames ?? own;
	const fits = names?.length === shape.length;
	return {
		zarr_format: 3,
		node_type: "array",
		shape,
		data_type: type.name,
		chunk_grid: { name: "regular", configuration: { chunk_shape: chunks } },
		chunk_key_encoding: { name: "v2", configuration: { separator: keyEncoding.separator } },
		fill_value: fillV3(zarray.fill_value as JsonScalar | undefined, type.name, where),
		codecs: codecsV3(zarray, type, where),
		attributes: fits || _ARRAY_DIMENSIONS === undefined ? attributes : zattrs,
		...(fits ? { dimension_names: [...names] } : {}),
	};
}

function codecsV3(zarray: Json, type: ReturnType<typeof typeV3>, where: string): CodecMetadata[] {
	const ndim = (zarray.shape as number[]).length;
	const filters = Array.isArray(zarray.filters) ? (zarray.filters as Json[]) : [];
	const before: CodecMetadata[] = [];
	const after: CodecMetadata[] = [];
	for (const codec of [...filters, ...(zarray.compressor ? [zarray.compressor as Json] : [])]) {
		const id = codec?.id;
		if (typeof id !== "string") throw refused(`${JSON.stringify(codec)} is no codec.`, where, 3);
		const onElements = elementFilters.has(id);
		if (!onElements && !ownNames.has(id) && !byteFilters.has(id)) {
			throw refused(`The codec ${JSON.stringify(id)} has no counterpart in Zarr 3.`, where, 3);
		}
		if (
			onElements &&
			(after.length > 0 || [codec.dtype, codec.astype].some((t) => String(t ?? "").startsWith(">")))
		) {
			throw refused(
				`The filter ${JSON.stringify(id)} works on big-endian elements or after another codec.`,
				where,
				3,
			);
		}
		(onElements ? before : after).push(codecV3(codec, id, type.size));
	}
	const order = [...Array(ndim).keys()].reverse();
	const transpose = zarray.order === "F" && ndim > 1;
	return [
		...(transpose ? [{ name: "transpose", configuration: { order } }] : []),
		...before,
		type.endian ? { name: "bytes", configuration: { endian: type.endian } } : { name: "bytes" },
		...after,
	];
}

function codecV3(codec: Json, id: string, typesize: number): CodecMetadata {
	const { id: _, ...rest } = codec;
	if (id === "blosc") {
		const chosen = typeof rest.shuffle === "number" ? rest.shuffle : 1;
		// -1 leaves it to the writer: by bits for single bytes, else by bytes.
		const shuffle = shuffles[chosen] ?? (typesize === 1 ? "bitshuffle" : "shuffle");
		const { cname = "lz4", clevel = 5, blocksize = 0 } = rest;
		return { name: "blosc", configuration: { cname, clevel, shuffle, typesize, blocksize } };
	}
	if (id === "zstd") {
		return { name: "zstd", configuration: { level: rest.level ?? 0, checksum: rest.checksum ?? false } };
	}
	if (id === "gzip") return { name: "gzip", configuration: { level: rest.level ?? 1 } };
	return { name: `numcodecs.${id}`, configuration: rest };
}

/** A fill value as Zarr 3 wants it; 0 for null. 64-bit integers come as bigints, which encodeJson writes in full. */
function fillV3(fill: JsonScalar | undefined, dtype: string, where: string): unknown {
	if (dtype.startsWith("complex")) return Array.isArray(fill) ? fill : [0, 0];
	const value = fillElement(fill, dtype, where);
	if (dtype === "bool") return value !== 0;
	if (typeof value === "bigint" || Number.isFinite(value)) {
		return Object.is(value, -0) ? `0x8${"0".repeat(Number(dtype.slice(5)) / 4 - 1)}` : value;
	}
	return String(value);
}

/** How the keys of chunks are to be named in Zarr v2, which has no prefix `c`. */
export interface ToV2Options {
	/**
	 * Chunks of the array are given the keys of Zarr 2 by the caller: `c/0/0` becomes `0/0`. Without it an array with
	 * the key encoding "default" is refused.
	 */
	keysRenamed?: boolean;
	/** Between the parts of the renamed keys; default: as they are. */
	separator?: KeySeparator;
	/** Path of the array, for messages. */
	where?: string;
}

/**
 * The `.zarray` and `.zattrs` of an array from its `zarr.json`. Zarr 2 has no shards, no checksum codec of this name, no
 * orders of axes but C and F, and knows keys without the leading "c" alone.
 * @throws ChunkwiseError bad-metadata, unsupported-conversion
 */
export function v3ToV2ArrayMetadata(document: Json, options: ToV2Options = {}): ArrayDocumentsV2 {
	const { where = "/" } = options;
	const meta = arrayMetadataV3(document, where);
	if (meta.shards) throw refused("The array has shards, and Zarr 2 has none.", where, 2);
	if (meta.keyEncoding.name === "default" && !options.keysRenamed) {
		throw refused(
			`Chunks are named c${meta.keyEncoding.separator}0…, and Zarr 2 has names without the leading c.`,
			where,
			2,
		);
	}
	const { codecs, ...chain } = chainV2(meta.codecs, meta.shape.length, where);
	const last = codecs.at(-1);
	// A filter is no compressor, though it be the last.
	const compressor = last && compressors.has(String(last.id)) ? last : null;
	const filters = compressor ? codecs.slice(0, -1) : codecs;
	const names = meta.dimensionNames;
	const named = names?.every((name) => typeof name === "string") && names.length === meta.shape.length;
	return {
		zarray: {
			zarr_format: 2,
			shape: meta.shape,
			chunks: meta.chunks,
			dtype: typeV2(document.data_type, chain.big, where),
			compressor,
			fill_value: fillV2(meta.fillValue, meta.dtype, where),
			order: chain.order,
			filters: filters.length > 0 ? filters : null,
			dimension_separator: options.separator ?? meta.keyEncoding.separator,
		},
		zattrs: { ...meta.attributes, ...(named ? { _ARRAY_DIMENSIONS: [...names] } : {}) },
	};
}

function chainV2(
	codecs: readonly CodecMetadata[],
	ndim: number,
	where: string,
): { codecs: Json[]; order: "C" | "F"; big: boolean } {
	const result = { codecs: [] as Json[], order: "C" as "C" | "F", big: false };
	let elements = true;
	for (const { name, configuration = {} } of codecs) {
		const id = name.replace(/^numcodecs\./, "");
		if (name === "bytes") {
			elements = false;
			result.big = configuration.endian === "big";
		} else if (name === "transpose") {
			result.order = orderOf(configuration.order, ndim, result, where);
		} else if (ownNames.has(id) && !elements) {
			result.codecs.push(codecV2(id, configuration));
		} else if (elements ? elementFilters.has(id) : name.startsWith("numcodecs.") && byteFilters.has(id)) {
			result.codecs.push({ id, ...configuration });
		} else {
			throw refused(`The codec ${JSON.stringify(name)} has no counterpart in Zarr 2.`, where, 2);
		}
	}
	const onElements = result.codecs.some(({ id }) => elementFilters.has(String(id)));
	if (elements || (result.big && onElements)) {
		throw refused("Its codecs cannot be told as the filters and compressor of Zarr 2.", where, 2);
	}
	return result;
}

function orderOf(
	order: unknown,
	ndim: number,
	so: { codecs: Json[]; order: string },
	where: string,
): "C" | "F" {
	const axes = Array.isArray(order) ? order : [];
	const same = axes.length === ndim && axes.every((axis, i) => axis === i);
	const reversed = axes.length === ndim && axes.every((axis, i) => axis === ndim - 1 - i);
	if (so.codecs.length > 0 || so.order !== "C" || !(same || reversed)) {
		throw refused(`Axes are transposed to ${JSON.stringify(order)}; Zarr 2 knows C and F order.`, where, 2);
	}
	return same ? "C" : "F";
}

function codecV2(id: string, configuration: Record<string, unknown>): Json {
	if (id === "blosc") {
		const { cname, clevel, shuffle, blocksize } = configuration;
		const named = typeof shuffle === "number" ? shuffle : shuffles.indexOf(String(shuffle ?? "noshuffle"));
		return { id, cname: cname ?? "lz4", clevel: clevel ?? 5, shuffle: named, blocksize: blocksize ?? 0 };
	}
	if (id === "zstd") {
		const { level = 0, checksum } = configuration;
		return { id, level, ...(checksum === true ? { checksum } : {}) };
	}
	return { id, level: configuration.level ?? 1 };
}

function typeV2(dtype: unknown, big: boolean, where: string): string {
	const match = typeof dtype === "string" ? /^(bool|int|uint|float|complex)(\d*)$/.exec(dtype) : null;
	if (!match)
		throw refused(`Elements of the type ${JSON.stringify(dtype)} cannot be told in Zarr 2.`, where, 2);
	if (match[1] === "bool") return "|b1";
	const kind = { int: "i", uint: "u", float: "f", complex: "c" }[match[1]];
	const bytes = Number(match[2]) / 8;
	return `${bytes === 1 ? "|" : big ? ">" : "<"}${kind}${bytes}`;
}

function fillV2(fill: JsonScalar, dtype: string, where: string): unknown {
	if (fill === null || dtype.startsWith("complex")) return fill;
	const value = fillElement(fill, dtype, where);
	if (dtype === "bool") return value !== 0;
	return typeof value === "bigint" || Number.isFinite(value) ? value : String(value);
}
