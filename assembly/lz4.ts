/** LZ4 blocks (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md). */
import { hashTable, hashTableSize } from "./memory";

const minMatch: usize = 4;
/** The last match starts at least so far before the end, and the last literals are at least so many. */
const matchLimit: usize = 12;
const lastLiterals: usize = 5;
const maxDistance: usize = 65535;
const hashBits: u32 = 14;

/** Copies whole vectors: up to 15 bytes beyond the end of either region are read and written. */
function copyLoosely(to: usize, from: usize, count: usize): void {
	const end = to + count;
	while (to < end) {
		v128.store(to, v128.load(from));
		to += 16;
		from += 16;
	}
}

function writeLength(to: usize, length: usize): usize {
	while (length >= 255) {
		store<u8>(to++, 255);
		length -= 255;
	}
	store<u8>(to++, <u8>length);
	return to;
}

/**
 * Compresses `source[0, size)` to `target`, of which `limit` bytes may be filled.
 * @returns the number of bytes, or -1 where they are too many
 */
export function lz4Encode(source: usize, size: usize, target: usize, limit: usize, acceleration: u32): i32 {
	const stop = source + size;
	const targetEnd = target + limit;
	let anchor = source;
	let out = target;
	if (size > matchLimit) {
		// Entries count from 1, so that 0 is an empty place.
		const base = source - 1;
		memory.fill(hashTable, 0, hashTableSize);
		const lastStart = stop - matchLimit;
		const matchEnd = stop - lastLiterals;
		let position = source;
		let searches = acceleration << 6;
		while (position <= lastStart) {
			const sequence = load<u32>(position);
			const slot = hashTable + (((sequence * 2654435761) >> (32 - hashBits)) << 2);
			const entry = <usize>load<u32>(slot);
			store<u32>(slot, <u32>(position - base));
			let match = base + entry;
			if (entry === 0 || position - match > maxDistance || load<u32>(match) !== sequence) {
				// Steps grow with every miss, so that noise is passed over quickly.
				position += searches++ >> 6;
				continue;
			}
			searches = acceleration << 6;
			while (position > anchor && match > source && load<u8>(position - 1) === load<u8>(match - 1)) {
				position--;
				match--;
			}
			const literals = position - anchor;
			const distance = position - match;
			let end = position + minMatch;
			let other = match + minMatch;
			for (;;) {
				if (end + 8 > matchEnd) {
					while (end < matchEnd && load<u8>(end) === load<u8>(other)) {
						end++;
						other++;
					}
					break;
				}
				const difference = load<u64>(end) ^ load<u64>(other);
				if (difference !== 0) {
					end += <usize>(ctz(difference) >> 3);
					break;
				}
				end += 8;
				other += 8;
			}
			const length = end - position - minMatch;
			if (out + literals + literals / 255 + length / 255 + 12 > targetEnd) return -1;
			const token = out++;
			if (literals >= 15) out = writeLength(out, literals - 15);
			copyLoosely(out, anchor, literals);
			out += literals;
			store<u8>(token, <u8>((min(literals, 15) << 4) | min(length, 15)));
			store<u16>(out, <u16>distance);
			out += 2;
			if (length >= 15) out = writeLength(out, length - 15);
			position = end;
			anchor = end;
		}
	}
	const literals = stop - anchor;
	if (out + literals + literals / 255 + 2 > targetEnd) return -1;
	store<u8>(out++, <u8>(min(literals, 15) << 4));
	if (literals >= 15) out = writeLength(out, literals - 15);
	memory.copy(out, anchor, literals);
	return <i32>(out + literals - target);
}

/**
 * Decompresses `source[0, size)` to `target`, where exactly `plain` bytes must come out.
 * @returns 0, or a negative number that says what is wrong: -1 a length or match is cut short, -2 the literals or -3 a
 *   match exceed the block, -4 a match begins before the block, -5 too few bytes come out
 */
export function lz4Decode(source: usize, size: usize, target: usize, plain: usize): i32 {
	const stop = source + size;
	const end = target + plain;
	let from = source;
	let to = target;
	while (from < stop) {
		const token = <usize>load<u8>(from++);
		let literals = token >> 4;
		if (literals === 15) {
			let more: usize;
			do {
				if (from >= stop) return -1;
				more = <usize>load<u8>(from++);
				literals += more;
			} while (more === 255);
		}
		if (literals > stop - from || literals > end - to) return -2;
		if (literals <= 64) copyLoosely(to, from, literals);
		else memory.copy(to, from, literals);
		from += literals;
		to += literals;
		if (from === stop) break;
		if (stop - from < 2) return -1;
		const distance = <usize>load<u16>(from);
		from += 2;
		if (distance === 0 || distance > to - target) return -4;
		let length = (token & 15) + minMatch;
		if (length === 15 + minMatch) {
			let more: usize;
			do {
				if (from >= stop) return -1;
				more = <usize>load<u8>(from++);
				length += more;
			} while (more === 255);
		}
		if (length > end - to) return -3;
		if (distance >= 16) {
			copyLoosely(to, to - distance, length);
		} else if (distance === 1) {
			memory.fill(to, load<u8>(to - 1), length);
		} else {
			// The pattern repeats, so bytes may be taken from any whole number of patterns before: from 16 on by vectors.
			const step = distance * ((15 + distance) / distance);
			const first = min(step, length);
			for (let i: usize = 0; i < first; i++) store<u8>(to + i, load<u8>(to + i - distance));
			if (length > first) copyLoosely(to + first, to + first - step, length - first);
		}
		to += length;
	}
	return to === end ? 0 : -5;
}
