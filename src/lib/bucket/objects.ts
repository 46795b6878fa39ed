/**
 * The objects of a bucket: values of a store, and beside each a record of what HTTP says of it (ETag, time, type, the
 * user's own metadata). A value that has no record, or another size than its record says, gets a new one.
 */
import { isChunkwiseError } from "../errors.ts";
import { memoryStore } from "../stores/memory.ts";
import {
	type ByteRange,
	getRange,
	keyParts,
	type ReadableStore,
	type StoreKey,
	type WritableStore,
} from "../stores/store.ts";
import { BucketError } from "./errors.ts";
import { md5 } from "./md5.ts";

export interface ObjectRecord {
	/** MD5 in hexadecimal digits, as S3 has it; without quotes. */
	etag: string;
	/** Milliseconds since 1970. */
	modified: number;
	/** Bytes. */
	size: number;
	/** Headers that are given back as they came: Content-Type and its like, and x-amz-meta-*. Names in lower case. */
	headers: Record<string, string>;
}

export class Objects {
	readonly #store: ReadableStore & Partial<WritableStore>;
	readonly #records: WritableStore;
	readonly #now: () => number;
	/** Time of values that were in the store before the bucket was. */
	readonly #opened: number;
	readonly #busy = new Map<string, Promise<unknown>>();

	constructor(store: ReadableStore, records: WritableStore | undefined, now: () => number) {
		this.#store = store;
		this.#records = records ?? memoryStore();
		this.#now = now;
		this.#opened = now();
	}

	get writable(): boolean {
		return this.#store.set !== undefined && this.#store.delete !== undefined;
	}

	/** Runs one task at a time for each key, so that nothing comes between a condition and its write. */
	async alone<T>(key: string, task: () => Promise<T>): Promise<T> {
		const before = this.#busy.get(key);
		const own = (before ?? Promise.resolve()).catch(() => {}).then(task);
		this.#busy.set(key, own);
		try {
			return await own;
		} finally {
			if (this.#busy.get(key) === own) this.#busy.delete(key);
		}
	}

	/** What is known of an object; undefined where there is none. */
	async record(key: string): Promise<ObjectRecord | undefined> {
		const at = storeKey(key);
		if (!at) return undefined;
		const known = parseRecord(await this.#records.get(at));
		if (this.#store.size) {
			const size = await this.#store.size(at);
			if (size === undefined) return undefined;
			if (known?.size === size) return known;
		}
		const value = await this.#store.get(at);
		if (!value) return undefined;
		if (known?.size === value.byteLength) return known;
		const record = { etag: md5(value), modified: this.#opened, size: value.byteLength, headers: {} };
		await this.#keep(at, record);
		return record;
	}

	/** The bytes of an object that has a record. */
	async read(key: string, range?: [start: number, stop: number]): Promise<Uint8Array> {
		const at = storeKey(key) as StoreKey;
		const wanted: ByteRange | undefined = range && { offset: range[0], length: range[1] - range[0] };
		const bytes = wanted ? await getRange(this.#store, at, wanted) : await this.#store.get(at);
		if (!bytes) throw new BucketError("InternalError", "The object went away while it was read.");
		return bytes;
	}

	/** @throws BucketError InvalidArgument where the store cannot have such a key */
	async write(key: string, value: Uint8Array, headers: Record<string, string>): Promise<ObjectRecord> {
		const at = storeKey(key);
		if (!at) {
			throw new BucketError(
				"InvalidArgument",
				'Keys are names between single slashes here, none of them empty, "." or "..".',
				{ ArgumentName: "Key", ArgumentValue: key },
			);
		}
		const record = { etag: md5(value), modified: this.#now(), size: value.byteLength, headers };
		// First away with the old record: a write that stops half way must not leave an ETag of other bytes.
		await this.#records.delete?.(at);
		await this.#store.set?.(at, value);
		await this.#keep(at, record);
		return record;
	}

	async remove(key: string): Promise<void> {
		const at = storeKey(key);
		if (!at) return;
		await this.#store.delete?.(at);
		await this.#records.delete?.(at);
	}

	/** Keys that begin with a prefix, in no order. @throws BucketError NotImplemented */
	async keys(prefix: string): Promise<string[]> {
		if (!this.#store.list)
			throw new BucketError("NotImplemented", "The store of this bucket cannot be listed.");
		return this.#store.list(prefix);
	}

	async #keep(at: StoreKey, record: ObjectRecord): Promise<void> {
		await this.#records.set(at, new TextEncoder().encode(JSON.stringify(record)));
	}
}

/** The store's key of an object's key; undefined where a store can have none such. */
function storeKey(key: string): StoreKey | undefined {
	try {
		keyParts(`/${key}`);
		return `/${key}`;
	} catch (error) {
		if (isChunkwiseError(error) && error.code === "bad-key") return undefined;
		throw error;
	}
}

function parseRecord(bytes: Uint8Array | undefined): ObjectRecord | undefined {
	return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as ObjectRecord);
}
