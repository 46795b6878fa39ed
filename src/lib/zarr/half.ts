/**
 * Half-precision numbers (IEEE 754 binary16) in memory: as single-precision ones, which every platform has, to the bit. Our
 * own conversion in place of the platform's Float16Array, which may change the payload of a NaN.
 */
import type { TypedArray } from "../types.ts";

/** Half-precision numbers as single-precision ones, a NaN with its sign and payload. */
export function halvesToFloats(halves: Uint16Array): Float32Array {
	const out = new Float32Array(halves.length);
	const bits = new Uint32Array(out.buffer);
	for (let i = 0; i < halves.length; i++) bits[i] = halfBits(halves[i]);
	return out;
}

/** The single-precision bits of a half-precision number. */
export function halfBits(half: number): number {
	const sign = (half & 0x8000) << 16;
	const exponent = (half >> 10) & 31;
	let fraction = half & 1023;
	if (exponent === 31) return (sign | 0x7f800000 | (fraction << 13)) >>> 0;
	if (exponent > 0) return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0;
	if (fraction === 0) return sign >>> 0;
	// Below the smallest normal half: normal as a single, once the highest bit is the implied one.
	let shift = 0;
	while ((fraction & 1024) === 0) {
		fraction <<= 1;
		shift++;
	}
	return (sign | ((113 - shift) << 23) | ((fraction & 1023) << 13)) >>> 0;
}

/** The half-precision bits nearest to single-precision numbers, halfway to the even one; a NaN keeps sign and payload. */
export function floatsToHalves(floats: Float32Array): Uint16Array {
	const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
	const out = new Uint16Array(floats.length);
	for (let i = 0; i < bits.length; i++) out[i] = nearestHalf(bits[i]);
	return out;
}

/** Rounds single-precision numbers to the nearest half-precision ones, in place. */
export function roundToHalves(floats: Float32Array): void {
	const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
	for (let i = 0; i < bits.length; i++) bits[i] = halfBits(nearestHalf(bits[i]));
}

/** The nearest half of the bits of a single. */
function nearestHalf(bits: number): number {
	const sign = (bits >>> 16) & 0x8000;
	const magnitude = bits & 0x7fffffff;
	if (magnitude > 0x7f800000) return sign | 0x7c00 | Math.max(1, (magnitude >>> 13) & 1023);
	// 65520 and more: halfway to what would be the next number after 65504.
	if (magnitude >= 0x477ff000) return sign | 0x7c00;
	const normal = magnitude >= 0x38800000;
	// Below 2^-14 halves are multiples of 2^-24; half of that and less is 0.
	if (!normal && magnitude <= 0x33000000) return sign;
	const value = normal ? magnitude - 0x38000000 : (magnitude & 0x7fffff) | 0x800000;
	const drop = normal ? 13 : 126 - (magnitude >>> 23);
	return sign | ((value + (1 << (drop - 1)) - 1 + ((value >>> drop) & 1)) >>> drop);
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

/** The IEEE 754 half-precision bits nearest to a number. */
export function numberToHalf(value: number): number {
	const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
	const magnitude = Math.abs(value);
	if (Number.isNaN(value)) return 0x7e00;
	if (magnitude >= 65520) return sign | 0x7c00;
	// Multiples of this are halves; the division is exact.
	const unit = 2 ** (Math.max(-14, Math.floor(Math.log2(magnitude || 1))) - 10);
	const whole = Math.floor(magnitude / unit);
	const rest = magnitude / unit - whole;
	const rounded = (whole + (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? 1 : 0)) * unit;
	if (rounded < 2 ** -14) return sign | (rounded * 2 ** 24);
	const exponent = Math.floor(Math.log2(rounded));
	return sign | ((exponent + 15) << 10) | ((rounded / 2 ** exponent - 1) * 1024);
}

/** A platform's Float16Array as the library has half-precision numbers; other arrays as they are. */
export function withoutHalves(data: TypedArray): TypedArray {
	const { Float16Array } = globalThis as { Float16Array?: new () => ArrayLike<number> };
	if (!Float16Array || !((data as unknown) instanceof Float16Array)) return data;
	const { buffer, byteOffset, length } = data as TypedArray;
	return halvesToFloats(new Uint16Array(buffer as ArrayBuffer, byteOffset, length));
}

/** The elements of a chunk as they are stored: of an array of float16, the bits of each half. */
export function storedElements(data: TypedArray, dtype: string): TypedArray {
	return dtype === "float16" ? floatsToHalves(data as Float32Array) : data;
}
