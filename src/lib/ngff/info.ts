/** What a store holds, in the shape of `chunkwise info --json` (docs: the command). */

import { asStore } from "../stores/memory.ts";
import { countRequests } from "../stores/observe.ts";
import { normalizePath } from "../stores/store.ts";
import type { ZarrArray } from "../zarr/array.ts";
import type { Json } from "../zarr/array-metadata.ts";
import type { CodecMetadata } from "../zarr/codecs.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { openZarr, type StoreLike } from "../zarr/open.ts";
import type { Axis } from "./axes.ts";
import type { Channel } from "./channels.ts";
import { labelPaths } from "./labels.ts";
import { omeOf, omeVersion, readMultiscales } from "./multiscales.ts";
import { readPlate, readWell } from "./plate.ts";
import { isSeries, readSeries } from "./series.ts";

/** A scale level, from the metadata of its array and of the image. */
export interface LevelInfo {
	/** Of the array, from the root of the store. */
	path: string;
	/** Elements along each axis, slowest first. */
	shape: readonly number[];
	/** Shape of a chunk: inside a shard where there are shards. */
	chunks: readonly number[];
	/** Shape of a shard; null where chunks are stored one by one. */
	shards: readonly number[] | null;
	/** Zarr v3 name. */
	dtype: string;
	/** Null where elements are single bytes. */
	byteOrder: "little" | "big" | null;
	/** What a chunk goes through when written, first to last. */
	codecs: readonly CodecMetadata[];
	/** Step and first coordinate along each axis; null where the metadata gives none. */
	scale: readonly number[] | null;
	/** In the axis's unit; null where the metadata gives none. */
	translation: readonly number[] | null;
	/** Chunks of the array, stored or not. */
	chunkCount: number;
}

/** An image with its scale levels. */
export interface ImageInfo {
	/** Of the image's group, from the root of the store. */
	path: string;
	name: string;
	/** Slowest first. */
	axes: Axis[];
	/** Finest first. */
	levels: LevelInfo[];
	/** As "omero" describes them; absent where it does not. */
	channels?: Channel[];
	/** Names of coordinate systems (0.6) other than that of axes, scale and translation. */
	otherSystems?: string[];
}

/** A plate of wells (OME-NGFF, "plate"). */
export interface PlateInfo {
	name: string;
	rows: readonly string[];
	columns: readonly string[];
	/** Paths of the wells that have images. */
	wells: string[];
	/** How many there are. */
	acquisitions: number;
}

/** Images in one space (0.6). Transformations between them are named and not applied. */
export interface SceneInfo {
	coordinateSystems: string[];
	/** From and to: "PATH#NAME" of a coordinate system of an image, or the name of one of the scene's own. */
	transformations: { type: string; input: string; output: string }[];
}

/** What a store holds, as {@link info} found it without reading any chunk. */
export interface Info {
	/** "zarr" where there is no OME-NGFF metadata. */
	format: "ome-zarr" | "zarr";
	/** Of OME-NGFF; null for plain Zarr. */
	version: string | null;
	zarrFormat: 2 | 3;
	/** A plain array counts as an image of one level. */
	images: ImageInfo[];
	/** Names of the label images. */
	labels: string[];
	/** Of a plate, whose images are the fields of view. */
	plate?: PlateInfo;
	/** Of a scene (0.6). */
	scene?: SceneInfo;
	/** Requests made to find this out. */
	requests: number;
	/** Bytes read to find this out. */
	bytes: number;
}

/** Arrays of plain Zarr are looked for so many groups deep. */
const maxDepth = 4;
/** Wells or images that are looked at at the same time. */
const atOnce = 8;

/**
 * Reads the metadata at a path of a store (its root by default), and counts the requests and bytes that this took.
 * @throws ChunkwiseError not-zarr, bad-metadata, and what the store throws
 */
export async function info(store: StoreLike, path = ""): Promise<Info> {
	const { store: counted, counts } = countRequests(asStore(store));
	const node = await openZarr(counted, normalizePath(path));
	const found: Found =
		node.kind === "array" ? { images: [plainImage(node)], labels: [] } : await contents(node);
	const { images, labels, plate, scene } = found;
	const version = node.kind === "group" ? await versionOf(node, found) : null;
	return {
		format: version ? "ome-zarr" : "zarr",
		version,
		zarrFormat: node.zarrFormat,
		images,
		labels,
		...(plate ? { plate } : {}),
		...(scene ? { scene } : {}),
		...counts(),
	};
}

/** What lies at and below a group. */
interface Found {
	images: ImageInfo[];
	labels: string[];
	/** Of a group above the images that says its version. */
	version?: string;
	plate?: PlateInfo;
	scene?: SceneInfo;
}

async function contents(group: ZarrGroup): Promise<Found> {
	const ome = omeOf(group.attrs);
	const version = omeVersion(group.attrs);
	if (ome.multiscales) {
		const found = await readMultiscales(group);
		const images = found.map(({ path, name, axes, levels, channels, otherSystems }) => ({
			path,
			name,
			axes,
			levels: levels.map((level) => levelInfo(level.array, level.scale, level.translation)),
			...(channels ? { channels } : {}),
			...(otherSystems ? { otherSystems } : {}),
		}));
		return { images, labels: await labelPaths(group), version };
	}
	if (ome.plate) {
		const { name, rows, columns, wells, acquisitions } = readPlate(group);
		const fields = await listed(
			wells.map((well) => well.path),
			async (path) => readWell(await group.openGroup(path)).fields.map((field) => `${path}/${field.path}`),
		);
		const images = await imagesAt(group, fields);
		const plate = {
			name,
			rows,
			columns,
			wells: wells.map((well) => well.path),
			acquisitions: acquisitions.length,
		};
		return { images, labels: [], version, plate };
	}
	if (ome.well) {
		const paths = readWell(group).fields.map((field) => field.path);
		return { images: await imagesAt(group, paths), labels: [], version };
	}
	if (isSeries(group)) return { images: await imagesAt(group, await readSeries(group)), labels: [], version };
	if (Array.isArray(ome.labels)) {
		const paths = ome.labels.filter((path) => typeof path === "string" && path !== "");
		return { images: await imagesAt(group, paths), labels: paths, version };
	}
	const images = await inside(group, maxDepth);
	const scene = sceneOf(ome);
	return { images, labels: [], version, ...(scene ? { scene } : {}) };
}

/** Images at paths below a group, in their order. */
async function imagesAt(group: ZarrGroup, paths: readonly string[]): Promise<ImageInfo[]> {
	return listed(paths, async (path) => {
		const node = await group.open(path);
		return node.kind === "array" ? [plainImage(node)] : (await contents(node)).images;
	});
}

/** Looks at a few at the same time, and keeps their order. */
async function listed<T>(paths: readonly string[], look: (path: string) => Promise<T[]>): Promise<T[]> {
	const found: T[] = [];
	for (let i = 0; i < paths.length; i += atOnce) {
		found.push(...(await Promise.all(paths.slice(i, i + atOnce).map(look))).flat());
	}
	return found;
}

/** Images and plain arrays below a group that does not tell what is in it. */
async function inside(group: ZarrGroup, depth: number): Promise<ImageInfo[]> {
	const found: ImageInfo[] = [];
	for (const member of await group.members()) {
		const node = await group.open(member.name);
		if (node.kind === "array") found.push(plainImage(node));
		else if (tellsContents(node)) found.push(...(await contents(node)).images);
		else if (depth > 1) found.push(...(await inside(node, depth - 1)));
	}
	return found;
}

function tellsContents(group: ZarrGroup): boolean {
	const ome = omeOf(group.attrs);
	return Boolean(ome.multiscales || ome.plate || ome.well || isSeries(group));
}

/** Names in "scene" metadata (0.6): transformations between images, which are told and not applied. */
function sceneOf(ome: Readonly<Json>): SceneInfo | undefined {
	const { scene } = ome;
	if (typeof scene !== "object" || scene === null) return undefined;
	const { coordinateSystems, coordinateTransformations } = scene as Json;
	const objects = (list: unknown) =>
		(Array.isArray(list) ? list : []).filter(
			(entry) => typeof entry === "object" && entry !== null,
		) as Json[];
	const end = (value: unknown) => {
		if (typeof value === "string") return value;
		const { path, name } = (value ?? {}) as Json;
		return [path, name].filter((part) => typeof part === "string" && part !== "").join("#");
	};
	return {
		coordinateSystems: objects(coordinateSystems).map(({ name }) => String(name ?? "")),
		transformations: objects(coordinateTransformations).map(({ type, input, output }) => ({
			type: String(type ?? ""),
			input: end(input),
			output: end(output),
		})),
	};
}

/** The version of the group itself, or of the first image in it. */
async function versionOf(group: ZarrGroup, { images, version }: Found): Promise<string | null> {
	if (version) return version;
	for (const image of images) {
		if (image.path === group.path) continue;
		const below = group.path === "" ? image.path : image.path.slice(group.path.length + 1);
		const node = await group.open(below);
		const own = node.kind === "group" ? omeVersion(node.attrs) : undefined;
		if (own) return own;
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
