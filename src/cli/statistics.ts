/** Smallest, largest, sum and SHA-256 of values that arrive part by part. */
import { createHash } from "node:crypto";
import type { TypedArray } from "../lib/types.ts";
import { littleEndianBytes } from "../lib/zarr/dtypes.ts";
import { floatsToHalves } from "../lib/zarr/half.ts";

export interface Statistics {
	/** Strings beyond what a JSON number can hold exactly; null where there is no value. */
	min: number | string | null;
	max: number | string | null;
	/**
	 * Exact for integers, a decimal string for those of 64 bits and beyond 2^53; compensated for floats; null where
	 * elements are no single numbers.
	 */
	sum: number | string | null;
	/** Of the values as little-endian bytes, in C order, bool as one byte. */
	sha256: string;
	/** Values that are no number, which the others leave out; absent where there are none. */
	nanCount?: number;
}

/** Values added up before the sum moves to a bigint: 2^20 values of 32 bits stay below 2^53. */
const batch = 1 << 20;

export class StatisticsOf {
	readonly #dtype: string;
	readonly #hash = createHash("sha256");
	#min: number | bigint | undefined;
	#max: number | bigint | undefined;
	#exact = 0n;
	#float = 0;
	#lost = 0;
	#nans = 0;
	#numbers = true;

	/** `dtype` is the stored type: bool arrives as 0 and 1, float16 as float32. */
	constructor(dtype: string) {
		this.#dtype = dtype;
	}

	/** The next values in C order. */
	add(values: TypedArray): void {
		this.#hash.update(
			littleEndianBytes(this.#dtype === "float16" ? floatsToHalves(values as Float32Array) : values),
		);
		if (values instanceof BigInt64Array || values instanceof BigUint64Array) this.#add64(values);
		else if (values instanceof Float32Array || values instanceof Float64Array) this.#addFloats(values);
		else this.#addIntegers(values);
	}

	/** The next elements of a type whose values are neither ordered nor added up: complex numbers, raw bits. */
	hashOnly(parts: TypedArray): void {
		this.#hash.update(littleEndianBytes(parts));
		this.#numbers = false;
	}

	result(): Statistics {
		const exact = this.#dtype.includes("int") || this.#dtype === "bool";
		const sum = exact
			? this.#dtype.endsWith("64")
				? String(this.#exact)
				: plain(this.#exact)
			: Number.isFinite(this.#float)
				? this.#float + this.#lost
				: this.#float;
		return {
			min: this.#min === undefined ? null : plain(this.#min),
			max: this.#max === undefined ? null : plain(this.#max),
			sum: this.#numbers ? (typeof sum === "number" ? plain(sum) : sum) : null,
			sha256: this.#hash.digest("hex"),
			...(this.#nans > 0 ? { nanCount: this.#nans } : {}),
		};
	}

	#widen(min: number | bigint, max: number | bigint): void {
		if (this.#min === undefined || min < this.#min) this.#min = min;
		if (this.#max === undefined || max > this.#max) this.#max = max;
	}

	#addIntegers(values: Exclude<TypedArray, BigInt64Array | BigUint64Array>): void {
		if (values.length === 0) return;
		let min = values[0];
		let max = values[0];
		for (let start = 0; start < values.length; start += batch) {
			const end = Math.min(values.length, start + batch);
			let sum = 0;
			for (let i = start; i < end; i++) {
				const value = values[i];
				if (value < min) min = value;
				else if (value > max) max = value;
				sum += value;
			}
			this.#exact += BigInt(sum);
		}
		this.#widen(min, max);
	}

	#add64(values: BigInt64Array | BigUint64Array): void {
		if (values.length === 0) return;
		let min = values[0];
		let max = values[0];
		for (const value of values) {
			if (value < min) min = value;
			else if (value > max) max = value;
		}
		this.#widen(min, max);
		// Halves added as numbers: several times faster than adding bigints one by one.
		const { buffer, byteOffset, length } = values;
		const low = new Uint32Array(buffer, byteOffset, 2 * length);
		const high = values instanceof BigInt64Array ? new Int32Array(buffer, byteOffset, 2 * length) : low;
		for (let start = 0; start < length; start += batch) {
			const end = Math.min(length, start + batch);
			let lows = 0;
			let highs = 0;
			for (let i = start; i < end; i++) {
				lows += low[2 * i];
				highs += high[2 * i + 1];
			}
			this.#exact += BigInt(lows) + (BigInt(highs) << 32n);
		}
	}

	/** Neumaier's compensated sum. */
	#addFloats(values: Float32Array | Float64Array): void {
		let min = Number.POSITIVE_INFINITY;
		let max = Number.NEGATIVE_INFINITY;
		let sum = this.#float;
		let lost = this.#lost;
		let numbers = 0;
		for (let i = 0; i < values.length; i++) {
			const value = values[i];
			if (Number.isNaN(value)) continue;
			numbers++;
			if (value < min) min = value;
			if (value > max) max = value;
			const next = sum + value;
			lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
			sum = next;
		}
		this.#float = sum;
		this.#lost = lost;
		this.#nans += values.length - numbers;
		if (numbers > 0) this.#widen(min, max);
	}
}

/** A number where JSON has it exactly, else its decimal digits; "Infinity", "-Infinity" and "NaN" as such. */
function plain(value: number | bigint): number | string {
	if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
	const limit = BigInt(Number.MAX_SAFE_INTEGER);
	return value >= -limit && value <= limit ? Number(value) : String(value);
}
