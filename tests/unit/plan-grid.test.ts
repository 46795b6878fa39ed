import { readdirSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { displaySymbol } from "../../src/lib/display.ts";
import { type ChunkGridProps, chunkGrid, gridOf, sliceOf } from "../../src/lib/plan/chunk-grid.ts";
import { chunkGridTwin, describeChunk, describePlan } from "../../src/lib/plan/chunk-grid-text.ts";
import {
	allCoords,
	chunkAt,
	chunkCount,
	chunkKey,
	coordsBetween,
	gridShape,
} from "../../src/lib/plan/grid.ts";
import { chunksOfSelection, touches } from "../../src/lib/plan/selection.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";

const sample: ChunkGridProps = {
	shape: [129, 212, 363],
	chunks: [64, 64, 64],
	dtype: "uint16",
	keyPrefix: "scale0/image",
};
const grid = gridOf(sample);

describe("grid", () => {
	it("counts chunks as the course does", () => {
		expect(gridShape(grid.shape, grid.chunks)).toEqual([3, 4, 6]);
		expect(chunkCount(grid)).toBe(72);
		expect(chunkCount(gridOf({ shape: [64, 106, 181], chunks: [64, 64, 64] }))).toBe(6);
		expect(chunkCount(gridOf({ shape: [129, 212, 363], chunks: [128, 128, 128] }))).toBe(12);
		expect(chunkCount(gridOf({ shape: [], chunks: [] }))).toBe(1);
		expect(chunkCount(gridOf({ shape: [0, 5], chunks: [2, 2] }))).toBe(0);
		expect([...allCoords(grid)]).toHaveLength(72);
		expect([...allCoords(gridOf({ shape: [0, 5], chunks: [2, 2] }))]).toEqual([]);
	});

	it("ends where a bound is no number", () => {
		expect([...coordsBetween([0, Number.NaN], [1, 1])]).toEqual([]);
		expect([...coordsBetween([0, 0], [1, Number.NaN])]).toEqual([]);
	});

	it("names chunks as Zarr v3 and v2 do", () => {
		expect(chunkKey([0, 1, 2])).toBe("c/0/1/2");
		expect(chunkKey([])).toBe("c");
		expect(chunkKey([0, 1, 2], { name: "v3", separator: "." }, "a")).toBe("a/c.0.1.2");
		expect(chunkKey([0, 1, 2], { name: "v2", separator: "." })).toBe("0.1.2");
		expect(chunkKey([0, 1, 2], { name: "v2", separator: "/" }, "a/b")).toBe("a/b/0/1/2");
		expect(chunkKey([], { name: "v2", separator: "." })).toBe("0");
	});

	it("separates the padding of an edge chunk", () => {
		const corner = chunkAt(grid, [2, 3, 5]);
		expect(corner.key).toBe("scale0/image/c/2/3/5");
		expect(corner.start).toEqual([128, 192, 320]);
		expect(corner.inside).toEqual([1, 20, 43]);
		expect(corner.paddingElements).toBe(64 ** 3 - 1 * 20 * 43);
		expect(corner.bytes).toBe(512 * 1024);
		expect(chunkAt(grid, [0, 0, 0]).paddingElements).toBe(0);
		expect(() => chunkAt(grid, [3, 0, 0])).toThrow(
			expect.objectContaining({ code: "chunk-outside-grid", remedy: expect.any(String) }),
		);
	});

	it("covers the array exactly, whatever its shape", () => {
		const axis = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 9 }));
		fc.assert(
			fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), (axes) => {
				const g = gridOf({ shape: axes.map((a) => a[0]), chunks: axes.map((a) => a[1]) });
				let inside = 0;
				for (const coords of allCoords(g)) {
					inside += chunkAt(g, coords).inside.reduce((a, b) => a * b, 1);
				}
				expect(inside).toBe(g.shape.reduce((a, b) => a * b, 1));
			}),
		);
	});

	it.skipIf(!fixturesDir)("lists the chunk files that another implementation wrote", () => {
		const array = gridOf({
			...sample,
			keyEncoding: "v2",
			separator: "/",
			keyPrefix: "scale0/HL50_cell",
		});
		const folder = fixture("ome-zarr/hl50_cell/HL50_cell.zarr/scale0/HL50_cell");
		const files = readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && !entry.name.startsWith("."))
			.map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1));
		const keys = [...allCoords(array)].map((coords) => chunkAt(array, coords).key);
		expect(keys.sort()).toEqual(files.map((file) => `scale0/HL50_cell/${file}`).sort());
	});

	it("refuses props that make no grid, and says what to write", () => {
		const refused = (props: Partial<ChunkGridProps>) => () => gridOf({ ...sample, ...props });
		const error = expect.objectContaining({ code: "chunk-grid-props", remedy: expect.any(String) });
		expect(refused({ chunks: [64, 64] })).toThrow(error);
		expect(refused({ chunks: [64, 0, 64] })).toThrow(error);
		expect(refused({ shape: [1.5, 2, 3] })).toThrow(error);
		expect(refused({ shape: "129" as never })).toThrow(error);
		expect(refused({ dims: ["z", "y"] })).toThrow(error);
		expect(refused({ dims: ["z", "z", "x"] })).toThrow(error);
		expect(refused({ dtype: "string" })).toThrow(error);
		expect(refused({ stored: 0 })).toThrow(error);
		expect(gridOf({ ...sample, dtype: "r24", itemSize: 3 }).itemSize).toBe(3);
		expect(gridOf({ ...sample, dtype: "bool" }).itemSize).toBe(1);
		expect(gridOf({ ...sample, dtype: "complex64" }).itemSize).toBe(8);
	});
});

describe("selection", () => {
	it("plans the lesson's slice z = 100", () => {
		const plan = chunksOfSelection(grid, { z: 100 });
		expect(plan).toMatchObject({ first: [1, 0, 0], last: [1, 3, 5], touched: 24, total: 72 });
		expect(plan.bytesNeeded).toBe(212 * 363 * 2);
		expect(plan.bytesRead).toBe(24 * 64 ** 3 * 2);
		expect(plan.amplification).toBeCloseTo(81.75, 2);
		expect(plan.bytesStored).toBeUndefined();
		expect(chunksOfSelection(grid, { y: 100 }).touched).toBe(18);
		expect(chunksOfSelection(grid, { x: 150 }).touched).toBe(12);
	});

	it("takes ranges, null, lists and nothing", () => {
		expect(chunksOfSelection(grid, [null, [63, 65], [0, 64]]).touched).toBe(3 * 2 * 1);
		expect(chunksOfSelection(grid, [100]).touched).toBe(24);
		expect(chunksOfSelection(grid).touched).toBe(72);
		expect(chunksOfSelection(grid).bytesNeeded).toBe(129 * 212 * 363 * 2);
		const none = chunksOfSelection(grid, { z: [5, 5] });
		expect(none).toMatchObject({ touched: 0, bytesNeeded: 0, bytesRead: 0, amplification: 0 });
		expect(touches(none, [0, 0, 0])).toBe(false);
	});

	it("touches exactly the chunks that hold a selected element", () => {
		const axis = fc
			.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 12 }))
			.chain(([length, chunk]) =>
				fc.tuple(
					fc.constant(length),
					fc.constant(chunk),
					fc.integer({ min: 0, max: length }),
					fc.integer({ min: 0, max: length }),
				),
			);
		fc.assert(
			fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), (axes) => {
				const g = gridOf({ shape: axes.map((a) => a[0]), chunks: axes.map((a) => a[1]) });
				const ranges = axes.map(([, , a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
				const plan = chunksOfSelection(g, ranges);
				const wanted = [...allCoords(g)].filter((coords) =>
					coords.every((c, i) => {
						const [start, stop] = ranges[i];
						return start < stop && start < (c + 1) * g.chunks[i] && stop > c * g.chunks[i];
					}),
				);
				expect(plan.touched).toBe(wanted.length);
				for (const coords of allCoords(g))
					expect(touches(plan, coords)).toBe(wanted.some((w) => `${w}` === `${coords}`));
			}),
		);
	});

	it("adds up stored bytes by key or by ratio", () => {
		const stored = Object.fromEntries([...allCoords(grid)].map((c) => [chunkAt(grid, c).key, 1000 + c[2]]));
		expect(chunksOfSelection(grid, { x: 0 }, stored).bytesStored).toBe(12 * 1000);
		expect(chunksOfSelection(grid, { x: 362 }, stored).bytesStored).toBe(12 * 1005);
		expect(chunksOfSelection(grid, { z: 0 }, 2).bytesStored).toBe(24 * 256 * 1024);
		expect(chunksOfSelection(grid, {}, {}).bytesStored).toBe(0);
	});

	it("refuses what lies outside", () => {
		const at = (selection: object, code: string) =>
			expect(() => chunksOfSelection(grid, selection as never)).toThrow(
				expect.objectContaining({ code, remedy: expect.any(String) }),
			);
		at({ z: 129 }, "selection-outside-array");
		at({ z: -1 }, "selection-outside-array");
		at({ z: 1.5 }, "selection-outside-array");
		at({ z: [10, 5] }, "selection-outside-array");
		at({ z: [0, 130] }, "selection-outside-array");
		at({ t: 0 }, "selection-unknown-axis");
		at([0, 0, 0, 0], "selection-rank");
	});
});

describe("chunkGrid", () => {
	it("makes a display model that survives the way to the page", () => {
		const shown = chunkGrid(sample, { selection: { z: 100 } });
		expect(shown.figure).toBe("chunk-grid");
		expect(structuredClone(shown)).toEqual({
			kind: "figure",
			figure: "chunk-grid",
			props: {
				shape: [129, 212, 363],
				chunks: [64, 64, 64],
				dtype: "uint16",
				keyPrefix: "scale0/image",
				keyEncoding: "v3",
				selection: { z: 100 },
			},
		});
		expect(shown[displaySymbol]()).toEqual({ ...shown });
	});

	it("learns path and key encoding from an array that names its own chunks", () => {
		const array = (key: (coords: number[]) => string, shape = [10, 10]) => ({
			shape,
			chunks: shape.map(() => 4),
			dtype: "float32",
			dimensionNames: shape.map((_, i) => `a${i}`),
			path: "/0",
			chunkKey: key,
		});
		const v2 = chunkGrid(array((c) => `/level/0/${c.join(".")}`)).props;
		expect(v2).toMatchObject({ keyPrefix: "level/0", keyEncoding: "v2", separator: ".", dims: ["a0", "a1"] });
		const nested = gridOf(chunkGrid(array((c) => `level/0/${c.join("/")}`)).props as never);
		expect(chunkAt(nested, [1, 2]).key).toBe("level/0/1/2");
		const v3 = gridOf(chunkGrid(array((c) => `/c/${c.join("/")}`)).props as never);
		expect(chunkAt(v3, [1, 2]).key).toBe("c/1/2");
		expect(chunkGrid({ shape: [4], chunks: [2], path: "/a/b/" }).props.keyPrefix).toBe("/a/b/");
		expect(gridOf(chunkGrid({ shape: [4], chunks: [2], path: "/a/b/" }).props as never).prefix).toBe("a/b");
	});

	it("takes a level of a multiscale", () => {
		const multiscale = {
			levels: [
				{ shape: [129, 212, 363], dtype: "uint16", dims: ["z", "y", "x"] },
				{ shape: [64, 106, 181], dtype: "uint16", dims: ["z", "y", "x"] },
			],
			chunks: [
				[64, 64, 64],
				[64, 64, 64],
			],
			paths: ["scale0/image", "scale1/image"],
		};
		expect(chunkGrid(multiscale, { level: 1 }).props).toMatchObject({
			shape: [64, 106, 181],
			keyPrefix: "scale1/image",
		});
		expect(() => chunkGrid(multiscale, { level: 2 })).toThrow(
			expect.objectContaining({ code: "chunk-grid-props" }),
		);
	});

	it("refuses a selection before it is drawn", () => {
		expect(() => chunkGrid(sample, { selection: { z: 999 } })).toThrow(
			expect.objectContaining({ code: "selection-outside-array" }),
		);
	});

	it("finds the slice to show among the drawn axes", () => {
		expect(sliceOf(grid, { y: 7 })).toEqual({ axis: 1, index: 7 });
		expect(sliceOf(grid, [null, null, 3])).toEqual({ axis: 2, index: 3 });
		expect(sliceOf(grid, { y: [0, 5] })).toBeUndefined();
		const five = gridOf({ shape: [5, 2, 9, 9, 9], chunks: [1, 1, 4, 4, 4] });
		expect(sliceOf(five, { t: 1, z: 2 })).toEqual({ axis: 2, index: 2 });
	});
});

describe("the chunk grid in words", () => {
	it("says what a slice costs", () => {
		expect(describePlan(grid, chunksOfSelection(grid, { z: 100 }))).toBe(
			"Reading z = 100 touches 24 of 72 chunks: 150.30 KiB needed, 12.00 MiB read, 81.8× as much.",
		);
	});

	it("says what a chunk is", () => {
		const corner = chunkAt(grid, [2, 3, 5]);
		expect(describeChunk(grid, corner, 2)).toBe(
			"Chunk z 2, y 3, x 5. Key scale0/image/c/2/3/5. 1 by 20 by 43 inside the array, 99.7 % padding. " +
				"512.00 KiB in memory, 256.00 KiB stored.",
		);
		expect(describeChunk(grid, chunkAt(grid, [0, 0, 0]), {})).toContain("not stored: all fill value");
	});

	it("has a twin with a row for the selection, each axis and the whole", () => {
		const twin = chunkGridTwin({ ...sample, selection: { z: 100 } });
		expect(twin.rows.map((row) => row.slice(0, 2))).toEqual([
			["z = 100", "24 of 72"],
			["z = 64", "24 of 72"],
			["y = 106", "18 of 72"],
			["x = 181", "12 of 72"],
			["the whole array", "72 of 72"],
		]);
		for (const row of twin.rows) expect(row).toHaveLength(twin.columns.length);
		expect(twin.summary).toContain("3 × 4 × 6 = 72 chunks");
		expect(twin.status).toContain("24 of 72");
		expect(chunkGridTwin({ ...sample, stored: 1.9 }).columns).toHaveLength(6);
		expect(chunkGridTwin({ shape: [0, 4], chunks: [2, 2] }).summary).toContain("0 chunks");
	});
});
