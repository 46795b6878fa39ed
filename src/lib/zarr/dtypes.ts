/** Element types of stored arrays, and the fill value that stands for what is not stored. */
import { ChunkwiseError } from "../errors.ts";
import type { DataType, TypedArray } from "../types.ts";
import { halfBits, halfToNumber, numberToHalf } from "./half.ts";
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

/** Whether elements are text that readStrings() may read. */
export function isText(dtype: string): boolean {
	return (
		dtype === "string" ||
		dtype === "fixed_length_utf32" ||
		dtype === "null_terminated_bytes" ||
		/^[<>|]?[SUO]\d*$/.test(dtype)
	);
}

/** The error for a type whose values are not read. */
export function unsupportedType(dtype: string, where: string): ChunkwiseError {
	const way = /complex|^[<>|]c/.test(dtype)
		? "In a program, readParts() reads them as real and imaginary parts."
		: /datetime|timedelta|^[<>|][Mm]8/.test(dtype)
			? "Times are not read here: write them as int64, with their unit as an attribute."
			: isText(dtype)
				? "Text has no numbers to compare: in a program, readStrings() reads it."
				: /^(\|V|r|raw_bytes$)\d*$/.test(dtype)
					? "In a program, readParts() reads raw bits as bytes."
					: /^\[|struct/.test(dtype)
						? "Structured types are not read here: write each field as an array of its own."
						: "Integers, floats and bool can be read: ask whoever wrote the array for one of these.";
	return new ChunkwiseError("unsupported-dtype", `Elements of type ${dtype} cannot be read as numbers.`, {
		where: where || "/",
		remedy: way,
	});
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
	// Of elements of several parts, the first (parts.ts).
	if (Array.isArray(fill)) return fillElement(fill[0], dtype, where);
	const big = dtype === "int64" || dtype === "uint64";
	const zero = big ? 0n : 0;
	if (fill === null || fill === undefined || fill === "") return zero;
	if (typeof fill === "boolean") return big ? BigInt(fill) : Number(fill);
	const special = { NaN: Number.NaN, Infinity: Infinity, "-Infinity": -Infinity }[fill];
	if (special !== undefined && dtype.startsWith("float")) return special;
	try {
		if (typeof fill === "string" && /^0x[0-9a-f]+$/i.test(fill) && dtype.startsWith("float")) {
			return floatOfBits(BigInt(fill), dtype);
		}
		const whole = wholeRange(dtype);
		if (whole) {
			const value = BigInt(typeof fill === "string" ? fill.replace(/\.0+$/, "") : fill);
			if (value >= whole[0] && value <= whole[1]) return big ? value : Number(value);
		} else {
			const value = Number(fill);
			if (!Number.isNaN(value)) return dtype === "float16" ? halfToNumber(numberToHalf(value)) : value;
		}
	} catch {
		// Falls through to the error below.
	}
	throw new ChunkwiseError("bad-metadata", `The fill value ${JSON.stringify(fill)} is no ${dtype}.`, {
		where,
		remedy: "The array's metadata is damaged: ask whoever wrote it.",
	});
}

/** Least and greatest of an integer type; undefined for others. */
function wholeRange(dtype: string): [least: bigint, most: bigint] | undefined {
	if (dtype === "bool") return [0n, 1n];
	const match = /^(u?)int(8|16|32|64)$/.exec(dtype);
	if (!match) return undefined;
	const bits = BigInt(match[2]);
	return match[1] ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
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

/**
 * Fills an array with a fill value, to the bit: a NaN may carry a payload, and zero a sign. Several values are the parts
 * of an element, which lie along the last axis.
 * @throws ChunkwiseError bad-metadata
 */
export function fillWith(
	out: TypedArray,
	fill: JsonScalar | readonly JsonScalar[] | undefined,
	dtype: string,
	where: string,
): void {
	if (Array.isArray(fill)) {
		const element = fill.map((part: JsonScalar) => {
			const one = out.slice(0, 1).fill(0 as never);
			fillWith(one, part, dtype, where);
			return one;
		});
		for (let i = 0; i < out.length; i++) out.set(element[i % element.length] as never, i);
		return;
	}
	fillOne(out, fill as JsonScalar | undefined, dtype, where);
}

function fillOne(out: TypedArray, fill: JsonScalar | undefined, dtype: string, where: string): void {
	const value = fillElement(fill, dtype, where);
	if (typeof fill === "string" && fill.startsWith("0x") && Number.isNaN(value)) {
		if (out instanceof Float64Array) {
			new BigUint64Array(out.buffer, out.byteOffset, out.length).fill(BigInt(fill));
			return;
		}
		const bits = Number(BigInt.asUintN(32, BigInt(fill)));
		new Uint32Array(out.buffer, out.byteOffset, out.length).fill(dtype === "float16" ? halfBits(bits) : bits);
		return;
	}
	if (!Object.is(value, 0) && value !== 0n) out.fill(value as never);
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
