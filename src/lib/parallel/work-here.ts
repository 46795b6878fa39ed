/** Doing a pool's jobs in the thread that asks. */
import { apartFrom } from "./buffers.ts";
import { type JobName, runJob, worksApart } from "./jobs.ts";
import type { JobResult } from "./pool.ts";

/** A job that was asked for. */
export interface Waiting {
	job: JobName;
	input: object;
	transfer: readonly ArrayBuffer[];
	asked: number;
	settled: boolean;
	resolve(result: JobResult<JobName>): void;
	reject(error: unknown): void;
}

/** Milliseconds of work here after which messages (a cancel among them) get their turn. */
const patience = 100;
/** Jobs that the platform's own threads have at a time; Node has four such threads. */
export const mostAway = 4;

/** One job at a time, or several of those that the platform's own threads do. */
export class WorkHere {
	readonly #next: () => Waiting | undefined;
	#busy = false;
	/** Those whose codec works on the platform's threads. */
	readonly #away = new Set<Promise<void>>();
	/** Ends the wait for those. */
	#stir: () => void = () => {};

	/** @param next takes the next job that is to be done here */
	constructor(next: () => Waiting | undefined) {
		this.#next = next;
	}

	/** There may be a job. */
	wake(): void {
		if (this.#busy) this.#stir();
		else void this.#work();
	}

	async #work(): Promise<void> {
		this.#busy = true;
		let rested = performance.now();
		for (;;) {
			const waiting = this.#next();
			if (!waiting) {
				if (this.#away.size === 0) break;
				await this.#change();
				continue;
			}
			if (waiting.settled) continue;
			const done = doHere(waiting);
			if (worksApart(waiting.job, waiting.input as never)) {
				this.#away.add(done);
				void done.then(() => {
					this.#away.delete(done);
					this.#stir();
				});
				while (this.#away.size >= mostAway) await this.#change();
			} else await done;
			if (performance.now() - rested > patience) {
				await new Promise((resolve) => setTimeout(resolve));
				rested = performance.now();
			}
		}
		this.#busy = false;
	}

	#change(): Promise<void> {
		return new Promise((resolve) => {
			this.#stir = resolve;
		});
	}
}

/** Does a job in this thread. Never rejects. */
async function doHere(waiting: Waiting): Promise<void> {
	const { job, input, transfer } = waiting;
	const started = performance.now();
	try {
		const output = apartFrom(await runJob(job, input as never), input, transfer);
		if (!waiting.settled) waiting.resolve({ output, worker: 0, started, ended: performance.now() });
	} catch (error) {
		if (!waiting.settled) waiting.reject(error);
	}
}
