/**
 * A store in the browser's origin private file system: a folder for every part of a key, a file for every value.
 * Kept until the site's data is cleared. In a worker files are written through sync access handles, which are faster;
 * elsewhere through `createWritable`, which is atomic. A value whose write fails is removed again.
 */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { storageBlocked, storageDenied, storageFull } from "./storage-errors.ts";
import {
	type ByteRange,
	keyOf,
	keyParts,
	normalizePath,
	type StoreKey,
	type WritableStore,
} from "./store.ts";

/** The part of a sync access handle that is used; the type is missing where the page's types are in force. */
interface SyncHandle {
	truncate(size: number): void;
	write(bytes: Uint8Array, options: { at: number }): number;
	flush(): void;
	close(): void;
}

type FileHandle = Omit<FileSystemFileHandle, "createSyncAccessHandle"> & {
	createSyncAccessHandle?(): Promise<SyncHandle>;
};

export interface OpfsOptions {
	/** Make the folder where it is absent; default true. */
	create?: boolean;
	/** The directory that holds the store's folder; default the origin's root. */
	root?: FileSystemDirectoryHandle;
}

export class OpfsStore implements WritableStore, Displayable {
	readonly name: string;
	readonly #root: FileSystemDirectoryHandle;
	/** Handles of folders already opened or made: reaching one costs milliseconds. */
	readonly #folders = new Map<string, Promise<FileSystemDirectoryHandle>>();

	constructor(root: FileSystemDirectoryHandle, name: string) {
		this.#root = root;
		this.name = name;
	}

	async get(key: StoreKey): Promise<Uint8Array | undefined> {
		const file = await this.#file(key);
		return file && new Uint8Array(await file.arrayBuffer());
	}

	async getRange(key: StoreKey, range: ByteRange): Promise<Uint8Array | undefined> {
		const file = await this.#file(key);
		if (!file) return undefined;
		const start = "suffixLength" in range ? Math.max(0, file.size - range.suffixLength) : range.offset;
		const stop = "suffixLength" in range ? file.size : range.offset + range.length;
		return new Uint8Array(await file.slice(start, stop).arrayBuffer());
	}

	async size(key: StoreKey): Promise<number | undefined> {
		return (await this.#file(key))?.size;
	}

	/** @throws ChunkwiseError storage-full, storage-busy, storage-denied, bad-key */
	async set(key: StoreKey, value: Uint8Array): Promise<void> {
		keyParts(key);
		try {
			await this.#write(key, value);
		} catch (cause) {
			// The folders that are known may have been removed by another page or store: look for them anew, once.
			if (!isAbsence(cause)) throw await this.#explain(cause, key, value.byteLength);
			this.#folders.clear();
			await this.#write(key, value).catch(async (again) => {
				throw await this.#explain(again, key, value.byteLength);
			});
		}
	}

	async #write(key: StoreKey, value: Uint8Array): Promise<void> {
		const parts = keyParts(key);
		const name = parts.pop() as string;
		const folder = await this.#folder(parts, true);
		try {
			const handle = (await folder.getFileHandle(name, { create: true })) as FileHandle;
			await held(handle, async () => {
				if (handle.createSyncAccessHandle) await writeSync(await handle.createSyncAccessHandle(), value);
				else await writeStream(handle, value);
			});
		} catch (cause) {
			// Half a value is worse than none: its key would look written.
			if (isFull(cause)) await folder.removeEntry(name).catch(() => {});
			throw cause;
		}
	}

	async delete(key: StoreKey): Promise<void> {
		const parts = keyParts(key);
		const name = parts.pop() as string;
		try {
			await (await this.#folder(parts, false)).removeEntry(name);
		} catch (cause) {
			if (!isAbsence(cause)) throw await this.#explain(cause, key, 0);
		}
	}

	async clear(): Promise<void> {
		this.#folders.clear();
		const names: string[] = [];
		for await (const [name] of this.#root.entries()) names.push(name);
		for (const name of names) {
			await this.#root.removeEntry(name, { recursive: true }).catch(async (cause) => {
				throw await this.#explain(cause, name, 0);
			});
		}
	}

	async list(prefix = ""): Promise<string[]> {
		const keys: string[] = [];
		// Start at the deepest folder that the prefix names in full.
		const inside = prefix.split("/").slice(0, -1);
		try {
			const folder = await this.#folder(inside, false);
			await collect(folder, inside.join("/"), keys);
		} catch (cause) {
			if (!isAbsence(cause)) throw await this.#explain(cause, prefix, 0);
		}
		return keys.filter((key) => key.startsWith(prefix));
	}

	async children(path = ""): Promise<string[]> {
		const names: string[] = [];
		try {
			const folder = await this.#folder(normalizePath(path).split("/").filter(Boolean), false);
			for await (const [name] of folder.entries()) names.push(name);
		} catch (cause) {
			if (!isAbsence(cause)) throw await this.#explain(cause, path, 0);
		}
		return names;
	}

	toString(): string {
		return `<OpfsStore '${this.name}' in this browser's private file system>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	async #file(key: StoreKey): Promise<File | undefined> {
		const parts = keyParts(key);
		const name = parts.pop() as string;
		try {
			const folder = await this.#folder(parts, false);
			const handle = await folder.getFileHandle(name);
			return await held(handle, () => handle.getFile());
		} catch (cause) {
			if (isAbsence(cause)) return undefined;
			throw await this.#explain(cause, key, 0);
		}
	}

	#folder(parts: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle> {
		if (parts.length === 0) return Promise.resolve(this.#root);
		const path = parts.join("/");
		const known = this.#folders.get(path);
		if (known) return known;
		const found = this.#folder(parts.slice(0, -1), create).then((parent) =>
			parent.getDirectoryHandle(parts[parts.length - 1], { create }),
		);
		this.#folders.set(path, found);
		found.catch(() => this.#folders.delete(path));
		return found;
	}

	async #explain(cause: unknown, key: string, bytes: number): Promise<ChunkwiseError> {
		if (cause instanceof ChunkwiseError) return cause;
		const where = `${this.name}${key.startsWith("/") ? key : `/${key}`}`;
		const kind = (cause as { name?: string } | undefined)?.name;
		if (isFull(cause)) {
			return storageFull(
				where,
				bytes,
				"Remove stores that you no longer need, clear this site's data, or write to memory with memoryStore().",
				cause,
			);
		}
		if (kind === "NoModificationAllowedError" || kind === "InvalidModificationError") {
			return new ChunkwiseError("storage-busy", "The file is open elsewhere.", {
				where,
				remedy: "Close other tabs that use this store, or use another name.",
				cause,
			});
		}
		if (kind === "TypeMismatchError") return storageBlocked(where, cause);
		return storageDenied(
			where,
			"Private windows and some settings forbid storage: use memoryStore() instead.",
			cause,
		);
	}
}

/**
 * A store in this browser's origin private file system. A name with slashes makes nested folders.
 * @throws ChunkwiseError storage-denied where the browser has none or forbids it, store-absent where `create` is false
 */
export async function opfsStore(name: string, options: OpfsOptions = {}): Promise<OpfsStore> {
	const create = options.create ?? true;
	const parts = keyParts(name);
	let folder = options.root;
	try {
		folder ??= await navigator.storage.getDirectory();
		for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
	} catch (cause) {
		if (!create && isAbsence(cause)) {
			throw new ChunkwiseError("store-absent", `There is no store called ${JSON.stringify(name)}.`, {
				where: name,
				remedy: "Check the name, or leave out { create: false }.",
				cause,
			});
		}
		if (isFull(cause)) {
			throw storageFull(name, 0, "Clear this site's data, or write to memory with memoryStore().", cause);
		}
		throw storageDenied(
			name,
			"This browser or window offers no private file system: use memoryStore() instead.",
			cause,
		);
	}
	return new OpfsStore(folder, name);
}

const inUse = new Set<FileSystemHandle>();

/**
 * Keeps a handle from the garbage collector while something is asked of it. Chromium (seen in 156) never answers
 * `createSyncAccessHandle` on a handle that is collected meanwhile, and a write would wait for ever.
 */
async function held<T>(handle: FileSystemHandle, action: () => Promise<T>): Promise<T> {
	inUse.add(handle);
	try {
		return await action();
	} finally {
		inUse.delete(handle);
	}
}

function isFull(cause: unknown): boolean {
	return (cause as { name?: string } | undefined)?.name === "QuotaExceededError";
}

function isAbsence(cause: unknown): boolean {
	const name = (cause as { name?: string } | undefined)?.name;
	return name === "NotFoundError" || name === "TypeMismatchError";
}

async function collect(folder: FileSystemDirectoryHandle, path: string, keys: string[]): Promise<void> {
	for await (const [name, handle] of folder.entries()) {
		const inside = keyOf(path, name).slice(1);
		if (handle.kind === "directory") await collect(handle, inside, keys);
		else keys.push(inside);
	}
}

async function writeSync(handle: SyncHandle, value: Uint8Array): Promise<void> {
	try {
		handle.truncate(0);
		const written = handle.write(value, { at: 0 });
		// A full disk may end a write early instead of throwing.
		if (written < value.byteLength) {
			throw Object.assign(new Error(`wrote ${written} of ${value.byteLength} bytes`), {
				name: "QuotaExceededError",
			});
		}
		handle.flush();
	} finally {
		handle.close();
	}
}

async function writeStream(handle: FileHandle, value: Uint8Array): Promise<void> {
	const stream = await handle.createWritable();
	try {
		await stream.write(value as Uint8Array<ArrayBuffer>);
		await stream.close();
	} catch (cause) {
		await stream.abort().catch(() => {});
		throw cause;
	}
}
