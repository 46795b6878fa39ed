/**
 * What LZMA writes for its input (I. Pavlov's LZMA specification): literals, matches, and repetitions of one of the last
 * four distances, taken greedily with one step of looking ahead.
 */
import { commonLength, longestMatch, MatchFinder } from "./lzma-matches.ts";
import { RangeCoder } from "./lzma-range-coder.ts";

/** A match as long as this is taken without looking further. */
const longEnough = 48;
/** A chunk states its size in 16 bits and what it holds in 21; one step more must always fit. */
const mostPacked = (1 << 16) - 64;
const mostPlain = (1 << 21) - longestMatch;

/** Where each kind of probability begins in one table. */
const isMatch = 0;
const isRep = isMatch + (12 << 4);
const isRep0 = isRep + 12;
const isRep1 = isRep0 + 12;
const isRep2 = isRep1 + 12;
const isRep0Long = isRep2 + 12;
const slots = isRep0Long + (12 << 4);
const special = slots + 4 * 64;
const align = special + 115;
const matchLength = align + 16;
/** Two choices, then 16 trees of 3 bits twice, then one of 8 bits. */
const lengthSize = 2 + 2 * (16 << 3) + 256;
const repLength = matchLength + lengthSize;
const literal = repLength + lengthSize;
const tableSize = literal + (0x300 << 3);

/** Settings lc 3, lp 0, pb 2. */
export class LzmaEncoder {
	readonly #bytes: Uint8Array;
	readonly #finder: MatchFinder;
	readonly #coder = new RangeCoder(tableSize);
	/** The last four distances, the latest first. */
	readonly #reps = new Int32Array(4);
	/** What the last steps were, 0 to 11: those below 7 ended in a literal. */
	#state = 0;

	constructor(bytes: Uint8Array, window: number) {
		this.#bytes = bytes;
		this.#finder = new MatchFinder(bytes, window);
	}

	reset(): void {
		this.#state = 0;
		this.#reps.fill(1);
		this.#coder.probabilities.fill(1024);
	}

	/** Encodes from a place on as far as a chunk takes. */
	chunk(start: number): { end: number; packed: Uint8Array } {
		this.#coder.start();
		let at = start;
		while (at < this.#bytes.length && at - start <= mostPlain && this.#coder.size < mostPacked) {
			at += this.#step(at);
		}
		return { end: at, packed: this.#coder.finish() };
	}

	/** Writes one literal or match; how many bytes that was. */
	#step(at: number): number {
		const finder = this.#finder;
		const { rep, length } = this.#longestRep(at);
		if (length >= longEnough) return this.#writeRep(at, rep, length);
		finder.find(at);
		const { length: found, distance } = finder;
		// A distance that is known costs few bits: it may be shorter, the more so the farther the other is.
		const gain = distance > 32768 ? 3 : distance > 512 ? 2 : 1;
		if (length >= 2 && length + gain >= found) return this.#writeRep(at, rep, length);
		if (found === 0) return this.#writeLiteral(at);
		if (found < longEnough && at + 1 < this.#bytes.length) {
			const next = this.#longestRep(at + 1);
			finder.find(at + 1);
			if (finder.length > found || (next.length >= 2 && next.length + 1 >= found)) {
				return this.#writeLiteral(at);
			}
		}
		return this.#writeMatch(at, distance, found);
	}

	#longestRep(at: number): { rep: number; length: number } {
		const most = Math.min(longestMatch, this.#bytes.length - at);
		let rep = 0;
		let length = 0;
		for (let i = 0; i < 4; i++) {
			const place = at - this.#reps[i];
			if (place < 0) continue;
			const common = commonLength(this.#bytes, place, at, most);
			if (common > length) [rep, length] = [i, common];
		}
		return { rep, length };
	}

	#writeLiteral(at: number): number {
		const coder = this.#coder;
		const state = this.#state;
		coder.bit(isMatch + (state << 4) + (at & 3), 0);
		const byte = this.#bytes[at];
		const base = literal + 0x300 * ((at > 0 ? this.#bytes[at - 1] : 0) >> 5);
		if (state < 7) coder.tree(base, byte, 8);
		else {
			// After a match the byte there differs, most likely, from what the match would have gone on with.
			let match = this.#bytes[at - this.#reps[0]];
			let offset = 0x100;
			for (let node = 1, rest = byte | 0x100; node < 0x100; ) {
				match <<= 1;
				const bit = (rest >> 7) & 1;
				coder.bit(base + offset + (match & offset) + node, bit);
				node = (node << 1) | bit;
				rest <<= 1;
				offset &= ~(match ^ (bit ? -1 : 0));
			}
		}
		this.#state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
		return 1;
	}

	#writeRep(at: number, rep: number, length: number): number {
		const coder = this.#coder;
		const reps = this.#reps;
		const state = this.#state;
		const place = at & 3;
		coder.bit(isMatch + (state << 4) + place, 1);
		coder.bit(isRep + state, 1);
		coder.bit(isRep0 + state, rep === 0 ? 0 : 1);
		if (rep === 0) coder.bit(isRep0Long + (state << 4) + place, 1);
		else {
			coder.bit(isRep1 + state, rep === 1 ? 0 : 1);
			if (rep > 1) coder.bit(isRep2 + state, rep - 2);
			const distance = reps[rep];
			reps.copyWithin(1, 0, rep);
			reps[0] = distance;
		}
		this.#writeLength(repLength, length, place);
		this.#state = state < 7 ? 8 : 11;
		return length;
	}

	#writeMatch(at: number, distance: number, length: number): number {
		const coder = this.#coder;
		const state = this.#state;
		coder.bit(isMatch + (state << 4) + (at & 3), 1);
		coder.bit(isRep + state, 0);
		this.#writeLength(matchLength, length, at & 3);
		const value = distance - 1;
		const high = 31 - Math.clz32(value);
		const slot = value < 4 ? value : 2 * high + ((value >> (high - 1)) & 1);
		coder.tree(slots + 64 * (Math.min(length, 5) - 2), slot, 6);
		if (slot >= 4) {
			const bits = (slot >> 1) - 1;
			const base = (2 | (slot & 1)) << bits;
			const rest = value - base;
			if (slot < 14) coder.reverseTree(special + base - slot, rest, bits);
			else {
				coder.direct(rest >>> 4, bits - 4);
				coder.reverseTree(align, rest & 15, 4);
			}
		}
		this.#reps.copyWithin(1, 0, 3);
		this.#reps[0] = distance;
		this.#state = state < 7 ? 7 : 10;
		return length;
	}

	#writeLength(base: number, length: number, place: number): void {
		const coder = this.#coder;
		const value = length - 2;
		coder.bit(base, value < 8 ? 0 : 1);
		if (value < 8) return coder.tree(base + 2 + (place << 3), value, 3);
		coder.bit(base + 1, value < 16 ? 0 : 1);
		if (value < 16) return coder.tree(base + 2 + (16 << 3) + (place << 3), value - 8, 3);
		coder.tree(base + 2 + 2 * (16 << 3), value - 16, 8);
	}
}
