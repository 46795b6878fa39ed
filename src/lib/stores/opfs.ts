/**
 * A store in the browser's origin private file system: a folder for every part of a key, a file for every value.
 * Kept until the site's data is cleared, by the reader or by a browser that needs room.
 */
import { ChunkwiseError } from "../errors.ts";
import { DirectoryStore, lockName, type WriteOptions } from "./directory.ts";
import { isAbsence, isFull } from "./directory-read.ts";
import { type StoreLedger, storeLedger } from "./storage.ts";
import { storageDenied, storageFull } from "./storage-errors.ts";
import { keyParts } from "./store.ts";

/** Where in the browser's private file system a store is, and how it waits for other writers. */
export interface OpfsOptions {
	/** Make the folder where it is absent; default true. */
	create?: boolean;
	/** The directory that holds the store's folder; default the origin's root. */
	root?: FileSystemDirectoryHandle;
	/** Milliseconds to wait while another tab or worker writes to the store; default 5000. */
	wait?: number;
	/** The platform's Web Locks by default, where `root` is the origin's. */
	locks?: LockManager;
	/** Remembers which stores there were, to tell one that the browser cleared from one that never was. */
	ledger?: StoreLedger;
}

export class OpfsStore extends DirectoryStore {
	override readonly place = "private files";
	/** The store was here before and is empty now because its data was cleared, by the browser or the reader. */
	readonly evicted: boolean;

	constructor(root: FileSystemDirectoryHandle, name: string, evicted: boolean, options: WriteOptions) {
		super(root, name, options);
		this.evicted = evicted;
	}

	override toString(): string {
		return `<OpfsStore '${this.name}' in this browser's private file system>`;
	}
}

/**
 * A store in this browser's origin private file system. A name with slashes makes nested folders.
 * @throws ChunkwiseError storage-denied where the browser has none or forbids it; where `create` is false, store-absent,
 * or store-evicted if there was such a store and its data was cleared
 */
export async function opfsStore(name: string, options: OpfsOptions = {}): Promise<OpfsStore> {
	const parts = keyParts(name);
	const path = parts.join("/");
	const own = options.root === undefined;
	const ledger = options.ledger ?? (own ? storeLedger() : undefined);
	let evicted = false;
	try {
		const root = options.root ?? (await navigator.storage.getDirectory());
		let folder = await folderOf(root, parts, false);
		if (!folder) {
			// A ledger that cannot be read says nothing; the store works without.
			evicted = (await ledger?.has(path).catch(() => false)) ?? false;
			if (options.create === false) throw absent(name, evicted);
			folder = (await folderOf(root, parts, true)) as FileSystemDirectoryHandle;
		}
		await ledger?.add(path).catch(() => {});
		return new OpfsStore(folder, name, evicted, {
			move: true,
			lock: own || options.locks ? lockName(path) : undefined,
			locks: options.locks,
			wait: options.wait,
		});
	} catch (cause) {
		throw openError(name, cause);
	}
}

/**
 * Removes a store with all that it holds. One that is not there is no error.
 * @throws ChunkwiseError storage-busy while another tab or worker writes to it, storage-denied
 */
export async function removeOpfsStore(name: string, options: OpfsOptions = {}): Promise<void> {
	const parts = keyParts(name);
	const path = parts.join("/");
	const ledger = options.ledger ?? (options.root === undefined ? storeLedger() : undefined);
	const store = await opfsStore(name, { ...options, create: false }).catch((error) => {
		if (["store-absent", "store-evicted"].includes((error as ChunkwiseError).code)) return undefined;
		throw error;
	});
	try {
		const root = options.root ?? (await navigator.storage.getDirectory());
		await store?.exclusive(async () => {
			const parent = await folderOf(root, parts.slice(0, -1), false);
			await parent?.removeEntry(parts[parts.length - 1], { recursive: true });
		});
		await ledger?.remove(path).catch(() => {});
	} catch (cause) {
		throw openError(name, cause);
	}
}

async function folderOf(
	root: FileSystemDirectoryHandle,
	parts: readonly string[],
	create: boolean,
): Promise<FileSystemDirectoryHandle | undefined> {
	let folder = root;
	try {
		for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
	} catch (cause) {
		if (!create && isAbsence(cause)) return undefined;
		throw cause;
	}
	return folder;
}

function absent(name: string, evicted: boolean): ChunkwiseError {
	const quoted = JSON.stringify(name);
	return evicted
		? new ChunkwiseError("store-evicted", `The store ${quoted} was here, and its data was cleared.`, {
				where: name,
				remedy:
					"The browser needed room, or this site's data was cleared: write it again. keepStorage() asks the browser to keep it.",
			})
		: new ChunkwiseError("store-absent", `There is no store called ${quoted}.`, {
				where: name,
				remedy: "Check the name, or leave out { create: false }.",
			});
}

function openError(name: string, cause: unknown): ChunkwiseError {
	if (cause instanceof ChunkwiseError) return cause;
	if (isFull(cause)) {
		return storageFull(name, 0, "Clear this site's data, or write to memory with memoryStore().", cause);
	}
	return storageDenied(
		name,
		"This browser or window offers no private file system: use memoryStore() instead.",
		cause,
	);
}
