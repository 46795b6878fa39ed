/**
 * Bit shuffle as Blosc 1 has it (Masui et al. 2015): bit 0 of all elements, eight to a byte and the first lowest, then
 * bit 1, and so on. The number of elements is a multiple of 8; bytes beyond the last element stay.
 */

/** Shuffles the bits of `source` into `target`. */
export function bitshuffle(source: Uint8Array, target: Uint8Array, typesize: number): void {
	const count = Math.floor(source.length / typesize);
	const row = count >> 3;
	for (let byte = 0; byte < typesize; byte++) {
		for (let bit = 0; bit < 8; bit++) {
			const to = (8 * byte + bit) * row;
			for (let i = 0; i < row; i++) {
				let bits = 0;
				for (let j = 0; j < 8; j++) bits |= ((source[(8 * i + j) * typesize + byte] >> bit) & 1) << j;
				target[to + i] = bits;
			}
		}
	}
	target.set(source.subarray(count * typesize), count * typesize);
}

/** Undoes {@link bitshuffle}. */
export function bitunshuffle(source: Uint8Array, target: Uint8Array, typesize: number): void {
	const count = Math.floor(source.length / typesize);
	const row = count >> 3;
	for (let byte = 0; byte < typesize; byte++) {
		const from = 8 * byte * row;
		for (let i = 0; i < count; i++) {
			const at = from + (i >> 3);
			let value = 0;
			for (let bit = 0; bit < 8; bit++) value |= ((source[at + bit * row] >> (i & 7)) & 1) << bit;
			target[i * typesize + byte] = value;
		}
	}
	target.set(source.subarray(count * typesize), count * typesize);
}
