/**
 * A zip file as a store, read only: every entry is a value. What is stored without compression, as zipped OME-Zarr
 * should be (RFC-9 of OME-NGFF), is read in ranges; a compressed entry is taken whole and kept for the next range.
 */
import { type ByteSource, toByteSource } from "../bytes.ts";
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatBytes, formatCount } from "../format.ts";
import { crc32 } from "./crc32.ts";
import {
	type ByteRange,
	keyParts,
	normalizePath,
	type ReadableStore,
	type StoreKey,
	type StoreOptions,
	sliceRange,
} from "./store.ts";
import { loadZip, readZipDirectory, type ZipFileEntry } from "./zip-reader.ts";

/** Of the local header of an entry, up to its name (APPNOTE 4.3.7). */
const headerBytes = 30;
const headerMark = 0x04034b50;
/** Bytes of extra fields that are read along with a value, so that most values need one read. */
const extraBytes = 64;
const stored = 0;

/** How a zip file is opened. */
export interface ZipStoreOptions {
	/** Stops the reading of the directory. */
	signal?: AbortSignal;
}

export class ZipStore implements ReadableStore, Displayable {
	readonly name: string;
	/** The archive's comment. */
	readonly comment: string;
	readonly #source: ByteSource;
	readonly #entries: ReadonlyMap<string, ZipFileEntry>;
	/** Where the bytes of an entry begin: its local header says, and is read once. */
	readonly #starts = new Map<string, number>();
	/** The compressed entry that was read last. */
	#last?: { key: string; bytes: Uint8Array };

	constructor(source: ByteSource, entries: ReadonlyMap<string, ZipFileEntry>, comment: string) {
		this.#source = source;
		this.#entries = entries;
		this.name = source.name;
		this.comment = comment;
	}

	/** Number of values. */
	get count(): number {
		return this.#entries.size;
	}

	/** The OME-Zarr version that the comment names (RFC-9), where it does. */
	get omeVersion(): string | undefined {
		try {
			const version = (JSON.parse(this.comment) as { ome?: { version?: unknown } } | null)?.ome?.version;
			return typeof version === "string" ? version : undefined;
		} catch {
			return undefined;
		}
	}

	/** @throws ChunkwiseError zip-damaged, zip-encrypted, zip-method, and as the source */
	async get(key: StoreKey, options?: StoreOptions): Promise<Uint8Array | undefined> {
		const entry = this.#entry(key);
		if (!entry) return undefined;
		if (entry.compressionMethod !== stored) return this.#inflate(entry, options?.signal);
		const bytes = await this.#stored(entry, 0, entry.uncompressedSize, options?.signal);
		if (entry.crc32 !== undefined && crc32(bytes) !== entry.crc32 >>> 0) {
			throw this.#damaged(entry, "its checksum does not fit");
		}
		return bytes;
	}

	/** Ranges of a stored entry are not checked against its checksum, which is that of the whole. */
	async getRange(key: StoreKey, range: ByteRange, options?: StoreOptions): Promise<Uint8Array | undefined> {
		const entry = this.#entry(key);
		if (!entry) return undefined;
		if (entry.compressionMethod !== stored) {
			return sliceRange(await this.#inflate(entry, options?.signal), range);
		}
		const size = entry.uncompressedSize;
		const start =
			"suffixLength" in range ? Math.max(0, size - range.suffixLength) : Math.min(size, range.offset);
		const stop = "suffixLength" in range ? size : Math.min(size, start + range.length);
		return this.#stored(entry, start, stop, options?.signal);
	}

	async size(key: StoreKey): Promise<number | undefined> {
		return this.#entries.get(keyParts(key).join("/"))?.uncompressedSize;
	}

	async list(prefix = ""): Promise<string[]> {
		return [...this.#entries.keys()].filter((key) => key.startsWith(prefix));
	}

	async children(path = ""): Promise<string[]> {
		const at = normalizePath(path);
		const start = at === "" ? "" : `${at}/`;
		const names = new Set<string>();
		for (const key of this.#entries.keys()) {
			if (key.startsWith(start)) names.add(key.slice(start.length).split("/", 1)[0]);
		}
		return [...names];
	}

	toString(): string {
		return `<ZipStore ${this.name}, ${formatCount(this.count)} keys, ${formatBytes(this.#source.size)}>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	#entry(key: StoreKey): ZipFileEntry | undefined {
		const entry = this.#entries.get(keyParts(key).join("/"));
		if (entry?.encrypted) {
			throw new ChunkwiseError("zip-encrypted", "This zip file is protected by a password.", {
				where: `${this.name}${key}`,
				remedy: "Unpack it with its password, and open the folder or zip it again without one.",
			});
		}
		return entry;
	}

	/** Bytes `start` to `stop` of an entry that is not compressed. */
	async #stored(entry: ZipFileEntry, start: number, stop: number, signal?: AbortSignal): Promise<Uint8Array> {
		if (stop <= start) return new Uint8Array(0);
		const known = this.#starts.get(entry.filename);
		if (known !== undefined) return this.#read(entry, known + start, stop - start, signal);
		// The header and the beginning of the value in one read, where the value's beginning is wanted.
		const guess = headerBytes + entry.rawFilename.length + entry.rawExtraField.length + extraBytes;
		const wanted = start === 0 ? guess + stop : headerBytes;
		const length = Math.min(wanted, this.#source.size - entry.offset);
		const head = await this.#read(entry, entry.offset, length, signal);
		const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
		if (head.length < headerBytes || view.getUint32(0, true) !== headerMark) {
			throw this.#damaged(entry, "its header is not where the directory says");
		}
		const skip = headerBytes + view.getUint16(26, true) + view.getUint16(28, true);
		this.#starts.set(entry.filename, entry.offset + skip);
		if (start === 0 && head.length >= skip + stop) return head.slice(skip, skip + stop);
		return this.#read(entry, entry.offset + skip + start, stop - start, signal);
	}

	async #read(
		entry: ZipFileEntry,
		offset: number,
		length: number,
		signal?: AbortSignal,
	): Promise<Uint8Array> {
		if (length < 0 || offset + length > this.#source.size)
			throw this.#damaged(entry, "it ends beyond the file");
		return this.#source.read(offset, length, signal);
	}

	async #inflate(entry: ZipFileEntry, signal?: AbortSignal): Promise<Uint8Array> {
		if (this.#last?.key === entry.filename) return this.#last.bytes;
		const { Uint8ArrayWriter } = await loadZip();
		let bytes: Uint8Array;
		try {
			bytes = await entry.getData(new Uint8ArrayWriter(), { signal, checkSignature: true });
		} catch (cause) {
			signal?.throwIfAborted();
			if ((cause as Error).message === "Compression method not supported") {
				throw new ChunkwiseError(
					"zip-method",
					`A zip's compression ${entry.compressionMethod} cannot be undone here.`,
					{
						where: `${this.name}/${entry.filename}`,
						remedy: "Zip it again without compression: the chunks of a Zarr are compressed already.",
						cause,
					},
				);
			}
			throw this.#damaged(entry, (cause as Error).message, cause);
		}
		this.#last = { key: entry.filename, bytes };
		return bytes;
	}

	#damaged(entry: ZipFileEntry, why: string, cause?: unknown): ChunkwiseError {
		return new ChunkwiseError("zip-damaged", `An entry of the zip file is damaged: ${why}.`, {
			where: `${this.name}/${entry.filename}`,
			remedy: "Download or copy the file again.",
			cause,
		});
	}
}

/**
 * Opens a zip file (.zip, .ozx) by reading its directory; ZIP64 too. Entries whose names are no keys are left out.
 * @throws ChunkwiseError zip-damaged, zip-split, and as the source
 */
export async function zipStore(
	source: ByteSource | Blob | Uint8Array,
	options: ZipStoreOptions = {},
): Promise<ZipStore> {
	const bytes = toByteSource(source);
	const { entries, comment } = await readZipDirectory(bytes, options.signal);
	for (const name of [...entries.keys()]) {
		if (!isKey(name)) entries.delete(name);
	}
	return new ZipStore(bytes, entries, comment);
}

/** An entry may be called "../x" or "/x": it has no key in a store, and is never asked for. */
function isKey(name: string): boolean {
	return name
		.split("/")
		.every((part) => part !== "" && part !== "." && part !== ".." && !part.includes("\0"));
}
