/**
 * Compression by bzip2 (the format as in J. Seward's bzip2 1.0.8): run lengths, Burrows-Wheeler transform, move to
 * front, and Huffman codes by groups of 50. Our own, for the same reason as the decoder beside it.
 */
import { bzip2Crc } from "./bzip2.ts";
import { suffixArray } from "./suffix-array.ts";

const symbolsPerTable = 50;
const longestCode = 17;
const rounds = 4;

class BitWriter {
	#bytes = new Uint8Array(1 << 16);
	#at = 0;
	#hold = 0;
	#held = 0;

	/** The lowest `count` bits, at most 24, the highest first. */
	bits(value: number, count: number): void {
		this.#hold = (this.#hold << count) | value;
		this.#held += count;
		while (this.#held >= 8) {
			this.#held -= 8;
			this.#byte((this.#hold >>> this.#held) & 0xff);
			this.#hold &= (1 << this.#held) - 1;
		}
	}

	word(value: number): void {
		this.bits(value >>> 16, 16);
		this.bits(value & 0xffff, 16);
	}

	finish(): Uint8Array {
		if (this.#held > 0) this.bits(0, 8 - this.#held);
		return this.#bytes.slice(0, this.#at);
	}

	#byte(value: number): void {
		if (this.#at === this.#bytes.length) {
			const grown = new Uint8Array(2 * this.#at);
			grown.set(this.#bytes);
			this.#bytes = grown;
		}
		this.#bytes[this.#at++] = value;
	}
}

/**
 * Compresses bytes into one stream.
 * @param level size of a block in 100 kB, 1 to 9
 */
export function encodeBzip2(bytes: Uint8Array, level = 9): Uint8Array {
	const out = new BitWriter();
	out.bits(0x425a, 16);
	out.bits(0x68, 8);
	out.bits(0x30 + level, 8);
	const block = new Uint8Array(100_000 * level - 19);
	let combined = 0;
	for (let at = 0; at < bytes.length; ) {
		const { length, next, sum } = fillBlock(bytes, at, block);
		writeBlock(out, block.subarray(0, length), sum);
		combined = (((combined << 1) | (combined >>> 31)) ^ sum) >>> 0;
		at = next;
	}
	out.bits(0x177245, 24);
	out.bits(0x385090, 24);
	out.word(combined);
	return out.finish();
}

/** Puts runs of 4 to 259 equal bytes as four and a count, as much as the block takes. */
function fillBlock(bytes: Uint8Array, start: number, block: Uint8Array) {
	const crc = bzip2Crc();
	let sum = 0xffffffff;
	let length = 0;
	let at = start;
	while (at < bytes.length && length + 5 <= block.length) {
		const byte = bytes[at];
		let run = 1;
		while (run < 259 && at + run < bytes.length && bytes[at + run] === byte) run++;
		for (let i = 0; i < run; i++) sum = crc(sum, byte);
		block.fill(byte, length, length + Math.min(run, 4));
		length += Math.min(run, 4);
		if (run >= 4) block[length++] = run - 4;
		at += run;
	}
	return { length, next: at, sum: ~sum >>> 0 };
}

function writeBlock(out: BitWriter, block: Uint8Array, sum: number): void {
	const { last, origin } = transform(block);
	out.bits(0x314159, 24);
	out.bits(0x265359, 24);
	out.word(sum);
	out.bits(0, 1);
	out.bits(origin, 24);
	const used = new Uint8Array(256);
	for (const byte of last) used[byte] = 1;
	for (let row = 0; row < 256; row += 16) out.bits(used.subarray(row, row + 16).includes(1) ? 1 : 0, 1);
	for (let row = 0; row < 256; row += 16) {
		if (!used.subarray(row, row + 16).includes(1)) continue;
		for (let i = row; i < row + 16; i++) out.bits(used[i], 1);
	}
	const { symbols, alphabet } = toFront(last, used);
	writeCodes(out, symbols, alphabet);
}

/** The last bytes of the block's rotations in their order, and the place in it of the block itself. */
function transform(block: Uint8Array): { last: Uint8Array; origin: number } {
	const n = block.length;
	const { start, period } = leastRotation(block);
	// Turned round to its least rotation, a block that does not repeat itself has its suffixes in the order of its
	// rotations (R. Giancarlo, A. Restivo, M. Sciortino, Theoret. Comput. Sci. 387, 2007). One that does has each
	// rotation of what it repeats that many times.
	const word = new Int32Array(period);
	word.set(block.subarray(start, start + period));
	if (start + period > n) word.set(block.subarray(0, start + period - n), n - start);
	const order = suffixArray(word, 255);
	const last = new Uint8Array(n);
	const times = n / period;
	const whole = (period - (start % period)) % period;
	let origin = 0;
	for (let i = 0; i < period; i++) {
		if (order[i] === whole) origin = i * times;
		const byte = word[order[i] === 0 ? period - 1 : order[i] - 1];
		if (times === 1) last[i] = byte;
		else last.fill(byte, i * times, (i + 1) * times);
	}
	return { last, origin };
}

/** Where the least rotation begins, and after how many bytes the block, read round, repeats itself. */
function leastRotation(block: Uint8Array): { start: number; period: number } {
	const n = block.length;
	let [a, b, same] = [0, 1, 0];
	while (b < n && same < n) {
		const x = block[a + same < n ? a + same : a + same - n];
		const y = block[b + same < n ? b + same : b + same - n];
		if (x === y) {
			same++;
			continue;
		}
		// No rotation from the greater one's places so far can be the least.
		if (x > y) a += same + 1;
		else b += same + 1;
		if (a > b) [a, b] = [b, a];
		else if (a === b) b++;
		same = 0;
	}
	return { start: a, period: same >= n ? b - a : n };
}

/** Each byte as its place in a list of those met last; runs of the first place as numbers in base 2 of two symbols. */
function toFront(last: Uint8Array, used: Uint8Array): { symbols: Uint16Array; alphabet: number } {
	const list = new Uint8Array(256);
	let count = 0;
	for (let byte = 0; byte < 256; byte++) if (used[byte]) list[count++] = byte;
	const symbols = new Uint16Array(last.length + 1);
	let length = 0;
	let run = 0;
	const endRun = () => {
		for (; run > 0; run = (run - 1) >>> 1) symbols[length++] = (run - 1) & 1;
		run = 0;
	};
	for (const byte of last) {
		if (list[0] === byte) {
			run++;
			continue;
		}
		endRun();
		let place = 1;
		while (list[place] !== byte) place++;
		list.copyWithin(1, 0, place);
		list[0] = byte;
		symbols[length++] = place + 1;
	}
	endRun();
	symbols[length++] = count + 1;
	return { symbols: symbols.subarray(0, length), alphabet: count + 2 };
}

function writeCodes(out: BitWriter, symbols: Uint16Array, alphabet: number): void {
	const [few, some, more, many] = [200, 600, 1200, 2400];
	const { length } = symbols;
	const tables = length < few ? 2 : length < some ? 3 : length < more ? 4 : length < many ? 5 : 6;
	const groups = Math.ceil(length / symbolsPerTable);
	const total = new Float64Array(alphabet);
	for (const symbol of symbols) total[symbol]++;
	// At first each table takes a range of symbols that holds its share of them.
	const lengths: Uint8Array[] = [];
	for (let table = 0, symbol = 0, left = length; table < tables; table++) {
		const share = left / (tables - table);
		const own = new Uint8Array(alphabet).fill(15);
		for (let sum = 0; symbol < alphabet && (sum < share || table === tables - 1); symbol++) {
			sum += total[symbol];
			left -= total[symbol];
			own[symbol] = 0;
		}
		lengths.push(own);
	}
	const selectors = new Uint8Array(groups);
	for (let round = 0; round < rounds; round++) {
		const counts = lengths.map(() => new Float64Array(alphabet));
		for (let group = 0; group < groups; group++) {
			const from = group * symbolsPerTable;
			const to = Math.min(length, from + symbolsPerTable);
			let best = 0;
			let least = Number.POSITIVE_INFINITY;
			for (let table = 0; table < tables; table++) {
				const cost = costOf(symbols, from, to, lengths[table]);
				if (cost < least) [best, least] = [table, cost];
			}
			selectors[group] = best;
			const count = counts[best];
			for (let i = from; i < to; i++) count[symbols[i]]++;
		}
		for (const [table, count] of counts.entries()) lengths[table] = codeLengths(count);
	}
	out.bits(tables, 3);
	out.bits(groups, 15);
	const order = lengths.map((_, table) => table);
	for (const selector of selectors) {
		const place = order.indexOf(selector);
		order.splice(place, 1);
		order.unshift(selector);
		for (let i = 0; i < place; i++) out.bits(1, 1);
		out.bits(0, 1);
	}
	for (const own of lengths) {
		let current = own[0];
		out.bits(current, 5);
		for (const wanted of own) {
			for (; current < wanted; current++) out.bits(0b10, 2);
			for (; current > wanted; current--) out.bits(0b11, 2);
			out.bits(0, 1);
		}
	}
	const codes = lengths.map(canonicalCodes);
	for (let group = 0; group < groups; group++) {
		const [code, own] = [codes[selectors[group]], lengths[selectors[group]]];
		const to = Math.min(length, (group + 1) * symbolsPerTable);
		for (let i = group * symbolsPerTable; i < to; i++) out.bits(code[symbols[i]], own[symbols[i]]);
	}
}

/** Bits that some symbols take by a table. */
function costOf(symbols: Uint16Array, from: number, to: number, lengths: Uint8Array): number {
	let cost = 0;
	for (let i = from; i < to; i++) cost += lengths[symbols[i]];
	return cost;
}

/** Lengths of a Huffman code of at most {@link longestCode} bits, in which every symbol has one. */
function codeLengths(counts: Float64Array): Uint8Array {
	for (
		let weights = counts.map((count) => count || 1);
		;
		weights = weights.map((w) => 1 + Math.floor(w / 2))
	) {
		const lengths = huffman(weights);
		if (lengths.every((length) => length <= longestCode)) return lengths;
	}
}

/** By two queues: leaves in the order of their weight, and nodes in the order in which they are made. */
function huffman(weights: Float64Array): Uint8Array {
	const n = weights.length;
	const leaves = Array.from(weights.keys()).sort((a, b) => weights[a] - weights[b]);
	const weight = new Float64Array(2 * n - 1);
	weight.set(weights);
	const parent = new Int32Array(2 * n - 1);
	let [leaf, node] = [0, n];
	for (let made = n; made < 2 * n - 1; made++) {
		for (let side = 0; side < 2; side++) {
			const takeLeaf = leaf < n && (node >= made || weight[leaves[leaf]] <= weight[node]);
			const child = takeLeaf ? leaves[leaf++] : node++;
			weight[made] += weight[child];
			parent[child] = made;
		}
	}
	const depth = new Uint8Array(2 * n - 1);
	for (let i = 2 * n - 3; i >= 0; i--) depth[i] = depth[parent[i]] + 1;
	return depth.slice(0, n);
}

function canonicalCodes(lengths: Uint8Array): Int32Array {
	const codes = new Int32Array(lengths.length);
	let code = 0;
	for (let length = 1; length <= longestCode; length++, code <<= 1) {
		for (let symbol = 0; symbol < lengths.length; symbol++)
			if (lengths[symbol] === length) codes[symbol] = code++;
	}
	return codes;
}
