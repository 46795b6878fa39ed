/** The worker that runs task graphs and writers with a pool of its own, so that the page stays free. */
import { isChunkwiseError } from "../../../lib/errors.ts";
import { runTasks } from "../../../lib/parallel/graph.ts";
import { openPool, type WorkerPool } from "../../../lib/parallel/pool.ts";
import { pyramidTasks } from "../../../lib/parallel/pyramid-tasks.ts";
import { writeByTwo } from "../../../lib/parallel/two-writers.ts";
import {
	type ParallelCodec,
	type ParallelSetting,
	parallelSetting,
	runTimes,
} from "../../../lib/plan/parallel-work.ts";
import { hl60Phantom } from "../../../lib/samples/phantom.ts";
import { memoryStore } from "../../../lib/stores/memory.ts";
import type { FromConductor, ToConductor } from "./messages.ts";

const tell = (message: FromConductor) => (self as unknown as Worker).postMessage(message);

/** Bytes that tasks may hold: more than the largest image of the figure and its levels. */
const memory = 256 * 2 ** 20;

let pool: WorkerPool | undefined;
let asked = -1;
let image: { key: string; data: Uint16Array } | undefined;

async function poolOf(workers: number): Promise<WorkerPool> {
	if (pool && asked === workers) return pool;
	await pool?.close();
	pool = await openPool({ workers });
	asked = workers;
	return pool;
}

async function imageOf(shape: [number, number, number]): Promise<Uint16Array> {
	const key = shape.join();
	if (image?.key !== key) {
		tell({ type: "stage", stage: "image" });
		image = { key, data: (await hl60Phantom({ shape })).data };
	}
	return image.data;
}

/** Has each worker load its codec, and make its code quick: what is measured is the work. */
async function warm(workers: WorkerPool, codec: ParallelCodec, { plan }: ParallelSetting): Promise<void> {
	const shape = [16, 32, 32];
	const half: [number, number][] = shape.map((n) => [0, n / 2]);
	const step = { shape, factors: [2, 2, 2], method: plan.method };
	for (let round = 0; round < 2; round++) {
		await Promise.all(
			Array.from({ length: Math.max(1, workers.workers) }, async () => {
				const data = Uint16Array.from({ length: 16 * 32 * 32 }, (_, i) => (i * 7919) % 997);
				const spec = { format: "zarr" as const, codec };
				await workers.run("encodeChunk", { spec, data, shape, dtype: "uint16" });
				await workers.run("downsample", { data, step, region: half });
			}),
		);
	}
}

async function run({ props, codec, workers }: ToConductor & { type: "run" }): Promise<void> {
	const setting = parallelSetting(props);
	const [depth, height, width] = setting.plan.levels[0].grid.shape;
	const data = await imageOf([depth, height, width]);
	tell({ type: "stage", stage: "workers" });
	const its = await poolOf(workers);
	await warm(its, codec, setting);
	const store = memoryStore();
	let chunks = 0;
	let bytes = 0;
	const tasks = await pyramidTasks({
		...{ plan: setting.plan, image: data, store, codec },
		onStored: (_, stored) => {
			chunks++;
			bytes += stored;
			tell({ type: "stored", chunks, bytes });
		},
	});
	tell({ type: "stage", stage: "tasks" });
	const records = await runTasks(tasks, {
		...{ pool: its, memory },
		onTask: ({ type, task, running }) => tell({ type: "task", event: type, task, running }),
	});
	tell({
		type: "ended",
		run: { workers, codec, ...runTimes(records), stored: store.bytes },
		workers: its.workers,
		why: its.why,
	});
}

async function two({ writers }: ToConductor & { type: "two" }): Promise<void> {
	const its = await poolOf(2);
	const result = await writeByTwo(its, memoryStore(), {
		...writers,
		onStep: (step) => tell({ type: "step", step }),
	});
	tell({ type: "written", result });
}

self.onmessage = async ({ data }: MessageEvent<ToConductor>) => {
	try {
		await (data.type === "run" ? run(data) : two(data));
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		tell({ type: "failed", message: isChunkwiseError(error) ? `${message} ${error.remedy}` : message });
	}
};
