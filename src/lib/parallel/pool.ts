/** Workers that do jobs: one interface over the browser's workers, Node's threads, and no worker at all. */
import type { Work } from "./choose.ts";
import type { JobWorker } from "./job-pool.ts";
import type { JobName, Jobs } from "./jobs.ts";
import type { WorkerMessage } from "./messages.ts";
import { isChosen, planWorkers } from "./plan-workers.ts";
import { provePool } from "./prove.ts";
import { startPool } from "./start-pool.ts";

/** How one job is handed over. */
export interface JobOptions {
	/** Takes a job that waits out of the queue; of one that runs, the result is dropped. */
	signal?: AbortSignal;
	/** Buffers of the input that the caller gives away: they may be moved and not copied, and must not be used again. */
	transfer?: readonly ArrayBuffer[];
}

/** What a job gave, and who did it when. */
export interface JobResult<K extends JobName> {
	/** What the job gives. */
	output: Jobs[K]["output"];
	/** Who did it: 0 is the thread that asked, workers count from 1. */
	worker: number;
	/** Milliseconds on the clock of `performance.now()` here. */
	started: number;
	ended: number;
}

/**
 * Workers that do jobs, or the asking thread in their place. The same for browsers' workers and Node's threads.
 */
export interface WorkerPool {
	/** Workers that are alive. 0: jobs run in the thread that asks. */
	readonly workers: number;
	/** Why there are so many, for a reader. */
	readonly why: string;
	/**
	 * Does a job in the first worker that is free, in the order of asking.
	 * @throws ChunkwiseError what the job throws, pool-closed, worker-died; the signal's reason when aborted
	 */
	run<K extends JobName>(job: K, input: Jobs[K]["input"], options?: JobOptions): Promise<JobResult<K>>;
	/** Ends all workers. Jobs that wait or run fail with pool-closed. */
	close(): Promise<void>;
}

/** How many workers are started. */
export interface PoolOptions {
	/** Default "auto": by `work` where it is given, else by the number of cores. */
	workers?: number | "auto";
	/** The work to come, by which "auto" decides. */
	work?: Work;
	/** Ends the pool. */
	signal?: AbortSignal;
}

/**
 * Opens a pool of the browser's workers, from a page or from a worker (then they are its own, and end with it). Where
 * none can be started (no such workers, the page's security policy, memory), the jobs run in the thread that asks, and
 * `why` says so. In Node, see `openNodePool`.
 * @throws ChunkwiseError bad-workers; the signal's reason when aborted
 */
export async function openPool(options: PoolOptions = {}): Promise<WorkerPool> {
	const plan = await planWorkers(options, coresHere());
	if (plan.workers > 0 && typeof Worker === "undefined") {
		return startPool(
			{ workers: 0, why: "No worker: there are none of the browser's kind here" },
			browserWorker,
		);
	}
	const pool = await startPool(plan, browserWorker, options);
	return isChosen(options) ? provePool(pool, options.work, options.signal) : pool;
}

function coresHere(): number {
	return globalThis.navigator?.hardwareConcurrency ?? 1;
}

function browserWorker(number: number): JobWorker {
	// The name with .js is the one after compilation; bundlers find the .ts of a checkout by it too.
	const worker = new Worker(new URL("./pool-worker.js", import.meta.url), {
		type: "module",
		name: `chunkwise ${number}`,
	});
	return {
		listen({ message, death }) {
			worker.addEventListener("message", ({ data }: MessageEvent<WorkerMessage>) => message(data));
			worker.addEventListener("messageerror", () =>
				death({ message: "what it sent could not be read", outOfMemory: false }),
			);
			worker.addEventListener("error", (event) => {
				event.preventDefault();
				// Without a message the script was not loaded: no connection, or the page's security policy.
				death({ message: event.message || "its script could not be loaded", outOfMemory: false });
			});
		},
		post: (message, transfer) => worker.postMessage(message, transfer),
		end: async () => worker.terminate(),
	};
}
