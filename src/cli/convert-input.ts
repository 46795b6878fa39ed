/** What `chunkwise convert` reads: a TIFF, an OME-Zarr image of any version, or an array. */
import { basename } from "node:path";
import { ChunkwiseError, isChunkwiseError } from "../lib/errors.ts";
import type { SpatialImage } from "../lib/image/spatial-image.ts";
import { toSpatialImage } from "../lib/image/to-spatial-image.ts";
import { info } from "../lib/ngff/info.ts";
import { type NgffImage, omeOf, readLevel, readMultiscales } from "../lib/ngff/multiscales.ts";
import type { LongTask } from "../lib/progress.ts";
import { tiffToSpatialImage } from "../lib/tiff/spatial.ts";
import { openTiff } from "../lib/tiff/tiff.ts";
import type { ZarrArray } from "../lib/zarr/array.ts";
import type { ZarrGroup } from "../lib/zarr/group.ts";
import { openGroup, openZarr } from "../lib/zarr/open.ts";
import { openTarget, pageOf, type StoreTarget, type TiffTarget } from "./target.ts";

export interface InputOptions extends LongTask {
	/** The scale level to read; default the finest. */
	level?: number;
	/** Read every scale level of an OME-Zarr. */
	allLevels?: boolean;
}

export interface Input {
	/** One, or all of an OME-Zarr, finest first. */
	levels: SpatialImage[];
	/** How the coarser levels were computed, as their writer says it. */
	type?: string;
	/** Chunk length along each axis of the finest level, by name. */
	chunks?: Record<string, number>;
}

/** @throws ChunkwiseError no-level, several-images, no-such-node, and as opening and reading */
export async function readInput(path: string, options: InputOptions): Promise<Input> {
	const target = await openTarget(path);
	try {
		return target.kind === "tiff"
			? await readTiff(target, path, options)
			: await readStore(target, path, options);
	} finally {
		await target.close();
	}
}

async function readTiff(target: TiffTarget, path: string, options: InputOptions): Promise<Input> {
	if (options.level !== undefined) throw noLevels(path, "A TIFF");
	const page = pageOf(target.inner, target.source.name);
	const tiff = await openTiff(target.source, options);
	const image = await tiffToSpatialImage(tiff, {
		signal: options.signal,
		onProgress: options.onProgress,
		page: typeof page === "number" ? page : undefined,
		name: imageName(target.source.name, /(\.ome)?\.tiff?$/i),
	});
	return { levels: [image] };
}

/** A file's or folder's name without its endings: `cells.ome.tif` is cells. */
function imageName(fileName: string, endings: RegExp): string {
	return basename(fileName).replace(endings, "") || "image";
}

async function readStore(target: StoreTarget, path: string, options: InputOptions): Promise<Input> {
	const fallback = imageName(target.name, /(\.ome)?\.zarr\/?$/i);
	const node = await openZarr(target.store, target.inner);
	if (node.kind === "array") {
		if (options.level !== undefined) throw noLevels(path, "An array");
		return readArray(node, fallback, options);
	}
	const image = await imageOf(node, path);
	const count = image.levels.length;
	if (options.level !== undefined && options.level >= count) {
		throw new ChunkwiseError("no-level", `There is no scale level ${options.level}.`, {
			where: path,
			remedy: count === 1 ? "It has one level, 0." : `It has levels 0 to ${count - 1}.`,
		});
	}
	const wanted = options.allLevels ? image.levels.map((_, i) => i) : [options.level ?? 0];
	const name = image.name || fallback;
	const levels: SpatialImage[] = [];
	for (const level of wanted) levels.push(toSpatialImage(await readLevel(image, level, options), { name }));
	const chunks = image.levels[wanted[0]].chunks;
	return { levels, type: image.type, chunks: byName(levels[0].dims, chunks) };
}

function noLevels(path: string, what: string): ChunkwiseError {
	return new ChunkwiseError("no-level", `${what} has no scale levels to choose from.`, {
		where: path,
		remedy: "Leave --level out, or give the OME-Zarr group that holds the levels.",
	});
}

/** The image that a group is, or the only one in it. */
async function imageOf(group: ZarrGroup, path: string): Promise<NgffImage> {
	if (omeOf(group.attrs).multiscales) return (await readMultiscales(group))[0];
	const { images } = await info(group.store, group.path);
	const place = (inner: string) => `${path.replace(/#.*$/, "")}#${inner}`;
	const [only] = images;
	if (images.length === 1) {
		const inside = await openZarr(group.store, only.path);
		if (inside.kind === "group") return (await readMultiscales(inside))[0];
	}
	throw new ChunkwiseError(
		images.length > 0 ? "several-images" : "no-multiscales",
		images.length > 0
			? "This group is no image itself, and holds images or arrays."
			: "This group holds no image and no array.",
		{
			where: path,
			remedy:
				images.length > 0
					? `Name one: ${images
							.slice(0, 4)
							.map((image) => place(image.path))
							.join(", ")}${images.length > 4 ? ", …" : ""}.`
					: "Give an OME-Zarr image or a Zarr array.",
		},
	);
}

/** An array, with the coordinates that an OME-NGFF group above it gives it, where there is one. */
async function readArray(array: ZarrArray, fallback: string, options: InputOptions): Promise<Input> {
	const parts = array.path.split("/");
	for (let depth = parts.length - 1; depth >= 0 && array.path !== ""; depth--) {
		const above = await groupAt(array, parts.slice(0, depth).join("/"));
		if (!above || !omeOf(above.attrs).multiscales) continue;
		for (const image of await readMultiscales(above)) {
			const level = image.levels.findIndex((one) => one.path === array.path);
			if (level < 0) continue;
			const read = await readLevel(image, level, options);
			return {
				levels: [toSpatialImage(read, { name: image.name || fallback })],
				chunks: byName(read.dims, array.chunks),
			};
		}
	}
	const { data, shape } = await array.read([], options);
	const named = array.metadata.dimensionNames?.every((name) => typeof name === "string" && name !== "");
	const { _ARRAY_DIMENSIONS: _, ...attrs } = array.attrs;
	const image = toSpatialImage(
		{ data, shape },
		{
			...(named ? { dims: array.dimensionNames } : {}),
			name: array.name || fallback,
			attrs,
		},
	);
	return { levels: [image], chunks: byName(image.dims, array.chunks) };
}

async function groupAt(array: ZarrArray, path: string): Promise<ZarrGroup | undefined> {
	try {
		return await openGroup(array.store, path);
	} catch (error) {
		if (isChunkwiseError(error) && (error.code === "not-zarr" || error.code === "not-a-group")) {
			return undefined;
		}
		throw error;
	}
}

function byName(dims: readonly string[], values: readonly number[]): Record<string, number> {
	return Object.fromEntries(dims.map((dim, axis) => [dim, values[axis]]));
}
