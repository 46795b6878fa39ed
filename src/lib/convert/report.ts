/** What a conversion came to. */
import type { Journal } from "./journal.ts";
import { bytesOfLevel, chunkCount, type PlannedLevel } from "./plan-levels.ts";

/** A level that was written. */
export interface ConvertedLevel {
	path: string;
	shape: readonly number[];
	chunks: readonly number[];
	shards: readonly number[] | null;
	chunkCount: number;
	/** Of the elements in memory. */
	bytes: number;
	/** Of the chunks or shards in the store. */
	stored: number;
}

/** What a conversion came to. */
export interface ConversionReport {
	/** Of the first image. */
	levels: ConvertedLevel[];
	/** Of all images, labels included. */
	bytes: number;
	stored: number;
	/** Keys written, metadata documents included. */
	objects: number;
	/** Parts of the work, and those that a call before this one had finished. */
	parts: number;
	resumed: number;
}

export function reportOf(
	planned: readonly PlannedLevel[][],
	journal: Journal,
	documents: number,
): ConversionReport {
	const all = planned.map((levels) =>
		levels.map((level): ConvertedLevel & { objects: number } => {
			const { writer, geometry, number } = level;
			return {
				path: writer.spec.path,
				shape: geometry.shape,
				chunks: writer.spec.chunks,
				shards: writer.spec.shards ?? null,
				chunkCount: chunkCount(writer),
				bytes: bytesOfLevel(level),
				stored: journal.levels[number].stored,
				objects: journal.levels[number].objects,
			};
		}),
	);
	const sum = (pick: (level: ConvertedLevel & { objects: number }) => number) =>
		all.flat().reduce((total, level) => total + pick(level), 0);
	return {
		levels: all[0].map(({ objects: _, ...level }) => level),
		bytes: sum((level) => level.bytes),
		stored: sum((level) => level.stored),
		objects: sum((level) => level.objects) + documents,
		parts: planned.flat().reduce((total, { grid }) => total + grid.count, 0),
		resumed: journal.resumed,
	};
}
