/** The room that a browser gives a site, and which stores the site once had (storage.spec.whatwg.org). */

export interface StorageState {
	/** Bytes that the site uses and may use, as the browser estimates them; undefined where it does not tell. */
	used?: number;
	quota?: number;
	/** The browser does not clear the site's data by itself. */
	persisted?: boolean;
}

/** The type has `persist` only where a page's types are in force. */
function manager(): (StorageManager & { persist?(): Promise<boolean> }) | undefined {
	return (globalThis.navigator as { storage?: StorageManager } | undefined)?.storage;
}

/** In Node and where there is no StorageManager: nothing known. */
export async function storageState(): Promise<StorageState> {
	const storage = manager();
	try {
		const { usage, quota } = (await storage?.estimate?.()) ?? {};
		return { used: usage, quota, persisted: await storage?.persisted?.() };
	} catch {
		return {};
	}
}

/**
 * Asks the browser not to clear this site's data by itself. True where it will not. Only a page can ask: in a worker
 * this tells how things stand.
 */
export async function keepStorage(): Promise<boolean> {
	const storage = manager();
	return (await (storage?.persist ? storage.persist() : storage?.persisted?.())) ?? false;
}

/** Which stores were made here, kept where it is not cleared along with them. */
export interface StoreLedger {
	/** Whether a store of this name was made and not removed. */
	has(name: string): Promise<boolean>;
	/** Notes that a store was made. */
	add(name: string): Promise<void>;
	/** Notes that a store was removed on purpose. */
	remove(name: string): Promise<void>;
}

interface Buckets {
	open(name: string): Promise<{ getDirectory(): Promise<FileSystemDirectoryHandle> }>;
}

/**
 * A storage bucket of its own (Chromium clears buckets one by one), else the page's localStorage, which Chromium does
 * not clear with the private file system. Undefined where there is neither, as in Firefox's and Safari's workers.
 */
export function storeLedger(): StoreLedger | undefined {
	const buckets = (globalThis.navigator as { storageBuckets?: Buckets } | undefined)?.storageBuckets;
	if (buckets) return bucketLedger(buckets);
	try {
		const { localStorage } = globalThis as { localStorage?: KeyValues };
		return localStorage && globalThis.navigator?.storage ? pageLedger(localStorage) : undefined;
	} catch {
		return undefined;
	}
}

function bucketLedger(buckets: Buckets): StoreLedger {
	const folder = async () => (await buckets.open("chunkwise-stores")).getDirectory();
	const file = (name: string) => encodeURIComponent(name);
	return {
		async has(name) {
			return (await folder()).getFileHandle(file(name)).then(
				() => true,
				() => false,
			);
		},
		async add(name) {
			await (await folder()).getFileHandle(file(name), { create: true });
		},
		async remove(name) {
			await (await folder()).removeEntry(file(name)).catch(() => {});
		},
	};
}

interface KeyValues {
	getItem(key: string): string | null;
	setItem(key: string, value: string): void;
	removeItem(key: string): void;
}

function pageLedger(values: KeyValues): StoreLedger {
	const key = (name: string) => `chunkwise-store:${name}`;
	return {
		has: async (name) => values.getItem(key(name)) !== null,
		add: async (name) => values.setItem(key(name), "1"),
		remove: async (name) => values.removeItem(key(name)),
	};
}
