/**
 * A store maps keys to bytes. Keys begin with a slash where a store is called ("/scale0/image/c/0/0/0", as zarrita
 * has them) and have none where they are listed for people ("scale0/image/c/0/0/0").
 */
import { ChunkwiseError } from "../errors.ts";

/** A key with the slash before it that zarrita's stores want: "/scale0/image/c/0/0/0". */
export type StoreKey = `/${string}`;

/** A part of a value: from an offset, or the last bytes. */
export type ByteRange = { offset: number; length: number } | { suffixLength: number };

/** What a caller may say with every call to a store. */
export interface StoreOptions {
	signal?: AbortSignal;
	/** Why this is asked, for a recorder: "level 2 of the viewer". Derived from the key where nothing is given. */
	cause?: string;
	/** Hears of each request that the store really makes for this call. Only stores that say `reports` call it. */
	onRequest?: (request: SourceRequest) => void;
}

export type StoreOperation = "get" | "getRange" | "set" | "delete" | "list" | "size";

/** One request as it was really made: over the network, or answered from a cache in place of that. */
export interface SourceRequest {
	operation: StoreOperation;
	/** Without leading slash. */
	key: string;
	/** What was asked for on the wire: larger than the caller's range where several were joined. */
	range?: ByteRange;
	/** Bytes given or taken; undefined where there is no value. */
	bytes?: number;
	/** From `performance.now()`. */
	started: number;
	milliseconds: number;
	/** The HTTP status; without HTTP whether there was a value. "error": the network or the store failed. */
	status: number | "ok" | "absent" | "error" | "aborted";
	source: "store" | "network" | "cache";
	/** What kind of store gave it, where that is known and it was no network. */
	place?: StorePlace;
	/** The address that was asked, over a network. */
	url?: string;
	/** Counted from 1; larger where it had to be asked again. */
	attempt?: number;
	/** How many calls this one request answers, where more than one. */
	serves?: number;
	error?: unknown;
}

/** How a store is listed. */
export interface ListOptions extends StoreOptions {
	/** List only up to the next "/": what lies deeper is named by its common beginning, as S3 does it. */
	delimiter?: "/";
}

/** A part of a listing, in no order. */
export interface ListPage {
	/** Keys without leading slash. */
	keys: string[];
	/** Common beginnings of the keys that lie deeper, ending in "/". Empty without a delimiter. */
	prefixes: string[];
}

/** What a store can do. `can(store)` tells it of any store. */
export interface StoreAbilities {
	/** Reads a part of a value without reading the whole. */
	ranges: boolean;
	/** Tells the bytes of a value without reading it. */
	size: boolean;
	/** Lists its keys. */
	list: boolean;
	/** Names what is directly below a path without listing everything. */
	delimiter: boolean;
	write: boolean;
	delete: boolean;
	/** A value that is replaced is seen whole, the old or the new one, by other readers and after a crash. */
	atomic: boolean;
	/** Values outlive the page or process. */
	persistent: boolean;
	/** Tells each request that it really makes to `StoreOptions.onRequest`. */
	reports: boolean;
}

/** Where a store's values are, as far as that is not a network. */
export type StorePlace = "memory" | "private files" | "folder" | "zip";

type Awaitable<T> = T | Promise<T>;

/**
 * What can be read. zarrita's stores are such stores. A store has the methods for what it can do and no others; what
 * their presence does not show (is a write atomic?) it says in `abilities`.
 */
export interface ReadableStore {
	/** The value, or undefined where there is none. */
	get(key: StoreKey, options?: StoreOptions): Awaitable<Uint8Array | undefined>;
	/** A part of the value: fewer bytes where the value ends before, undefined where there is no value. */
	getRange?(key: StoreKey, range: ByteRange, options?: StoreOptions): Awaitable<Uint8Array | undefined>;
	/** All keys that begin with a prefix, without leading slash, in no order. */
	list?(prefix?: string, options?: StoreOptions): Awaitable<string[]>;
	/** The same page by page, so that a long listing neither stalls nor fills memory. Use `listPages`, which any store has. */
	pages?(prefix?: string, options?: ListOptions): AsyncIterable<ListPage>;
	/** Names directly below a path (folders and values alike), in no order. */
	children?(path?: string, options?: StoreOptions): Awaitable<string[]>;
	/** Bytes of a value without reading it. */
	size?(key: StoreKey, options?: StoreOptions): Awaitable<number | undefined>;
	/** What the presence of methods does not tell. Use `can`. */
	readonly abilities?: Partial<StoreAbilities>;
	/** For a recorder. */
	readonly place?: StorePlace;
}

/** What can also be written. */
export interface WritableStore extends ReadableStore {
	/** Writes a whole value, in place of what was there. */
	set(key: StoreKey, value: Uint8Array, options?: StoreOptions): Awaitable<unknown>;
	/** Removes a value; does nothing where there is none. */
	delete?(key: StoreKey, options?: StoreOptions): Awaitable<unknown>;
	/** Removes everything. */
	clear?(): Awaitable<unknown>;
	/** Runs an action while nobody else can write, where the store can see to that. Use `exclusively`. */
	exclusive?<T>(action: () => Promise<T>): Promise<T>;
}

/** What a store can do: by its methods, and by what it says of itself. */
export function can(store: ReadableStore): StoreAbilities {
	const methods = store as Partial<WritableStore>;
	return {
		ranges: methods.getRange !== undefined,
		size: methods.size !== undefined,
		list: methods.list !== undefined || methods.pages !== undefined,
		delimiter: methods.children !== undefined,
		write: methods.set !== undefined,
		delete: methods.delete !== undefined,
		atomic: false,
		persistent: false,
		reports: false,
		...store.abilities,
	};
}

/**
 * Runs an action that writes many values which belong together (an image) while no other tab writes to the store.
 * Where a store has no locks the action just runs.
 * @throws ChunkwiseError storage-busy where another tab goes on writing
 */
export async function exclusively<T>(store: WritableStore, action: () => Promise<T>): Promise<T> {
	return store.exclusive ? store.exclusive(action) : action();
}

/** A path without leading or trailing slash: "" for the root. */
export function normalizePath(path: string): string {
	return path.split("/").filter(Boolean).join("/");
}

/** The key of a name below a path. */
export function keyOf(path: string, name: string): StoreKey {
	return path === "" ? `/${name}` : `/${path}/${name}`;
}

/**
 * The parts of a key, once it is sure that none of them leaves the store.
 * @throws ChunkwiseError bad-key
 */
export function keyParts(key: string): string[] {
	const parts = (key.startsWith("/") ? key.slice(1) : key).split("/");
	if (parts.some((part) => part === "" || part === "." || part === ".." || part.includes("\0"))) {
		throw new ChunkwiseError("bad-key", `${JSON.stringify(key)} is no key.`, {
			where: key,
			remedy:
				'Write keys as "/group/array/zarr.json": names between single slashes, none of them "." or "..".',
		});
	}
	return parts;
}

/** The part of a whole value that a range asks for. */
export function sliceRange(value: Uint8Array, range: ByteRange): Uint8Array {
	if ("suffixLength" in range) return value.subarray(Math.max(0, value.byteLength - range.suffixLength));
	return value.subarray(range.offset, range.offset + range.length);
}

/** A range of a value from any store: cut out of the whole value where the store has no ranges. */
export async function getRange(
	store: ReadableStore,
	key: StoreKey,
	range: ByteRange,
	options?: StoreOptions,
): Promise<Uint8Array | undefined> {
	if (store.getRange) return store.getRange(key, range, options);
	const whole = await store.get(key, options);
	return whole && sliceRange(whole, range);
}
