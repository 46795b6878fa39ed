/** Starting a pool's workers, and doing with those that start. */
import { type Death, JobPool, type JobWorker } from "./job-pool.ts";
import type { WorkerMessage } from "./messages.ts";
import type { WorkerPool } from "./pool.ts";

/** How many workers are to be started, and why so many. */
export interface PoolPlan {
	workers: number;
	why: string;
}

/** Milliseconds that a worker may take to load its script. */
const startWithin = 20_000;

/**
 * Starts the workers and waits until they are ready. Those that do not start are left out, and `why` says so: with none,
 * the pool does its jobs here.
 * @throws the signal's reason when aborted
 */
export async function startPool(
	{ workers: wanted, why }: PoolPlan,
	start: (number: number) => JobWorker | Promise<JobWorker>,
	{ signal, within = startWithin }: { signal?: AbortSignal; within?: number } = {},
): Promise<WorkerPool> {
	signal?.throwIfAborted();
	const stop = new AbortController();
	const onAbort = () => stop.abort();
	signal?.addEventListener("abort", onAbort, { once: true });
	const started = await Promise.allSettled(
		Array.from({ length: wanted }, (_, i) => readyWorker(() => start(i + 1), within, stop.signal)),
	);
	signal?.removeEventListener("abort", onAbort);
	const workers = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
	if (signal?.aborted) {
		await Promise.all(workers.map((worker) => worker.end()));
		throw signal.reason;
	}
	const failure = started.find((result) => result.status === "rejected");
	if (!failure) return new JobPool(workers, why, signal);
	const { message } = failure.reason as Error;
	const instead =
		workers.length === 0
			? `No worker: none could be started (${message})`
			: `${workers.length} of ${wanted} workers: the others could not be started (${message})`;
	return new JobPool(workers, instead, signal);
}

/** What comes between being ready and the pool's listening is kept for it: a worker may end at once. */
async function readyWorker(
	start: () => JobWorker | Promise<JobWorker>,
	within: number,
	signal: AbortSignal,
): Promise<JobWorker> {
	const worker = await start();
	let death: Death | undefined;
	let onDeath = (_: Death) => {};
	let onMessage = (_: WorkerMessage) => {};
	const outcome = new Promise<void>((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error(`not ready after ${within} ms`)), within);
		const finish = (end: () => void) => {
			clearTimeout(timer);
			end();
		};
		onMessage = (message) => {
			if ("ready" in message) finish(resolve);
		};
		onDeath = ({ message }) => finish(() => reject(new Error(message)));
		const abort = () => finish(() => reject(new Error("aborted")));
		if (signal.aborted) abort();
		else signal.addEventListener("abort", abort, { once: true });
	});
	worker.listen({
		message: (message) => onMessage(message),
		death: (ended) => {
			death ??= ended;
			onDeath(ended);
		},
	});
	try {
		await outcome;
	} catch (error) {
		void worker.end();
		throw error;
	}
	return {
		listen: (on) => {
			onMessage = on.message;
			onDeath = on.death;
			if (death) queueMicrotask(() => on.death(death as Death));
		},
		post: (message, transfer) => worker.post(message, transfer),
		end: () => worker.end(),
		hold: (busy) => worker.hold?.(busy),
	};
}
