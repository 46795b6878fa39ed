/** A store in memory: gone when the page or process ends. */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { formatBytes } from "../format.ts";
import {
	type ByteRange,
	keyParts,
	type ReadableStore,
	type StoreKey,
	sliceRange,
	type WritableStore,
} from "./store.ts";
import { watched } from "./watch.ts";

export class MemoryStore implements WritableStore, Displayable {
	readonly abilities = { atomic: true };
	readonly place = "memory";
	readonly #values: Map<string, Uint8Array>;

	/** Over the given map (keys with leading slash, as zarrita has them), or an empty one. */
	constructor(values: Map<string, Uint8Array> = new Map()) {
		this.#values = values;
		watched(this);
	}

	/** Bytes of all values. */
	get bytes(): number {
		let sum = 0;
		for (const value of this.#values.values()) sum += value.byteLength;
		return sum;
	}

	/** Number of keys. */
	get count(): number {
		return this.#values.size;
	}

	async get(key: StoreKey): Promise<Uint8Array | undefined> {
		return this.#values.get(key);
	}

	async getRange(key: StoreKey, range: ByteRange): Promise<Uint8Array | undefined> {
		const value = this.#values.get(key);
		return value && sliceRange(value, range);
	}

	/** Keeps the bytes given, or a copy where they are a part of a larger buffer. */
	async set(key: StoreKey, value: Uint8Array): Promise<void> {
		keyParts(key);
		this.#values.set(key, value.byteLength === value.buffer.byteLength ? value : value.slice());
	}

	async delete(key: StoreKey): Promise<void> {
		this.#values.delete(key);
	}

	async clear(): Promise<void> {
		this.#values.clear();
	}

	async size(key: StoreKey): Promise<number | undefined> {
		return this.#values.get(key)?.byteLength;
	}

	async list(prefix = ""): Promise<string[]> {
		const keys: string[] = [];
		for (const key of this.#values.keys()) {
			const bare = key.replace(/^\//, "");
			if (bare.startsWith(prefix)) keys.push(bare);
		}
		return keys;
	}

	toString(): string {
		return `<MemoryStore ${this.count} ${this.count === 1 ? "key" : "keys"}, ${formatBytes(this.bytes)}>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}
}

/** A store for what may also be a map, which zarrita takes as one. */
export function asStore<S extends ReadableStore>(store: S | Map<string, Uint8Array>): S | MemoryStore {
	return store instanceof Map ? new MemoryStore(store) : store;
}

/** A new store in memory, or one over a zarrita-style map. */
export function memoryStore(values?: Map<string, Uint8Array>): MemoryStore {
	return new MemoryStore(values);
}
