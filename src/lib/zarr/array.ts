/** A stored array: its metadata, and reading of all of it, a part, or one chunk. */
import { type Displayable, displaySymbol, type ReprDisplay } from "../display.ts";
import { ChunkwiseError, throwIfAborted } from "../errors.ts";
import { formatBytes } from "../format.ts";
import type { Picture, PlotOptions } from "../image/picture.ts";
import { cutPlane, type PictureAxes } from "../image/planes.ts";
import { plotStored } from "../image/plot.ts";
import { copyStrided } from "../image/select.ts";
import { gridShape } from "../plan/grid.ts";
import { type LongTask, progressOf } from "../progress.ts";
import type { ReadableStore, StoreOptions } from "../stores/store.ts";
import { allocate, cStrides, type DataType, itemSize, product, type TypedArray } from "../types.ts";
import type { ArrayMetadata, Attributes } from "./array-metadata.ts";
import { describeArray } from "./array-repr.ts";
import { type ChunkSource, chunkSource } from "./chunk-source.ts";
import type { Memory } from "./codec-pipeline.ts";
import type { CodecMetadata } from "./codecs.ts";
import { ChunkDecoder, type DecodedChunk } from "./decoder.ts";
import { fillWith, unsupportedType, valueType } from "./dtypes.ts";
import { halvesToFloats } from "./half.ts";
import type { JsonScalar } from "./metadata.ts";
import { NdArray } from "./nd-array.ts";
import { OutputBlock } from "./output-block.ts";
import { type AxisSelection, rangesOf } from "./selection.ts";

export type { AxisSelection } from "./selection.ts";

/** Options of reading: `cause` and `onRequest` go to the store with every request. */
export interface ArrayReadOptions extends LongTask, StoreOptions {}

/** Chunks fetched and decoded at one time, fewer where they are large. */
const inFlight = 8;
const bytesInFlight = 128 << 20;

/**
 * An array of a Zarr hierarchy, version 2 or 3: its metadata are read, chunks are fetched on demand, 8 at a time. See
 * {@link openArray}.
 */
export class ZarrArray implements Displayable {
	/** Tells it from a group. */
	readonly kind = "array";
	readonly store: ReadableStore;
	/** From the root of the store: "scale0/image"; "" for an array at the root. */
	readonly path: string;
	/** The same for both versions of the format; `metadata.document` is what is stored. */
	readonly metadata: ArrayMetadata;
	readonly #source: ChunkSource;
	#decoder?: Promise<ChunkDecoder>;

	constructor(store: ReadableStore, path: string, metadata: ArrayMetadata) {
		this.store = store;
		this.path = path;
		this.metadata = metadata;
		this.#source = chunkSource(store, path, metadata);
	}

	/** Last part of the path. */
	get name(): string {
		return this.path.split("/").at(-1) ?? "";
	}
	get zarrFormat(): 2 | 3 {
		return this.metadata.zarrFormat;
	}
	/** Elements along each axis, slowest first. */
	get shape(): readonly number[] {
		return this.metadata.shape;
	}
	/** Shape of a chunk: inside a shard where there are shards. */
	get chunks(): readonly number[] {
		return this.metadata.chunks;
	}
	/** Shape of a shard; undefined where chunks are stored one by one. */
	get shards(): readonly number[] | undefined {
		return this.metadata.shards?.shape;
	}
	/** Zarr v3 name of the stored type. Reading gives bool as uint8 (0 and 1) and float16 as float32. */
	get dtype(): string {
		return this.metadata.dtype;
	}
	/** What a chunk goes through when written, first to last. */
	get codecs(): readonly CodecMetadata[] {
		return this.metadata.codecs;
	}
	/** As the metadata has it: numbers that JSON cannot hold are strings ("NaN"). */
	get fillValue(): JsonScalar {
		return this.metadata.fillValue;
	}
	/** The array's attributes as stored. */
	get attrs(): Attributes {
		return this.metadata.attributes;
	}
	/** Names of the axes; `dim_0`, `dim_1`, … for those that have none. */
	get dimensionNames(): string[] {
		return this.shape.map((_, axis) => this.metadata.dimensionNames?.[axis] ?? `dim_${axis}`);
	}
	/** Number of chunks along each axis. */
	get chunkGrid(): number[] {
		return gridShape(this.shape, this.chunks);
	}
	/** Number of chunks, stored or not. */
	get chunkCount(): number {
		return product(this.chunkGrid);
	}

	/**
	 * The key that holds a chunk (its shard, where there are shards): "scale0/image/c/0/0/0".
	 * @throws ChunkwiseError index-out-of-range
	 */
	chunkKey(index: readonly number[]): string {
		this.#checkChunk(index);
		return this.#source.key(index).slice(1);
	}

	/**
	 * Reads one chunk as it is stored: at its full size, fill values beyond the array's edge included. A chunk that is
	 * not stored is all fill value.
	 * @throws ChunkwiseError index-out-of-range, bad-chunk, unknown-codec, unsupported-dtype, and what the store throws
	 */
	async readChunk(index: readonly number[], task: ArrayReadOptions = {}): Promise<NdArray> {
		this.#checkChunk(index);
		const dtype = this.#valueType();
		const out = this.#filled(dtype, product(this.chunks));
		const chunk = await this.#chunk(index, task);
		if (chunk) copyStrided(chunk.data, 0, chunk.strides, out, 0, cStrides(this.chunks), this.chunks);
		return new NdArray({
			data: out,
			shape: [...this.chunks],
			dtype,
			storedDtype: this.dtype,
			dims: this.dimensionNames,
			name: `${this.name || "array"}, chunk ${index.join(", ")}`,
			offset: index.map((i, axis) => i * this.chunks[axis]),
		});
	}

	/**
	 * The values of one chunk as they are stored, at its full size, C order; undefined for a chunk that is not stored.
	 * @throws ChunkwiseError as {@link readChunk}
	 */
	async storedChunk(index: readonly number[], task: ArrayReadOptions = {}): Promise<TypedArray | undefined> {
		this.#checkChunk(index);
		const dtype = this.#valueType();
		const chunk = await this.#chunk(index, task);
		if (!chunk) return undefined;
		const out = allocateFor(dtype, product(this.chunks), this.path);
		copyStrided(chunk.data, 0, chunk.strides, out, 0, cStrides(this.chunks), this.chunks);
		return out;
	}

	/**
	 * Reads the array, or the part selected by one entry for each axis (missing ones mean all):
	 * `read([100])` is the plane z = 100, `read([null, [0, 64], [0, 64]])` a column.
	 * @throws ChunkwiseError index-out-of-range, bad-chunk, unknown-codec, unsupported-dtype, and what the store throws
	 */
	async read(selection: readonly AxisSelection[] = [], task: ArrayReadOptions = {}): Promise<NdArray> {
		const dtype = this.#valueType();
		const ranges = rangesOf(selection, this.shape, this.dimensionNames, (message) => this.#outside(message));
		const kept = ranges
			.map((range, axis) => ({ range, axis }))
			.filter(({ axis }) => typeof selection[axis] !== "number");
		const extent = ranges.map(([start, stop]) => stop - start);
		const out = this.#filled(dtype, product(extent));
		const block = new OutputBlock(out, ranges, this.chunks);
		const report = progressOf(task);
		const label = `Reading ${this.path || "the array"}`;
		const total = block.chunks;
		let next = 0;
		let done = 0;
		report({ label, done, total, unit: "chunks" });
		const work = async () => {
			while (next < total) {
				const n = next++;
				throwIfAborted(task.signal);
				const lent = block.lend(n);
				try {
					block.put(n, await this.#chunk(block.index(n), task, lent));
				} catch (error) {
					// The others stop after the chunk that they have in hand.
					next = total;
					throw error;
				}
				report({ label, done: ++done, total, unit: "chunks" });
			}
		};
		const chunkBytes = product(this.chunks) * out.BYTES_PER_ELEMENT;
		const workers = Math.min(inFlight, total, Math.max(2, Math.floor(bytesInFlight / chunkBytes)));
		await Promise.all(Array.from({ length: workers }, work));
		const cut = this.dimensionNames
			.map((name, axis) => (typeof selection[axis] === "number" ? `${name} = ${ranges[axis][0]}` : ""))
			.filter(Boolean);
		return new NdArray({
			data: out,
			shape: kept.map(({ axis }) => extent[axis]),
			dtype,
			storedDtype: this.dtype,
			dims: kept.map(({ axis }) => this.dimensionNames[axis]),
			name: this.name || "array",
			offset: kept.map(({ range }) => range[0]),
			at: cut.join(", ") || undefined,
		});
	}

	/**
	 * A picture of the array, with a slider for each axis that is not drawn. Of an array with more than two axes each
	 * plane is read when it is looked at, so that one of any size can be seen. Indices stand on the axes.
	 * @throws ChunkwiseError not-2d for fewer than two axes, bad-window, unknown-dim, and as {@link read}
	 */
	plot(options: PlotOptions = {}): Promise<Picture> {
		const { name, shape, dimensionNames: dims } = this;
		const axis = (i: number) => ({ name: dims[i], first: 0, step: 1 });
		const read = async ({ vertical, horizontal, others }: PictureAxes, index: readonly number[]) => {
			const selection = shape.map((_, i) => (others.includes(i) ? index[others.indexOf(i)] : null));
			const plane = await this.read(selection);
			if (vertical < horizontal) return plane.data;
			return cutPlane(plane.data, plane.shape, { vertical: 1, horizontal: 0, others: [] }, [], 1);
		};
		return plotStored({ name: name || "array", dims, shape, axis, read }, options);
	}

	toString(): string {
		return this[displaySymbol]().text;
	}

	[displaySymbol](): ReprDisplay {
		return describeArray(this);
	}

	#valueType(): DataType {
		const dtype = valueType(this.dtype);
		if (!dtype) throw unsupportedType(this.dtype, this.path);
		return dtype;
	}

	#filled(dtype: DataType, length: number): TypedArray {
		const out = allocateFor(dtype, length, this.path);
		fillWith(out, this.fillValue, this.dtype, this.path);
		return out;
	}

	/** @param memory is used by nobody else until the chunk has been copied to its place */
	async #chunk(
		index: readonly number[],
		task: ArrayReadOptions,
		memory?: Memory,
	): Promise<DecodedChunk | undefined> {
		const { signal, cause, onRequest } = task;
		const bytes = await this.#source.fetch(index, { signal, cause, onRequest });
		if (!bytes) return undefined;
		this.#decoder ??= ChunkDecoder.of(this.metadata, this.path);
		const chunk = await (await this.#decoder).decode(bytes, this.#source.key(index).slice(1), memory);
		if (this.dtype !== "float16") return chunk;
		return { data: halvesToFloats(chunk.data as Uint16Array), strides: chunk.strides };
	}

	#checkChunk(index: readonly number[]): void {
		const grid = this.chunkGrid;
		if (
			index.length !== grid.length ||
			index.some((i, axis) => !Number.isInteger(i) || i < 0 || i >= grid[axis])
		) {
			throw this.#outside(`There is no chunk ${index.join(", ")} in a grid of ${grid.join(" × ")}.`);
		}
	}

	#outside(message: string): ChunkwiseError {
		return new ChunkwiseError("index-out-of-range", message, {
			where: this.path,
			remedy: `The shape is ${this.shape.join(" × ")}, in chunks of ${this.chunks.join(" × ")}; indices begin at 0.`,
		});
	}
}

/** @throws ChunkwiseError too-large, where no array of this many elements can be had */
function allocateFor(dtype: DataType, length: number, where: string): TypedArray {
	try {
		return allocate(dtype, length);
	} catch (cause) {
		throw new ChunkwiseError(
			"too-large",
			`${formatBytes(length * itemSize(dtype))} do not fit into memory.`,
			{
				where: where || "/",
				remedy: "Read a part of the array; where one chunk alone is this large, its metadata may be damaged.",
				cause,
			},
		);
	}
}
