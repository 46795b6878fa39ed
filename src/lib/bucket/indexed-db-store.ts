/**
 * A store in the browser's IndexedDB, for many small documents: a bucket's records. OPFS costs milliseconds for each
 * file, which a listing of a thousand objects would pay a thousand times.
 */
import { ChunkwiseError } from "../errors.ts";
import { keyParts, type StoreKey, type WritableStore } from "../stores/store.ts";

const table = "values";

export class IndexedDbStore implements WritableStore {
	readonly abilities = { atomic: true, persistent: true };
	readonly #database: IDBDatabase;
	readonly #folder: string;

	constructor(database: IDBDatabase, folder: string) {
		this.#database = database;
		this.#folder = folder;
	}

	async get(key: StoreKey): Promise<Uint8Array | undefined> {
		return this.#run("readonly", (values) => values.get(this.#folder + key));
	}

	async set(key: StoreKey, value: Uint8Array): Promise<void> {
		keyParts(key);
		await this.#run("readwrite", (values) => values.put(value.slice(), this.#folder + key));
	}

	async delete(key: StoreKey): Promise<void> {
		await this.#run("readwrite", (values) => values.delete(this.#folder + key));
	}

	async clear(): Promise<void> {
		await this.#run("readwrite", (values) => values.delete(this.#below("")));
	}

	async list(prefix = ""): Promise<string[]> {
		const keys = await this.#run("readonly", (values) => values.getAllKeys(this.#below(prefix)));
		return keys.map((key) => String(key).slice(this.#folder.length + 1));
	}

	#below(prefix: string): IDBKeyRange {
		const start = `${this.#folder}/${prefix}`;
		return IDBKeyRange.bound(start, `${start}\uffff`);
	}

	/** Ends when what was written is committed. */
	#run<T>(mode: IDBTransactionMode, ask: (values: IDBObjectStore) => IDBRequest<T>): Promise<T> {
		return new Promise((resolve, reject) => {
			const transaction = this.#database.transaction(table, mode);
			const request = ask(transaction.objectStore(table));
			transaction.oncomplete = () => resolve(request.result);
			transaction.onabort = () => reject(explain(transaction.error, this.#folder));
		});
	}
}

/**
 * Opens the database; the stores in it are told apart by their folders.
 * @throws ChunkwiseError storage-denied
 */
export async function openDatabase(name: string): Promise<IDBDatabase> {
	try {
		return await new Promise((resolve, reject) => {
			const request = indexedDB.open(name, 1);
			request.onupgradeneeded = () => request.result.createObjectStore(table);
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error);
		});
	} catch (cause) {
		throw new ChunkwiseError("storage-denied", "This browser or window offers no database.", {
			where: name,
			remedy: "Private windows and some settings forbid storage: use memoryStore() instead.",
			cause,
		});
	}
}

function explain(cause: unknown, where: string): ChunkwiseError {
	const full = (cause as { name?: string } | null)?.name === "QuotaExceededError";
	return full
		? new ChunkwiseError("storage-full", "There is no more room in this browser's storage.", {
				where,
				remedy: "Remove buckets that you no longer need, or clear this site's data.",
				cause,
			})
		: new ChunkwiseError("storage-denied", "This browser's database failed.", {
				where,
				remedy: "Close other tabs of this site and try again.",
				cause,
			});
}
