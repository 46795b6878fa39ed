/** A cache before any store: what was read stays in memory, up to a number of bytes; what was not used longest goes. */
import { Shared } from "./share.ts";
import {
	type ByteRange,
	type ReadableStore,
	type StoreKey,
	type StoreOptions,
	sliceRange,
	type WritableStore,
} from "./store.ts";
import { watched } from "./watch.ts";
import { methodsOf } from "./wrap.ts";

/** How much a cache may keep. */
export interface CacheOptions {
	/** Bytes that are kept at most, names counted too. A value that alone is larger is not kept. */
	bytes: number;
}

/** What a cache holds, and how to empty it. */
export interface CacheState {
	readonly budget: number;
	/** Bytes kept now. */
	readonly bytes: number;
	/** Values and parts of values kept now. */
	readonly items: number;
	readonly hits: number;
	readonly misses: number;
	/** Forgets one key, or everything: where another program may have changed the store. */
	forget(key?: StoreKey): void;
}

/** A value, the whole or a part; `bytes` undefined for an absent one. */
interface Item {
	key: StoreKey;
	/** What was asked for: an answer may be shorter, where the value ends. */
	range?: ByteRange;
	bytes: Uint8Array | undefined;
	cost: number;
}

/** Of an item besides its bytes, about. */
const overhead = 100;
/** Parts of one key that are searched one by one for one that contains what is wanted. */
const many = 64;

class Cache implements CacheState {
	readonly budget: number;
	bytes = 0;
	hits = 0;
	misses = 0;
	/** In the order of use, the longest unused first. */
	readonly #items = new Map<string, Item>();
	readonly #byKey = new Map<StoreKey, Set<string>>();
	/** Counts writes: an answer from before a write is not kept. */
	version = 0;

	constructor(budget: number) {
		this.budget = budget;
	}

	get items(): number {
		return this.#items.size;
	}

	/** The kept bytes of a value or range; `undefined` in an object for one that is known to be absent. */
	find(key: StoreKey, range?: ByteRange): { bytes: Uint8Array | undefined } | undefined {
		const all = this.#byKey.get(key);
		if (!all) return undefined;
		// A shard may be kept in thousands of parts: then only the same part again, or the whole, is looked for.
		const ids = all.size > many ? [idOf(key, range), idOf(key)] : all;
		for (const id of ids) {
			const item = this.#items.get(id);
			const bytes = item ? partOf(item, range) : "no";
			if (!item || bytes === "no") continue;
			this.#items.delete(id);
			this.#items.set(id, item);
			return { bytes };
		}
		return undefined;
	}

	keep(key: StoreKey, range: ByteRange | undefined, bytes: Uint8Array | undefined): void {
		// An absent value is absent as a whole.
		const own = bytes === undefined ? undefined : range;
		const cost = (bytes?.byteLength ?? 0) + 2 * key.length + overhead;
		if (cost > this.budget) return;
		const id = idOf(key, own);
		this.#drop(id);
		for (const oldest of this.#items.keys()) {
			if (this.bytes + cost <= this.budget) break;
			this.#drop(oldest);
		}
		// A copy: callers may change or give away theirs.
		this.#items.set(id, { key, range: own, bytes: bytes?.slice(), cost });
		this.bytes += cost;
		const ids = this.#byKey.get(key) ?? new Set();
		this.#byKey.set(key, ids.add(id));
	}

	forget(key?: StoreKey): void {
		this.version++;
		const ids = key === undefined ? this.#items.keys() : (this.#byKey.get(key) ?? []);
		for (const id of [...ids]) this.#drop(id);
	}

	#drop(id: string): void {
		const item = this.#items.get(id);
		if (!item) return;
		this.#items.delete(id);
		this.bytes -= item.cost;
		const ids = this.#byKey.get(item.key);
		ids?.delete(id);
		if (ids?.size === 0) this.#byKey.delete(item.key);
	}
}

function idOf(key: StoreKey, range?: ByteRange): string {
	if (!range) return `all ${key}`;
	return "suffixLength" in range ? `-${range.suffixLength} ${key}` : `${range.offset}+${range.length} ${key}`;
}

/** The wanted bytes, where an item has them. */
function partOf({ range: kept, bytes }: Item, wanted?: ByteRange): Uint8Array | undefined | "no" {
	if (!kept) return bytes && (wanted ? sliceRange(bytes, wanted) : bytes);
	if (!wanted || !bytes) return "no";
	if ("suffixLength" in kept) {
		if (!("suffixLength" in wanted) || wanted.suffixLength > kept.suffixLength) return "no";
		return sliceRange(bytes, wanted);
	}
	if ("suffixLength" in wanted || wanted.offset < kept.offset) return "no";
	if (wanted.offset + wanted.length > kept.offset + kept.length) return "no";
	return sliceRange(bytes, { offset: wanted.offset - kept.offset, length: wanted.length });
}

/**
 * Any store with a cache before it. Values, parts of values and the knowledge that a key is absent are kept; what is
 * written through it is forgotten. Changes that others make are not seen until `cache.forget()`. It offers what the
 * store under it offers, and ranges always.
 */
export function cacheStore<S extends ReadableStore>(
	store: S,
	options: CacheOptions,
): S & { readonly cache: CacheState } {
	const cache = new Cache(options.bytes);
	const under = methodsOf(store) as ReadableStore & Partial<WritableStore>;
	const fetching = new Map<string, Shared<Uint8Array | undefined>>();

	const read = async (
		key: StoreKey,
		range: ByteRange | undefined,
		own: StoreOptions = {},
	): Promise<Uint8Array | undefined> => {
		own.signal?.throwIfAborted();
		if (range && !under.getRange) {
			const whole: Uint8Array | undefined = await read(key, undefined, own);
			return whole && sliceRange(whole, range);
		}
		const started = performance.now();
		const found = cache.find(key, range);
		if (found) {
			cache.hits++;
			const bytes = found.bytes?.slice();
			own.onRequest?.({
				operation: range ? "getRange" : "get",
				key: key.replace(/^\//, ""),
				range,
				bytes: bytes?.byteLength,
				started,
				milliseconds: performance.now() - started,
				status: bytes ? "ok" : "absent",
				source: "cache",
			});
			return bytes;
		}
		cache.misses++;
		const id = idOf(key, range);
		const known = fetching.get(id);
		if (known && !known.stopped) return (await known.join(own.signal))?.slice();
		const { version } = cache;
		const bytes = new Shared(async (signal) => {
			try {
				const given = { ...own, signal };
				const value = await (range ? under.getRange?.(key, range, given) : under.get(key, given));
				if (cache.version === version) cache.keep(key, range, value);
				return value;
			} finally {
				if (fetching.get(id) === bytes) fetching.delete(id);
			}
		});
		fetching.set(id, bytes);
		return bytes.join(own.signal);
	};
	/** What is read while a write is under way may be the old or the new value: neither is kept. */
	const written = async <T>(key: StoreKey | undefined, write: () => T | Promise<T>): Promise<T> => {
		cache.forget(key);
		fetching.clear();
		try {
			return await write();
		} finally {
			cache.forget(key);
			fetching.clear();
		}
	};

	const cached: Partial<WritableStore> = {
		...under,
		get: (key, own) => read(key, undefined, own),
		getRange: (key, range, own) => read(key, range, own),
	};
	const { set, delete: remove, clear, size } = under;
	if (set) cached.set = (key, value, own) => written(key, () => set(key, value, own));
	if (remove) cached.delete = (key, own) => written(key, () => remove(key, own));
	if (clear) cached.clear = () => written(undefined, () => clear());
	if (size) {
		cached.size = (key, own) => {
			const found = cache.find(key);
			return found ? found.bytes?.byteLength : size(key, own);
		};
	}
	return watched(Object.assign(cached, { cache }) as unknown as S & { readonly cache: CacheState }, store);
}
