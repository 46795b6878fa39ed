/** Chunks for a viewer from a store, or from images in memory. */
import { ChunkwiseError, isChunkwiseError } from "../errors.ts";
import { copyStrided } from "../image/select.ts";
import type { SpatialImage } from "../image/spatial-image.ts";
import type { Multiscale } from "../multiscale/multiscale.ts";
import { readN5Images } from "../n5/multiscales.ts";
import { isN5 } from "../n5/open.ts";
import { axesOf } from "../ngff/axes.ts";
import { type NgffImage, omeOf, readMultiscales } from "../ngff/multiscales.ts";
import { isSeries, readSeries } from "../ngff/series.ts";
import { asStore } from "../stores/memory.ts";
import { keyOf, normalizePath } from "../stores/store.ts";
import { allocate, cStrides, product } from "../types.ts";
import type { ZarrArray } from "../zarr/array.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { openZarr, type StoreLike } from "../zarr/open.ts";
import { type ViewedImage, viewedChannels, viewedImage } from "./image.ts";
import type { ViewSource } from "./loader.ts";

/**
 * The image at a path of a store, for viewing: an OME-Zarr of any version, the first image of a bioformats2raw set, an
 * N5 image, or an array by itself. Metadata are read, no chunk is.
 * @throws ChunkwiseError not-zarr, no-multiscales, several-images, is-plate, unsupported-dtype, not-2d, and what the
 * store throws
 */
export async function openViewSource(store: StoreLike, path = ""): Promise<ViewSource> {
	return ngffSource(await imageAt(store, normalizePath(path)));
}

/** The chunks of an image whose levels are opened. */
export function ngffSource(image: NgffImage): ViewSource {
	return {
		image: viewedImage(image),
		read: (level, coords, { signal, onRequest }) =>
			image.levels[level].array.storedChunk(coords, {
				signal,
				onRequest,
				cause: `level ${level}, chunk ${coords.join("/")}`,
				onProgress: () => {},
			}),
	};
}

/** The levels of a multiscale in memory, cut into its chunks: nothing is stored, so that a chunk costs no request. */
export function multiscaleSource(multiscale: Multiscale): ViewSource {
	const { levels, chunks, paths } = multiscale;
	return {
		image: imageInMemory(multiscale),
		async read(level, coords) {
			const { data, shape, dtype } = levels[level];
			const chunk = chunks[level];
			const out = allocate(dtype, product(chunk));
			const start = coords.map((c, axis) => c * chunk[axis]);
			const strides = cStrides(shape);
			const from = start.reduce((sum, at, axis) => sum + at * strides[axis], 0);
			const extent = chunk.map((length, axis) => Math.min(length, shape[axis] - start[axis]));
			copyStrided(data, from, strides, out, 0, cStrides(chunk), extent);
			return out;
		},
	};

	function imageInMemory({ name }: Multiscale): ViewedImage {
		const [finest] = levels;
		const byAxis = (image: SpatialImage, of: Readonly<Record<string, number>>, otherwise: number) =>
			image.dims.map((dim) => of[dim] ?? otherwise);
		const axes = axesOf(finest.dims, finest.units).map(({ name, type, unit }) => ({
			name,
			role: (type ?? "other") as "space" | "time" | "channel" | "other",
			...(unit ? { unit } : {}),
		}));
		const channel = axes.findIndex(({ role }) => role === "channel");
		return {
			name,
			format: "in memory",
			axes,
			levels: levels.map((image, level) => ({
				path: paths[level],
				shape: [...image.shape],
				chunks: [...chunks[level]],
				scale: byAxis(image, image.scale, 1),
				translation: byAxis(image, image.translation, 0),
			})),
			dtype: finest.dtype,
			channels: viewedChannels(channel < 0 ? 1 : finest.shape[channel], [], finest.dtype),
		};
	}
}

async function imageAt(from: StoreLike, path: string): Promise<NgffImage> {
	const store = asStore(from);
	let node: ZarrGroup | ZarrArray;
	try {
		node = await openZarr(store, path);
	} catch (error) {
		if (!isChunkwiseError(error) || error.code !== "not-zarr" || !(await isN5(store, path))) throw error;
		const images = await readN5Images(store, path);
		if (images.length === 0) throw noImage(path);
		return images[0];
	}
	if (node.kind === "array") return arrayImage(node);
	const ome = omeOf(node.attrs);
	if (Array.isArray(ome.multiscales)) return (await readMultiscales(node))[0];
	if (isSeries(node)) {
		const [first] = await readSeries(node);
		if (first === undefined) throw noImage(path);
		return imageAt(store, keyOf(path, first).slice(1));
	}
	if (ome.plate) {
		throw new ChunkwiseError("is-plate", "This is a plate of many images.", {
			where: path || "/",
			remedy: "Name one of its images, such as A/1/0: info() lists its wells.",
		});
	}
	throw noImage(path);
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
