/** The scheduler of a task graph. */
import { ChunkwiseError } from "../errors.ts";
import type { JobRecord, Task, TaskContext, TaskEvent, TaskOptions, TaskRecord } from "./graph.ts";

interface Node {
	task: Task;
	/** Inputs that have not ended. */
	missing: number;
	/** Tasks that need its result and have not ended. */
	needed: number;
	state: "waiting" | "ready" | "running" | "ended";
	value: unknown;
	/** Those that have been read and wait for it. */
	next: Node[];
}

/** Ready tasks looked at for one that fits into the memory that is left. */
const lookAhead = 32;

export class GraphRun {
	readonly #options: TaskOptions;
	readonly #concurrency: number;
	readonly #stop = new AbortController();
	readonly #nodes = new Map<string, Node>();
	/** Ended, and needed by no more tasks. */
	readonly #released = new Set<string>();
	/** Tasks named as inputs and not read yet, and who waits for them. */
	readonly #unread = new Map<string, Node[]>();
	/** Ready tasks with inputs: they come first, since their end frees memory. */
	readonly #consumers: Node[] = [];
	/** Ready tasks without inputs, in the order of reading. */
	readonly #sources: Node[] = [];
	readonly #records: TaskRecord[] = [];
	readonly #running = new Set<Promise<void>>();
	#held = 0;
	#unfinished = 0;
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
				this.#readAll(tasks);
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

	/** All tasks are known: what is wrong with the graph is said before any runs. */
	#readAll(tasks: Iterable<Task>): void {
		const all = [...tasks];
		const counts = new Map<string, number>();
		for (const { inputs } of all) for (const id of inputs) counts.set(id, (counts.get(id) ?? 0) + 1);
		for (const task of all) this.#add(task, counts.get(task.id) ?? 0);
		for (const [id, [{ task }]] of this.#unread) throw unknownInput(task, id);
		const order = [...this.#nodes.values()].filter(({ missing }) => missing === 0);
		const missing = new Map([...this.#nodes.values()].map((node) => [node, node.missing]));
		for (const node of order) {
			for (const next of node.next) {
				const left = (missing.get(next) as number) - 1;
				missing.set(next, left);
				if (left === 0) order.push(next);
			}
		}
		if (order.length < all.length) {
			throw circular([...this.#nodes.values()].filter((node) => (missing.get(node) as number) > 0));
		}
	}

	/** Reads ahead while little is ready, and no further: there may be more tasks than memory for them. */
	async #runStream(source: AsyncIterator<Task>): Promise<void> {
		let reading: Promise<void> | undefined;
		let exhausted = false;
		try {
			for (;;) {
				this.#startWhatFits();
				if (this.#failure) return;
				const waiting = this.#unfinished - this.#running.size;
				const idle = this.#running.size === 0;
				if (!exhausted && !reading && (waiting < 2 * this.#concurrency || idle)) {
					reading = source.next().then(
						(result) => {
							reading = undefined;
							if (result.done) exhausted = true;
							else if (!this.#failure) {
								try {
									this.#add(result.value, result.value.dependants ?? 0);
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
					if (this.#unfinished > 0) throw this.#stuck();
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

	#add(task: Task, needed: number): void {
		if (this.#nodes.has(task.id) || this.#released.has(task.id))
			throw badGraph(`Two tasks are called ${JSON.stringify(task.id)}.`, task);
		if (!(task.bytes >= 0)) {
			throw badGraph(`The task ${JSON.stringify(task.id)} says that it holds ${task.bytes} bytes.`, task);
		}
		const next = this.#unread.get(task.id) ?? [];
		this.#unread.delete(task.id);
		const node: Node = { task, missing: 0, needed, state: "waiting", value: undefined, next };
		this.#nodes.set(task.id, node);
		this.#unfinished++;
		for (const id of task.inputs) {
			const input = this.#nodes.get(id);
			if (input?.state === "ended") continue;
			if (this.#released.has(id)) {
				throw badGraph(
					`The task ${JSON.stringify(task.id)} needs the result of ${JSON.stringify(id)}, which was needed by no more tasks.`,
					task,
					"Say in `dependants` how many tasks name it as an input.",
				);
			}
			node.missing++;
			if (input) input.next.push(node);
			else this.#unread.set(id, [...(this.#unread.get(id) ?? []), node]);
		}
		if (node.missing === 0) this.#makeReady(node);
	}

	#makeReady(node: Node): void {
		node.state = "ready";
		(node.task.inputs.length > 0 ? this.#consumers : this.#sources).push(node);
	}

	#startWhatFits(): void {
		while (!this.#failure && this.#running.size < this.#concurrency) {
			const node = this.#takeFitting() ?? (this.#running.size === 0 ? this.#takeFirst() : undefined);
			if (!node) return;
			this.#start(node);
		}
	}

	#takeFitting(): Node | undefined {
		const room = this.#options.memory - this.#held;
		for (const ready of [this.#consumers, this.#sources]) {
			const at = ready.slice(0, lookAhead).findIndex(({ task }) => task.bytes <= room);
			if (at >= 0) return ready.splice(at, 1)[0];
		}
		return undefined;
	}

	/** Nothing runs and nothing fits: one task goes on alone beyond the bound, or the graph would never end. */
	#takeFirst(): Node | undefined {
		return this.#consumers.shift() ?? this.#sources.shift();
	}

	#start(node: Node): void {
		const { task } = node;
		node.state = "running";
		this.#held += task.bytes;
		const started = performance.now();
		const { id, label, inputs, level, chunk } = task;
		const jobs: JobRecord[] = [];
		const record: TaskRecord = { id, label, inputs, level, chunk, worker: 0, started, ended: started, jobs };
		const done = this.#work(node, record, jobs).then(() => {
			this.#running.delete(done);
			this.#wake();
		});
		this.#running.add(done);
		this.#tell("started", record);
	}

	/** Never rejects. */
	async #work(node: Node, record: TaskRecord, jobs: JobRecord[]): Promise<void> {
		const { pool } = this.#options;
		const context: TaskContext = {
			inputs: node.task.inputs.map((id) => this.#nodes.get(id)?.value),
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
			node.value = node.needed > 0 ? value : undefined;
			record.ended = performance.now();
			record.worker = longest(jobs)?.worker ?? 0;
			this.#ended(node, record);
		} catch (error) {
			this.#fail(error);
		}
	}

	#ended(node: Node, record: TaskRecord): void {
		node.state = "ended";
		this.#unfinished--;
		this.#records.push(record);
		if (node.needed === 0) this.#release(node);
		for (const id of node.task.inputs) {
			const input = this.#nodes.get(id) as Node;
			input.needed--;
			if (input.needed === 0) this.#release(input);
		}
		for (const next of node.next) {
			next.missing--;
			if (next.missing === 0) this.#makeReady(next);
		}
		node.next = [];
		this.#tell("ended", record, this.#running.size - 1);
	}

	#release(node: Node): void {
		this.#held -= node.task.bytes;
		this.#nodes.delete(node.task.id);
		this.#released.add(node.task.id);
	}

	#tell(type: TaskEvent["type"], task: TaskRecord, running = this.#running.size): void {
		try {
			this.#options.onTask?.({ type, task, held: this.#held, running });
		} catch (error) {
			this.#fail(error);
		}
	}

	#stuck(): ChunkwiseError {
		for (const [id, [{ task }]] of this.#unread) return unknownInput(task, id);
		return circular([...this.#nodes.values()].filter(({ state }) => state !== "ended"));
	}
}

function longest(jobs: readonly JobRecord[]): JobRecord | undefined {
	return jobs.reduce<JobRecord | undefined>(
		(best, job) => (!best || job.ended - job.started > best.ended - best.started ? job : best),
		undefined,
	);
}

function badGraph(message: string, task: Task, remedy = "Correct the list of tasks."): ChunkwiseError {
	return new ChunkwiseError("bad-task-graph", message, { where: task.id, remedy });
}

function unknownInput(task: Task, id: string): ChunkwiseError {
	return badGraph(
		`The task ${JSON.stringify(task.id)} needs ${JSON.stringify(id)}, and there is no such task.`,
		task,
	);
}

function circular(nodes: readonly Node[]): ChunkwiseError {
	const ids = nodes.slice(0, 4).map(({ task }) => JSON.stringify(task.id));
	return badGraph(`Tasks wait for each other: ${ids.join(", ")}.`, nodes[0].task);
}
