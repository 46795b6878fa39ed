/**
 * Fax compression of pages of one bit (ITU-T T.4 and T.6, TIFF 6.0 sections 10 and 11): modified Huffman, group 3 in one
 * and two dimensions, group 4. A white pixel becomes 0 and a black one 1, as libtiff has it.
 */
import { DecodeError, KindError } from "./decode-error.ts";
import { compressions } from "./tags.ts";

/** Codes of runs of 0 to 63, then of 64, 128, … 1728 pixels (T.4, tables 2 and 3). */
const whiteCodes =
	"00110101 000111 0111 1000 1011 1100 1110 1111 10011 10100 00111 01000 001000 000011 110100 110101 101010 101011 0100111 0001100 0001000 0010111 0000011 0000100 0101000 0101011 0010011 0100100 0011000 00000010 00000011 00011010 00011011 00010010 00010011 00010100 00010101 00010110 00010111 00101000 00101001 00101010 00101011 00101100 00101101 00000100 00000101 00001010 00001011 01010010 01010011 01010100 01010101 00100100 00100101 01011000 01011001 01011010 01011011 01001010 01001011 00110010 00110011 00110100 " +
	"11011 10010 010111 0110111 00110110 00110111 01100100 01100101 01101000 01100111 011001100 011001101 011010010 011010011 011010100 011010101 011010110 011010111 011011000 011011001 011011010 011011011 010011000 010011001 010011010 011000 010011011";
const blackCodes =
	"0000110111 010 11 10 011 0011 0010 00011 000101 000100 0000100 0000101 0000111 00000100 00000111 000011000 0000010111 0000011000 0000001000 00001100111 00001101000 00001101100 00000110111 00000101000 00000010111 00000011000 000011001010 000011001011 000011001100 000011001101 000001101000 000001101001 000001101010 000001101011 000011010010 000011010011 000011010100 000011010101 000011010110 000011010111 000001101100 000001101101 000011011010 000011011011 000001010100 000001010101 000001010110 000001010111 000001100100 000001100101 000001010010 000001010011 000000100100 000000110111 000000111000 000000100111 000000101000 000001011000 000001011001 000000101011 000000101100 000001011010 000001100110 000001100111 " +
	"0000001111 000011001000 000011001001 000001011011 000000110011 000000110100 000000110101 0000001101100 0000001101101 0000001001010 0000001001011 0000001001100 0000001001101 0000001110010 0000001110011 0000001110100 0000001110101 0000001110110 0000001110111 0000001010010 0000001010011 0000001010100 0000001010101 0000001011010 0000001011011 0000001100100 0000001100101";
/** Codes of 1792, 1856, … 2560 pixels of either colour. */
const longCodes =
	"00000001000 00000001100 00000001101 000000010010 000000010011 000000010100 000000010101 000000010110 000000010111 000000011100 000000011101 000000011110 000000011111";
/** The differences of a change's place from that in the row above, by their codes; `pass` and `horizontal` are modes. */
const pass = 10;
const horizontal = 11;
const modeCodes: [code: string, mode: number][] = [
	["1", 0],
	["011", 1],
	["000011", 2],
	["0000011", 3],
	["010", -1],
	["000010", -2],
	["0000010", -3],
	["0001", pass],
	["001", horizontal],
];
const longestCode = 13;

/** For each sequence of 13 bits the length of the code that it begins with and its value; length 0 for none. */
interface Table {
	lengths: Uint8Array;
	values: Int16Array;
}

function tableOf(codes: Iterable<[code: string, value: number]>): Table {
	const table = { lengths: new Uint8Array(1 << longestCode), values: new Int16Array(1 << longestCode) };
	for (const [code, value] of codes) {
		const first = Number.parseInt(code.padEnd(longestCode, "0"), 2);
		const end = first + (1 << (longestCode - code.length));
		table.lengths.fill(code.length, first, end);
		table.values.fill(value, first, end);
	}
	return table;
}

function runTable(own: string): Table {
	const codes = own.split(" ").map((code, i): [string, number] => [code, i < 64 ? i : 64 * (i - 63)]);
	const long = longCodes.split(" ").map((code, i): [string, number] => [code, 1792 + 64 * i]);
	return tableOf([...codes, ...long]);
}

let tables: { runs: [white: Table, black: Table]; modes: Table } | undefined;

class FaxReader {
	readonly #bytes: Uint8Array;
	/** In bits. */
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	get ended(): boolean {
		return this.#at >= 8 * this.#bytes.length;
	}

	/** The next `count` bits, at most 16, without taking them; zeros beyond the end. */
	peek(count: number): number {
		const byte = this.#at >> 3;
		const word =
			((this.#bytes[byte] ?? 0) << 16) | ((this.#bytes[byte + 1] ?? 0) << 8) | (this.#bytes[byte + 2] ?? 0);
		return (word >> (24 - count - (this.#at & 7))) & ((1 << count) - 1);
	}

	skip(count: number): void {
		this.#at += count;
	}

	align(): void {
		this.#at = (this.#at + 7) & ~7;
	}

	/** The value of the code that comes next; undefined where none does. */
	code({ lengths, values }: Table): number | undefined {
		const bits = this.peek(longestCode);
		if (lengths[bits] === 0 || this.ended) return undefined;
		this.#at += lengths[bits];
		return values[bits];
	}

	run(table: Table): number {
		for (let length = 0; ; ) {
			const part = this.code(table);
			if (part === undefined) throw new DecodeError("a run of pixels has an unknown code");
			length += part;
			if (part < 64) return length;
		}
	}

	/** Takes marks of a line's end (11 zeros or more, and a one), and says how many. */
	lineEnds(taggedRows: boolean): number {
		for (let count = 0; ; count++) {
			if (this.ended || this.peek(11) !== 0) return count;
			while (!this.ended && this.peek(1) === 0) this.skip(1);
			this.skip(1);
			// Between two ends there may be the first one's tag, and no row.
			if (taggedRows && this.peek(13) === 0b1000000000001 && !this.ended) this.skip(1);
		}
	}
}

/**
 * Decodes rows of `width` pixels into `output`, eight pixels a byte, and returns how many bytes that gave.
 * @param options T4Options or T6Options
 * @throws DecodeError, KindError
 */
export function faxInto(
	compression: number,
	input: Uint8Array,
	output: Uint8Array,
	{ width, options }: { width: number; options: number },
): number {
	tables ??= { runs: [runTable(whiteCodes), runTable(blackCodes)], modes: tableOf(modeCodes) };
	const group4 = compression === compressions.ccittFax4;
	const group3 = compression === compressions.ccittFax3;
	if (options & 2) throw new KindError("its fax data have parts that are not compressed");
	const tagged = group3 && (options & 1) === 1;
	const reader = new FaxReader(input);
	const rowBytes = Math.ceil(width / 8);
	output.fill(0);
	let above: number[] = [];
	let written = 0;
	for (; written + rowBytes <= output.length; written += rowBytes) {
		// Two ends without a row between them end the page, and so does what is left of a last byte.
		if (group3 && reader.lineEnds(tagged) > 1) break;
		if (reader.ended || (group4 && reader.peek(12) === 1)) break;
		let flat = !group4;
		if (tagged) {
			flat = reader.peek(1) === 1;
			reader.skip(1);
		}
		above = flat ? readFlat(reader, width) : readByRowAbove(reader, width, above);
		if (!group4 && !group3) reader.align();
		paint(above, output.subarray(written, written + rowBytes), width);
	}
	return written;
}

/** Where the colour changes in a row of runs, white first. */
function readFlat(reader: FaxReader, width: number): number[] {
	const { runs } = tables!;
	const changes: number[] = [];
	for (let at = 0, colour = 0; at < width; colour ^= 1) {
		at += reader.run(runs[colour]);
		if (at > width) throw new DecodeError("a row is longer than the page is wide");
		changes.push(at);
	}
	return changes;
}

/** The same of a row that is told by its differences from the one above (T.4 4.2, T.6 2.2). */
function readByRowAbove(reader: FaxReader, width: number, above: readonly number[]): number[] {
	const { runs, modes } = tables!;
	const changes: number[] = [];
	const place = (i: number) => (i < above.length ? above[i] : width);
	let at = -1;
	let colour = 0;
	let i = 0;
	while (at < width) {
		// The first change above to the other colour, right of here: those to black have even numbers.
		while (i > 0 && place(i - 1) > at) i--;
		while (i < above.length && (above[i] <= at || (i & 1) !== colour)) i++;
		const mode = reader.code(modes);
		if (mode === undefined) throw new DecodeError("a row has an unknown mode");
		if (mode === pass) at = place(i + 1);
		else if (mode === horizontal) {
			const first = Math.max(at, 0) + reader.run(runs[colour]);
			at = first + reader.run(runs[colour ^ 1]);
			changes.push(first, at);
		} else {
			const to = place(i) + mode;
			if (to < at || to < 0) throw new DecodeError("a row goes backwards");
			at = to;
			changes.push(at);
			colour ^= 1;
		}
		if (at > width) throw new DecodeError("a row is longer than the page is wide");
	}
	return changes;
}

/** Sets the bits of the black runs. */
function paint(changes: readonly number[], row: Uint8Array, width: number): void {
	for (let i = 0; i < changes.length; i += 2) {
		const end = changes[i + 1] ?? width;
		for (let at = changes[i]; at < end; ) {
			if ((at & 7) === 0 && end - at >= 8) {
				row[at >> 3] = 0xff;
				at += 8;
			} else {
				row[at >> 3] |= 0x80 >> (at & 7);
				at++;
			}
		}
	}
}
