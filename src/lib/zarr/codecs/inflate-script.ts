/** Deflate (RFC 1951) undone in JavaScript, for where WebAssembly does not run; see inflate.ts. */

const lengthBase = new Uint16Array([
	3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
	227, 258,
]);
const lengthExtra = new Uint8Array([
	0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
]);
const distanceBase = new Uint16Array([
	1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
	6145, 8193, 12289, 16385, 24577,
]);
const distanceExtra = new Uint8Array([
	0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]);
const codeLengthOrder = new Uint8Array([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** Bits looked up at once; longer codes go to a second table. */
const primaryBits = 10;

/**
 * Codes as a table indexed by the next bits of the stream. An entry is `symbol << 4 | length`; where the primary table
 * is not enough it is `offset of the second table << 8 | its bits << 4 | 0` with the sign bit set; 0 is no code.
 */
interface Decoder {
	table: Int32Array;
	bits: number;
}

function buildDecoder(lengths: Uint8Array, count: number): Decoder {
	const perLength = new Uint16Array(16);
	let longest = 0;
	for (let i = 0; i < count; i++) {
		const length = lengths[i];
		perLength[length]++;
		if (length > longest) longest = length;
	}
	perLength[0] = 0;
	const next = new Uint16Array(16);
	let code = 0;
	let left = 1;
	for (let length = 1; length <= 15; length++) {
		left = (left << 1) - perLength[length];
		if (left < 0) throw new RangeError("a code table has too many codes");
		code = (code + perLength[length - 1]) << 1;
		next[length] = code;
	}
	const bits = Math.min(Math.max(longest, 1), primaryBits);
	const size = 1 << bits;
	// A code longer than the primary table costs at most one second table of 2^(15 - bits) entries per prefix.
	let table = new Int32Array(size);
	let used = size;
	for (let symbol = 0; symbol < count; symbol++) {
		const length = lengths[symbol];
		if (length === 0) continue;
		const reversed = reverse(next[length]++, length);
		if (length <= bits) {
			const entry = (symbol << 4) | length;
			for (let at = reversed; at < size; at += 1 << length) table[at] = entry;
			continue;
		}
		const prefix = reversed & (size - 1);
		const secondBits = longest - bits;
		if (table[prefix] === 0) {
			if (used + (1 << secondBits) > table.length) {
				const larger = new Int32Array(Math.max(table.length * 2, used + (1 << secondBits)));
				larger.set(table);
				table = larger;
			}
			table[prefix] = (used << 8) | (secondBits << 4) | (1 << 31);
			used += 1 << secondBits;
		}
		const start = (table[prefix] & 0x7fffffff) >> 8;
		const entry = (symbol << 4) | length;
		for (let at = reversed >> bits; at < 1 << secondBits; at += 1 << (length - bits)) {
			table[start + at] = entry;
		}
	}
	return { table, bits };
}

function reverse(code: number, length: number): number {
	let from = code;
	let to = 0;
	for (let i = 0; i < length; i++) {
		to = (to << 1) | (from & 1);
		from >>= 1;
	}
	return to;
}

let fixed: { literals: Decoder; distances: Decoder } | undefined;

function fixedDecoders() {
	if (!fixed) {
		const lengths = new Uint8Array(288);
		lengths.fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280, 288);
		const distances = new Uint8Array(30).fill(5);
		fixed = { literals: buildDecoder(lengths, 288), distances: buildDecoder(distances, 30) };
	}
	return fixed;
}

/**
 * Fills `output` from the deflate stream that begins in `input` at `start` and returns how many bytes were written: fewer
 * than `output.length` where the stream ends early. Stops as soon as the output is full.
 * @throws RangeError where the input is damaged
 */
export function inflateByScript(input: Uint8Array, start: number, output: Uint8Array): number {
	let at = start;
	let hold = 0;
	let held = 0;
	let written = 0;
	const end = output.length;
	const inputEnd = input.length;
	const lengths = new Uint8Array(320);

	const need = (count: number): number => {
		while (held < count) {
			if (at >= inputEnd) throw new RangeError("the compressed stream ends early");
			hold |= input[at++] << held;
			held += 8;
		}
		const value = hold & ((1 << count) - 1);
		hold >>>= count;
		held -= count;
		return value;
	};
	const decode = (decoder: Decoder): number => {
		while (held < 15 && at < inputEnd) {
			hold |= input[at++] << held;
			held += 8;
		}
		let entry = decoder.table[hold & ((1 << decoder.bits) - 1)];
		if (entry < 0) {
			const start = (entry & 0x7fffffff) >> 8;
			entry = decoder.table[start + ((hold >>> decoder.bits) & ((1 << ((entry >> 4) & 15)) - 1))];
		}
		const length = entry & 15;
		if (length === 0) throw new RangeError("a code is not in its table");
		if (length > held) throw new RangeError("the compressed stream ends early");
		hold >>>= length;
		held -= length;
		return entry >> 4;
	};

	let last = false;
	while (!last && written < end) {
		last = need(1) === 1;
		const kind = need(2);
		if (kind === 3) throw new RangeError("a block is of no known kind");
		if (kind === 0) {
			hold = 0;
			// Whole bytes already held go back to the input.
			at -= held >> 3;
			held = 0;
			if (at + 4 > inputEnd) throw new RangeError("the compressed stream ends early");
			const size = input[at] | (input[at + 1] << 8);
			if ((size ^ 0xffff) !== (input[at + 2] | (input[at + 3] << 8))) {
				throw new RangeError("the size of a stored block is damaged");
			}
			at += 4;
			const take = Math.min(size, end - written);
			if (at + take > inputEnd) throw new RangeError("the compressed stream ends early");
			output.set(input.subarray(at, at + take), written);
			written += take;
			at += size;
			continue;
		}
		let literals: Decoder;
		let distances: Decoder;
		if (kind === 1) {
			({ literals, distances } = fixedDecoders());
		} else {
			const literalCount = need(5) + 257;
			const distanceCount = need(5) + 1;
			const lengthCount = need(4) + 4;
			if (literalCount > 286 || distanceCount > 30) throw new RangeError("a code table is too long");
			const codeLengths = new Uint8Array(19);
			for (let i = 0; i < lengthCount; i++) codeLengths[codeLengthOrder[i]] = need(3);
			const lengthDecoder = buildDecoder(codeLengths, 19);
			const total = literalCount + distanceCount;
			for (let i = 0; i < total; ) {
				const symbol = decode(lengthDecoder);
				if (symbol < 16) {
					lengths[i++] = symbol;
					continue;
				}
				if (symbol === 16 && i === 0) throw new RangeError("a code table repeats nothing");
				const value = symbol === 16 ? lengths[i - 1] : 0;
				const repeat = symbol === 16 ? 3 + need(2) : symbol === 17 ? 3 + need(3) : 11 + need(7);
				if (i + repeat > total) throw new RangeError("a code table is too long");
				lengths.fill(value, i, i + repeat);
				i += repeat;
			}
			literals = buildDecoder(lengths, literalCount);
			distances = buildDecoder(lengths.subarray(literalCount), distanceCount);
		}

		const literalTable = literals.table;
		const literalBits = literals.bits;
		const literalMask = (1 << literalBits) - 1;
		while (written < end) {
			if (held < 15) {
				if (at + 1 < inputEnd) {
					hold |= (input[at] | (input[at + 1] << 8)) << held;
					at += 2;
					held += 16;
				} else if (at < inputEnd) {
					hold |= input[at++] << held;
					held += 8;
				}
			}
			let entry = literalTable[hold & literalMask];
			if (entry < 0) {
				const start = (entry & 0x7fffffff) >> 8;
				entry = literalTable[start + ((hold >>> literalBits) & ((1 << ((entry >> 4) & 15)) - 1))];
			}
			const bits = entry & 15;
			if (bits === 0) throw new RangeError("a code is not in its table");
			if (bits > held) throw new RangeError("the compressed stream ends early");
			hold >>>= bits;
			held -= bits;
			const symbol = entry >> 4;
			if (symbol < 256) {
				output[written++] = symbol;
				continue;
			}
			if (symbol === 256) break;
			if (symbol > 285) throw new RangeError("a length is not allowed");
			let length = lengthBase[symbol - 257] + need(lengthExtra[symbol - 257]);
			const code = decode(distances);
			if (code > 29) throw new RangeError("a distance is not allowed");
			const distance = distanceBase[code] + need(distanceExtra[code]);
			if (distance > written) throw new RangeError("a distance goes back before the start");
			if (length > end - written) length = end - written;
			if (distance >= length && length > 32) {
				output.copyWithin(written, written - distance, written - distance + length);
				written += length;
			} else {
				for (let from = written - distance, stop = written + length; written < stop; ) {
					output[written++] = output[from++];
				}
			}
		}
	}
	return written;
}
