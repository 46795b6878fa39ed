/** Chunks for a viewer from a store, or from images in memory. */
import { copyStrided } from "../image/select.ts";
import type { SpatialImage } from "../image/spatial-image.ts";
import type { Multiscale } from "../multiscale/multiscale.ts";
import { axesOf } from "../ngff/axes.ts";
import type { NgffImage } from "../ngff/multiscales.ts";
import { asStore } from "../stores/memory.ts";
import { normalizePath } from "../stores/store.ts";
import { allocate, cStrides, product } from "../types.ts";
import type { StoreLike } from "../zarr/open.ts";
import { findImage } from "./find-image.ts";
import { type ViewedImage, viewedChannels, viewedImage } from "./image.ts";
import type { ViewSource } from "./loader.ts";

/**
 * The image at a path of a store, for viewing: an OME-Zarr of any version, an N5 image, an array by itself, or the first
 * image of a set, a plate or a folder; `image.others` has the rest. Metadata are read, no chunk is.
 * @throws ChunkwiseError not-zarr, no-multiscales, unsupported-dtype, not-2d, and what the store throws
 */
export async function openViewSource(store: StoreLike, path = ""): Promise<ViewSource> {
	const { image, others } = await findImage(asStore(store), normalizePath(path));
	return ngffSource(image, others);
}

/**
 * The chunks of an image whose levels are opened.
 * @param others paths of the images that are stored beside it, its own among them
 */
export function ngffSource(image: NgffImage, others: readonly string[] = []): ViewSource {
	return {
		image: { ...viewedImage(image), ...(others.length > 1 ? { others: [...others] } : {}) },
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
			path: "",
			axes,
			levels: levels.map((image, level) => ({
				path: paths[level],
				shape: [...image.shape],
				chunks: [...chunks[level]],
				fill: 0,
				scale: byAxis(image, image.scale, 1),
				translation: byAxis(image, image.translation, 0),
			})),
			dtype: finest.dtype,
			channels: viewedChannels(channel < 0 ? 1 : finest.shape[channel], [], finest.dtype),
		};
	}
}
