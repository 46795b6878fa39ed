/** Writing an array to a store, chunk by chunk or shard by shard. */
import { ChunkwiseError, throwIfAborted } from "../errors.ts";
import { copyStrided } from "../image/select.ts";
import { gridShape } from "../plan/grid.ts";
import { keyOf, type StoreKey, type WritableStore } from "../stores/store.ts";
import { allocate, cStrides, type DataType, product, type TypedArray } from "../types.ts";
import { encodeChunkKey } from "./array-metadata.ts";
import { type CodecMetadata, type CodecName, codecChain } from "./codecs.ts";
import { valueType } from "./dtypes.ts";
import { storedElements, withoutHalves } from "./half.ts";
import {
	arrayDocument,
	arrayDocumentV2,
	checkedFill,
	encodeJson,
	type FillValue,
	type KeySeparator,
	type WritableType,
} from "./metadata.ts";
import {
	applyFilters,
	type ByteOrder,
	bytesInOrder,
	filterMetadata,
	type WriteFilter,
} from "./write-filters.ts";
import { assembleShard, type IndexLocation, shardingCodec } from "./write-shard.ts";

/** An array in memory, and how it is to be stored. */
export interface ArrayToWrite {
	/** C order. */
	data: TypedArray;
	/** Elements along each axis, slowest first. */
	shape: readonly number[];
	/** Shape of a chunk: inside a shard where there are shards. */
	chunks: readonly number[];
	/**
	 * Zarr v3 name of the stored type. `data` must be of it; bool is a Uint8Array of 0 and 1, float16 a Float32Array, whose
	 * numbers are rounded to the nearest half, or the platform's Float16Array.
	 */
	dtype: WritableType;
	/** zlib is for Zarr v2 alone. */
	codec: CodecName | "zlib";
	/** Default 3. */
	zarrFormat?: 2 | 3;
	/** Shape of a shard, whole chunks along each axis. Zarr v3 alone. */
	shards?: readonly number[];
	/** Where in a shard its index is; default "end". */
	indexLocation?: IndexLocation;
	/** Default 0. */
	fillValue?: FillValue;
	/** Order of a chunk's elements: "F" for the first axis fastest (a transpose in Zarr v3). Default "C". */
	order?: "C" | "F";
	/** Default "little". */
	byteOrder?: ByteOrder;
	/** Applied to the elements of a chunk, first to last. */
	filters?: readonly WriteFilter[];
	/** Between the parts of a chunk's key; default "/". */
	separator?: KeySeparator;
	/** In Zarr v2 they become the attribute `_ARRAY_DIMENSIONS`, as xarray has it. */
	dimensionNames?: readonly string[];
	attributes?: Record<string, unknown>;
}

/** What writing an array came to. */
export interface WrittenArray {
	path: string;
	/** Chunks of the array. In shards, those that are all fill value are not stored. */
	chunks: number;
	/** Bytes of the elements in memory. */
	bytes: number;
	/** Bytes of the chunks or shards in the store. */
	stored: number;
	/** Keys written, metadata documents included. */
	objects: number;
	/** Shape of a shard; undefined where chunks are stored one by one. */
	shards?: readonly number[];
}

/** Chunks on their way to the store at one time: hides the store's latency, and bounds memory. */
const inFlight = 8;

/** All indices of a grid, last axis fastest; one empty index for an array without axes. */
export function* gridIndices(shape: readonly number[]): Generator<number[]> {
	const count = product(shape);
	const strides = cStrides(shape);
	for (let i = 0; i < count; i++) yield strides.map((step, axis) => Math.floor(i / step) % shape[axis]);
}

/**
 * Writes an array: its metadata, then each chunk at its full size, with the fill value beyond the array's edge. With
 * shards, one shard at a time is in memory besides the array's own data.
 * @throws ChunkwiseError bad-shape, bad-chunks, bad-shards, bad-fill-value, unknown-codec; what the store throws, or the
 *   signal's reason
 */
export async function writeArray(
	store: WritableStore,
	path: string,
	given: ArrayToWrite,
	task: { signal?: AbortSignal; onChunk?: (storedBytes: number) => void } = {},
): Promise<WrittenArray> {
	const array = { ...given, data: withoutHalves(given.data) };
	const { shape, chunks, shards, zarrFormat = 3, separator = "/" } = array;
	checkChunks(array, path);
	checkShards(array, path);
	const encoding = { name: zarrFormat === 3 ? ("default" as const) : ("v2" as const), separator };
	const keyAt = (index: readonly number[]) => keyOf(path, encodeChunkKey(encoding, index));
	const cutter = new ChunkCutter(array);
	const documents = metadataOf(array, cutter);
	for (const [name, document] of documents) await store.set(keyOf(path, name), encodeJson(document));

	const pending = new Set<Promise<void>>();
	let failure: { error: unknown } | undefined;
	let stored = 0;
	let objects = documents.length;
	const atOnce = shards ? 1 : inFlight;
	for (const index of gridIndices(gridShape(shape, shards ?? chunks))) {
		throwIfAborted(task.signal);
		if (failure) break;
		const coming = shards ? cutter.shard(index, task) : cutter.chunk(index);
		// Codecs that work on other threads get several chunks; others one after the other, in memory that stays warm.
		const done = put(keyAt(index), cutter.chain.apart ? coming : await coming);
		pending.add(done);
		void done.then(() => pending.delete(done));
		if (pending.size >= atOnce) await Promise.race(pending);
	}
	await Promise.all(pending);
	if (failure) throw failure.error;
	const count = product(gridShape(shape, chunks));
	return { path, chunks: count, bytes: array.data.byteLength, stored, objects, shards };

	/** Never rejects: the first failure is kept, and ends the loop. */
	async function put(key: StoreKey, coming: Promise<Uint8Array | undefined> | Uint8Array | undefined) {
		try {
			const value = await coming;
			if (!value) return;
			await store.set(key, value);
			stored += value.byteLength;
			objects++;
			if (!shards) task.onChunk?.(value.byteLength);
		} catch (error) {
			failure ??= { error };
		}
	}
}

/** Before anything is written: a chunk without elements would make a grid without end. */
function checkChunks({ data, shape, chunks }: ArrayToWrite, where: string): void {
	if (data.length !== product(shape)) {
		throw new ChunkwiseError(
			"bad-shape",
			`The shape ${shape.join(" × ")} needs ${product(shape)} elements and the data has ${data.length}.`,
			{ where, remedy: "Check the shape, slowest axis first." },
		);
	}
	if (chunks.length === shape.length && chunks.every((n) => Number.isInteger(n) && n > 0)) return;
	throw new ChunkwiseError(
		"bad-chunks",
		`Chunks of ${chunks.join(" × ") || "nothing"} do not fit an array of ${shape.join(" × ") || "no axes"}.`,
		{ where, remedy: `Give a whole number of elements, 1 or more, for each axis: ${shape.length} numbers.` },
	);
}

/** @throws ChunkwiseError bad-shards */
export function checkShards({ chunks, shards, zarrFormat }: ArrayToWrite, where: string): void {
	if (!shards) return;
	if (zarrFormat === 2) {
		throw new ChunkwiseError("bad-shards", "Zarr 2 has no shards.", {
			where,
			remedy: "Write Zarr 3 (OME-NGFF 0.5), or leave the shards out.",
		});
	}
	if (shards.length === chunks.length && shards.every((n, axis) => n > 0 && n % chunks[axis] === 0)) return;
	throw new ChunkwiseError(
		"bad-shards",
		`Chunks of ${chunks.join(" × ")} do not fill shards of ${shards.join(" × ")}.`,
		{ where, remedy: "Give shards that are a whole number of chunks along each axis." },
	);
}

/** The documents of an array: their names in its group of keys, and what they say. */
export function metadataOf(
	array: ArrayToWrite,
	{ chain }: Pick<ChunkCutter, "chain">,
): [name: string, document: unknown][] {
	const { shape, chunks, shards, dtype, fillValue, separator, dimensionNames, indexLocation } = array;
	const { order = "C", byteOrder = "little", zarrFormat = 3 } = array;
	const filters = filterMetadata(array.filters ?? [], dtype, zarrFormat, byteOrder);
	const spec = { shape, chunks: shards ?? chunks, dtype, fillValue, separator };
	if (array.zarrFormat === 2) {
		const attributes = {
			...array.attributes,
			...(dimensionNames ? { _ARRAY_DIMENSIONS: [...dimensionNames] } : {}),
		};
		const document = arrayDocumentV2({ ...spec, compressor: chain.compressor, order, byteOrder, filters });
		const hasAttributes = Object.keys(attributes).length > 0;
		return [[".zarray", document], ...(hasAttributes ? [[".zattrs", attributes] as [string, unknown]] : [])];
	}
	const [bytes, ...compression] = chain.metadata;
	const inner: CodecMetadata[] = [
		...(order === "F"
			? [{ name: "transpose", configuration: { order: shape.map((_, axis) => shape.length - 1 - axis) } }]
			: []),
		...filters,
		bytes.configuration ? { name: "bytes", configuration: { endian: byteOrder } } : bytes,
		...compression,
	];
	const codecs = shards ? [shardingCodec(chunks, inner, indexLocation ?? "end")] : inner;
	return [["zarr.json", arrayDocument({ ...spec, codecs, dimensionNames, attributes: array.attributes })]];
}

/** Cuts chunks out of an array and encodes them. */
class ChunkCutter {
	readonly chain: ReturnType<typeof codecChain>;
	readonly #array: ArrayToWrite;
	readonly #fill: number | bigint;
	readonly #grid: number[];
	readonly #strides: number[];
	readonly #chunkStrides: number[];
	/** Chunks that a codec copies anyway are cut into the same memory again and again. */
	readonly #free: TypedArray[] = [];

	/** @throws ChunkwiseError unknown-codec, bad-fill-value */
	constructor(array: ArrayToWrite) {
		if (array.fillValue === null && array.zarrFormat !== 2) {
			throw new ChunkwiseError("bad-fill-value", "An array of Zarr 3 has a fill value.", {
				remedy: "Give one, such as 0.",
			});
		}
		this.#array = array;
		this.chain = codecChain(array.codec, array.dtype, array.zarrFormat);
		this.#fill = checkedFill(array.fillValue, array.dtype);
		this.#grid = gridShape(array.shape, array.chunks);
		this.#strides = cStrides(array.shape);
		this.#chunkStrides =
			array.order === "F" ? cStrides([...array.chunks].reverse()).reverse() : cStrides(array.chunks);
	}

	/** The bytes to store for a chunk. */
	async chunk(index: readonly number[]): Promise<Uint8Array> {
		return this.#encode(this.#cut(index));
	}

	/** The bytes of a shard; undefined where all of it is fill value. */
	async shard(
		index: readonly number[],
		task: { signal?: AbortSignal; onChunk?: (storedBytes: number) => void },
	): Promise<Uint8Array | undefined> {
		const { shards = [], chunks, indexLocation = "end" } = this.#array;
		const across = chunks.map((n, axis) => shards[axis] / n);
		const parts: (Uint8Array | undefined)[] = [];
		for (const inside of gridIndices(across)) {
			throwIfAborted(task.signal);
			const at = inside.map((i, axis) => index[axis] * across[axis] + i);
			if (at.some((i, axis) => i >= this.#grid[axis])) {
				parts.push(undefined);
				continue;
			}
			const chunk = this.#cut(at);
			const empty = isAll(chunk, this.#fill);
			const part = empty ? undefined : await this.#encode(chunk);
			if (empty) this.#free.push(chunk);
			parts.push(part);
			task.onChunk?.(part?.byteLength ?? 0);
		}
		return assembleShard(parts, indexLocation);
	}

	async #encode(chunk: TypedArray): Promise<Uint8Array> {
		const { filters = [], byteOrder = "little", dtype } = this.#array;
		const elements = storedElements(applyFilters(chunk, filters), dtype);
		const encoded = await this.chain.encode(bytesInOrder(elements, byteOrder));
		if (!this.chain.identity) this.#free.push(chunk);
		return encoded;
	}

	/** A chunk at its full size. */
	#cut(index: readonly number[]): TypedArray {
		const { data, shape, chunks } = this.#array;
		const start = index.map((i, axis) => i * chunks[axis]);
		const extent = start.map((from, axis) => Math.min(chunks[axis], shape[axis] - from));
		const used = this.#free.pop();
		const chunk = used ?? this.#allocate();
		const partial = extent.some((n, axis) => n < chunks[axis]);
		// New memory is zero: what is not written to it takes no time.
		const filled = !used && (Object.is(this.#fill, 0) || this.#fill === 0n);
		if (partial && !filled) chunk.fill(this.#fill as never);
		const offset = start.reduce((sum, from, axis) => sum + from * this.#strides[axis], 0);
		copyStrided(data, offset, this.#strides, chunk, 0, this.#chunkStrides, extent);
		return chunk;
	}

	#allocate(): TypedArray {
		const { dtype, chunks } = this.#array;
		return allocate(valueType(dtype) as DataType, product(chunks));
	}
}

/** Whether every element is the fill value to the bit: -0 is not 0, and NaN is NaN. */
export function isAll(chunk: TypedArray, fill: number | bigint): boolean {
	for (let i = 0; i < chunk.length; i++) if (!Object.is(chunk[i], fill)) return false;
	return true;
}
