/** What a node's metadata say, also where the node cannot be read: of a grid, a codec or a type not known here. */
import { type ChunkwiseError, isChunkwiseError } from "../errors.ts";
import { asStore } from "../stores/memory.ts";
import { keyOf, normalizePath, type StoreOptions } from "../stores/store.ts";
import type { Json } from "./array-metadata.ts";
import { typeOfV2, unsupportedType, valueType } from "./dtypes.ts";
import { readJson } from "./json.ts";
import { openZarr, type StoreLike } from "./open.ts";
import { partsOf } from "./parts.ts";
import { lengths, statedV3 } from "./stand-in.ts";

/** A group or an array as its documents tell it. */
export interface NodeDescription {
	kind: "array" | "group";
	zarrFormat: 2 | 3;
	/** From the root of the store; "" for the root. */
	path: string;
	/** Of arrays, slowest axis first; undefined where the metadata state none that makes sense. */
	shape?: number[];
	/** Shape of a chunk; undefined where chunks have no common shape. */
	chunks?: number[];
	/** Zarr v3 name of the type; the v2 type string where it has none. */
	dtype?: string;
	/** `zarr.json`, or `.zarray` or `.zgroup`. */
	document: Record<string, unknown>;
	attributes: Record<string, unknown>;
	/** Why the node cannot be opened, or its values not be read as numbers, where that is so. */
	problem?: ChunkwiseError;
}

/**
 * Describes the node at a path. Where {@link openZarr} would refuse an array because of what its metadata ask for
 * (rectilinear grids, storage transformers, fields that must be understood), that is its `problem`.
 * @throws ChunkwiseError not-zarr, bad-metadata where there is no JSON object that says array or group, and what the
 * store throws
 */
export async function describeNode(
	store: StoreLike,
	path = "",
	options?: StoreOptions,
): Promise<NodeDescription> {
	const at = normalizePath(path);
	try {
		const node = await openZarr(store, at, options);
		const { kind, zarrFormat } = node;
		const attributes = { ...node.attrs };
		if (node.kind === "group") return { kind, zarrFormat, path: at, document: node.document, attributes };
		const { shape, chunks, dtype, document } = node.metadata;
		const readable = valueType(dtype) !== undefined || partsOf(node.metadata)?.kind === "complex";
		return {
			...{ kind, zarrFormat, path: at, shape, chunks, dtype, document, attributes },
			...(readable ? {} : { problem: unsupportedType(dtype, at) }),
		};
	} catch (error) {
		if (!isChunkwiseError(error) || error.code !== "bad-metadata") throw error;
		const found = await refusedArray(store, at, options).catch(() => undefined);
		if (!found) throw error;
		return { ...found, problem: error };
	}
}

/** As far as the documents of an array go that openZarr() refuses. */
async function refusedArray(
	given: StoreLike,
	path: string,
	options?: StoreOptions,
): Promise<NodeDescription | undefined> {
	const store = asStore(given);
	const v3 = await readJson(store, keyOf(path, "zarr.json"), options);
	if (v3) {
		if (v3.zarr_format !== 3 || v3.node_type !== "array") return undefined;
		return {
			kind: "array",
			zarrFormat: 3,
			path,
			...statedV3(v3),
			document: v3,
			attributes: (v3.attributes ?? {}) as Json,
		};
	}
	const v2 = await readJson(store, keyOf(path, ".zarray"), options);
	if (!v2) return undefined;
	return {
		kind: "array",
		zarrFormat: 2,
		path,
		shape: lengths(v2.shape),
		chunks: lengths(v2.chunks),
		dtype: v2.dtype === undefined ? undefined : typeOfV2(v2.dtype).name,
		document: v2,
		attributes: ((await readJson(store, keyOf(path, ".zattrs"), options)) ?? {}) as Json,
	};
}
