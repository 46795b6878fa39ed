/**
 * The objects of a bucket and their versions. The newest bytes of a key lie in the bucket's own store, so that whoever
 * opens that store sees the objects; what HTTP says of them (ETag, time, type, user metadata) and the bytes of older
 * versions lie in a second store, the records. A value that has no record, or another size than its record says, gets
 * a new one.
 */
import { md5 } from "../md5.ts";
import {
	type ByteRange,
	getRange,
	type ReadableStore,
	type StoreKey,
	type WritableStore,
} from "../stores/store.ts";
import { BucketError } from "./errors.ts";
import { readJson, storeKey, writeJson } from "./records.ts";
import type { Settings } from "./settings.ts";

export interface ObjectRecord {
	/** MD5 in hexadecimal digits, as S3 has it (of an upload in parts: of the parts' MD5s, "-", their number); no quotes. */
	etag: string;
	/** Milliseconds since 1970. */
	modified: number;
	/** Bytes. */
	size: number;
	/** Headers that are given back as they came: Content-Type and its like, and x-amz-meta-*. Names in lower case. */
	headers: Record<string, string>;
	/** Absent for what was written while the bucket kept no versions; S3 calls that one "null". */
	versionId?: string;
	/** A delete marker: from here on the key reads as absent. */
	isMarker?: true;
	/** Where the bytes of an older version are among the records. */
	blob?: string;
}

/** All that is known of a key. Absent where `current` is. */
export interface ObjectEntry {
	/** Its bytes are in the bucket's store. */
	current?: ObjectRecord;
	/** Newest first. Begins with a delete marker where the object was deleted in a bucket with versions. */
	older: ObjectRecord[];
}

/** As S3 writes the id of a version that has none. */
export const versionName = ({ versionId }: ObjectRecord): string => versionId ?? "null";

export interface ObjectsOptions {
	now(): number;
	/** Names for versions: each new. */
	newId(): string;
	/** Runs one task at a time for each name, among all engines that share the stores. */
	exclusive?: Exclusive;
}

export type Exclusive = <T>(name: string, task: () => Promise<T>) => Promise<T>;

export class Objects {
	readonly #store: ReadableStore & Partial<WritableStore>;
	readonly #records: WritableStore;
	readonly #settings: Settings;
	readonly #options: ObjectsOptions;
	/** Time of values that were in the store before the bucket was. */
	readonly #opened: number;
	readonly #busy = new Map<string, Promise<unknown>>();

	constructor(store: ReadableStore, records: WritableStore, settings: Settings, options: ObjectsOptions) {
		this.#store = store;
		this.#records = records;
		this.#settings = settings;
		this.#options = options;
		this.#opened = options.now();
	}

	get writable(): boolean {
		return this.#store.set !== undefined && this.#store.delete !== undefined;
	}

	/** Runs one task at a time for each key, so that nothing comes between a condition and its write. */
	async alone<T>(key: string, task: () => Promise<T>): Promise<T> {
		const shared = this.#options.exclusive;
		const run = shared ? () => shared(key, task) : task;
		const before = this.#busy.get(key);
		const own = (before ?? Promise.resolve()).catch(() => {}).then(run);
		this.#busy.set(key, own);
		try {
			return await own;
		} finally {
			if (this.#busy.get(key) === own) this.#busy.delete(key);
		}
	}

	/** What is known of a key, in agreement with what the store holds. Call it alone with the key. */
	async entry(key: string): Promise<ObjectEntry> {
		const at = storeKey(key);
		if (!at) return { older: [] };
		const { current, older } = await this.#load(at);
		if (this.#store.size) {
			const size = await this.#store.size(at);
			if (size === undefined) return { older };
			if (current?.size === size) return { current, older };
		}
		const value = await this.#store.get(at);
		if (!value) return { older };
		if (current?.size === value.byteLength) return { current, older };
		const found = {
			current: { etag: md5(value), modified: this.#opened, size: value.byteLength, headers: {} },
			older: await this.#withoutNull(older),
		};
		await this.#save(at, found);
		return found;
	}

	/** As `entry`, without a queue where nothing has to be put right: for listings. */
	async peek(key: string): Promise<ObjectEntry> {
		const at = storeKey(key);
		if (!at) return { older: [] };
		const entry = await this.#load(at);
		const size = await this.#store.size?.(at);
		if (this.#store.size && size === entry.current?.size) return entry;
		return this.alone(key, () => this.entry(key));
	}

	/** The bytes of a version that has some. */
	async read(key: string, record: ObjectRecord, range?: [start: number, stop: number]): Promise<Uint8Array> {
		const [store, at] =
			record.blob === undefined
				? [this.#store, storeKey(key) as StoreKey]
				: [this.#records, blobKey(record.blob)];
		const wanted: ByteRange | undefined = range && { offset: range[0], length: range[1] - range[0] };
		const bytes = wanted ? await getRange(store, at, wanted) : await store.get(at);
		if (!bytes) throw new BucketError("InternalError", "The object went away while it was read.");
		return bytes;
	}

	/**
	 * Writes an object; call it alone with the key.
	 * @throws BucketError InvalidArgument where the store cannot have such a key
	 */
	async write(
		key: string,
		value: Uint8Array,
		about: { headers: Record<string, string>; etag?: string },
	): Promise<ObjectRecord> {
		const at = storeKey(key);
		if (!at) {
			throw new BucketError(
				"InvalidArgument",
				'Keys are names between single slashes here, none of them empty, "." or "..".',
				{ ArgumentName: "Key", ArgumentValue: key },
			);
		}
		const { versioning } = await this.#settings.read();
		const current: ObjectRecord = {
			etag: about.etag ?? md5(value),
			modified: this.#options.now(),
			size: value.byteLength,
			headers: about.headers,
			...(versioning === "Enabled" ? { versionId: this.#options.newId() } : {}),
		};
		const older = await this.#retire(at, await this.entry(key), versioning === "Enabled");
		await this.#store.set?.(at, value);
		await this.#save(at, { current, older });
		return current;
	}

	/** Deletes an object; call it alone with the key. Gives the delete marker that a bucket with versions leaves. */
	async remove(key: string): Promise<ObjectRecord | undefined> {
		const at = storeKey(key);
		if (!at) return undefined;
		const { versioning } = await this.#settings.read();
		const older = await this.#retire(at, await this.entry(key), versioning === "Enabled");
		await this.#store.delete?.(at);
		if (versioning === undefined) {
			await this.#save(at, { older });
			return undefined;
		}
		const marker: ObjectRecord = {
			etag: "",
			modified: this.#options.now(),
			size: 0,
			headers: {},
			isMarker: true,
			...(versioning === "Enabled" ? { versionId: this.#options.newId() } : {}),
		};
		await this.#save(at, { older: [marker, ...older] });
		return marker;
	}

	/** Deletes one version for good; call it alone with the key. The one before it takes its place. */
	async removeVersion(key: string, id: string): Promise<ObjectRecord | undefined> {
		const at = storeKey(key);
		if (!at) return undefined;
		const { current, older } = await this.entry(key);
		const record = [current, ...older].find((version) => version && versionName(version) === id);
		if (!record) return undefined;
		const rest = older.filter((version) => version !== record);
		const next = rest[0];
		if (current && record !== current) {
			await this.#save(at, { current, older: rest });
		} else if (next && !next.isMarker) {
			const { blob, ...promoted } = next;
			await this.#store.set?.(at, await this.read(key, next));
			await this.#save(at, { current: promoted, older: rest.slice(1) });
			if (blob !== undefined) await this.#records.delete?.(blobKey(blob));
		} else {
			if (current) await this.#store.delete?.(at);
			await this.#save(at, { older: rest });
		}
		if (record.blob !== undefined) await this.#records.delete?.(blobKey(record.blob));
		return record;
	}

	/** Keys that begin with a prefix, in no order. @throws BucketError NotImplemented */
	async keys(prefix: string): Promise<string[]> {
		return listOf(this.#store, prefix);
	}

	/** Keys that have versions or delete markers, deleted ones too, in no order. @throws BucketError NotImplemented */
	async keysOfVersions(prefix: string): Promise<string[]> {
		const recorded = await listOf(this.#records, `${recordsFolder}/${prefix}`);
		return [
			...new Set([
				...(await this.keys(prefix)),
				...recorded.map((key) => key.slice(recordsFolder.length + 1)),
			]),
		];
	}

	/**
	 * Takes the current version out of its place: kept as an older one, or let go. Its record goes first: a write that
	 * stops half way must not leave an ETag of other bytes.
	 */
	async #retire(at: StoreKey, { current, older }: ObjectEntry, versioned: boolean): Promise<ObjectRecord[]> {
		let rest = older;
		if (current && (versioned || current.versionId !== undefined)) {
			const blob = this.#options.newId();
			const bytes = await this.#store.get(at);
			if (bytes) {
				await this.#records.set(blobKey(blob), bytes);
				rest = [{ ...current, blob }, ...rest];
			}
		}
		// What is written now is the new "null" version, and there is one of that name only.
		if (!versioned) rest = await this.#withoutNull(rest);
		if (current) await this.#save(at, { older: rest });
		return rest;
	}

	async #withoutNull(versions: ObjectRecord[]): Promise<ObjectRecord[]> {
		for (const { versionId, blob } of versions) {
			if (versionId === undefined && blob !== undefined) await this.#records.delete?.(blobKey(blob));
		}
		return versions.filter(({ versionId }) => versionId !== undefined);
	}

	async #load(at: StoreKey): Promise<ObjectEntry> {
		return (await readJson<ObjectEntry>(this.#records, recordKey(at))) ?? { older: [] };
	}

	async #save(at: StoreKey, entry: ObjectEntry): Promise<void> {
		if (entry.current || entry.older.length > 0) await writeJson(this.#records, recordKey(at), entry);
		else await this.#records.delete?.(recordKey(at));
	}
}

const recordsFolder = "objects";
const recordKey = (at: StoreKey): StoreKey => `/${recordsFolder}${at}`;
const blobKey = (blob: string): StoreKey => `/versions/${blob}`;

async function listOf(store: ReadableStore, prefix: string): Promise<string[]> {
	if (!store.list) throw new BucketError("NotImplemented", "The store of this bucket cannot be listed.");
	return store.list(prefix);
}
