/**
 * The directory of a zip file, read by zip.js (ZIP64 included), without its web workers: this code runs in a worker
 * itself, and in Node. zip.js is loaded when the first zip is opened.
 */
import type { ByteSource } from "../bytes.ts";
import { ChunkwiseError } from "../errors.ts";

type ZipModule = typeof import("@zip.js/zip.js/lib/zip-core-native.js");
export type ZipFileEntry = import("@zip.js/zip.js/lib/zip-core-native.js").FileEntry;

let loading: Promise<ZipModule> | undefined;

/** zip.js, set up to work in the thread that calls it. */
export function loadZip(): Promise<ZipModule> {
	loading ??= import("@zip.js/zip.js/lib/zip-core-native.js").then((zip) => {
		zip.configure({ useWebWorkers: false });
		return zip;
	});
	loading.catch(() => {
		loading = undefined;
	});
	return loading;
}

export interface ZipDirectory {
	/** Entries that hold bytes, by their names. */
	entries: Map<string, ZipFileEntry>;
	/** What the archive says of itself. */
	comment: string;
}

/**
 * Reads the directory at the end of a zip file.
 * @throws ChunkwiseError zip-damaged, zip-split, and as the source
 */
export async function readZipDirectory(source: ByteSource, signal?: AbortSignal): Promise<ZipDirectory> {
	const { Reader, ZipReader } = await loadZip();
	let failure: unknown;
	class SourceReader extends Reader<ByteSource> {
		override async init() {
			this.initialized = true;
			this.size = source.size;
		}
		initialized?: boolean;
		override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
			const stop = Math.min(source.size, index + length);
			try {
				return await source.read(Math.min(index, stop), Math.max(0, stop - index), signal);
			} catch (error) {
				failure = error;
				throw error;
			}
		}
	}
	// One odd name must not make the rest unreadable; a name that is no key is never asked for.
	const reader = new ZipReader(new SourceReader(source), { filenameValidation: "tolerant" });
	const entries = new Map<string, ZipFileEntry>();
	try {
		for await (const entry of reader.getEntriesGenerator()) {
			signal?.throwIfAborted();
			if (!entry.directory) entries.set(entry.filename, entry);
		}
	} catch (cause) {
		signal?.throwIfAborted();
		// A network or disk that failed is not a damaged zip.
		throw failure ?? directoryError(source.name, cause);
	}
	return { entries, comment: commentText(reader.comment) };
}

/** RFC-9 of OME-NGFF asked for a closing NUL in an earlier draft: taken away. */
function commentText(comment: Uint8Array | undefined): string {
	return new TextDecoder().decode(comment ?? new Uint8Array(0)).replace(/\0+$/, "");
}

function directoryError(where: string, cause: unknown): ChunkwiseError {
	const message = (cause as Error | undefined)?.message ?? String(cause);
	if (/split/i.test(message)) {
		return new ChunkwiseError("zip-split", "This is one part of a zip file that was split into several.", {
			where,
			remedy: "Join the parts into one zip file first; OME-Zarr does not allow split ones.",
			cause,
		});
	}
	return new ChunkwiseError("zip-damaged", `This is no whole zip file: ${message}.`, {
		where,
		remedy: "Check that it was downloaded or copied to its end: a zip's directory is its last part.",
		cause,
	});
}
