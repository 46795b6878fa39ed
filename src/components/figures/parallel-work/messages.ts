/** What the page and the worker that runs task graphs say to each other. */
import type { TaskRecord } from "../../../lib/parallel/graph.ts";
import type { TwoWriters, WriteStep, WrittenByTwo } from "../../../lib/parallel/two-writers.ts";
import type { ParallelCodec, ParallelRun, ParallelWorkProps } from "../../../lib/plan/parallel-work.ts";

export type ToConductor =
	| { type: "run"; props: ParallelWorkProps; codec: ParallelCodec; workers: number }
	| { type: "two"; writers: Omit<TwoWriters, "onStep"> };

/** What is being done before the tasks run. */
export type Stage = "image" | "workers" | "tasks";

export type FromConductor =
	| { type: "stage"; stage: Stage }
	| { type: "task"; event: "started" | "ended"; task: TaskRecord; running: number }
	| { type: "stored"; chunks: number; bytes: number }
	| { type: "ended"; run: ParallelRun; workers: number; why: string }
	| { type: "step"; step: WriteStep }
	| { type: "written"; result: WrittenByTwo }
	| { type: "failed"; message: string };
