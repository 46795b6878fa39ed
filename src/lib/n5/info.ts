/** What an N5 container holds, in the shape of `chunkwise info --json`. */
import { type ImageInfo, levelInfo } from "../ngff/info.ts";
import { countRequests } from "../stores/observe.ts";
import { stoppable } from "../stores/stoppable.ts";
import { normalizePath, type StoreOptions } from "../stores/store.ts";
import type { StoreLike } from "../zarr/open.ts";
import { n5Version, readAttributes } from "./attributes.ts";
import { readN5Images } from "./multiscales.ts";

/**
 * What an N5 container or dataset holds, in the same words as `info`: axes slowest first, blocks as chunks.
 */
export interface N5Info {
	format: "n5";
	/** That the container's root states; null where it states none. */
	version: string | null;
	zarrFormat: null;
	/** Axes slowest first, N5's own order turned round. */
	images: ImageInfo[];
	labels: string[];
	/** Requests made to find this out. */
	requests: number;
	/** Bytes read to find this out. */
	bytes: number;
}

/**
 * Reads the metadata at a path of an N5 container (its root by default), and counts the requests and bytes that this
 * took.
 * @throws ChunkwiseError not-n5, bad-metadata, unsupported-dtype, unknown-codec, and what the store throws; the signal's
 *   reason when aborted
 */
export async function n5Info(
	from: StoreLike,
	path = "",
	options?: Pick<StoreOptions, "signal">,
): Promise<N5Info> {
	const { store, counts } = countRequests(stoppable(from, options?.signal));
	const found = await readN5Images(store, normalizePath(path));
	const version = n5Version(await readAttributes(store, ""));
	const images = found.map(({ path: at, name, axes, levels }) => ({
		path: at,
		name,
		axes,
		levels: levels.map(({ array, scale, translation }) => levelInfo(array, scale, translation)),
	}));
	return { format: "n5", version, zarrFormat: null, images, labels: [], ...counts() };
}
