/** Advice and plan of a conversion, held against what a conversion really writes. */
import { describe, expect, it } from "vitest";
import { convertImages } from "../../src/lib/convert/convert.ts";
import type { RegionSource } from "../../src/lib/convert/region-source.ts";
import { regionShape } from "../../src/lib/multiscale/region.ts";
import { openNodePool } from "../../src/lib/parallel/node-pool.ts";
import {
	adviseConversion,
	adviseFactors,
	adviseShards,
	usesOf,
} from "../../src/lib/plan/conversion-advice.ts";
import { conversionCommands, shellWord } from "../../src/lib/plan/conversion-commands.ts";
import { type ImageToStore, planConversion, type StorageChoice } from "../../src/lib/plan/conversion-plan.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { allocate, product } from "../../src/lib/types.ts";

function image(dims: string, shape: number[], scale: Record<string, number> = {}): ImageToStore {
	const all = (value: number) => Object.fromEntries([...dims].map((dim) => [dim, value]));
	return {
		name: "cells",
		dims: [...dims],
		shape,
		dtype: "uint16",
		scale: { ...all(1), ...scale },
		translation: all(0),
		units: {},
	};
}

/** An image of ones: what is absent in a store would be zeros. */
function ones(from: ImageToStore): RegionSource {
	return {
		...from,
		attrs: {},
		block: from.shape.map(() => 16),
		read: async (region) => allocate("uint16", product(regionShape(region))).fill(1 as never),
	};
}

const stack = image("zyx", [40, 150, 210], { z: 2, y: 0.5, x: 0.5 });
const choices: [string, StorageChoice][] = [
	[
		"0.5 with shards",
		{
			format: "ome-zarr-0.5",
			chunks: [16, 32, 32],
			shards: [32, 64, 128],
			factors: [
				{ z: 1, y: 2, x: 2 },
				{ z: 2, y: 2, x: 2 },
			],
			method: "mean",
			codec: "none",
		},
	],
	[
		"0.4",
		{
			format: "ome-zarr-0.4",
			chunks: [16, 32, 32],
			factors: [{ z: 2, y: 2, x: 2 }],
			method: "mode",
			codec: "none",
		},
	],
	[
		"0.5, one level",
		{ format: "ome-zarr-0.5", chunks: [1, 150, 210], factors: [], method: "mean", codec: "none" },
	],
];

describe("the plan of a conversion", () => {
	for (const [name, choice] of choices) {
		it(`says what is written: ${name}`, async () => {
			const store = memoryStore();
			const report = await convertImages(
				[
					{
						path: "",
						name: "cells",
						levels: [ones(stack)],
						coarser: { factors: choice.factors, method: choice.method },
						chunks: choice.chunks,
						shards: choice.shards,
					},
				],
				store,
				{
					format: choice.format,
					codec: choice.codec,
					pool: await openNodePool({ workers: 0 }),
					work: memoryStore(),
					identity: {},
				},
			);
			const plan = planConversion(stack, choice);
			expect(plan.levels.map(({ grid }) => grid.shape)).toEqual(report.levels.map(({ shape }) => shape));
			expect(plan.levels.map(({ chunks }) => chunks)).toEqual(
				report.levels.map(({ chunkCount }) => chunkCount),
			);
			expect(plan.levels.map(({ grid }) => grid.shards ?? null)).toEqual(
				report.levels.map(({ shards }) => shards),
			);
			expect(plan.levels.map(({ grid }) => grid.prefix)).toEqual(report.levels.map(({ path }) => path));
			expect(plan.files).toBe((await listKeys(store)).length);
			expect(plan.bytes).toBe(report.bytes);
		});
	}

	it("counts the chunks and requests that readings cost", async () => {
		const [[, choice]] = choices;
		const { readings } = planConversion(stack, choice);
		const plane = readings.find(({ id }) => id === "plane");
		expect(plane?.cost.touched).toBe(5 * 7);
		// 35 chunks, and the indices of 3 × 2 shards.
		expect(plane?.requests).toBe(35 + 6);
		expect(readings.map(({ id }) => id)).toEqual(["plane", "side", "box"]);
	});
});

describe("the advice", () => {
	it("cuts a stack of planes into tiles, into cubes, and along time, by what is read", () => {
		const volume = image("zyx", [512, 1024, 1024]);
		expect(adviseConversion(volume, { use: "planes", place: "web" }).choice.chunks).toEqual([1, 512, 512]);
		expect(adviseConversion(volume, { use: "volumes", place: "web" }).choice.chunks).toEqual([64, 64, 64]);
		expect(adviseConversion(volume, { use: "volumes", place: "cluster" }).choice.chunks).toEqual([
			128, 128, 128,
		]);
		const film = image("tyx", [1000, 512, 512]);
		expect(adviseConversion(film, { use: "film", place: "web" }).choice.chunks).toEqual([1, 512, 512]);
		expect(adviseConversion(film, { use: "trace", place: "web" }).choice.chunks).toEqual([256, 32, 32]);
	});

	it("reads what it is for in fewer bytes than any other shape that it gives", () => {
		const film = image("tzyx", [200, 30, 512, 512]);
		const aims = { planes: "plane", trace: "trace" } as const;
		for (const [use, id] of Object.entries(aims) as [keyof typeof aims, string][]) {
			const read = (of: Parameters<typeof adviseConversion>[1]["use"]) =>
				planConversion(film, adviseConversion(film, { use: of, place: "web" }).choice).readings.find(
					(reading) => reading.id === id,
				)?.cost.bytesRead ?? 0;
			for (const other of ["volumes", use === "trace" ? "planes" : "trace"] as const) {
				expect(read(use), `${use} against ${other}`).toBeLessThan(read(other));
			}
		}
	});

	it("gives the room of a short axis to the others, and leaves no nearly empty chunk", () => {
		expect(
			adviseConversion(image("zyx", [10, 2048, 2048]), { use: "volumes", place: "web" }).choice.chunks,
		).toEqual([10, 128, 128]);
		expect(
			adviseConversion(image("zyx", [70, 212, 363]), { use: "volumes", place: "web" }).choice.chunks,
		).toEqual([70, 32, 64]);
	});

	it("halves the closest samples first", () => {
		const levels = adviseFactors(image("zyx", [512, 1024, 1024], { z: 2, y: 0.5, x: 0.5 }));
		expect(levels.map(({ z, y, x }) => [z, y, x])).toEqual([
			[1, 2, 2],
			[1, 2, 2],
			[2, 2, 2],
		]);
		expect(adviseFactors(image("zyx", [4, 64, 64]), { along: "with", count: 9 })).toHaveLength(6);
		expect(adviseFactors(image("zyx", [4, 64, 64]), { along: "never", count: 2 })[0].z).toBe(1);
		expect(adviseFactors(image("yx", [500, 500]))).toEqual([]);
	});

	it("advises shards of whole chunks where there would be thousands of files, and none for 0.4", () => {
		const large = image("yx", [40000, 60000]);
		const { choice, reasons } = adviseConversion(large, { use: "planes", place: "web" });
		expect(choice.shards).toEqual([4096, 4096]);
		expect(choice.shards?.every((length, axis) => length % choice.chunks[axis] === 0)).toBe(true);
		expect(product(choice.shards ?? []) * 2).toBeLessThanOrEqual(32 << 20);
		expect(reasons.find(({ about }) => about === "shards")?.text).toMatch(/ files, which are slow to copy/);
		const older = adviseConversion(large, { use: "planes", place: "web", format: "ome-zarr-0.4" });
		expect(older.choice.shards).toBeUndefined();
		expect(older.reasons.find(({ about }) => about === "shards")?.text).toMatch(/0\.4 has none/);
		expect(adviseShards(image("zyx", [3, 100, 100]), [1, 64, 64])).toEqual([3, 128, 128]);
	});

	it("averages no labels, and offers only uses that the axes have", () => {
		expect(adviseConversion(stack, { use: "volumes", place: "cluster", labels: true }).choice.method).toBe(
			"mode",
		);
		expect(usesOf(image("yx", [10, 10]))).toEqual(["planes"]);
		expect(usesOf(image("tyx", [5, 10, 10]))).toEqual(["planes", "film", "trace"]);
		expect(adviseConversion(image("yx", [900, 900]), { use: "trace", place: "web" }).choice.chunks).toEqual([
			512, 512,
		]);
	});
});

describe("the calls of programs", () => {
	const of = (choice: StorageChoice, rest = {}) =>
		conversionCommands({
			...{ file: "my cells.tif", name: "cells", image: stack, choice },
			corrected: { dims: false, scale: false, units: false },
			...rest,
		}).map(({ text }) => text.replace(/ \\\n\s*/g, " "));

	it("have the choices", () => {
		const [ours, ngff, raw] = of(choices[0][1]);
		expect(ours).toBe(
			"npx chunkwise convert 'my cells.tif' cells.ome.zarr --format ome-zarr-0.5 --scale-factors 1x2x2,2 --method mean --chunks 16,32,32 --shards 32,64,128 --codec none",
		);
		expect(ngff).toContain("--chunks 16 32 32 --chunks-per-shard 2 2 4");
		expect(raw).toContain("--resolutions 3 --tile-width 32 --tile-height 32 --chunk-depth 16");
	});

	it("name the image and what the reader corrected", () => {
		const corrected = { dims: true, scale: true, units: true };
		const [ours] = of(choices[2][1], {
			corrected,
			series: 2,
			image: { ...stack, units: { x: "micrometer" } },
		});
		expect(ours).toContain("'my cells.tif#series/2'");
		expect(ours).toContain("--scale-factors none --chunks 1,150,210");
		expect(ours).toContain("--dims z,y,x --scale 2,0.5,0.5 --units none,none,micrometer");
		expect(shellWord("it's")).toBe("'it'\\''s'");
	});
});
