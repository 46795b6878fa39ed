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

/** Where a walk stands between two entries. */
export interface RestOfWalk {
	/** Folders that are still to be looked into, the next one last. */
	waiting: string[];
	/** Names in the next one that have been met already. */
	met: string[];
}

/** A walk that somebody else goes on with. */
export interface WalkElsewhere {
	pages: AsyncIterable<ListPage>;
	/** To be called when no more pages are wanted. */
	end(): void;
}

export interface WalkParts {
	/** Goes on from there; default the beginning. */
	rest?: RestOfWalk;
	/** Asked after so many entries to go on with the walk; where it gives undefined, the walk goes on here. */
	handOver?: { after: number; to(rest: RestOfWalk): Promise<WalkElsewhere | undefined> };
}

/** Pages of the keys that begin with a prefix. Folders that the prefix rules out are not looked into. */
export async function* walkPages(
	entries: Entries,
	prefix = "",
	options: ListOptions = {},
	{ rest, handOver }: WalkParts = {},
): AsyncGenerator<ListPage> {
	const due = turns();
	const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
	// No key begins so: "a//b", "/a", "../a".
	if (start !== "" && start.slice(0, -1).split("/").some(isNoName)) return;
	const waiting = rest ? [...rest.waiting] : [start.slice(0, -1)];
	let known = rest && new Set(rest.met);
	let left = handOver?.after ?? Number.POSITIVE_INFINITY;
	let elsewhere: WalkElsewhere | undefined;
	let page: ListPage = { keys: [], prefixes: [] };
	for (let at = waiting.pop(); at !== undefined && !elsewhere; at = waiting.pop()) {
		const met: string[] = [];
		for await (const { name, folder } of entries(at)) {
			options.signal?.throwIfAborted();
			if (known?.has(name)) continue;
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
			if (left > 0 && handOver) {
				met.push(name);
				left--;
				if (left === 0) elsewhere = await handOver.to({ waiting: [...waiting, at], met });
				if (elsewhere) break;
			}
			const turn = due();
			if (turn) await turn;
		}
		known = undefined;
	}
	try {
		if (page.keys.length + page.prefixes.length > 0) yield page;
		if (elsewhere) yield* elsewhere.pages;
	} finally {
		elsewhere?.end();
	}
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
