/** Filters on the way to the store, as numcodecs has them: the elements of a chunk before they become bytes. */
import { ChunkwiseError } from "../errors.ts";
import type { TypedArray } from "../types.ts";
import type { CodecMetadata } from "./codecs.ts";
import { littleEndianBytes } from "./dtypes.ts";
import { v2Type, type WritableType } from "./metadata.ts";

/**
 * A filter: each element stored as its difference from the one before it, or floats rounded to so many bits of their
 * fraction (which loses the others).
 */
export type WriteFilter = { name: "delta" } | { name: "bitround"; keepbits: number };

/** Order of the bytes of an element in the store. */
export type ByteOrder = "little" | "big";

/**
 * The filters as metadata names them.
 * @throws ChunkwiseError unsupported-codec, where a filter is not for elements of this type
 */
export function filterMetadata(
	filters: readonly WriteFilter[],
	dtype: WritableType,
	zarrFormat: 2 | 3,
	byteOrder: ByteOrder,
): CodecMetadata[] {
	return filters.map((filter) => {
		const bits = { float32: 23, float64: 52 }[dtype as string];
		if (
			filter.name === "delta"
				? dtype === "bool" || dtype === "float16"
				: !bits || !isKept(filter.keepbits, bits)
		) {
			throw new ChunkwiseError(
				"unsupported-codec",
				`The filter ${JSON.stringify(filter)} is not for ${dtype}.`,
				{
					remedy:
						"delta is for numbers but float16; bitround for floats, keeping 1 to 23 (float32) or 52 bits (float64).",
				},
			);
		}
		const configuration =
			filter.name === "delta"
				? { dtype: v2Type(dtype, byteOrder), astype: v2Type(dtype, byteOrder) }
				: { keepbits: filter.keepbits };
		return { name: zarrFormat === 3 ? `numcodecs.${filter.name}` : filter.name, configuration };
	});
}

const isKept = (keepbits: number, bits: number) =>
	Number.isInteger(keepbits) && keepbits >= 1 && keepbits <= bits;

/** The elements once filtered: the same array where there is no filter, else a copy. */
export function applyFilters(chunk: TypedArray, filters: readonly WriteFilter[]): TypedArray {
	let out = chunk;
	for (const filter of filters) {
		out = filter.name === "delta" ? differences(out) : rounded(out, filter.keepbits);
	}
	return out;
}

function differences(data: TypedArray): TypedArray {
	const out = data.slice();
	if (out instanceof BigInt64Array || out instanceof BigUint64Array) {
		for (let i = out.length - 1; i > 0; i--) out[i] -= out[i - 1];
	} else {
		for (let i = out.length - 1; i > 0; i--) out[i] -= out[i - 1];
	}
	return out;
}

/** Half to even, in the bits of the number (numcodecs/bitround.py). */
function rounded(data: TypedArray, keepbits: number): TypedArray {
	const out = data.slice();
	if (out instanceof Float32Array) {
		const drop = 23 - keepbits;
		if (drop === 0) return out;
		const words = new Uint32Array(out.buffer);
		const half = 2 ** (drop - 1) - 1;
		for (let i = 0; i < words.length; i++) {
			words[i] = ((words[i] + ((words[i] >>> drop) & 1) + half) >>> drop) << drop;
		}
	} else {
		const drop = BigInt(52 - keepbits);
		if (drop === 0n) return out;
		const words = new BigUint64Array(out.buffer);
		const half = (1n << (drop - 1n)) - 1n;
		for (let i = 0; i < words.length; i++) {
			words[i] = ((words[i] + ((words[i] >> drop) & 1n) + half) >> drop) << drop;
		}
	}
	return out;
}

/** The elements' bytes in a byte order. */
export function bytesInOrder(data: TypedArray, byteOrder: ByteOrder): Uint8Array {
	const little = littleEndianBytes(data);
	const size = data.BYTES_PER_ELEMENT;
	if (byteOrder === "little" || size === 1) return little;
	const out = new Uint8Array(little.length);
	for (let start = 0; start < out.length; start += size) {
		for (let i = 0; i < size; i++) out[start + i] = little[start + size - 1 - i];
	}
	return out;
}
