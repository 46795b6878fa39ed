/**
 * A zip file as a store, read only: every entry is a value. What is stored without compression, as zipped OME-Zarr
 * should be (RFC-9 of OME-NGFF), is read in ranges; a compressed entry is taken whole and kept for the next range.
 */
import { type ByteSource, toByteSource } from "../bytes.ts";
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatBytes, formatCount } from "../format.ts";
import { inflateInto } from "../zarr/codecs/inflate.ts";
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
import { watched } from "./watch.ts";
import { deflated, length, mark, methodName, stored, viewOf } from "./zip-format.ts";
import { readZipDirectory, type ZipDirectory, type ZipFileEntry } from "./zip-reader.ts";

/** Bytes of extra fields that are read along with a value, so that most values need one read. */
const extraBytes = 64;
/** Deflate makes at most so many bytes of one (zlib's own figure): more is a false size. */
const mostInflation = 1032;

/** How a zip file is opened. */
export interface ZipStoreOptions {
	/** Stops the reading of the directory. */
	signal?: AbortSignal;
}

/** How an entry is kept in its zip file. */
export interface ZipEntry {
	/** Name of the compression method: "stored" is none, "deflate" the usual one. */
	compression: string;
	/** The entry is in the form of ZIP64: by a field of its own, or because the archive is. */
	zip64: boolean;
	encrypted: boolean;
	/** Bytes of the value, and what it takes in the file. */
	size: number;
	compressedSize: number;
}

/** The values of a zip file, read only. See {@link zipStore}. */
export class ZipStore implements ReadableStore, Displayable {
	readonly name: string;
	readonly place = "zip";
	/** The archive's comment. */
	readonly comment: string;
	/** The archive has the end record of ZIP64, which RFC-9 recommends for all. */
	readonly zip64: boolean;
	readonly #source: ByteSource;
	readonly #entries: ReadonlyMap<string, ZipFileEntry>;
	/** Where the bytes of an entry begin: its local header says, and is read once. */
	readonly #starts = new Map<string, number>();
	/** The compressed entry that was read last. */
	#last?: { key: string; bytes: Uint8Array };

	constructor(source: ByteSource, directory: ZipDirectory) {
		this.#source = source;
		this.#entries = directory.entries;
		this.name = source.name;
		this.comment = directory.comment;
		this.zip64 = directory.zip64;
		watched(this);
	}

	/** Number of values. */
	get count(): number {
		return this.#entries.size;
	}

	/** What tells this content of the file from another: its size, and its version where the place says one. */
	get version(): string {
		return `${this.#source.size} ${this.#source.version ?? ""}`;
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

	/** How the entry of a key is kept; undefined where there is none. */
	entry(key: StoreKey): ZipEntry | undefined {
		const found = this.#entries.get(keyParts(key).join("/"));
		if (!found) return undefined;
		const { method, zip64, encrypted, size, compressedSize } = found;
		return { compression: methodName(method), zip64: zip64 || this.zip64, encrypted, size, compressedSize };
	}

	/** @throws ChunkwiseError zip-damaged, zip-encrypted, zip-method, and as the source */
	async get(key: StoreKey, options?: StoreOptions): Promise<Uint8Array | undefined> {
		const entry = this.#entry(key);
		if (!entry) return undefined;
		if (entry.method !== stored) return this.#inflate(entry, options?.signal);
		const bytes = await this.#stored(entry, 0, entry.size, options?.signal);
		this.#check(entry, bytes);
		return bytes;
	}

	/** Ranges of a stored entry are not checked against its checksum, which is that of the whole. */
	async getRange(key: StoreKey, range: ByteRange, options?: StoreOptions): Promise<Uint8Array | undefined> {
		const entry = this.#entry(key);
		if (!entry) return undefined;
		if (entry.method !== stored) {
			return sliceRange(await this.#inflate(entry, options?.signal), range);
		}
		const size = entry.size;
		const start =
			"suffixLength" in range ? Math.max(0, size - range.suffixLength) : Math.min(size, range.offset);
		const stop = "suffixLength" in range ? size : Math.min(size, start + range.length);
		return this.#stored(entry, start, stop, options?.signal);
	}

	async size(key: StoreKey): Promise<number | undefined> {
		return this.#entries.get(keyParts(key).join("/"))?.size;
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
		const known = this.#starts.get(entry.name);
		if (known !== undefined) return this.#read(entry, known + start, stop - start, signal);
		// The header and the beginning of the value in one read, where the value's beginning is wanted.
		const guess = length.local + entry.nameLength + entry.extraLength + extraBytes;
		const wanted = start === 0 ? guess + stop : length.local;
		const there = Math.min(wanted, this.#source.size - entry.offset);
		const head = await this.#read(entry, entry.offset, there, signal);
		const view = viewOf(head);
		if (head.length < length.local || view.getUint32(0, true) !== mark.local) {
			throw this.#damaged(entry, "its header is not where the directory says");
		}
		const skip = length.local + view.getUint16(26, true) + view.getUint16(28, true);
		this.#starts.set(entry.name, entry.offset + skip);
		if (start === 0 && head.length >= skip + stop) return head.slice(skip, skip + stop);
		return this.#read(entry, entry.offset + skip + start, stop - start, signal);
	}

	async #read(entry: ZipFileEntry, offset: number, count: number, signal?: AbortSignal): Promise<Uint8Array> {
		if (count < 0 || offset + count > this.#source.size)
			throw this.#damaged(entry, "it ends beyond the file");
		return this.#source.read(offset, count, signal);
	}

	async #inflate(entry: ZipFileEntry, signal?: AbortSignal): Promise<Uint8Array> {
		if (this.#last?.key === entry.name) return this.#last.bytes;
		if (entry.method !== deflated) {
			throw new ChunkwiseError(
				"zip-method",
				`A zip's compression ${methodName(entry.method)} cannot be undone here.`,
				{
					where: `${this.name}/${entry.name}`,
					remedy: "Zip it again without compression: the chunks of a Zarr are compressed already.",
				},
			);
		}
		const { size, compressedSize } = entry;
		if (size > compressedSize * mostInflation + 64) throw this.#damaged(entry, "its size cannot be true");
		const packed = await this.#stored(entry, 0, compressedSize, signal);
		const bytes = new Uint8Array(size);
		let made: number;
		try {
			made = inflateInto(packed, bytes, "raw");
		} catch (cause) {
			throw this.#damaged(entry, (cause as Error).message, cause);
		}
		if (made !== size) throw this.#damaged(entry, `it has ${made} bytes and should have ${size}`);
		this.#check(entry, bytes);
		this.#last = { key: entry.name, bytes };
		return bytes;
	}

	#check(entry: ZipFileEntry, bytes: Uint8Array): void {
		if (crc32(bytes) !== entry.crc32) throw this.#damaged(entry, "its checksum does not fit");
	}

	#damaged(entry: ZipFileEntry, why: string, cause?: unknown): ChunkwiseError {
		return new ChunkwiseError("zip-damaged", `An entry of the zip file is damaged: ${why}.`, {
			where: `${this.name}/${entry.name}`,
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
	const directory = await readZipDirectory(bytes, options.signal);
	for (const name of [...directory.entries.keys()]) {
		if (!isKey(name)) directory.entries.delete(name);
	}
	return new ZipStore(bytes, directory);
}

/** An entry may be called "../x" or "/x": it has no key in a store, and is never asked for. */
function isKey(name: string): boolean {
	return name
		.split("/")
		.every((part) => part !== "" && part !== "." && part !== ".." && !part.includes("\0"));
}
