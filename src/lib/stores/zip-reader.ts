/** The directory of a zip file, ZIP64 included, by PKWARE's APPNOTE 6.3.10. It is read in one piece. */
import type { ByteSource } from "../bytes.ts";
import { ChunkwiseError } from "../errors.ts";
import { crc32 } from "./crc32.ts";
import { turns } from "./turn.ts";
import { extra, flag, full16, full32, length, mark, viewOf } from "./zip-format.ts";

/** An entry as the directory has it. */
export interface ZipFileEntry {
	readonly name: string;
	/** Number of the compression method; 0 is none. */
	readonly method: number;
	readonly encrypted: boolean;
	/** The directory has a ZIP64 field for it. */
	readonly zip64: boolean;
	readonly crc32: number;
	readonly compressedSize: number;
	readonly size: number;
	/** Of its local header, in the file. */
	readonly offset: number;
	/** Bytes of its name, and of its extra fields, in the directory. */
	readonly nameLength: number;
	readonly extraLength: number;
}

export interface ZipDirectory {
	/** Entries that hold bytes, by their names; of several with one name the last. */
	entries: Map<string, ZipFileEntry>;
	/** What the archive says of itself. */
	comment: string;
	/** The archive has the end record of ZIP64. */
	zip64: boolean;
}

/** What the records at the end of the file tell. */
interface Ending {
	/** Where the directory should end. */
	at: number;
	count: number;
	size: number;
	offset: number;
	zip64: boolean;
	comment: Uint8Array;
}

/**
 * Reads the directory at the end of a zip file.
 * @throws ChunkwiseError zip-damaged, zip-split, and as the source
 */
export async function readZipDirectory(source: ByteSource, signal?: AbortSignal): Promise<ZipDirectory> {
	const ending = await readEnding(source, signal);
	const start = await directoryStart(source, ending, signal);
	// Behind a program that unpacks itself, every offset is short by the length of that program.
	const shift = start - ending.offset;
	const bytes = await source.read(start, ending.size, signal);
	const view = viewOf(bytes);
	const entries = new Map<string, ZipFileEntry>();
	const turn = turns();
	let at = 0;
	let found = 0;
	while (at + length.central <= bytes.length && view.getUint32(at, true) === mark.central) {
		await turn();
		const end = at + length.central + view.getUint16(at + 28, true) + view.getUint16(at + 30, true);
		if (end > bytes.length) throw damaged(source, "its directory is cut short");
		const entry = readEntry(bytes, view, at, shift);
		if (!entry.name.endsWith("/")) entries.set(entry.name, entry);
		at = end + view.getUint16(at + 32, true);
		found++;
	}
	signal?.throwIfAborted();
	// Without ZIP64 the number counts up to 65,535 and begins anew, in files of writers that do not mind.
	const said = ending.zip64 ? found : found & full16;
	if (said !== ending.count && ending.count !== full16) {
		throw damaged(source, `its directory should have ${ending.count} entries and has ${found}`);
	}
	return { entries, comment: commentText(ending.comment), zip64: ending.zip64 };
}

/** Where the directory says that it is, or right before the record that ends it. */
async function directoryStart(source: ByteSource, ending: Ending, signal?: AbortSignal): Promise<number> {
	const { at, size, offset } = ending;
	const before = at - size;
	if (offset === before) return before;
	if (offset + Math.max(size, 4) <= at) {
		const first = await source.read(offset, 4, signal);
		if (viewOf(first).getUint32(0, true) === mark.central) return offset;
	}
	if (before < 0 || before < offset) throw damaged(source, "its directory is not where it should be");
	return before;
}

async function readEnding(source: ByteSource, signal?: AbortSignal): Promise<Ending> {
	const tail = await lastRecord(source, signal);
	if (!tail) throw damaged(source, "the record that ends one is missing");
	const { at, bytes } = tail;
	const view = viewOf(bytes);
	const disks = [4, 6].map((field) => view.getUint16(field, true));
	const ending: Ending = {
		at,
		count: view.getUint16(10, true),
		size: view.getUint32(12, true),
		offset: view.getUint32(16, true),
		zip64: false,
		comment: bytes.subarray(length.end, length.end + view.getUint16(20, true)),
	};
	const larger = await readEnding64(source, at, signal);
	if (larger) return { ...ending, ...larger };
	if (disks.some((disk) => disk !== 0 && disk !== full16)) throw split(source);
	return ending;
}

/** The end record and its comment: the last bytes of the file, but for what some writers leave behind it. */
async function lastRecord(
	source: ByteSource,
	signal?: AbortSignal,
): Promise<{ at: number; bytes: Uint8Array } | undefined> {
	// Most have no comment, or one of OME-Zarr; the longest is 65,535 bytes.
	for (const most of [length.end + 128, length.end + full16]) {
		const start = Math.max(0, source.size - most);
		const bytes = await source.read(start, source.size - start, signal);
		const view = viewOf(bytes);
		for (let at = bytes.length - length.end; at >= 0; at--) {
			if (view.getUint32(at, true) !== mark.end) continue;
			const end = at + length.end + view.getUint16(at + 20, true);
			if (end <= bytes.length) return { at: start + at, bytes: bytes.subarray(at, end) };
		}
		if (start === 0) break;
	}
	return undefined;
}

async function readEnding64(
	source: ByteSource,
	end: number,
	signal?: AbortSignal,
): Promise<Omit<Ending, "comment"> | undefined> {
	const at = end - length.locator;
	if (at < 0) return undefined;
	const locator = viewOf(await source.read(at, length.locator, signal));
	if (locator.getUint32(0, true) !== mark.locator) return undefined;
	if (locator.getUint32(16, true) > 1) throw split(source);
	// Where it says, or right before: the file may have been put behind something else.
	for (const place of [Number(locator.getBigUint64(8, true)), at - length.end64]) {
		if (place < 0 || place + length.end64 > at) continue;
		const view = viewOf(await source.read(place, length.end64, signal));
		if (view.getUint32(0, true) !== mark.end64) continue;
		if (view.getUint32(16, true) !== 0 || view.getUint32(20, true) !== 0) throw split(source);
		const [count, size, offset] = [32, 40, 48].map((field) => Number(view.getBigUint64(field, true)));
		return { at: place, count, size, offset, zip64: true };
	}
	throw damaged(source, "its ZIP64 record is not where it should be");
}

function readEntry(bytes: Uint8Array, view: DataView, at: number, shift: number): ZipFileEntry {
	const flags = view.getUint16(at + 8, true);
	const nameLength = view.getUint16(at + 28, true);
	const extraLength = view.getUint16(at + 30, true);
	const nameAt = at + length.central;
	const name = bytes.subarray(nameAt, nameAt + nameLength);
	const sizes = [at + 24, at + 20, at + 42].map((field) => view.getUint32(field, true));
	let zip64 = false;
	let unicode: string | undefined;
	const end = nameAt + nameLength + extraLength;
	for (let field = nameAt + nameLength; field + 4 <= end; field += 4 + view.getUint16(field + 2, true)) {
		const id = view.getUint16(field, true);
		const stop = Math.min(end, field + 4 + view.getUint16(field + 2, true));
		if (id === extra.zip64) {
			zip64 = true;
			// Only what does not fit its own field is here, in this order (4.5.3).
			let place = field + 4;
			for (const [i, size] of sizes.entries()) {
				if (size !== full32 || place + 8 > stop) continue;
				sizes[i] = Number(view.getBigUint64(place, true));
				place += 8;
			}
		} else if (
			id === extra.unicodeName &&
			stop - field > 9 &&
			view.getUint32(field + 5, true) === crc32(name)
		) {
			unicode = new TextDecoder().decode(bytes.subarray(field + 9, stop));
		}
	}
	const [size, compressedSize, offset] = sizes;
	return {
		name: unicode ?? nameText(name, (flags & flag.utf8) !== 0),
		method: view.getUint16(at + 10, true),
		encrypted: (flags & (flag.encrypted | flag.hiddenDirectory)) !== 0,
		zip64,
		crc32: view.getUint32(at + 16, true),
		compressedSize,
		size,
		offset: offset + shift,
		nameLength,
		extraLength,
	};
}

const utf8 = new TextDecoder();
/** The upper half of code page 437, in which names are that are not said to be UTF-8 (appendix D). */
const cp437 =
	"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

function nameText(name: Uint8Array, isUtf8: boolean): string {
	if (isUtf8 || name.every((byte) => byte < 128)) return utf8.decode(name);
	return Array.from(name, (byte) => (byte < 128 ? String.fromCharCode(byte) : cp437[byte - 128])).join("");
}

/** RFC-9 of OME-NGFF asked for a closing NUL in an earlier draft: taken away. */
function commentText(comment: Uint8Array): string {
	return utf8.decode(comment).replace(/\0+$/, "");
}

function split({ name }: ByteSource): ChunkwiseError {
	return new ChunkwiseError("zip-split", "This is one part of a zip file that was split into several.", {
		where: name,
		remedy: "Join the parts into one zip file first; OME-Zarr does not allow split ones.",
	});
}

function damaged({ name }: ByteSource, why: string): ChunkwiseError {
	return new ChunkwiseError("zip-damaged", `This is no whole zip file: ${why}.`, {
		where: name,
		remedy: "Check that it was downloaded or copied to its end: a zip's directory is its last part.",
	});
}
