/** One view of an array's metadata for both Zarr versions. */
import { ChunkwiseError } from "../errors.ts";
import type { CodecMetadata } from "./codecs.ts";
import { typeOfV2 } from "./dtypes.ts";
import type { JsonScalar } from "./metadata.ts";

/** How chunks are packed into shards (the codec sharding_indexed, ZEP 2). */
export interface ShardInfo {
	/** Shape of a shard: the unit of storage. */
	shape: number[];
	/** What the index of a shard goes through: usually little-endian bytes, then crc32c. */
	indexCodecs: CodecMetadata[];
	/** Where in a shard its index is. */
	indexLocation: "start" | "end";
}

/** The metadata of an array in one form for Zarr v2 and v3 (zarr-specs.readthedocs.io). */
export interface ArrayMetadata {
	zarrFormat: 2 | 3;
	/** Elements along each axis, slowest first. */
	shape: number[];
	/** Shape of a chunk: the unit of reading. Inside a shard where there are shards. */
	chunks: number[];
	shards?: ShardInfo;
	/** Zarr v3 name of the type; the v2 type string where it has none. */
	dtype: string;
	byteOrder: "little" | "big" | null;
	/** What a chunk goes through when written, first to last. A v2 array's filters and compressor keep their names. */
	codecs: CodecMetadata[];
	/** As stored: null where a v2 array has none, "NaN" and "Infinity" as strings, 64-bit integers exact. */
	fillValue: JsonScalar;
	dimensionNames?: (string | null)[];
	attributes: Record<string, unknown>;
	/** Chunk (or shard) keys: prefix, separator. */
	keyEncoding: { name: "default" | "v2"; separator: "/" | "." };
	/** The documents as stored. */
	document: Record<string, unknown>;
}

export type Json = Record<string, unknown>;

/** Attributes of a node: whatever its writer put there, so that nothing is known of their types. */
// biome-ignore lint/suspicious/noExplicitAny: a reader walks into them freely (attrs.ome.multiscales[0].axes)
export type Attributes = Readonly<Record<string, any>>;

/** The fields of an array's zarr.json that Zarr v3 defines. */
export const arrayFieldsV3: ReadonlySet<string> = new Set([
	"zarr_format",
	"node_type",
	"shape",
	"data_type",
	"chunk_grid",
	"chunk_key_encoding",
	"fill_value",
	"codecs",
	"attributes",
	"dimension_names",
	"storage_transformers",
]);

function damaged(where: string, message: string): ChunkwiseError {
	return new ChunkwiseError("bad-metadata", message, {
		where,
		remedy: "The array's metadata is damaged or of a kind that is not supported: ask whoever wrote it.",
	});
}

function lengths(value: unknown, name: string, where: string, least: number): number[] {
	if (!Array.isArray(value) || !value.every((n) => Number.isSafeInteger(n) && n >= least)) {
		throw damaged(where, `${name} is ${JSON.stringify(value)}, which is no list of lengths.`);
	}
	return value as number[];
}

/** Codecs may be written by their name alone (Zarr 3.1). */
function codecList(value: unknown, where: string): CodecMetadata[] {
	if (!Array.isArray(value)) throw damaged(where, "There is no list of codecs.");
	return value.map((codec) => {
		const named = typeof codec === "string" ? { name: codec } : (codec as CodecMetadata);
		if (typeof named?.name !== "string") throw damaged(where, `${JSON.stringify(codec)} is no codec.`);
		return { name: named.name, ...(named.configuration ? { configuration: named.configuration } : {}) };
	});
}

/**
 * The configuration of the codec sharding_indexed, for shards of this shape.
 * @throws ChunkwiseError bad-metadata
 */
export function shardingOf(
	configuration: Readonly<Json>,
	shape: readonly number[],
	where: string,
): {
	chunks: number[];
	codecs: CodecMetadata[];
	indexCodecs: CodecMetadata[];
	indexLocation: "start" | "end";
} {
	const chunks = lengths(configuration.chunk_shape, "the shards' chunk_shape", where, 1);
	if (chunks.length !== shape.length || chunks.some((n, axis) => shape[axis] % n !== 0)) {
		throw damaged(where, `Chunks of ${chunks.join(" × ")} do not fill shards of ${shape.join(" × ")}.`);
	}
	const indexLocation = configuration.index_location ?? "end";
	if (indexLocation !== "start" && indexLocation !== "end") {
		throw damaged(where, `Its shard index is at ${JSON.stringify(indexLocation)}.`);
	}
	return {
		chunks,
		codecs: codecList(configuration.codecs, where),
		indexCodecs: codecList(configuration.index_codecs, where),
		indexLocation,
	};
}

/** @throws ChunkwiseError bad-metadata */
export function arrayMetadataV3(document: Json, where: string): ArrayMetadata {
	for (const [key, value] of Object.entries(document)) {
		// The specification: what a reader does not know it must not ignore, unless told that it may.
		if (!arrayFieldsV3.has(key) && (value as Json | null)?.must_understand !== false && value !== null) {
			throw damaged(where, `The field ${JSON.stringify(key)} is unknown and not marked as one to ignore.`);
		}
	}
	if (Array.isArray(document.storage_transformers) && document.storage_transformers.length > 0) {
		throw damaged(where, "It uses storage transformers.");
	}
	const shape = lengths(document.shape, "shape", where, 0);
	const grid = document.chunk_grid as { name?: string; configuration?: Json } | undefined;
	if (grid?.name !== "regular") throw damaged(where, `Its chunk grid is ${JSON.stringify(grid?.name)}.`);
	const outer = lengths(grid.configuration?.chunk_shape, "chunk_shape", where, 1);
	const codecs = codecList(document.codecs, where);
	if (codecs.length === 0) {
		throw damaged(
			where,
			"Its list of codecs is empty, where the specification asks for one that makes bytes.",
		);
	}
	const encoding = (
		typeof document.chunk_key_encoding === "string"
			? { name: document.chunk_key_encoding }
			: document.chunk_key_encoding
	) as { name?: string; configuration?: Json } | undefined;
	if (encoding?.name !== "default" && encoding?.name !== "v2") {
		throw damaged(where, `Its chunk key encoding is ${JSON.stringify(encoding?.name)}.`);
	}
	const separator = encoding.configuration?.separator ?? (encoding.name === "default" ? "/" : ".");
	if (separator !== "/" && separator !== ".")
		throw damaged(where, `Its key separator is ${JSON.stringify(separator)}.`);
	if (outer.length !== shape.length) throw damaged(where, "Shape and chunk shape have different lengths.");

	let chunks = outer;
	let shards: ShardInfo | undefined;
	let inner = codecs;
	// With other codecs around them, or inside each other, shards are read whole: then a chunk is a whole shard.
	const [sharding] = codecs;
	if (sharding.name === "sharding_indexed" && codecs.length === 1) {
		const found = shardingOf(sharding.configuration ?? {}, outer, where);
		chunks = found.chunks;
		shards = { shape: outer, indexCodecs: found.indexCodecs, indexLocation: found.indexLocation };
		inner = found.codecs;
	}
	const dtype = document.data_type;
	const endian = inner.find((codec) => codec.name === "bytes")?.configuration?.endian;
	const names = document.dimension_names;
	if (Array.isArray(names) && names.length !== shape.length) {
		throw damaged(where, `It has ${names.length} dimension names for ${shape.length} axes.`);
	}
	return {
		zarrFormat: 3,
		shape,
		chunks,
		shards,
		dtype:
			typeof dtype === "string" ? dtype : String((dtype as Json | undefined)?.name ?? JSON.stringify(dtype)),
		byteOrder: endian === "little" || endian === "big" ? endian : null,
		codecs: inner,
		fillValue: (document.fill_value ?? null) as JsonScalar,
		dimensionNames: Array.isArray(names) ? (names as (string | null)[]) : undefined,
		attributes: (document.attributes ?? {}) as Json,
		keyEncoding: { name: encoding.name, separator },
		document,
	};
}

/** @throws ChunkwiseError bad-metadata */
export function arrayMetadataV2(document: Json, attributes: Json, where: string): ArrayMetadata {
	const shape = lengths(document.shape, "shape", where, 0);
	const chunks = lengths(document.chunks, "chunks", where, 1);
	if (chunks.length !== shape.length) throw damaged(where, "Shape and chunks have different lengths.");
	const separator = document.dimension_separator ?? ".";
	if (separator !== "/" && separator !== ".") {
		throw damaged(where, `Its dimension separator is ${JSON.stringify(separator)}.`);
	}
	const { name, byteOrder } = typeOfV2(document.dtype);
	const asCodec = (value: unknown): CodecMetadata => {
		const { id, ...configuration } = (value ?? {}) as { id?: unknown };
		if (typeof id !== "string") throw damaged(where, `${JSON.stringify(value)} is no codec.`);
		return { name: id, configuration };
	};
	const names = attributes._ARRAY_DIMENSIONS;
	return {
		zarrFormat: 2,
		shape,
		chunks,
		dtype: name,
		byteOrder,
		codecs: [
			...(Array.isArray(document.filters) ? document.filters.map(asCodec) : []),
			...(document.compressor ? [asCodec(document.compressor)] : []),
		],
		fillValue: (document.fill_value ?? null) as JsonScalar,
		dimensionNames: Array.isArray(names) ? (names as string[]) : undefined,
		attributes,
		keyEncoding: { name: "v2", separator },
		document,
	};
}

/** The key of a chunk (or shard) below its array's path. */
export function encodeChunkKey(encoding: ArrayMetadata["keyEncoding"], index: readonly number[]): string {
	if (encoding.name === "default") return ["c", ...index].join(encoding.separator);
	return index.length === 0 ? "0" : index.join(encoding.separator);
}
