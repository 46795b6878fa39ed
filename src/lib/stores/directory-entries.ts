/** The entries of a folder by its handle, as a store sees them. */
import type { FolderEntry } from "./walk.ts";

/** In the store's own folder: values that are being written. */
export const unfinishedName = ".chunkwise-unfinished";

/** Under such a name Chromium writes beside a file. */
export function isSwapFile(name: string): boolean {
	return name.endsWith(".crswap");
}

export interface FoundEntry extends FolderEntry {
	handle: FileSystemHandle;
}

/**
 * What is in a folder, but for names that are no keys.
 * @param path of the folder; "" for the store's own
 */
export async function* entriesOf(
	folder: FileSystemDirectoryHandle,
	path: string,
	passesOver: (name: string) => boolean,
): AsyncGenerator<FoundEntry> {
	for await (const [name, handle] of folder.entries()) {
		if ((path === "" && name === unfinishedName) || passesOver(name)) continue;
		yield { name, folder: handle.kind === "directory", handle };
	}
}

export function isAbsence(cause: unknown): boolean {
	const { name } = (cause ?? {}) as { name?: string };
	return name === "NotFoundError" || name === "TypeMismatchError";
}
