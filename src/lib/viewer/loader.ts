/** Brings the chunks that a view wants: nearest first, few at a time, and gives up those that it wants no more. */
import type { SourceRequest } from "../stores/store.ts";
import type { TypedArray } from "../types.ts";
import { ByteCache } from "./cache.ts";
import type { ViewedImage } from "./image.ts";
import type { ChunkWish } from "./plan.ts";

/** Where a viewer's chunks come from. */
export interface ViewSource {
	readonly image: ViewedImage;
	/**
	 * The values of a chunk, of its full shape, C order; undefined where it is not stored.
	 * @throws what reading throws, and the signal's reason
	 */
	read(level: number, coords: readonly number[], options: ViewReadOptions): Promise<TypedArray | undefined>;
}

export interface ViewReadOptions {
	signal: AbortSignal;
	/** Hears of every request that this chunk really cost. */
	onRequest?: (request: SourceRequest) => void;
}

/**
 * What became of a chunk: "waiting" is wanted and not asked for yet; "absent" is not stored, so that all of it is the
 * fill value. A chunk that nobody wanted, or that was dropped, has no state.
 */
export type ChunkState = "waiting" | "requested" | "cached" | "absent" | "failed";

/** What a viewer has cost so far. */
export interface ViewCost {
	requests: number;
	/** Bytes that came over the network or from the store. */
	bytes: number;
	/** Chunks decoded. */
	chunks: number;
	/** Requests given up because their chunk was wanted no more. */
	cancelled: number;
	failed: number;
}

/** Chunks that are not stored of which that is remembered. */
const mostAbsent = 50_000;

interface Chunk {
	wish: ChunkWish;
	state: ChunkState;
	stop?: AbortController;
	error?: unknown;
}

export interface LoaderOptions {
	/** Bytes of decoded chunks that are kept; default 256 MiB. */
	budget?: number;
	/** Chunks asked for at one time; default 8. */
	atOnce?: number;
	/** Called when a chunk's state changed, or the cost. */
	onChange?: (id: string, state: ChunkState | undefined) => void;
}

export class ChunkLoader {
	readonly #source: ViewSource;
	readonly #atOnce: number;
	readonly #changed: (id: string, state: ChunkState | undefined) => void;
	readonly #chunks = new Map<string, Chunk>();
	readonly #values: ByteCache<TypedArray>;
	/** Chunks that are not stored: known at the cost of a request, and remembered at next to none. */
	readonly #absent = new ByteCache<true>(mostAbsent);
	#wanted: readonly ChunkWish[] = [];
	#wantedIds: ReadonlySet<string> = new Set();
	#underWay = 0;
	#closed = false;
	readonly cost: ViewCost = { requests: 0, bytes: 0, chunks: 0, cancelled: 0, failed: 0 };

	constructor(
		source: ViewSource,
		{ budget = 256 << 20, atOnce = 8, onChange = () => {} }: LoaderOptions = {},
	) {
		this.#source = source;
		this.#atOnce = atOnce;
		this.#changed = onChange;
		this.#values = new ByteCache(budget, (id) => {
			if (this.#chunks.get(id)?.state === "cached") this.#forget(id);
		});
	}

	/** What is wanted from now on, most wanted first: other requests are given up, chunks that are there stay. */
	want(wishes: readonly ChunkWish[]): void {
		this.#wanted = wishes;
		this.#wantedIds = new Set(wishes.map(({ id }) => id));
		for (const [id, chunk] of this.#chunks) {
			if (this.#wantedIds.has(id)) continue;
			if (chunk.state === "requested") {
				this.cost.cancelled++;
				chunk.stop?.abort(new DOMException("The view moved on.", "AbortError"));
				this.#forget(id);
			} else if (chunk.state !== "cached") this.#forget(id);
		}
		for (const wish of wishes) {
			const known = this.#chunks.get(wish.id);
			if (known) known.wish = wish;
			else this.#put(wish, this.#absent.has(wish.id) ? "absent" : "waiting");
			// What is looked at is not what goes first.
			this.#values.get(wish.id);
		}
		this.#send();
	}

	state(id: string): ChunkState | undefined {
		return this.#chunks.get(id)?.state;
	}

	/** Why a chunk failed. */
	error(id: string): unknown {
		return this.#chunks.get(id)?.error;
	}

	/** The values of a chunk that is there. */
	values(id: string): TypedArray | undefined {
		return this.#values.get(id);
	}

	/** Chunks that have a state now. */
	states(): IterableIterator<[id: string, state: ChunkState]> {
		const chunks = this.#chunks;
		return (function* () {
			for (const [id, { state }] of chunks) yield [id, state] as [string, ChunkState];
		})();
	}

	/** Bytes of decoded chunks that are kept. */
	get bytesKept(): number {
		return this.#values.bytes;
	}

	/** True while something that is wanted is still to come. */
	get busy(): boolean {
		return this.#wanted.some(({ id }) => {
			const state = this.state(id);
			return state === "waiting" || state === "requested";
		});
	}

	/** Asks again for what failed. */
	retry(): void {
		for (const [id, chunk] of this.#chunks) if (chunk.state === "failed") this.#set(id, chunk, "waiting");
		this.#send();
	}

	/** Forgets all chunks: what is wanted is asked for anew. */
	clear(): void {
		const wanted = this.#wanted;
		this.want([]);
		this.#values.clear();
		this.#absent.clear();
		this.#chunks.clear();
		this.want(wanted);
	}

	/** Gives up what is under way and frees all. */
	close(): void {
		this.#closed = true;
		this.want([]);
		this.#values.clear();
		this.#chunks.clear();
	}

	#send(): void {
		for (const { id } of this.#wanted) {
			if (this.#underWay >= this.#atOnce || this.#closed) return;
			const chunk = this.#chunks.get(id);
			if (chunk?.state === "waiting") void this.#fetch(id, chunk);
		}
	}

	async #fetch(id: string, chunk: Chunk): Promise<void> {
		const stop = new AbortController();
		chunk.stop = stop;
		this.#underWay++;
		this.#set(id, chunk, "requested");
		try {
			const { level, coords } = chunk.wish;
			const values = await this.#source.read(level, coords, {
				signal: stop.signal,
				onRequest: ({ source, bytes = 0 }) => {
					if (source === "cache") return;
					this.cost.requests++;
					this.cost.bytes += bytes;
				},
			});
			if (stop.signal.aborted) return;
			if (values === undefined) {
				this.#absent.set(id, true, 1);
				this.#set(id, chunk, "absent");
				return;
			}
			this.cost.chunks++;
			chunk.state = "cached";
			this.#values.set(id, values, values.byteLength, this.#wantedIds);
			this.#changed(id, "cached");
		} catch (error) {
			if (stop.signal.aborted) return;
			this.cost.failed++;
			chunk.error = error;
			this.#set(id, chunk, "failed");
		} finally {
			this.#underWay--;
			this.#send();
		}
	}

	#put(wish: ChunkWish, state: ChunkState): void {
		this.#chunks.set(wish.id, { wish, state });
		this.#changed(wish.id, state);
	}

	#set(id: string, chunk: Chunk, state: ChunkState): void {
		chunk.state = state;
		this.#changed(id, state);
	}

	#forget(id: string): void {
		this.#chunks.delete(id);
		this.#changed(id, undefined);
	}
}
