/** What a conversion is asked for: images with the levels they get, and how they are stored. */
import type { ChunkRequest } from "../multiscale/chunks.ts";
import type { MultiscaleMethod } from "../multiscale/to-multiscale.ts";
import type { ChannelRequest } from "../ngff/channels.ts";
import type { TaskEvent } from "../parallel/graph.ts";
import type { WorkerPool } from "../parallel/pool.ts";
import type { LongTask } from "../progress.ts";
import type { WritableStore } from "../stores/store.ts";
import type { Json } from "../zarr/array-metadata.ts";
import type { CodecName } from "../zarr/codecs.ts";
import type { ConversionIdentity } from "./journal.ts";
import type { RegionSource } from "./region-source.ts";

/** What images can be converted to, by the names that the command uses. */
export type ConversionFormat = "ome-zarr-0.4" | "ome-zarr-0.5" | "n5";

/** An image to convert, or the labels of one. */
export interface ConversionImage {
	/** Group of the result: "" for the image itself, "labels/nuclei"; in a plate "A/1/0" and "A/1/0/labels/nuclei". */
	path: string;
	name: string;
	/** Levels that are kept as they are, finest first: at least one. */
	levels: readonly RegionSource[];
	/** How the coarser levels were made, as their writer says it. */
	type?: string;
	/** Levels to be computed from the last of these, each factor relative to the level before. */
	coarser?: { factors: readonly Readonly<Record<string, number>>[]; method: MultiscaleMethod };
	/** Shape of a chunk, one length for all axes of space or by dimension; shards hold whole ones. */
	chunks?: ChunkRequest;
	/** Of this image, in place of that of all. */
	shards?: ChunkRequest;
	/** Attributes of its group that are not OME-NGFF's. */
	attributes?: Json;
	/** "omero" metadata, without its version. */
	omero?: Json;
	/** In place of `omero`: windows that are not given show what the coarsest level holds, where it is small. */
	channels?: readonly ChannelRequest[];
	/** "image-label" metadata, without its version. */
	imageLabel?: Json;
}

export interface ConversionOptions extends LongTask {
	/** Of the result. */
	format: ConversionFormat;
	/** Compression of chunks; N5 has its own form of each. */
	codec: CodecName;
	/** Of compression; default the codec's usual one. */
	level?: number;
	/** Shape of a shard, in whole chunks: OME-Zarr 0.5 alone. */
	shards?: ChunkRequest;
	/** Where chunks are encoded and levels computed. */
	pool: WorkerPool;
	/** Bytes that the conversion should be content with; default 256 MiB. */
	memory?: number;
	/** Where the journal is kept. */
	work: WritableStore;
	/** What else makes two calls the same conversion: the input's own identity. */
	identity: ConversionIdentity;
	/**
	 * Called when a part has been read, before it counts as done: throws where the input is not what it was. An absent
	 * chunk is read as zeros, so that an input that went away would look like one that is empty.
	 */
	checkInput?: (signal?: AbortSignal) => Promise<void>;
	/** Told of tasks as they start and end: a figure draws them. */
	onTask?: (event: TaskEvent) => void;
}

/** Bytes that a conversion is content with where nothing is said. */
export const defaultMemory = 256 << 20;
