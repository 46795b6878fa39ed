/** The tasks of a graph that are known: which are ready, what they hold, and what is wrong with the graph. */
import { ChunkwiseError } from "../errors.ts";
import type { Task } from "./graph.ts";

export interface TaskNode {
	task: Task;
	/** Inputs that have not ended. */
	missing: number;
	/** Tasks that need its result and have not ended. */
	needed: number;
	state: "waiting" | "ready" | "running" | "ended";
	value: unknown;
	/** Those that have been read and wait for it. */
	next: TaskNode[];
}

/** Ready tasks looked at for one that fits into the memory that is left. */
const lookAhead = 32;

export class TaskNodes {
	readonly #nodes = new Map<string, TaskNode>();
	/** Ended, and needed by no more tasks. */
	readonly #released = new Set<string>();
	/** Tasks named as inputs and not read yet, and who waits for them. */
	readonly #unread = new Map<string, TaskNode[]>();
	/** Ready tasks with inputs: they come first, since their end frees memory. */
	readonly #consumers: TaskNode[] = [];
	/** Ready tasks without inputs, in the order of reading. */
	readonly #sources: TaskNode[] = [];
	/** Bytes of running tasks, and of results that are still needed. */
	#held = 0;
	#unfinished = 0;

	get held(): number {
		return this.#held;
	}

	/** Tasks that have not ended. */
	get unfinished(): number {
		return this.#unfinished;
	}

	/**
	 * Adds the tasks of a graph that is known as a whole.
	 * @throws ChunkwiseError bad-task-graph, before any of them runs
	 */
	addAll(tasks: Iterable<Task>): void {
		const all = [...tasks];
		const counts = new Map<string, number>();
		for (const { inputs } of all) for (const id of inputs) counts.set(id, (counts.get(id) ?? 0) + 1);
		for (const task of all) this.add(task, counts.get(task.id) ?? 0);
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

	/**
	 * Adds a task.
	 * @param needed how many tasks need its result
	 * @throws ChunkwiseError bad-task-graph
	 */
	add(task: Task, needed: number): void {
		if (this.#nodes.has(task.id) || this.#released.has(task.id))
			throw badGraph(`Two tasks are called ${JSON.stringify(task.id)}.`, task);
		if (!(task.bytes >= 0)) {
			throw badGraph(`The task ${JSON.stringify(task.id)} says that it holds ${task.bytes} bytes.`, task);
		}
		const next = this.#unread.get(task.id) ?? [];
		this.#unread.delete(task.id);
		const node: TaskNode = { task, missing: 0, needed, state: "waiting", value: undefined, next };
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

	#makeReady(node: TaskNode): void {
		node.state = "ready";
		(node.task.inputs.length > 0 ? this.#consumers : this.#sources).push(node);
	}

	/**
	 * Takes a ready task that fits beside what is held into so many bytes; where `anyway`, the first one if none fits.
	 */
	take(memory: number, anyway: boolean): TaskNode | undefined {
		const room = memory - this.#held;
		for (const ready of [this.#consumers, this.#sources]) {
			const at = ready.slice(0, lookAhead).findIndex(({ task }) => task.bytes <= room);
			if (at >= 0) return ready.splice(at, 1)[0];
		}
		return anyway ? (this.#consumers.shift() ?? this.#sources.shift()) : undefined;
	}

	/** A task that was taken begins; gives the results of its inputs, in their order. */
	begin(node: TaskNode): unknown[] {
		node.state = "running";
		this.#held += node.task.bytes;
		return node.task.inputs.map((id) => this.#nodes.get(id)?.value);
	}

	/** A task has ended: its result is kept for those that need it, and what nobody needs any more is let go. */
	end(node: TaskNode, value: unknown): void {
		node.value = node.needed > 0 ? value : undefined;
		node.state = "ended";
		this.#unfinished--;
		if (node.needed === 0) this.#release(node);
		for (const id of node.task.inputs) {
			const input = this.#nodes.get(id) as TaskNode;
			input.needed--;
			if (input.needed === 0) this.#release(input);
		}
		for (const next of node.next) {
			next.missing--;
			if (next.missing === 0) this.#makeReady(next);
		}
		node.next = [];
	}

	/** Why tasks are left of which none can run. */
	stuck(): ChunkwiseError {
		for (const [id, [{ task }]] of this.#unread) return unknownInput(task, id);
		return circular([...this.#nodes.values()].filter(({ state }) => state !== "ended"));
	}

	#release(node: TaskNode): void {
		this.#held -= node.task.bytes;
		this.#nodes.delete(node.task.id);
		this.#released.add(node.task.id);
	}
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

function circular(nodes: readonly TaskNode[]): ChunkwiseError {
	const ids = nodes.slice(0, 4).map(({ task }) => JSON.stringify(task.id));
	return badGraph(`Tasks wait for each other: ${ids.join(", ")}.`, nodes[0].task);
}
