/**
 * Consolidated metadata: copies of the documents of all nodes below a group in one place, so that a store without a
 * listing, far away, is known after one request. Zarr v2 has them in `.zmetadata` (zarr-python's convention), v3 in the
 * group's own document (`consolidated_metadata`, kind "inline"; core specification v3, for historical reasons). Copies
 * go stale when a node changes and nobody makes them anew.
 */
import { ChunkwiseError } from "../errors.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { childNames } from "../stores/list.ts";
import { asStore } from "../stores/memory.ts";
import { stoppable } from "../stores/stoppable.ts";
import {
	exclusively,
	getRange,
	keyOf,
	normalizePath,
	type ReadableStore,
	type StoreKey,
	type StoreOptions,
	type WritableStore,
} from "../stores/store.ts";
import type { ZarrArray } from "./array.ts";
import type { Json } from "./array-metadata.ts";
import type { ZarrGroup } from "./group.ts";
import { readJson } from "./json.ts";
import { encodeJson } from "./metadata.ts";
import { openGroup, openNode, type StoreLike } from "./open.ts";

/**
 * Copies of the metadata of all nodes below a group, kept in one document: `.zmetadata` (v2), or
 * `consolidated_metadata` in the group's zarr.json (v3, as zarr-python writes it).
 */
export interface ConsolidatedMetadata {
	zarrFormat: 2 | 3;
	/** Of the group, from the root of the store. */
	path: string;
	/** The copies by key below the group: "scale0/image/zarr.json", or ".zgroup" and "scale0/image/.zarray". */
	documents: ReadonlyMap<string, Json>;
}

/** A copy that is not as the document is. */
export interface StaleDocument {
	/** Key below the group. */
	key: string;
	/** The document has changed, is gone, or was never copied. */
	what: "changed" | "gone" | "missing";
}

const names = { 2: [".zgroup", ".zarray", ".zattrs"], 3: ["zarr.json"] } as const;

/**
 * The consolidated metadata of a group, as stored; undefined where it has none.
 * @throws ChunkwiseError not-zarr, not-a-group, bad-metadata
 */
export async function readConsolidated(
	from: StoreLike,
	path = "",
	options?: StoreOptions,
): Promise<ConsolidatedMetadata | undefined> {
	const store = stoppable(from, options?.signal);
	const at = normalizePath(path);
	const whole = await readJson(store, keyOf(at, ".zmetadata"));
	if (whole) {
		if (whole.zarr_consolidated_format !== 1) throw unusable(at, "of a form that is not known");
		return { zarrFormat: 2, path: at, documents: documentsOf(whole.metadata, at, "") };
	}
	const group = await openGroup(store, at);
	const inline = group.document.consolidated_metadata as Json | null | undefined;
	if (group.zarrFormat === 2 || !inline) return undefined;
	if (inline.kind !== "inline") throw unusable(at, `of the kind ${JSON.stringify(inline.kind)}`);
	return { zarrFormat: 3, path: at, documents: documentsOf(inline.metadata, at, "/zarr.json") };
}

function documentsOf(metadata: unknown, at: string, ending: string): Map<string, Json> {
	const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
	if (!isObject(metadata)) throw unusable(at, "no list of documents");
	const entries = Object.entries(metadata as Json);
	if (!entries.every(([, document]) => isObject(document))) throw unusable(at, "not made of documents");
	return new Map(entries.map(([key, document]) => [`${key}${ending}`, document as Json]));
}

function unusable(at: string, why: string): ChunkwiseError {
	return new ChunkwiseError("bad-metadata", `The consolidated metadata is ${why}.`, {
		where: at || "/",
		remedy: "Open the group without it, or make it anew with consolidate().",
	});
}

/**
 * Copies the metadata of all nodes below a group into its consolidated metadata, in place of what was there. The store
 * must be able to list, or the group's OME-NGFF metadata name what is in it.
 * @returns how many documents were copied
 * @throws ChunkwiseError not-zarr, not-a-group, bad-metadata, and what the store throws; the signal's reason when
 *   aborted: the group is then as it was
 */
export async function consolidate(
	into: WritableStore | Map<string, Uint8Array>,
	path = "",
	task: LongTask = {},
): Promise<number> {
	const store = stoppable(asStore(into), task.signal);
	return exclusively(store, () => copyDocuments(store, path, task));
}

async function copyDocuments(store: WritableStore, path: string, task: LongTask): Promise<number> {
	const group = await openGroup(store, path);
	const documents = await actualDocuments(group, counter("Copying metadata", task));
	const metadata: Json = {};
	if (group.zarrFormat === 2) {
		for (const [key, document] of documents) metadata[key] = written(document);
		await store.set(keyOf(group.path, ".zmetadata"), encodeJson({ zarr_consolidated_format: 1, metadata }));
	} else {
		for (const [key, document] of documents) {
			metadata[key.replace(/\/zarr\.json$/, "")] = written(document);
		}
		const consolidated = { kind: "inline", must_understand: false, metadata };
		await store.set(
			keyOf(group.path, "zarr.json"),
			encodeJson({ ...group.document, consolidated_metadata: consolidated }),
		);
	}
	return documents.size;
}

/** Fill values of 64 bits, which reading keeps as strings, as the numbers that they are. */
function written(document: Json): Json {
	const { fill_value } = document;
	if (typeof fill_value !== "string" || !/^-?\d+$/.test(fill_value)) return document;
	return { ...document, fill_value: BigInt(fill_value) };
}

/** Tells of each document that is read. */
function counter(label: string, task: LongTask): () => void {
	const report = progressOf(task);
	let done = 0;
	return () => report({ label, done: ++done, unit: "documents" });
}

/** The documents of the nodes below a group, by key; of a v2 group its own too. */
async function actualDocuments(group: ZarrGroup, onDocument: () => void): Promise<Map<string, Json>> {
	const documents = new Map<string, Json>();
	const start = group.path === "" ? 0 : group.path.length + 1;
	const visit = async (node: ZarrGroup | ZarrArray): Promise<void> => {
		if (node !== group || group.zarrFormat === 2) {
			for (const name of names[group.zarrFormat]) {
				const key = keyOf(node.path, name);
				const document = await readJson(group.store, key);
				if (!document) continue;
				documents.set(key.slice(1 + start), document);
				onDocument();
			}
		}
		if (node.kind === "array") return;
		for (const member of await node.members()) {
			await visit(await openNode(group.store, member.path, { format: group.zarrFormat }));
		}
	};
	await visit(group);
	return documents;
}

/**
 * Compares the consolidated metadata of a group with the documents themselves. Where the store cannot list, nodes that
 * were added since are not found.
 * @returns what is stale; nothing where the copies are as the documents are, undefined where there are no copies
 * @throws ChunkwiseError not-zarr, not-a-group, bad-metadata, and what the store throws
 */
export async function staleDocuments(
	from: StoreLike,
	path = "",
	task: LongTask = {},
): Promise<StaleDocument[] | undefined> {
	const store = stoppable(from, task.signal);
	const count = counter("Comparing metadata", task);
	const consolidated = await readConsolidated(store, path);
	if (!consolidated) return undefined;
	const stale: StaleDocument[] = [];
	for (const [key, copy] of consolidated.documents) {
		const document = await readJson(store, keyOf(consolidated.path, key));
		count();
		// zarr-python copies the attributes of a Zarr 2 node that has none as an empty document.
		if (!document && key.endsWith(".zattrs") && Object.keys(copy).length === 0) continue;
		if (!document) stale.push({ key, what: "gone" });
		else if (canonical(copy) !== canonical(document)) stale.push({ key, what: "changed" });
	}
	if ((await childNames(store, consolidated.path)) === undefined) return stale;
	for (const [key, document] of await actualDocuments(await openGroup(store, path), count)) {
		const empty = Object.keys(document).length === 0;
		if (!empty && !consolidated.documents.has(key)) stale.push({ key, what: "missing" });
	}
	return stale;
}

/**
 * A document without what writers add to their copies or leave out of them: fields that are null or empty and so say
 * what their absence says, and the consolidated metadata of groups further down.
 */
function canonical(document: Json): string {
	return JSON.stringify(document, (key, value) => {
		if (key === "consolidated_metadata") return undefined;
		if (value === null && key !== "fill_value" && key !== "" && !/^\d+$/.test(key)) return undefined;
		if ((key === "storage_transformers" || key === "filters") && value?.length === 0) return undefined;
		if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
		const entries = Object.entries(value as Json).sort(([a], [b]) => (a < b ? -1 : 1));
		if ((key === "attributes" || key === "configuration") && entries.length === 0) return undefined;
		return Object.fromEntries(entries);
	});
}

/**
 * Opens a group by its consolidated metadata: no node below it is asked for, and what the copies do not name is not
 * there. Chunks are read from the store as ever.
 * @throws ChunkwiseError no-consolidated-metadata, not-zarr, not-a-group, bad-metadata; the signal's reason when aborted
 */
export async function openConsolidated(
	from: StoreLike,
	path = "",
	options?: StoreOptions,
): Promise<ZarrGroup> {
	const store = asStore(from);
	const consolidated = await readConsolidated(store, path, options);
	if (!consolidated) {
		throw new ChunkwiseError("no-consolidated-metadata", "This group has no consolidated metadata.", {
			where: normalizePath(path) || "/",
			remedy: "Open it with openZarr, or make them with consolidate() where you may write.",
		});
	}
	return openGroup(await overlay(store, consolidated, options), path, options);
}

/** The store, but that documents below the group come from the copies. */
async function overlay(
	store: ReadableStore,
	consolidated: ConsolidatedMetadata,
	options?: StoreOptions,
): Promise<ReadableStore> {
	const { path, documents, zarrFormat } = consolidated;
	const copies = new Map<string, Uint8Array>();
	for (const [key, document] of documents) copies.set(keyOf(path, key), encodeJson(written(document)));
	if (zarrFormat === 3) {
		const own = await stoppable(store, options?.signal).get(keyOf(path, "zarr.json"));
		if (own) copies.set(keyOf(path, "zarr.json"), own);
	}
	const below = path === "" ? "/" : `/${path}/`;
	const isDocument = (key: StoreKey) =>
		key.startsWith(below) && /\/(zarr\.json|\.zarray|\.zgroup|\.zattrs|\.zmetadata)$/.test(key);
	const whole = (key: StoreKey) => copies.get(key);
	return {
		get: async (key, options) => (isDocument(key) ? whole(key) : store.get(key, options)),
		getRange: (key, range, options) => getRange(store, key, range, options),
		size: async (key) => (isDocument(key) ? whole(key)?.byteLength : store.size?.(key)),
		children: (folder = "") => {
			const start = folder === "" ? "/" : `/${folder}/`;
			const inside = [...copies.keys()].filter((key) => key.startsWith(start));
			return [...new Set(inside.map((key) => key.slice(start.length).split("/")[0]))];
		},
	};
}
