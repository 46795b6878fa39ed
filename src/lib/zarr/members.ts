/** What lies in a group, found by listing, or by what the metadata names. */
import { forEachInFlight } from "../parallel/in-flight.ts";
import { childNames } from "../stores/list.ts";
import { keyOf, type StoreOptions } from "../stores/store.ts";
import type { Attributes, Json } from "./array-metadata.ts";
import type { ZarrGroup } from "./group.ts";
import { readJson } from "./json.ts";

/** A node that is directly in a group. */
export interface NodeMember {
	name: string;
	kind: "group" | "array";
	/** From the root of the store. */
	path: string;
}

/** Nodes that are asked for at the same time: a plate has thousands of wells. */
export const nodesAtOnce = 32;

export async function membersOf(group: ZarrGroup, options?: StoreOptions): Promise<NodeMember[]> {
	options?.signal?.throwIfAborted();
	const listed = await childNames(group.store, group.path);
	const consolidated = listed ? undefined : await consolidatedNames(group, options);
	const names = listed ?? consolidated ?? namesInOme(group.attrs);
	const members = new Map<string, NodeMember>();
	await forEachInFlight(
		names,
		nodesAtOnce,
		async (name) => {
			const path = keyOf(group.path, name).slice(1);
			const kind = await nodeKind(group, path, options);
			if (kind) members.set(name, { name, kind, path });
		},
		options?.signal,
	);
	return names.flatMap((name) => members.get(name) ?? []);
}

async function nodeKind(
	group: ZarrGroup,
	path: string,
	options?: StoreOptions,
): Promise<"group" | "array" | undefined> {
	const { store } = group;
	if (group.zarrFormat === 3) {
		// A file beside the nodes (zarr.json itself) has no document below it.
		const document = await readJson(store, keyOf(path, "zarr.json"), options);
		return document?.node_type === "array" ? "array" : document?.node_type === "group" ? "group" : undefined;
	}
	const [array, inner] = await Promise.all([
		store.get(keyOf(path, ".zarray"), options),
		store.get(keyOf(path, ".zgroup"), options),
	]);
	return array ? "array" : inner ? "group" : undefined;
}

/** Names from consolidated metadata: in a v3 group's own document, or a v2 root's .zmetadata. */
async function consolidatedNames(group: ZarrGroup, options?: StoreOptions): Promise<string[] | undefined> {
	const inline = (group.document.consolidated_metadata as { metadata?: Json } | null | undefined)?.metadata;
	if (group.zarrFormat === 3) {
		return inline && unique(Object.keys(inline).map((path) => path.split("/")[0]));
	}
	const document = await readJson(group.store, "/.zmetadata", options);
	if (!document?.metadata) return undefined;
	const start = group.path === "" ? "" : `${group.path}/`;
	const below = Object.keys(document.metadata as Json)
		.filter((key) => key.startsWith(start))
		.map((key) => key.slice(start.length).split("/"))
		.filter((parts) => parts.length > 1);
	return unique(below.map((parts) => parts[0]));
}

/** First parts of the paths that OME-NGFF metadata names: scale levels, labels, wells, fields. */
function namesInOme(attributes: Attributes): string[] {
	const ome = (attributes.ome ?? attributes) as {
		multiscales?: { datasets?: { path?: unknown }[] }[];
		labels?: unknown[];
		plate?: { wells?: { path?: unknown }[] };
		well?: { images?: { path?: unknown }[] };
	};
	const paths = [
		...(ome.multiscales ?? []).flatMap((image) => (image.datasets ?? []).map((dataset) => dataset.path)),
		...(ome.multiscales ? ["labels"] : []),
		...(ome.labels ?? []),
		...(ome.plate?.wells ?? []).map((well) => well.path),
		...(ome.well?.images ?? []).map((image) => image.path),
	];
	return unique(paths.filter((path) => typeof path === "string").map((path) => path.split("/")[0]));
}

function unique(names: string[]): string[] {
	return [...new Set(names)].filter(Boolean);
}
