/** The bytes of one strip: differences between neighbours, little-endian, deflate. */
import type { DataType, TypedArray } from "../types.ts";

/** Types that predictor 2 is defined for and readers can undo. */
export function predictable(dtype: DataType): boolean {
	return /^u?int(8|16|32)$/.test(dtype);
}

/** Whether this machine, like nearly all, stores the lowest byte first. */
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Encodes whole rows of `rowValues` values each. The values are left as they are. */
export async function encodeStrip(
	values: TypedArray,
	options: { rowValues: number; predictor: boolean; deflate: boolean },
): Promise<Uint8Array> {
	const own = values.slice();
	if (options.predictor) takeDifferences(own as Uint16Array, options.rowValues);
	const bytes = new Uint8Array(own.buffer, own.byteOffset, own.byteLength);
	if (!littleEndian) reverseEach(bytes, own.BYTES_PER_ELEMENT);
	return options.deflate ? deflate(bytes) : bytes;
}

/** Each value becomes its difference to the one before it in its row; typed arrays wrap around as TIFF wants. */
function takeDifferences(values: Uint16Array, rowValues: number): void {
	for (let row = 0; row < values.length; row += rowValues) {
		for (let x = row + rowValues - 1; x > row; x--) values[x] -= values[x - 1];
	}
}

function reverseEach(bytes: Uint8Array, size: number): void {
	for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** A zlib stream (RFC 1950), which is what both TIFF and CompressionStream call deflate. */
async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
	const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}
