/** Which image of a store is looked at: the one that is named, else the first of a set, a plate or a folder of images. */
import { ChunkwiseError, isChunkwiseError } from "../errors.ts";
import { readN5Images } from "../n5/multiscales.ts";
import { isN5 } from "../n5/open.ts";
import { axesOf } from "../ngff/axes.ts";
import { type NgffImage, omeOf, readMultiscales } from "../ngff/multiscales.ts";
import { isSeries, readSeries } from "../ngff/series.ts";
import { childNames } from "../stores/list.ts";
import { keyOf, type ReadableStore } from "../stores/store.ts";
import type { ZarrArray } from "../zarr/array.ts";
import type { Json } from "../zarr/array-metadata.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { openZarr } from "../zarr/open.ts";

/** An image, and the paths of those that are stored beside it, its own among them; none where it is alone. */
export interface FoundImage {
	image: NgffImage;
	others: string[];
}

/** A set in a plate in a folder, and not deeper: whoever has more names the image. */
const mostNested = 3;
/** Nodes of a folder that are tried: a folder of something else is not searched through. */
const mostTried = 64;

/**
 * The image at a path: a multiscale, an array by itself, the first label image of a group of them, the first image of a
 * bioformats2raw set, of a plate's first well, of an N5 container, or of a folder whose nodes can be listed.
 * @throws ChunkwiseError not-zarr, no-multiscales, and what the store throws
 */
export async function findImage(
	store: ReadableStore,
	path: string,
	nested = mostNested,
): Promise<FoundImage> {
	let node: ZarrGroup | ZarrArray;
	try {
		node = await openZarr(store, path);
	} catch (error) {
		if (!isChunkwiseError(error) || error.code !== "not-zarr") throw error;
		if (await isN5(store, path)) return firstOfN5(store, path);
		const found = nested > 0 ? await firstThatIs(store, path, nested) : undefined;
		if (found) return found;
		throw error;
	}
	if (node.kind === "array") return { image: arrayImage(node), others: [] };
	const ome = omeOf(node.attrs);
	if (Array.isArray(ome.multiscales))
		return { image: (await readMultiscales(node, { attributes: false }))[0], others: [] };
	const listed = await namesIn(node, ome);
	if (listed.length > 0 && nested > 0) {
		const others = listed.map((name) => keyOf(path, name).slice(1));
		const { image, others: inside } = await findImage(store, others[0], nested - 1);
		// A well's own images, in the place of the well that was opened.
		return { image, others: [...(inside.length > 0 ? inside : [image.path]), ...others.slice(1)] };
	}
	const found = nested > 0 ? await firstThatIs(store, path, nested) : undefined;
	if (found) return found;
	throw noImage(path);
}

/** Paths below a group that its metadata says are images, or hold some. */
async function namesIn(group: ZarrGroup, ome: Json): Promise<string[]> {
	if (isSeries(group)) return readSeries(group);
	const { plate, well, labels } = ome as { plate?: Json; well?: Json; labels?: unknown };
	if (plate) return pathsOf(plate.wells);
	if (well) return pathsOf(well.images);
	return Array.isArray(labels) ? labels.filter((name) => typeof name === "string" && name !== "") : [];
}

function pathsOf(list: unknown): string[] {
	return (Array.isArray(list) ? list : []).flatMap((entry: Json | null) =>
		typeof entry?.path === "string" && entry.path !== "" ? [entry.path] : [],
	);
}

async function firstOfN5(store: ReadableStore, path: string): Promise<FoundImage> {
	const images = await readN5Images(store, path);
	if (images.length === 0) throw noImage(path);
	return { image: images[0], others: images.length > 1 ? images.map((image) => image.path) : [] };
}

/** The first node of a folder that is an image: of a zip whose entries stand in one folder, or of arrays side by side. */
async function firstThatIs(
	store: ReadableStore,
	path: string,
	nested: number,
): Promise<FoundImage | undefined> {
	const names = (await childNames(store, path).catch(() => undefined)) ?? [];
	let first: FoundImage | undefined;
	const others: string[] = [];
	for (const name of names.slice(0, mostTried)) {
		// Files and hidden folders are no nodes.
		if (/^\.|\.(json|xml|txt|csv|tiff?|png|jpe?g)$/i.test(name)) continue;
		const below = keyOf(path, name).slice(1);
		try {
			const found = await findImage(store, below, first ? 0 : nested - 1);
			first ??= found;
			others.push(found.image.path);
		} catch (error) {
			if (!isChunkwiseError(error)) throw error;
		}
	}
	return first && { image: first.image, others: others.length > 1 ? others : first.others };
}

function noImage(path: string): ChunkwiseError {
	return new ChunkwiseError("no-multiscales", "There is no image to look at in this group.", {
		where: path || "/",
		remedy: "Name an image or an array inside it: tree() shows what it holds.",
	});
}

/** An array by itself as an image of one level; axes without names are t, c, z, y, x from the end. */
function arrayImage(array: ZarrArray): NgffImage {
	const { shape, chunks, shards, dtype, path } = array;
	const names = array.metadata.dimensionNames;
	const usual = ["t", "c", "z", "y", "x"].slice(-shape.length);
	const dims = shape.map((_, axis) => names?.[axis] ?? usual[axis] ?? `dim_${axis}`);
	return {
		name: array.name || "array",
		version: `Zarr ${array.zarrFormat}`,
		path,
		axes: axesOf(dims, {}),
		levels: [{ path, shape, chunks, shards, dtype, array }],
	};
}
