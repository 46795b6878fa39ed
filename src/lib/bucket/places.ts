/**
 * Where buckets are kept. In a browser: objects in the private file system (OPFS), which any code of the site can open
 * as `opfsStore("chunkwise-bucket/NAME")`, and records in IndexedDB. A page's kernel and a service worker see the same
 * ones, and they outlive both.
 */
import { memoryStore } from "../stores/memory.ts";
import { opfsStore } from "../stores/opfs.ts";
import { unwatched } from "../stores/watch.ts";
import type { BucketPlace, BucketPlaces } from "./home.ts";
import { IndexedDbStore, openDatabase } from "./indexed-db-store.ts";
import type { Exclusive } from "./objects.ts";

const folderName = "chunkwise-bucket";

/**
 * Buckets in this browser.
 * @throws ChunkwiseError storage-denied where the browser has no such storage or forbids it
 */
export async function browserPlaces(): Promise<BucketPlaces> {
	// Fails here, and not at the first object, where storage is forbidden.
	await opfsStore(folderName);
	const database = await openDatabase(folderName);
	const folder = async () =>
		(await navigator.storage.getDirectory()).getDirectoryHandle(folderName, { create: true });
	const exists = async (name: string) => {
		try {
			await (await folder()).getDirectoryHandle(name);
			return true;
		} catch {
			return false;
		}
	};
	return {
		names: async () => {
			const names: string[] = [];
			for await (const [name, handle] of (await folder()).entries()) {
				if (handle.kind === "directory") names.push(name);
			}
			return names;
		},
		open: async (name, create) => {
			if (!create && !(await exists(name))) return undefined;
			// Whoever asks the bucket tells of it.
			const store = unwatched(await opfsStore(`${folderName}/${name}`));
			return { store, records: new IndexedDbStore(database, name) };
		},
		remove: async (name) => {
			await new IndexedDbStore(database, name).clear();
			await (await folder()).removeEntry(name, { recursive: true });
		},
	};
}

/** Buckets that are gone with whoever made them. */
export function memoryPlaces(): BucketPlaces {
	const places = new Map<string, BucketPlace>();
	return {
		names: async () => [...places.keys()],
		open: async (name, create) => {
			if (create) places.set(name, { store: unwatched(memoryStore()), records: unwatched(memoryStore()) });
			return places.get(name);
		},
		remove: async (name) => void places.delete(name),
	};
}

/** One task at a time among all pages and workers of this site; undefined where the browser has no locks. */
export function browserLocks(): Exclusive | undefined {
	if (typeof navigator === "undefined" || !navigator.locks) return undefined;
	return async (name, task) => {
		let result: Awaited<ReturnType<typeof task>> | undefined;
		await navigator.locks.request(`${folderName}/${name}`, async () => {
			result = await task();
		});
		return result as Awaited<ReturnType<typeof task>>;
	};
}
