/** Where the bytes of a chunk come from: a key of its own, or a part of a shard. */
import { ChunkwiseError } from "../errors.ts";
import { because, chunkCause } from "../stores/cause.ts";
import { getRange, keyOf, type ReadableStore, type StoreKey, type StoreOptions } from "../stores/store.ts";
import { product } from "../types.ts";
import { type ArrayMetadata, encodeChunkKey, type ShardInfo } from "./array-metadata.ts";
import { ChunkDecoder } from "./decoder.ts";
import { absentChunk, placeInShard, shardIndexSize } from "./shard-index.ts";

export interface ChunkSource {
	/** The key that holds a chunk: its own or its shard's. */
	key(index: readonly number[]): StoreKey;
	/** The stored bytes of a chunk, or undefined where it is not stored and stands for the fill value. */
	fetch(index: readonly number[], options?: StoreOptions): Promise<Uint8Array | undefined>;
}

export function chunkSource(store: ReadableStore, path: string, metadata: ArrayMetadata): ChunkSource {
	const keyAt = (index: readonly number[]) => keyOf(path, encodeChunkKey(metadata.keyEncoding, index));
	if (metadata.shards) return new ShardedSource(store, keyAt, metadata.chunks, metadata.shards);
	return {
		key: keyAt,
		fetch: async (index, options) => store.get(keyAt(index), because(chunkCause(index), options)),
	};
}

/** An index that is read, or was, and the signal of the one who began it. */
interface SharedIndex {
	entries: Promise<BigUint64Array | undefined>;
	signal?: AbortSignal;
}

/** Chunks inside shards (ZEP 2, the sharding_indexed codec). The index of a shard is read once. */
class ShardedSource implements ChunkSource {
	readonly #store: ReadableStore;
	readonly #keyAt: (index: readonly number[]) => StoreKey;
	readonly #shards: ShardInfo;
	/** Chunks along each axis of a shard. */
	readonly #grid: number[];
	readonly #decoder: ChunkDecoder;
	readonly #indices = new Map<StoreKey, SharedIndex>();

	constructor(
		store: ReadableStore,
		keyAt: (index: readonly number[]) => StoreKey,
		chunks: readonly number[],
		shards: ShardInfo,
	) {
		this.#store = store;
		this.#keyAt = keyAt;
		this.#shards = shards;
		this.#grid = shards.shape.map((n, axis) => n / chunks[axis]);
		this.#decoder = ChunkDecoder.ofCodecs("uint64", [...this.#grid, 2], shards.indexCodecs);
	}

	key(index: readonly number[]): StoreKey {
		return this.#keyAt(placeInShard(index, this.#grid).shard);
	}

	async fetch(index: readonly number[], options?: StoreOptions): Promise<Uint8Array | undefined> {
		const { shard, entry } = placeInShard(index, this.#grid);
		const key = this.#keyAt(shard);
		const entries = await this.#index(key, because(`shard index ${shard.join("/")}`, options));
		if (!entries) return undefined;
		const offset = entries[2 * entry];
		const length = entries[2 * entry + 1];
		if (offset === absentChunk && length === absentChunk) return undefined;
		const range = { offset: Number(offset), length: Number(length) };
		const bytes = await getRange(this.#store, key, range, because(chunkCause(index), options));
		if (bytes?.byteLength !== range.length) {
			throw new ChunkwiseError(
				"bad-chunk",
				`The shard's index says ${range.length} bytes at ${range.offset}, and ${bytes?.byteLength ?? 0} are there.`,
				{ where: key, remedy: "The shard is damaged or cut short: get it again." },
			);
		}
		return bytes;
	}

	/**
	 * The reading is shared and goes by its first reader's signal. When that one leaves, those who still want the index read
	 * it anew.
	 */
	async #index(key: StoreKey, options?: StoreOptions): Promise<BigUint64Array | undefined> {
		for (;;) {
			const shared = this.#indices.get(key);
			const index = shared?.entries ?? this.#readIndex(key, options);
			if (!shared) {
				const own = { entries: index, signal: options?.signal };
				this.#indices.set(key, own);
				index.catch(() => {
					if (this.#indices.get(key) === own) this.#indices.delete(key);
				});
			}
			try {
				return await whileWanted(index, options?.signal);
			} catch (error) {
				options?.signal?.throwIfAborted();
				if (!shared?.signal?.aborted) throw error;
				if (this.#indices.get(key) === shared) this.#indices.delete(key);
			}
		}
	}

	async #readIndex(key: StoreKey, options?: StoreOptions): Promise<BigUint64Array | undefined> {
		const size = shardIndexSize(this.#shards.indexCodecs, product(this.#grid), key);
		const range = this.#shards.indexLocation === "end" ? { suffixLength: size } : { offset: 0, length: size };
		const bytes = await getRange(this.#store, key, range, options);
		if (!bytes) return undefined;
		if (bytes.byteLength !== size) {
			throw new ChunkwiseError("bad-chunk", `The shard is shorter than its index of ${size} bytes.`, {
				where: key,
				remedy: "The shard is damaged or cut short: get it again.",
			});
		}
		return (await this.#decoder.decode(bytes, key)).data as BigUint64Array;
	}
}

/** The promise's outcome, or the reason of the signal if that comes first. */
function whileWanted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (!signal) return promise;
	return new Promise((resolve, reject) => {
		const leave = () => reject(signal.reason);
		if (signal.aborted) leave();
		signal.addEventListener("abort", leave, { once: true });
		promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
	});
}
