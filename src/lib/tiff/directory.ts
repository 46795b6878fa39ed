/**
 * The directories (IFDs) of a TIFF: TIFF 6.0 section 2, and BigTIFF. Values that do not fit into their entry stay in
 * the file until they are asked for.
 */
import { type ByteSource, checkRange } from "../bytes.ts";
import { ChunkwiseError } from "../errors.ts";
import type { LongTask } from "../progress.ts";
import { progressOf } from "../progress.ts";
import { corrupt, truncated } from "./errors.ts";
import { fieldType, type TagName, tagName, tagNumbers, typeSizes } from "./tags.ts";

export interface TiffHeader {
	littleEndian: boolean;
	bigTiff: boolean;
	firstDirectory: number;
}

export interface Entry {
	tag: number;
	type: number;
	/** Number of values. */
	count: number;
	/** Where in the file the values are. */
	offset: number;
}

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

/** Up to `limit` whole numbers of an entry, none of them negative. Throws where it holds anything else. */
export async function readIntegers(
	file: TiffFile,
	entry: Entry,
	limit: number,
	where: string,
	signal?: AbortSignal,
): Promise<number[]> {
	const name = tagName(entry.tag);
	if (entry.count === 0) throw corrupt(where, `${name} has no value.`);
	if (!integerTypes.has(entry.type)) {
		throw corrupt(where, `${name} should hold whole numbers and is of another type (${entry.type}).`);
	}
	const count = Math.min(entry.count, limit);
	const view = await file.values(entry, count, where, signal);
	const size = typeSizes[entry.type];
	const numbers = new Array<number>(count);
	for (let i = 0; i < count; i++) {
		const value = readInteger(view, i * size, entry.type, file.header.littleEndian);
		if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) {
			throw corrupt(where, `${name} holds ${value}, which makes no sense.`);
		}
		numbers[i] = value;
	}
	return numbers;
}

/** OME-XML of large plates runs to tens of megabytes; anything longer is no description. */
const maximalText = 64 << 20;

const integerTypes: ReadonlySet<number> = new Set([
	fieldType.byte,
	fieldType.short,
	fieldType.long,
	fieldType.sbyte,
	fieldType.sshort,
	fieldType.slong,
	fieldType.ifd,
	fieldType.long8,
	fieldType.slong8,
	fieldType.ifd8,
]);

function readInteger(view: DataView, at: number, type: number, littleEndian: boolean): number {
	switch (type) {
		case fieldType.byte:
			return view.getUint8(at);
		case fieldType.sbyte:
			return view.getInt8(at);
		case fieldType.short:
			return view.getUint16(at, littleEndian);
		case fieldType.sshort:
			return view.getInt16(at, littleEndian);
		case fieldType.slong:
			return view.getInt32(at, littleEndian);
		case fieldType.long8:
		case fieldType.ifd8:
			return Number(view.getBigUint64(at, littleEndian));
		case fieldType.slong8:
			return Number(view.getBigInt64(at, littleEndian));
		default:
			return view.getUint32(at, littleEndian);
	}
}

function readNumber(view: DataView, at: number, type: number, littleEndian: boolean): number {
	switch (type) {
		case fieldType.rational:
			return view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
		case fieldType.srational:
			return view.getInt32(at, littleEndian) / view.getInt32(at + 4, littleEndian);
		case fieldType.float:
			return view.getFloat32(at, littleEndian);
		case fieldType.double:
			return view.getFloat64(at, littleEndian);
		default:
			return readInteger(view, at, type, littleEndian);
	}
}

/** TIFF text is ASCII by the letter and UTF-8 or Latin-1 in practice; it ends at its first NUL. */
function decodeText(bytes: Uint8Array): string {
	const nul = bytes.indexOf(0);
	const text = nul < 0 ? bytes : bytes.subarray(0, nul);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(text);
	} catch {
		return new TextDecoder("latin1").decode(text);
	}
}

/** A TIFF's header and a small cache of the parts of the file that directories are in. */
export class TiffFile {
	readonly source: ByteSource;
	readonly header: TiffHeader;
	readonly #windows: { offset: number; bytes: Uint8Array }[] = [];

	constructor(source: ByteSource, header: TiffHeader) {
		this.source = source;
		this.header = header;
	}

	/** True where all of an entry's values are inside the file. */
	holds(entry: Entry): boolean {
		const bytes = entry.count * (typeSizes[entry.type] ?? 0);
		return entry.offset >= 8 && entry.offset + bytes <= this.source.size;
	}

	/** The bytes of an entry's first `count` values. */
	async values(entry: Entry, count: number, where: string, signal?: AbortSignal): Promise<DataView> {
		const length = count * typeSizes[entry.type];
		if (entry.offset + length > this.source.size) {
			throw truncated(
				where,
				`The values of ${tagName(entry.tag)} should be at bytes ${entry.offset} to ${entry.offset + length} and the file has ${this.source.size}.`,
			);
		}
		if (entry.offset < 8)
			throw corrupt(where, `The values of ${tagName(entry.tag)} would lie in the header.`);
		const bytes = await this.bytes(entry.offset, length, signal);
		return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	/** Bytes of the file by way of the cache. */
	async bytes(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
		checkRange(this.source, offset, length);
		const window = this.#windows.find(
			(w) => offset >= w.offset && offset + length <= w.offset + w.bytes.length,
		);
		if (window) return window.bytes.subarray(offset - window.offset, offset - window.offset + length);
		const size = Math.min(Math.max(length, this.source.granule ?? 4096), this.source.size - offset);
		const bytes = await this.source.read(offset, size, signal);
		// Long values (offsets of a hundred thousand strips) are read once: no use in keeping them.
		if (length <= 1 << 16) {
			this.#windows.push({ offset, bytes });
			if (this.#windows.length > 8) this.#windows.shift();
		}
		return bytes.subarray(0, length);
	}
}

/** Reads and checks the header. */
export async function openTiffFile(source: ByteSource, signal?: AbortSignal): Promise<TiffFile> {
	const start = await source.read(0, Math.min(16, source.size), signal);
	const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
	const order = start.length >= 4 ? view.getUint16(0) : 0;
	const littleEndian = order === 0x4949;
	const version = start.length >= 4 ? view.getUint16(2, littleEndian) : 0;
	if ((order !== 0x4949 && order !== 0x4d4d) || (version !== 42 && version !== 43)) {
		throw new ChunkwiseError("not-a-tiff", `This is not a TIFF file: ${looksLike(start, source.size)}.`, {
			where: source.name,
			remedy: "Give a TIFF. If it was downloaded, look at what the address really answers.",
		});
	}
	const bigTiff = version === 43;
	if (start.length < (bigTiff ? 16 : 8)) {
		throw truncated(source.name, `The file ends in its header, after ${source.size} bytes.`);
	}
	if (bigTiff && (view.getUint16(4, littleEndian) !== 8 || view.getUint16(6, littleEndian) !== 0)) {
		throw corrupt(source.name, "The BigTIFF header is damaged.");
	}
	const firstDirectory = bigTiff
		? Number(view.getBigUint64(8, littleEndian))
		: view.getUint32(4, littleEndian);
	return new TiffFile(source, { littleEndian, bigTiff, firstDirectory });
}

function looksLike(start: Uint8Array, size: number): string {
	if (size === 0) return "it is empty";
	const ascii = String.fromCharCode(...start);
	const hex = Array.from(start.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
	const known: [RegExp, string][] = [
		[/^\s*</, "it looks like a web page or XML"],
		[/^\s*[{[]/, "it looks like JSON"],
		[/^\x89PNG/, "it is a PNG"],
		[/^\xff\xd8\xff/, "it is a JPEG"],
		[/^PK/, "it is a zip file"],
		[/^.\x8b/, "it is compressed with gzip"],
		[/^\x89HDF/, "it is an HDF5 file"],
	];
	const kind = known.find(([pattern]) => pattern.test(ascii));
	return kind ? kind[1] : `it starts with the bytes ${hex}`;
}

/**
 * The directories one after the other, in the order of their chain. A loop, or directories that lie over one another,
 * end in an error: the work is bounded by the file's size.
 */
export async function* walkDirectories(file: TiffFile, task: LongTask = {}): AsyncGenerator<Directory> {
	const { source, header } = file;
	const report = progressOf(task);
	const [countSize, entrySize] = header.bigTiff ? [8, 20] : [2, 12];
	const linkSize = header.bigTiff ? 8 : 4;
	let index = 0;
	const seen = new Set<number>();
	let bytesRead = 0;
	let offset = header.firstDirectory;
	while (offset !== 0) {
		task.signal?.throwIfAborted();
		const where = `${source.name}#page/${index}`;
		if (seen.has(offset)) throw corrupt(where, "The list of pages runs in a circle.");
		seen.add(offset);
		if (!(offset + countSize <= source.size)) {
			throw truncated(
				where,
				`The page's directory should be at byte ${offset} and the file has ${source.size}.`,
			);
		}
		const count = readCount(await file.bytes(offset, countSize, task.signal), header);
		const length = count * entrySize + linkSize;
		const start = offset + countSize;
		const present = Math.min(length, source.size - start);
		if (present < count * entrySize) {
			throw truncated(where, `The page's directory has ${count} entries and the file ends among them.`);
		}
		if (count === 0) throw corrupt(where, "The page's directory has no entries.");
		bytesRead += length;
		if (bytesRead > source.size) throw corrupt(where, "The directories lie over one another.");
		const bytes = await file.bytes(start, present, task.signal);
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		yield new Directory(where, readEntries(view, start, count, header), file);
		index++;
		if (present < length) throw truncated(where, "The file ends before it says whether more pages follow.");
		offset = readOffset(view, count * entrySize, header);
		if (index % 64 === 0) {
			report({ label: `Reading the directory of ${source.name}`, done: index, unit: "pages" });
		}
	}
	if (index === 0) throw corrupt(source.name, "The file has no page.");
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
