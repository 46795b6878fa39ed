/** PackBits run-length coding (TIFF 6.0 section 9). */

/** Fills `output` from `input` and returns how many bytes were written: fewer than its length where the data ends early. */
export function packBitsInto(input: Uint8Array, output: Uint8Array): number {
	let at = 0;
	let written = 0;
	while (at < input.length && written < output.length) {
		const code = input[at++];
		if (code === 128) continue;
		if (code < 128) {
			const count = Math.min(code + 1, output.length - written, input.length - at);
			output.set(input.subarray(at, at + count), written);
			written += count;
			at += code + 1;
		} else {
			if (at >= input.length) break;
			const count = Math.min(257 - code, output.length - written);
			output.fill(input[at++], written, written + count);
			written += count;
		}
	}
	return written;
}
