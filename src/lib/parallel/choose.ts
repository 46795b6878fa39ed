/** Whether workers pay for a piece of work, and how many. */
import { formatBytes, formatDuration } from "../format.ts";
import { isMethod, type MultiscaleMethod } from "../multiscale/methods.ts";
import type { CodecName } from "../zarr/codecs.ts";
import { type JobName, runJob, worksApart } from "./jobs.ts";
import { mostAway } from "./work-here.ts";

/** The work that is to be done. */
export interface Work {
	/** Bytes of all chunks in memory. */
	bytes: number;
	chunkCount: number;
	/** Absent where nothing is encoded. */
	codec?: CodecName | "zlib";
	/** Absent where no level is computed. */
	method?: MultiscaleMethod;
	/** Default: what this machine says. */
	cores?: number;
	/** Workers run already, with their codecs loaded: starting them is not counted. Default false. */
	started?: boolean;
}

/** How many workers pay, and why. */
export interface WorkerChoice {
	/** 0: the work is done in the thread that asks. */
	workers: number;
	/** For a reader: the rates and times behind it. */
	why: string;
}

/** What workers cost, in milliseconds. */
const costs = {
	/** Starting them and loading the codecs there: 450 ms of processor time for two, in Node 24 from source, on two cores. */
	start: 220,
	/** A message to a worker and its answer. */
	job: 0.1,
} as const;

/** Workers must make the work this many times shorter to be worth their memory. */
const worthwhile = 1.25;
/** More help no work of ours: the thread that asks could not cut and store chunks for them. */
export const mostWorkers = 16;

/**
 * Decides by trying the codec and the method here on a small synthetic chunk (once; some milliseconds), since on few
 * cores workers pay for slow codecs only.
 */
export async function chooseWorkers(work: Work): Promise<WorkerChoice> {
	const { bytes, chunkCount, codec, method } = work;
	const cores = work.cores ?? globalThis.navigator?.hardwareConcurrency ?? 1;
	const named = [codec, method].filter((name) => name !== undefined).join(" and ");
	if (named === "") return { workers: 0, why: "No worker: nothing is to be encoded or computed" };
	if (cores < 2) return { workers: 0, why: "No worker: this machine has one core" };
	const none = { perByte: 0, apart: false };
	const [encoding, computing, copying] = await Promise.all([
		codec ? rateOf(codec) : none,
		method ? rateOf(method) : none,
		rateOf("copy"),
	]);
	return decide({
		bytes,
		chunkCount,
		cores,
		name: named,
		perByte: computing.perByte + (encoding.apart ? 0 : encoding.perByte),
		apartPerByte: encoding.apart ? encoding.perByte : 0,
		copyPerByte: copying.perByte,
		started: work.started,
	});
}

/** Milliseconds for a byte of work done, and of a copy. */
export interface Rates {
	bytes: number;
	chunkCount: number;
	cores: number;
	name: string;
	/** In one thread. */
	perByte: number;
	/** On the platform's own threads, which workers would share: it takes as long with them. Default 0. */
	apartPerByte?: number;
	copyPerByte: number;
	/** Starting is not counted. */
	started?: boolean;
}

/** The rule: the fewest workers that are nearly as quick as the best number of them, if any is worth it. */
export function decide(rates: Rates): WorkerChoice {
	const { bytes, chunkCount, cores, name, perByte, apartPerByte = 0, copyPerByte } = rates;
	const start = rates.started ? 0 : costs.start;
	const inThread = bytes * perByte;
	const apart = bytes * apartPerByte;
	const alone = inThread + apart;
	// What stays with the thread that asks: a copy to send, one of the answer, the messages.
	const here = 2 * bytes * copyPerByte + chunkCount * costs.job;
	const withWorkers = (n: number) =>
		start +
		apart +
		Math.max(inThread / Math.min(n, Math.max(1, chunkCount)), here, (inThread + here) / cores);
	const most = Math.min(cores, mostWorkers);
	const counts = Array.from({ length: most - 1 }, (_, i) => i + 2);
	const best = Math.min(...counts.map(withWorkers));
	const workers = counts.find((n) => withWorkers(n) <= 1.1 * best) ?? most;
	const rate = `${formatBytes(Math.round((1000 * bytes) / alone))}/s`;
	const threads =
		apart === 0
			? "in one thread"
			: inThread === 0
				? "on the platform's own threads"
				: "in one thread and on the platform's own";
	const alike = `${name} takes about ${formatDuration(alone)} ${threads} for ${formatBytes(bytes)} (${rate})`;
	const starting = start > 0 ? `, ${formatDuration(start)} of it to start them` : "";
	if (alone < worthwhile * best) {
		const there = `with ${workers} workers ${formatDuration(withWorkers(workers))}${starting}`;
		return { workers: 0, why: `No worker: ${alike}, and ${there}` };
	}
	return {
		workers,
		why: `${workers} workers on ${cores} cores: ${alike}, with them ${formatDuration(withWorkers(workers))}${starting}`,
	};
}

type Sampled = CodecName | "zlib" | MultiscaleMethod | "copy";

/** What a sample showed. */
interface Rate {
	/** Milliseconds. */
	perByte: number;
	/** The platform's own threads did it, several at a time. */
	apart: boolean;
}

const measured = new Map<Sampled, Promise<Rate>>();

/** The samples are taken one after the other, or they would slow each other. */
let last: Promise<unknown> = Promise.resolve();

function rateOf(what: Sampled): Promise<Rate> {
	let rate = measured.get(what);
	if (!rate) {
		rate = last.then(() => sample(what));
		last = rate.catch(() => {});
		measured.set(what, rate);
		rate.catch(() => measured.delete(what));
	}
	return rate;
}

const sampleShape = [32, 64, 64];

async function sample(what: Sampled): Promise<Rate> {
	const data = sampleChunk();
	const sampled = what === "copy" ? undefined : sampleJob(what, data);
	const apart = sampled !== undefined && worksApart(sampled.job, sampled.input);
	const times = apart ? mostAway : 1;
	const once = () => (sampled ? runJob(sampled.job, sampled.input) : data.slice());
	const run = () => (apart ? Promise.all(Array.from({ length: times }, once)) : once());
	// The first run loads the codec and is not counted; after that the best of a few, not more than some milliseconds.
	await run();
	let best = Number.POSITIVE_INFINITY;
	const begun = performance.now();
	for (let round = 0; round < 5 && (round === 0 || performance.now() - begun < 20); round++) {
		const started = performance.now();
		await run();
		best = Math.min(best, performance.now() - started);
	}
	// Browsers round their clocks: 0.005 ms is the finest that they tell apart.
	return { perByte: Math.max(best, 0.005) / (times * data.byteLength), apart };
}

/** A job of one kind with its input. */
export interface SampleJob {
	job: JobName;
	input: never;
}

/** A job for each kind that the work has, on a small synthetic chunk. */
export function sampleJobs({ codec, method }: Pick<Work, "codec" | "method">): SampleJob[] {
	const data = sampleChunk();
	return [codec, method].flatMap((what) => (what === undefined ? [] : [sampleJob(what, data)]));
}

function sampleJob(what: Exclude<Sampled, "copy">, data: Uint16Array): SampleJob {
	if (isMethod(what)) {
		const region = sampleShape.map((n): [number, number] => [0, n / 2]);
		const step = { shape: sampleShape, factors: [2, 2, 2], method: what };
		return { job: "downsample", input: { data, step, region } as never };
	}
	const spec = { format: "zarr", codec: what, zarrFormat: what === "zlib" ? 2 : 3 };
	return { job: "encodeChunk", input: { spec, data, shape: sampleShape, dtype: "uint16" } as never };
}

/** A smooth hill with noise, as a camera gives it (synthetic). */
function sampleChunk(): Uint16Array {
	const [depth, height, width] = sampleShape;
	const data = new Uint16Array(depth * height * width);
	let state = 1;
	let at = 0;
	for (let z = 0; z < depth; z++) {
		for (let y = 0; y < height; y++) {
			for (let x = 0; x < width; x++) {
				state = (Math.imul(state, 1664525) + 1013904223) | 0;
				const hill = 400 * Math.exp(-((x - 32) ** 2 + (y - 32) ** 2 + (z - 16) ** 2) / 300);
				data[at++] = 90 + hill + (state >>> 28);
			}
		}
	}
	return data;
}
