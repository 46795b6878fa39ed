/**
 * Byte shuffle: all first bytes of the elements, then all second bytes, and so on. Neighbouring values differ mostly
 * in their low byte, so the high bytes become long runs, which compress. Bytes beyond the last whole element stay.
 */

/** Elements of two bytes are moved as such, which takes half the time; null where they do not lie on even offsets. */
function asPairs(bytes: Uint8Array, from: number, count: number): Uint16Array | null {
	const offset = bytes.byteOffset + from;
	return littleEndian && offset % 2 === 0 ? new Uint16Array(bytes.buffer, offset, count) : null;
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Shuffles `source[from, from + size)` into `target[0, size)`. */
export function shuffle(
	source: Uint8Array,
	from: number,
	size: number,
	target: Uint8Array,
	typeSize: number,
): void {
	const count = Math.floor(size / typeSize);
	const pairs = typeSize === 2 ? asPairs(source, from, count) : null;
	if (pairs) {
		for (let i = 0; i < count; i++) {
			const pair = pairs[i];
			target[i] = pair;
			target[count + i] = pair >> 8;
		}
	} else {
		for (let byte = 0; byte < typeSize; byte++) {
			const start = byte * count;
			for (let i = 0, at = from + byte; i < count; i++, at += typeSize) target[start + i] = source[at];
		}
	}
	const whole = count * typeSize;
	target.set(source.subarray(from + whole, from + size), whole);
}

/** Undoes {@link shuffle}: `source[0, size)` into `target[to, to + size)`. */
export function unshuffle(
	source: Uint8Array,
	size: number,
	target: Uint8Array,
	to: number,
	typeSize: number,
): void {
	const count = Math.floor(size / typeSize);
	const pairs = typeSize === 2 ? asPairs(target, to, count) : null;
	if (pairs) {
		for (let i = 0; i < count; i++) pairs[i] = source[i] | (source[count + i] << 8);
	} else {
		for (let byte = 0; byte < typeSize; byte++) {
			const start = byte * count;
			for (let i = 0, at = to + byte; i < count; i++, at += typeSize) target[at] = source[start + i];
		}
	}
	const whole = count * typeSize;
	target.set(source.subarray(whole, size), to + whole);
}
