/**
 * Deflate (RFC 1951) undone. Bits are held 64 at a time, and codes are looked up in tables whose entries say at once what
 * comes out and how many bits are used, extra bits included. Far from both ends nothing is checked but codes and distances.
 */
import { inflateSpace, patternTable } from "./memory";

/** Bits looked up at once; longer codes go on in a second table behind. */
const literalBits: u32 = 11;
const distanceBits: u32 = 9;
const lengthBits: u32 = 7;

/** 2^11 entries, and at most 2^4 for each of 288 symbols with a long code. */
const literalTable: usize = inflateSpace;
/** 2^9 entries, and at most 2^6 for each of 32. */
const distanceTable: usize = inflateSpace + 28672;
/** 2^7 entries, for the lengths of codes. */
const lengthTable: usize = distanceTable + 10240;
/** A byte for each symbol of the two tables together. */
const lengths: usize = lengthTable + 512;
/** Symbols by length of code, two bytes each. */
const sorted: usize = lengths + 512;
/** 16 numbers of codes, and 16 places in `sorted`. */
const counts: usize = sorted + 1024;
const places: usize = counts + 64;

/**
 * An entry: bits 0 to 5 how many bits are used, 8 to 11 how many of them are the code, 16 to 30 the literal, or the least
 * length or distance. Where `special` is set it is neither: a second table (which begins at 16 to 30 and is looked up by
 * 8 to 11 bits), the end of the block, or a problem.
 */
const literal: u32 = 0x80000000;
const special: u32 = 0x8000;
const second: u32 = 0x4000;
const endOfBlock: u32 = 0x2000;
const noCode: u32 = special | (7 << 16);
const badLength: u32 = special | (8 << 16);
const badDistance: u32 = special | (9 << 16);

const early = -1;

let read: usize = 0;
let written: usize = 0;

/** Bytes of the input that the last `inflate` used, the begun one included. */
export function inflateRead(): usize {
	return read;
}

/** Bytes that the last `inflate` gave. */
export function inflateWritten(): usize {
	return written;
}

const kindLiterals = 0;
const kindDistances = 1;
const kindLengths = 2;

function literalEntry(symbol: u32, bits: u32): u32 {
	if (symbol < 256) return literal | (symbol << 16) | bits;
	if (symbol === 256) return special | endOfBlock | bits;
	const i = symbol - 257;
	if (i > 28) return badLength;
	if (i === 28) return (258 << 16) | (bits << 8) | bits;
	const extra: u32 = i < 8 ? 0 : (i >> 2) - 1;
	const base: u32 = i < 8 ? 3 + i : 3 + ((4 + (i & 3)) << extra);
	return (base << 16) | (bits << 8) | (bits + extra);
}

function distanceEntry(symbol: u32, bits: u32): u32 {
	if (symbol > 29) return badDistance;
	const extra: u32 = symbol < 2 ? 0 : (symbol >> 1) - 1;
	const base: u32 = symbol < 2 ? 1 + symbol : 1 + ((2 + (symbol & 1)) << extra);
	return (base << 16) | (bits << 8) | (bits + extra);
}

function entryOf(kind: i32, symbol: u32, bits: u32): u32 {
	if (kind === kindLiterals) return literalEntry(symbol, bits);
	if (kind === kindDistances) return distanceEntry(symbol, bits);
	return (symbol << 16) | bits;
}

function reversed(code: u32, bits: u32): u32 {
	let x = ((code >> 1) & 0x5555) | ((code & 0x5555) << 1);
	x = ((x >> 2) & 0x3333) | ((x & 0x3333) << 2);
	x = ((x >> 4) & 0x0f0f) | ((x & 0x0f0f) << 4);
	x = ((x >> 8) & 0x00ff) | ((x & 0x00ff) << 8);
	return x >> (16 - bits);
}

/** Makes the table of the codes whose lengths lie at `from`, for `count` symbols; false where there are too many codes. */
function makeTable(kind: i32, from: usize, count: u32, table: usize, primary: u32): bool {
	memory.fill(counts, 0, 64);
	for (let symbol: u32 = 0; symbol < count; symbol++) {
		const at = counts + 4 * <usize>load<u8>(from + symbol);
		store<u32>(at, load<u32>(at) + 1);
	}
	let left: i32 = 1;
	let longest: u32 = 0;
	let place: u32 = 0;
	for (let length: u32 = 1; length < 16; length++) {
		const codes = load<u32>(counts + 4 * length);
		left = (left << 1) - <i32>codes;
		if (left < 0) return false;
		if (codes > 0) longest = length;
		store<u32>(places + 4 * length, place);
		place += codes;
	}
	for (let symbol: u32 = 0; symbol < count; symbol++) {
		const length = <usize>load<u8>(from + symbol);
		if (length === 0) continue;
		const at = load<u32>(places + 4 * length);
		store<u32>(places + 4 * length, at + 1);
		store<u16>(sorted + 2 * at, <u16>symbol);
	}
	// The table doubles with each length: shorter codes are repeated, what has no code yet stays without.
	let next = sorted;
	let code: u32 = 0;
	store<u32>(table, noCode);
	for (let length: u32 = 1; length <= primary; length++) {
		memory.copy(table + (4 << (length - 1)), table, 4 << (length - 1));
		code <<= 1;
		for (let codes = load<u32>(counts + 4 * length); codes > 0; codes--) {
			store<u32>(table + 4 * reversed(code++, length), entryOf(kind, load<u16>(next), length));
			next += 2;
		}
	}
	if (longest <= primary) return true;
	const more = longest - primary;
	const size: u32 = 1 << more;
	let used: u32 = 1 << primary;
	for (let length = primary + 1; length <= longest; length++) {
		code <<= 1;
		for (let codes = load<u32>(counts + 4 * length); codes > 0; codes--) {
			const bits = reversed(code++, length);
			const first = table + 4 * (bits & ((1 << primary) - 1));
			if (!(load<u32>(first) & second)) {
				store<u32>(first, special | second | (used << 16) | (more << 8) | primary);
				for (let i: u32 = 0; i < size; i++) store<u32>(table + 4 * (used + i), noCode);
				used += size;
			}
			const start = table + 4 * ((load<u32>(first) >> 16) & 0x7fff);
			const entry = entryOf(kind, load<u16>(next), length - primary);
			next += 2;
			for (let at = bits >> primary; at < size; at += 1 << (length - primary))
				store<u32>(start + 4 * at, entry);
		}
	}
	return true;
}

let patternsReady = false;

/** For each distance below 16 the vector that repeats so many bytes, and how far 16 bytes of it carry. */
function preparePatterns(): void {
	for (let distance: usize = 1; distance < 16; distance++) {
		for (let i: usize = 0; i < 16; i++) store<u8>(patternTable + 16 * distance + i, <u8>(i % distance));
		store<u8>(patternTable + distance, <u8>(16 - (16 % distance)));
	}
	patternsReady = true;
}

/** Up to 31 bytes beyond the end are written. */
function copyMatch(to: usize, distance: usize, length: usize): void {
	const end = to + length;
	if (distance >= 16) {
		do {
			v128.store(to, v128.load(to - distance));
			to += 16;
		} while (to < end);
	} else {
		const pattern = v128.swizzle(v128.load(to - distance), v128.load(patternTable + 16 * distance));
		const step = <usize>load<u8>(patternTable + distance);
		do {
			v128.store(to, pattern);
			to += step;
		} while (to < end);
	}
}

/**
 * Inflates `source[0, size)` to `target`, of which `limit` bytes may be filled. `inflateRead` and `inflateWritten` tell
 * how far it came.
 * @returns 0 at the end of the last block, 1 where the target is full and more would come, or what is wrong: -1 the
 *   stream ends early, -2 a block of no known kind, -3 a stored block's size, -4 a table of too many codes or -5 too long
 *   or -6 that repeats nothing, -7 a code that is not in its table, -8 a length or -9 a distance that is not allowed, -10 a
 *   distance that goes back before the target
 */
export function inflate(source: usize, size: usize, target: usize, limit: usize): i32 {
	if (!patternsReady) preparePatterns();
	const stop = source + size;
	const end = target + limit;
	// So far from the ends neither three refills nor one match with its literals reach them.
	const safeIn = size > 32 ? stop - 32 : source;
	const safeOut = limit > 320 ? end - 320 : target;
	let from = source;
	let to = target;
	let held: u64 = 0;
	let bits: u64 = 0;
	let last = false;
	let answer = 0;

	while (!last) {
		held |= load<u64>(from) << bits;
		from += <usize>((63 - bits) >> 3);
		bits |= 56;
		last = (held & 1) !== 0;
		const kind = <u32>(held >> 1) & 3;
		held >>= 3;
		bits -= 3;
		if (from - <usize>(bits >> 3) > stop) {
			answer = early;
			break;
		}
		if (kind === 3) {
			answer = -2;
			break;
		}
		if (kind === 0) {
			from -= <usize>(bits >> 3);
			held = 0;
			bits = 0;
			if (from + 4 > stop) {
				answer = early;
				break;
			}
			const stored = <usize>load<u16>(from);
			if ((stored ^ 0xffff) !== <usize>load<u16>(from, 2)) {
				answer = -3;
				break;
			}
			from += 4;
			const take = min(stored, end - to);
			if (take > stop - from) {
				answer = early;
				break;
			}
			memory.copy(to, from, take);
			to += take;
			from += take;
			if (take < stored) {
				answer = 1;
				break;
			}
			continue;
		}
		if (kind === 1) {
			memory.fill(lengths, 8, 144);
			memory.fill(lengths + 144, 9, 112);
			memory.fill(lengths + 256, 7, 24);
			memory.fill(lengths + 280, 8, 8);
			makeTable(kindLiterals, lengths, 288, literalTable, literalBits);
			memory.fill(lengths, 5, 32);
			makeTable(kindDistances, lengths, 32, distanceTable, distanceBits);
		} else {
			const literalCount = (<u32>held & 31) + 257;
			const distanceCount = (<u32>(held >> 5) & 31) + 1;
			const lengthCount = (<u32>(held >> 10) & 15) + 4;
			held >>= 14;
			bits -= 14;
			if (literalCount > 286 || distanceCount > 30) {
				answer = from > stop ? early : -5;
				break;
			}
			memory.fill(lengths, 0, 19);
			for (let i: u32 = 0; i < lengthCount; i++) {
				if (bits < 3) {
					held |= load<u64>(from) << bits;
					from += <usize>((63 - bits) >> 3);
					bits |= 56;
				}
				// The order is 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15.
				const half = (i - 2) >> 1;
				const symbol: u32 = i < 3 ? 16 + i : i === 3 ? 0 : i & 1 ? 8 - half : 7 + half;
				store<u8>(lengths + symbol, <u8>(held & 7));
				held >>= 3;
				bits -= 3;
			}
			if (from - <usize>(bits >> 3) > stop) {
				answer = early;
				break;
			}
			if (!makeTable(kindLengths, lengths, 19, lengthTable, lengthBits)) {
				answer = -4;
				break;
			}
			const total = literalCount + distanceCount;
			let i: u32 = 0;
			while (i < total) {
				held |= load<u64>(from) << bits;
				from += <usize>((63 - bits) >> 3);
				bits |= 56;
				const entry = load<u32>(lengthTable + ((<usize>(held & 127)) << 2));
				if (entry & special) {
					answer = from > stop ? early : -7;
					break;
				}
				held >>= <u64>(entry & 63);
				bits -= <u64>(entry & 63);
				const symbol = entry >> 16;
				let repeat: u32 = 1;
				let value: u32 = symbol;
				if (symbol >= 16) {
					const extra: u32 = symbol === 16 ? 2 : symbol === 17 ? 3 : 7;
					repeat = (symbol === 18 ? 11 : 3) + (<u32>held & ((1 << extra) - 1));
					held >>= <u64>extra;
					bits -= <u64>extra;
					value = 0;
					if (symbol === 16) {
						if (i === 0) {
							answer = -6;
							break;
						}
						value = load<u8>(lengths + i - 1);
					}
				}
				if (from - <usize>(bits >> 3) > stop) {
					answer = early;
					break;
				}
				if (i + repeat > total) {
					answer = -5;
					break;
				}
				if (repeat === 1) store<u8>(lengths + i, <u8>value);
				else memory.fill(lengths + i, <u8>value, repeat);
				i += repeat;
			}
			if (answer !== 0) break;
			if (
				!makeTable(kindDistances, lengths + literalCount, distanceCount, distanceTable, distanceBits) ||
				!makeTable(kindLiterals, lengths, literalCount, literalTable, literalBits)
			) {
				answer = -4;
				break;
			}
		}

		let inBlock = true;
		while (from < safeIn && to < safeOut) {
			held |= load<u64>(from) << bits;
			from += <usize>((63 - bits) >> 3);
			bits |= 56;
			let entry = load<u32>(literalTable + ((<usize>(held & 2047)) << 2));
			// At least 56 bits are held: four codes of 11, or three and a length.
			if (<i32>entry < 0) {
				held >>= <u64>(entry & 63);
				bits -= <u64>(entry & 63);
				store<u8>(to++, <u8>(entry >> 16));
				entry = load<u32>(literalTable + ((<usize>(held & 2047)) << 2));
				if (<i32>entry < 0) {
					held >>= <u64>(entry & 63);
					bits -= <u64>(entry & 63);
					store<u8>(to++, <u8>(entry >> 16));
					entry = load<u32>(literalTable + ((<usize>(held & 2047)) << 2));
					if (<i32>entry < 0) {
						held >>= <u64>(entry & 63);
						bits -= <u64>(entry & 63);
						store<u8>(to++, <u8>(entry >> 16));
						entry = load<u32>(literalTable + ((<usize>(held & 2047)) << 2));
						if (<i32>entry < 0) {
							held >>= <u64>(entry & 63);
							bits -= <u64>(entry & 63);
							store<u8>(to++, <u8>(entry >> 16));
							continue;
						}
					}
				}
			}
			if (entry & special) {
				if (entry & second) {
					held >>= <u64>literalBits;
					bits -= <u64>literalBits;
					const mask = (1 << ((entry >> 8) & 15)) - 1;
					entry = load<u32>(literalTable + ((<usize>((entry >> 16) + (<u32>held & mask))) << 2));
					if (<i32>entry < 0) {
						held >>= <u64>(entry & 63);
						bits -= <u64>(entry & 63);
						store<u8>(to++, <u8>(entry >> 16));
						continue;
					}
				}
				if (entry & special) {
					if (entry & endOfBlock) {
						held >>= <u64>(entry & 63);
						bits -= <u64>(entry & 63);
					} else {
						answer = -(<i32>(entry >> 16));
					}
					inBlock = false;
					break;
				}
			}
			const length = <usize>((entry >> 16) + ((<u32>held & ((1 << entry) - 1)) >> ((entry >> 8) & 15)));
			held >>= <u64>(entry & 63);
			bits -= <u64>(entry & 63);
			held |= load<u64>(from) << bits;
			from += <usize>((63 - bits) >> 3);
			bits |= 56;
			entry = load<u32>(distanceTable + ((<usize>(held & 511)) << 2));
			if (entry & special) {
				if (entry & second) {
					held >>= <u64>distanceBits;
					bits -= <u64>distanceBits;
					const mask = (1 << ((entry >> 8) & 15)) - 1;
					entry = load<u32>(distanceTable + ((<usize>((entry >> 16) + (<u32>held & mask))) << 2));
				}
				if (entry & special) {
					answer = -(<i32>(entry >> 16));
					inBlock = false;
					break;
				}
			}
			const distance = <usize>((entry >> 16) + ((<u32>held & ((1 << entry) - 1)) >> ((entry >> 8) & 15)));
			held >>= <u64>(entry & 63);
			bits -= <u64>(entry & 63);
			if (distance > to - target) {
				answer = -10;
				inBlock = false;
				break;
			}
			copyMatch(to, distance, length);
			to += length;
		}

		// Near an end: the same, with a look at both ends before each step.
		while (inBlock) {
			held |= load<u64>(from) << bits;
			from += <usize>((63 - bits) >> 3);
			bits |= 56;
			let entry = load<u32>(literalTable + ((<usize>(held & 2047)) << 2));
			if (entry & second && entry & special && <i32>entry >= 0) {
				held >>= <u64>literalBits;
				bits -= <u64>literalBits;
				const mask = (1 << ((entry >> 8) & 15)) - 1;
				entry = load<u32>(literalTable + ((<usize>((entry >> 16) + (<u32>held & mask))) << 2));
			}
			const code = entry;
			const before = <u32>held;
			held >>= <u64>(entry & 63);
			bits -= <u64>(entry & 63);
			if (from - <usize>(bits >> 3) > stop) {
				answer = early;
				break;
			}
			if (<i32>code < 0) {
				if (to === end) {
					answer = 1;
					break;
				}
				store<u8>(to++, <u8>(code >> 16));
				continue;
			}
			if (code & special) {
				if (!(code & endOfBlock)) answer = from > stop ? early : -(<i32>(code >> 16));
				break;
			}
			const length = <usize>((code >> 16) + ((before & ((1 << code) - 1)) >> ((code >> 8) & 15)));
			held |= load<u64>(from) << bits;
			from += <usize>((63 - bits) >> 3);
			bits |= 56;
			entry = load<u32>(distanceTable + ((<usize>(held & 511)) << 2));
			if (entry & special && entry & second) {
				held >>= <u64>distanceBits;
				bits -= <u64>distanceBits;
				const mask = (1 << ((entry >> 8) & 15)) - 1;
				entry = load<u32>(distanceTable + ((<usize>((entry >> 16) + (<u32>held & mask))) << 2));
			}
			if (entry & special) {
				answer = from > stop ? early : -(<i32>(entry >> 16));
				break;
			}
			const distance = <usize>((entry >> 16) + ((<u32>held & ((1 << entry) - 1)) >> ((entry >> 8) & 15)));
			held >>= <u64>(entry & 63);
			bits -= <u64>(entry & 63);
			if (from - <usize>(bits >> 3) > stop) {
				answer = early;
				break;
			}
			if (distance > to - target) {
				answer = -10;
				break;
			}
			const room = end - to;
			if (length > room) {
				if (room > 0) copyMatch(to, distance, room);
				to = end;
				answer = 1;
				break;
			}
			copyMatch(to, distance, length);
			to += length;
		}
		if (answer !== 0) break;
	}
	read = min(from - <usize>(bits >> 3) - source, size);
	written = to - target;
	return answer;
}
