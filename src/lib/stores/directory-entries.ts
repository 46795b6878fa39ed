/**
 * What a directory handle holds, without a handle for every file. `entries()` makes one for each, and Chromium closes
 * those of 100,000 files all at once when it collects them, which stalled a worker for 7 to 9 s. `keys()` gives names
 * alone; whether one is a folder is asked by opening it as one, which a file refuses, leaving no handle behind.
 */

export interface DirectoryEntry {
	name: string;
	/** Of a folder; undefined for a file. */
	folder?: FileSystemDirectoryHandle;
}

/** Names asked about at the same time: an answer takes milliseconds, most of them waiting. */
const atOnce = 200;

/**
 * The files and folders in a directory whose names are wanted. What is removed meanwhile is left out.
 * @throws what the directory's `keys()` and `entries()` throw
 */
export async function* directoryEntries(
	directory: FileSystemDirectoryHandle,
	wanted: (name: string) => boolean,
): AsyncGenerator<DirectoryEntry> {
	let names: string[] = [];
	for await (const name of directory.keys()) {
		if (!wanted(name)) continue;
		names.push(name);
		if (names.length < atOnce) continue;
		yield* await entriesOf(directory, names);
		names = [];
	}
	if (names.length > 0) yield* await entriesOf(directory, names);
}

async function entriesOf(
	directory: FileSystemDirectoryHandle,
	names: readonly string[],
): Promise<DirectoryEntry[]> {
	const unknown = new Set<string>();
	const found = await Promise.all(
		names.map(async (name): Promise<DirectoryEntry | undefined> => {
			try {
				return { name, folder: await directory.getDirectoryHandle(name) };
			} catch (cause) {
				const { name: kind } = cause as { name?: string };
				if (kind === "TypeMismatchError") return { name };
				// Names that a browser lists and does not open (of a folder that was picked) are told apart by the listing.
				if (kind !== "NotFoundError") unknown.add(name);
				return undefined;
			}
		}),
	);
	const entries = found.filter((entry) => entry !== undefined);
	if (unknown.size === 0) return entries;
	for await (const [name, handle] of directory.entries()) {
		if (!unknown.has(name)) continue;
		entries.push(
			handle.kind === "directory" ? { name, folder: handle as FileSystemDirectoryHandle } : { name },
		);
	}
	return entries;
}
