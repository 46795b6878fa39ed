/**
 * Reading a store from a directory handle of the File System API: a folder for every part of a key, a file for every
 * value. The browser's private file system and the folders that a reader picks are both such handles.
 */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatBytes } from "../format.ts";
import { entriesOf, isAbsence, isSwapFile } from "./directory-entries.ts";
import { listElsewhere } from "./list-elsewhere.ts";
import { storageState } from "./storage.ts";
import { storageBlocked, storageDenied, storageFull } from "./storage-errors.ts";
import {
	type ByteRange,
	keyParts,
	type ListOptions,
	type ListPage,
	normalizePath,
	type ReadableStore,
	type StoreAbilities,
	type StoreKey,
	type StoreOptions,
	type StorePlace,
} from "./store.ts";
import { type FolderEntry, keysOf, namesOf, type RestOfWalk, type WalkElsewhere, walkPages } from "./walk.ts";
import { watched } from "./watch.ts";

export { isAbsence, unfinishedName } from "./directory-entries.ts";

/** A listing that meets more entries goes on in a worker of its own; that of a store that had such a one does so sooner. */
const longListing = 5000;
const longAgain = 500;

/** Milliseconds in which a value's absence is believed without looking whether the store is still there. */
const believed = 100;

export class DirectoryReader implements ReadableStore, Displayable {
	readonly name: string;
	readonly abilities: Partial<StoreAbilities> = { persistent: true };
	readonly place: StorePlace = "folder";
	protected readonly root: FileSystemDirectoryHandle;
	/** Handles of folders already opened or made: reaching one costs milliseconds. */
	readonly #folders = new Map<string, Promise<FileSystemDirectoryHandle>>();
	#listedLong = false;
	#looked = Number.NEGATIVE_INFINITY;

	constructor(root: FileSystemDirectoryHandle, name: string = root.name) {
		this.root = root;
		this.name = name;
		watched(this);
	}

	/** @throws ChunkwiseError store-gone, storage-denied, bad-key */
	async get(key: StoreKey, options?: StoreOptions): Promise<Uint8Array | undefined> {
		return this.#read(key, (file) => file, options);
	}

	async getRange(key: StoreKey, range: ByteRange, options?: StoreOptions): Promise<Uint8Array | undefined> {
		return this.#read(
			key,
			(file) =>
				"suffixLength" in range
					? file.slice(Math.max(0, file.size - range.suffixLength), file.size)
					: file.slice(range.offset, range.offset + range.length),
			options,
		);
	}

	async size(key: StoreKey): Promise<number | undefined> {
		return (await this.#file(key))?.size;
	}

	/** @throws ChunkwiseError store-gone where the store itself was removed */
	pages(prefix = "", options?: ListOptions): AsyncGenerator<ListPage> {
		this.forgetFolders();
		return walkPages((path) => this.#entries(path), prefix, options, {
			handOver: {
				after: this.#listedLong ? longAgain : longListing,
				to: (rest) => this.#listElsewhere(rest, prefix, options),
			},
		});
	}

	list(prefix = "", options?: StoreOptions): Promise<string[]> {
		return keysOf(this.pages(prefix, options));
	}

	async children(path = "", options?: StoreOptions): Promise<string[]> {
		const at = normalizePath(path);
		const start = at === "" ? "" : `${at}/`;
		return namesOf(this.pages(start, { ...options, delimiter: "/" }), start);
	}

	toString(): string {
		return `<${this.constructor.name} '${this.name}'>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	async #read(
		key: StoreKey,
		part: (file: File) => Blob,
		options?: StoreOptions,
	): Promise<Uint8Array | undefined> {
		for (let attempt = 1; ; attempt++) {
			options?.signal?.throwIfAborted();
			const file = await this.#file(key);
			if (!file) return undefined;
			try {
				return new Uint8Array(await part(file).arrayBuffer());
			} catch (cause) {
				// The value was replaced after the file was opened: there is a new file to open.
				if (attempt === 5) throw await this.explain(cause, key, 0);
			}
		}
	}

	async #file(key: StoreKey): Promise<File | undefined> {
		const parts = keyParts(key);
		const find = async () => {
			const folder = await this.folder(parts.slice(0, -1), false);
			return (await folder.getFileHandle(parts[parts.length - 1])).getFile();
		};
		try {
			return await find();
		} catch (cause) {
			if (!isAbsence(cause)) throw await this.explain(cause, key, 0);
		}
		if (performance.now() - this.#looked < believed) return undefined;
		await this.#checkThere();
		this.#looked = performance.now();
		try {
			// Folders that are known may have been removed and made again by others.
			this.forgetFolders();
			return await find();
		} catch (cause) {
			if (isAbsence(cause)) return undefined;
			throw await this.explain(cause, key, 0);
		}
	}

	/**
	 * Without this an image whose storage was cleared would read as zeros: absent chunks are fill values.
	 * @throws ChunkwiseError store-gone
	 */
	async #checkThere(): Promise<void> {
		try {
			const entries = this.root.entries();
			await entries.next();
			await entries.return?.(undefined);
		} catch (cause) {
			throw await this.explain(cause, "", 0);
		}
	}

	async *#entries(path: string): AsyncGenerator<FolderEntry> {
		try {
			const folder = await this.folder(path === "" ? [] : path.split("/"), false);
			for await (const entry of entriesOf(folder, path, (name) => this.passesOver(name))) {
				const { name, handle } = entry;
				if (entry.folder) {
					const found = Promise.resolve(handle as FileSystemDirectoryHandle);
					this.#folders.set(path === "" ? name : `${path}/${name}`, found);
				}
				yield entry;
			}
		} catch (cause) {
			if (!isAbsence(cause) || path === "") throw await this.explain(cause, path, 0);
		}
	}

	#listElsewhere(
		rest: RestOfWalk,
		prefix: string,
		{ delimiter, signal }: ListOptions = {},
	): Promise<WalkElsewhere | undefined> {
		this.#listedLong = true;
		const swapFiles = !this.passesOver(".crswap");
		return listElsewhere(
			{ root: this.root, prefix, delimiter, rest, swapFiles },
			(cause, path) => this.explain(cause, path, 0),
			signal,
		);
	}

	/** Names that are no keys. */
	protected passesOver(name: string): boolean {
		return isSwapFile(name);
	}

	protected folder(parts: readonly string[], create: boolean): Promise<FileSystemDirectoryHandle> {
		if (parts.length === 0) return Promise.resolve(this.root);
		const path = parts.join("/");
		const known = this.#folders.get(path);
		if (known) return known;
		const found = this.folder(parts.slice(0, -1), create).then((parent) =>
			parent.getDirectoryHandle(parts[parts.length - 1], { create }),
		);
		this.#folders.set(path, found);
		found.catch(() => this.#folders.delete(path));
		return found;
	}

	protected forgetFolders(): void {
		this.#folders.clear();
	}

	protected async explain(cause: unknown, key: string, bytes: number): Promise<ChunkwiseError> {
		if (cause instanceof ChunkwiseError) return cause;
		const where = key === "" ? this.name : `${this.name}${key.startsWith("/") ? key : `/${key}`}`;
		const kind = nameOf(cause);
		if (isFull(cause)) return storageFull(where, bytes, await roomLeft(), cause);
		if (kind === "NoModificationAllowedError" || kind === "InvalidModificationError") {
			return new ChunkwiseError("storage-busy", "The file is open elsewhere.", {
				where,
				remedy: "Close other tabs that use this store, or use another name.",
				cause,
			});
		}
		if (kind === "TypeMismatchError") return storageBlocked(where, cause);
		if (kind === "NotFoundError") {
			return new ChunkwiseError("store-gone", "This store is no longer there.", {
				where: this.name,
				remedy:
					"Another tab removed it, or the browser cleared this site's data to make room: open and fill it again. keepStorage() asks the browser to keep it.",
				cause,
			});
		}
		return storageDenied(
			where,
			"Allow access to the folder where the browser asks for it. Private windows and some settings forbid storage: use memoryStore() instead.",
			cause,
		);
	}
}

function nameOf(cause: unknown): string | undefined {
	return (cause as { name?: string } | undefined)?.name;
}

export function isFull(cause: unknown): boolean {
	return nameOf(cause) === "QuotaExceededError";
}

async function roomLeft(): Promise<string> {
	const { used, quota } = await storageState();
	const numbers =
		used === undefined || quota === undefined
			? ""
			: ` This site uses ${formatBytes(used)} of ${formatBytes(quota)}.`;
	return `Remove stores that you no longer need, clear this site's data, or write to memory with memoryStore().${numbers}`;
}
