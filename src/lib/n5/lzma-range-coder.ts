/**
 * The binary range coder of LZMA (I. Pavlov's LZMA specification): bits, each with a probability that follows what came
 * before, into bytes.
 */

/** A chunk of LZMA2 is at most as large when it is packed. */
const mostBytes = 1 << 16;

export class RangeCoder {
	readonly bytes = new Uint8Array(mostBytes);
	at = 0;
	readonly probabilities: Uint16Array;
	/** Below 2^33: a carry may stand above 32 bits. */
	#low = 0;
	#range = 0xffffffff;
	#cache = 0;
	/** Bytes that a carry may still change. */
	#pending = 1;

	/** @param count probabilities: {@link bit} takes an index into them */
	constructor(count: number) {
		this.probabilities = new Uint16Array(count);
	}

	start(): void {
		this.at = 0;
		this.#low = 0;
		this.#range = 0xffffffff;
		this.#cache = 0;
		this.#pending = 1;
	}

	/** Bytes that the chunk has if it ends now. */
	get size(): number {
		return this.at + this.#pending + 4;
	}

	bit(index: number, bit: number): void {
		const probability = this.probabilities[index];
		const bound = (this.#range >>> 11) * probability;
		if (bit === 0) {
			this.#range = bound;
			this.probabilities[index] = probability + ((2048 - probability) >> 5);
		} else {
			this.#low += bound;
			this.#range -= bound;
			this.probabilities[index] = probability - (probability >> 5);
		}
		if (this.#range < 0x1000000) {
			this.#range = this.#range * 256;
			this.#shift();
		}
	}

	/** The lowest `count` bits, each as likely 0 as 1. */
	direct(value: number, count: number): void {
		for (let i = count - 1; i >= 0; i--) {
			this.#range = this.#range >>> 1;
			if ((value >>> i) & 1) this.#low += this.#range;
			if (this.#range < 0x1000000) {
				this.#range = this.#range * 256;
				this.#shift();
			}
		}
	}

	/** The lowest `count` bits, the highest first. */
	tree(base: number, value: number, count: number): void {
		for (let i = count - 1, node = 1; i >= 0; i--) {
			const bit = (value >>> i) & 1;
			this.bit(base + node, bit);
			node = (node << 1) | bit;
		}
	}

	/** The lowest `count` bits, the lowest first. */
	reverseTree(base: number, value: number, count: number): void {
		for (let i = 0, node = 1; i < count; i++) {
			const bit = (value >>> i) & 1;
			this.bit(base + node, bit);
			node = (node << 1) | bit;
		}
	}

	finish(): Uint8Array {
		for (let i = 0; i < 5; i++) this.#shift();
		return this.bytes.subarray(0, this.at);
	}

	#shift(): void {
		if (this.#low < 0xff000000 || this.#low > 0xffffffff) {
			const carry = this.#low > 0xffffffff ? 1 : 0;
			this.bytes[this.at++] = this.#cache + carry;
			for (; this.#pending > 1; this.#pending--) this.bytes[this.at++] = 0xff + carry;
			this.#pending = 0;
			this.#cache = (this.#low >>> 24) & 0xff;
		}
		this.#pending++;
		this.#low = (this.#low & 0xffffff) * 256;
	}
}
