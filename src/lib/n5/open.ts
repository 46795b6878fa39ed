/** Opening groups and arrays of an N5 container. */
import { type Displayable, displaySymbol, type ReprDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { canList, childNames } from "../stores/list.ts";
import { asStore } from "../stores/memory.ts";
import { stoppable } from "../stores/stoppable.ts";
import { keyOf, normalizePath, type ReadableStore, type StoreOptions } from "../stores/store.ts";
import type { Attributes, Json } from "../zarr/array-metadata.ts";
import type { NodeMember } from "../zarr/members.ts";
import type { StoreLike } from "../zarr/open.ts";
import { N5Array } from "./array.ts";
import { arrayMetadata, attributesName, describesArray, readAttributes } from "./attributes.ts";

/** A group: any folder of the container, with or without attributes. */
export class N5Group implements Displayable {
	readonly kind = "group";
	readonly store: ReadableStore;
	readonly path: string;
	readonly attrs: Attributes;

	constructor(store: ReadableStore, path: string, attrs: Attributes) {
		this.store = store;
		this.path = path;
		this.attrs = attrs;
	}

	get name(): string {
		return this.path.split("/").at(-1) ?? "";
	}

	/**
	 * The nodes directly below.
	 * @throws ChunkwiseError cannot-list, where the store cannot list: metadata names no members in N5
	 */
	async members(): Promise<NodeMember[]> {
		const names = await childNames(this.store, this.path);
		if (!names) {
			throw new ChunkwiseError("cannot-list", "This store cannot list what the group holds.", {
				where: this.path || "/",
				remedy: "Open a path that you know, such as c0/s0.",
			});
		}
		const members = await Promise.all(
			names
				.filter((name) => name !== attributesName)
				.map(async (name): Promise<NodeMember | undefined> => {
					const path = keyOf(this.path, name).slice(1);
					const attributes = await readAttributes(this.store, path);
					if (attributes) return { name, path, kind: describesArray(attributes) ? "array" : "group" };
					// A file beside the nodes has nothing below it.
					const below = await childNames(this.store, path).catch(() => undefined);
					return below && below.length > 0 ? { name, path, kind: "group" } : undefined;
				}),
		);
		return members.filter((member) => member !== undefined);
	}

	/** @throws ChunkwiseError not-n5, bad-metadata */
	open(path: string, options?: StoreOptions): Promise<N5Group | N5Array> {
		return openN5(this.store, keyOf(this.path, normalizePath(path)), options);
	}

	toString(): string {
		return this[displaySymbol]().text;
	}

	[displaySymbol](): ReprDisplay {
		const title = `<N5Group '${this.path}'>`;
		const rows = Object.entries(this.attrs).map(([key, value]) => [key, JSON.stringify(value)]);
		return {
			kind: "repr",
			title,
			sections: rows.length > 0 ? [{ title: "Attributes", rows, tree: this.attrs, open: true }] : [],
			text: [title, ...rows.map(([key, value]) => `  ${key}: ${value}`)].join("\n"),
		};
	}
}

/**
 * Opens the node at a path of an N5 container, by default its root. What has attributes with `dimensions` is an array;
 * whatever else is there is a group.
 * @throws ChunkwiseError not-n5, bad-metadata, unsupported-dtype, unknown-codec, and what the store throws; the signal's
 *   reason when aborted
 */
export async function openN5(from: StoreLike, path = "", options?: StoreOptions): Promise<N5Group | N5Array> {
	const store = asStore(from);
	const at = normalizePath(path);
	const attributes = await readAttributes(stoppable(store, options?.signal), at, options);
	return nodeOf(store, at, attributes, undefined, options?.signal);
}

/** As {@link openN5}, where the attributes have been read. */
export async function nodeOf(
	store: ReadableStore,
	path: string,
	attributes: Json | undefined,
	dimensionNames?: readonly string[],
	signal?: AbortSignal,
): Promise<N5Group | N5Array> {
	if (describesArray(attributes)) {
		return new N5Array(store, path, arrayMetadata(attributes, path), dimensionNames);
	}
	if (attributes) return new N5Group(store, path, attributes);
	const below = await childNames(stoppable(store, signal), path).catch(() => undefined);
	signal?.throwIfAborted();
	if (below && below.length > 0) return new N5Group(store, path, {});
	throw new ChunkwiseError("not-n5", `No N5 group or array is here: looked for ${attributesName}.`, {
		where: path || "/",
		remedy: canList(store)
			? "Check the path: nothing is stored below it."
			: "Check the address and the path, and that the server lets this page read it.",
	});
}

/** Whether what lies at a path is part of an N5 container: it or a group above it, or a node below it, has attributes. */
export async function isN5(from: StoreLike, path = ""): Promise<boolean> {
	const store = asStore(from);
	const parts = normalizePath(path).split("/").filter(Boolean);
	const above = [...parts.keys(), parts.length].map((n) => parts.slice(0, n).join("/"));
	const found = await Promise.all(above.map((at) => store.get(keyOf(at, attributesName))));
	if (found.some(Boolean)) return true;
	const names = (await childNames(store, parts.join("/")).catch(() => undefined)) ?? [];
	for (const name of names) {
		if (await store.get(keyOf(keyOf(parts.join("/"), name).slice(1), attributesName))) return true;
	}
	return false;
}
