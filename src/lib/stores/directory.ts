/** A store in a folder that the reader picks (`showDirectoryPicker()`), or in any other directory handle. */
import { DirectoryReader, isAbsence, unfinishedName } from "./directory-read.ts";
import { canMove, writeAndMove, writeInPlace } from "./replace-file.ts";
import { storageDenied } from "./storage-errors.ts";
import { keyParts, type StoreAbilities, type StoreKey, type WritableStore } from "./store.ts";
import { WriteLock } from "./write-lock.ts";

export interface WriteOptions {
	/** Values are written under another name and moved, which the private file system allows; else in place. */
	move: boolean;
	/** Name of the lock under which is written; undefined: without one. */
	lock?: string;
	/** Default the platform's. */
	locks?: LockManager;
	/** Milliseconds to wait for another tab that writes; default 5000. */
	wait?: number;
}

export class DirectoryStore extends DirectoryReader implements WritableStore {
	override readonly abilities: Partial<StoreAbilities>;
	readonly #move: boolean;
	readonly #lock?: WriteLock;
	#parts?: Promise<FileSystemDirectoryHandle>;

	constructor(root: FileSystemDirectoryHandle, name: string | undefined, options: WriteOptions) {
		super(root, name);
		this.#move = options.move;
		this.abilities = { persistent: true, atomic: options.move };
		const locks = options.locks ?? (globalThis.navigator as { locks?: LockManager } | undefined)?.locks;
		if (options.lock !== undefined && locks) {
			this.#lock = new WriteLock({
				name: options.lock,
				locks,
				wait: options.wait ?? 5000,
				begin: () => this.#sweep(),
			});
		}
	}

	/** @throws ChunkwiseError storage-full, storage-busy, storage-denied, storage-blocked, store-gone, bad-key */
	async set(key: StoreKey, value: Uint8Array): Promise<void> {
		const parts = keyParts(key);
		await this.exclusive(async () => {
			try {
				await this.#write(parts, value);
			} catch (cause) {
				// The folders that are known may have been removed by another page or store: look for them anew, once.
				if (!isAbsence(cause)) throw await this.explain(cause, key, value.byteLength);
				this.forgetFolders();
				await this.#write(parts, value).catch(async (again) => {
					throw await this.explain(again, key, value.byteLength);
				});
			}
		});
	}

	async delete(key: StoreKey): Promise<void> {
		const parts = keyParts(key);
		const name = parts.pop() as string;
		await this.exclusive(async () => {
			try {
				await (await this.folder(parts, false)).removeEntry(name);
			} catch (cause) {
				if (!isAbsence(cause)) throw await this.explain(cause, key, 0);
			}
		});
	}

	async clear(): Promise<void> {
		await this.exclusive(async () => {
			this.forgetFolders();
			try {
				const names: string[] = [];
				for await (const [name] of this.root.entries()) names.push(name);
				for (const name of names) await this.root.removeEntry(name, { recursive: true });
			} catch (cause) {
				throw await this.explain(cause, "", 0);
			}
		});
	}

	/**
	 * Runs an action while no other tab or worker writes to this store.
	 * @throws ChunkwiseError storage-busy
	 */
	exclusive<T>(action: () => Promise<T>): Promise<T> {
		return this.#lock ? this.#lock.run(action) : action();
	}

	protected override forgetFolders(): void {
		super.forgetFolders();
		this.#parts = undefined;
	}

	protected override passesOver(name: string): boolean {
		return !this.#move && super.passesOver(name);
	}

	async #write(parts: readonly string[], value: Uint8Array): Promise<void> {
		const name = parts[parts.length - 1];
		const folder = await this.folder(parts.slice(0, -1), true);
		if (!this.#move) return writeInPlace(folder, name, value);
		this.#parts ??= this.root.getDirectoryHandle(unfinishedName, { create: true });
		await writeAndMove(await this.#parts, folder, name, value);
	}

	/** Removes what a tab that was closed or crashed left half written. */
	async #sweep(): Promise<void> {
		this.#parts = undefined;
		await this.root.removeEntry(unfinishedName, { recursive: true }).catch(() => {});
	}
}

/** What may be done with a picked folder. */
export interface DirectoryOptions {
	/** Default "read". For "readwrite" the browser asks the reader, and only in answer to a click. */
	mode?: "read" | "readwrite";
	/** Milliseconds to wait for another tab that writes; default 5000. Folders that were picked have no locks. */
	wait?: number;
}

interface Permitted {
	queryPermission?(wanted: { mode: string }): Promise<string>;
	requestPermission?(wanted: { mode: string }): Promise<string>;
}

export function directoryStore(
	handle: FileSystemDirectoryHandle,
	options: DirectoryOptions & { mode: "readwrite" },
): Promise<DirectoryStore>;
export function directoryStore(
	handle: FileSystemDirectoryHandle,
	options?: DirectoryOptions,
): Promise<DirectoryReader>;
/**
 * A store in a directory handle: one that the reader picked, or one of the private file system.
 * @throws ChunkwiseError storage-denied where the reader or the browser does not allow it
 */
export async function directoryStore(
	handle: FileSystemDirectoryHandle,
	options: DirectoryOptions = {},
): Promise<DirectoryReader> {
	const mode = options.mode ?? "read";
	await permit(handle, mode);
	if (mode === "read") return new DirectoryReader(handle);
	const path = await privatePath(handle);
	return new DirectoryStore(handle, undefined, {
		move: path !== undefined && canMove(),
		lock: path === undefined ? undefined : lockName(path.join("/")),
		wait: options.wait,
	});
}

/** The lock of a folder of the private file system. */
export function lockName(path: string): string {
	return `chunkwise store ${path}`;
}

/** Where a handle lies in the private file system; undefined for one that does not. */
async function privatePath(handle: FileSystemDirectoryHandle): Promise<string[] | undefined> {
	try {
		const root = await globalThis.navigator.storage.getDirectory();
		return (await root.resolve(handle)) ?? undefined;
	} catch {
		return undefined;
	}
}

async function permit(handle: FileSystemDirectoryHandle & Permitted, mode: string): Promise<void> {
	let state = "granted";
	let reason: unknown;
	try {
		state = (await handle.queryPermission?.({ mode })) ?? "granted";
		if (state === "prompt") state = (await handle.requestPermission?.({ mode })) ?? "denied";
	} catch (cause) {
		reason = cause;
		state = "denied";
	}
	if (state === "granted") return;
	throw storageDenied(
		handle.name,
		"Pick the folder again and allow access when the browser asks; it asks only in answer to a click on the page.",
		reason,
	);
}
