/** Taking the result elsewhere: one zip file, a folder. */
import { ChunkwiseError } from "../../../lib/errors.ts";
import type { LongTask } from "../../../lib/progress.ts";
import { copyStore } from "../../../lib/stores/copy-store.ts";
import { directoryStore } from "../../../lib/stores/directory.ts";
import { opfsStore, removeOpfsStore } from "../../../lib/stores/opfs.ts";
import { storageState } from "../../../lib/stores/storage.ts";
import { storageFull } from "../../../lib/stores/storage-errors.ts";
import type { ReadableStore } from "../../../lib/stores/store.ts";
import { writeZipTo } from "../../../lib/stores/zip-write.ts";
import type { CopyProgress, KeptConversion } from "../messages.ts";
import { aloneWithZip } from "../turns.ts";
import { folderName, places } from "./places.ts";

export interface Running {
	signal: AbortSignal;
	onProgress(progress: CopyProgress): void;
}

/** The part of a sync access handle that is used. */
interface SyncHandle {
	truncate(size: number): void;
	write(bytes: Uint8Array, options: { at: number }): number;
	flush(): void;
	close(): void;
}

/** Name of the zip file. RFC-9 has `.ozx` for 0.5 alone. */
export function zipName({ name, choice }: KeptConversion): string {
	return `${name}${choice.format === "ome-zarr-0.5" ? ".ozx" : ".ome.zarr.zip"}`;
}

/**
 * Writes the zip value by value: to the place that the reader chose, or to the private files, from where the browser
 * downloads it without having it in memory.
 * @throws ChunkwiseError storage-full, own-image-busy
 */
export async function zip(
	store: ReadableStore,
	kept: KeptConversion,
	to: FileSystemFileHandle | undefined,
	running: Running,
): Promise<File | undefined> {
	if (!to) return aloneWithZip(() => privateZip(store, kept, running));
	const bytes = { written: 0 };
	await writeZipTo(store, counted(await to.createWritable(), bytes), zipOptions(running, bytes));
	return undefined;
}

/** How far a file has been written. */
interface Tally {
	written: number;
}

function zipOptions({ signal, onProgress }: Running, bytes: Tally): LongTask {
	return {
		signal,
		onProgress: ({ done, total = done }) => onProgress({ done, total, bytes: bytes.written }),
	};
}

async function privateZip(store: ReadableStore, kept: KeptConversion, running: Running): Promise<File> {
	await removeOpfsStore(places.zip);
	await opfsStore(places.zip);
	const folder = await folderOf(places.zip);
	const handle = await folder.getFileHandle(zipName(kept), { create: true });
	const bytes = { written: 0 };
	try {
		await writeZipTo(store, await privateSink(handle, bytes), zipOptions(running, bytes));
	} catch (error) {
		await folder.removeEntry(handle.name).catch(() => {});
		if ((error as Error).name !== "QuotaExceededError") throw error;
		const { quota } = await storageState();
		throw storageFull(
			quota === undefined ? "the browser's storage" : `the browser's storage of ${quota} bytes`,
			(kept.report?.stored ?? 0) - bytes.written,
			"The result itself is safe. Save it as a folder, put it into a bucket, or make room and try again.",
			error,
		);
	}
	return handle.getFile();
}

async function folderOf(path: string): Promise<FileSystemDirectoryHandle> {
	let folder = await navigator.storage.getDirectory();
	for (const part of path.split("/")) folder = await folder.getDirectoryHandle(part);
	return folder;
}

function counted(stream: FileSystemWritableFileStream, bytes: Tally) {
	const writer = stream.getWriter();
	return new WritableStream<Uint8Array>({
		async write(piece) {
			await writer.write(piece as Uint8Array<ArrayBuffer>);
			bytes.written += piece.byteLength;
		},
		close: () => writer.close(),
		abort: (reason) => writer.abort(reason),
	});
}

/** Every browser has sync access handles in workers; streams into private files not all of them have. */
async function privateSink(handle: FileSystemFileHandle, bytes: Tally) {
	const file = await (
		handle as unknown as { createSyncAccessHandle(): Promise<SyncHandle> }
	).createSyncAccessHandle();
	file.truncate(0);
	return new WritableStream<Uint8Array>({
		write(piece) {
			const written = file.write(piece, { at: bytes.written });
			if (written !== piece.byteLength) throw new DOMException("The storage is full.", "QuotaExceededError");
			bytes.written += written;
		},
		close() {
			file.flush();
			file.close();
		},
		abort() {
			file.close();
		},
	});
}

/** @throws ChunkwiseError out-exists, and what the folder throws */
export async function toFolder(
	store: ReadableStore,
	kept: KeptConversion,
	to: FileSystemDirectoryHandle,
	running: Running,
): Promise<CopyProgress> {
	const name = folderName(kept.name);
	if (await to.getDirectoryHandle(name).catch(() => undefined)) {
		throw new ChunkwiseError("out-exists", `There is a folder “${name}” already in “${to.name}”.`, {
			remedy: "Pick another folder, or remove that one first. Nothing was written.",
		});
	}
	const own = await to.getDirectoryHandle(name, { create: true });
	try {
		return await copy(store, await directoryStore(own, { mode: "readwrite" }), running);
	} catch (error) {
		// Half an image under its own name would be taken for one.
		await to.removeEntry(name, { recursive: true }).catch(() => {});
		throw error;
	}
}

/** @throws as copyStore */
export async function copy(
	source: ReadableStore,
	target: Parameters<typeof copyStore>[1],
	{ signal, onProgress }: Running,
	done = new Set<string>(),
): Promise<CopyProgress> {
	let bytes = 0;
	const report = await copyStore(source, target, {
		signal,
		done,
		onBytes: (size) => {
			bytes += size;
		},
		onProgress: ({ done: copied, total = copied }) => onProgress({ done: copied, total, bytes }),
	});
	const all = report.written + report.kept;
	return { done: all, total: all, bytes: report.bytes };
}
