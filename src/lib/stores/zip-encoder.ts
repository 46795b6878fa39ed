/**
 * The bytes of a zip file whose entries are not compressed, all in the form of ZIP64 (PKWARE APPNOTE 6.3.10), so that
 * neither the number of entries nor a size has a limit to be known before.
 */
import { crc32 } from "./crc32.ts";
import { extra, flag, full16, full32, length, mark, stored, viewOf } from "./zip-format.ts";

/** Version 4.5 of the format is the first with ZIP64 (4.4.3.2). */
const version = 45;
/** Bytes that are gathered before they go on: a file may have very many small entries. */
const batch = 1 << 18;

export class ZipEncoder {
	/** Entries so far. */
	count = 0;
	/** Bytes so far, those that wait included. */
	bytes = 0;
	readonly #out: (bytes: Uint8Array) => Promise<void>;
	readonly #time: number;
	readonly #date: number;
	readonly #directory: Uint8Array[] = [];
	#waiting = new Uint8Array(batch);
	#used = 0;

	/**
	 * @param out takes what has been made; the bytes are its own
	 * @param modified time of every entry, default 1980-01-01, the first that a zip file knows
	 */
	constructor(out: (bytes: Uint8Array) => Promise<void>, modified = new Date(1980, 0, 1)) {
		this.#out = out;
		// In pairs of seconds, of local time (4.4.6).
		this.#time = (modified.getHours() << 11) | (modified.getMinutes() << 5) | (modified.getSeconds() >> 1);
		const year = Math.min(127, Math.max(0, modified.getFullYear() - 1980));
		this.#date = (year << 9) | ((modified.getMonth() + 1) << 5) | modified.getDate();
	}

	async add(key: string, value: Uint8Array): Promise<void> {
		const name = new TextEncoder().encode(key);
		const size = BigInt(value.byteLength);
		const offset = BigInt(this.bytes);
		const sum = crc32(value);
		const header = record(length.local, name, 20);
		header.view.setUint32(0, mark.local, true);
		this.#describe(header.view, 4, sum, name.byteLength, 20);
		extraField(header.view, length.local + name.byteLength, [size, size]);
		await this.#put(header.bytes);
		await this.#put(value);

		const entry = record(length.central, name, 28);
		entry.view.setUint32(0, mark.central, true);
		entry.view.setUint16(4, version, true);
		this.#describe(entry.view, 6, sum, name.byteLength, 28);
		entry.view.setUint32(42, full32, true);
		extraField(entry.view, length.central + name.byteLength, [size, size, offset]);
		this.#directory.push(entry.bytes);
		this.count++;
	}

	/** Writes the directory and the records that end the file. */
	async end(comment: Uint8Array): Promise<void> {
		const offset = this.bytes;
		for (const entry of this.#directory) await this.#put(entry);
		const at = this.bytes;
		const bytes = new Uint8Array(length.end64 + length.locator + length.end + comment.byteLength);
		const view = viewOf(bytes);
		view.setUint32(0, mark.end64, true);
		// What follows in this record.
		view.setBigUint64(4, BigInt(length.end64 - 12), true);
		view.setUint16(12, version, true);
		view.setUint16(14, version, true);
		for (const [i, value] of [this.count, this.count, at - offset, offset].entries()) {
			view.setBigUint64(24 + 8 * i, BigInt(value), true);
		}
		const locator = length.end64;
		view.setUint32(locator, mark.locator, true);
		view.setBigUint64(locator + 8, BigInt(at), true);
		view.setUint32(locator + 16, 1, true);
		const end = locator + length.locator;
		view.setUint32(end, mark.end, true);
		for (const field of [8, 10]) view.setUint16(end + field, Math.min(this.count, full16), true);
		for (const [field, value] of [
			[12, at - offset],
			[16, offset],
		]) {
			view.setUint32(end + field, Math.min(value, full32), true);
		}
		view.setUint16(end + 20, comment.byteLength, true);
		bytes.set(comment, end + length.end);
		await this.#put(bytes);
		await this.#flush();
	}

	/** The fields that a local header and an entry of the directory share, from the version needed on. */
	#describe(view: DataView, at: number, sum: number, nameLength: number, extraLength: number): void {
		view.setUint16(at, version, true);
		view.setUint16(at + 2, flag.utf8, true);
		view.setUint16(at + 4, stored, true);
		view.setUint16(at + 6, this.#time, true);
		view.setUint16(at + 8, this.#date, true);
		view.setUint32(at + 10, sum, true);
		// The sizes are in the field of ZIP64.
		view.setUint32(at + 14, full32, true);
		view.setUint32(at + 18, full32, true);
		view.setUint16(at + 22, nameLength, true);
		view.setUint16(at + 24, extraLength, true);
	}

	async #put(bytes: Uint8Array): Promise<void> {
		this.bytes += bytes.byteLength;
		if (this.#used + bytes.byteLength > batch) await this.#flush();
		if (bytes.byteLength > batch) {
			// The store's own memory is not given away.
			await this.#out(bytes.slice());
			return;
		}
		this.#waiting.set(bytes, this.#used);
		this.#used += bytes.byteLength;
	}

	async #flush(): Promise<void> {
		if (this.#used === 0) return;
		const full = this.#waiting.subarray(0, this.#used);
		this.#waiting = new Uint8Array(batch);
		this.#used = 0;
		await this.#out(full);
	}
}

/** A record of a fixed part, a name, and room for an extra field. */
function record(fixed: number, name: Uint8Array, room: number): { bytes: Uint8Array; view: DataView } {
	const bytes = new Uint8Array(fixed + name.byteLength + room);
	bytes.set(name, fixed);
	return { bytes, view: viewOf(bytes) };
}

function extraField(view: DataView, at: number, values: bigint[]): void {
	view.setUint16(at, extra.zip64, true);
	view.setUint16(at + 2, 8 * values.length, true);
	for (const [i, value] of values.entries()) view.setBigUint64(at + 4 + 8 * i, value, true);
}
