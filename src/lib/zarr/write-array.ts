/** Writing an array to a store, chunk by chunk. */
import { throwIfAborted } from "../errors.ts";
import { copyStrided } from "../image/select.ts";
import { gridShape } from "../plan/grid.ts";
import { keyOf, type StoreKey, type WritableStore } from "../stores/store.ts";
import { allocate, cStrides, type DataType, product, type TypedArray } from "../types.ts";
import { type CodecName, codecChain } from "./codecs.ts";
import { littleEndianBytes } from "./dtypes.ts";
import { arrayDocument, encodeJson } from "./metadata.ts";

export interface ArrayToWrite {
	/** C order. */
	data: TypedArray;
	shape: readonly number[];
	chunks: readonly number[];
	dtype: DataType;
	codec: CodecName;
	dimensionNames?: readonly string[];
	attributes?: Record<string, unknown>;
}

export interface WrittenArray {
	path: string;
	chunks: number;
	/** Bytes of the elements in memory. */
	bytes: number;
	/** Bytes of the chunks in the store. */
	stored: number;
	/** Keys written, the metadata document included. */
	objects: number;
}

/** Values on their way to the store at one time: hides the store's latency, and bounds memory. */
const inFlight = 8;

/** All indices of a grid, last axis fastest; one empty index for an array without axes. */
export function* gridIndices(shape: readonly number[]): Generator<number[]> {
	const count = product(shape);
	const strides = cStrides(shape);
	for (let i = 0; i < count; i++) yield strides.map((step, axis) => Math.floor(i / step) % shape[axis]);
}

/**
 * Writes a Zarr v3 array: its document, then each chunk, at its full size, with zeros beyond the array's edge.
 * @throws what the store throws, or the signal's reason
 */
export async function writeArray(
	store: WritableStore,
	path: string,
	array: ArrayToWrite,
	task: { signal?: AbortSignal; onChunk?: (storedBytes: number) => void } = {},
): Promise<WrittenArray> {
	const { data, shape, chunks, dtype } = array;
	const chain = codecChain(array.codec, dtype);
	const document = arrayDocument({
		shape,
		chunks,
		dtype,
		codecs: chain.metadata,
		dimensionNames: array.dimensionNames,
		attributes: array.attributes,
	});
	await store.set(keyOf(path, "zarr.json"), encodeJson(document));

	const strides = cStrides(shape);
	const chunkStrides = cStrides(chunks);
	const chunkLength = product(chunks);
	// Chunks that a codec copies anyway are cut into one buffer again and again.
	const shared = chain.identity ? undefined : allocate(dtype, chunkLength);
	const pending = new Set<Promise<void>>();
	let failure: { error: unknown } | undefined;
	let stored = 0;
	let count = 0;
	for (const index of gridIndices(gridShape(shape, chunks))) {
		throwIfAborted(task.signal);
		if (failure) break;
		const start = index.map((i, axis) => i * chunks[axis]);
		const extent = start.map((from, axis) => Math.min(chunks[axis], shape[axis] - from));
		const chunk = shared ?? allocate(dtype, chunkLength);
		if (shared && extent.some((n, axis) => n < chunks[axis])) zero(chunk);
		const offset = start.reduce((sum, from, axis) => sum + from * strides[axis], 0);
		copyStrided(data, offset, strides, chunk, 0, chunkStrides, extent);
		const encoded = await chain.encode(littleEndianBytes(chunk));
		stored += encoded.byteLength;
		count++;
		const key = keyOf(path, ["c", ...index].join("/"));
		const done = put(key, encoded);
		pending.add(done);
		void done.then(() => pending.delete(done));
		if (pending.size >= inFlight) await Promise.race(pending);
	}
	await Promise.all(pending);
	if (failure) throw failure.error;
	return { path, chunks: count, bytes: data.byteLength, stored, objects: count + 1 };

	/** Never rejects: the first failure is kept, and ends the loop. */
	async function put(key: StoreKey, value: Uint8Array): Promise<void> {
		try {
			await store.set(key, value);
			task.onChunk?.(value.byteLength);
		} catch (error) {
			failure ??= { error };
		}
	}
}

function zero(array: TypedArray): void {
	if (array instanceof BigInt64Array || array instanceof BigUint64Array) array.fill(0n);
	else array.fill(0);
}
