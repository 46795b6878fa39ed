/** Random access to a file on this machine, for Node. */
import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { type ByteSource, checkRange } from "../bytes.ts";
import { ChunkwiseError } from "../errors.ts";

/** A file of this computer that is open. */
export interface FileSource extends ByteSource {
	/** Gives the file back to the system; reading fails afterwards. */
	close(): Promise<void>;
}

/**
 * Opens a file for reading; close it when done.
 * @throws ChunkwiseError file-not-found, file-forbidden, file-is-folder, file-unreadable
 */
export async function fileSource(path: string): Promise<FileSource> {
	let handle: FileHandle | undefined;
	try {
		handle = await open(path, "r");
		const stats = await handle.stat();
		if (stats.isDirectory()) throw Object.assign(new Error("is a folder"), { code: "EISDIR" });
		return new NodeFileSource(path, stats.size, handle);
	} catch (error) {
		await handle?.close();
		throw openError(path, error as NodeJS.ErrnoException);
	}
}

class NodeFileSource implements FileSource {
	readonly name: string;
	readonly size: number;
	readonly #path: string;
	readonly #handle: FileHandle;

	constructor(path: string, size: number, handle: FileHandle) {
		this.name = basename(path);
		this.size = size;
		this.#path = path;
		this.#handle = handle;
	}

	async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
		signal?.throwIfAborted();
		checkRange(this, offset, length);
		const bytes = new Uint8Array(length);
		let filled = 0;
		while (filled < length) {
			const { bytesRead } = await this.#read(bytes, filled, length - filled, offset + filled);
			if (bytesRead === 0) checkRange({ name: this.name, size: offset + filled }, offset, length);
			filled += bytesRead;
		}
		signal?.throwIfAborted();
		return bytes;
	}

	async #read(bytes: Uint8Array, at: number, length: number, position: number) {
		try {
			return await this.#handle.read(bytes, at, length, position);
		} catch (cause) {
			throw new ChunkwiseError("file-unreadable", `The file cannot be read: ${(cause as Error).message}`, {
				where: this.#path,
				remedy: "Check the disk, and that the file was not closed or removed.",
				cause,
			});
		}
	}

	close(): Promise<void> {
		return this.#handle.close();
	}
}

function openError(path: string, cause: NodeJS.ErrnoException): ChunkwiseError {
	const [code, message, remedy] =
		cause.code === "ENOENT" || cause.code === "ENOTDIR"
			? ["file-not-found", "There is no such file.", "Check the path."]
			: cause.code === "EACCES" || cause.code === "EPERM"
				? ["file-forbidden", "The file may not be read.", "Check its permissions."]
				: cause.code === "EISDIR"
					? ["file-is-folder", "This is a folder, not a file.", "Give a file in it."]
					: [
							"file-unreadable",
							`The file cannot be opened: ${cause.message}`,
							"Check the path and the disk.",
						];
	return new ChunkwiseError(code, message, { where: path, remedy, cause });
}
