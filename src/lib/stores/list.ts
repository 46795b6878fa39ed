/** Keys of a store, in the order that a person expects. */
import { ChunkwiseError } from "../errors.ts";
import { asStore } from "./memory.ts";
import {
	can,
	keyOf,
	type ListOptions,
	type ListPage,
	normalizePath,
	type ReadableStore,
	type StoreOptions,
	type WritableStore,
} from "./store.ts";
import { turns } from "./turn.ts";
import { keysOf, namesOf, pageSize } from "./walk.ts";

const order = new Intl.Collator("en", { numeric: true });

/** Compares names so that "c/10" comes after "c/9". */
export function compareKeys(a: string, b: string): number {
	return order.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Keys sorted in one go; more are sorted in runs that are then merged, so that nothing stalls. */
const run = 2048;

/** The same keys, sorted. 100,000 of them take about a second, in which others get their turns. */
export async function sortKeys(keys: readonly string[]): Promise<string[]> {
	if (keys.length <= run) return [...keys].sort(compareKeys);
	const due = turns();
	let runs: string[][] = [];
	for (let at = 0; at < keys.length; at += run) {
		runs.push(keys.slice(at, at + run).sort(compareKeys));
		await due();
	}
	while (runs.length > 1) {
		const longer: string[][] = [];
		for (let i = 0; i < runs.length; i += 2) {
			longer.push(i + 1 < runs.length ? await merge(runs[i], runs[i + 1], due) : runs[i]);
		}
		runs = longer;
	}
	return runs[0];
}

async function merge(
	a: readonly string[],
	b: readonly string[],
	due: () => Promise<void> | undefined,
): Promise<string[]> {
	const merged: string[] = [];
	for (let i = 0, j = 0; i < a.length || j < b.length; ) {
		const first = j === b.length || (i < a.length && compareKeys(a[i], b[j]) <= 0);
		merged.push(first ? a[i++] : b[j++]);
		if (merged.length % run === 0) await due();
	}
	return merged;
}

/** Whether the keys of a store can be listed. */
export function canList(store: ReadableStore): boolean {
	return can(store).list;
}

/**
 * The keys of a store that begin with `prefix`, page by page, in no order; with `{ delimiter: "/" }` only up to the
 * next slash, as S3 lists. Works over every store that can list, and lets others have their turn between pages.
 * @throws ChunkwiseError cannot-list
 */
export async function* listPages(
	from: ReadableStore | Map<string, Uint8Array>,
	prefix = "",
	options: ListOptions = {},
): AsyncGenerator<ListPage> {
	const store: ReadableStore = asStore(from);
	const start = prefix.replace(/^\/+/, "");
	if (store.pages) {
		yield* store.pages(start, options);
		return;
	}
	if (!store.list) throw cannotList();
	const due = turns();
	const seen = new Set<string>();
	let page: ListPage = { keys: [], prefixes: [] };
	for (const key of await store.list(start, options)) {
		options.signal?.throwIfAborted();
		const slash = options.delimiter ? key.indexOf("/", start.length) : -1;
		const common = key.slice(0, slash + 1);
		if (slash < 0) page.keys.push(key);
		else if (!seen.has(common)) page.prefixes.push(common);
		seen.add(common);
		if (page.keys.length + page.prefixes.length >= pageSize) {
			yield page;
			page = { keys: [], prefixes: [] };
		}
		const turn = due();
		if (turn) await turn;
	}
	if (page.keys.length + page.prefixes.length > 0) yield page;
}

/**
 * Every key of a store that begins with `prefix`, sorted, without leading slash: "scale0/image/c/0/0/0". For very
 * many keys `listPages` needs less memory.
 * @throws ChunkwiseError cannot-list
 */
export async function listKeys(
	from: ReadableStore | Map<string, Uint8Array>,
	prefix = "",
	options: StoreOptions = {},
): Promise<string[]> {
	const store = asStore(from);
	const start = prefix.replace(/^\/+/, "");
	return sortKeys(
		store.list ? await store.list(start, options) : await keysOf(listPages(store, start, options)),
	);
}

function cannotList(): ChunkwiseError {
	return new ChunkwiseError("cannot-list", "This store cannot list its keys.", {
		remedy:
			"Plain HTTP has no listing: open a path that you know, or one whose metadata names what lies below it.",
	});
}

/** The names directly below a path, sorted; undefined where the store cannot tell. */
export async function childNames(store: ReadableStore, path = ""): Promise<string[] | undefined> {
	const at = normalizePath(path);
	if (store.children) return sortKeys(await store.children(at));
	if (!canList(store)) return undefined;
	const start = at === "" ? "" : `${at}/`;
	return sortKeys(await namesOf(listPages(store, start, { delimiter: "/" }), start));
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
