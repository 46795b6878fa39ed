/** Running the tasks of a graph: when each begins, what it is given, and what becomes of all when one fails. */
import { ChunkwiseError } from "../errors.ts";
import type { JobRecord, Task, TaskContext, TaskEvent, TaskOptions, TaskRecord } from "./graph.ts";
import { type TaskNode, TaskNodes } from "./task-nodes.ts";

export class GraphRun {
	readonly #options: TaskOptions;
	readonly #concurrency: number;
	readonly #stop = new AbortController();
	readonly #nodes = new TaskNodes();
	readonly #records: TaskRecord[] = [];
	readonly #running = new Set<Promise<void>>();
	#failure?: { error: unknown };
	/** Ends the wait of the loop. */
	#wake: () => void = () => {};

	constructor(options: TaskOptions) {
		if (!(options.memory > 0)) {
			throw new ChunkwiseError("bad-memory", `Tasks cannot share ${options.memory} bytes.`, {
				remedy: "Give a number of bytes above 0, such as 256 * 2 ** 20.",
			});
		}
		this.#options = options;
		this.#concurrency = Math.max(1, options.concurrency ?? 2 * options.pool.workers + 2);
	}

	async run(tasks: Iterable<Task> | AsyncIterable<Task>): Promise<TaskRecord[]> {
		const { signal } = this.#options;
		signal?.throwIfAborted();
		const onAbort = () => this.#fail(signal?.reason);
		signal?.addEventListener("abort", onAbort, { once: true });
		try {
			if (Symbol.asyncIterator in tasks) await this.#runStream(tasks[Symbol.asyncIterator]());
			else {
				this.#nodes.addAll(tasks);
				await this.#drain();
			}
		} catch (error) {
			this.#fail(error);
		} finally {
			// Whoever hears of a failure may count on nothing of the graph running any more.
			await Promise.all(this.#running);
			signal?.removeEventListener("abort", onAbort);
		}
		if (this.#failure) throw this.#failure.error;
		return this.#records;
	}

	#fail(error: unknown): void {
		if (this.#failure) return;
		this.#failure = { error };
		this.#stop.abort(error);
		this.#wake();
	}

	/** Reads ahead while little is ready, and no further: there may be more tasks than memory for them. */
	async #runStream(source: AsyncIterator<Task>): Promise<void> {
		let reading: Promise<void> | undefined;
		let exhausted = false;
		try {
			for (;;) {
				this.#startWhatFits();
				if (this.#failure) return;
				const waiting = this.#nodes.unfinished - this.#running.size;
				const idle = this.#running.size === 0;
				if (!exhausted && !reading && (waiting < 2 * this.#concurrency || idle)) {
					reading = source.next().then(
						(result) => {
							reading = undefined;
							if (result.done) exhausted = true;
							else if (!this.#failure) {
								try {
									this.#nodes.add(result.value, result.value.dependants ?? 0);
								} catch (error) {
									this.#fail(error);
								}
							}
							this.#wake();
						},
						(error) => {
							reading = undefined;
							exhausted = true;
							this.#fail(error);
						},
					);
				}
				if (exhausted && idle) {
					if (this.#nodes.unfinished > 0) throw this.#nodes.stuck();
					return;
				}
				await this.#change();
			}
		} finally {
			// A source that is still thinking about its next task is told to end, and not waited for.
			const returned = exhausted ? undefined : source.return?.();
			if (reading) returned?.catch(() => {});
			else await returned;
		}
	}

	async #drain(): Promise<void> {
		for (;;) {
			this.#startWhatFits();
			if (this.#failure || this.#running.size === 0) return;
			await this.#change();
		}
	}

	#change(): Promise<void> {
		return new Promise((resolve) => {
			this.#wake = resolve;
		});
	}

	#startWhatFits(): void {
		while (!this.#failure && this.#running.size < this.#concurrency) {
			// Where nothing runs and nothing fits, one task goes on alone beyond the bound, or the graph would never end.
			const node = this.#nodes.take(this.#options.memory, this.#running.size === 0);
			if (!node) return;
			this.#start(node);
		}
	}

	#start(node: TaskNode): void {
		const { task } = node;
		const inputs = this.#nodes.begin(node);
		const started = performance.now();
		const { id, label, level, chunk } = task;
		const jobs: JobRecord[] = [];
		const record: TaskRecord = {
			...{ id, label, inputs: task.inputs, level, chunk },
			...{ worker: 0, started, ended: started, jobs },
		};
		const done = this.#work(node, inputs, record, jobs).then(() => {
			this.#running.delete(done);
			this.#wake();
		});
		this.#running.add(done);
		this.#tell("started", record);
	}

	/** Never rejects. */
	async #work(
		node: TaskNode,
		inputs: readonly unknown[],
		record: TaskRecord,
		jobs: JobRecord[],
	): Promise<void> {
		const { pool } = this.#options;
		const context: TaskContext = {
			inputs,
			signal: this.#stop.signal,
			job: async (job, input, options) => {
				const { output, ...times } = await pool.run(job, input, { ...options, signal: this.#stop.signal });
				jobs.push({ job, ...times });
				return output;
			},
		};
		try {
			const value = await node.task.run(context);
			if (this.#failure) return;
			record.ended = performance.now();
			record.worker = longest(jobs)?.worker ?? 0;
			this.#records.push(record);
			this.#nodes.end(node, value);
			this.#tell("ended", record, this.#running.size - 1);
		} catch (error) {
			this.#fail(error);
		}
	}

	#tell(type: TaskEvent["type"], task: TaskRecord, running = this.#running.size): void {
		try {
			this.#options.onTask?.({ type, task, held: this.#nodes.held, running });
		} catch (error) {
			this.#fail(error);
		}
	}
}

function longest(jobs: readonly JobRecord[]): JobRecord | undefined {
	return jobs.reduce<JobRecord | undefined>(
		(best, job) => (!best || job.ended - job.started > best.ended - best.started ? job : best),
		undefined,
	);
}
