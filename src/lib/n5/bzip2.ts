/**
 * Decompression of bzip2 (the format as in J. Seward's bzip2 1.0.8, and in J. Tsai's "BZIP2: Format Specification").
 * Our own, because the packages for it need Node's Buffer or load a megabyte of WebAssembly from a file beside them.
 */

const blockMagic = [0x314159, 0x265359];
const endMagic = [0x177245, 0x385090];
/** Runs of the first value after the move-to-front step are written in base 2 with these two symbols. */
const runA = 0;
const runB = 1;
const symbolsPerTable = 50;
const longestCode = 20;

class BitReader {
	readonly #bytes: Uint8Array;
	#at = 0;
	#hold = 0;
	#held = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	/** The next `count` bits, at most 24, the first the highest. */
	bits(count: number): number {
		while (this.#held < count) {
			if (this.#at >= this.#bytes.length) throw new RangeError("the bzip2 stream is cut short");
			this.#hold = ((this.#hold << 8) | this.#bytes[this.#at++]) >>> 0;
			this.#held += 8;
		}
		this.#held -= count;
		const value = (this.#hold >>> this.#held) & ((1 << count) - 1);
		this.#hold &= (1 << this.#held) - 1;
		return value;
	}

	bit(): number {
		return this.bits(1);
	}

	word(): number {
		return ((this.bits(16) << 16) | this.bits(16)) >>> 0;
	}

	alignToByte(): void {
		this.bits(this.#held % 8);
	}

	get ended(): boolean {
		return this.#at >= this.#bytes.length && this.#held < 8;
	}
}

/** A canonical Huffman code: for each length the codes end before `limit`, and `offset` leads to the symbols. */
interface Code {
	limit: Int32Array;
	offset: Int32Array;
	symbols: Uint16Array;
	shortest: number;
}

function readCode(reader: BitReader, count: number): Code {
	const lengths = new Uint8Array(count);
	let length = reader.bits(5);
	for (let symbol = 0; symbol < count; symbol++) {
		for (;;) {
			if (length < 1 || length > longestCode) throw new RangeError("a bzip2 code has an impossible length");
			if (reader.bit() === 0) break;
			length += reader.bit() === 0 ? 1 : -1;
		}
		lengths[symbol] = length;
	}
	const perLength = new Int32Array(longestCode + 2);
	for (const n of lengths) perLength[n]++;
	const limit = new Int32Array(longestCode + 2);
	const offset = new Int32Array(longestCode + 2);
	const symbols = new Uint16Array(count);
	let code = 0;
	let index = 0;
	for (let n = 1; n <= longestCode; n++) {
		offset[n] = index - code;
		for (let symbol = 0; symbol < count; symbol++) if (lengths[symbol] === n) symbols[index++] = symbol;
		code += perLength[n];
		limit[n] = code;
		code <<= 1;
	}
	return { limit, offset, symbols, shortest: Math.min(...lengths) };
}

function readSymbol(reader: BitReader, code: Code): number {
	let value = reader.bits(code.shortest);
	for (let n = code.shortest; ; n++) {
		if (n > longestCode) throw new RangeError("a bzip2 code is in no table");
		if (value < code.limit[n]) return code.symbols[value + code.offset[n]];
		value = (value << 1) | reader.bit();
	}
}

let crcTable: Uint32Array | undefined;

/** CRC-32 with the highest bit first, as bzip2 has it. */
function crc(table: Uint32Array, value: number, byte: number): number {
	return ((value << 8) ^ table[(value >>> 24) ^ byte]) >>> 0;
}

/** The checksum with one byte more, from 0xffffffff on; inverted it is that of a block. */
export function bzip2Crc(): (value: number, byte: number) => number {
	crcTable ??= makeCrcTable();
	const table = crcTable;
	return (value, byte) => crc(table, value, byte);
}

function makeCrcTable(): Uint32Array {
	return Uint32Array.from({ length: 256 }, (_, i) => {
		let value = (i << 24) >>> 0;
		for (let bit = 0; bit < 8; bit++) {
			value = value & 0x80000000 ? ((value << 1) ^ 0x04c11db7) >>> 0 : (value << 1) >>> 0;
		}
		return value;
	});
}

/** One block up to the Burrows-Wheeler transform: for each position the byte in its low 8 bits. */
function readBlock(reader: BitReader, links: Uint32Array): { count: number; origin: number } {
	if (reader.bit()) throw new RangeError("the bzip2 stream is randomised, a form given up in 1996");
	const origin = reader.bits(24);
	const used: number[] = [];
	const groups = reader.bits(16);
	for (let group = 0; group < 16; group++) {
		if (!(groups & (0x8000 >> group))) continue;
		const members = reader.bits(16);
		for (let i = 0; i < 16; i++) if (members & (0x8000 >> i)) used.push(16 * group + i);
	}
	const tables = reader.bits(3);
	const selectorCount = reader.bits(15);
	if (used.length === 0 || tables < 2 || tables > 6 || selectorCount === 0) {
		throw new RangeError("a bzip2 block has no code tables");
	}
	const order = Uint8Array.from({ length: tables }, (_, i) => i);
	const selectors = new Uint8Array(selectorCount);
	for (let i = 0; i < selectorCount; i++) {
		let place = 0;
		while (reader.bit()) if (++place >= tables) throw new RangeError("a bzip2 block names no code table");
		const table = order[place];
		order.copyWithin(1, 0, place);
		order[0] = table;
		selectors[i] = table;
	}
	const endSymbol = used.length + 1;
	const codes = Array.from({ length: tables }, () => readCode(reader, endSymbol + 1));

	const front = Uint8Array.from(used);
	let count = 0;
	let run = 0;
	let runStep = 1;
	for (let group = 0; ; group++) {
		if (group >= selectorCount) throw new RangeError("a bzip2 block has no end");
		const code = codes[selectors[group]];
		for (let i = 0; i < symbolsPerTable; i++) {
			const symbol = readSymbol(reader, code);
			if (symbol === runA || symbol === runB) {
				run += runStep << symbol;
				runStep <<= 1;
				if (run > links.length) throw new RangeError("a bzip2 block is longer than it may be");
				continue;
			}
			if (run > 0) {
				if (count + run > links.length) throw new RangeError("a bzip2 block is longer than it may be");
				links.fill(front[0], count, count + run);
				count += run;
				run = 0;
				runStep = 1;
			}
			if (symbol === endSymbol) {
				if (origin >= count) throw new RangeError("a bzip2 block begins outside itself");
				return { count, origin };
			}
			if (count >= links.length) throw new RangeError("a bzip2 block is longer than it may be");
			const byte = front[symbol - 1];
			front.copyWithin(1, 0, symbol - 1);
			front[0] = byte;
			links[count++] = byte;
		}
	}
}

/**
 * Decompresses a stream (or several one after another) that holds exactly `size` bytes; block checksums are verified.
 * @throws RangeError where the bytes are no such stream
 */
export function decodeBzip2(bytes: Uint8Array, size: number): Uint8Array {
	const out = decodeBzip2UpTo(bytes, size, size);
	if (out.length !== size)
		throw new RangeError(`the bzip2 stream holds ${out.length} bytes in place of ${size}`);
	return out;
}

/**
 * As {@link decodeBzip2}, of a stream that holds at most `most` bytes, and about `likely`.
 * @throws RangeError where the bytes are no such stream
 */
export function decodeBzip2UpTo(bytes: Uint8Array, most: number, likely: number): Uint8Array {
	crcTable ??= makeCrcTable();
	const table = crcTable;
	const reader = new BitReader(bytes);
	let out = new Uint8Array(Math.min(most, likely));
	let at = 0;
	const starts = new Int32Array(256);
	do {
		if (reader.bits(16) !== 0x425a || reader.bits(8) !== 0x68)
			throw new RangeError("this is no bzip2 stream");
		const level = reader.bits(8) - 0x30;
		if (level < 1 || level > 9) throw new RangeError("the bzip2 block size is none of 1 to 9");
		const links = new Uint32Array(100_000 * level);
		for (;;) {
			const magic = [reader.bits(24), reader.bits(24)];
			const stated = reader.word();
			if (magic[0] === endMagic[0] && magic[1] === endMagic[1]) break;
			if (magic[0] !== blockMagic[0] || magic[1] !== blockMagic[1]) {
				throw new RangeError("a bzip2 block does not begin as one");
			}
			const { count, origin } = readBlock(reader, links);
			// The inverse transform: the bytes sorted, each linked to the one that follows it in the text.
			starts.fill(0);
			for (let i = 0; i < count; i++) starts[links[i] & 0xff]++;
			for (let byte = 0, sum = 0; byte < 256; byte++) {
				const n = starts[byte];
				starts[byte] = sum;
				sum += n;
			}
			for (let i = 0; i < count; i++) links[starts[links[i] & 0xff]++] |= i << 8;
			let sum = 0xffffffff;
			let repeats = 0;
			let last = -1;
			let link = links[origin] >>> 8;
			for (let i = 0; i < count; i++) {
				const entry = links[link];
				link = entry >>> 8;
				const byte = entry & 0xff;
				// Four equal bytes are followed by how many more there are.
				const times = repeats === 4 ? byte : 1;
				if (repeats === 4) repeats = 0;
				else {
					repeats = byte === last ? repeats + 1 : 1;
					last = byte;
				}
				if (at + times > out.length) {
					if (at + times > most) throw new RangeError(`the bzip2 stream holds more than ${most} bytes`);
					const grown = new Uint8Array(Math.min(most, 2 * out.length + 1024));
					grown.set(out);
					out = grown;
				}
				for (let n = 0; n < times; n++) {
					out[at++] = last;
					sum = crc(table, sum, last);
				}
			}
			if (~sum >>> 0 !== stated) {
				throw new RangeError("the checksum of a bzip2 block does not fit its bytes");
			}
		}
		reader.alignToByte();
	} while (!reader.ended);
	return out.subarray(0, at);
}
