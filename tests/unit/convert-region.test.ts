/** A level computed part by part equals the level computed at once. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyBlock, type IndexRange } from "../../src/lib/image/select.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { coarsenInPieces, neededRegion, regionShape } from "../../src/lib/multiscale/region.ts";
import { coarserGeometry, multiscaleMethods, toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { allocate, dataTypes, product } from "../../src/lib/types.ts";

const cases = fc
	.record({
		shape: fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 1, maxLength: 4 }),
		factors: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 4 }),
		method: fc.constantFrom(...multiscaleMethods),
		dtype: fc.constantFrom(...dataTypes),
		seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
		limit: fc.integer({ min: 1, max: 400 }),
		corners: fc.array(
			fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
			{
				minLength: 4,
				maxLength: 4,
			},
		),
	})
	.map((one) => ({
		...one,
		factors: one.shape.map((n, axis) => Math.min(n, one.factors[axis])),
	}));

describe("a part of a level", () => {
	it("equals that part of the whole level, for every method, type, shape and factor", async () => {
		await fc.assert(
			fc.asyncProperty(cases, async ({ shape, factors, method, dtype, seed, limit, corners }) => {
				const data = allocate(dtype, product(shape));
				let state = seed;
				for (let i = 0; i < data.length; i++) {
					state = (Math.imul(state, 1103515245) + 12345) | 0;
					// Few values for mode; negative ones and fractions for rounding.
					const value =
						method === "mode" ? (state >>> 16) % 4 : ((state >> 8) % 251) - (dtype.startsWith("u") ? 0 : 90);
					if (dtype.endsWith("int64")) data[i] = BigInt.asUintN(60, BigInt(value));
					else data[i] = dtype.startsWith("float") ? value / 7 : value;
				}
				const dims = ["a", "z", "y", "x"].slice(-shape.length);
				const image = toSpatialImage({ data, shape }, { dims });
				const byDim = Object.fromEntries(dims.map((dim, axis) => [dim, factors[axis]]));
				const level = (await toMultiscale(image, [byDim], { method })).levels[1];
				expect(coarserGeometry(image, byDim, method)).toMatchObject({
					shape: level.shape,
					scale: level.scale,
					translation: level.translation,
				});
				const region = level.shape.map((n, axis): IndexRange => {
					const [a, b] = corners[axis].map((part) => Math.floor(part * n));
					return [Math.min(a, b, n - 1), Math.max(a, b, Math.min(a, b, n - 1) + 1)];
				});
				const step = { shape, factors, method };
				let largest = 0;
				const part = await coarsenInPieces(step, region, limit, async (needed) => {
					largest = Math.max(largest, product(regionShape(needed)));
					return copyBlock(data, shape, needed);
				});
				expect(part).toEqual(copyBlock(level.data, level.shape, region));
				const one = region.map(([start]): IndexRange => [start, start + 1]);
				const least = Math.max(
					limit,
					...[product(regionShape(neededRegion(step, one)))].map((n) => n * 8 ** 2),
				);
				expect(largest).toBeLessThanOrEqual(least);
			}),
			{ numRuns: 300 },
		);
	});
});
