/**
 * Bit shuffle as Blosc 1 has it (Masui et al. 2015): bit 0 of all elements, eight to a byte and the first lowest, then
 * bit 1, and so on. The number of elements is a multiple of 8.
 */

/** From byte rows (what `shuffle` gives) to bit rows. */
export function bitsOfBytes(source: usize, target: usize, count: i32, typeSize: i32): void {
	const row = count >> 3;
	for (let byte = 0; byte < typeSize; byte++) {
		const from = source + byte * count;
		const to = target + byte * count;
		const whole = count & ~15;
		for (let i = 0; i < whole; i += 16) {
			let bits = v128.load(from + i);
			const at = to + (i >> 3);
			for (let bit = 7; bit >= 0; bit--) {
				store<u16>(at + bit * row, <u16>i8x16.bitmask(bits));
				bits = i8x16.shl(bits, 1);
			}
		}
		if (whole < count) {
			let bits = v128.load64_zero(from + whole);
			const at = to + (whole >> 3);
			for (let bit = 7; bit >= 0; bit--) {
				store<u8>(at + bit * row, <u8>i8x16.bitmask(bits));
				bits = i8x16.shl(bits, 1);
			}
		}
	}
}

/** From bit rows to byte rows, which `unshuffle` makes elements. */
export function bytesOfBits(source: usize, target: usize, count: i32, typeSize: i32): void {
	const row = count >> 3;
	for (let byte = 0; byte < typeSize; byte++) {
		const from = source + byte * count;
		const to = target + byte * count;
		for (let i = 0; i < row; i++) {
			const at = from + i;
			let bits = <u64>load<u8>(at);
			bits |= (<u64>load<u8>(at + row)) << 8;
			bits |= (<u64>load<u8>(at + 2 * row)) << 16;
			bits |= (<u64>load<u8>(at + 3 * row)) << 24;
			bits |= (<u64>load<u8>(at + 4 * row)) << 32;
			bits |= (<u64>load<u8>(at + 5 * row)) << 40;
			bits |= (<u64>load<u8>(at + 6 * row)) << 48;
			bits |= (<u64>load<u8>(at + 7 * row)) << 56;
			store<u64>(to + 8 * i, transpose8(bits));
		}
	}
}

/** An 8 × 8 matrix of bits turned about its diagonal (Warren, Hacker's Delight, 7-3). */
function transpose8(matrix: u64): u64 {
	let x = matrix;
	// biome-ignore lint/correctness/noPrecisionLoss: an integer of 64 bits in AssemblyScript
	let t = (x ^ (x >> 7)) & 0x00aa00aa00aa00aa;
	x = x ^ t ^ (t << 7);
	t = (x ^ (x >> 14)) & 0x0000cccc0000cccc;
	x = x ^ t ^ (t << 14);
	t = (x ^ (x >> 28)) & 0x00000000f0f0f0f0;
	return x ^ t ^ (t << 28);
}
