/** Workers that do jobs: one interface over the browser's workers, Node's threads, and no worker at all. */
import type { Work } from "./choose.ts";
import type { JobName, Jobs } from "./jobs.ts";

export interface JobOptions {
	/** Takes a job that waits out of the queue; of one that runs, the result is dropped. */
	signal?: AbortSignal;
	/** Buffers of the input that the caller gives away: they may be moved and not copied, and must not be used again. */
	transfer?: readonly ArrayBuffer[];
}

export interface JobResult<K extends JobName> {
	output: Jobs[K]["output"];
	/** Who did it: 0 is the thread that asked, workers count from 1. */
	worker: number;
	/** Milliseconds on the clock of `performance.now()` here. */
	started: number;
	ended: number;
}

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

export interface PoolOptions {
	/** Default "auto": by `work` where it is given, else by the number of cores. */
	workers?: number | "auto";
	/** The work to come, by which "auto" decides. */
	work?: Work;
	/** Ends the pool. */
	signal?: AbortSignal;
}
