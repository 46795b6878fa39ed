/** The values of a directory's entries. */
import { corrupt } from "./errors.ts";
import type { Entry, TiffFile } from "./file.ts";
import { fieldType, tagName, typeSizes } from "./tags.ts";

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

export function readInteger(view: DataView, at: number, type: number, littleEndian: boolean): number {
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

export function readNumber(view: DataView, at: number, type: number, littleEndian: boolean): number {
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
export function decodeText(bytes: Uint8Array): string {
	const nul = bytes.indexOf(0);
	const text = nul < 0 ? bytes : bytes.subarray(0, nul);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(text);
	} catch {
		return new TextDecoder("latin1").decode(text);
	}
}
