/** Differences along rows summed up again, in place: TIFF's predictor 2, one sample a pixel. */

/**
 * Rows of `perRow` samples of 16 bits, one behind the other. Within a vector the sums of 1, 2 and 4 neighbours are added
 * to each sample; the last of the vector before is added to all.
 */
export function sumRows16(at: usize, rows: i32, perRow: i32): void {
	const zero = i16x8.splat(0);
	const whole = perRow & ~7;
	for (let row = 0; row < rows; row++) {
		let carry = zero;
		for (let i = 0; i < whole; i += 8) {
			let x = v128.load(at);
			x = i16x8.add(x, v128.shuffle<u16>(zero, x, 7, 8, 9, 10, 11, 12, 13, 14));
			x = i16x8.add(x, v128.shuffle<u16>(zero, x, 6, 7, 8, 9, 10, 11, 12, 13));
			x = i16x8.add(x, v128.shuffle<u16>(zero, x, 4, 5, 6, 7, 8, 9, 10, 11));
			x = i16x8.add(x, carry);
			v128.store(at, x);
			carry = v128.shuffle<u16>(x, x, 7, 7, 7, 7, 7, 7, 7, 7);
			at += 16;
		}
		let sum = i16x8.extract_lane_u(carry, 0);
		for (let i = whole; i < perRow; i++) {
			sum += load<u16>(at);
			store<u16>(at, sum);
			at += 2;
		}
	}
}
