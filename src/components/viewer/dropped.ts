/** What a reader dropped on a viewer: a folder, or a file. */
import type { ViewerInput } from "./messages.ts";

/** Files of a folder that are looked at where a browser has no handles of folders: each costs a call. */
const mostFiles = 200_000;

/** Undefined where it is neither, such as text. Reads the data at once, as it is gone after the event. */
export async function dropped(data: DataTransfer | null): Promise<ViewerInput | undefined> {
	const [item] = data?.items ?? [];
	const file = item?.getAsFile();
	const entry = item?.webkitGetAsEntry();
	const handle = await handleOf(item);
	if (handle?.kind === "directory") return { kind: "folder", handle: handle as FileSystemDirectoryHandle };
	// Firefox and Safari give entries alone, which do not cross to a worker: their files do.
	if (entry?.isDirectory) return filesIn(entry as FileSystemDirectoryEntry);
	return file ? { kind: "files", files: [file] } : undefined;
}

async function handleOf(item: DataTransferItem | undefined): Promise<FileSystemHandle | null | undefined> {
	const given = item as { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> } | undefined;
	// Refused for what is no file of the disk, and where a policy forbids it.
	return given?.getAsFileSystemHandle?.().catch(() => undefined);
}

async function filesIn(folder: FileSystemDirectoryEntry): Promise<ViewerInput> {
	const found: { key: string; file: File }[] = [];
	const below = [folder];
	for (let next = below.pop(); next !== undefined && found.length < mostFiles; next = below.pop()) {
		const reader = next.createReader();
		for (;;) {
			// A part of the entries at a time, until there is none.
			const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
				reader.readEntries(resolve, reject),
			);
			if (entries.length === 0) break;
			below.push(...entries.filter((entry): entry is FileSystemDirectoryEntry => entry.isDirectory));
			const files = entries.filter((entry): entry is FileSystemFileEntry => entry.isFile);
			found.push(
				...(await Promise.all(
					files.map(async (entry) => ({
						key: entry.fullPath.slice(folder.fullPath.length + 1),
						file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)),
					})),
				)),
			);
		}
	}
	return { kind: "files", files: found.map(({ file }) => file), keys: found.map(({ key }) => key) };
}
