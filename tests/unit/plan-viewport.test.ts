import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkCount } from "../../src/lib/plan/grid.ts";
import { imagePyramid, levelFor, planViewport, pyramidChunks } from "../../src/lib/plan/viewport.ts";

const pyramid = imagePyramid([1536, 3072], 256);

describe("imagePyramid", () => {
	it("halves until one chunk holds the image", () => {
		expect(pyramid.levels.map((level) => level.shape)).toEqual([
			[1536, 3072],
			[768, 1536],
			[384, 768],
			[192, 384],
			[96, 192],
		]);
		expect(pyramid.levels.map(chunkCount)).toEqual([72, 18, 6, 2, 1]);
		expect(pyramidChunks(pyramid)).toBe(99);
		expect(imagePyramid([1536, 3072], 256, { levels: 2 }).levels).toHaveLength(2);
		expect(imagePyramid([5, 5], 2).levels.map((level) => level.shape)).toEqual([
			[5, 5],
			[3, 3],
			[2, 2],
		]);
		expect(() => imagePyramid([0, 5], 2)).toThrow(expect.objectContaining({ code: "pyramid-shape" }));
	});
});

describe("levelFor", () => {
	it("takes the coarsest level with a pixel for each of the screen's", () => {
		expect(levelFor(pyramid, 2)).toBe(0);
		expect(levelFor(pyramid, 1)).toBe(0);
		expect(levelFor(pyramid, 0.75)).toBe(0);
		expect(levelFor(pyramid, 0.5)).toBe(1);
		expect(levelFor(pyramid, 0.25)).toBe(2);
		expect(levelFor(pyramid, 0.001)).toBe(4);
	});
});

describe("planViewport", () => {
	it("needs the chunks under the window", () => {
		const plan = planViewport(pyramid, { x: 200, y: 300, width: 600, height: 300 }, 0);
		expect(plan).toMatchObject({ first: [1, 0], last: [2, 3], touched: 8, total: 72 });
		expect(plan.bytesRead).toBe(8 * 128 * 1024);
		expect(planViewport(pyramid, { x: 0, y: 0, width: 3072, height: 1536 }, 3).touched).toBe(2);
	});

	it("needs nothing outside the image, and no more than there is across its edge", () => {
		expect(planViewport(pyramid, { x: -900, y: 0, width: 600, height: 300 }, 0).touched).toBe(0);
		expect(planViewport(pyramid, { x: 4000, y: 0, width: 600, height: 300 }, 0).touched).toBe(0);
		expect(planViewport(pyramid, { x: -100, y: -100, width: 200, height: 200 }, 0).touched).toBe(1);
	});

	it("never needs a chunk that the window does not meet", () => {
		const number = fc.integer({ min: -500, max: 3500 });
		const length = fc.integer({ min: 1, max: 2000 });
		fc.assert(
			fc.property(
				number,
				number,
				length,
				length,
				fc.integer({ min: 0, max: 4 }),
				(x, y, width, height, level) => {
					const plan = planViewport(pyramid, { x, y, width, height }, level);
					const size = 256 * pyramid.factors[level];
					for (let cy = plan.first[0]; cy <= plan.last[0]; cy++) {
						for (let cx = plan.first[1]; cx <= plan.last[1]; cx++) {
							expect(cx * size < x + width && (cx + 1) * size > x).toBe(true);
							expect(cy * size < y + height && (cy + 1) * size > y).toBe(true);
						}
					}
				},
			),
		);
	});
});
