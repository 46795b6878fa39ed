/** What a store holds, in the shape of `chunkwise info --json` (docs: the command). */

import { asStore } from "../stores/memory.ts";
import { countRequests } from "../stores/observe.ts";
import { normalizePath } from "../stores/store.ts";
import type { ZarrArray } from "../zarr/array.ts";
import type { CodecMetadata } from "../zarr/codecs.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { openZarr, type StoreLike } from "../zarr/open.ts";
import type { Axis } from "./axes.ts";
import type { Channel } from "./channels.ts";
import { labelPaths } from "./labels.ts";
import { omeOf, omeVersion, readMultiscales } from "./multiscales.ts";

export interface LevelInfo {
	path: string;
	shape: readonly number[];
	chunks: readonly number[];
	shards: readonly number[] | null;
	dtype: string;
	byteOrder: "little" | "big" | null;
	codecs: readonly CodecMetadata[];
	/** Step and first coordinate along each axis; null where the metadata gives none. */
	scale: readonly number[] | null;
	translation: readonly number[] | null;
	chunkCount: number;
}

export interface ImageInfo {
	path: string;
	name: string;
	axes: Axis[];
	levels: LevelInfo[];
	/** As "omero" describes them; absent where it does not. */
	channels?: Channel[];
}

export interface Info {
	format: "ome-zarr" | "zarr";
	/** Of OME-NGFF; null for plain Zarr. */
	version: string | null;
	zarrFormat: 2 | 3;
	/** A plain array counts as an image of one level. */
	images: ImageInfo[];
	labels: string[];
	requests: number;
	/** Bytes read to find this out. */
	bytes: number;
}

/** Arrays of plain Zarr are looked for so many groups deep. */
const maxDepth = 4;

/**
 * Reads the metadata at a path of a store (its root by default), and counts the requests and bytes that this took.
 * @throws ChunkwiseError not-zarr, bad-metadata, and what the store throws
 */
export async function info(store: StoreLike, path = ""): Promise<Info> {
	const { store: counted, counts } = countRequests(asStore(store));
	const node = await openZarr(counted, normalizePath(path));
	const { images, labels } =
		node.kind === "array" ? { images: [plainImage(node)], labels: [] } : await imagesOf(node);
	const version = node.kind === "group" ? await versionOf(node, images) : null;
	return {
		format: version ? "ome-zarr" : "zarr",
		version,
		zarrFormat: node.zarrFormat,
		images,
		labels,
		...counts(),
	};
}

async function imagesOf(group: ZarrGroup): Promise<{ images: ImageInfo[]; labels: string[] }> {
	if (omeOf(group.attrs).multiscales) {
		const found = await readMultiscales(group);
		const images = found.map(({ path, name, axes, levels, channels }) => ({
			path,
			name,
			axes,
			levels: levels.map((level) => levelInfo(level.array, level.scale, level.translation)),
			...(channels ? { channels } : {}),
		}));
		return { images, labels: await labelPaths(group) };
	}
	return { images: await inside(group, maxDepth), labels: [] };
}

/** Images (bioformats2raw's numbered groups, or any others) and plain arrays below a group. */
async function inside(group: ZarrGroup, depth: number): Promise<ImageInfo[]> {
	const found: ImageInfo[] = [];
	for (const member of await group.members()) {
		const node = await group.open(member.name);
		if (node.kind === "array") found.push(plainImage(node));
		else if (omeOf(node.attrs).multiscales) found.push(...(await imagesOf(node)).images);
		else if (depth > 1) found.push(...(await inside(node, depth - 1)));
	}
	return found;
}

/** The version of the group itself, or of the first image in it. */
async function versionOf(group: ZarrGroup, images: readonly ImageInfo[]): Promise<string | null> {
	const own = omeVersion(group.attrs);
	if (own) return own;
	for (const image of images) {
		if (image.path === group.path) continue;
		const below = group.path === "" ? image.path : image.path.slice(group.path.length + 1);
		const node = await group.open(below);
		const version = node.kind === "group" ? omeVersion(node.attrs) : undefined;
		if (version) return version;
	}
	return null;
}

/** One scale level, or a plain array as the only one. */
export function levelInfo(
	array: ZarrArray,
	scale?: readonly number[],
	translation?: readonly number[],
): LevelInfo {
	return {
		path: array.path,
		shape: array.shape,
		chunks: array.chunks,
		shards: array.shards ?? null,
		dtype: array.dtype,
		byteOrder: array.metadata.byteOrder,
		codecs: array.codecs,
		scale: scale ?? null,
		translation: translation ?? null,
		chunkCount: array.chunkCount,
	};
}

function plainImage(array: ZarrArray): ImageInfo {
	return {
		path: array.path,
		name: array.name,
		axes: array.dimensionNames.map((name) => ({ name })),
		levels: [levelInfo(array)],
	};
}
