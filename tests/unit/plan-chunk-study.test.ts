/** The chunk-shape table: its numbers for the sample are those that were measured (see docs/formats.md and the lesson). */
import { describe, expect, it } from "vitest";
import { gridOf } from "../../src/lib/plan/chunk-grid.ts";
import {
	chunkLengths,
	chunkStudy,
	chunkStudyTable,
	shapeWords,
	studyShapes,
} from "../../src/lib/plan/chunk-study.ts";
import { chunkAt } from "../../src/lib/plan/grid.ts";
import { chunksOfSelection } from "../../src/lib/plan/selection.ts";
import { shardsOfSelection } from "../../src/lib/plan/shards.ts";

const grid = gridOf({ shape: [129, 212, 363], chunks: [64, 64, 64], dtype: "uint16" });
/** A box of 32³ that crosses chunk edges as the measured one did. */
const box: [number, number][] = [
	[96, 128],
	[35, 67],
	[155, 187],
];

describe("chunk study", () => {
	it("gives the measured table of the sample: chunks, padding, chunks of a slice across z, y, x and of a box", () => {
		const rows = chunkStudy(grid, studyShapes(grid.shape), box);
		const short = rows.map((row) => [
			shapeWords(row.chunks),
			row.count,
			Number(row.padding.toFixed(2)),
			...row.slices.map((plan) => plan.touched),
			row.box.touched,
		]);
		expect(short).toEqual([
			["8³", 21114, 1.09, 1242, 782, 459, 100],
			["16³", 2898, 1.2, 322, 207, 126, 18],
			["32³", 420, 1.39, 84, 60, 35, 4],
			["64³", 72, 1.9, 24, 18, 12, 2],
			["128³", 12, 2.54, 6, 6, 4, 1],
			["256³", 2, 3.38, 2, 2, 1, 1],
			["129 × 212 × 363", 1, 1, 1, 1, 1, 1],
			["1 × 212 × 363", 129, 1, 1, 129, 129, 32],
			["43 × 53 × 61", 72, 1.01, 24, 18, 12, 4],
			["43 × 71 × 121", 27, 1, 9, 9, 9, 1],
		]);
	});

	it("writes it as a table with what is decoded", () => {
		const table = chunkStudyTable(grid, chunkStudy(grid, [[64, 64, 64]], box));
		expect(table.columns.map(({ name }) => name)).toEqual([
			"Chunk",
			"Chunks",
			"With padding",
			"Slice across z",
			"Slice across y",
			"Slice across x",
			"Box of 32³",
		]);
		expect(table.rows).toEqual([
			["64³", "72", "1.9×", "24 · 12.00 MiB", "18 · 9.00 MiB", "12 · 6.00 MiB", "2 · 1.00 MiB"],
		]);
	});

	it("says what is stored where that was measured", () => {
		// 1 + coordinate along x bytes for each of 3 × 4 × 6 chunks.
		const sizes = Object.fromEntries(
			Array.from({ length: 72 }, (_, i) => [
				`c/${Math.floor(i / 24)}/${Math.floor(i / 6) % 4}/${i % 6}`,
				1000 * (1 + (i % 6)),
			]),
		);
		const prefixed = { ...grid, prefix: "scale0/image" };
		const rows = chunkStudy(
			prefixed,
			[
				[64, 64, 64],
				[8, 8, 8],
			],
			box,
			(chunks) => (chunks[0] === 64 ? sizes : undefined),
		);
		expect(rows.map(({ stored }) => stored)).toEqual([12 * 21000, undefined]);
		const { columns, rows: written } = chunkStudyTable(prefixed, rows);
		expect(columns[3].name).toBe("Stored");
		// A slice across x, at 181, is in the third chunk: 12 of 3000 B.
		expect(written[0].slice(3)).toEqual([
			"246.09 KiB",
			"24 · 12.00 MiB, 82.03 KiB stored",
			"18 · 9.00 MiB, 61.52 KiB stored",
			"12 · 6.00 MiB, 35.16 KiB stored",
			"2 · 1.00 MiB, 5.86 KiB stored",
		]);
		expect(written[1][3]).toBe("");
	});

	it("has lengths for the sliders: powers of two, and those that fit", () => {
		expect(chunkLengths(129)).toEqual([1, 2, 4, 8, 16, 17, 19, 22, 26, 32, 33, 43, 64, 65, 128, 129]);
		expect(chunkLengths(5, 64)).toEqual([1, 2, 3, 4, 5, 64]);
		expect(chunkLengths(0)).toEqual([1]);
	});

	it("studies arrays of other ranks, one time point and channel of five axes", () => {
		expect(studyShapes([100])).toContainEqual([8]);
		const five = gridOf({ shape: [10, 2, 30, 200, 200], chunks: [1, 1, 30, 64, 64] });
		const shapes = studyShapes(five.shape);
		for (const shape of shapes) expect(shape.slice(0, 2)).toEqual([1, 1]);
		const [row] = chunkStudy(five, [[1, 1, 30, 100, 100]], [3, 1, [0, 8], [90, 110], [0, 8]]);
		expect(row).toMatchObject({ count: 80, padding: 1 });
		expect(row.slices.map((plan) => plan.touched)).toEqual([4, 2, 2]);
		expect(row.box.touched).toBe(2);
		expect(chunkStudy(gridOf({ shape: [0, 5], chunks: [1, 1] }), [[2, 2]], [])[0].slices).toEqual([]);
	});
});

describe("shards", () => {
	const sharded = gridOf({
		shape: [129, 212, 363],
		chunks: [32, 32, 32],
		shards: [128, 128, 128],
		keyPrefix: "a",
	});

	it("say what a reading asks: an index of each shard, then each chunk", () => {
		const plan = chunksOfSelection(sharded, { z: 100 });
		expect(shardsOfSelection(sharded, plan)).toEqual({
			touched: 6,
			total: 12,
			chunks: 64,
			indexBytes: 1028,
			requests: 84 + 6,
		});
		expect(shardsOfSelection(grid, plan)).toBeUndefined();
		const none = chunksOfSelection(sharded, { z: [5, 5] });
		expect(shardsOfSelection(sharded, none)).toMatchObject({ touched: 0, requests: 0 });
		expect(shardsOfSelection(sharded, chunksOfSelection(sharded, { z: 128 }))?.touched).toBe(6);
	});

	it("give a chunk its shard's key and a place in it", () => {
		const chunk = chunkAt(sharded, [4, 5, 7]);
		expect(chunk.key).toBe("a/c/1/1/1");
		expect(chunk.place).toEqual({ shard: [1, 1, 1], inner: [0, 1, 3], entry: 7 });
	});
});
