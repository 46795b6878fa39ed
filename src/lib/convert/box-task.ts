/** A box of a level as a task: read or computed, encoded, written, and noted in the journal. */
import { coarsenInPieces, neededRegion } from "../multiscale/region.ts";
import type { Task } from "../parallel/graph.ts";
import { itemSize, product, type TypedArray } from "../types.ts";
import { roundToHalves } from "../zarr/half.ts";
import type { Journal } from "./journal.ts";
import { type PlannedLevel, workingBytes } from "./plan-levels.ts";
import type { RecentBoxes } from "./recent-boxes.ts";

/** What the tasks of a conversion have in common. */
export interface Running {
	journal: Journal;
	recent: RecentBoxes;
	here: boolean;
	limit: number;
	onChunks: (count: number) => void;
	checkInput?: (signal?: AbortSignal) => Promise<void>;
}

export function taskOf(level: PlannedLevel, box: number, running: Running): Task {
	const { journal, recent, here, limit, onChunks, checkInput } = running;
	const { writer, grid, from, dtype } = level;
	const region = grid.region(box);
	const unit = writer.unit;
	const inputs: string[] = [];
	if (from) {
		for (const other of from.level.grid.touching(neededRegion(from.step, region))) {
			if (!journal.has(from.level.firstUnit + other)) inputs.push(taskId(from.level, other));
		}
	}
	const bytes = product(region.map(([start, stop]) => stop - start)) * itemSize(dtype);
	return {
		id: taskId(level, box),
		label: `${writer.spec.path}, ${region.map(([start, stop]) => `${start} to ${stop}`).join(", ")}`,
		inputs,
		level: level.number,
		chunk: region.map(([start], axis) => Math.floor(start / unit[axis])),
		bytes,
		async run(context) {
			const values = await valuesOf(level, region, recent, limit, context.signal);
			// The next level is computed from what is stored, whether it is read back or still in memory.
			if (from && writer.spec.stored) roundToHalves(values as Float32Array);
			if (level.source) await checkInput?.(context.signal);
			const written = await writer.writeBox(region, values, context, here, onChunks);
			if (level.feeds && recent.keeps(values.byteLength)) recent.keep(level.number, box, values);
			else recent.release(values);
			await journal.add(level.firstUnit + box, level.number, written);
		},
	};
}

function taskId(level: PlannedLevel, box: number): string {
	return `${level.number}/${box}`;
}

async function valuesOf(
	level: PlannedLevel,
	region: readonly (readonly [number, number])[],
	recent: RecentBoxes,
	limit: number,
	signal: AbortSignal,
): Promise<TypedArray> {
	const { source, from, dtype } = level;
	if (source) {
		return source.read(region, signal, (length) => recent.take(dtype, length));
	}
	if (!from) throw new Error("a level is read or computed");
	const before = from.level;
	const elements = limit / (itemSize(dtype) * workingBytes(from.step.method, itemSize(dtype)));
	let last: { values: TypedArray; own: boolean } | undefined;
	const free = () => {
		if (last?.own) recent.release(last.values);
		last = undefined;
	};
	const values = await coarsenInPieces(from.step, region, elements, async (needed) => {
		// What the piece before was computed from is not needed any more.
		free();
		last = await recent.read(before.number, before.grid, needed, dtype, async (part) => {
			before.opened ??= before.writer.open(signal);
			const array = await before.opened;
			return (await array.read([...part], { signal, onProgress: () => {} })).data;
		});
		return last.values;
	});
	free();
	return values;
}
