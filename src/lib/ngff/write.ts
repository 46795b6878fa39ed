/** Writing a multiscale as an OME-Zarr: OME-NGFF 0.5 on Zarr v3, or 0.4 on Zarr v2. */
import { type Displayable, displaySymbol, type TableDisplay } from "../display.ts";
import { ChunkwiseError, throwIfAborted } from "../errors.ts";
import { formatBytes } from "../format.ts";
import { type ChunkRequest, shardShape } from "../multiscale/chunks.ts";
import type { Multiscale } from "../multiscale/multiscale.ts";
import type { WorkerPool } from "../parallel/pool.ts";
import { writeArrayInPool } from "../parallel/write-array.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { childNames, removeBelow } from "../stores/list.ts";
import { asStore } from "../stores/memory.ts";
import { exclusively, keyOf, normalizePath, type StoreKey, type WritableStore } from "../stores/store.ts";
import { type CodecName, codecChain } from "../zarr/codecs.ts";
import { consolidate } from "../zarr/consolidated.ts";
import { encodeJson, groupDocument } from "../zarr/metadata.ts";
import type { WrittenArray } from "../zarr/write-array.ts";
import type { IndexLocation } from "../zarr/write-shard.ts";
import { checkAxes } from "./axes.ts";
import { type ChannelRequest, channelRanges, checkChannelCount, omeroMetadata } from "./channels.ts";
import { describeImage, type ImageDescription, ngffAttributes, type WritableVersion } from "./metadata.ts";

export interface NgffWriteOptions extends LongTask {
	/** Version of OME-NGFF; default "0.5". 0.4 is on Zarr 2. */
	version?: WritableVersion;
	/** Default "blosc-lz4". */
	codec?: CodecName;
	/**
	 * Chunks are put together into shards of this shape: one edge for all axes in space, or an edge by axis name, each a
	 * whole number of chunks. OME-NGFF 0.5 alone. Default: each chunk is an object of its own.
	 */
	shards?: ChunkRequest;
	/** Where in a shard its index is; default "end". */
	indexLocation?: IndexLocation;
	/** Copy the metadata of all nodes into the image's group (see {@link consolidate}); default false. */
	consolidated?: boolean;
	/**
	 * Names, colours and intensity windows of the channels, one for each along the axis c (one for an image without).
	 * Windows that are left out show the values of the coarsest level.
	 */
	channels?: readonly ChannelRequest[];
	/** Workers that encode the chunks; what is stored is the same. They pay for slow codecs (see `chooseWorkers`). */
	pool?: WorkerPool;
	/** Remove what the store holds at the path first; default false. */
	overwrite?: boolean;
	/** Group of the store that becomes the image; default its root. */
	path?: string;
}

/** What was written. */
export class WriteReport<Codec extends string = CodecName> implements Displayable {
	readonly levels: readonly WrittenArray[];
	/** Keys written, metadata documents included. */
	readonly objects: number;
	readonly codec: Codec;
	readonly milliseconds: number;

	constructor(levels: readonly WrittenArray[], objects: number, codec: Codec, milliseconds: number) {
		this.levels = levels;
		this.objects = objects;
		this.codec = codec;
		this.milliseconds = milliseconds;
	}

	get chunks(): number {
		return this.levels.reduce((sum, level) => sum + level.chunks, 0);
	}
	/** Bytes of all levels in memory. */
	get bytes(): number {
		return this.levels.reduce((sum, level) => sum + level.bytes, 0);
	}
	/** Bytes of all chunks as stored. */
	get stored(): number {
		return this.levels.reduce((sum, level) => sum + level.stored, 0);
	}
	/** Bytes in memory for one byte stored. */
	get ratio(): number {
		return this.bytes / this.stored;
	}

	toString(): string {
		return (
			`${this.chunks} chunks, ${formatBytes(this.bytes)} in memory, ${formatBytes(this.stored)} stored ` +
			`(${this.ratio.toFixed(2)} to 1), ${this.objects} objects`
		);
	}

	[displaySymbol](): TableDisplay {
		const row = (name: string, chunks: number, bytes: number, stored: number, objects: number) => [
			name,
			chunks,
			formatBytes(bytes),
			formatBytes(stored),
			(bytes / stored).toFixed(2),
			objects,
		];
		return {
			kind: "table",
			caption: `Written with ${this.codec}`,
			columns: [
				{ name: "Array" },
				{ name: "Chunks", align: "right" },
				{ name: "Bytes in memory", align: "right" },
				{ name: "Bytes stored", align: "right" },
				{ name: "Ratio", align: "right" },
				{ name: "Objects", align: "right" },
			],
			rows: [
				...this.levels.map((level) =>
					row(level.path, level.chunks, level.bytes, level.stored, level.objects),
				),
				row("all, with groups", this.chunks, this.bytes, this.stored, this.objects),
			],
		};
	}
}

/**
 * Writes every level, then the groups' metadata, the image's own last: a store whose writing was interrupted does not
 * open as an image.
 * @throws ChunkwiseError store-not-empty, bad-axes, bad-version, bad-shards, bad-channels, unknown-codec, storage-full and
 *   whatever else the store throws; the signal's reason when aborted
 */
export async function toNgffZarr(
	into: WritableStore | Map<string, Uint8Array>,
	multiscale: Multiscale,
	options: NgffWriteOptions = {},
): Promise<WriteReport> {
	const store = asStore(into);
	return exclusively(store, () => writeImage(store, multiscale, options, {}));
}

/** As {@link toNgffZarr}, with further metadata of the image. The caller keeps others from writing meanwhile. */
export async function writeImage(
	store: WritableStore,
	multiscale: Multiscale,
	options: NgffWriteOptions,
	more: Partial<ImageDescription>,
): Promise<WriteReport> {
	const path = normalizePath(options.path ?? "");
	const codec = options.codec ?? "blosc-lz4";
	const version = options.version ?? "0.5";
	if (version !== "0.4" && version !== "0.5") {
		throw new ChunkwiseError("bad-version", `OME-NGFF ${version} is not written here.`, {
			remedy: 'Use version "0.5" or "0.4".',
		});
	}
	const zarrFormat = version === "0.4" ? 2 : 3;
	checkAxes(multiscale.levels[0].dims, multiscale.name);
	codecChain(codec, multiscale.levels[0].dtype, zarrFormat);
	const shards = shardShapes(multiscale, options.shards, version);
	const description = { ...describeImage(multiscale), ...omeroOf(multiscale, options.channels), ...more };
	await makeRoom(store, path, options.overwrite ?? false);

	const started = performance.now();
	const onChunk = writingProgress(multiscale, options);
	const written: WrittenArray[] = [];
	for (const [i, level] of multiscale.levels.entries()) {
		throwIfAborted(options.signal);
		written.push(
			await writeArrayInPool(
				options.pool,
				store,
				keyOf(path, multiscale.paths[i]).slice(1),
				{
					data: level.data,
					shape: level.shape,
					chunks: multiscale.chunks[i],
					dtype: level.dtype,
					codec,
					zarrFormat,
					shards: shards?.[i],
					indexLocation: options.indexLocation,
					dimensionNames: level.dims,
					attributes: i === 0 ? level.attrs : shortAttributes(level.attrs),
				},
				{ signal: options.signal, onChunk },
			),
		);
	}
	const groups = new Set(multiscale.paths.map((p) => p.split("/").slice(0, -1).join("/")));
	const documents: [key: StoreKey, document: unknown][] = [];
	for (const group of [...[...groups].map((name) => keyOf(path, name).slice(1)), path]) {
		const attributes = group === path ? ngffAttributes(description, version) : {};
		documents.push(...groupDocuments(group, zarrFormat, attributes));
	}
	for (const [key, document] of documents) await store.set(key, encodeJson(document));
	if (options.consolidated) await consolidate(store, path);
	// In Zarr 3 the copies are in a document that is there anyway.
	const copies = options.consolidated && zarrFormat === 2 ? 1 : 0;
	const objects = written.reduce((sum, level) => sum + level.objects, 0) + documents.length + copies;
	return new WriteReport(written, objects, codec, performance.now() - started);
}

/** Reports that writing begins; the function that it gives reports one more chunk. */
export function writingProgress(multiscale: Multiscale, task: LongTask): () => void {
	const report = progressOf(task);
	const total = multiscale.chunkCounts.reduce((a, b) => a + b, 0);
	const label = `Writing ${multiscale.name}`;
	let done = 0;
	report({ label, done, total, unit: "chunks" });
	return () => report({ label, done: ++done, total, unit: "chunks" });
}

function omeroOf(
	multiscale: Multiscale,
	channels: readonly ChannelRequest[] | undefined,
): Pick<ImageDescription, "omero"> {
	if (!channels) return {};
	const [{ dims, shape, dtype }] = multiscale.levels;
	checkChannelCount(channels, dims, shape, multiscale.name);
	const coarsest = multiscale.levels[multiscale.levels.length - 1];
	return { omero: omeroMetadata(channels, dtype, { name: multiscale.name, found: channelRanges(coarsest) }) };
}

/** The documents of a group, the one that tells what it is last. */
export function groupDocuments(
	path: string,
	zarrFormat: 2 | 3,
	attributes: Record<string, unknown>,
): [key: StoreKey, document: unknown][] {
	if (zarrFormat === 3) return [[keyOf(path, "zarr.json"), groupDocument(attributes)]];
	const own: [key: StoreKey, document: unknown] = [keyOf(path, ".zgroup"), { zarr_format: 2 }];
	return Object.keys(attributes).length > 0 ? [own, [keyOf(path, ".zattrs"), attributes]] : [own];
}

function shardShapes(
	multiscale: Multiscale,
	request: ChunkRequest | undefined,
	version: WritableVersion,
): number[][] | undefined {
	if (request === undefined) return undefined;
	if (version === "0.4") {
		throw new ChunkwiseError("bad-shards", "OME-NGFF 0.4 is on Zarr 2, which has no shards.", {
			where: multiscale.name,
			remedy: 'Write version "0.5", or leave the shards out.',
		});
	}
	return multiscale.levels.map(({ dims, shape }, i) =>
		shardShape(dims, shape, multiscale.chunks[i], request),
	);
}

/** Attributes of a coarser level: those of the finest, but for long ones (an OME-XML), which need no second copy. */
export function shortAttributes(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const short = Object.entries(attributes).filter(([, value]) => encodeJson(value).byteLength <= 4096);
	return Object.fromEntries(short);
}

/**
 * Makes sure that nothing is at a path of a store, or removes it.
 * @throws ChunkwiseError store-not-empty
 */
export async function makeRoom(store: WritableStore, path: string, overwrite: boolean): Promise<void> {
	if (overwrite) {
		await removeBelow(store, path);
		return;
	}
	const names = await childNames(store, path);
	if (names === undefined || names.length === 0) return;
	throw new ChunkwiseError("store-not-empty", `Something is here already: ${names.slice(0, 4).join(", ")}.`, {
		where: path || String(store),
		remedy: "Write to an empty store or another path, or pass { overwrite: true } to replace it.",
	});
}
