/** Image file directories as TIFF 6.0 section 2 lays them out, little-endian. */
import { fieldType } from "./tags.ts";

/** One directory and the values that do not fit into its entries. */
export class DirectoryLayout {
	readonly #entries: { tag: number; type: number; count: number; values: number[] }[] = [];

	/** Values of a type; a rational is two values. Tags must come in ascending order. */
	numbers(tag: number, type: number, values: number[]): void {
		const count = type === fieldType.rational ? values.length / 2 : values.length;
		this.#entries.push({ tag, type, count, values });
	}

	text(tag: number, text: string): void {
		const codes = Array.from(text, (character) => character.codePointAt(0)!);
		const ascii = codes.map((code) => (code > 126 || (code < 32 && code !== 10) ? 63 : code));
		this.numbers(tag, fieldType.ascii, [...ascii, 0]);
	}

	replace(tag: number, values: number[]): void {
		this.#entries.find((entry) => entry.tag === tag)!.values = values;
	}

	get size(): number {
		return this.#entries.reduce((sum, entry) => {
			const bytes = valueBytes(entry.type) * entry.values.length;
			return sum + (bytes > 4 ? even(bytes) : 0);
		}, this.#ownSize);
	}

	get #ownSize(): number {
		return 2 + 12 * this.#entries.length + 4;
	}

	write(view: DataView, at: number, following: number): void {
		view.setUint16(at, this.#entries.length, true);
		let elsewhere = at + this.#ownSize;
		for (const [i, { tag, type, count, values }] of this.#entries.entries()) {
			const entry = at + 2 + 12 * i;
			view.setUint16(entry, tag, true);
			view.setUint16(entry + 2, type, true);
			view.setUint32(entry + 4, count, true);
			const bytes = valueBytes(type) * values.length;
			const target = bytes > 4 ? elsewhere : entry + 8;
			if (bytes > 4) {
				view.setUint32(entry + 8, elsewhere, true);
				elsewhere += even(bytes);
			}
			for (const [k, value] of values.entries()) {
				if (type === fieldType.ascii) view.setUint8(target + k, value);
				else if (type === fieldType.short) view.setUint16(target + 2 * k, value, true);
				else view.setUint32(target + 4 * k, value, true);
			}
		}
		view.setUint32(at + this.#ownSize - 4, following, true);
	}
}

function valueBytes(type: number): number {
	return type === fieldType.ascii ? 1 : type === fieldType.short ? 2 : 4;
}

/** Offsets should be even (TIFF 6.0, section 2). */
export function even(bytes: number): number {
	return bytes + (bytes & 1);
}
