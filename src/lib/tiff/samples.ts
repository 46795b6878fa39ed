/** Stored samples to numbers in this machine's byte order. */

/** Turns the bytes of each sample round, in place. */
export function swapBytes(block: Uint8Array, bytesPerSample: number): void {
	if (bytesPerSample === 2) {
		for (let i = 0; i + 1 < block.length; i += 2) {
			const low = block[i];
			block[i] = block[i + 1];
			block[i + 1] = low;
		}
		return;
	}
	for (let start = 0; start + bytesPerSample <= block.length; start += bytesPerSample) {
		for (let low = start, high = start + bytesPerSample - 1; low < high; low++, high--) {
			const byte = block[low];
			block[low] = block[high];
			block[high] = byte;
		}
	}
}

const reversedBytes = Uint8Array.from({ length: 256 }, (_, byte) => {
	let reversed = 0;
	for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) reversed |= 0x80 >> bit;
	return reversed;
});

/** The bytes with the bits of each turned round (FillOrder 2), as a copy. */
export function reverseBits(bytes: Uint8Array): Uint8Array {
	return bytes.map((byte) => reversedBytes[byte]);
}

/**
 * Samples of 1 to 31 bits, packed from the highest bit of each row's first byte on, whatever the file's byte order (24
 * bits too, as GraphicsMagick writes and tifffile reads them). Rows begin at a byte.
 * `into` holds `perRow` numbers for each row.
 */
export function unpackBits(
	packed: Uint8Array,
	bits: number,
	perRow: number,
	into: Uint8Array | Uint16Array | Uint32Array,
): void {
	const rowBytes = Math.ceil((perRow * bits) / 8);
	const rows = into.length / perRow;
	for (let row = 0, to = 0; row < rows; row++) {
		let at = row * rowBytes;
		let hold = 0;
		let held = 0;
		for (let i = 0; i < perRow; i++) {
			// By multiplication, because up to 38 bits are held.
			while (held < bits) {
				hold = hold * 256 + packed[at++];
				held += 8;
			}
			held -= bits;
			const unit = 2 ** held;
			const value = Math.floor(hold / unit);
			into[to++] = value;
			hold -= value * unit;
		}
	}
}

/**
 * Little-endian floating-point numbers of 24 bits as single-precision ones: a sign, 7 bits of exponent with bias 63,
 * and 16 of fraction (Adobe's Technical Note 3).
 */
export function floatsOf24Bits(bytes: Uint8Array): Float32Array {
	const out = new Float32Array(bytes.length / 3);
	const bits = new Uint32Array(out.buffer);
	for (let i = 0, at = 0; i < out.length; i++, at += 3) {
		const sign = (bytes[at + 2] & 0x80) << 24;
		const exponent = bytes[at + 2] & 0x7f;
		const fraction = (bytes[at + 1] << 8) | bytes[at];
		if (exponent === 0x7f) bits[i] = sign | 0x7f800000 | (fraction << 7);
		else if (exponent > 0) bits[i] = sign | ((exponent + 64) << 23) | (fraction << 7);
		else out[i] = (sign ? -1 : 1) * fraction * 2 ** -78;
	}
	return out;
}
