/**
 * A store maps keys to bytes. Keys begin with a slash where a store is called ("/scale0/image/c/0/0/0", as zarrita
 * has them) and have none where they are listed for people ("scale0/image/c/0/0/0").
 */
import { ChunkwiseError } from "../errors.ts";

export type StoreKey = `/${string}`;

/** A part of a value: from an offset, or the last bytes. */
export type ByteRange = { offset: number; length: number } | { suffixLength: number };

export interface StoreOptions {
	signal?: AbortSignal;
}

type Awaitable<T> = T | Promise<T>;

/** What can be read. zarrita's stores are such stores. */
export interface ReadableStore {
	/** The value, or undefined where there is none. */
	get(key: StoreKey, options?: StoreOptions): Awaitable<Uint8Array | undefined>;
	/** A part of the value: fewer bytes where the value ends before, undefined where there is no value. */
	getRange?(key: StoreKey, range: ByteRange, options?: StoreOptions): Awaitable<Uint8Array | undefined>;
	/** All keys that begin with a prefix, without leading slash, in no order. */
	list?(prefix?: string): Awaitable<string[]>;
	/** Names directly below a path (folders and values alike), in no order. */
	children?(path?: string): Awaitable<string[]>;
	/** Bytes of a value without reading it. */
	size?(key: StoreKey): Awaitable<number | undefined>;
}

/** What can also be written. */
export interface WritableStore extends ReadableStore {
	set(key: StoreKey, value: Uint8Array): Awaitable<unknown>;
	delete?(key: StoreKey): Awaitable<unknown>;
	/** Removes everything. */
	clear?(): Awaitable<unknown>;
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
