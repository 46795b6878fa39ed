/** Writing an array into an N5 container, block by block. */
import { ChunkwiseError, throwIfAborted } from "../errors.ts";
import { copyStrided } from "../image/select.ts";
import { gridShape } from "../plan/grid.ts";
import { keyOf, type WritableStore } from "../stores/store.ts";
import { allocate, cStrides, type DataType, dataTypes, product, type TypedArray } from "../types.ts";
import { encodeJson } from "../zarr/metadata.ts";
import { gridIndices, type WrittenArray } from "../zarr/write-array.ts";
import { attributesName } from "./attributes.ts";
import { encodeBlock } from "./block.ts";
import { blockKey } from "./block-key.ts";
import { type N5CodecName, n5Compression } from "./compression.ts";

export interface N5ArrayToWrite {
	/** C order. */
	data: TypedArray;
	/** Slowest axis first, as `blockShape`. */
	shape: readonly number[];
	blockShape: readonly number[];
	dtype: DataType;
	codec: N5CodecName;
	/** Beside N5's own; those win. */
	attributes?: Record<string, unknown>;
}

/** Attributes but for those that N5 would take for its own. */
function foreign(attributes: Record<string, unknown>): Record<string, unknown> {
	const reserved = ["compressionType", "codecs", "shardSize", "n5"];
	return Object.fromEntries(Object.entries(attributes).filter(([key]) => !reserved.includes(key)));
}

/** Blocks on their way to the store at one time. */
const inFlight = 8;

/**
 * Writes attributes.json, then each block; those at the far edges are cropped to the array, as Java's N5Utils has them.
 * @throws ChunkwiseError unknown-codec, unsupported-dtype; what the store throws, or the signal's reason
 */
export async function writeN5Array(
	store: WritableStore,
	path: string,
	array: N5ArrayToWrite,
	task: { signal?: AbortSignal; onBlock?: () => void } = {},
): Promise<WrittenArray> {
	const { data, shape, blockShape, dtype } = array;
	if (!dataTypes.includes(dtype)) {
		throw new ChunkwiseError("unsupported-dtype", `N5 has no elements of type ${dtype}.`, {
			where: path || "/",
			remedy: "Write them as float32, or to Zarr.",
		});
	}
	const compression = n5Compression(array.codec, data.BYTES_PER_ELEMENT);
	const document = {
		...foreign(array.attributes ?? {}),
		dimensions: [...shape].reverse(),
		blockSize: [...blockShape].reverse(),
		dataType: dtype,
		compression,
	};
	await store.set(keyOf(path, attributesName), encodeJson(document));

	const strides = cStrides(shape);
	const pending = new Set<Promise<void>>();
	let failure: { error: unknown } | undefined;
	let stored = 0;
	let blocks = 0;
	for (const index of gridIndices(gridShape(shape, blockShape))) {
		throwIfAborted(task.signal);
		if (failure) break;
		const start = index.map((i, axis) => i * blockShape[axis]);
		const extent = start.map((from, axis) => Math.min(blockShape[axis], shape[axis] - from));
		const values = allocate(dtype, product(extent));
		const offset = start.reduce((sum, from, axis) => sum + from * strides[axis], 0);
		copyStrided(data, offset, strides, values, 0, cStrides(extent), extent);
		const block = await encodeBlock(values, extent, { compression });
		stored += block.byteLength;
		blocks++;
		const done = put(index, block);
		pending.add(done);
		void done.then(() => pending.delete(done));
		if (pending.size >= inFlight) await Promise.race(pending);
	}
	await Promise.all(pending);
	if (failure) throw failure.error;
	return { path, chunks: blocks, bytes: data.byteLength, stored, objects: blocks + 1 };

	/** Never rejects: the first failure is kept, and ends the loop. */
	async function put(index: readonly number[], block: Uint8Array): Promise<void> {
		try {
			await store.set(blockKey(path, index), block);
			task.onBlock?.();
		} catch (error) {
			failure ??= { error };
		}
	}
}
