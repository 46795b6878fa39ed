/** Writing an array whose chunks a pool encodes: the same keys and bytes as {@link writeArray} gives. */
import { copyStrided } from "../image/select.ts";
import { gridShape } from "../plan/grid.ts";
import { keyOf, type WritableStore } from "../stores/store.ts";
import { allocate, cStrides, type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";
import { encodeChunkKey } from "../zarr/array-metadata.ts";
import { codecChain } from "../zarr/codecs.ts";
import { valueType } from "../zarr/dtypes.ts";
import { checkedFill, encodeJson } from "../zarr/metadata.ts";
import {
	type ArrayToWrite,
	checkShards,
	gridIndices,
	isAll,
	metadataOf,
	type WrittenArray,
	writeArray,
} from "../zarr/write-array.ts";
import { assembleShard } from "../zarr/write-shard.ts";
import { forEachInFlight } from "./in-flight.ts";
import type { WorkerPool } from "./pool.ts";

interface WriteTask {
	signal?: AbortSignal;
	onChunk?: (storedBytes: number) => void;
}

/** Chunks on their way to the store, beside those that workers have. */
const storing = 4;

/**
 * Writes an array: its metadata, then its chunks or shards as they are ready. Without a pool, without workers in it, for
 * chunks that are stored as they are, and for layouts that are rarely written, this is {@link writeArray}.
 * @throws ChunkwiseError bad-shards, bad-fill-value, unknown-codec, pool-closed, worker-died; what the store throws, or
 *   the signal's reason
 */
export async function writeArrayInPool(
	pool: WorkerPool | undefined,
	store: WritableStore,
	path: string,
	array: ArrayToWrite,
	task: WriteTask = {},
): Promise<WrittenArray> {
	const { shape, chunks, shards, dtype, codec, zarrFormat = 3, separator = "/" } = array;
	const chain = codecChain(codec, dtype, zarrFormat);
	if (!pool || pool.workers === 0 || chain.identity || !isUsual(array)) {
		return writeArray(store, path, array, task);
	}
	checkShards(array, path);
	const { signal, onChunk } = task;
	const encoding = { name: zarrFormat === 3 ? ("default" as const) : ("v2" as const), separator };
	const fill = checkedFill(array.fillValue, dtype);
	const documents = metadataOf(array, { chain });
	for (const [name, document] of documents) await store.set(keyOf(path, name), encodeJson(document));

	const grid = gridShape(shape, chunks);
	const atOnce = 2 * pool.workers + storing;
	let stored = 0;
	let objects = documents.length;
	if (shards) {
		// One shard at a time is put together, as without a pool.
		for (const index of gridIndices(gridShape(shape, shards))) await putShard(index, shards);
	} else {
		await forEachInFlight(
			gridIndices(grid),
			atOnce,
			async (index) => {
				const value = await encode(cutChunk(array, index, fill));
				await put(index, value);
				onChunk?.(value.byteLength);
			},
			signal,
		);
	}
	return { path, chunks: product(grid), bytes: array.data.byteLength, stored, objects, shards };

	/** The chunk is ours to give away. */
	async function encode(data: TypedArray): Promise<Uint8Array> {
		const input = { spec: { format: "zarr" as const, codec, zarrFormat }, data, shape: chunks, dtype };
		const transfer = [data.buffer as ArrayBuffer];
		return (await (pool as WorkerPool).run("encodeChunk", input, { signal, transfer })).output;
	}

	async function put(index: readonly number[], value: Uint8Array): Promise<void> {
		await store.set(keyOf(path, encodeChunkKey(encoding, index)), value);
		stored += value.byteLength;
		objects++;
	}

	async function putShard(index: readonly number[], shard: readonly number[]): Promise<void> {
		const across = chunks.map((n, axis) => shard[axis] / n);
		const parts: (Uint8Array | undefined)[] = new Array(product(across)).fill(undefined);
		await forEachInFlight(
			[...gridIndices(across)].entries(),
			atOnce,
			async ([i, inside]) => {
				const at = inside.map((n, axis) => index[axis] * across[axis] + n);
				if (at.some((n, axis) => n >= grid[axis])) return;
				const chunk = cutChunk(array, at, fill);
				if (!isAll(chunk, fill)) parts[i] = await encode(chunk);
				onChunk?.(parts[i]?.byteLength ?? 0);
			},
			signal,
		);
		const value = assembleShard(parts, array.indexLocation ?? "end");
		if (value) await put(index, value);
	}
}

/** Elements in C order, little-endian, compressed and nothing else: what the workers' job does. */
function isUsual({ order, byteOrder, filters, fillValue, data }: ArrayToWrite): boolean {
	// A platform's Float16Array is none of the library's.
	return (
		dataTypeOf(data) !== undefined &&
		order !== "F" &&
		byteOrder !== "big" &&
		!filters?.length &&
		fillValue !== null
	);
}

/** A chunk at its full size, with the fill value beyond the array's edge, in memory of its own. */
function cutChunk(
	{ data, shape, chunks, dtype }: ArrayToWrite,
	index: readonly number[],
	fill: number | bigint,
): TypedArray {
	const strides = cStrides(shape);
	const start = index.map((i, axis) => i * chunks[axis]);
	const extent = start.map((from, axis) => Math.min(chunks[axis], shape[axis] - from));
	const chunk = allocate(valueType(dtype) as DataType, product(chunks));
	if (extent.some((n, axis) => n < chunks[axis]) && !Object.is(fill, 0) && fill !== 0n)
		chunk.fill(fill as never);
	const offset = start.reduce((sum, from, axis) => sum + from * strides[axis], 0);
	copyStrided(data, offset, strides, chunk, 0, cStrides(chunks), extent);
	return chunk;
}
