/** A hierarchy of Zarr 2 made one of Zarr 3 and back: its metadata is written anew, its chunks stay as they are. */
import { ChunkwiseError, throwIfAborted } from "../errors.ts";
import type { LongTask } from "../progress.ts";
import { asStore } from "../stores/memory.ts";
import {
	exclusively,
	keyOf,
	type ReadableStore,
	type StoreKey,
	type WritableStore,
} from "../stores/store.ts";
import type { ZarrArray } from "./array.ts";
import { encodeChunkKey, type Json } from "./array-metadata.ts";
import { consolidate } from "./consolidated.ts";
import { v2ToV3ArrayMetadata, v3ToV2ArrayMetadata } from "./convert-metadata.ts";
import { copyInto, type Encoding, type Planned, zarrDocuments } from "./convert-metadata-copy.ts";
import type { ZarrGroup } from "./group.ts";
import { encodeJson, groupDocument, type KeySeparator } from "./metadata.ts";
import { openNode, openZarr } from "./open.ts";

export interface ConvertZarrOptions extends LongTask {
	/** Zarr format to convert to. */
	zarrFormat: 2 | 3;
	/** Node to convert, with all below it; default the root. */
	path?: string;
	/** Store to write to; default: the metadata is replaced where it is, and no chunk is touched. */
	target?: WritableStore | Map<string, Uint8Array>;
	/** Path in the target; default its root. */
	targetPath?: string;
	/** Remove what the target holds there first; default false. */
	overwrite?: boolean;
	/**
	 * Values that the target has are those that the same call copied before it was stopped: they are kept. For targets
	 * that never hold half a value (`can(store).atomic`); default false.
	 */
	resume?: boolean;
	/**
	 * Copies a value from store to target without reading it here, as a file system can.
	 * @returns false where it cannot: the value is then read and written
	 */
	copyValue?: (from: StoreKey, to: StoreKey) => Promise<boolean>;
}

/** What else changes in a node. */
export interface NodeEdit {
	attributes?: Record<string, unknown>;
	/** Of an array. */
	dimensionNames?: readonly string[];
	/** Of an array's keys in Zarr 2. */
	separator?: KeySeparator;
}

/** What was done. */
export interface ConversionReport {
	/** Groups and arrays whose metadata was written. */
	nodes: number;
	/** Chunks and other values that were copied; 0 in place. */
	copied: number;
	/** Of the values of the target, chunks that have another key there. */
	renamed: number;
	/** Values that an earlier call had copied. */
	kept: number;
}

type Node = ZarrGroup | ZarrArray;
/**
 * Converts the metadata of a hierarchy between Zarr 2 and 3. Everything is worked out before anything is written; in
 * place the new metadata of the node at the path is written last and the old removed after it. Consolidated metadata is
 * made anew where there was some.
 * @throws ChunkwiseError unsupported-conversion, keys-change (in place, where chunks would need other keys),
 *   store-not-empty, cannot-list, source-changed, not-zarr, bad-metadata, and what the stores throw
 */
export async function convertZarr(
	from: WritableStore | ReadableStore | Map<string, Uint8Array>,
	options: ConvertZarrOptions,
): Promise<ConversionReport> {
	return convertHierarchy(from, options, () => ({}));
}

/** As {@link convertZarr}, with changes of attributes, dimension names and keys. */
export async function convertHierarchy(
	from: WritableStore | ReadableStore | Map<string, Uint8Array>,
	options: ConvertZarrOptions,
	edit: (node: Node) => NodeEdit | Promise<NodeEdit>,
): Promise<ConversionReport> {
	const source = asStore(from as ReadableStore);
	const root = await openZarr(source, options.path);
	const nodes = await nodesBelow(root);
	const planned: Planned[] = [];
	for (const node of nodes) {
		throwIfAborted(options.signal);
		planned.push(plan(node, options, await edit(node)));
	}
	const consolidated: string[] = [];
	for (const node of nodes) {
		if (node.kind === "group" && (await hasCopies(node))) consolidated.push(node.path);
	}
	const target = options.target ? asStore(options.target) : writable(source);
	return exclusively(target, () => writePlanned(source, target, root.path, options, planned, consolidated));
}

async function writePlanned(
	source: ReadableStore,
	target: WritableStore,
	root: string,
	options: ConvertZarrOptions,
	planned: readonly Planned[],
	consolidated: readonly string[],
): Promise<ConversionReport> {
	const place = options.target
		? await copyInto(source, target, root, options, planned)
		: { store: target, at: (path: string) => path, copied: 0, renamed: 0, kept: 0 };
	// The node that was asked for comes last: until then the target does not open, and in place the old does.
	for (const { path, documents } of [...planned].reverse()) {
		for (const [name, document] of documents) {
			await place.store.set(keyOf(place.at(path), name), encodeJson(document));
		}
	}
	if (!options.target) await removeOld(place.store, planned);
	for (const path of consolidated) await consolidate(place.store, place.at(path));
	const { copied, renamed, kept } = place;
	return { nodes: planned.length, copied, renamed, kept };
}

function writable(store: ReadableStore): WritableStore {
	if ("set" in store && "delete" in store) return store as WritableStore;
	throw new ChunkwiseError("cannot-write", "This store cannot be changed in place.", {
		remedy: "Give a target to convert into, such as a folder.",
	});
}

async function hasCopies(group: ZarrGroup): Promise<boolean> {
	if (group.zarrFormat === 3) return Boolean(group.document.consolidated_metadata);
	return (await group.store.get(keyOf(group.path, ".zmetadata"))) !== undefined;
}

/** The node and all below it, each before what is in it. */
async function nodesBelow(node: Node): Promise<Node[]> {
	if (node.kind === "array") return [node];
	const found: Node[] = [node];
	for (const member of await node.members()) {
		found.push(...(await nodesBelow(await openNode(node.store, member.path, { format: node.zarrFormat }))));
	}
	return found;
}

function plan(node: Node, options: ConvertZarrOptions, change: NodeEdit): Planned {
	const { zarrFormat } = options;
	const where = node.path || "/";
	const attributes = change.attributes ?? { ...node.attrs };
	if (node.kind === "group") {
		const documents: Planned["documents"] =
			zarrFormat === 3
				? [["zarr.json", { ...groupDocument(attributes) }]]
				: [
						...(Object.keys(attributes).length > 0 ? [[".zattrs", attributes] as [string, Json]] : []),
						[".zgroup", { zarr_format: 2 }],
					];
		return { path: node.path, documents };
	}
	const { keyEncoding, document, zarrFormat: own } = node.metadata;
	const to: Encoding =
		zarrFormat === 3 ? keyEncoding : { name: "v2", separator: change.separator ?? keyEncoding.separator };
	const dims = node.shape.length;
	const index = Array<number>(dims).fill(0);
	const renamed =
		to.name !== keyEncoding.name ||
		(dims > 1 && encodeChunkKey(to, index) !== encodeChunkKey(keyEncoding, index));
	if (renamed && !options.target) {
		throw new ChunkwiseError(
			"keys-change",
			`The chunks of this array are named ${encodeChunkKey(keyEncoding, index)}, … and would have to be named ${encodeChunkKey(to, index)}, …`,
			{
				where,
				remedy:
					"In place only the metadata changes. Convert into another folder (a target): chunks are copied there under their new names.",
			},
		);
	}
	const keys = { from: keyEncoding, to, dims };
	return { path: node.path, documents: arrayDocuments(), keys };

	function arrayDocuments(): Planned["documents"] {
		if (own === 2 && zarrFormat === 3) {
			const { dimensionNames } = change;
			return [["zarr.json", v2ToV3ArrayMetadata(document, attributes, { dimensionNames, where })]];
		}
		if (own === 3 && zarrFormat === 2) {
			const whole = { ...document, attributes };
			const made = v3ToV2ArrayMetadata(whole, { keysRenamed: true, separator: to.separator, where });
			return withAttributes(made.zarray, made.zattrs);
		}
		if (zarrFormat === 3) return [["zarr.json", { ...exact(document), attributes }]];
		return withAttributes({ ...exact(document), dimension_separator: to.separator }, attributes);
	}
}

function withAttributes(zarray: Json, zattrs: Json): Planned["documents"] {
	return [
		...(Object.keys(zattrs).length > 0 ? [[".zattrs", zattrs] as [string, Json]] : []),
		[".zarray", zarray],
	];
}

/** Fill values of 64 bits, which reading keeps as strings, as the numbers that they are. */
function exact(document: Readonly<Json>): Json {
	const { fill_value } = document;
	return typeof fill_value === "string" && /^-?\d+$/.test(fill_value)
		? { ...document, fill_value: BigInt(fill_value) }
		: { ...document };
}

/** Old documents go, the uppermost first: what stands above decides what is read. */
async function removeOld(store: WritableStore, planned: readonly Planned[]): Promise<void> {
	for (const { path, documents } of planned) {
		const kept = new Set(documents.map(([name]) => name));
		for (const name of zarrDocuments) {
			const key = keyOf(path, name);
			if (!kept.has(name) && (await store.get(key))) await store.delete?.(key);
		}
	}
}
