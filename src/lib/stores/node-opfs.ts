/**
 * The browser's own file system, for programs that run outside of one: a lesson's code then works as it is. What it
 * keeps is in the folder `opfs` of the folder that the program runs in, and nothing else is ever removed.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type FolderStore, folderStore } from "./node-folder.ts";
import { keyParts } from "./store.ts";

const place = (name: string) => join("opfs", ...keyParts(name));

/** In place of the browser's private file system: a store in the folder `opfs/NAME`. @throws ChunkwiseError for a bad name */
export async function opfsStore(name: string): Promise<FolderStore> {
	return folderStore(place(name));
}

/** Removes what {@link opfsStore} keeps under this name; nothing where there is none. */
export async function removeOpfsStore(name: string): Promise<void> {
	await rm(place(name), { recursive: true, force: true });
}
