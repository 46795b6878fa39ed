import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPool, runTasks, type Task, type TaskEvent, type WorkerPool } from "../../src/lib/index.ts";
import { openNodePool } from "../../src/lib/node.ts";

/** A graph as numbers: task i needs some tasks before it; `order` is the one in which they are listed. */
interface Drawn {
	tasks: { bytes: number; inputs: number[]; turns: number }[];
	order: number[];
	memory: number;
	concurrency: number;
}

const graph: fc.Arbitrary<Drawn> = fc
	.array(
		fc.record({
			bytes: fc.nat(40),
			turns: fc.nat(4),
			wishes: fc.array(fc.nat(1000), { maxLength: 3 }),
		}),
		{ maxLength: 25 },
	)
	.chain((drawn) => {
		const tasks = drawn.map(({ wishes, ...task }, i) => ({
			...task,
			inputs: [...new Set(i === 0 ? [] : wishes.map((wish) => wish % i))],
		}));
		const all = tasks.map((_, i) => i);
		return fc.record({
			tasks: fc.constant(tasks),
			order: fc.shuffledSubarray(all, { minLength: all.length }),
			memory: fc.integer({ min: 1, max: 150 }),
			concurrency: fc.integer({ min: 1, max: 5 }),
		});
	});

/** Gives other promises their turn. */
async function pass(turns: number): Promise<void> {
	for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** The result of a task: its number, and those of all that it was made from. */
interface Made {
	number: number;
	from: Made[];
}

function tasksOf({ tasks }: Drawn, onRun: (i: number) => void = () => {}): Task[] {
	return tasks.map(({ bytes, inputs, turns }, i) => ({
		id: `task ${i}`,
		label: `Task ${i}`,
		inputs: inputs.map((n) => `task ${n}`),
		bytes,
		dependants: tasks.filter((other) => other.inputs.includes(i)).length,
		async run({ inputs }): Promise<Made> {
			onRun(i);
			await pass(turns);
			return { number: i, from: inputs as Made[] };
		},
	}));
}

/** What must hold of the events of any run. `done` are the tasks that ended. */
function check(drawn: Drawn, events: TaskEvent[]): { done: Set<string> } {
	const done = new Set<string>();
	const begun = new Set<string>();
	const needs = new Map(
		drawn.tasks.map((_, i) => [`task ${i}`, drawn.tasks.filter((t) => t.inputs.includes(i))]),
	);
	const unfinished = new Map([...needs].map(([id, list]) => [id, list.length]));
	const size = (id: string) => drawn.tasks[Number(id.slice(5))].bytes;
	for (const { type, task, held, running } of events) {
		if (type === "started") {
			expect(begun.has(task.id), `${task.id} once`).toBe(false);
			begun.add(task.id);
			for (const id of task.inputs) expect(done.has(id), `${id} before ${task.id}`).toBe(true);
			expect(running).toBeLessThanOrEqual(drawn.concurrency);
			if (running > 1) expect(held).toBeLessThanOrEqual(drawn.memory);
		} else {
			done.add(task.id);
			for (const id of task.inputs) unfinished.set(id, (unfinished.get(id) as number) - 1);
		}
		// Counted anew: what runs, and what is still needed.
		let sum = 0;
		for (const id of begun) if (!done.has(id) || (unfinished.get(id) as number) > 0) sum += size(id);
		expect(held).toBe(sum);
	}
	return { done };
}

let here: WorkerPool;
beforeAll(async () => {
	here = await openPool({ workers: 0 });
});

async function* oneByOne(tasks: Task[], turns = 0): AsyncGenerator<Task> {
	for (const task of tasks) {
		await pass(turns);
		yield task;
	}
}

describe("any graph, any bound of memory", () => {
	test.each(["list", "stream"])(
		"each task once and after its inputs, within the bound (%s)",
		async (kind) => {
			await fc.assert(
				fc.asyncProperty(graph, async (drawn) => {
					const runs: number[] = [];
					const events: TaskEvent[] = [];
					const tasks = tasksOf(drawn, (i) => runs.push(i));
					const listed = drawn.order.map((i) => tasks[i]);
					const { memory, concurrency } = drawn;
					const options = { pool: here, memory, concurrency, onTask: (e: TaskEvent) => void events.push(e) };
					const records = await runTasks(kind === "list" ? listed : oneByOne(listed, 1), options);
					expect([...runs].sort((a, b) => a - b)).toEqual(drawn.tasks.map((_, i) => i));
					expect(check(drawn, events).done.size).toBe(drawn.tasks.length);
					expect(events.at(-1)?.held ?? 0).toBe(0);
					expect(records.map(({ id }) => id)).toEqual(
						events.filter(({ type }) => type === "ended").map(({ task }) => task.id),
					);
					const ends = new Map(records.map((record) => [record.id, record.ended]));
					for (const { started, ended, inputs } of records) {
						expect(ended).toBeGreaterThanOrEqual(started);
						for (const id of inputs) expect(started).toBeGreaterThanOrEqual(ends.get(id) as number);
					}
				}),
				{ numRuns: 150 },
			);
		},
	);

	test("tasks without inputs: over the bound only where one alone is larger", async () => {
		await fc.assert(
			fc.asyncProperty(graph, async (drawn) => {
				const alone = { ...drawn, tasks: drawn.tasks.map((task) => ({ ...task, inputs: [] })) };
				const events: TaskEvent[] = [];
				const { memory, concurrency } = drawn;
				await runTasks(tasksOf(alone), {
					pool: here,
					memory,
					concurrency,
					onTask: (e) => void events.push(e),
				});
				for (const { held } of events) {
					if (held > memory) expect(alone.tasks.some(({ bytes }) => bytes === held)).toBe(true);
				}
			}),
			{ numRuns: 100 },
		);
	});

	test("a task is given the results of its inputs, in their order", async () => {
		await fc.assert(
			fc.asyncProperty(graph, async (drawn) => {
				const tasks = tasksOf(drawn);
				const seen: [number, number[]][] = [];
				const watched = tasks.map((task, i) => ({
					...task,
					run: async (context: Parameters<Task["run"]>[0]) => {
						seen.push([i, (context.inputs as Made[]).map(({ number }) => number)]);
						return task.run(context);
					},
				}));
				await runTasks(watched, { pool: here, memory: drawn.memory, concurrency: drawn.concurrency });
				for (const [i, numbers] of seen) expect(numbers).toEqual(drawn.tasks[i].inputs);
			}),
			{ numRuns: 50 },
		);
	});

	test.each(["list", "stream"])("a failure or an abort stops it cleanly (%s)", async (kind) => {
		await fc.assert(
			fc.asyncProperty(
				graph.filter(({ tasks }) => tasks.length > 0),
				fc.nat(1000),
				fc.boolean(),
				async (drawn, pick, byAbort) => {
					const bad = pick % drawn.tasks.length;
					const reason = new Error("stopped on purpose");
					const stop = new AbortController();
					let running = 0;
					let stopped = false;
					const events: TaskEvent[] = [];
					const tasks = tasksOf(drawn).map((task, i) => ({
						...task,
						async run(context: Parameters<Task["run"]>[0]) {
							expect(stopped, "nothing starts afterwards").toBe(false);
							running++;
							try {
								if (i === bad) {
									if (byAbort) stop.abort(reason);
									stopped = true;
									if (!byAbort) throw reason;
								}
								await pass(2);
								return await task.run(context);
							} finally {
								running--;
							}
						},
					}));
					let returned = false;
					async function* stream() {
						try {
							yield* oneByOne(drawn.order.map((i) => tasks[i]));
						} finally {
							returned = true;
						}
					}
					const { memory, concurrency } = drawn;
					const options = {
						pool: here,
						memory,
						concurrency,
						signal: stop.signal,
						onTask: (e: TaskEvent) => void events.push(e),
					};
					const outcome = await runTasks(
						kind === "list" ? drawn.order.map((i) => tasks[i]) : stream(),
						options,
					).then(
						() => "ended",
						(error) => error,
					);
					expect(outcome).toBe(reason);
					expect(running, "tasks still running").toBe(0);
					if (kind === "stream") expect(returned, "the stream was closed").toBe(true);
					check(drawn, events);
				},
			),
			{ numRuns: 100 },
		);
	});
});

describe("graphs that are wrong", () => {
	const task = (id: string, inputs: string[] = [], more: Partial<Task> = {}): Task => ({
		id,
		label: id,
		inputs,
		bytes: 1,
		run: () => id,
		...more,
	});
	test.each<[string, Task[], RegExp]>([
		["two of one name", [task("a"), task("a")], /Two tasks are called "a"/],
		["an input that is not there", [task("a", ["b"])], /needs "b", and there is no such task/],
		[
			"a circle",
			[task("a", [], { dependants: 1 }), task("b", ["c", "a"]), task("c", ["b"])],
			/wait for each other: "b", "c"/,
		],
		["itself", [task("a", ["a"])], /wait for each other/],
		["no size", [task("a", [], { bytes: Number.NaN })], /holds NaN bytes/],
	])("%s", async (_, tasks, message) => {
		let ran = 0;
		const counted = tasks.map((t) => ({ ...t, run: () => ran++ }));
		for (const graph of [counted, oneByOne(counted)]) {
			const run = runTasks(graph, { pool: here, memory: 10 });
			await expect(run).rejects.toMatchObject({ code: "bad-task-graph", remedy: expect.any(String) });
			await expect(run).rejects.toThrow(message);
			if (graph === counted) expect(ran, "nothing ran").toBe(0);
		}
	});

	test("a stream whose task names a result that is gone", async () => {
		const run = runTasks(
			(async function* () {
				yield task("a");
				await pass(10);
				yield task("b", ["a"]);
			})(),
			{ pool: here, memory: 10 },
		);
		await expect(run).rejects.toMatchObject({ code: "bad-task-graph", where: "b" });
	});

	test("no memory", async () => {
		await expect(runTasks([], { pool: here, memory: 0 })).rejects.toMatchObject({ code: "bad-memory" });
	});

	test("a stream that fails", async () => {
		async function* broken(): AsyncGenerator<Task> {
			yield task("a");
			throw new Error("no more");
		}
		await expect(runTasks(broken(), { pool: here, memory: 10 })).rejects.toThrow("no more");
	});
});

test("a long stream is read as it is worked off", async () => {
	let read = 0;
	let ended = 0;
	let furthest = 0;
	async function* many(): AsyncGenerator<Task> {
		for (let i = 0; i < 500; i++) {
			read++;
			furthest = Math.max(furthest, read - ended);
			const run = async () => {
				await pass(1);
				ended++;
			};
			yield { id: `${i}`, label: `${i}`, inputs: [], bytes: 1, run };
		}
	}
	const records = await runTasks(many(), { pool: here, memory: 4, concurrency: 8 });
	expect(records).toHaveLength(500);
	expect(furthest).toBeLessThan(40);
});

describe("with workers", () => {
	let pool: WorkerPool;
	beforeAll(async () => {
		pool = await openNodePool({ workers: 2 });
	});
	afterAll(() => pool.close());

	const encode = (id: string): Task => ({
		id,
		label: `Encode ${id}`,
		inputs: [],
		level: 0,
		chunk: [0, Number(id)],
		bytes: 4096,
		async run({ job }) {
			const data = new Uint16Array(2048).fill(Number(id));
			const spec = { format: "zarr", codec: "gzip" } as const;
			const input = { spec, data, shape: [2048], dtype: "uint16" } as const;
			return job("encodeChunk", input, { transfer: [data.buffer] });
		},
	});

	test("a record says which worker did what, and when", async () => {
		const sum: Task = {
			id: "sum",
			label: "Sum",
			inputs: ["1", "2", "3"],
			bytes: 0,
			run: ({ inputs }) => (inputs as Uint8Array[]).reduce((bytes, part) => bytes + part.length, 0),
		};
		const records = await runTasks(["1", "2", "3"].map(encode).concat(sum), { pool, memory: 1 << 20 });
		expect(records).toHaveLength(4);
		for (const record of records) {
			if (record.id === "sum") {
				expect(record).toMatchObject({ worker: 0, jobs: [] });
				continue;
			}
			expect(record).toMatchObject({ label: `Encode ${record.id}`, level: 0, chunk: [0, Number(record.id)] });
			const [job] = record.jobs;
			expect(record.worker).toBe(job.worker);
			expect([1, 2]).toContain(job.worker);
			expect(job.started).toBeGreaterThanOrEqual(record.started);
			expect(record.ended).toBeGreaterThanOrEqual(job.ended);
		}
	});

	test("an abort ends jobs that wait in the pool", async () => {
		const stop = new AbortController();
		const many = Array.from({ length: 40 }, (_, i) => encode(String(i)));
		const run = runTasks(many, {
			pool,
			memory: 1 << 20,
			concurrency: 40,
			signal: stop.signal,
			onTask: ({ running }) => running === 30 && stop.abort(new Error("enough")),
		});
		await expect(run).rejects.toThrow("enough");
	});
});
