/** A store in a folder of this computer, for Node: a folder for every part of a key, a file for every value. */
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { storageBlocked, storageDenied, storageFull } from "./storage-errors.ts";
import { type ByteRange, keyParts, normalizePath, type StoreKey, type WritableStore } from "./store.ts";

/** Marks a file that is being written; it gets its own name when it is whole. */
const unfinished = /\.\d+\.part$/;
let serial = 0;

export class FolderStore implements WritableStore, Displayable {
	readonly path: string;
	readonly #made = new Set<string>();

	constructor(path: string) {
		this.path = resolve(path);
	}

	async get(key: StoreKey): Promise<Uint8Array | undefined> {
		return this.#absentAsUndefined(key, async (file) => {
			const bytes = await readFile(file);
			return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		});
	}

	async getRange(key: StoreKey, range: ByteRange): Promise<Uint8Array | undefined> {
		return this.#absentAsUndefined(key, async (path) => {
			const file = await open(path, "r");
			try {
				const { size } = await file.stat();
				const start = "suffixLength" in range ? Math.max(0, size - range.suffixLength) : range.offset;
				const stop = "suffixLength" in range ? size : Math.min(size, range.offset + range.length);
				const bytes = new Uint8Array(Math.max(0, stop - start));
				let done = 0;
				while (done < bytes.length) {
					const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
					if (bytesRead === 0) break;
					done += bytesRead;
				}
				return bytes.subarray(0, done);
			} finally {
				await file.close();
			}
		});
	}

	async size(key: StoreKey): Promise<number | undefined> {
		return this.#absentAsUndefined(key, async (path) => {
			const found = await stat(path);
			return found.isFile() ? found.size : undefined;
		});
	}

	/** Written beside its place and renamed when whole. @throws ChunkwiseError storage-full, storage-denied, bad-key */
	async set(key: StoreKey, value: Uint8Array): Promise<void> {
		const parts = keyParts(key);
		const folder = join(this.path, ...parts.slice(0, -1));
		const file = join(this.path, ...parts);
		const part = `${file}.${process.pid}${serial++}.part`;
		try {
			if (!this.#made.has(folder)) {
				await mkdir(folder, { recursive: true });
				this.#made.add(folder);
			}
			await writeFile(part, value);
			await rename(part, file);
		} catch (cause) {
			await rm(part, { force: true }).catch(() => {});
			throw this.#explain(cause, file, value.byteLength);
		}
	}

	async delete(key: StoreKey): Promise<void> {
		const file = join(this.path, ...keyParts(key));
		await rm(file, { force: true }).catch((cause) => {
			throw this.#explain(cause, file, 0);
		});
	}

	async clear(): Promise<void> {
		this.#made.clear();
		for (const name of await this.children()) {
			const inside = join(this.path, name);
			await rm(inside, { recursive: true, force: true }).catch((cause) => {
				throw this.#explain(cause, inside, 0);
			});
		}
	}

	async list(prefix = ""): Promise<string[]> {
		const inside = prefix.split("/").slice(0, -1).filter(Boolean).join("/");
		const keys: string[] = [];
		await this.#collect(inside, keys);
		return keys.filter((key) => key.startsWith(prefix));
	}

	async children(path = ""): Promise<string[]> {
		const names = await this.#entries(normalizePath(path));
		return names.map((entry) => entry.name);
	}

	toString(): string {
		return `<FolderStore ${this.path}>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	async #entries(path: string) {
		const folder = path === "" ? this.path : join(this.path, ...keyParts(path));
		try {
			const entries = await readdir(folder, { withFileTypes: true });
			return entries.filter((entry) => !unfinished.test(entry.name));
		} catch (cause) {
			if (isAbsence(cause)) return [];
			throw this.#explain(cause, folder, 0);
		}
	}

	async #collect(path: string, keys: string[]): Promise<void> {
		for (const entry of await this.#entries(path)) {
			const key = path === "" ? entry.name : `${path}/${entry.name}`;
			// A link may point at a folder: look at what it points to.
			const isFolder =
				entry.isDirectory() ||
				(entry.isSymbolicLink() && (await stat(join(this.path, key)).catch(() => undefined))?.isDirectory());
			if (isFolder) await this.#collect(key, keys);
			else keys.push(key);
		}
	}

	async #absentAsUndefined<T>(key: StoreKey, use: (file: string) => Promise<T>): Promise<T | undefined> {
		const file = join(this.path, ...keyParts(key));
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
			return storageDenied(where, "Choose a folder that you may write to.", cause);
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

function isAbsence(cause: unknown): boolean {
	return ["ENOENT", "ENOTDIR", "EISDIR"].includes(codeOf(cause) ?? "");
}
