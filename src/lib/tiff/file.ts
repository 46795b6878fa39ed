/** A TIFF's header, and its bytes by way of a small cache. */
import { type ByteSource, checkRange } from "../bytes.ts";
import { ChunkwiseError } from "../errors.ts";
import { corrupt, truncated } from "./errors.ts";
import { tagName, typeSizes } from "./tags.ts";

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
