/**
 * Two writers of one array at once. A part of a chunk cannot be written: the chunk is read, changed and written as a
 * whole. Two that do so to one chunk at the same time lose what one of them wrote.
 */
import { copyBlock, copyStrided, type IndexRange } from "../image/select.ts";
import { regionShape } from "../multiscale/region.ts";
import { coordsBetween } from "../plan/grid.ts";
import { keyOf, type WritableStore } from "../stores/store.ts";
import { cStrides, product, type TypedArray } from "../types.ts";
import type { ZarrArray } from "../zarr/array.ts";
import { encodeChunkKey } from "../zarr/array-metadata.ts";
import type { CodecName } from "../zarr/codecs.ts";
import type { WritableType } from "../zarr/metadata.ts";
import { openArray } from "../zarr/open.ts";
import { writeArray } from "../zarr/write-array.ts";
import { zarrDecodeSpec } from "./jobs.ts";
import type { WorkerPool } from "./pool.ts";

/** A step of one writer with one chunk. */
export interface WriteStep {
	/** 0 or 1. */
	writer: number;
	chunk: readonly number[];
	step: "read" | "wrote";
	/** Elements of the chunk that are this writer's. */
	elements: number;
	/** Milliseconds since the writers began. */
	at: number;
}

/** How the two share an array of `shape` in chunks of `chunks`. */
export interface TwoWriters {
	shape: readonly [rows: number, columns: number];
	chunks: readonly [rows: number, columns: number];
	/** The first writer has the columns before it, the second those from it on. */
	border: number;
	/** One writer at a time has a chunk; the other waits for it. */
	locked: boolean;
	codec: CodecName;
	/** Told as it happens. */
	onStep?: (step: WriteStep) => void;
}

/** What is in the store when both have ended. */
export interface WrittenByTwo {
	/** 1 and 2 where a writer's elements are, 0 where nobody's. C order. */
	values: Uint8Array;
	/** Elements that were written and are not there, by writer. */
	lost: [number, number];
	steps: WriteStep[];
}

/** Runs one after the other what names the same key. */
class ChunkLocks {
	readonly #last = new Map<string, Promise<unknown>>();

	run<T>(key: string, action: () => Promise<T>): Promise<T> {
		const done = (this.#last.get(key) ?? Promise.resolve()).then(action);
		this.#last.set(
			key,
			done.catch(() => {}),
		);
		return done;
	}
}

/**
 * Writes an array of zeros, then has two writers fill their columns at once, the first with 1, the second with 2, each
 * with all its chunks in hand; and reads the array back. Chunks are decoded and encoded by the pool.
 */
export async function writeByTwo(
	pool: WorkerPool,
	store: WritableStore,
	{ shape, chunks, border, locked, codec, onStep }: TwoWriters,
): Promise<WrittenByTwo> {
	const dtype = "uint8";
	const zeros = new Uint8Array(product(shape));
	await writeArray(store, "", { data: zeros, shape, chunks, dtype, codec });
	const array = await openArray(store);
	const locks = locked ? new ChunkLocks() : undefined;
	const steps: WriteStep[] = [];
	const begun = performance.now();
	const parts: [start: number, stop: number][] = [
		[0, border],
		[border, shape[1]],
	];
	await Promise.all(
		parts.map(async (columns, writer) => {
			const ranges: IndexRange[] = [[0, shape[0]], columns];
			const data = new Uint8Array(product(regionShape(ranges))).fill(writer + 1);
			await writeRegion(pool, store, array, ranges, data, {
				codec,
				around: (key, action) => (locks ? locks.run(key, action) : action()),
				onStep: (step, chunk, elements) => {
					const record = { writer, chunk, step, elements, at: performance.now() - begun };
					steps.push(record);
					onStep?.(record);
				},
			});
		}),
	);
	const values = (await array.read()).data as Uint8Array;
	const lost: [number, number] = [0, 0];
	for (const [i, value] of values.entries()) {
		const writer = i % shape[1] < border ? 0 : 1;
		if (value !== writer + 1) lost[writer]++;
	}
	return { values, lost, steps };
}

interface RegionOptions {
	codec: CodecName;
	/** Runs what is done with a chunk. */
	around: (key: string, action: () => Promise<void>) => Promise<void>;
	onStep: (step: WriteStep["step"], chunk: readonly number[], elements: number) => void;
}

/** Writes a part of an array, all its chunks at once: each is read, changed and written. */
async function writeRegion(
	pool: WorkerPool,
	store: WritableStore,
	{ metadata }: ZarrArray,
	ranges: readonly IndexRange[],
	data: TypedArray,
	{ codec, around, onStep }: RegionOptions,
): Promise<void> {
	if (ranges.some(([start, stop]) => stop <= start)) return;
	const { chunks } = metadata;
	const first = ranges.map(([start], axis) => Math.floor(start / chunks[axis]));
	const last = ranges.map(([, stop], axis) => Math.floor((stop - 1) / chunks[axis]));
	await Promise.all(
		[...coordsBetween(first, last)].map((chunk) => {
			const key = keyOf("", encodeChunkKey(metadata.keyEncoding, chunk));
			return around(key, async () => {
				const own = ranges.map(([start, stop], axis): IndexRange => {
					const origin = chunk[axis] * chunks[axis];
					return [Math.max(start, origin), Math.min(stop, origin + chunks[axis])];
				});
				const extent = regionShape(own);
				const stored = await store.get(key);
				onStep("read", chunk, product(extent));
				const whole = (
					stored
						? (await pool.run("decodeChunk", { spec: zarrDecodeSpec(metadata), bytes: stored, key })).output
								.data
						: new Uint8Array(product(chunks))
				) as TypedArray;
				const part = copyBlock(
					data,
					regionShape(ranges),
					own.map(([start, stop], axis) => [start - ranges[axis][0], stop - ranges[axis][0]]),
				);
				const steps = cStrides(chunks);
				const to = own.reduce(
					(sum, [start], axis) => sum + (start - chunk[axis] * chunks[axis]) * steps[axis],
					0,
				);
				copyStrided(part, 0, cStrides(extent), whole, to, steps, extent);
				const dtype = metadata.dtype as WritableType;
				const spec = { format: "zarr" as const, codec };
				const { output } = await pool.run("encodeChunk", { spec, data: whole, shape: chunks, dtype });
				await store.set(key, output);
				onStep("wrote", chunk, product(extent));
			});
		}),
	);
}
