/** Keys of a store, in the order that a person expects. */
import { ChunkwiseError } from "../errors.ts";
import { asStore } from "./memory.ts";
import { keyOf, normalizePath, type ReadableStore, type WritableStore } from "./store.ts";

const order = new Intl.Collator("en", { numeric: true });

/** Compares names so that "c/10" comes after "c/9". */
export function compareKeys(a: string, b: string): number {
	return order.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Whether the keys of a store can be listed. */
export function canList(store: ReadableStore): boolean {
	return store.list !== undefined;
}

/**
 * Every key of a store that begins with `prefix`, sorted, without leading slash: "scale0/image/c/0/0/0".
 * @throws ChunkwiseError cannot-list
 */
export async function listKeys(
	from: ReadableStore | Map<string, Uint8Array>,
	prefix = "",
): Promise<string[]> {
	const store = asStore(from);
	const start = prefix.replace(/^\/+/, "");
	if (store.list) return (await store.list(start)).sort(compareKeys);
	throw new ChunkwiseError("cannot-list", "This store cannot list its keys.", {
		remedy:
			"Plain HTTP has no listing: open a path that you know, or one whose metadata names what lies below it.",
	});
}

/** The names directly below a path, sorted; undefined where the store cannot tell. */
export async function childNames(store: ReadableStore, path = ""): Promise<string[] | undefined> {
	const at = normalizePath(path);
	if (store.children) return [...(await store.children(at))].sort(compareKeys);
	if (!canList(store)) return undefined;
	const start = at === "" ? "" : `${at}/`;
	const names = (await listKeys(store, start)).map((key) => key.slice(start.length).split("/")[0]);
	return [...new Set(names)];
}

/**
 * Removes every key at and below a path.
 * @throws ChunkwiseError cannot-list, cannot-delete
 */
export async function removeBelow(store: WritableStore, path = ""): Promise<void> {
	const at = normalizePath(path);
	if (at === "" && store.clear) {
		await store.clear();
		return;
	}
	const keys = await listKeys(store, at === "" ? "" : `${at}/`);
	if (keys.length > 0 && !store.delete) {
		throw new ChunkwiseError("cannot-delete", "This store cannot remove what it holds.", {
			where: at,
			remedy: "Write to an empty store or to another path.",
		});
	}
	for (const key of keys) await store.delete?.(keyOf("", key));
}
