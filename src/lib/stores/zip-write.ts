/**
 * A store's values as one zip file, in the way that RFC-9 of OME-NGFF ("zipped OME-Zarr", `.ozx`) recommends: ZIP64,
 * entries without compression, no entries for folders, the root's metadata first, then other metadata level by level
 * (breadth first), then everything else. The comment names the OME-Zarr version.
 */
import { ChunkwiseError, throwIfAborted } from "../errors.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { compareKeys, listKeys } from "./list.ts";
import { isMetadataKey } from "./metadata-keys.ts";
import { sourceChanged } from "./source-changed.ts";
import type { ReadableStore } from "./store.ts";
import { turns } from "./turn.ts";
import { ZipEncoder } from "./zip-encoder.ts";

export interface ZipWriteOptions extends LongTask {
	/** Only keys below this path, which becomes the root of the zip; default the whole store. */
	path?: string;
	/** Time written to every entry; default 1980-01-01, so that equal stores give equal zips. */
	modified?: Date;
}

/** What a zip file came to. */
export interface ZipReport {
	/** Values written. */
	entries: number;
	/** Size of the zip file. */
	bytes: number;
	/** The OME-Zarr version in the comment; undefined where the root's zarr.json names none and there is no comment. */
	omeVersion?: string;
}

/**
 * Makes a zip file of a store, in memory or where the browser keeps Blobs.
 * @throws ChunkwiseError cannot-list, zip-empty, source-changed, and as the store
 */
export async function writeZip(store: ReadableStore, options: ZipWriteOptions = {}): Promise<Blob> {
	const parts: Blob[] = [];
	let pending: Uint8Array[] = [];
	let held = 0;
	const flush = () => {
		parts.push(new Blob(pending as Uint8Array<ArrayBuffer>[]));
		pending = [];
		held = 0;
	};
	const sink = new WritableStream<Uint8Array>({
		write(piece) {
			pending.push(piece);
			held += piece.byteLength;
			// A Blob may go to disk, an array may not.
			if (held > 8 << 20) flush();
		},
		close: flush,
	});
	await writeZipTo(store, sink, options);
	return new Blob(parts, { type: "application/zip" });
}

/**
 * Writes a store as a zip file to a stream, one value in memory at a time; the stream is closed at the end, and
 * aborted where something fails.
 * @throws ChunkwiseError cannot-list, zip-empty, source-changed, and as the store and the stream
 */
export async function writeZipTo(
	store: ReadableStore,
	sink: WritableStream<Uint8Array>,
	options: ZipWriteOptions = {},
): Promise<ZipReport> {
	const writer = sink.getWriter();
	// Its failure is thrown by the write that meets it.
	writer.closed.catch(() => {});
	try {
		const report = await write(store, writer, options);
		await writer.close();
		return report;
	} catch (error) {
		await writer.abort(error).catch(() => {});
		throw error;
	}
}

async function write(
	store: ReadableStore,
	writer: WritableStreamDefaultWriter<Uint8Array>,
	options: ZipWriteOptions,
): Promise<ZipReport> {
	const { path = "", modified, signal } = options;
	const progress = progressOf(options);
	const root = path.split("/").filter(Boolean).join("/");
	const start = root === "" ? "" : `${root}/`;
	const keys = (await listKeys(store, start)).map((key) => key.slice(start.length)).sort(zipOrder);
	if (keys.length === 0) {
		throw new ChunkwiseError("zip-empty", "There is nothing to put into a zip file.", {
			where: root,
			remedy: "Check the path, or write an image to the store first.",
		});
	}
	const zip = new ZipEncoder((bytes) => writer.write(bytes), modified);
	const turn = turns();
	let omeVersion: string | undefined;
	for (const [i, key] of keys.entries()) {
		await turn();
		throwIfAborted(signal);
		const value = await store.get(`/${start}${key}`, { signal });
		if (!value) throw sourceChanged(start + key);
		if (key === "zarr.json") omeVersion = versionIn(value);
		await zip.add(key, value);
		progress({ label: "Writing a zip file", done: i + 1, total: keys.length, unit: "files" });
	}
	await zip.end(omeVersion === undefined ? new Uint8Array(0) : commentOf(omeVersion));
	return { entries: zip.count, bytes: zip.bytes, omeVersion };
}

/** Metadata first, the root's before that of its children; then chunks in the order of their keys. */
export function zipOrder(a: string, b: string): number {
	const [first, second] = [a, b].map((key) =>
		isMetadataKey(key) ? key.split("/").length : Number.POSITIVE_INFINITY,
	);
	return first === second ? compareKeys(a, b) : first - second;
}

/**
 * `ome.version` as RFC-9 has it; `jsonFirst` tells readers that the directory begins with every zarr.json, so that
 * they may stop reading it there.
 */
function commentOf(version: string): Uint8Array {
	const comment = { ome: { version, zipFile: { centralDirectory: { jsonFirst: true } } } };
	return new TextEncoder().encode(JSON.stringify(comment));
}

function versionIn(document: Uint8Array): string | undefined {
	try {
		const { attributes } = JSON.parse(new TextDecoder().decode(document)) as {
			attributes?: { ome?: { version?: unknown } };
		};
		const version = attributes?.ome?.version;
		return typeof version === "string" ? version : undefined;
	} catch {
		return undefined;
	}
}
