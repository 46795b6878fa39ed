/** Compression levels: what each codec understands by one, and which it has where none is asked for. */
import { ChunkwiseError } from "../errors.ts";

/** Levels of a codec: whole numbers from `least` (fastest) to `most` (smallest). */
export interface LevelRange {
	least: number;
	most: number;
	/** The level where none is asked for. */
	usual: number;
}

const ranges: Readonly<Record<string, LevelRange>> = {
	"blosc-lz4": { least: 0, most: 9, usual: 5 },
	"blosc-zstd": { least: 0, most: 9, usual: 1 },
	zstd: { least: 1, most: 22, usual: 3 },
	gzip: { least: 0, most: 9, usual: 5 },
	zlib: { least: 0, most: 9, usual: 5 },
};

/** The levels of a codec; undefined for one that has none. */
export function levelRange(codec: string): LevelRange | undefined {
	return ranges[codec];
}

/**
 * The level that a codec is to have: the one asked for, else its usual one.
 * @throws ChunkwiseError bad-level, where the codec does not have that level, or none at all
 */
export function compressionLevel(codec: string, level?: number): number {
	const range = ranges[codec];
	if (!range) {
		if (level === undefined) return 0;
		throw new ChunkwiseError("bad-level", `The codec ${codec} has no compression levels.`, {
			remedy: `Leave the level out, or choose ${Object.keys(ranges).slice(0, 4).join(", ")}.`,
		});
	}
	const wanted = level ?? range.usual;
	if (Number.isInteger(wanted) && wanted >= range.least && wanted <= range.most) return wanted;
	throw new ChunkwiseError("bad-level", `The codec ${codec} has no compression level ${wanted}.`, {
		remedy: `Give a whole number from ${range.least} (fastest) to ${range.most} (smallest); ${range.usual} is usual.`,
	});
}
