/** A pool over any kind of worker: the queue, and what becomes of jobs when workers end, calls are aborted or the pool is closed. */
import { ChunkwiseError } from "../errors.ts";
import { packInput } from "./buffers.ts";
import type { JobName, Jobs } from "./jobs.ts";
import { errorFromData, type JobMessage, ownClock, type WorkerMessage } from "./messages.ts";
import type { JobOptions, JobResult, WorkerPool } from "./pool.ts";
import { type Waiting, WorkHere } from "./work-here.ts";

/** How a worker ended. */
export interface Death {
	message: string;
	/** Its memory ran out: the same job might end this thread too. */
	outOfMemory: boolean;
}

/** A worker of the browser or a thread of Node. */
export interface JobWorker {
	/** Called once, before anything is posted. */
	listen(on: { message(message: WorkerMessage): void; death(death: Death): void }): void;
	post(message: JobMessage, transfer: ArrayBuffer[]): void;
	/** Ends it at once. */
	end(): Promise<void>;
	/** Whether this process is to wait for it. */
	hold?(busy: boolean): void;
}

interface Lane {
	worker: JobWorker;
	/** From 1. */
	number: number;
	jobs: Map<number, Waiting>;
}

/** Jobs that one worker has at a time: the next one waits there, so that it need not wait for this thread. */
const inHand = 2;

export class JobPool implements WorkerPool {
	readonly #lanes: Lane[] = [];
	readonly #why: string;
	readonly #queue: Waiting[] = [];
	/** Jobs whose worker ended. */
	readonly #orphans: Waiting[] = [];
	/** All that are not settled. */
	readonly #open = new Set<Waiting>();
	/** Does what was given back, and everything where there is no worker. */
	readonly #here = new WorkHere(
		() => this.#orphans.shift() ?? (this.#lanes.length === 0 ? this.#queue.shift() : undefined),
	);
	#ended: string[] = [];
	#closed?: { reason: unknown };
	#closing?: Promise<void>;
	#ids = 0;

	/** @param workers they have said that they are ready */
	constructor(workers: readonly JobWorker[], why: string, signal?: AbortSignal) {
		this.#why = why;
		for (const [i, worker] of workers.entries()) {
			const lane: Lane = { worker, number: i + 1, jobs: new Map() };
			this.#lanes.push(lane);
			worker.listen({
				message: (message) => this.#answered(lane, message),
				death: (death) => this.#died(lane, death),
			});
			worker.hold?.(false);
		}
		signal?.addEventListener("abort", () => void this.#close(signal.reason), { once: true });
	}

	get workers(): number {
		return this.#lanes.length;
	}

	get why(): string {
		if (this.#ended.length === 0) return this.#why;
		return `${this.#why}; ${this.#ended.length} ended before their time: ${this.#ended[0]}`;
	}

	run<K extends JobName>(
		job: K,
		input: Jobs[K]["input"],
		{ signal, transfer = [] }: JobOptions = {},
	): Promise<JobResult<K>> {
		return new Promise((resolve, reject) => {
			if (this.#closed) return reject(this.#closed.reason);
			if (signal?.aborted) return reject(signal.reason);
			const settle = () => {
				waiting.settled = true;
				this.#open.delete(waiting);
				signal?.removeEventListener("abort", aborted);
			};
			const waiting: Waiting = {
				job,
				input,
				transfer,
				asked: performance.now(),
				settled: false,
				resolve: (result) => {
					settle();
					resolve(result as JobResult<K>);
				},
				reject: (error) => {
					settle();
					reject(error);
				},
			};
			const aborted = () => {
				const at = this.#queue.indexOf(waiting);
				if (at >= 0) this.#queue.splice(at, 1);
				waiting.reject(signal?.reason);
			};
			signal?.addEventListener("abort", aborted, { once: true });
			this.#open.add(waiting);
			this.#queue.push(waiting);
			this.#deal();
		});
	}

	close(): Promise<void> {
		return this.#close(
			new ChunkwiseError("pool-closed", "The pool of workers is closed.", {
				remedy: "Open a new one, and close it when all its jobs have ended.",
			}),
		);
	}

	#close(reason: unknown): Promise<void> {
		this.#closing ??= (async () => {
			this.#closed = { reason };
			this.#queue.length = 0;
			this.#orphans.length = 0;
			const workers = this.#lanes.splice(0).map(({ worker }) => worker);
			for (const waiting of [...this.#open]) waiting.reject(reason);
			await Promise.all(workers.map((worker) => worker.end()));
		})();
		return this.#closing;
	}

	/** Gives waiting jobs to those who are free. */
	#deal(): void {
		while (this.#queue.length > 0 && this.#lanes.length > 0) {
			const lane = this.#lanes.reduce((a, b) => (b.jobs.size < a.jobs.size ? b : a));
			if (lane.jobs.size >= inHand) break;
			this.#post(lane, this.#queue.shift() as Waiting);
		}
		this.#here.wake();
	}

	#post(lane: Lane, waiting: Waiting): void {
		const id = this.#ids++;
		try {
			const { value, transfer } = packInput(waiting.input, waiting.transfer);
			lane.worker.post({ id, job: waiting.job, input: value }, transfer);
		} catch (cause) {
			waiting.reject(notSent(waiting.job, cause));
			return;
		}
		lane.jobs.set(id, waiting);
		if (lane.jobs.size === 1) lane.worker.hold?.(true);
	}

	#answered(lane: Lane, message: WorkerMessage): void {
		if ("ready" in message) return;
		const waiting = lane.jobs.get(message.id);
		if (!waiting) return;
		lane.jobs.delete(message.id);
		if (lane.jobs.size === 0) lane.worker.hold?.(false);
		if (!waiting.settled) {
			if ("error" in message) waiting.reject(errorFromData(message.error));
			else {
				// The threads' clocks agree to a millisecond: nothing starts before it was asked for.
				const now = performance.now();
				const started = Math.min(now, Math.max(waiting.asked, ownClock(message.started)));
				const ended = Math.min(now, Math.max(started, ownClock(message.ended)));
				waiting.resolve({ output: message.output as never, worker: lane.number, started, ended });
			}
		}
		this.#deal();
	}

	/** The jobs that it had are done here, unless that might end this thread too or their input is gone. */
	#died(lane: Lane, death: Death): void {
		const at = this.#lanes.indexOf(lane);
		if (at < 0) return;
		this.#lanes.splice(at, 1);
		this.#ended.push(death.message);
		for (const waiting of lane.jobs.values()) {
			if (waiting.settled) continue;
			if (death.outOfMemory || waiting.transfer.length > 0) waiting.reject(died(waiting.job, death));
			else this.#orphans.push(waiting);
		}
		lane.jobs.clear();
		void lane.worker.end();
		this.#deal();
	}
}

function notSent(job: JobName, cause: unknown): ChunkwiseError {
	const message = cause instanceof Error ? cause.message : String(cause);
	return new ChunkwiseError("job-not-sent", `The input of ${job} cannot be sent to a worker: ${message}`, {
		remedy: "Give plain values and typed arrays whose memory was not given away before.",
		cause,
	});
}

function died(job: JobName, { message, outOfMemory }: Death): ChunkwiseError {
	return new ChunkwiseError("worker-died", `The worker that had ${job} in hand ended: ${message}`, {
		remedy: outOfMemory
			? "Use smaller chunks, or fewer workers: each holds the chunks that it works on."
			: "Run it again; without workers ({ workers: 0 }) it runs in this thread.",
	});
}
