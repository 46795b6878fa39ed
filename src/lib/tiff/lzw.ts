/**
 * LZW as TIFF has it (TIFF 6.0 section 13), and the older form, with its bits the other way round, that early versions
 * of libtiff wrote.
 */
import { DecodeError } from "./decode-error.ts";

const clearCode = 256;
const endCode = 257;
const tableSize = 4096;

// One table serves all calls: decoding runs without a break.
const prefixes = new Uint16Array(tableSize);
const lasts = new Uint8Array(tableSize);
const firsts = new Uint8Array(tableSize);
const lengths = new Uint16Array(tableSize);
for (let i = 0; i < 256; i++) {
	lasts[i] = i;
	firsts[i] = i;
	lengths[i] = 1;
}

/** Fills `output` from `input` and returns how many bytes were written: fewer than its length where the data ends early. */
export function lzwInto(input: Uint8Array, output: Uint8Array): number {
	// The first code is a clear: 9 bits 100000000. Old data begins with its low bits instead.
	const old = input.length >= 2 && input[0] === 0 && (input[1] & 1) === 1;
	// The new form widens its codes one code early.
	const early = old ? 0 : 1;
	let at = 0;
	let hold = 0;
	let held = 0;
	let width = 9;
	let next = 258;
	let previous = -1;
	let written = 0;
	const end = output.length;
	while (written < end) {
		while (held < width) {
			if (at >= input.length) return written;
			// Never more than 11 + 8 bits are held.
			hold = old ? hold | (input[at++] << held) : ((hold << 8) | input[at++]) & 0xfffff;
			held += 8;
		}
		held -= width;
		let code: number;
		if (old) {
			code = hold & ((1 << width) - 1);
			hold >>>= width;
		} else {
			code = (hold >>> held) & ((1 << width) - 1);
		}
		if (code === endCode) return written;
		if (code === clearCode) {
			width = 9;
			next = 258;
			previous = -1;
			continue;
		}
		if (previous < 0) {
			if (code > 255) throw new DecodeError("an LZW code has no meaning yet");
			output[written++] = code;
			previous = code;
			continue;
		}
		if (code > next || (code === next && next >= tableSize))
			throw new DecodeError("an LZW code has no meaning");
		const known = code < next;
		const string = known ? code : previous;
		const length = lengths[string];
		const stop = Math.min(written + length, end);
		// From the last byte to the first; bytes beyond the end of the output are skipped.
		let from = string;
		for (let i = written + length - 1; i >= stop; i--) from = prefixes[from];
		for (let i = stop - 1; i >= written; i--) {
			output[i] = lasts[from];
			from = prefixes[from];
		}
		written = stop;
		if (!known && written < end) output[written++] = firsts[previous];
		if (next < tableSize) {
			prefixes[next] = previous;
			lasts[next] = known ? firsts[code] : firsts[previous];
			firsts[next] = firsts[previous];
			lengths[next] = lengths[previous] + 1;
			next++;
			if (next + early >= 1 << width && width < 12) width++;
		}
		previous = code;
	}
	return written;
}
