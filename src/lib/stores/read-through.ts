/** Two stores as one: a value is read from the first that has it, and kept in the fast one. */
import type { ChunkwiseError } from "../errors.ts";
import { tells } from "./observe.ts";
import {
	type ByteRange,
	getRange,
	type ReadableStore,
	type SourceRequest,
	type StoreKey,
	type StoreOptions,
	sliceRange,
	type WritableStore,
} from "./store.ts";
import { watched } from "./watch.ts";
import { methodsOf } from "./wrap.ts";

/** What is copied into the fast store, and who hears when that fails. */
export interface ReadThroughOptions {
	/**
	 * A part of a value that is at most so large makes the whole value be fetched and kept; default 0: parts are only
	 * passed on, since a shard may be far larger than what is wanted of it.
	 */
	whole?: number;
	/** Hears why a value could not be read from or kept in the fast store (it is full, say). Reading goes on. */
	onProblem?: (problem: ChunkwiseError | Error, key: StoreKey) => void;
}

/**
 * A store that reads from `fast`, else from `slow`, and keeps in `fast` what came from `slow`. What `slow` does not
 * have is asked for each time. Listings and writes are the slow store's, where it has them; a value that changes there
 * by other ways stays the old one here until it is deleted from the fast store.
 */
export function readThrough<S extends ReadableStore>(
	fast: WritableStore,
	slow: S,
	options: ReadThroughOptions = {},
): S {
	const near = methodsOf(fast) as WritableStore;
	const far = methodsOf(slow) as ReadableStore & Partial<WritableStore>;
	const problem = (cause: unknown, key: StoreKey) =>
		options.onProblem?.(cause instanceof Error ? cause : new Error(String(cause)), key);

	/** What the fast store has; told as an answer from a cache. */
	const fromFast = async <T>(
		key: StoreKey,
		own: StoreOptions | undefined,
		read: (options: StoreOptions) => T | Promise<T>,
	): Promise<T | undefined> => {
		const onRequest = (request: SourceRequest) => {
			if (request.status === "ok") own?.onRequest?.({ ...request, source: "cache" });
		};
		// What the fast store does is told by this one.
		if (own?.onRequest && tells.has(own.onRequest)) tells.add(onRequest);
		try {
			return await read({ ...own, onRequest });
		} catch (cause) {
			own?.signal?.throwIfAborted();
			problem(cause, key);
			return undefined;
		}
	};
	const keep = async (key: StoreKey, value: Uint8Array) => {
		try {
			await near.set(key, value);
		} catch (cause) {
			problem(cause, key);
		}
	};
	const get = async (key: StoreKey, own?: StoreOptions): Promise<Uint8Array | undefined> => {
		const kept = await fromFast(key, own, (given) => near.get(key, given));
		if (kept) return kept;
		const value = await far.get(key, own);
		if (value) await keep(key, value);
		return value;
	};
	const part = async (key: StoreKey, range: ByteRange, own?: StoreOptions) => {
		const kept = await fromFast(key, own, (given) => getRange(near, key, range, given));
		if (kept) return kept;
		const size = options.whole ? await far.size?.(key, own) : undefined;
		if (size === undefined || size > (options.whole ?? 0)) return getRange(far, key, range, own);
		const value = await get(key, own);
		return value && sliceRange(value, range);
	};

	const both: Partial<WritableStore> = { ...far, get, getRange: part };
	const { set, delete: remove, clear, size } = far;
	if (size) {
		both.size = async (key, own) =>
			(await fromFast(key, own, (given) => near.size?.(key, given))) ?? size(key, own);
	}
	if (set) {
		both.set = async (key, value, own) => {
			await set(key, value, own);
			await near.delete?.(key);
			await keep(key, value);
		};
	}
	if (remove) {
		both.delete = async (key, own) => {
			await remove(key, own);
			await near.delete?.(key);
		};
	}
	if (clear) {
		both.clear = async () => {
			await clear();
			await near.clear?.();
		};
	}
	return watched(both as unknown as S, slow);
}
