/**
 * The script of the worker in which a long listing goes on: it posts keys, and the handles of all files that it met end
 * with it.
 */
import { entriesOf, isAbsence, isSwapFile } from "./directory-entries.ts";
import type { FromListing, ListingRequest, ToListing } from "./listing-messages.ts";
import { type FolderEntry, walkPages } from "./walk.ts";

interface Scope {
	postMessage(message: FromListing): void;
	addEventListener(type: "message", listener: (event: { data: ToListing }) => void): void;
}

const scope = globalThis as unknown as Scope;
let room = 0;
let onRoom: () => void = () => {};

scope.addEventListener("message", ({ data }) => {
	if (data !== "more") void list(data);
	else {
		room++;
		onRoom();
	}
});
scope.postMessage({ ready: true });

async function list({ root, prefix, delimiter, rest, swapFiles, ahead }: ListingRequest): Promise<void> {
	const folders = new Map<string, FileSystemDirectoryHandle>([["", root]]);
	let looking = "";
	/** A folder that was met, or one that the prefix names. */
	async function folderAt(path: string): Promise<FileSystemDirectoryHandle> {
		let known = folders.get(path);
		if (known) return known;
		const slash = path.lastIndexOf("/");
		known = await (await folderAt(path.slice(0, Math.max(0, slash)))).getDirectoryHandle(
			path.slice(slash + 1),
		);
		folders.set(path, known);
		return known;
	}
	async function* entries(path: string): AsyncGenerator<FolderEntry> {
		looking = path;
		try {
			for await (const entry of entriesOf(
				await folderAt(path),
				path,
				(name) => !swapFiles && isSwapFile(name),
			)) {
				if (entry.folder) {
					folders.set(
						path === "" ? entry.name : `${path}/${entry.name}`,
						entry.handle as FileSystemDirectoryHandle,
					);
				}
				yield entry;
			}
		} catch (cause) {
			if (!isAbsence(cause) || path === "") throw cause;
		}
	}
	room = ahead;
	try {
		for await (const page of walkPages(entries, prefix, { delimiter }, { rest })) {
			while (room === 0) {
				await new Promise<void>((resolve) => {
					onRoom = resolve;
				});
			}
			room--;
			scope.postMessage({ page });
		}
		scope.postMessage({ end: true });
	} catch (cause) {
		const { name = "Error", message = String(cause) } = (cause ?? {}) as Partial<Error>;
		scope.postMessage({ failed: { name, message, path: looking } });
	}
}
