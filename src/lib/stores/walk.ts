/** Listing what keeps its values in folders: page by page, and with a turn for others between. */
import type { ListOptions, ListPage } from "./store.ts";
import { turns } from "./turn.ts";

/** Names on one page. */
export const pageSize = 1000;

export interface FolderEntry {
	name: string;
	folder: boolean;
}

/** The entries of a folder, none where it is absent. "" is the root. */
export type Entries = (path: string) => AsyncIterable<FolderEntry>;

/** Pages of the keys that begin with a prefix. Folders that the prefix rules out are not looked into. */
export async function* walkPages(
	entries: Entries,
	prefix = "",
	options: ListOptions = {},
): AsyncGenerator<ListPage> {
	const due = turns();
	const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
	// No key begins so: "a//b", "/a", "../a".
	if (start !== "" && start.slice(0, -1).split("/").some(isNoName)) return;
	const waiting = [start.slice(0, -1)];
	let page: ListPage = { keys: [], prefixes: [] };
	for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
		for await (const { name, folder } of entries(at)) {
			options.signal?.throwIfAborted();
			const key = at === "" ? name : `${at}/${name}`;
			if (key.startsWith(prefix)) {
				if (!folder) page.keys.push(key);
				else if (options.delimiter) page.prefixes.push(`${key}/`);
				else waiting.push(key);
			}
			if (page.keys.length + page.prefixes.length >= pageSize) {
				yield page;
				page = { keys: [], prefixes: [] };
			}
			const turn = due();
			if (turn) await turn;
		}
	}
	if (page.keys.length + page.prefixes.length > 0) yield page;
}

function isNoName(part: string): boolean {
	return part === "" || part === "." || part === ".." || part.includes("\0");
}

/** All keys of a listing. */
export async function keysOf(pages: AsyncIterable<ListPage>): Promise<string[]> {
	const keys: string[] = [];
	for await (const page of pages) for (const key of page.keys) keys.push(key);
	return keys;
}

/** The names of a listing with a delimiter, without what they begin with. */
export async function namesOf(pages: AsyncIterable<ListPage>, start: string): Promise<string[]> {
	const names: string[] = [];
	for await (const { keys, prefixes } of pages) {
		for (const key of keys) names.push(key.slice(start.length));
		for (const prefix of prefixes) names.push(prefix.slice(start.length, -1));
	}
	return names;
}
