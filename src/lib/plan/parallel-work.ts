/** The parallel-work figure: the task graph of a pyramid, and what runs of it with more and fewer workers came to. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatBytes, formatDuration } from "../format.ts";
import type { MultiscaleMethod } from "../multiscale/methods.ts";
import type { JobRecord, TaskRecord } from "../parallel/graph.ts";
import type { CodecName } from "../zarr/codecs.ts";
import { counted, figure, formatShare, type TextTwin } from "./figure.ts";
import { checkProps } from "./figure-props.ts";
import { arrayBytes } from "./grid.ts";
import { type PyramidPlan, pyramidPlan } from "./pyramid.ts";
import { type ChunkTask, pyramidTaskGraph } from "./task-graph.ts";

/** Props of the figure, plain data. */
export interface ParallelWorkProps {
	/** Of the synthetic image, z, y, x; `[128, 256, 256]` where absent. */
	shape?: [number, number, number];
	/** Each relative to the level before; `[2, 2]` where absent. */
	factors?: number[];
	/** Edge of a chunk; 64 where absent. */
	chunk?: number;
	/** How a level is computed; "mean" where absent. */
	method?: MultiscaleMethod;
	/** The codec that is chosen first; "gzip", which has most to do, where absent. */
	codec?: ParallelCodec;
	/** Workers on the slider; 8 where absent. */
	mostWorkers?: number;
	title?: string;
}

/** Codecs of the figure: from much work to little. */
export const parallelCodecs = ["gzip", "zstd", "blosc-lz4"] as const satisfies readonly CodecName[];

/** A codec of the figure. */
export type ParallelCodec = (typeof parallelCodecs)[number];

/** What the figure does. */
export interface ParallelSetting {
	plan: PyramidPlan;
	tasks: ChunkTask[];
	codec: ParallelCodec;
	mostWorkers: number;
}

/** More tasks than this cannot be told apart in the drawing. */
export const mostTasks = 160;
/** The image is made in the reader's browser, and held there. */
const mostBytes = 64 * 2 ** 20;

function bad(message: string, remedy: string): ChunkwiseError {
	return new ChunkwiseError("parallel-work-props", message, { where: "parallelWork", remedy });
}

/**
 * What props describe.
 * @throws ChunkwiseError `parallel-work-props`, and what planning the levels throws
 */
export function parallelSetting(props: ParallelWorkProps): ParallelSetting {
	const { shape = [128, 256, 256], factors = [2, 2], chunk = 64, codec = "gzip", mostWorkers = 8 } = props;
	if (shape.length !== 3) throw bad("The image has three axes.", "Write shape={[128, 256, 256]}.");
	if (!parallelCodecs.includes(codec)) {
		throw bad(`There is no codec ${JSON.stringify(codec)} here.`, `Use one of ${parallelCodecs.join(", ")}.`);
	}
	if (!Number.isInteger(mostWorkers) || mostWorkers < 1 || mostWorkers > 16) {
		throw bad(`The slider cannot go to ${mostWorkers} workers.`, "Give a whole number from 1 to 16.");
	}
	const plan = pyramidPlan({ shape, factors, chunks: chunk, method: props.method });
	const bytes = arrayBytes(plan.levels[0].grid);
	if (bytes > mostBytes) {
		throw bad(`An image of ${formatBytes(bytes)} is too large to be made for a figure.`, "Make it smaller.");
	}
	const tasks = pyramidTaskGraph(plan);
	if (tasks.length > mostTasks) {
		throw bad(
			`${tasks.length} tasks are too many to draw.`,
			`Use larger chunks or a smaller image: at most ${mostTasks} chunks in all levels.`,
		);
	}
	return { plan, tasks, codec, mostWorkers };
}

/** One run of the graph. */
export interface ParallelRun {
	/** Workers that were asked for. */
	workers: number;
	codec: ParallelCodec;
	/** From the first task's start to the last one's end, in milliseconds. */
	elapsed: number;
	/** Milliseconds that all jobs took together. */
	busy: number;
	/** The longest way through the graph, in milliseconds of jobs: no number of workers ends sooner. */
	longest: number;
	/** Bytes in the store when it had ended. */
	stored: number;
}

const duration = ({ started, ended }: JobRecord) => ended - started;

/** What the records of a run come to; `elapsed`, `busy` and `longest` in milliseconds. */
export function runTimes(records: readonly TaskRecord[]): Pick<ParallelRun, "elapsed" | "busy" | "longest"> {
	const begun = records.reduce((least, { started }) => Math.min(least, started), Number.POSITIVE_INFINITY);
	const ended = records.reduce((most, record) => Math.max(most, record.ended), Number.NEGATIVE_INFINITY);
	const ways = new Map<string, number>();
	let busy = 0;
	let longest = 0;
	// Records come in the order in which tasks ended: inputs before what needs them.
	for (const { id, inputs, jobs } of records) {
		const own = jobs.reduce((sum, job) => sum + duration(job), 0);
		const way = own + inputs.reduce((most, input) => Math.max(most, ways.get(input) ?? 0), 0);
		ways.set(id, way);
		busy += own;
		longest = Math.max(longest, way);
	}
	return { elapsed: records.length === 0 ? 0 : ended - begun, busy, longest };
}

/** The last run with one worker and this codec: what others are compared with. */
export function baseline(runs: readonly ParallelRun[], codec: ParallelCodec): ParallelRun | undefined {
	return runs.findLast((run) => run.workers === 1 && run.codec === codec);
}

/** How many times faster than one worker; undefined before that was tried. */
export function speedUp(runs: readonly ParallelRun[], run: ParallelRun): number | undefined {
	const one = baseline(runs, run.codec);
	return one && one.elapsed / run.elapsed;
}

/**
 * How many times faster so many workers could be at best: as many as there are workers, but no more than the machine has
 * cores, and than the longest way through the graph lets.
 */
export function idealSpeedUp(workers: number, cores: number, one?: ParallelRun): number {
	const graph = one && one.longest > 0 ? one.elapsed / one.longest : Number.POSITIVE_INFINITY;
	return Math.min(Math.max(1, workers), Math.max(1, cores), graph);
}

/** `1.87×` */
export function formatSpeedUp(value: number | undefined): string {
	return value === undefined ? "" : `${value.toFixed(2)}×`;
}

/** A run in a sentence. */
export function describeRun(runs: readonly ParallelRun[], run: ParallelRun, cores: number): string {
	const faster = speedUp(runs, run);
	const ideal = idealSpeedUp(run.workers, cores, baseline(runs, run.codec));
	const compared =
		run.workers === 1 || faster === undefined
			? ""
			: `, ${formatSpeedUp(faster)} as fast as one (at best ${formatSpeedUp(ideal)} here)`;
	return (
		`${counted(run.workers, "worker")}, ${run.codec}: ${formatDuration(run.elapsed)}${compared}. ` +
		`The workers were busy ${formatShare(run.busy, run.workers * run.elapsed)} of the time.`
	);
}

/** The graph, and the runs so far. */
export function parallelTwin(
	{ plan, tasks }: ParallelSetting,
	runs: readonly ParallelRun[] = [],
	cores = 1,
	status?: string,
): TextTwin {
	const perLevel = plan.levels.map(
		({ level }) => `${tasks.filter((task) => task.level === level).length} of scale${level}`,
	);
	const shown = runs.map((run) => [
		String(run.workers),
		run.codec,
		formatDuration(run.elapsed),
		formatSpeedUp(speedUp(runs, run)),
		formatSpeedUp(idealSpeedUp(run.workers, cores, baseline(runs, run.codec))),
		formatShare(run.busy, run.workers * run.elapsed),
		formatBytes(run.stored),
	]);
	return {
		summary:
			`${counted(tasks.length, "task")} write the pyramid of a synthetic image of ${plan.levels[0].grid.shape.join(" × ")} ` +
			`voxels, one for each chunk: ${perLevel.join(", ")}. A chunk of a coarser level waits for the chunks that it is ` +
			"computed from. Everything runs on your own machine; starting the workers is not counted.",
		status:
			status ??
			(runs.length === 0 ? "Nothing has run yet." : describeRun(runs, runs[runs.length - 1], cores)),
		caption: "The runs so far",
		columns: [
			{ name: "Workers", align: "right" },
			{ name: "Codec" },
			{ name: "Time", align: "right" },
			{ name: "Speed-up", align: "right" },
			{ name: "At best", align: "right" },
			{ name: "Workers busy", align: "right" },
			{ name: "Stored", align: "right" },
		],
		rows: shown.length > 0 ? shown : [["none yet", "", "", "", "", "", ""]],
	};
}

/**
 * The task graph of a pyramid and its run by workers, as a figure to display in a cell: `display(parallelWork())`.
 * @throws ChunkwiseError `parallel-work-props`, and what planning the levels throws
 */
export function parallelWork(props: ParallelWorkProps = {}): FigureDisplay & Displayable {
	checkProps("parallel-work", props);
	parallelSetting(props);
	return figure("parallel-work", props);
}
