/**
 * A file system in memory: a volume of a fixed number of blocks, folders that hold names, files that are read and
 * written at any position. Its calls behave as POSIX.1-2024 describes open, pread, pwrite, rename, unlink, mkdir and
 * rmdir, as far as they are here. A folder takes blocks as a file does, for its entries; tables of inodes are not
 * counted.
 */
import { Blocks, blockSize, type Extent } from "./storage-blocks.ts";
import type { StoredItem, VolumeView } from "./storage-model.ts";

/** Why a call failed, as POSIX names it. */
export type Errno = "ENOENT" | "ENOSPC" | "ENOTEMPTY" | "EISDIR" | "ENOTDIR" | "EEXIST" | "EBUSY" | "EBADF";

/** A call that the file system refuses. */
export class VolumeError extends Error {
	readonly errno: Errno;

	constructor(errno: Errno) {
		super(errno);
		this.errno = errno;
	}
}

interface File extends Extent {
	names?: undefined;
}

interface Folder extends Extent {
	names: Map<string, Inode>;
}

type Inode = File | Folder;

/** How a file is opened. */
export interface OpenFlags {
	create?: boolean;
	truncate?: boolean;
	append?: boolean;
}

/** Bytes that `getdents64` returns for one name: 19 of header, the name, its zero, padded to 8 (getdents(2)). */
export function entryBytes(name: string): number {
	return Math.ceil((20 + new TextEncoder().encode(name).length) / 8) * 8;
}

export class Volume {
	#blocks: Blocks;
	#root: Folder = { size: 0, blocks: [], least: 1, names: new Map() };
	readonly #open = new Map<number, { file: File; at: number; append: boolean }>();

	/** @param capacity bytes; whole blocks of it are used, and one of them for the root folder */
	constructor(capacity: number) {
		this.#blocks = new Blocks(Math.floor(capacity / blockSize));
		this.#resize(this.#root, 0);
	}

	/** Bytes that fit on the volume. */
	get capacity(): number {
		return this.#blocks.count * blockSize;
	}

	/** Bytes of all blocks that hold something. */
	get used(): number {
		return this.#blocks.used * blockSize;
	}

	/** The same volume once more, to change by itself. */
	copy(): Volume {
		const other = new Volume(blockSize);
		other.#blocks = this.#blocks.copy();
		const twin = <T extends Inode>(inode: T): T => ({
			...inode,
			blocks: [...inode.blocks],
			...(inode.names
				? { names: new Map([...inode.names].map(([name, inner]) => [name, twin(inner)])) }
				: {}),
		});
		other.#root = twin(this.#root);
		return other;
	}

	/** Every file with its size, folder by folder. */
	files(): StoredItem[] {
		const found: StoredItem[] = [];
		const walk = (folder: Folder, prefix: string) => {
			for (const [name, inner] of folder.names) {
				if (inner.names) walk(inner, `${prefix}${name}/`);
				else found.push({ key: prefix + name, size: inner.size });
			}
		};
		walk(this.#root, "");
		return found;
	}

	/** Names in a folder. @throws VolumeError ENOENT, ENOTDIR */
	readdir(path: string): { name: string; isFolder: boolean }[] {
		const folder = this.#folder(path);
		this.#blocks.touch(folder, "read");
		return [...folder.names].map(([name, inode]) => ({ name, isFolder: inode.names !== undefined }));
	}

	/** @throws VolumeError ENOENT, ENOTDIR */
	stat(path: string): { size: number; blocks: number } {
		const inode = this.#find(path);
		return { size: inode.size, blocks: inode.blocks.length };
	}

	/** @throws VolumeError ENOENT, ENOTDIR, EEXIST, ENOSPC */
	mkdir(path: string): void {
		const { parent, name } = this.#place(path);
		if (parent.names.has(name)) throw new VolumeError("EEXIST");
		const folder: Folder = { size: 0, blocks: [], least: 1, names: new Map() };
		this.#resize(folder, 0);
		try {
			this.#enter(parent, name, folder);
		} catch (error) {
			this.#giveBack(folder);
			throw error;
		}
	}

	/** A number to name the open file by: the lowest from 3 on. @throws VolumeError ENOENT, ENOTDIR, EISDIR, ENOSPC */
	open(path: string, flags: OpenFlags = {}): number {
		const { parent, name } = this.#place(path);
		let file = parent.names.get(name);
		if (!file) {
			if (!flags.create) throw new VolumeError("ENOENT");
			file = { size: 0, blocks: [], least: 0 };
			this.#enter(parent, name, file);
		}
		if (file.names) throw new VolumeError("EISDIR");
		if (flags.truncate) this.#resize(file, 0);
		let number = 3;
		while (this.#open.has(number)) number++;
		this.#open.set(number, { file, at: 0, append: flags.append ?? false });
		return number;
	}

	/** @throws VolumeError EBADF */
	close(number: number): void {
		this.#opened(number);
		this.#open.delete(number);
	}

	/** Up to `length` bytes from a position. @throws VolumeError EBADF */
	pread(number: number, length: number, at: number): Uint8Array {
		return this.#blocks.read(this.#opened(number).file, at, length);
	}

	/** Writes at a position, in place. Gives how many bytes had room. @throws VolumeError EBADF, ENOSPC where none had */
	pwrite(number: number, bytes: Uint8Array, at: number): number {
		const { file } = this.#opened(number);
		const room = (file.blocks.length + this.#blocks.free) * blockSize - at;
		const length = Math.min(bytes.length, room);
		if (length <= 0 && bytes.length > 0) throw new VolumeError("ENOSPC");
		if (at + length > file.size) this.#resize(file, at + length);
		this.#blocks.write(file, at, bytes.subarray(0, length));
		return length;
	}

	/** Writes where the last write ended, or at the end of a file opened to append. @throws VolumeError as `pwrite` */
	write(number: number, bytes: Uint8Array): number {
		const open = this.#opened(number);
		const at = open.append ? open.file.size : open.at;
		const length = this.pwrite(number, bytes, at);
		open.at = at + length;
		return length;
	}

	/** Gives a file or folder another name, at once or not at all. @throws VolumeError ENOENT, EEXIST, EBUSY, ENOSPC */
	rename(from: string, to: string): void {
		if (from === "") throw new VolumeError("EBUSY");
		const inode = this.#find(from);
		const old = this.#place(from);
		const next = this.#place(to);
		if (next.parent.names.has(next.name)) throw new VolumeError("EEXIST");
		this.#enter(next.parent, next.name, inode);
		this.#leave(old.parent, old.name);
	}

	/** @throws VolumeError ENOENT, ENOTDIR, EISDIR */
	unlink(path: string): void {
		const inode = this.#find(path);
		if (inode.names) throw new VolumeError("EISDIR");
		const { parent, name } = this.#place(path);
		this.#leave(parent, name);
		this.#giveBack(inode);
	}

	/** @throws VolumeError ENOENT, ENOTDIR, ENOTEMPTY, EBUSY */
	rmdir(path: string): void {
		const folder = this.#folder(path);
		if (folder.names.size > 0) throw new VolumeError("ENOTEMPTY");
		if (path === "") throw new VolumeError("EBUSY");
		const { parent, name } = this.#place(path);
		this.#leave(parent, name);
		this.#giveBack(folder);
	}

	/** Adds capacity, in bytes, at the end; what is there stays where it is. */
	grow(bytes: number): void {
		this.#blocks.grow(Math.floor(bytes / blockSize));
	}

	/** Forgets which blocks were touched. */
	settle(): void {
		this.#blocks.settle();
	}

	/** Which blocks hold something, and which were touched since `settle`. */
	map(): VolumeView {
		return { blockSize, ...this.#blocks.map() };
	}

	#opened(number: number) {
		const open = this.#open.get(number);
		if (!open) throw new VolumeError("EBADF");
		return open;
	}

	#find(path: string): Inode {
		let inode: Inode = this.#root;
		for (const name of path === "" ? [] : path.split("/")) {
			if (!inode.names) throw new VolumeError("ENOTDIR");
			const inner: Inode | undefined = inode.names.get(name);
			if (!inner) throw new VolumeError("ENOENT");
			inode = inner;
		}
		return inode;
	}

	#folder(path: string): Folder {
		const inode = this.#find(path);
		if (!inode.names) throw new VolumeError("ENOTDIR");
		return inode;
	}

	#place(path: string): { parent: Folder; name: string } {
		const slash = path.lastIndexOf("/");
		return { parent: this.#folder(path.slice(0, Math.max(0, slash))), name: path.slice(slash + 1) };
	}

	#enter(parent: Folder, name: string, inode: Inode): void {
		this.#resize(parent, parent.size + entryBytes(name));
		parent.names.set(name, inode);
		this.#blocks.touch(parent, "written");
	}

	#leave(parent: Folder, name: string): void {
		parent.names.delete(name);
		this.#blocks.touch(parent, "written");
		this.#resize(parent, parent.size - entryBytes(name));
	}

	#giveBack(inode: Inode): void {
		inode.least = 0;
		this.#resize(inode, 0);
	}

	#resize(inode: Inode, size: number): void {
		if (!this.#blocks.fits(inode, size)) throw new VolumeError("ENOSPC");
		this.#blocks.resize(inode, size);
	}
}
