/** Whether the workers that were started help: the same few jobs done by them and by the thread that asks. */
import { sampleJobs, type Work } from "./choose.ts";
import { JobPool } from "./job-pool.ts";
import type { WorkerPool } from "./pool.ts";

/** Workers must do the jobs this many times faster than the thread that asks. */
const worthwhile = 1.15;
/** Each way is tried so often, in turn, and its best time counts: another program may have a core for a moment. */
const rounds = 3;

/**
 * The pool, where its workers do the work's kind of jobs faster than this thread does; else one without workers, and
 * `why` says what was found. The rate of a codec alone cannot tell: other programs may have the cores.
 */
export async function provePool(pool: WorkerPool, work: Work, signal?: AbortSignal): Promise<WorkerPool> {
	const jobs = sampleJobs(work);
	if (pool.workers === 0 || jobs.length === 0) return pool;
	const all = Array.from({ length: 2 * pool.workers }, () => jobs).flat();
	const there = () => Promise.all(all.map(({ job, input }) => pool.run(job, input)));
	const alone = new JobPool([], "No worker: measured");
	const here = () => Promise.all(all.map(({ job, input }) => alone.run(job, input)));
	try {
		// Codecs are loaded, and their code is made quick.
		await there();
		await here();
		const times = { there: Number.POSITIVE_INFINITY, here: Number.POSITIVE_INFINITY };
		for (let round = 0; round < rounds; round++) {
			times.there = Math.min(times.there, await timeOf(there));
			times.here = Math.min(times.here, await timeOf(here));
		}
		const shown = (ms: number) => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
		const found = `tried, ${pool.workers} did ${all.length} jobs in ${shown(times.there)}, this thread in ${shown(times.here)}`;
		if (times.here >= worthwhile * times.there) return pool;
		await pool.close();
		return new JobPool([], `No worker: ${found}`, signal);
	} catch (error) {
		await pool.close();
		throw error;
	}
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
	const started = performance.now();
	await run();
	return performance.now() - started;
}
