/** The compression and chunk-size lab: files by chunk size (the table of FORMATS), and what is measured. */
import { describe, expect, it } from "vitest";
import {
	chunkSides,
	chunkSizeCosts,
	compressionLab,
	labChunks,
	labImage,
	labSettings,
} from "../../src/lib/plan/compression-lab.ts";
import { chunkSizeTwin, compressionTwin, describePoints } from "../../src/lib/plan/compression-lab-text.ts";

const sample = labImage({});

describe("files by chunk size", () => {
	it("are those of the sample in the course's table", () => {
		const costs = chunkSizeCosts(sample, 0);
		expect(costs.map(({ side, count }) => [side, count])).toEqual([
			[8, 21114],
			[16, 2898],
			[32, 420],
			[64, 72],
			[128, 12],
			[256, 2],
			[512, 1],
		]);
		expect(costs.map(({ files }) => files)).toEqual(costs.map(({ count }) => count));
		// z-plane, and the share of padding.
		expect(costs.map(({ requests }) => requests)).toEqual([1242, 322, 84, 24, 6, 2, 1]);
		expect(costs.slice(0, 6).map(({ padding }) => Number(padding.toFixed(2)))).toEqual([
			1.09, 1.2, 1.39, 1.9, 2.54, 3.38,
		]);
		expect(chunkSizeCosts(sample, 1).map(({ requests }) => requests)).toEqual([782, 207, 60, 18, 6, 2, 1]);
		expect(chunkSizeCosts(sample, 2).map(({ requests }) => requests)).toEqual([459, 126, 35, 12, 4, 1, 1]);
	});

	it("are fewer in shards, while requests stay", () => {
		const costs = chunkSizeCosts(sample, 0, 4);
		expect(costs[3]).toMatchObject({ side: 64, count: 72, files: 2, requests: 24 });
		expect(costs[2]).toMatchObject({ side: 32, count: 420, files: 2 * 2 * 3 });
	});

	it("of time and channels have one element a chunk", () => {
		const image = labImage({ shape: [5, 2, 20, 512, 512] });
		expect(chunkSizeCosts(image, 2)[3].chunks).toEqual([1, 1, 64, 64, 64]);
		expect(chunkSides(image).at(-1)).toBe(512);
		expect(chunkSizeCosts(image, 2).at(-1)?.count).toBe(10);
	});
});

describe("what is measured", () => {
	it("is each codec at some levels, or what props say", () => {
		expect(labSettings()).toHaveLength(12);
		expect(labSettings({ settings: [{ codec: "zstd" }, { codec: "gzip", level: 9 }] })).toEqual([
			{ codec: "zstd", level: 3 },
			{ codec: "gzip", level: 9 },
		]);
		expect(() => labSettings({ settings: [{ codec: "none" }] })).toThrow("no compression");
	});

	it("are whole chunks of the middle, a mebibyte of them", () => {
		const data = new Uint16Array(100 * 200 * 300).map((_, i) => i % 977);
		for (const [side, count] of [
			[32, 16],
			[64, 2],
			[128, 1],
		]) {
			const { chunks } = labChunks(data, [100, 200, 300], side);
			expect(chunks).toHaveLength(count);
			expect(chunks[0].shape).toEqual([Math.min(side, 100), side, side]);
			expect(chunks[0].values).toHaveLength(Math.min(side, 100) * side * side);
		}
		// Neighbours, not the same one again.
		const { chunks } = labChunks(data, [100, 200, 300], 32);
		expect(new Set(chunks.map(({ values }) => String(values[0]))).size).toBeGreaterThan(8);
		expect(labChunks(new Uint8Array(30), [5, 6], 64).chunks).toMatchObject([{ shape: [5, 6] }]);
	});

	it("is told with its numbers", () => {
		const point = { bytes: 2 ** 20, encode: 10, decode: 2 };
		const points = [
			{ codec: "blosc-lz4" as const, level: 5, stored: 2 ** 19, ...point },
			{ codec: "gzip" as const, level: 5, stored: 2 ** 18, ...point, encode: 100 },
		];
		expect(describePoints([], 12)).toBe("Nothing is measured yet.");
		expect(describePoints(points, 12)).toBe(
			"2 of 12 measured on this machine. Smallest: gzip 5 (4× smaller). Quickest to write: Blosc LZ4 5 (100 MiB/s, 2× smaller).",
		);
		const { rows } = compressionTwin({}, points);
		expect(rows.find(([name]) => name === "Blosc LZ4 5")).toEqual([
			"Blosc LZ4 5",
			"512.00 KiB",
			"2×",
			"100 MiB/s",
			"500 MiB/s",
		]);
		expect(rows.find(([name]) => name === "zstd 3" || name === "Zstd 3")?.[1]).toBe("—");
		const twin = chunkSizeTwin({}, { side: 64, axis: 0, perShard: 1 });
		expect(twin.status).toContain("72 chunks. A plane across z takes 24 requests");
		expect(twin.rows).toHaveLength(7);
	});
});

describe("compressionLab", () => {
	it("takes the middle of an image along", () => {
		const { figure, props } = compressionLab({
			data: new Uint8Array(200 * 200),
			shape: [200, 200],
			dims: ["y", "x"],
		});
		expect(figure).toBe("compression-lab");
		expect(props).toMatchObject({
			shape: [200, 200],
			dtype: "uint8",
			dims: ["y", "x"],
			valuesShape: [128, 128],
		});
		expect(compressionLab().props).toEqual({});
		expect(() => labImage({ shape: [] })).toThrow("not a list of lengths");
		expect(() => labImage({ shape: [3], dims: ["y", "x"] })).toThrow("do not fit");
	});
});
