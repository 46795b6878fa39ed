/**
 * A directory handle in memory, of the File System API, for what a real browser cannot be made to do in a test: run
 * out of space at a given byte. Only what OpfsStore uses. The browser tests use the real one.
 */

export interface FakeDisk {
	root: FileSystemDirectoryHandle;
	/** Bytes of all files. */
	used(): number;
	files(): string[];
}

class Missing extends Error {
	override readonly name = "NotFoundError";
}
class Mismatch extends Error {
	override readonly name = "TypeMismatchError";
}
class Modification extends Error {
	override readonly name = "InvalidModificationError";
}
class Full extends Error {
	override readonly name = "QuotaExceededError";
}

type Entry = Folder | Leaf;

class Leaf {
	readonly kind = "file";
	bytes = new Uint8Array(0);
	createSyncAccessHandle?: () => Promise<unknown>;
	readonly disk: Disk;
	name: string;
	folder: Folder;

	constructor(disk: Disk, name: string, folder: Folder) {
		this.disk = disk;
		this.name = name;
		this.folder = folder;
		if (disk.sync) this.createSyncAccessHandle = async () => this.#handle();
	}

	async getFile() {
		return new File([this.bytes], this.name);
	}

	async createWritable() {
		let pending = this.bytes;
		return {
			write: async (value: Uint8Array) => {
				this.disk.claim(value.byteLength - this.bytes.byteLength);
				pending = Uint8Array.from(value);
			},
			close: async () => {
				this.bytes = pending as Uint8Array<ArrayBuffer>;
			},
			abort: async () => {},
		};
	}

	/** Replaces a file, not a folder, as in Chromium. */
	async move(folder: Folder, name: string) {
		if (folder.removed) throw new Missing(name);
		if (folder.inside.get(name) instanceof Folder) throw new Modification(name);
		this.folder.inside.delete(this.name);
		folder.inside.set(name, this);
		this.folder = folder;
		this.name = name;
	}

	#handle() {
		return {
			truncate: (size: number) => {
				this.disk.claim(size - this.bytes.byteLength);
				this.bytes = this.bytes.slice(0, size);
			},
			write: (value: Uint8Array, { at }: { at: number }) => {
				const room = Math.max(0, Math.min(value.byteLength, this.disk.quota - this.disk.used()));
				const next = new Uint8Array(at + room);
				next.set(this.bytes);
				next.set(value.subarray(0, room), at);
				this.bytes = next;
				this.disk.claim(0);
				return room;
			},
			flush: () => {},
			close: () => {},
		};
	}
}

class Folder {
	readonly kind = "directory";
	readonly inside = new Map<string, Entry>();
	removed = false;
	readonly disk: Disk;

	constructor(disk: Disk) {
		this.disk = disk;
	}

	async getDirectoryHandle(name: string, { create = false } = {}): Promise<Folder> {
		if (this.removed) throw new Missing(name);
		let found = this.inside.get(name);
		if (!found && create) {
			found = new Folder(this.disk);
			this.inside.set(name, found);
		}
		if (!found) throw new Missing(name);
		if (!(found instanceof Folder)) throw new Mismatch(name);
		return found;
	}

	async getFileHandle(name: string, { create = false } = {}): Promise<Leaf> {
		if (this.removed) throw new Missing(name);
		let found = this.inside.get(name);
		if (!found && create) {
			found = new Leaf(this.disk, name, this);
			this.inside.set(name, found);
		}
		if (!found) throw new Missing(name);
		if (!(found instanceof Leaf)) throw new Mismatch(name);
		return found;
	}

	async removeEntry(name: string): Promise<void> {
		const entry = this.inside.get(name);
		if (!entry) throw new Missing(name);
		this.inside.delete(name);
		if (entry instanceof Folder) entry.#remove();
	}

	/** A handle of a removed folder finds nothing any more. */
	#remove(): void {
		this.removed = true;
		for (const entry of this.inside.values()) if (entry instanceof Folder) entry.#remove();
	}

	async *entries(): AsyncGenerator<[string, Entry]> {
		if (this.removed) throw new Missing("folder");
		yield* this.inside.entries();
	}
}

class Disk {
	readonly root = new Folder(this);
	readonly quota: number;
	readonly sync: boolean;

	constructor(quota: number, sync: boolean) {
		this.quota = quota;
		this.sync = sync;
	}

	used(folder = this.root): number {
		let sum = 0;
		for (const entry of folder.inside.values()) {
			sum += entry instanceof Folder ? this.used(entry) : entry.bytes.byteLength;
		}
		return sum;
	}

	claim(more: number): void {
		if (this.used() + more > this.quota) throw new Full("quota");
	}

	files(folder = this.root, path = ""): string[] {
		return [...folder.inside].flatMap(([name, entry]) =>
			entry instanceof Folder ? this.files(entry, `${path}${name}/`) : [`${path}${name}`],
		);
	}
}

/** An empty disk with room for `quota` bytes; `sync` for one whose files have sync access handles, as in a worker. */
export function fakeDisk(quota = Number.POSITIVE_INFINITY, sync = false): FakeDisk {
	const disk = new Disk(quota, sync);
	return {
		root: disk.root as unknown as FileSystemDirectoryHandle,
		used: () => disk.used(),
		files: () => disk.files(),
	};
}
