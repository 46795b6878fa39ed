/** A store in a folder of this computer, for Node: a folder for every part of a key, a file for every value. */
import { randomUUID } from "node:crypto";
import { constants, type Dirent } from "node:fs";
import { mkdir, open, opendir, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { storageBlocked, storageDenied, storageFull } from "./storage-errors.ts";
import {
	type ByteRange,
	keyParts,
	type ListOptions,
	type ListPage,
	normalizePath,
	type StoreKey,
	type StoreOptions,
	type WritableStore,
} from "./store.ts";
import { type FolderEntry, keysOf, namesOf, walkPages } from "./walk.ts";

/** A file that is being written; it gets its own name when it is whole. */
const unfinished = /^\.cw-[0-9a-f-]+\.part$/;
/** Does not wait where the file is a pipe or device; regular files are read as ever. */
const readOnly = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** Entries that are asked of the system at a time. */
const bufferSize = 512;

/**
 * Links are followed when reading, so that a store may be put together from several disks. What is written, removed
 * or cleared stays inside: a folder that a link puts outside the store is refused.
 */
export class FolderStore implements WritableStore, Displayable {
	readonly path: string;
	readonly abilities = { atomic: true, persistent: true };
	/** Folders that are there and inside. */
	readonly #made = new Set<string>();

	constructor(path: string) {
		this.path = resolve(path);
	}

	async get(key: StoreKey): Promise<Uint8Array | undefined> {
		return this.#read(key, (size) => [0, size]);
	}

	async getRange(key: StoreKey, range: ByteRange): Promise<Uint8Array | undefined> {
		return this.#read(key, (size) =>
			"suffixLength" in range
				? [Math.max(0, size - range.suffixLength), size]
				: [range.offset, Math.min(size, range.offset + range.length)],
		);
	}

	async size(key: StoreKey): Promise<number | undefined> {
		return this.#absentAsUndefined(key, async (path) => {
			const found = await stat(path);
			return found.isFile() ? found.size : undefined;
		});
	}

	/**
	 * Written beside its place and renamed when whole.
	 * @throws ChunkwiseError storage-full, storage-denied, storage-blocked, storage-outside, bad-key
	 */
	async set(key: StoreKey, value: Uint8Array): Promise<void> {
		const parts = this.#parts(key);
		const name = parts.pop() as string;
		const folder = join(this.path, ...parts);
		const file = join(folder, name);
		try {
			await this.#make(folder);
			await this.#replace(folder, file, value).catch(async (cause) => {
				// The folder may have been removed by another program since it was made.
				if (codeOf(cause) !== "ENOENT") throw cause;
				this.#made.clear();
				await this.#make(folder);
				await this.#replace(folder, file, value);
			});
		} catch (cause) {
			throw this.#explain(cause, file, value.byteLength);
		}
	}

	async delete(key: StoreKey): Promise<void> {
		const parts = this.#parts(key);
		const file = join(this.path, ...parts);
		try {
			await this.#checkInside(join(this.path, ...parts.slice(0, -1)));
			await rm(file, { force: true });
		} catch (cause) {
			if (!isAbsence(cause)) throw this.#explain(cause, file, 0);
		}
	}

	/** Removes what is in the folder; of links the links, not what they lead to. */
	async clear(): Promise<void> {
		this.#made.clear();
		try {
			for (const name of await readdir(this.path)) {
				await rm(join(this.path, name), { recursive: true, force: true });
			}
		} catch (cause) {
			if (codeOf(cause) !== "ENOENT") throw this.#explain(cause, this.path, 0);
		}
	}

	/** @throws ChunkwiseError storage-blocked where the store's own path is a file */
	pages(prefix = "", options?: ListOptions): AsyncGenerator<ListPage> {
		return walkPages((path) => this.#entries(path), prefix, options);
	}

	list(prefix = "", options?: StoreOptions): Promise<string[]> {
		return keysOf(this.pages(prefix, { signal: options?.signal }));
	}

	async children(path = "", options?: StoreOptions): Promise<string[]> {
		const at = normalizePath(path);
		if (at !== "") keyParts(at);
		const start = at === "" ? "" : `${at}/`;
		return namesOf(this.pages(start, { signal: options?.signal, delimiter: "/" }), start);
	}

	toString(): string {
		return `<FolderStore ${this.path}>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	/** On Windows a backslash or a drive's colon in a name would lead elsewhere. */
	#parts(key: string): string[] {
		const parts = keyParts(key);
		if (sep === "\\" && parts.some((part) => /[\\:]/.test(part))) {
			throw new ChunkwiseError("bad-key", `${JSON.stringify(key)} has a mark that no file name may have.`, {
				where: key,
				remedy: "Leave out backslashes and colons in names.",
			});
		}
		return parts;
	}

	/** Makes a folder, from the root down, so that none is made behind a link that leads out. */
	async #make(folder: string): Promise<void> {
		if (this.#made.has(folder)) return;
		if (folder === this.path) await mkdir(folder, { recursive: true });
		else {
			await this.#make(dirname(folder));
			await mkdir(folder).catch((cause) => {
				if (codeOf(cause) !== "EEXIST") throw cause;
			});
		}
		await this.#checkInside(folder);
		this.#made.add(folder);
	}

	/**
	 * Removes the half-written files that a killed process left. They are hidden from reading and listing, but they are
	 * in the folder: call this before a folder is handed on, and only while nobody else writes into it.
	 */
	async removeUnfinished(): Promise<void> {
		const visit = async (folder: string): Promise<void> => {
			const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
				if (codeOf(cause) === "ENOENT") return [];
				throw cause;
			});
			for (const entry of entries) {
				const at = join(folder, entry.name);
				if (entry.isDirectory()) await visit(at);
				else if (unfinished.test(entry.name)) await rm(at, { force: true });
			}
		};
		await visit(this.path);
	}

	async #replace(folder: string, file: string, value: Uint8Array): Promise<void> {
		const part = join(folder, `.cw-${randomUUID()}.part`);
		try {
			await writeFile(part, value);
			await rename(part, file);
		} catch (cause) {
			await rm(part, { force: true }).catch(() => {});
			throw cause;
		}
	}

	/** @throws ChunkwiseError storage-outside where links put a folder outside the store */
	async #checkInside(folder: string): Promise<void> {
		if (this.#made.has(folder)) return;
		const [root, real] = await Promise.all([realpath(this.path), realpath(folder)]);
		if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return;
		throw new ChunkwiseError("storage-outside", "A link leads out of the store's folder to this place.", {
			where: real,
			remedy: "Remove the link, or open the folder that it leads to as a store of its own.",
		});
	}

	/** The entries of a folder of the store. Links count as what they lead to; a link that leads round is left out. */
	async *#entries(path: string): AsyncGenerator<FolderEntry> {
		const folder = path === "" ? this.path : join(this.path, ...this.#parts(path));
		try {
			for await (const entry of await opendir(folder, { bufferSize })) {
				if (unfinished.test(entry.name)) continue;
				const kind = entry.isSymbolicLink() ? await this.#linked(folder, entry) : entry;
				if (kind?.isDirectory()) yield { name: entry.name, folder: true };
				else if (kind?.isFile()) yield { name: entry.name, folder: false };
			}
		} catch (cause) {
			if (codeOf(cause) === "ENOENT" || (isAbsence(cause) && path !== "")) return;
			throw this.#explain(cause, folder, 0);
		}
	}

	async #linked(folder: string, entry: Dirent) {
		const path = join(folder, entry.name);
		try {
			const found = await stat(path);
			if (!found.isDirectory()) return found;
			// A folder that contains the link, or is reached through itself, would be listed without end.
			const [target, from] = await Promise.all([realpath(path), realpath(folder)]);
			return from === target || from.startsWith(target + sep) ? undefined : found;
		} catch {
			return undefined;
		}
	}

	/** Bytes of a file from and to where `part` says; undefined where there is no file. */
	#read(
		key: StoreKey,
		part: (size: number) => [start: number, stop: number],
	): Promise<Uint8Array | undefined> {
		return this.#absentAsUndefined(key, async (path) => {
			const file = await open(path, readOnly);
			try {
				const found = await file.stat();
				if (!found.isFile()) return undefined;
				const [start, stop] = part(found.size);
				const bytes = new Uint8Array(Math.max(0, stop - start));
				let done = 0;
				while (done < bytes.length) {
					const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
					if (bytesRead === 0) break;
					done += bytesRead;
				}
				return done === bytes.length ? bytes : bytes.subarray(0, done);
			} finally {
				await file.close();
			}
		});
	}

	async #absentAsUndefined<T>(key: StoreKey, use: (file: string) => Promise<T>): Promise<T | undefined> {
		const file = join(this.path, ...this.#parts(key));
		try {
			return await use(file);
		} catch (cause) {
			if (isAbsence(cause)) return undefined;
			throw this.#explain(cause, file, 0);
		}
	}

	#explain(cause: unknown, where: string, bytes: number): Error {
		const code = codeOf(cause);
		if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
			return storageFull(
				where,
				bytes,
				"Free space on this disk, or write to a folder on another one.",
				cause,
			);
		}
		if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
			return storageDenied(where, "Choose a folder that you may read, and write to where needed.", cause);
		}
		if (code === "ENOTDIR" || code === "EISDIR" || code === "EEXIST") {
			return storageBlocked(where, cause);
		}
		return cause instanceof Error ? cause : new Error(String(cause));
	}
}

/** A store in a folder; the folder is made when something is written. */
export function folderStore(path: string): FolderStore {
	return new FolderStore(path);
}

function codeOf(cause: unknown): string | undefined {
	return (cause as { code?: string } | undefined)?.code;
}

/** No file of this name: nothing there, a file in place of a folder, a folder in place of a file, a socket. */
function isAbsence(cause: unknown): boolean {
	return ["ENOENT", "ENOTDIR", "EISDIR", "ENXIO", "ENAMETOOLONG", "ELOOP"].includes(codeOf(cause) ?? "");
}
