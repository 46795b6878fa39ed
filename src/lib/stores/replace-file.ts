/**
 * Writing a file of the File System API so that a reader meets the old value or the new one.
 *
 * Measured in Chromium 156 (2 cores, 64 KiB, milliseconds a file, alone / eight at once): sync access handle in place
 * 6.2 / 5.6, createWritable in place 4.3 / 2.2, sync access handle on another name and move 5.0 / 3.5; from 1 MiB on
 * they cost the same. In place is torn after a crash, and createWritable leaves a new file empty until it is closed: so
 * it is another name and `move`, which replaces at once.
 */
import { ChunkwiseError } from "../errors.ts";

/** The part of a sync access handle that is used; the type is missing where the page's types are in force. */
interface SyncHandle {
	truncate(size: number): void;
	write(bytes: Uint8Array, options: { at: number }): number;
	flush(): void;
	close(): void;
}

/** With what only some browsers have. */
export type FileHandle = Omit<FileSystemFileHandle, "createSyncAccessHandle"> & {
	createSyncAccessHandle?(): Promise<SyncHandle>;
	move?(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
};

/** Whether files can be moved here: those of the origin private file system can, in today's browsers. */
export function canMove(): boolean {
	const Handle = (globalThis as { FileSystemFileHandle?: { prototype: object } }).FileSystemFileHandle;
	return Handle !== undefined && "move" in Handle.prototype;
}

/** Writes under another name in the folder `parts`, then moves. */
export async function writeAndMove(
	parts: FileSystemDirectoryHandle,
	folder: FileSystemDirectoryHandle,
	name: string,
	value: Uint8Array,
): Promise<void> {
	const own = crypto.randomUUID();
	const handle = (await parts.getFileHandle(own, { create: true })) as FileHandle;
	try {
		await held(handle, async () => {
			if (handle.createSyncAccessHandle) {
				writeSync(await handle.createSyncAccessHandle(), value);
				// Near its quota Chromium 156 says that all was written, and the closed file is shorter.
				checkFull((await handle.getFile()).size, value.byteLength);
			} else await writeStream(handle, value);
			await moveOver(handle, folder, name);
		});
	} catch (cause) {
		await parts.removeEntry(own).catch(() => {});
		throw cause;
	}
}

/** Writes in place, through a stream that replaces the file when it is closed. A new file is empty until then. */
export async function writeInPlace(
	folder: FileSystemDirectoryHandle,
	name: string,
	value: Uint8Array,
): Promise<void> {
	const before = await folder.getFileHandle(name).catch(() => undefined);
	const handle = (before ?? (await folder.getFileHandle(name, { create: true }))) as FileHandle;
	try {
		await held(handle, () => writeStream(handle, value));
	} catch (cause) {
		// Half a value is worse than none: its key would look written.
		if (!before) await folder.removeEntry(name).catch(() => {});
		throw cause;
	}
}

async function moveOver(handle: FileHandle, folder: FileSystemDirectoryHandle, name: string): Promise<void> {
	if (!handle.move) {
		throw new ChunkwiseError("storage-denied", "This browser cannot move files in its private file system.", {
			where: name,
			remedy: "Use a newer browser, or memoryStore().",
		});
	}
	try {
		await handle.move(folder, name);
	} catch (cause) {
		if ((cause as { name?: string }).name !== "InvalidModificationError") throw cause;
		// A folder stands there (this throws TypeMismatchError), or a browser that does not move over a file.
		await folder.getFileHandle(name);
		await folder.removeEntry(name);
		await handle.move(folder, name);
	}
}

const inUse = new Set<FileSystemHandle>();

/**
 * Keeps a handle from the garbage collector while something is asked of it. Chromium (seen in 156) never answers
 * `createSyncAccessHandle` on a handle that is collected meanwhile, and a write would wait for ever.
 */
async function held<T>(handle: FileHandle, action: () => Promise<T>): Promise<T> {
	inUse.add(handle);
	try {
		return await action();
	} finally {
		inUse.delete(handle);
	}
}

function writeSync(handle: SyncHandle, value: Uint8Array): void {
	try {
		handle.truncate(0);
		checkFull(handle.write(value, { at: 0 }), value.byteLength);
		handle.flush();
	} finally {
		handle.close();
	}
}

/** A full disk may end a write early instead of throwing. */
function checkFull(written: number, wanted: number): void {
	if (written === wanted) return;
	throw Object.assign(new Error(`wrote ${written} of ${wanted} bytes`), { name: "QuotaExceededError" });
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
