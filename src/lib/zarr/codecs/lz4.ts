/**
 * LZ4 blocks (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md), without the frame around them: what blosc
 * and N5 store. By our WebAssembly (kernels.ts) where it runs, else by the JavaScript below, which does the same.
 */
import { kernels, largestRegion } from "./kernels.ts";

const minMatch = 4;
/** The last match starts at least so far before the end, and the last literals are at least so many. */
const matchLimit = 12;
const lastLiterals = 5;
const maxDistance = 65535;
const hashBits = 14;

/** Where a 4-byte sequence was last seen, counted on across calls so that the table need not be cleared. */
const table = new Int32Array(1 << hashBits);
let tableBase = 1;

/** Below this many bytes, bringing them to WebAssembly costs more than it saves. */
const worthMoving = 256;

/**
 * Compresses `source[start, stop)` into `target` from `at`.
 * @returns the position after the last byte written, or -1 where it does not fit before `limit`
 * @param acceleration how soon to give up on bytes that do not compress; 1 is the most thorough
 */
export function lz4Encode(
	source: Uint8Array,
	start: number,
	stop: number,
	target: Uint8Array,
	at: number,
	limit: number,
	acceleration = 1,
): number {
	const size = stop - start;
	const compiled = size >= worthMoving && size <= largestRegion / 2 ? kernels() : undefined;
	if (!compiled) return lz4EncodeHere(source, start, stop, target, at, limit, acceleration);
	// The most that noise can grow to.
	const room = Math.min(limit - at, size + Math.ceil(size / 255) + 16);
	const [input, output] = compiled.regions(Math.max(room, size));
	compiled.bytes.set(source.subarray(start, stop), input);
	const packed = compiled.run.lz4Encode(input, size, output, room, acceleration);
	if (packed < 0) return -1;
	target.set(compiled.bytes.subarray(output, output + packed), at);
	return at + packed;
}

/**
 * Decompresses `source[start, stop)` into `target[at, end)`, which it must fill exactly.
 * @throws RangeError where the bytes are no such block
 */
export function lz4Decode(
	source: Uint8Array,
	start: number,
	stop: number,
	target: Uint8Array,
	at: number,
	end: number,
): void {
	const size = Math.max(stop - start, end - at);
	const compiled = size >= worthMoving && size <= largestRegion ? kernels() : undefined;
	if (!compiled) {
		lz4DecodeHere(source, start, stop, target, at, end);
		return;
	}
	const [input, output] = compiled.regions(size);
	compiled.bytes.set(source.subarray(start, stop), input);
	const wrong = compiled.run.lz4Decode(input, stop - start, output, end - at);
	if (wrong !== 0) throw new RangeError(lz4Problem(wrong));
	target.set(compiled.bytes.subarray(output, output + end - at), at);
}

const problems = [
	"LZ4 block ends within a length or a match",
	"LZ4 literals exceed the block",
	"LZ4 match exceeds the block",
	"LZ4 match begins before the block",
	"LZ4 block is shorter than it should be",
];

/** In words, what the compiled decoder's answer means. */
export function lz4Problem(answer: number): string {
	return problems[-answer - 1];
}

/** {@link lz4Encode} in JavaScript. */
export function lz4EncodeHere(
	source: Uint8Array,
	start: number,
	stop: number,
	target: Uint8Array,
	at: number,
	limit: number,
	acceleration = 1,
): number {
	const size = stop - start;
	// One load of four bytes, wherever they lie, in place of four.
	const words = new DataView(source.buffer, source.byteOffset, source.byteLength);
	if (tableBase > 2 ** 30) {
		table.fill(0);
		tableBase = 1;
	}
	// A table entry below `base` is from an earlier call.
	const base = tableBase;
	tableBase += size + 1;
	const toEntry = base - start;

	let anchor = start;
	let out = at;
	if (size > matchLimit) {
		const lastStart = stop - matchLimit;
		const matchEnd = stop - lastLiterals;
		let position = start;
		let searches = acceleration << 6;
		while (position <= lastStart) {
			const sequence = words.getInt32(position, true);
			const hash = Math.imul(sequence, -1640531535) >>> (32 - hashBits);
			const entry = table[hash];
			table[hash] = position + toEntry;
			let match = entry - toEntry;
			if (entry < base || position - match > maxDistance || words.getInt32(match, true) !== sequence) {
				// Steps grow with every miss, so that noise is passed over quickly.
				position += searches++ >> 6;
				continue;
			}
			searches = acceleration << 6;
			while (position > anchor && match > start && source[position - 1] === source[match - 1]) {
				position--;
				match--;
			}
			const literals = position - anchor;
			const distance = position - match;
			let end = position + minMatch;
			let other = match + minMatch;
			while (end < matchEnd && source[end] === source[other]) {
				end++;
				other++;
			}
			const length = end - position - minMatch;
			if (out + literals + literals / 255 + length / 255 + 12 > limit) return -1;
			const token = out++;
			out = writeLiterals(source, anchor, literals, target, out);
			target[token] = (Math.min(literals, 15) << 4) | Math.min(length, 15);
			target[out++] = distance & 255;
			target[out++] = distance >> 8;
			if (length >= 15) out = writeLength(target, out, length - 15);
			position = end;
			anchor = end;
		}
	}
	const literals = stop - anchor;
	if (out + literals + literals / 255 + 2 > limit) return -1;
	target[out++] = Math.min(literals, 15) << 4;
	return writeLiterals(source, anchor, literals, target, out);
}

function writeLength(target: Uint8Array, at: number, length: number): number {
	let out = at;
	let rest = length;
	while (rest >= 255) {
		target[out++] = 255;
		rest -= 255;
	}
	target[out++] = rest;
	return out;
}

function writeLiterals(
	source: Uint8Array,
	from: number,
	count: number,
	target: Uint8Array,
	at: number,
): number {
	const out = count >= 15 ? writeLength(target, at, count - 15) : at;
	if (count > 32) target.set(source.subarray(from, from + count), out);
	else for (let i = 0; i < count; i++) target[out + i] = source[from + i];
	return out + count;
}

/** {@link lz4Decode} in JavaScript. */
export function lz4DecodeHere(
	source: Uint8Array,
	start: number,
	stop: number,
	target: Uint8Array,
	at: number,
	end: number,
): void {
	let from = start;
	let to = at;
	while (from < stop) {
		const token = source[from++];
		let literals = token >> 4;
		if (literals === 15) {
			let more: number;
			do {
				if (from >= stop) throw new RangeError("LZ4 block ends within a length");
				more = source[from++];
				literals += more;
			} while (more === 255);
		}
		if (from + literals > stop || to + literals > end) throw new RangeError("LZ4 literals exceed the block");
		if (literals > 32) {
			target.set(source.subarray(from, from + literals), to);
		} else {
			for (let i = 0; i < literals; i++) target[to + i] = source[from + i];
		}
		from += literals;
		to += literals;
		if (from === stop) break;
		if (from + 2 > stop) throw new RangeError("LZ4 block ends within a match");
		const distance = source[from] | (source[from + 1] << 8);
		from += 2;
		if (distance === 0 || distance > to - at) throw new RangeError("LZ4 match begins before the block");
		let length = (token & 15) + minMatch;
		if (length === 15 + minMatch) {
			let more: number;
			do {
				if (from >= stop) throw new RangeError("LZ4 block ends within a length");
				more = source[from++];
				length += more;
			} while (more === 255);
		}
		if (to + length > end) throw new RangeError("LZ4 match exceeds the block");
		const match = to - distance;
		if (distance === 1 && length > 16) target.fill(target[match], to, to + length);
		else if (distance >= length && length > 32) target.copyWithin(to, match, match + length);
		else for (let i = 0; i < length; i++) target[to + i] = target[match + i];
		to += length;
	}
	if (to !== end) throw new RangeError("LZ4 block is shorter than it should be");
}
