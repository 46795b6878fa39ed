/** Opening a group or an array of either Zarr version. */
import { ChunkwiseError } from "../errors.ts";
import { canList, listPages, sortKeys } from "../stores/list.ts";
import { asStore } from "../stores/memory.ts";
import { keyOf, normalizePath, type ReadableStore, type StoreOptions } from "../stores/store.ts";
import { ZarrArray } from "./array.ts";
import { arrayMetadataV2, arrayMetadataV3 } from "./array-metadata.ts";
import { ZarrGroup } from "./group.ts";
import { readJson } from "./json.ts";

/** A store, or a map as zarrita takes one (keys with a leading slash). */
export type StoreLike = ReadableStore | Map<string, Uint8Array>;

/**
 * Opens the node at a path of a store, by default its root. The documents of both Zarr versions are asked for at once,
 * an array's of version 2 where there is no group's.
 * @throws ChunkwiseError not-zarr, bad-metadata, and what the store throws
 */
export async function openZarr(
	store: StoreLike,
	path = "",
	options?: StoreOptions,
): Promise<ZarrGroup | ZarrArray> {
	return openNode(asStore(store), normalizePath(path), {}, options);
}

/**
 * Opens an array.
 * @throws ChunkwiseError as {@link openZarr}, and not-an-array
 */
export async function openArray(store: StoreLike, path = "", options?: StoreOptions): Promise<ZarrArray> {
	return expectArray(await openNode(asStore(store), normalizePath(path), { kind: "array" }, options));
}

/**
 * Opens a group.
 * @throws ChunkwiseError as {@link openZarr}, and not-a-group
 */
export async function openGroup(store: StoreLike, path = "", options?: StoreOptions): Promise<ZarrGroup> {
	return expectGroup(await openNode(asStore(store), normalizePath(path), { kind: "group" }, options));
}

export function expectArray(node: ZarrGroup | ZarrArray): ZarrArray {
	if (node.kind === "array") return node;
	throw new ChunkwiseError("not-an-array", "This is a group and not an array.", {
		where: node.path || "/",
		remedy: "Open an array inside it: members() tells what it holds.",
	});
}

export function expectGroup(node: ZarrGroup | ZarrArray): ZarrGroup {
	if (node.kind === "group") return node;
	throw new ChunkwiseError("not-a-group", "This is an array and not a group.", {
		where: node.path || "/",
		remedy: "Open the group that holds it: leave out the last part of the path.",
	});
}

/** What is known of a node before it is opened: documents that it cannot have are not asked for. */
export interface KnownOfNode {
	/** Its group's version. */
	format?: 2 | 3;
	/** What it should be. */
	kind?: "array" | "group";
	/** False where nobody will look at the attributes of an array, which have a document of their own in version 2. */
	attributes?: boolean;
}

/**
 * As {@link openZarr}. Of version 2's documents the one that is less likely is asked for where the other is absent, but
 * for a node of that version of which no kind is expected.
 */
export async function openNode(
	store: ReadableStore,
	path: string,
	{ format, kind, attributes: wanted = true }: KnownOfNode = {},
	options?: StoreOptions,
): Promise<ZarrGroup | ZarrArray> {
	const look = (name: string, version: 2 | 3) =>
		format === undefined || format === version ? readJson(store, keyOf(path, name), options) : undefined;
	// Images are groups: without a word that is what a store's root mostly is.
	const likely = kind ?? (format === undefined ? "group" : undefined);
	let [v3, array, group, attributes] = await Promise.all([
		look("zarr.json", 3),
		likely === "group" ? undefined : look(".zarray", 2),
		likely === "array" ? undefined : look(".zgroup", 2),
		wanted ? look(".zattrs", 2) : undefined,
	]);
	if (!v3 && likely === "group" && !group) array = await look(".zarray", 2);
	if (!v3 && likely === "array" && !array) group = await look(".zgroup", 2);
	const where = path || "/";
	if (v3) {
		if (v3.zarr_format !== 3 || (v3.node_type !== "array" && v3.node_type !== "group")) {
			throw new ChunkwiseError(
				"bad-metadata",
				"zarr.json describes neither an array nor a group of Zarr 3.",
				{
					where: keyOf(path, "zarr.json").slice(1),
					remedy: "The metadata is damaged: ask whoever wrote it.",
				},
			);
		}
		if (v3.node_type === "array") return new ZarrArray(store, path, arrayMetadataV3(v3, where));
		return new ZarrGroup(store, path, 3, (v3.attributes ?? {}) as Record<string, unknown>, v3);
	}
	const old = array ?? group;
	if (old && old.zarr_format !== undefined && old.zarr_format !== 2) {
		throw new ChunkwiseError(
			"bad-metadata",
			`Its document is of Zarr ${JSON.stringify(old.zarr_format)}, not 2.`,
			{
				where: keyOf(path, array ? ".zarray" : ".zgroup").slice(1),
				remedy: "The metadata is damaged: ask whoever wrote it.",
			},
		);
	}
	if (array) return new ZarrArray(store, path, arrayMetadataV2(array, attributes ?? {}, where));
	if (group) return new ZarrGroup(store, path, 2, attributes ?? {}, group);
	throw await notZarr(store, path, format);
}

async function notZarr(store: ReadableStore, path: string, format?: 2 | 3): Promise<ChunkwiseError> {
	const looked =
		format === 3
			? ["zarr.json"]
			: format === 2
				? [".zarray", ".zgroup"]
				: ["zarr.json", ".zarray", ".zgroup"];
	const names = looked.map((name) => keyOf(path, name).slice(1)).join(", ");
	return new ChunkwiseError("not-zarr", `No Zarr array or group is here: looked for ${names}.`, {
		where: path || "/",
		remedy: await hint(store, path),
	});
}

/** Keys looked at for a hint: a whole disk or a large bucket is not listed for a mistyped path. */
const mostKeys = 20_000;

/** Where the nodes of a store are, as far as it can tell. */
async function hint(store: ReadableStore, path: string): Promise<string> {
	const check = "Check the address and the path, and that the server lets this page read it.";
	if (!canList(store)) return check;
	const keys: string[] = [];
	for await (const page of listPages(store)) {
		keys.push(...page.keys);
		if (keys.length >= mostKeys) break;
	}
	const sorted = await sortKeys(keys);
	const nodes = sorted
		.filter((key) => /(^|\/)(zarr\.json|\.zarray|\.zgroup)$/.test(key))
		.map((key) => key.split("/").slice(0, -1).join("/"));
	if (nodes.length === 0) {
		const file = sorted.find((key) => /\.(tiff?|zip|ozx)$/i.test(key));
		if (file) return `The store holds no Zarr metadata, but files such as ${file}: name one of them.`;
		return keys.length < mostKeys
			? "The store holds no Zarr metadata at all."
			: `There is no Zarr metadata among the first ${keys.length} files here: name a folder further down.`;
	}
	const near = nodes.filter((node) => node.startsWith(path.split("/")[0]));
	const shown = [...new Set(near.length > 0 ? near : nodes)].slice(0, 5).map((node) => node || "/");
	return `Nodes in this store: ${shown.join(", ")}${nodes.length > shown.length ? ", …" : ""}.`;
}
