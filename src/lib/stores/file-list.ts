/** A store of files that the reader chose one and all: `<input type="file" webkitdirectory>`, or dropped on the page. */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatCount } from "../format.ts";
import { type ByteRange, keyParts, type ReadableStore, type StoreKey } from "./store.ts";
import { watched } from "./watch.ts";

/** Files with their keys, or files as an input element gives them. */
export type ChosenFiles = Iterable<File> | ArrayLike<File> | ReadonlyMap<string, Blob>;

export class FileListStore implements ReadableStore, Displayable {
	readonly name: string;
	readonly place = "folder";
	readonly #files: ReadonlyMap<string, Blob>;

	constructor(files: ReadonlyMap<string, Blob>, name: string) {
		this.#files = files;
		this.name = name;
		watched(this);
	}

	/** Number of values. */
	get count(): number {
		return this.#files.size;
	}

	/** @throws ChunkwiseError file-unreadable where the file was changed or moved since it was chosen, bad-key */
	async get(key: StoreKey): Promise<Uint8Array | undefined> {
		return this.#read(key, (file) => file);
	}

	async getRange(key: StoreKey, range: ByteRange): Promise<Uint8Array | undefined> {
		return this.#read(key, (file) =>
			"suffixLength" in range
				? file.slice(Math.max(0, file.size - range.suffixLength), file.size)
				: file.slice(range.offset, range.offset + range.length),
		);
	}

	async size(key: StoreKey): Promise<number | undefined> {
		return this.#files.get(keyParts(key).join("/"))?.size;
	}

	async list(prefix = ""): Promise<string[]> {
		return [...this.#files.keys()].filter((key) => key.startsWith(prefix));
	}

	toString(): string {
		return `<FileListStore '${this.name}', ${formatCount(this.count)} keys>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	async #read(key: StoreKey, part: (file: Blob) => Blob): Promise<Uint8Array | undefined> {
		const path = keyParts(key).join("/");
		const file = this.#files.get(path);
		if (!file) return undefined;
		try {
			return new Uint8Array(await part(file).arrayBuffer());
		} catch (cause) {
			throw new ChunkwiseError("file-unreadable", "The file can no longer be read.", {
				where: `${this.name}/${path}`,
				remedy: "It may have been changed, moved or removed since it was chosen: choose the folder again.",
				cause,
			});
		}
	}
}

/**
 * A read-only store of chosen files. A file's key is its path below the chosen folder (`webkitRelativePath` without
 * its first name), its own name where it has no path, or what a map says.
 */
export function fileListStore(files: ChosenFiles): FileListStore {
	if (files instanceof Map) return new FileListStore(files, "files");
	const keys = new Map<string, Blob>();
	let folder = "";
	for (const file of Array.from(files as Iterable<File> | ArrayLike<File>)) {
		const [first, ...below] = (file.webkitRelativePath || file.name).split("/");
		if (below.length > 0) folder = first;
		keys.set(below.length > 0 ? below.join("/") : first, file);
	}
	return new FileListStore(keys, folder || "files");
}
