/** Earlier copies of what stands at a place of the input, as LZMA refers to them: by distance and length. */

/** A match of LZMA is no longer. */
export const longestMatch = 273;
const shortestSearched = 4;
const chainDepth = 24;
const hashBits = 16;

/** Finds them by chains of the places whose first four bytes have one hash. */
export class MatchFinder {
	/** Distance and length of what {@link find} found; length 0 for nothing. */
	distance = 0;
	length = 0;
	readonly #bytes: Uint8Array;
	readonly #heads = new Int32Array(1 << hashBits).fill(-1);
	readonly #before: Int32Array;
	readonly #window: number;
	#inserted = 0;

	constructor(bytes: Uint8Array, window: number) {
		this.#bytes = bytes;
		this.#before = new Int32Array(bytes.length);
		this.#window = window;
	}

	/** The longest of the copies within reach, the nearest of those that are equally long. */
	find(at: number): void {
		const bytes = this.#bytes;
		this.#insertUpTo(at);
		this.length = 0;
		const most = Math.min(longestMatch, bytes.length - at);
		if (most < shortestSearched) return;
		let place = this.#heads[hashAt(bytes, at)];
		const least = at - this.#window;
		for (let step = 0; step < chainDepth && place >= 0 && place >= least; step++) {
			if (bytes[place + this.length] === bytes[at + this.length]) {
				const length = commonLength(bytes, place, at, most);
				if (length > this.length && length >= shortestSearched) {
					this.length = length;
					this.distance = at - place;
					if (length === most) return;
				}
			}
			place = this.#before[place];
		}
	}

	#insertUpTo(at: number): void {
		const last = Math.min(at, this.#bytes.length - 3);
		for (; this.#inserted < last; this.#inserted++) {
			const hash = hashAt(this.#bytes, this.#inserted);
			this.#before[this.#inserted] = this.#heads[hash];
			this.#heads[hash] = this.#inserted;
		}
	}
}

function hashAt(bytes: Uint8Array, at: number): number {
	const word = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
	return Math.imul(word, 0x9e3779b1) >>> (32 - hashBits);
}

/** How many bytes are the same from two places on, `most` at the most. */
export function commonLength(bytes: Uint8Array, a: number, b: number, most: number): number {
	let length = 0;
	while (length < most && bytes[a + length] === bytes[b + length]) length++;
	return length;
}
