/** A pool of Node's worker threads. */
import type { JobWorker } from "./job-pool.ts";
import type { WorkerMessage } from "./messages.ts";
import { nodeCores, threadOptions, workerThreads } from "./node-threads.ts";
import { isChosen, planWorkers } from "./plan-workers.ts";
import type { PoolOptions, WorkerPool } from "./pool.ts";
import { provePool } from "./prove.ts";
import { startPool } from "./start-pool.ts";

/** In a checkout Node runs the TypeScript; the package has it compiled. */
const script = new URL(
	`./node-pool-worker${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
	import.meta.url,
);

/**
 * Opens a pool of worker threads. Where none can be started the jobs run in this thread, and `why` says so. An idle pool
 * does not keep the process alive.
 * @throws ChunkwiseError bad-workers; the signal's reason when aborted
 */
export async function openNodePool(options: PoolOptions = {}): Promise<WorkerPool> {
	const plan = await planWorkers(options, await nodeCores());
	const pool = await startPool(plan, (n) => startThread(script, n), options);
	return isChosen(options) ? provePool(pool, options.work, options.signal) : pool;
}

/** A thread that runs `script`. */
export async function startThread(
	script: URL,
	number: number,
	resourceLimits?: { maxOldGenerationSizeMb?: number },
): Promise<JobWorker> {
	const { Worker } = await workerThreads();
	const thread = new Worker(script, {
		name: `chunkwise ${number}`,
		execArgv: threadOptions(),
		resourceLimits,
	});
	return {
		listen({ message, death }) {
			thread.on("message", (data) => message(data as WorkerMessage));
			thread.on("messageerror", ({ message }) => death({ message, outOfMemory: false }));
			thread.on("error", (error) =>
				death({ message: error.message, outOfMemory: error.code === "ERR_WORKER_OUT_OF_MEMORY" }),
			);
			thread.on("exit", (code) => death({ message: `it exited with code ${code}`, outOfMemory: false }));
		},
		post: (message, transfer) => thread.postMessage(message, transfer),
		end: async () => void (await thread.terminate()),
		hold: (busy) => (busy ? thread.ref() : thread.unref()),
	};
}
