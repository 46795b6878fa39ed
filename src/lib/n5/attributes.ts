/**
 * attributes.json of an N5 container (saalfeldlab/n5, "File-system specification"). What N5 keeps fastest axis first
 * (dimensions, blockSize) is slowest first here, as everywhere in this library.
 */
import { ChunkwiseError } from "../errors.ts";
import { keyOf, type ReadableStore, type StoreOptions } from "../stores/store.ts";
import { type DataType, dataTypes, itemSize, product } from "../types.ts";
import type { Attributes, Json } from "../zarr/array-metadata.ts";
import { readJson } from "../zarr/json.ts";
import type { N5Compression } from "./compression.ts";

export const attributesName = "attributes.json";

export interface N5ArrayMetadata {
	/** Slowest axis first: `dimensions` reversed. */
	shape: number[];
	/** Slowest axis first: `blockSize` reversed. */
	blockShape: number[];
	dtype: DataType;
	compression: N5Compression;
	/** What is not N5's own. */
	attributes: Json;
	/** The document as stored. */
	document: Json;
}

/** Keys of an array's attributes.json that are N5's own. */
const own = new Set(["dimensions", "blockSize", "dataType", "compression", "compressionType", "n5"]);

/** Blocks hold less than this (the README; Java's arrays). */
const largestBlock = 2 ** 31;

/** The attributes of a node; undefined where it has no attributes.json. */
export function readAttributes(
	store: ReadableStore,
	path: string,
	options?: StoreOptions,
): Promise<Json | undefined> {
	return readJson(store, keyOf(path, attributesName), options);
}

/** Whether attributes describe an array. Any other node is a group. */
export function describesArray(attributes: Json | undefined): attributes is Json {
	return Array.isArray(attributes?.dimensions);
}

/**
 * @throws ChunkwiseError bad-metadata, unsupported-dtype, unknown-codec
 */
export function arrayMetadata(document: Json, where: string): N5ArrayMetadata {
	const dimensions = lengths(document.dimensions, "dimensions", 0, where);
	const blockSize = lengths(document.blockSize, "blockSize", 1, where);
	if (dimensions.length === 0 || dimensions.length !== blockSize.length) {
		throw damaged(where, `dimensions has ${dimensions.length} entries and blockSize ${blockSize.length}.`);
	}
	const dtype = document.dataType;
	if (typeof dtype !== "string") throw damaged(where, "There is no dataType.");
	if (!isDataType(dtype)) {
		throw new ChunkwiseError("unsupported-dtype", `Elements of type ${dtype} cannot be read here.`, {
			where,
			remedy: "Of N5's types the integers and floats can be read, strings and objects cannot.",
		});
	}
	if (product(blockSize) * itemSize(dtype) >= largestBlock) {
		throw damaged(
			where,
			`A block of ${blockSize.join(" × ")} would be 2 GiB or more, which N5 does not have.`,
		);
	}
	return {
		shape: dimensions.reverse(),
		blockShape: blockSize.reverse(),
		dtype,
		compression: compressionOf(document, where),
		attributes: Object.fromEntries(Object.entries(document).filter(([key]) => !own.has(key))),
		document,
	};
}

function isDataType(name: string): name is DataType {
	return (dataTypes as readonly string[]).includes(name);
}

/** `compression`; before version 2 the bare name in `compressionType`; before that none, for raw. */
function compressionOf(document: Json, where: string): N5Compression {
	const { compression, compressionType } = document;
	if (document.shardSize !== undefined || (document.codecs !== undefined && compression === undefined)) {
		throw new ChunkwiseError("unknown-codec", "N5 arrays with shards or chains of codecs are not read.", {
			where,
			remedy: "Write it again without shardSize and codecs.",
		});
	}
	if (typeof compression === "string") return { type: compression.toLowerCase() };
	if (compression !== undefined && compression !== null) {
		const { type } = compression as { type?: unknown };
		if (typeof type !== "string") throw damaged(where, "The compression has no type.");
		return compression as N5Compression;
	}
	if (typeof compressionType === "string") return { type: compressionType.toLowerCase() };
	return { type: "raw" };
}

function lengths(value: unknown, name: string, least: number, where: string): number[] {
	if (!Array.isArray(value) || !value.every((n) => Number.isSafeInteger(n) && n >= least)) {
		throw damaged(where, `${name} is ${JSON.stringify(value)}, which is no list of lengths.`);
	}
	return [...value];
}

function damaged(where: string, message: string): ChunkwiseError {
	return new ChunkwiseError("bad-metadata", message, {
		where: where || "/",
		remedy: "attributes.json is damaged or of a kind that is not supported: ask whoever wrote it.",
	});
}

/** The version that the container's root states; null where there is none (before 1.0, or a part of a container). */
export function n5Version(root: Attributes | undefined): string | null {
	return typeof root?.n5 === "string" ? root.n5 : null;
}
