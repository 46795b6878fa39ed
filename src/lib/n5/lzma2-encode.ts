/**
 * Compression by LZMA2 (the format as in I. Pavlov's LZMA specification, and in XZ Utils' liblzma): chunks of LZMA with
 * settings lc 3, lp 0, pb 2, as the usual presets have them, or of bytes as they are where that is shorter. Our own,
 * because the packages for it need shared memory or are not freely licensed.
 */
import { LzmaEncoder } from "./lzma-encoder.ts";

/** lc, lp and pb as one byte: (pb * 5 + lp) * 9 + lc. */
const properties = (2 * 5 + 0) * 9 + 3;

/**
 * The bytes as chunks of LZMA2 with their end mark.
 * @param window how far back a match may reach, in bytes; a decoder needs a dictionary of that size
 */
export function encodeLzma2(bytes: Uint8Array, window: number): Uint8Array[] {
	const parts: Uint8Array[] = [];
	const lzma = new LzmaEncoder(bytes, window);
	let first = true;
	let hasProperties = false;
	let fresh = false;
	for (let start = 0; start < bytes.length; ) {
		if (!fresh) lzma.reset();
		const { end, packed } = lzma.chunk(start);
		const length = end - start;
		if (packed.length < length) {
			// Nothing, state, state and properties, or all that and the dictionary are set anew.
			const anew = first ? 3 : !hasProperties ? 2 : fresh ? 0 : 1;
			const header = [
				0x80 | (anew << 5) | ((length - 1) >> 16),
				...word(length - 1),
				...word(packed.length - 1),
			];
			parts.push(Uint8Array.from(anew >= 2 ? [...header, properties] : header), packed.slice());
			hasProperties = fresh = true;
		} else {
			parts.push(Uint8Array.from([first ? 1 : 2, ...word(length - 1)]), bytes.subarray(start, end));
			fresh = false;
		}
		first = false;
		start = end;
	}
	parts.push(Uint8Array.of(0));
	return parts;
}

function word(value: number): [number, number] {
	return [(value >> 8) & 0xff, value & 0xff];
}
