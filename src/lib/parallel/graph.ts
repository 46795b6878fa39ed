/** Running tasks that need each other's results, with a bound on the memory that they hold. */
import type { Jobs } from "./jobs.ts";
import type { JobOptions, WorkerPool } from "./pool.ts";
import { GraphRun } from "./run-tasks.ts";

/** One piece of work, such as "chunk 0, 1, 2 of level 1". */
export interface Task {
	/** Unique in its graph. */
	id: string;
	/** For a reader. */
	label: string;
	/** Tasks whose results it needs. */
	inputs: readonly string[];
	/** The scale level and chunk that it makes, for a figure. */
	level?: number;
	chunk?: readonly number[];
	/** Bytes that it holds while it runs, and its result until the tasks that need it have ended. */
	bytes: number;
	/**
	 * How many tasks name it as an input: for graphs whose tasks come one by one (an AsyncIterable), where it is 0 if it
	 * is not said. Counted where all tasks are known at the start.
	 */
	dependants?: number;
	/** Does the work. What it gives is handed to the tasks that name this one as an input. */
	run(context: TaskContext): Promise<unknown> | unknown;
}

/** What a task has while it runs. */
export interface TaskContext {
	/** The results of its inputs, in their order. */
	inputs: readonly unknown[];
	/** Aborted when the graph is, and when another task has failed. */
	signal: AbortSignal;
	/** Runs a job in the pool; its worker and times go into the task's record. Gives the job's output. */
	job<K extends keyof Jobs>(
		job: K,
		input: Jobs[K]["input"],
		options?: Pick<JobOptions, "transfer">,
	): Promise<Jobs[K]["output"]>;
}

/** A job that a task had done. */
export interface JobRecord {
	job: keyof Jobs;
	/** 0 is the thread that asked; workers count from 1. */
	worker: number;
	/** Milliseconds on the clock of `performance.now()` here. */
	started: number;
	ended: number;
}

/** What became of a task: what a figure of the graph, or a Gantt chart, draws. */
export interface TaskRecord {
	id: string;
	label: string;
	inputs: readonly string[];
	level?: number;
	chunk?: readonly number[];
	/** The worker of its longest job; 0, the thread that asked, where it had none done. */
	worker: number;
	/** Milliseconds on the clock of `performance.now()` here, waiting for a worker included. */
	started: number;
	ended: number;
	/** In the order in which they ended. */
	jobs: readonly JobRecord[];
}

/** Told as tasks start and end. */
export interface TaskEvent {
	type: "started" | "ended";
	/** As known so far: what has not ended has `ended` equal to `started`. */
	task: TaskRecord;
	/** Bytes held by running tasks and by results that are still needed, after this event. */
	held: number;
	/** Tasks that run after this event. */
	running: number;
}

/** What a graph of tasks may use, and who hears of it. */
export interface TaskOptions {
	/** Where the tasks' jobs are done. */
	pool: WorkerPool;
	/** Bytes that tasks and results may hold together. */
	memory: number;
	/** Tasks at one time; default 2 for each worker and 2 more, so that stores and workers are busy together. */
	concurrency?: number;
	/** Stops the graph: the tasks' own signal is aborted with it. */
	signal?: AbortSignal;
	/** Told of each task as it starts and ends. */
	onTask?: (event: TaskEvent) => void;
}

/**
 * Runs tasks, each after its inputs, several at a time, and gives a record of each in the order in which they ended.
 *
 * Memory: a task starts when its bytes fit beside those that are held (by tasks that run, and by results that are still
 * needed). Where nothing runs and nothing fits, one task goes on alone beyond the bound. Tasks with inputs start before
 * those without, and else they start in the order given: list what belongs together one after the other.
 *
 * An Iterable is read at once. An AsyncIterable is read as it is needed, and its tasks say their `dependants`.
 *
 * When a task fails or the signal aborts, none starts any more, the others' `signal` is aborted, and the call fails when
 * they have ended.
 * @throws ChunkwiseError bad-task-graph, bad-memory; what a task throws; the signal's reason when aborted
 */
export async function runTasks(
	tasks: Iterable<Task> | AsyncIterable<Task>,
	options: TaskOptions,
): Promise<TaskRecord[]> {
	return new GraphRun(options).run(tasks);
}
