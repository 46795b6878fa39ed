import { describe, expect, it } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { arrayBytes, chunkCount } from "../../src/lib/plan/grid.ts";
import { type PyramidProps, pickVoxel, pyramid, pyramidPlan } from "../../src/lib/plan/pyramid.ts";
import { describePick, pyramidTwin } from "../../src/lib/plan/pyramid-text.ts";

const sample: PyramidProps = { shape: [129, 212, 363], factors: [2, 4] };

describe("the pyramid", () => {
	it("has the levels of the course's reference", () => {
		const { levels } = pyramidPlan(sample);
		expect(levels.map(({ grid }) => grid.shape)).toEqual([
			[129, 212, 363],
			[64, 106, 181],
			[16, 26, 45],
		]);
		expect(levels.map(({ grid }) => chunkCount(grid))).toEqual([72, 6, 1]);
		expect(levels.map(({ translation }) => translation)).toEqual([
			[0, 0, 0],
			[1.5, 0.5, 1.5],
			[4.5, 7.5, 6.5],
		]);
		expect(levels.map(({ scale }) => scale[0])).toEqual([1, 2, 8]);
		expect(levels.map(({ absolute }) => absolute)).toEqual([
			[1, 1, 1],
			[2, 2, 2],
			[8, 8, 8],
		]);
		expect(arrayBytes(levels[0].grid)).toBe(2 * 9_927_324);
		expect(levels[1].grid.prefix).toBe("scale1/image");
	});

	it("finds the block that a voxel came from", () => {
		const plan = pyramidPlan(sample);
		const { blocks, chunk, position } = pickVoxel(plan, 2, [0, 0, 0]);
		// Level 2 drops 0, 2, 1 of level 1 at the start; level 1 drops 1, 0, 1 of the image.
		expect(blocks[0].region).toEqual([
			[0, 4],
			[2, 6],
			[1, 5],
		]);
		expect(blocks[1].region).toEqual([
			[1, 9],
			[4, 12],
			[3, 11],
		]);
		expect(blocks.map(({ elements }) => elements)).toEqual([64, 512]);
		expect(blocks.map(({ chunks }) => chunks)).toEqual([1, 1]);
		expect(position).toEqual([4.5, 7.5, 6.5]);
		expect(chunk.key).toBe("scale2/image/c/0/0/0");
		// This one lies across a border of chunks along z and x.
		const across = pickVoxel(plan, 2, [7, 0, 7]).blocks[1];
		expect(across.region[0]).toEqual([57, 65]);
		expect(across.chunks).toBe(4);
		// Each voxel of level 2 is 8 from the last: z 4.5 + 7 × 8.
		expect(pickVoxel(plan, 2, [7, 0, 2]).position).toEqual([60.5, 7.5, 22.5]);
	});

	it("finds blocks whose mean is the voxel, by the values of toMultiscale", async () => {
		const shape = [7, 11];
		const data = Float32Array.from({ length: 77 }, (_, i) => (i * 37) % 101);
		const image = toSpatialImage({ data, shape }, { dims: ["y", "x"] });
		const multiscale = await toMultiscale(image, [3, 2], { method: "bin-shrink" });
		const plan = pyramidPlan(pyramid(multiscale).props as unknown as PyramidProps);
		const [height, width] = multiscale.levels[2].shape;
		for (let y = 0; y < height; y++) {
			for (let x = 0; x < width; x++) {
				const [, { region, elements }] = pickVoxel(plan, 2, [y, x]).blocks;
				let sum = 0;
				for (let i = region[0][0]; i < region[0][1]; i++)
					for (let j = region[1][0]; j < region[1][1]; j++) sum += data[i * 11 + j];
				expect(multiscale.levels[2].data[y * width + x]).toBeCloseTo(sum / elements, 3);
			}
		}
	});

	it("takes time and channels as they are", () => {
		const { levels } = pyramidPlan({ shape: [3, 2, 100, 100], dims: ["t", "c", "y", "x"], factors: [2] });
		expect(levels[1].grid.shape).toEqual([3, 2, 50, 50]);
		expect(levels[1].grid.chunks).toEqual([1, 1, 50, 50]);
	});

	it("says what it shows", () => {
		const plan = pyramidPlan(sample);
		expect(describePick(plan, pickVoxel(plan, 2, [0, 0, 0]))).toBe(
			"Voxel (0, 0, 0) of scale2, at z 4.5, y 7.5, x 6.5, lies in chunk scale2/image/c/0/0/0. It came from " +
				"64 elements of scale1 (z 0–3, y 2–5, x 1–4; 1 chunk), these from 512 elements of scale0 " +
				"(z 1–8, y 4–11, x 3–10; 1 chunk).",
		);
		const twin = pyramidTwin(sample);
		expect(twin.summary).toContain("2.38 MiB to 18.93 MiB in memory (13 %)");
		expect(twin.summary).toContain("79 chunks");
		expect(twin.rows.map((row) => row[8])).toEqual(["0, 0, 0", "1.5, 0.5, 1.5", "4.5, 7.5, 6.5"]);
		expect(pyramidTwin({ ...sample, factors: [] }).summary).toContain("1 level of an image");
	});

	it("refuses what is no pyramid", () => {
		expect(() => pyramid({ ...sample, factors: [2, 400] })).toThrow(/nothing left/);
		expect(() => pyramid({ ...sample, factors: [0.5] })).toThrow(/0\.5/);
		expect(() => pyramidPlan({ ...sample, shape: [0, 4] })).toThrow(/no coarser levels/);
		expect(() => pyramidPlan({ ...sample, shape: "wide" as never })).toThrow(/not a list of lengths/);
		expect(() => pyramidPlan({ ...sample, chunks: 0 })).toThrow(/0 long/);
		expect(() => pyramid(sample, { pick: { level: 3, index: [0, 0, 0] } })).toThrow(/in level 3/);
		expect(() => pyramid(sample, { pick: { level: 2, index: [16, 0, 0] } })).toThrow(/\(16, 0, 0\)/);
	});
});
