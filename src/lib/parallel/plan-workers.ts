/** How many workers a pool starts. */
import { ChunkwiseError } from "../errors.ts";
import { chooseWorkers, mostWorkers, type Work } from "./choose.ts";
import type { PoolOptions } from "./pool.ts";
import type { PoolPlan } from "./start-pool.ts";

/** Whether the number of workers is left to the library, which knows the work to come. */
export function isChosen<T extends Pick<PoolOptions, "workers" | "work">>(
	options: T,
): options is T & { work: Work } {
	return (options.workers ?? "auto") === "auto" && options.work !== undefined;
}

/** @throws ChunkwiseError bad-workers */
export async function planWorkers(
	{ workers = "auto", work }: Pick<PoolOptions, "workers" | "work">,
	cores: number,
): Promise<PoolPlan> {
	if (workers === "auto") {
		if (work) return chooseWorkers({ cores, ...work });
		if (cores < 2) return { workers: 0, why: "No worker: this machine has one core" };
		const most = Math.min(cores, mostWorkers);
		return { workers: most, why: `${count(most)}: this machine has ${cores} cores` };
	}
	if (!Number.isInteger(workers) || workers < 0 || workers > 64) {
		throw new ChunkwiseError("bad-workers", `A pool cannot have ${workers} workers.`, {
			remedy: 'Give a whole number from 0 (none) to 64, or "auto".',
		});
	}
	return { workers, why: `${count(workers)}, as asked` };
}

/** "No worker", "1 worker", "2 workers". */
function count(workers: number): string {
	return workers === 0 ? "No worker" : `${workers} ${workers === 1 ? "worker" : "workers"}`;
}
