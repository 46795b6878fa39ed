/**
 * Converting images that may be larger than memory: their levels are read, computed and written in boxes of whole
 * chunks, as tasks that a journal remembers.
 */
import { runTasks, type Task } from "../parallel/graph.ts";
import { progressOf } from "../progress.ts";
import { exclusively, type WritableStore } from "../stores/store.ts";
import { taskOf } from "./box-task.ts";
import { writeGroups } from "./image-groups.ts";
import { Journal } from "./journal.ts";
import { chunkCount, partLimit, planIdentity, planLevels } from "./plan-levels.ts";
import { RecentBoxes } from "./recent-boxes.ts";
import { type ConversionReport, reportOf } from "./report.ts";
import { type ConversionImage, type ConversionOptions, defaultMemory } from "./request.ts";

/**
 * Converts images into a store. A conversion of which a journal is in `work` is gone on with. The groups' metadata is
 * written last, the first image's at the very end: a store that is not whole does not open as an image.
 * @param images an image and its labels
 * @throws ChunkwiseError resume-differs, bad-axes, bad-chunks, bad-shards, bad-level, and what reading and writing throw;
 *   the signal's reason when aborted
 */
export async function convertImages(
	images: readonly ConversionImage[],
	store: WritableStore,
	options: ConversionOptions,
): Promise<ConversionReport> {
	return exclusively(store, () => convertHere(images, store, options));
}

/** As {@link convertImages}, where the store is the caller's alone already. */
export async function convertHere(
	images: readonly ConversionImage[],
	store: WritableStore,
	options: ConversionOptions,
): Promise<ConversionReport> {
	const { pool, memory = defaultMemory, format, checkInput } = options;
	const here = pool.workers === 0;
	const limit = partLimit(options);
	const planned = planLevels(images, store, options);
	const levels = planned.flat();
	const identity = {
		...options.identity,
		format,
		codec: options.codec,
		level: options.level ?? null,
		...planIdentity(images, planned),
	};
	const journal = await Journal.open(options.work, identity, levels.length);
	let documents = 0;
	for (const { writer } of levels) documents += await writer.writeMetadata();
	await journal.save();

	const recent = new RecentBoxes(memory / 4);
	const report = progressOf(options);
	const total = levels.reduce((sum, { writer }) => sum + chunkCount(writer), 0);
	const label = `Writing ${images[0].name}`;
	let done = 0;
	const onChunks = (count: number) => {
		done += count;
		report({ label, done, total, unit: "chunks" });
	};
	const tasks: Task[] = [];
	for (const level of levels) {
		for (let box = 0; box < level.grid.count; box++) {
			if (journal.has(level.firstUnit + box)) done += level.writer.chunksIn(level.grid.region(box));
			else tasks.push(taskOf(level, box, { journal, recent, here, limit, onChunks, checkInput }));
		}
	}
	report({ label, done, total, unit: "chunks" });
	// The bound on memory is in the size of the parts and in how many run: what one part leaves in memory for the next is
	// counted by RecentBoxes, and given up where there is no room.
	await runTasks(tasks, {
		pool,
		memory: Number.MAX_SAFE_INTEGER,
		// One box at a time: its chunks keep all workers busy.
		concurrency: 1,
		signal: options.signal,
		onTask: options.onTask,
	});
	for (const [i, image] of [...images.entries()].reverse()) {
		documents += await writeGroups(store, image, planned[i], format, images);
	}
	journal.complete = true;
	await journal.save();
	return reportOf(planned, journal, documents);
}
