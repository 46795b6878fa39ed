/** Taking the result elsewhere: one zip file, a folder, a bucket. */
import { ChunkwiseError, isChunkwiseError } from "../../../lib/errors.ts";
import { copyStore } from "../../../lib/stores/copy-store.ts";
import { directoryStore } from "../../../lib/stores/directory.ts";
import { opfsStore, removeOpfsStore } from "../../../lib/stores/opfs.ts";
import { s3Store } from "../../../lib/stores/s3.ts";
import { storageState } from "../../../lib/stores/storage.ts";
import { storageFull } from "../../../lib/stores/storage-errors.ts";
import type { ReadableStore } from "../../../lib/stores/store.ts";
import { writeZipTo } from "../../../lib/stores/zip-write.ts";
import type { BucketRequest, CopyProgress, KeptConversion } from "../messages.ts";
import { folderName, places } from "./places.ts";

interface Running {
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
 * @throws ChunkwiseError storage-full
 */
export async function zip(
	store: ReadableStore,
	kept: KeptConversion,
	to: FileSystemFileHandle | undefined,
	{ signal, onProgress }: Running,
): Promise<File | undefined> {
	let bytes = 0;
	const options = {
		signal,
		onProgress: ({ done, total = done }: { done: number; total?: number }) =>
			onProgress({ done, total, bytes }),
	};
	if (to) {
		await writeZipTo(
			store,
			counted(await to.createWritable(), (size) => (bytes += size)),
			options,
		);
		return undefined;
	}
	await removeOpfsStore(places.zip);
	await opfsStore(places.zip);
	const folder = await folderOf(places.zip);
	const handle = await folder.getFileHandle(zipName(kept), { create: true });
	try {
		await writeZipTo(store, await privateSink(handle, (size) => (bytes += size)), options);
	} catch (error) {
		await folder.removeEntry(handle.name).catch(() => {});
		if ((error as Error).name !== "QuotaExceededError") throw error;
		const { quota } = await storageState();
		throw storageFull(
			quota === undefined ? "the browser's storage" : `the browser's storage of ${quota} bytes`,
			(kept.report?.stored ?? 0) - bytes,
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

function counted(stream: FileSystemWritableFileStream, onBytes: (bytes: number) => void) {
	const writer = stream.getWriter();
	return new WritableStream<Uint8Array>({
		async write(piece) {
			await writer.write(piece as Uint8Array<ArrayBuffer>);
			onBytes(piece.byteLength);
		},
		close: () => writer.close(),
		abort: (reason) => writer.abort(reason),
	});
}

/** Every browser has sync access handles in workers; streams into private files not all of them have. */
async function privateSink(handle: FileSystemFileHandle, onBytes: (bytes: number) => void) {
	const file = await (
		handle as unknown as { createSyncAccessHandle(): Promise<SyncHandle> }
	).createSyncAccessHandle();
	file.truncate(0);
	let at = 0;
	return new WritableStream<Uint8Array>({
		write(piece) {
			const written = file.write(piece, { at });
			if (written !== piece.byteLength) throw new DOMException("The storage is full.", "QuotaExceededError");
			at += written;
			onBytes(written);
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

/** Keys that were put into which place, so that a broken line costs only what was on it. */
const uploaded = new Map<string, Set<string>>();

/** @throws ChunkwiseError out-exists, s3-denied, s3-no-bucket, http-unreachable with what CORS is */
export async function upload(
	store: ReadableStore,
	kept: KeptConversion,
	request: BucketRequest,
	running: Running,
): Promise<CopyProgress & { address: string }> {
	const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey, sessionToken } = request;
	const credentials = accessKeyId
		? { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
		: undefined;
	const path = [prefix.replace(/^\/+|\/+$/g, ""), folderName(kept.name)].filter(Boolean).join("/");
	const target = s3Store({
		bucket,
		prefix: path,
		...(endpoint ? { endpoint } : {}),
		...(region ? { region } : {}),
		credentials,
	});
	const base = endpoint ? endpoint.replace(/\/+$/, "") : `https://s3.${region || "us-east-1"}.amazonaws.com`;
	const address = `${base}/${bucket}/${path}`;
	const id = `${address} ${JSON.stringify(kept.file)} ${kept.report?.stored}`;
	const done = uploaded.get(id) ?? new Set<string>();
	try {
		if (done.size === 0) {
			const key = kept.choice.format === "ome-zarr-0.5" ? "/zarr.json" : "/.zgroup";
			if (await target.get(key, { signal: running.signal })) {
				throw new ChunkwiseError("out-exists", `There is an image at ${address} already.`, {
					remedy: "Choose another prefix, or remove that one first. Nothing was written.",
				});
			}
		}
		uploaded.set(id, done);
		const report = await copy(store, target, running, done);
		uploaded.delete(id);
		return { ...report, address };
	} catch (error) {
		throw explained(error, base);
	}
}

/** A browser tells neither a page nor its reader why a server did not answer; mostly it is this. */
function explained(error: unknown, base: string): unknown {
	if (!isChunkwiseError(error) || error.code !== "http-unreachable") return error;
	const here = globalThis.location?.origin ?? "this site";
	return new ChunkwiseError(
		"http-unreachable",
		`No answer that this page may see came from ${base}. Either nothing answers there, or the bucket does not allow pages of other sites to write to it (CORS); a browser does not say which.`,
		{
			remedy: `Check the address. If it is right, give the bucket a CORS rule that allows the origin ${here}, the methods GET, HEAD and PUT, all headers (AllowedHeaders “*”), and exposes ETag. What was put there is kept: press the button again to go on. Without such a rule, save a folder and copy it with the service's own tool.`,
			cause: error,
		},
	);
}

async function copy(
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
