/**
 * The directories (IFDs) of a TIFF: TIFF 6.0 section 2, and BigTIFF. Values that do not fit into their entry stay in
 * the file until they are asked for.
 */
import type { LongTask } from "../progress.ts";
import { progressOf } from "../progress.ts";
import { corrupt, truncated } from "./errors.ts";
import type { Entry, TiffFile, TiffHeader } from "./file.ts";
import { fieldType, type TagName, tagNumbers, typeSizes } from "./tags.ts";
import { decodeText, readIntegers, readNumber } from "./values.ts";

/** A tag's value as a program would want it. */
export type TagValue = number | bigint | string | number[] | Uint8Array;

export class Directory {
	/** For messages: `cells.tif#page/3`. */
	readonly where: string;
	readonly #entries: Map<number, Entry>;
	readonly #file: TiffFile;

	constructor(where: string, entries: Map<number, Entry>, file: TiffFile) {
		this.where = where;
		this.#entries = entries;
		this.#file = file;
	}

	entry(name: TagName): Entry | undefined {
		return this.#entries.get(tagNumbers[name]);
	}

	entries(): Iterable<Entry> {
		return this.#entries.values();
	}

	/** The first whole number of a tag; undefined where the tag is absent. */
	async number(name: TagName, signal?: AbortSignal): Promise<number | undefined> {
		return (await this.numbers(name, 1, signal))?.[0];
	}

	/** Up to `limit` whole numbers of a tag, none of them negative. Throws where it holds anything else. */
	async numbers(name: TagName, limit: number, signal?: AbortSignal): Promise<number[] | undefined> {
		const entry = this.entry(name);
		return entry && readIntegers(this.#file, entry, limit, this.where, signal);
	}

	/** A tag's value in the most natural form; undefined where the tag is absent or its values lie outside the file. */
	async value(entry: Entry, limit: number, signal?: AbortSignal): Promise<TagValue | undefined> {
		const size = typeSizes[entry.type] ?? 0;
		if (size === 0 || entry.count === 0 || !this.#file.holds(entry)) return undefined;
		const count = Math.min(entry.count, Math.max(1, Math.floor(limit / size)));
		const view = await this.#file.values(entry, count, this.where, signal);
		const { littleEndian } = this.#file.header;
		const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
		if (entry.type === fieldType.ascii) return decodeText(bytes);
		if (entry.type === fieldType.undefined) return bytes.slice();
		const values = Array.from({ length: count }, (_, i) =>
			readNumber(view, i * size, entry.type, littleEndian),
		);
		return values.length === 1 ? values[0] : values;
	}

	/** The text of a tag; undefined where there is none. */
	async text(name: TagName, signal?: AbortSignal): Promise<string | undefined> {
		const entry = this.entry(name);
		if (
			!entry ||
			(entry.type !== fieldType.ascii && entry.type !== fieldType.byte && entry.type !== fieldType.undefined)
		) {
			return undefined;
		}
		const value = await this.value({ ...entry, type: fieldType.ascii }, maximalText, signal);
		return typeof value === "string" ? value : undefined;
	}

	/** A tag's first number, fractions too; undefined where there is none. */
	async fraction(name: TagName, signal?: AbortSignal): Promise<number | undefined> {
		const entry = this.entry(name);
		if (!entry) return undefined;
		const value = await this.value(entry, 8, signal);
		const first = Array.isArray(value) ? value[0] : value;
		return typeof first === "number" ? first : undefined;
	}
}

/** OME-XML of large plates runs to tens of megabytes; anything longer is no description. */
const maximalText = 64 << 20;

/**
 * The directories one after the other, in the order of their chain. A loop, or directories that lie over one another,
 * end in an error: the work is bounded by the file's size.
 */
export async function* walkDirectories(file: TiffFile, task: LongTask = {}): AsyncGenerator<Directory> {
	const { source, header } = file;
	const report = progressOf(task);
	let index = 0;
	const seen = new Set<number>();
	let bytesRead = 0;
	let offset = header.firstDirectory;
	while (offset !== 0) {
		task.signal?.throwIfAborted();
		const where = `${source.name}#page/${index}`;
		if (seen.has(offset)) throw corrupt(where, "The list of pages runs in a circle.");
		seen.add(offset);
		const { directory, length, next } = await readDirectory(file, offset, where, task.signal);
		bytesRead += length;
		if (bytesRead > source.size) throw corrupt(where, "The directories lie over one another.");
		yield directory;
		index++;
		if (next === undefined) throw truncated(where, "The file ends before it says whether more pages follow.");
		offset = next;
		if (index % 64 === 0) {
			report({ label: `Reading the directory of ${source.name}`, done: index, unit: "pages" });
		}
	}
	if (index === 0) throw corrupt(source.name, "The file has no page.");
	if (index > 64) report({ label: `Reading the directory of ${source.name}`, done: index, unit: "pages" });
}

export interface DirectoryFound {
	directory: Directory;
	/** Bytes of its entries and of the link that follows them. */
	length: number;
	/** Where the next directory is; 0 after the last; undefined where the file ends before it says. */
	next: number | undefined;
}

/**
 * The directory at a byte of the file.
 * @throws ChunkwiseError tiff-truncated, tiff-corrupt
 */
export async function readDirectory(
	file: TiffFile,
	offset: number,
	where: string,
	signal?: AbortSignal,
): Promise<DirectoryFound> {
	const { source, header } = file;
	const [countSize, entrySize] = header.bigTiff ? [8, 20] : [2, 12];
	const linkSize = header.bigTiff ? 8 : 4;
	if (!(offset + countSize <= source.size)) {
		throw truncated(
			where,
			`The page's directory should be at byte ${offset} and the file has ${source.size}.`,
		);
	}
	const count = readCount(await file.bytes(offset, countSize, signal), header);
	const length = count * entrySize + linkSize;
	const start = offset + countSize;
	const present = Math.min(length, source.size - start);
	if (present < count * entrySize) {
		throw truncated(where, `The page's directory has ${count} entries and the file ends among them.`);
	}
	if (count === 0) throw corrupt(where, "The page's directory has no entries.");
	const bytes = await file.bytes(start, present, signal);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return {
		directory: new Directory(where, readEntries(view, start, count, header), file),
		length,
		next: present < length ? undefined : readOffset(view, count * entrySize, header),
	};
}

function readCount(bytes: Uint8Array, header: TiffHeader): number {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return header.bigTiff
		? Number(view.getBigUint64(0, header.littleEndian))
		: view.getUint16(0, header.littleEndian);
}

function readOffset(view: DataView, at: number, header: TiffHeader): number {
	return header.bigTiff
		? Number(view.getBigUint64(at, header.littleEndian))
		: view.getUint32(at, header.littleEndian);
}

function readEntries(view: DataView, start: number, count: number, header: TiffHeader): Map<number, Entry> {
	const { bigTiff, littleEndian } = header;
	const [entrySize, valueAt, inline] = bigTiff ? [20, 12, 8] : [12, 8, 4];
	const entries = new Map<number, Entry>();
	for (let i = 0; i < count; i++) {
		const at = i * entrySize;
		const tag = view.getUint16(at, littleEndian);
		const type = view.getUint16(at + 2, littleEndian);
		const values = bigTiff
			? Number(view.getBigUint64(at + 4, littleEndian))
			: view.getUint32(at + 4, littleEndian);
		const bytes = values * (typeSizes[type] ?? 0);
		const offset = bytes <= inline ? start + at + valueAt : readOffset(view, at + valueAt, header);
		// The first of two entries for one tag counts, as in libtiff.
		if (!entries.has(tag)) entries.set(tag, { tag, type, count: values, offset });
	}
	return entries;
}
