/** Writing one array box by box: its metadata first, then the chunks, shards or blocks of each box. */
import { copyStrided } from "../image/select.ts";
import { type Region, regionShape } from "../multiscale/region.ts";
import { attributesName } from "../n5/attributes.ts";
import { blockKey } from "../n5/block-key.ts";
import { type N5CodecName, n5Compression } from "../n5/compression.ts";
import { openN5 } from "../n5/open.ts";
import type { TaskContext } from "../parallel/graph.ts";
import type { EncodeSpec } from "../parallel/jobs.ts";
import { gridShape } from "../plan/grid.ts";
import { keyOf, type StoreKey, type WritableStore } from "../stores/store.ts";
import { allocate, cStrides, type DataType, product, type TypedArray } from "../types.ts";
import type { ZarrArray } from "../zarr/array.ts";
import { encodeChunkKey } from "../zarr/array-metadata.ts";
import { type CodecName, codecChain } from "../zarr/codecs.ts";
import { arrayDocument, arrayDocumentV2, encodeJson } from "../zarr/metadata.ts";
import { openArray } from "../zarr/open.ts";
import { gridIndices } from "../zarr/write-array.ts";
import { assembleShard, shardingCodec } from "../zarr/write-shard.ts";
import { offsetIn } from "./boxes.ts";

/** How arrays are stored. */
export interface StorageFormat {
	/** Zarr 2 and 3, or N5. */
	kind: "zarr2" | "zarr3" | "n5";
	codec: CodecName;
	/** The codec's level; default its usual one. */
	level?: number;
}

export interface LevelSpec {
	/** Of the array in the store. */
	path: string;
	dims: readonly string[];
	shape: readonly number[];
	/** In memory. */
	dtype: DataType;
	/** In the store, where that differs. */
	stored?: "float16";
	chunks: readonly number[];
	/** Zarr 3 alone. */
	shards?: readonly number[];
	attributes: Readonly<Record<string, unknown>>;
}

/** What a box came to. */
export interface WrittenBox {
	stored: number;
	objects: number;
}

/** A chunk cut out of a box; `own` where its memory is used for nothing else. */
interface Cut {
	data: TypedArray;
	shape: readonly number[];
	own: boolean;
}

/** Values on their way to the store at one time. */
const inFlight = 8;

/** What N5 calls a codec of ours. */
export function n5CodecOf(codec: CodecName): N5CodecName {
	return codec === "none" ? "raw" : codec;
}

export class LevelWriter {
	readonly spec: LevelSpec;
	readonly #store: WritableStore;
	readonly #format: StorageFormat;
	readonly #encode: EncodeSpec;
	/** Chunks that a codec copies anyway are cut into one array again and again, where no other thread has it. */
	#scratch?: TypedArray;

	constructor(store: WritableStore, spec: LevelSpec, format: StorageFormat) {
		this.#store = store;
		this.spec = spec;
		this.#format = format;
		const { codec, level } = format;
		this.#encode =
			format.kind === "n5"
				? { format: "n5", codec: n5CodecOf(codec), level }
				: { format: "zarr", codec, zarrFormat: format.kind === "zarr2" ? 2 : 3, level };
	}

	/** What is written at once. */
	get unit(): readonly number[] {
		return this.spec.shards ?? this.spec.chunks;
	}

	/** Writes the array's metadata. @returns documents written */
	async writeMetadata(): Promise<number> {
		const documents = this.#documents();
		for (const [name, document] of documents) {
			await this.#store.set(keyOf(this.spec.path, name), encodeJson(document));
		}
		return documents.length;
	}

	/** The array as written so far. */
	async open(signal?: AbortSignal): Promise<ZarrArray> {
		const { path } = this.spec;
		return this.#format.kind === "n5"
			? ((await openN5(this.#store, path, { signal })) as unknown as ZarrArray)
			: openArray(this.#store, path, { signal });
	}

	/** Chunks of a box, which is whole units of the array. */
	chunksIn(region: Region): number {
		return product(
			region.map(
				([start, stop], axis) => Math.ceil(stop / this.spec.chunks[axis]) - start / this.spec.chunks[axis],
			),
		);
	}

	/**
	 * Writes the chunks of a box.
	 * @param values of the box, C order
	 * @param here whether jobs run in this thread
	 */
	async writeBox(
		region: Region,
		values: TypedArray,
		{ job, signal }: TaskContext,
		here: boolean,
		onChunks: (count: number) => void,
	): Promise<WrittenBox> {
		const unit = this.unit;
		const grid = region.map(([start, stop], axis) => Math.ceil(stop / unit[axis]) - start / unit[axis]);
		const pending = new Set<Promise<void>>();
		let failure: { error: unknown } | undefined;
		let stored = 0;
		let objects = 0;
		const encode = (index: readonly number[]) =>
			this.spec.shards
				? this.#shard(region, values, index, job, here)
				: this.#encodeCut(this.#cut(region, values, index, here), job);
		const put = async (index: readonly number[], bytes: Uint8Array | undefined): Promise<void> => {
			if (bytes) {
				await this.#store.set(this.#key(index), bytes);
				stored += bytes.byteLength;
				objects++;
			}
			onChunks(this.#chunksOfUnit(index));
		};
		for (const inside of gridIndices(grid)) {
			signal.throwIfAborted();
			if (failure) break;
			const index = inside.map((i, axis) => region[axis][0] / unit[axis] + i);
			// In this thread one chunk is encoded after the other, in the same memory; storing them overlaps.
			const work = here ? put(index, await encode(index)) : encode(index).then((bytes) => put(index, bytes));
			const done = work.catch((error) => {
				failure ??= { error };
			});
			pending.add(done);
			void done.then(() => pending.delete(done));
			if (pending.size >= (this.spec.shards ? 2 : inFlight)) await Promise.race(pending);
		}
		await Promise.all(pending);
		if (failure) throw failure.error;
		return { stored, objects };
	}

	async #shard(
		region: Region,
		values: TypedArray,
		index: readonly number[],
		job: TaskContext["job"],
		here: boolean,
	): Promise<Uint8Array | undefined> {
		const { chunks, shards = [], shape } = this.spec;
		const across = chunks.map((n, axis) => shards[axis] / n);
		const grid = gridShape(shape, chunks);
		const parts: (Promise<Uint8Array> | Uint8Array | undefined)[] = [];
		for (const inside of gridIndices(across)) {
			const at = inside.map((i, axis) => index[axis] * across[axis] + i);
			if (at.some((i, axis) => i >= grid[axis])) {
				parts.push(undefined);
				continue;
			}
			const cut = this.#cut(region, values, at, here);
			if (isZero(cut.data)) parts.push(undefined);
			else if (here) parts.push(await this.#encodeCut(cut, job));
			else parts.push(this.#encodeCut(cut, job));
		}
		return assembleShard(await Promise.all(parts), "end");
	}

	#encodeCut({ data, shape, own }: Cut, job: TaskContext["job"]): Promise<Uint8Array> {
		const dtype = this.spec.stored ?? this.spec.dtype;
		const transfer = own ? [data.buffer as ArrayBuffer] : undefined;
		return job("encodeChunk", { spec: this.#encode, data, shape, dtype }, { transfer });
	}

	/** A chunk: at its full size with zeros beyond the array's edge, or in N5 cropped there. */
	#cut(region: Region, values: TypedArray, index: readonly number[], here: boolean): Cut {
		const { chunks, shape, dtype } = this.spec;
		const start = index.map((i, axis) => i * chunks[axis]);
		const extent = start.map((from, axis) => Math.min(chunks[axis], shape[axis] - from));
		const partial = extent.some((n, axis) => n < chunks[axis]);
		const own = !here || this.#format.codec === "none" || (partial && this.#format.kind === "n5");
		const size = this.#format.kind === "n5" ? extent : chunks;
		let data: TypedArray;
		if (own) data = allocate(dtype, product(size));
		else {
			this.#scratch ??= allocate(dtype, product(chunks));
			data = this.#scratch;
			if (partial) data.fill((typeof data[0] === "bigint" ? 0n : 0) as never);
		}
		const part = start.map((from, axis) => [from, from + extent[axis]] as const);
		const strides = cStrides(regionShape(region));
		copyStrided(values, offsetIn(region, part), strides, data, 0, cStrides(size), extent);
		return { data, shape: size, own };
	}

	#chunksOfUnit(index: readonly number[]): number {
		const { chunks, shards, shape } = this.spec;
		if (!shards) return 1;
		return product(
			index.map((i, axis) => {
				const stop = Math.min((i + 1) * shards[axis], shape[axis]);
				return Math.ceil((stop - i * shards[axis]) / chunks[axis]);
			}),
		);
	}

	#key(index: readonly number[]): StoreKey {
		const { path } = this.spec;
		if (this.#format.kind === "n5") return blockKey(path, index);
		const name = this.#format.kind === "zarr2" ? ("v2" as const) : ("default" as const);
		return keyOf(path, encodeChunkKey({ name, separator: "/" }, index));
	}

	#documents(): [name: string, document: unknown][] {
		const { shape, chunks, shards, dtype, dims, attributes } = this.spec;
		const { kind, codec, level } = this.#format;
		if (kind === "n5") {
			const compression = n5Compression(n5CodecOf(codec), allocate(dtype, 0).BYTES_PER_ELEMENT, level);
			const own = {
				dimensions: [...shape].reverse(),
				blockSize: [...chunks].reverse(),
				dataType: dtype,
				compression,
			};
			return [[attributesName, { ...withoutN5Names(attributes), ...own }]];
		}
		const stored = this.spec.stored ?? dtype;
		const chain = codecChain(codec, stored, kind === "zarr2" ? 2 : 3, level);
		const spec = { shape, chunks: shards ?? chunks, dtype: stored };
		if (kind === "zarr2") {
			return [
				[".zarray", arrayDocumentV2({ ...spec, compressor: chain.compressor })],
				[".zattrs", { ...attributes, _ARRAY_DIMENSIONS: [...dims] }],
			];
		}
		const codecs = shards ? [shardingCodec(chunks, chain.metadata, "end")] : chain.metadata;
		return [["zarr.json", arrayDocument({ ...spec, codecs, dimensionNames: dims, attributes })]];
	}
}

/** Attributes but for those that N5 would take for its own. */
function withoutN5Names(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const reserved = ["compressionType", "codecs", "shardSize", "n5"];
	return Object.fromEntries(Object.entries(attributes).filter(([key]) => !reserved.includes(key)));
}

/** Whether every element is the fill value 0 to the bit: -0 is not. */
function isZero(chunk: TypedArray): boolean {
	const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
	return bytes.every((byte) => byte === 0);
}
