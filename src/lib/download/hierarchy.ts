/**
 * The nodes of a hierarchy by its metadata alone, for stores that cannot list: what consolidated metadata, OME-NGFF and
 * N5's conventions name is asked for, and each array's chunk keys follow from its grid.
 */
import { ChunkwiseError, isChunkwiseError } from "../errors.ts";
import { describesArray } from "../n5/attributes.ts";
import { omeOf } from "../ngff/multiscales.ts";
import { documentNames } from "../stores/metadata-keys.ts";
import { keyOf, type ReadableStore, type StoreOptions } from "../stores/store.ts";
import { arrayMetadataV2, arrayMetadataV3, encodeChunkKey, type Json } from "../zarr/array-metadata.ts";
import { checkDepth } from "../zarr/depth.ts";
import { readJson } from "../zarr/json.ts";

export type HierarchyFormat = 2 | 3 | "n5";

export interface StoredNode {
	/** From the root of the store. */
	path: string;
	format: HierarchyFormat;
	kind: "group" | "array";
	/** Keys of its metadata documents, without leading slash. */
	documents: string[];
	/** What says of the node what it is: zarr.json, .zarray, .zgroup or attributes.json; with v2 attributes apart. */
	document: Json;
	attributes: Json;
	/** Of an array: how many stored objects it can have, shards where there are shards. */
	chunkCount: number;
	/** Of an array: their keys, without leading slash, first axis slowest. */
	chunkKeys(): Generator<string>;
	/** Paths of nodes that the metadata names or that are usual, from the root of the store; they need not exist. */
	mayHold: string[];
}

/** Numbered nodes are looked for this far, beyond which the metadata must name them. */
const mostNumbered = 1000;

/**
 * Every node at and below a path, groups before what they hold.
 * @throws ChunkwiseError not-zarr where there is none at the path itself, bad-metadata, and what the store throws
 */
export async function* walkHierarchy(
	store: ReadableStore,
	path: string,
	options: StoreOptions & { skip?: (path: string) => boolean } = {},
): AsyncGenerator<StoredNode> {
	const root = await anyNode(store, path, options);
	if (!root) {
		throw new ChunkwiseError("not-zarr", "No Zarr or N5 array or group is here.", {
			where: path || "/",
			remedy: "Check the address and the path.",
		});
	}
	const seen = new Set<string>();
	const waiting = [root];
	for (let node = waiting.pop(); node; node = waiting.pop()) {
		checkDepth(node.path, root.path);
		yield node;
		const wanted = node.mayHold.filter((at) => !seen.has(at) && !options.skip?.(at));
		const found = (await childrenOf(store, { ...node, mayHold: wanted }, options)).filter(({ path: at }) => {
			if (seen.has(at) || options.skip?.(at)) return false;
			seen.add(at);
			return true;
		});
		waiting.push(...found.reverse());
	}
}

async function anyNode(store: ReadableStore, path: string, options: StoreOptions) {
	return (
		(await nodeAt(store, path, 3, options)) ??
		(await nodeAt(store, path, 2, options)) ??
		(await nodeAt(store, path, "n5", options))
	);
}

async function nodeAt(
	store: ReadableStore,
	path: string,
	format: HierarchyFormat,
	options: StoreOptions,
): Promise<StoredNode | undefined> {
	const documents = new Map<string, Json>();
	await Promise.all(
		documentNames[format].map(async (name) => {
			// Consolidated metadata are at the top only.
			const document = await readJson(store, keyOf(path, name), options);
			if (document) documents.set(name, document);
		}),
	);
	const base = {
		path,
		format,
		documents: documentNames[format]
			.filter((name) => documents.has(name))
			.map((name) => keyOf(path, name).slice(1)),
	};
	if (format === "n5") {
		const document = documents.get("attributes.json");
		return document && n5Node(base, document);
	}
	const main =
		format === 3 ? documents.get("zarr.json") : (documents.get(".zarray") ?? documents.get(".zgroup"));
	const attributes = format === 3 ? ((main?.attributes ?? {}) as Json) : (documents.get(".zattrs") ?? {});
	// Some writers leave .zgroup out; attributes without an array are a group's.
	const document = main ?? (documents.size > 0 ? {} : undefined);
	if (!document) return undefined;
	if (format === 3 ? document.node_type === "array" : documents.has(".zarray")) {
		const where = path || "/";
		const array =
			format === 3 ? arrayMetadataV3(document, where) : arrayMetadataV2(document, attributes, where);
		const grid = gridOf(array.shape, array.shards?.shape ?? array.chunks);
		const key = (index: number[]) => keyOf(path, encodeChunkKey(array.keyEncoding, index)).slice(1);
		return arrayNode(base, document, attributes, grid, key);
	}
	return groupNode(base, document, attributes, [
		...consolidatedPaths(document, documents.get(".zmetadata")),
		...omePaths(attributes),
	]);
}

type Base = Pick<StoredNode, "path" | "format" | "documents">;

function n5Node(base: Base, document: Json): StoredNode {
	const { multiscales } = document;
	if (!describesArray(document)) {
		const entries = Array.isArray(multiscales) ? (multiscales as Json[]) : [];
		const listed = entries.flatMap((entry) =>
			Array.isArray(entry?.datasets) ? (entry.datasets as Json[]).map((dataset) => dataset?.path) : [],
		);
		return groupNode(base, document, document, listed.filter(isPath));
	}
	const shape = document.dimensions as number[];
	const blocks = document.blockSize as number[];
	// Fastest axis first in the key, as in the document.
	return arrayNode(base, document, document, gridOf(shape, blocks), (index) =>
		keyOf(base.path, index.join("/")).slice(1),
	);
}

function groupNode(base: Base, document: Json, attributes: Json, below: string[]): StoredNode {
	const mayHold = [...new Set(below.flatMap(withParents))].map((name) => keyOf(base.path, name).slice(1));
	return { ...base, kind: "group", document, attributes, chunkCount: 0, *chunkKeys() {}, mayHold };
}

function arrayNode(
	base: Base,
	document: Json,
	attributes: Json,
	grid: number[],
	key: (index: number[]) => string,
): StoredNode {
	return {
		...base,
		kind: "array",
		document,
		attributes,
		chunkCount: grid.reduce((product, n) => product * n, 1),
		*chunkKeys() {
			for (const index of indices(grid)) yield key(index);
		},
		mayHold: [],
	};
}

function gridOf(shape: readonly number[], chunks: readonly number[]): number[] {
	return shape.map((n, axis) => Math.ceil(n / chunks[axis]));
}

function* indices(grid: readonly number[]): Generator<number[]> {
	if (grid.includes(0)) return;
	const index = grid.map(() => 0);
	for (;;) {
		yield [...index];
		let axis = grid.length - 1;
		while (axis >= 0 && ++index[axis] === grid[axis]) index[axis--] = 0;
		if (axis < 0) return;
	}
}

/** `scale0/image` is below the group `scale0`. */
function withParents(path: string): string[] {
	const parts = path.split("/").filter(Boolean);
	return parts.map((_, n) => parts.slice(0, n + 1).join("/"));
}

function isPath(value: unknown): value is string {
	return typeof value === "string" && !value.split("/").includes("..");
}

function consolidatedPaths(document: Json, v2: Json | undefined): string[] {
	const inline = (document.consolidated_metadata as Json | null | undefined)?.metadata;
	const keys = Object.keys((inline ?? v2?.metadata ?? {}) as Json);
	return keys.map((key) => (inline ? key : key.split("/").slice(0, -1).join("/"))).filter(Boolean);
}

/** Scale levels, labels, wells, fields of view, and the groups of bioformats2raw. */
function omePaths(attributes: Json): string[] {
	const ome = omeOf(attributes) as {
		multiscales?: { datasets?: { path?: unknown }[] }[];
		labels?: unknown[];
		plate?: { wells?: { path?: unknown }[] };
		well?: { images?: { path?: unknown }[] };
		series?: unknown[];
	};
	const list = <T>(value: T[] | undefined) => (Array.isArray(value) ? value : []);
	const found: unknown[] = [
		...list(ome.multiscales).flatMap((image) => list(image?.datasets).map((dataset) => dataset?.path)),
		...(ome.multiscales ? ["labels"] : []),
		...list(ome.labels),
		...list(ome.plate?.wells).map((well) => well?.path),
		...list(ome.well?.images).map((image) => image?.path),
	];
	return found.filter(isPath);
}

/** The nodes directly named by a node that exist, and numbered ones as far as they go. */
async function childrenOf(
	store: ReadableStore,
	node: StoredNode,
	options: StoreOptions,
): Promise<StoredNode[]> {
	const at = (path: string) => nodeAt(store, path, node.format, options);
	const found = (await Promise.all(node.mayHold.map(at))).filter((child) => child !== undefined);
	if (node.kind === "array") return found;
	const below = (name: string) => keyOf(node.path, name).slice(1);
	const numbered = async (name: (n: number) => string) => {
		for (let n = 0; n < mostNumbered; n++) {
			const path = below(name(n));
			const child = found.find((one) => one.path === path) ?? (await at(path));
			if (!child) return;
			if (!found.includes(child)) found.push(child);
		}
	};
	if (node.format === "n5") {
		await numbered((n) => `s${n}`);
		await numbered((n) => `c${n}`);
		await numbered((n) => `setup${String(n).padStart(2, "0")}`);
		await numbered((n) => `timepoint${n}`);
	} else if (omeOf(node.attributes)["bioformats2raw.layout"] !== undefined) {
		const extra = await at(below("OME"));
		if (extra) found.push(extra);
		const { series } = omeOf(extra?.attributes ?? {});
		if (Array.isArray(series)) {
			const listed = series.filter(isPath).flatMap(withParents).map(below);
			const images = await Promise.all(listed.map(at));
			found.push(...images.filter((child) => child !== undefined));
		} else await numbered(String);
	}
	return found;
}

/** Whether the error says that there is no such hierarchy, and not that it could not be looked at. */
export function isNoHierarchy(error: unknown): boolean {
	return isChunkwiseError(error) && error.code === "not-zarr";
}
