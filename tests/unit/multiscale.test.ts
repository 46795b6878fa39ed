import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displaySymbol } from "../../src/lib/display.ts";
import { SpatialImage } from "../../src/lib/image/spatial-image.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { binMean, planBins } from "../../src/lib/multiscale/bin-mean.ts";
import { chunkShape } from "../../src/lib/multiscale/chunks.ts";
import { rechunk } from "../../src/lib/multiscale/multiscale.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import {
	allocate,
	cStrides,
	type DataType,
	dataTypes,
	product,
	type TypedArray,
} from "../../src/lib/types.ts";

/** The rule read off its definition, one element at a time. */
function slowMean(data: TypedArray, shape: number[], factors: number[], dtype: DataType): TypedArray {
	const outShape = shape.map((n, a) => Math.floor(n / factors[a]));
	const out = allocate(dtype, product(outShape));
	const strides = cStrides(shape);
	const outStrides = cStrides(outShape);
	const block = product(factors);
	for (let o = 0; o < out.length; o++) {
		const first = outStrides.map(
			(step, a) => (shape[a] % factors[a]) + (Math.floor(o / step) % outShape[a]) * factors[a],
		);
		const members: (number | bigint)[] = [];
		for (let m = 0; m < block; m++) {
			let rest = m;
			let offset = 0;
			for (let a = shape.length - 1; a >= 0; a--) {
				offset += (first[a] + (rest % factors[a])) * strides[a];
				rest = Math.floor(rest / factors[a]);
			}
			members.push(data[offset]);
		}
		if (dtype.endsWith("int64")) {
			out[o] = (members as bigint[]).reduce((a, b) => a + b) / BigInt(block);
		} else {
			const mean = (members as number[]).reduce((a, b) => a + b) / block;
			out[o] = dtype.startsWith("float") ? mean : Math.trunc(mean);
		}
	}
	return out;
}

/** Values over the whole range of a type, from a seeded sequence. Floats are small integers: their sums are exact. */
function fillRandom(dtype: DataType, length: number, seed: number): TypedArray {
	let state = BigInt(seed) | 1n;
	const next = () => {
		state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
		return state >> 7n;
	};
	const out = allocate(dtype, length);
	for (let i = 0; i < length; i++) {
		const random = next();
		if (dtype.endsWith("int64")) out[i] = BigInt.asIntN(64, random << 7n);
		else if (dtype.startsWith("float")) out[i] = Number(random % 2001n) - 1000;
		else out[i] = Number(random % 0x100000000n);
	}
	return out;
}

describe("binMean", () => {
	test("equals the definition for any shape, factors and type", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 4 }).chain((n) =>
					fc.record({
						shape: fc.array(fc.integer({ min: 4, max: 11 }), { minLength: n, maxLength: n }),
						factors: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: n, maxLength: n }),
					}),
				),
				fc.constantFrom(...dataTypes),
				fc.integer({ min: 0, max: 1e6 }),
				({ shape, factors }, dtype, seed) => {
					const data = fillRandom(dtype, product(shape), seed);
					expect(binMean(data, planBins(shape, factors))).toEqual(slowMean(data, shape, factors, dtype));
				},
			),
			{ numRuns: 150 },
		);
	});

	test.each(dataTypes)(
		"the unrolled halvings equal the definition for %s, leading axes included",
		(dtype) => {
			for (const [shape, factors] of [
				[
					[7, 9, 11],
					[2, 2, 2],
				],
				[
					[2, 5, 6, 7],
					[1, 2, 2, 2],
				],
				[
					[9, 8],
					[2, 2],
				],
				[
					[3, 9, 8],
					[1, 2, 2],
				],
			]) {
				const data = fillRandom(dtype, product(shape), 7);
				expect(binMean(data, planBins(shape, factors))).toEqual(slowMean(data, shape, factors, dtype));
			}
		},
	);

	test("truncates toward zero, also below zero", () => {
		const mean = (data: TypedArray) => binMean(data, planBins([data.length], [data.length]))[0];
		expect(mean(Int16Array.of(-1, -2))).toBe(-1);
		expect(mean(Int16Array.of(-1, -2, -2, -2))).toBe(-1);
		expect(mean(Uint8Array.of(255, 254))).toBe(254);
		expect(mean(Int32Array.of(-2147483648, -2147483647))).toBe(-2147483647);
		expect(mean(Uint32Array.of(4294967295, 4294967295, 4294967294))).toBe(4294967294);
		expect(mean(BigInt64Array.of(-(2n ** 63n), -(2n ** 63n) + 1n))).toBe(-(2n ** 63n) + 1n);
		expect(mean(BigUint64Array.of(2n ** 64n - 1n, 2n ** 64n - 1n))).toBe(2n ** 64n - 1n);
		expect(binMean(Int8Array.of(-1, -1, -1, -1, 0, 0, 0, 0), planBins([2, 2, 2], [2, 2, 2]))[0]).toBe(0);
	});

	test("floats keep their fraction, and NaN stays NaN", () => {
		expect([...binMean(Float32Array.of(1, 2, Number.NaN, 4), planBins([4], [2]))]).toEqual([1.5, Number.NaN]);
	});

	test("drops the excess at the start of an axis", () => {
		expect([...binMean(Uint8Array.of(99, 1, 3, 5, 7), planBins([5], [2]))]).toEqual([2, 6]);
	});
});

describe("toMultiscale", () => {
	const sample = (options = {}) =>
		toSpatialImage({ data: new Uint16Array(129 * 212 * 363), shape: [129, 212, 363], ...options });

	test("shapes, chunks and coordinates of the course's volume", async () => {
		const multiscale = await toMultiscale(sample(), [2, 4]);
		expect(multiscale.levels.map((level) => level.shape)).toEqual([
			[129, 212, 363],
			[64, 106, 181],
			[16, 26, 45],
		]);
		const firsts = multiscale.levels.map((level) => level.dims.map((dim) => level.coords(dim)[0]));
		expect(firsts).toEqual([
			[0, 0, 0],
			[1.5, 0.5, 1.5],
			[4.5, 7.5, 6.5],
		]);
		expect(multiscale.levels.map((level) => level.scale.z)).toEqual([1, 2, 8]);
		expect(multiscale.chunks).toEqual([
			[64, 64, 64],
			[64, 64, 64],
			[16, 26, 45],
		]);
		expect(multiscale.chunkCounts).toEqual([72, 6, 1]);
		expect(multiscale.paths).toEqual(["scale0/image", "scale1/image", "scale2/image"]);
		const table = multiscale[displaySymbol]();
		expect(table.rows).toEqual([
			["scale0", "18.93 MiB", "(129, 212, 363)", "512.00 KiB", "(64, 64, 64)", 72, "uint16"],
			["scale1", "2.34 MiB", "(64, 106, 181)", "512.00 KiB", "(64, 64, 64)", 6, "uint16"],
			["scale2", "36.56 KiB", "(16, 26, 45)", "36.56 KiB", "(16, 26, 45)", 1, "uint16"],
		]);
		expect(multiscale.toString()).toContain("scale0  18.93 MiB");
	});

	test("rechunked to 128 there are 15 chunks", async () => {
		const coarse = rechunk(await toMultiscale(sample(), [2, 4]), 128);
		expect(coarse.chunkCounts).toEqual([12, 2, 1]);
		expect(coarse.chunks[1]).toEqual([64, 106, 128]);
		expect(coarse.levels[1].data).toHaveLength(64 * 106 * 181);
	});

	test("coordinates follow spacing and origin, and equal the means of the finer coordinates", async () => {
		const image = sample({ scale: { z: 0.2, y: 0.5, x: 3 }, translation: { z: -10, x: 7 } });
		const { levels } = await toMultiscale(image, [2, 4]);
		for (const level of [1, 2]) {
			for (const dim of image.dims) {
				const fine = levels[level - 1].coords(dim);
				const factor = [2, 4][level - 1];
				const start = fine.length % factor;
				const mean = fine.slice(start, start + factor).reduce((a, b) => a + b) / factor;
				expect(levels[level].coords(dim)[0]).toBeCloseTo(mean, 9);
			}
		}
	});

	test("time and channels are never scaled", async () => {
		const image = new SpatialImage({
			dims: ["t", "c", "y", "x"],
			shape: [3, 2, 8, 8],
			data: Uint8Array.from({ length: 384 }, (_, i) => i % 251),
			units: { t: "second" },
		});
		const { levels, chunks } = await toMultiscale(image, [2, 2]);
		expect(levels.map((level) => level.shape)).toEqual([
			[3, 2, 8, 8],
			[3, 2, 4, 4],
			[3, 2, 2, 2],
		]);
		expect(levels[2].scale).toEqual({ t: 1, c: 1, y: 4, x: 4 });
		expect(levels[2].translation).toEqual({ t: 0, c: 0, y: 1.5, x: 1.5 });
		expect(levels[2].units.t).toBe("second");
		expect(chunks[0]).toEqual([1, 1, 8, 8]);
	});

	test("the second level is made of the truncated first", async () => {
		const image = toSpatialImage({ data: Uint8Array.of(0, 1, 1, 2), shape: [4] });
		// Means 0.5 and 1.5 are stored as 0 and 1; their mean 0.5 is stored as 0, not the mean 1 of all four.
		expect([...(await toMultiscale(image, [2, 2])).levels[2].data]).toEqual([0]);
	});

	test("factors by dimension", async () => {
		const image = toSpatialImage({ data: new Uint8Array(3 * 8 * 8), shape: [3, 8, 8] });
		expect((await toMultiscale(image, [{ y: 2, x: 4 }])).levels[1].shape).toEqual([3, 4, 2]);
	});

	test.each([
		[[2.5], "bad-scale-factor", "level 1"],
		[[2, 0], "bad-scale-factor", "level 2"],
		[[-2], "bad-scale-factor", "level 1"],
		[[Number.NaN], "bad-scale-factor", "level 1"],
		[[{ q: 2 }], "bad-scale-factor", '"q"'],
		[[2, [1, 2, 2]], "bad-scale-factor", "The factors of level 2 are a list."],
		[[2, 100], "axis-vanishes", "Level 2 has nothing left along z: 64 divided by 100"],
	])("factors %j are refused with %s", async (factors, code, part) => {
		await expect(toMultiscale(sample(), factors as never)).rejects.toMatchObject({
			code,
			message: expect.stringContaining(part),
			remedy: expect.stringMatching(/./),
		});
	});

	test("the remedy for a vanishing axis works", async () => {
		const flat = toSpatialImage({ data: new Uint8Array(64), shape: [1, 8, 8] });
		await expect(toMultiscale(flat, [2])).rejects.toMatchObject({
			code: "axis-vanishes",
			remedy: expect.stringContaining("{ z: 1, y: 2, x: 2 }"),
		});
		expect((await toMultiscale(flat, [{ z: 1, y: 2, x: 2 }])).levels[1].shape).toEqual([1, 4, 4]);
	});

	test("an unknown method and bad chunks are refused", async () => {
		await expect(toMultiscale(sample(), [2], { method: "median" as never })).rejects.toMatchObject({
			code: "bad-method",
		});
		expect(() => chunkShape(["y", "x"], [4, 4], { z: 2 })).toThrow(
			expect.objectContaining({ code: "bad-chunks" }),
		);
		expect(chunkShape(["t", "y", "x"], [9, 40, 30], [2, 16, 64])).toEqual([2, 16, 30]);
		expect(() => chunkShape(["y", "x"], [4, 4], [2, 2, 2])).toThrow(
			expect.objectContaining({ code: "bad-chunks", remedy: "The dimensions are y, x." }),
		);
		expect(() => chunkShape(["y", "x"], [4, 4], [2, 0])).toThrow(
			expect.objectContaining({ code: "bad-chunks" }),
		);
		expect(() => chunkShape(["y", "x"], [4, 4], 0)).toThrow(expect.objectContaining({ code: "bad-chunks" }));
	});

	test("reports levels and can be cancelled", async () => {
		const seen: number[] = [];
		await toMultiscale(sample(), [2, 4], { onProgress: ({ done }) => seen.push(done) });
		expect(seen).toEqual([0, 1, 2]);
		await toMultiscale(sample(), [], { onProgress: ({ done }) => seen.push(done) });
		expect(seen).toEqual([0, 1, 2]);
		const signal = AbortSignal.abort(new Error("enough"));
		await expect(toMultiscale(sample(), [2], { signal })).rejects.toThrow("enough");
	});
});
