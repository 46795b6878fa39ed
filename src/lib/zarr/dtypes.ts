/** Element types of stored arrays, and the fill value that stands for what is not stored. */
import { ChunkwiseError } from "../errors.ts";
import type { DataType, TypedArray } from "../types.ts";
import type { JsonScalar } from "./metadata.ts";

/** Types that the library reads, and the type in which their values arrive. */
const readable: Readonly<Record<string, DataType>> = {
	bool: "uint8",
	int8: "int8",
	uint8: "uint8",
	int16: "int16",
	uint16: "uint16",
	int32: "int32",
	uint32: "uint32",
	int64: "int64",
	uint64: "uint64",
	float16: "float32",
	float32: "float32",
	float64: "float64",
};

/** The type of the values that reading gives: bool as 0 and 1 in uint8, float16 as float32; undefined for others. */
export function valueType(dtype: string): DataType | undefined {
	return readable[dtype];
}

/** The type as which the codecs see the stored bits: those that have no array type in every engine are integers. */
export function storedType(dtype: string): string {
	return dtype === "bool" ? "uint8" : dtype === "float16" ? "uint16" : dtype;
}

/** The Zarr v3 name and byte order of a v2 type string such as "<u2"; the string itself where there is no such name. */
export function typeOfV2(dtype: unknown): { name: string; byteOrder: "little" | "big" | null } {
	const match = typeof dtype === "string" ? /^([<>|])([biuf])(\d+)$/.exec(dtype) : null;
	if (!match) {
		return { name: typeof dtype === "string" ? dtype : JSON.stringify(dtype), byteOrder: null };
	}
	const [, order, kind, size] = match;
	const name =
		kind === "b"
			? "bool"
			: `${{ i: "int", u: "uint", f: "float" }[kind as "i" | "u" | "f"]}${8 * Number(size)}`;
	return { name, byteOrder: size === "1" ? null : order === ">" ? "big" : "little" };
}

/**
 * A fill value as an element: numbers, "NaN" and infinities, the bits of a float in hexadecimal, numbers written as
 * strings (old writers), true and false. Null stands for 0, as most readers have it.
 * @throws ChunkwiseError bad-metadata
 */
export function fillElement(fill: JsonScalar | undefined, dtype: string, where: string): number | bigint {
	const big = dtype === "int64" || dtype === "uint64";
	const zero = big ? 0n : 0;
	if (fill === null || fill === undefined || fill === "") return zero;
	if (typeof fill === "boolean") return big ? BigInt(fill) : Number(fill);
	const special = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity }[fill];
	if (special !== undefined && dtype.startsWith("float")) return special;
	try {
		if (typeof fill === "string" && fill.startsWith("0x") && dtype.startsWith("float")) {
			return floatOfBits(BigInt(fill), dtype);
		}
		if (big) return BigInt(typeof fill === "string" ? fill.replace(/\.0+$/, "") : fill);
		const value = Number(fill);
		if (!Number.isNaN(value)) return value;
	} catch {
		// Falls through to the error below.
	}
	throw new ChunkwiseError("bad-metadata", `The fill value ${JSON.stringify(fill)} is no ${dtype}.`, {
		where,
		remedy: "The array's metadata is damaged: ask whoever wrote it.",
	});
}

function floatOfBits(bits: bigint, dtype: string): number {
	const view = new DataView(new ArrayBuffer(8));
	if (dtype === "float64") {
		view.setBigUint64(0, BigInt.asUintN(64, bits));
		return view.getFloat64(0);
	}
	if (dtype === "float16") return halfToNumber(Number(bits & 0xffffn));
	view.setUint32(0, Number(BigInt.asUintN(32, bits)));
	return view.getFloat32(0);
}

/** The value of an IEEE 754 half-precision number. */
export function halfToNumber(bits: number): number {
	const sign = bits & 0x8000 ? -1 : 1;
	const exponent = (bits >> 10) & 31;
	const fraction = bits & 1023;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
	return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The IEEE 754 half-precision bits of a number that is one. */
export function numberToHalf(value: number): number {
	if (Number.isNaN(value)) return 0x7e00;
	const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
	const magnitude = Math.abs(value);
	if (magnitude === Infinity) return sign | 0x7c00;
	if (magnitude < 2 ** -14) return sign | Math.round(magnitude * 2 ** 24);
	const exponent = Math.floor(Math.log2(magnitude));
	return sign | ((exponent + 15) << 10) | Math.round((magnitude / 2 ** exponent - 1) * 1024);
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The elements' bytes, little-endian: a view where the machine is, else a swapped copy. */
export function littleEndianBytes(array: TypedArray): Uint8Array {
	const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
	const size = array.BYTES_PER_ELEMENT;
	if (littleEndian || size === 1) return bytes;
	const swapped = new Uint8Array(bytes.length);
	for (let i = 0; i < bytes.length; i++) swapped[i] = bytes[i - (i % size) + size - 1 - (i % size)];
	return swapped;
}
