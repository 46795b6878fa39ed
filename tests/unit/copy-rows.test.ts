import { afterEach, describe, expect, it } from "vitest";
import { copyStrided } from "../../src/lib/image/select.ts";
import { allocate, type DataType, type TypedArray } from "../../src/lib/types.ts";
import { allowKernels } from "../../src/lib/zarr/codecs/kernels.ts";

afterEach(() => allowKernels(true));

/** Different bytes everywhere. */
function noise(dtype: DataType, length: number, seed: number): TypedArray {
	const values = allocate(dtype, length);
	const bytes = new Uint8Array(values.buffer);
	for (let i = 0, state = seed; i < bytes.length; i++) {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		bytes[i] = state >>> 24;
	}
	return values;
}

/** The target's bytes after a copy with and without WebAssembly. */
function both(dtype: DataType, copy: (from: TypedArray, to: TypedArray) => void): [Uint8Array, Uint8Array] {
	return [true, false].map((compiled) => {
		allowKernels(compiled);
		const from = noise(dtype, 30_000, 1);
		const to = noise(dtype, 30_000, 2);
		copy(from, to);
		return new Uint8Array(to.buffer);
	}) as [Uint8Array, Uint8Array];
}

describe("copying short rows in WebAssembly", () => {
	it.each<DataType>(["uint8", "uint16", "float32", "uint64"])(
		"moves the same %s as JavaScript, and nothing else",
		(dtype) => {
			for (const row of [1, 2, 3, 5, 7, 8, 13, 16, 17, 31, 64, 90]) {
				for (const [fromStep, toStep] of [
					[row, row + 3],
					[row + 5, row],
					[2 * row + 1, 3 * row],
				]) {
					const extent = [3, 30, row];
					const [compiled, plain] = both(dtype, (from, to) =>
						copyStrided(from, 11, [31 * fromStep, fromStep, 1], to, 7, [30 * toStep, toStep, 1], extent),
					);
					expect(Buffer.compare(compiled, plain)).toBe(0);
				}
			}
		},
	);

	it("takes more rows than it brings at one time", () => {
		const [compiled, plain] = both("uint8", (from, to) =>
			copyStrided(from, 0, [9, 1], to, 0, [7, 1], [2_600, 7]),
		);
		expect(Buffer.compare(compiled, plain)).toBe(0);
		const long = noise("float64", 600_000, 3);
		const out = allocate("float64", 300_000);
		copyStrided(long, 1, [20, 1], out, 0, [10, 1], [29_999, 10]);
		for (const at of [0, 9, 10, 32_767, 155_555, 299_989]) {
			expect(Object.is(out[at], long[1 + 20 * Math.floor(at / 10) + (at % 10)])).toBe(true);
		}
		expect(out[299_990]).toBe(0);
	});

	it("copies within one array", () => {
		const values = Uint16Array.from({ length: 4000 }, (_, i) => i);
		copyStrided(values, 0, [40, 1], values, 2000, [40, 1], [50, 20]);
		expect(values[2000 + 40 * 7 + 3]).toBe(40 * 7 + 3);
		expect(values[2000 + 40 * 7 + 20]).toBe(2000 + 40 * 7 + 20);
	});
});
