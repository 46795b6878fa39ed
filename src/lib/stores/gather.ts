/**
 * Ranges of one key that lie near each other and are asked for at the same moment become one request: a request costs
 * a round trip, which at 100 Mbit/s and 30 ms is worth 370 KiB. What is already being fetched is not fetched again.
 */
import { Shared } from "./share.ts";
import type { ByteRange, StoreKey, StoreOptions } from "./store.ts";
import { nextTurn } from "./turn.ts";

export interface GatherOptions {
	/** Bytes between two ranges that are fetched along rather than left out; default 32 KiB. */
	gap?: number;
	/** Bytes of a joined request at most; default 8 MiB, so that large wishes still go side by side. */
	most?: number;
}

/** Reads one range, for `serves` callers. */
export type ReadRange = (
	key: StoreKey,
	range: ByteRange,
	options: StoreOptions,
	serves: number,
) => Promise<Uint8Array | undefined>;

interface Wish {
	start: number;
	stop: number;
	options: StoreOptions;
	resolve(bytes: Promise<Uint8Array | undefined>): void;
}

interface Fetching {
	start: number;
	stop: number;
	alone: boolean;
	bytes: Shared<Uint8Array | undefined>;
}

export class RangeGatherer {
	readonly #read: ReadRange;
	readonly #gap: number;
	readonly #most: number;
	/** Wishes of this turn of the event loop, by key. */
	#wishes = new Map<StoreKey, Wish[]>();
	/** What is on its way, by key. */
	readonly #fetching = new Map<string, Set<Fetching>>();
	readonly #suffixes = new Map<string, Shared<Uint8Array | undefined>>();

	constructor(read: ReadRange, { gap = 32 * 1024, most = 8 * 2 ** 20 }: GatherOptions = {}) {
		this.#read = read;
		this.#gap = gap;
		this.#most = most;
	}

	/** The bytes of a range, each caller its own; fewer where the value ends before. */
	async getRange(
		key: StoreKey,
		range: ByteRange,
		options: StoreOptions = {},
	): Promise<Uint8Array | undefined> {
		options.signal?.throwIfAborted();
		if ("suffixLength" in range) return this.#suffix(key, range, options);
		const start = range.offset;
		const stop = start + range.length;
		for (const fetching of this.#fetching.get(key) ?? []) {
			if (fetching.start <= start && stop <= fetching.stop && !fetching.bytes.stopped) {
				return cut(fetching, start, stop, options.signal);
			}
		}
		return new Promise((resolve) => {
			if (this.#wishes.size === 0) void nextTurn().then(() => this.#flush());
			const wishes = this.#wishes.get(key) ?? [];
			wishes.push({ start, stop, options, resolve });
			this.#wishes.set(key, wishes);
		});
	}

	async #suffix(key: StoreKey, range: { suffixLength: number }, options: StoreOptions) {
		const name = `${range.suffixLength} ${key}`;
		const known = this.#suffixes.get(name);
		if (known && !known.stopped) return (await known.join(options.signal))?.slice();
		const bytes = new Shared((signal) =>
			this.#read(key, range, { ...options, signal }, 1).finally(() => {
				if (this.#suffixes.get(name) === bytes) this.#suffixes.delete(name);
			}),
		);
		this.#suffixes.set(name, bytes);
		return bytes.join(options.signal);
	}

	#flush(): void {
		const all = this.#wishes;
		this.#wishes = new Map();
		for (const [key, asked] of all) {
			const wishes = asked.filter(({ options: { signal }, resolve }) => {
				if (signal?.aborted) resolve(Promise.reject(signal.reason));
				return !signal?.aborted;
			});
			wishes.sort((a, b) => a.start - b.start);
			for (let i = 0; i < wishes.length; ) {
				const { start } = wishes[i];
				let { stop } = wishes[i];
				let next = i + 1;
				while (
					next < wishes.length &&
					wishes[next].start - stop <= this.#gap &&
					(wishes[next].stop <= stop || wishes[next].stop - start <= this.#most)
				) {
					stop = Math.max(stop, wishes[next++].stop);
				}
				this.#fetch(key, start, stop, wishes.slice(i, next));
				i = next;
			}
		}
	}

	#fetch(key: StoreKey, start: number, stop: number, wishes: readonly Wish[]): void {
		const { cause, onRequest } = wishes[0].options;
		const range = { offset: start, length: stop - start };
		const fetchings = this.#fetching.get(key) ?? new Set();
		this.#fetching.set(key, fetchings);
		const bytes = new Shared((signal) =>
			this.#read(key, range, { cause, onRequest, signal }, wishes.length).finally(() => {
				fetchings.delete(fetching);
				if (fetchings.size === 0 && this.#fetching.get(key) === fetchings) this.#fetching.delete(key);
			}),
		);
		const fetching: Fetching = { start, stop, alone: wishes.length === 1, bytes };
		fetchings.add(fetching);
		for (const wish of wishes) wish.resolve(cut(fetching, wish.start, wish.stop, wish.options.signal));
	}
}

/** A part of what is fetched. A copy, so that a caller may give its buffer away. */
async function cut(from: Fetching, start: number, stop: number, signal?: AbortSignal) {
	const whole = from.alone && start === from.start && stop === from.stop;
	// Another caller may join before the bytes are there, and get its copy of them then.
	const bytes = await from.bytes.join(signal);
	return whole ? bytes : bytes?.slice(start - from.start, stop - from.start);
}
