import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { gaussianWeights } from "../../src/lib/multiscale/gaussian.ts";
import {
	type MultiscaleMethod,
	multiscaleMethods,
	type ScaleFactor,
	toMultiscale,
} from "../../src/lib/multiscale/to-multiscale.ts";
import type { TypedArray } from "../../src/lib/types.ts";

/** The first coarser level of an array. */
async function once(data: TypedArray, shape: number[], factor: ScaleFactor, method: MultiscaleMethod) {
	const { levels } = await toMultiscale(toSpatialImage({ data, shape }), [factor], { method });
	return levels[1];
}

const line = async (method: MultiscaleMethod, factor: number, data: TypedArray) => {
	const level = await once(data, [data.length], factor, method);
	return [...level.data];
};

describe("bin-shrink", () => {
	it("rounds half up where the course's mean truncates", async () => {
		// ITK gives 93 for a bin whose mean is 92.5; xarray's coarsen with astype 92.
		const bin = Uint16Array.of(92, 93, 92, 93, 92, 93, 92, 93);
		expect((await once(bin, [2, 2, 2], 2, "bin-shrink")).data[0]).toBe(93);
		expect((await once(bin, [2, 2, 2], 2, "mean")).data[0]).toBe(92);
	});

	it("takes halves of negative numbers up too, in all integer types", async () => {
		expect(await line("bin-shrink", 2, Int16Array.of(-1, -2, -1, 0, -3, -3))).toEqual([-1, 0, -3]);
		expect(await line("bin-shrink", 2, BigInt64Array.of(-1n, -2n, -1n, 0n, -3n, -3n, 1n, 2n))).toEqual([
			-1n,
			0n,
			-3n,
			2n,
		]);
		const most = 2n ** 64n - 1n;
		expect(await line("bin-shrink", 2, BigUint64Array.of(most, most, most, most - 1n))).toEqual([most, most]);
		expect(await line("bin-shrink", 3, Int8Array.of(-1, -1, -2, 127, 127, 127))).toEqual([-1, 127]);
		expect(await line("bin-shrink", 2, Float32Array.of(1, 2, 0.5, 0.25))).toEqual([1.5, 0.375]);
	});

	it("drops the excess at the end, with the coordinates that this gives", async () => {
		const level = await once(Uint8Array.of(1, 3, 5, 7, 200), [5], 2, "bin-shrink");
		expect([[...level.data], level.translation.x, level.scale.x]).toEqual([[2, 6], 0.5, 2]);
		const mean = await once(Uint8Array.of(200, 1, 3, 5, 7), [5], 2, "mean");
		expect([[...mean.data], mean.translation.x, mean.scale.x]).toEqual([[2, 6], 1.5, 2]);
	});

	it("is floor(sum / n + 1/2) of each bin, for any shape and factors", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(
					fc.tuple(
						fc.integer({ min: 1, max: 4 }),
						fc.integer({ min: 0, max: 3 }),
						fc.integer({ min: 1, max: 3 }),
					),
					{
						minLength: 1,
						maxLength: 3,
					},
				),
				fc.infiniteStream(fc.integer({ min: -32768, max: 32767 })),
				async (axes, numbers) => {
					const factors = axes.map(([f]) => f);
					const shape = axes.map(([f, rest, n]) => f * n + (rest % f));
					const data = new Int16Array(shape.reduce((a, b) => a * b, 1)).map(() => numbers.next().value ?? 0);
					const dims = ["z", "y", "x"].slice(-shape.length);
					const level = await once(
						data,
						shape,
						Object.fromEntries(dims.map((dim, i) => [dim, factors[i]])),
						"bin-shrink",
					);
					const outShape = shape.map((n, i) => Math.floor(n / factors[i]));
					expect(level.shape).toEqual(outShape);
					const at = (index: number[]) => data[index.reduce((sum, i, axis) => sum * shape[axis] + i, 0)];
					const indices = (lengths: number[]): number[][] =>
						lengths.reduce<number[][]>(
							(all, n) => all.flatMap((head) => Array.from({ length: n }, (_, i) => [...head, i])),
							[[]],
						);
					const wanted = indices(outShape).map((out) => {
						const bin = indices(factors).map((inside) =>
							at(inside.map((i, axis) => out[axis] * factors[axis] + i)),
						);
						return Math.floor((2 * bin.reduce((a, b) => a + b, 0) + bin.length) / (2 * bin.length)) + 0;
					});
					expect([...level.data]).toEqual(wanted);
				},
			),
			{ numRuns: 100 },
		);
	});
});

describe("nearest", () => {
	it("takes the element nearest the middle of a bin, and says where it lies", async () => {
		const data = Uint8Array.from({ length: 13 }, (_, i) => i);
		for (const [factor, values, start] of [
			[1, [...data], 0],
			[2, [0, 2, 4, 6, 8, 10], 0],
			[3, [1, 4, 7, 10], 1],
			[4, [1, 5, 9], 1],
		] as const) {
			const level = await once(data, [13], factor, "nearest");
			expect([...level.data]).toEqual(values);
			expect([level.translation.x, level.scale.x]).toEqual([start, factor]);
		}
	});

	it("is what its coordinates say, in any type", async () => {
		const data = BigUint64Array.from({ length: 6 * 7 * 9 }, (_, i) => BigInt(i) << 33n);
		const level = await once(data, [6, 7, 9], { z: 1, y: 2, x: 3 }, "nearest");
		expect(level.shape).toEqual([6, 3, 3]);
		const image = toSpatialImage({ data, shape: [6, 7, 9] });
		const [z, y, x] = ["z", "y", "x"].map((dim) => level.coords(dim));
		expect(level.data[2 * 9 + 1 * 3 + 2]).toBe(image.isel({ z: z[2], y: y[1], x: x[2] }).data[0]);
	});
});

describe("mode", () => {
	it("takes the most frequent label, and the smallest where several are", async () => {
		expect(await line("mode", 4, Uint16Array.of(5, 9, 5, 0, 7, 7, 3, 3, 1, 2, 3, 4))).toEqual([5, 3, 1]);
		expect(await line("mode", 3, Int8Array.of(-1, -1, 4, 2, 2, 2))).toEqual([-1, 2]);
		expect(await line("mode", 3, BigInt64Array.of(-(2n ** 60n), 7n, 7n))).toEqual([7n]);
		expect(await line("mode", 3, Float32Array.of(Number.NaN, 1, Number.NaN, Number.NaN, 1, 2))).toEqual([
			Number.NaN,
			1,
		]);
	});

	it("makes no label that was not there, over bins of all axes", async () => {
		const labels = Uint32Array.of(1, 1, 70000, 0, 1, 0, 70000, 70000);
		const level = await once(labels, [2, 4], 2, "mode");
		expect([...level.data]).toEqual([1, 70000]);
		expect(level.translation).toEqual({ y: 0.5, x: 0.5 });
	});
});

describe("gaussian", () => {
	it("has weights that are symmetric about the middle, sum to 1 and have the variance asked for", () => {
		for (const factor of [2, 3, 4, 8]) {
			const { first, weights } = gaussianWeights(factor);
			const middle = (factor - 1) / 2;
			const mean = weights.reduce((sum, w, i) => sum + w * (first + i), 0);
			const variance = weights.reduce((sum, w, i) => sum + w * (first + i - mean) ** 2, 0);
			expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
			expect(mean).toBeCloseTo(middle, 12);
			// A Gaussian taken at whole elements and cut at 4 deviations differs a little from the whole one.
			expect(variance / ((factor ** 2 - 1) / (8 * Math.LN2))).toBeCloseTo(1, 1);
		}
	});

	it("keeps what is constant, and a ramp where its coordinates say, away from the edges", async () => {
		expect(await line("gaussian", 2, new Uint8Array(9).fill(255))).toEqual([255, 255, 255, 255]);
		expect(await line("gaussian", 2, new Uint32Array(8).fill(2 ** 32 - 1))).toEqual(
			Array(4).fill(2 ** 32 - 1),
		);
		expect(await line("gaussian", 2, new BigUint64Array(4).fill(2n ** 64n - 1n))).toEqual(
			Array(2).fill(2n ** 64n - 1n),
		);
		const ramp = Float64Array.from({ length: 60 }, (_, i) => i);
		const level = await once(ramp, [60], 3, "gaussian");
		const coordinates = level.coords("x");
		for (let i = 3; i < 17; i++) expect(level.data[i]).toBeCloseTo(coordinates[i], 9);
	});

	it("is the weighted sum over all axes, the edge repeated", async () => {
		const shape = [5, 6];
		const data = Float64Array.from({ length: 30 }, (_, i) => (i * 7919) % 101);
		const level = await once(data, shape, 2, "gaussian");
		const { first, weights } = gaussianWeights(2);
		const clamp = (i: number, n: number) => Math.min(n - 1, Math.max(0, i));
		for (let y = 0; y < 2; y++) {
			for (let x = 0; x < 3; x++) {
				let sum = 0;
				for (const [j, v] of weights.entries()) {
					for (const [i, w] of weights.entries()) {
						sum += v * w * data[clamp(2 * y + first + j, 5) * 6 + clamp(2 * x + first + i, 6)];
					}
				}
				expect(level.data[y * 3 + x]).toBeCloseTo(sum, 9);
			}
		}
		expect(level.translation).toEqual({ y: 0.5, x: 0.5 });
	});
});

describe("every method", () => {
	it.each(multiscaleMethods)("%s leaves time and channels alone, and names itself", async (method) => {
		const image = toSpatialImage({ data: new Uint16Array(2 * 3 * 4 * 6 * 7), shape: [2, 3, 4, 6, 7] });
		const multiscale = await toMultiscale(image, [2], { method });
		expect(multiscale.levels[1].shape).toEqual([2, 3, 2, 3, 3]);
		expect(multiscale.levels[1].translation).toMatchObject({ t: 0, c: 0 });
		expect(multiscale.method).toBe(method);
	});

	it.each(multiscaleMethods)("%s keeps an image whose factors are 1", async (method) => {
		const data = Int16Array.from({ length: 24 }, (_, i) => 1000 - 97 * i);
		const level = await once(data, [4, 6], 1, method);
		expect([...level.data]).toEqual([...data]);
		expect(level.translation).toEqual({ y: 0, x: 0 });
	});

	it("is refused where there is no such one", async () => {
		await expect(once(new Uint8Array(4), [4], 2, "median" as never)).rejects.toMatchObject({
			code: "bad-method",
			remedy: "Use one of mean, bin-shrink, nearest, mode, gaussian.",
		});
	});
});

describe("absolute factors", () => {
	const image = toSpatialImage({ data: new Uint8Array(16 * 24), shape: [16, 24] });

	it("count from the image itself", async () => {
		const absolute = await toMultiscale(image, { absoluteFactors: [2, 4, 8] });
		expect(absolute.levels.map((level) => level.scale.x)).toEqual([1, 2, 4, 8]);
		expect(absolute.scaleFactors).toEqual(Array(3).fill({ y: 2, x: 2 }));
		const relative = await toMultiscale(image, [2, 4]);
		expect(relative.levels.map((level) => level.scale.x)).toEqual([1, 2, 8]);
	});

	it("give the levels of today's multiscale-spatial-image for the course's image", async () => {
		const cell = toSpatialImage({ data: new Uint8Array(129 * 212 * 363), shape: [129, 212, 363] });
		const { levels } = await toMultiscale(cell, { absoluteFactors: [2, 4] }, { method: "bin-shrink" });
		expect(levels.map((level) => level.shape)).toEqual([
			[129, 212, 363],
			[64, 106, 181],
			[32, 53, 90],
		]);
		expect(levels.map((level) => level.translation)).toEqual(
			[0, 0.5, 1.5].map((t) => ({ z: t, y: t, x: t })),
		);
	});

	it("may differ by axis", async () => {
		const { levels } = await toMultiscale(image, { absoluteFactors: [{ x: 2 }, { x: 4, y: 2 }] });
		expect(levels.map((level) => level.shape)).toEqual([
			[16, 24],
			[16, 12],
			[8, 6],
		]);
	});

	it("must be multiples of those before", async () => {
		for (const absoluteFactors of [[2, 3], [4, 2], [{ x: 2 }, { y: 2 }], [0], [1.5]]) {
			await expect(
				toMultiscale(image, { absoluteFactors: absoluteFactors as ScaleFactor[] }),
			).rejects.toMatchObject({
				code: "bad-scale-factor",
			});
		}
	});
});
