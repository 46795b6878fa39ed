import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import type { MultiscaleMethod } from "../../src/lib/multiscale/methods.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { openNodePool } from "../../src/lib/node.ts";
import { runTasks } from "../../src/lib/parallel/graph.ts";
import type { WorkerPool } from "../../src/lib/parallel/pool.ts";
import { pyramidTasks } from "../../src/lib/parallel/pyramid-tasks.ts";
import { writeByTwo } from "../../src/lib/parallel/two-writers.ts";
import { pyramidPlan } from "../../src/lib/plan/pyramid.ts";
import { pyramidTaskGraph } from "../../src/lib/plan/task-graph.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { openArray } from "../../src/lib/zarr/open.ts";

let pool: WorkerPool;
let alone: WorkerPool;
beforeAll(async () => {
	pool = await openNodePool({ workers: 2 });
	alone = await openNodePool({ workers: 0 });
});
afterAll(async () => {
	await pool.close();
	await alone.close();
});

describe("the tasks of a pyramid", () => {
	it("wait for the chunks that they are computed from", () => {
		const tasks = pyramidTaskGraph(pyramidPlan({ shape: [128, 256, 256], factors: [2, 2], chunks: 64 }));
		expect(tasks.map(({ level }) => level).filter((level) => level === 0)).toHaveLength(32);
		expect(tasks).toHaveLength(37);
		const last = tasks[36];
		expect(last.inputs).toEqual([0, 1].flatMap((y) => [0, 1].map((x) => `scale1/image/c/0/${y}/${x}`)));
		// Where excess is dropped at the start, bins lie across the chunks' borders: more chunks are needed.
		const sample = pyramidTaskGraph(pyramidPlan({ shape: [129, 212, 363], factors: [2, 4] }));
		expect(sample).toHaveLength(79);
		expect(sample[72].inputs).toHaveLength(3 * 2 * 3);
	});

	it.each(["mean", "gaussian"] as const)("write what toMultiscale gives, by workers: %s", async (method) => {
		await written(method, pool);
	});

	it("write the same without workers", async () => {
		await written("mean", alone);
	});

	async function written(method: MultiscaleMethod, by: WorkerPool) {
		const shape = [21, 34, 45];
		const data = Uint16Array.from({ length: 21 * 34 * 45 }, (_, i) => (i * 7919) % 4001);
		const plan = pyramidPlan({ shape, factors: [2, 3], chunks: 8, method });
		const store = memoryStore();
		let stored = 0;
		const tasks = await pyramidTasks({
			...{ plan, image: data, store, codec: "blosc-lz4" },
			onStored: () => {
				stored++;
			},
		});
		const records = await runTasks(tasks, { pool: by, memory: 2 ** 26 });
		expect(records).toHaveLength(tasks.length);
		expect(stored).toBe(tasks.length);
		const expected = await toMultiscale(toSpatialImage({ data, shape }), [2, 3], { method, chunks: 8 });
		for (const [level, image] of expected.levels.entries()) {
			const array = await openArray(store, plan.levels[level].grid.prefix);
			expect(array.shape).toEqual(image.shape);
			expect((await array.read()).data).toEqual(image.data);
		}
		expect(records.every(({ worker }) => (by.workers > 0 ? worker > 0 : worker === 0))).toBe(true);
	}
});

describe("two writers at once", () => {
	const rows = 16;
	const each = { shape: [rows, 16], chunks: [8, 8], codec: "blosc-lz4" } as const;
	const by = async (border: number, locked: boolean, workers = pool) =>
		writeByTwo(workers, memoryStore(), { ...each, border, locked });

	it("lose nothing where the border is one of chunks", async () => {
		for (const border of [0, 8, 16]) {
			const { lost, values } = await by(border, false);
			expect(lost).toEqual([0, 0]);
			expect(values.filter((v) => v === 1)).toHaveLength(rows * border);
		}
	});

	it("lose what one of them wrote to each chunk that both have", async () => {
		for (const workers of [pool, alone]) {
			const { lost, steps } = await by(5, false, workers);
			// Both chunks of the first column: of each, either the first 5 columns of it or the 3 others.
			expect(lost[0] % 40).toBe(0);
			expect(lost[1] % 24).toBe(0);
			expect(lost[0] / 40 + lost[1] / 24).toBe(2);
			// Both read before either wrote.
			const first = steps.filter(({ chunk }) => String(chunk) === "0,0").map(({ step }) => step);
			expect(first).toEqual(["read", "read", "wrote", "wrote"]);
		}
	});

	it("lose nothing where one waits for the other", async () => {
		const { lost, steps } = await by(5, true);
		expect(lost).toEqual([0, 0]);
		const first = steps.filter(({ chunk }) => String(chunk) === "0,0").map(({ step }) => step);
		expect(first).toEqual(["read", "wrote", "read", "wrote"]);
	});
});
