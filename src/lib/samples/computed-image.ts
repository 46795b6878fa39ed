/**
 * A synthetic image of any size whose chunks are computed when they are asked for: an OME-Zarr 0.5 that nobody stores.
 * It shows that what looking at an image costs follows the screen and not the image.
 */
import { ChunkwiseError } from "../errors.ts";
import { ngffAttributes } from "../ngff/metadata.ts";
import { groupDocuments } from "../ngff/write.ts";
import { type ReadableStore, type StoreKey, type StoreOptions, sliceRange } from "../stores/store.ts";
import { littleEndianBytes } from "../zarr/dtypes.ts";
import { arrayDocument, encodeJson } from "../zarr/metadata.ts";
import { Tissue } from "./tissue.ts";

/** How large {@link computedImage} is, and what it shows. */
export interface ComputedImageOptions {
	/** Voxels along each edge of the finest level, a power of 2 from 64 to 65,536; default 8192, which is 1 TiB. */
	edge?: number;
	/** Voxels along each edge of a chunk; default 64. */
	chunk?: number;
	/** Another seed, another tissue; default 1. */
	seed?: number;
	/** Edge of a voxel in micrometer; default 0.25. */
	voxel?: number;
}

/** What the image is called, in its metadata too. */
export const computedImageName = "synthetic tissue, computed and not stored";

/**
 * A store with an image of edge × edge × edge voxels in 16 bits, its levels halving until one chunk holds all of it.
 * Nothing is kept: each read of a chunk computes it anew, in about 10 to 100 ms.
 * @throws ChunkwiseError bad-size
 */
export function computedImage({
	edge = 8192,
	chunk = 64,
	seed = 1,
	voxel = 0.25,
}: ComputedImageOptions = {}): ReadableStore {
	const isPower = (n: number) => Number.isInteger(n) && n > 0 && (n & (n - 1)) === 0;
	if (!isPower(edge) || !isPower(chunk) || edge < chunk || edge > 65_536 || chunk < 16 || chunk > 256) {
		throw new ChunkwiseError("bad-size", `No image of edge ${edge} in chunks of ${chunk}.`, {
			where: "computedImage",
			remedy: "Both are powers of 2: the chunk from 16 to 256, the image from that to 65,536.",
		});
	}
	const tissue = new Tissue(seed);
	const count = Math.log2(edge / chunk) + 1;
	const levels = Array.from({ length: count }, (_, level) => ({ path: String(level), step: 2 ** level }));
	const documents = new Map<string, Uint8Array>();
	const attributes = ngffAttributes(
		{
			name: computedImageName,
			axes: ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" })),
			levels: levels.map(({ path, step }) => ({
				path,
				scale: [0, 1, 2].map(() => step * voxel),
				// The mean of `step` voxels lies in their middle.
				translation: [0, 1, 2].map(() => ((step - 1) / 2) * voxel),
			})),
			omero: {
				channels: [
					{
						label: "synthetic stain",
						color: "FFFFFF",
						active: true,
						window: { min: 0, max: 65535, start: 100, end: 1500 },
					},
				],
			},
		},
		"0.5",
	);
	for (const [key, document] of groupDocuments("", 3, attributes)) documents.set(key, encodeJson(document));
	for (const { path, step } of levels) {
		const document = arrayDocument({
			shape: [0, 1, 2].map(() => edge / step),
			chunks: [chunk, chunk, chunk],
			dtype: "uint16",
			codecs: [{ name: "bytes", configuration: { endian: "little" } }],
			dimensionNames: ["z", "y", "x"],
		});
		documents.set(`/${path}/zarr.json`, encodeJson(document));
	}

	function value(key: StoreKey): Uint8Array | undefined {
		const document = documents.get(key);
		if (document) return document;
		const match = /^\/(\d+)\/c\/(\d+)\/(\d+)\/(\d+)$/.exec(key);
		const level = match && levels[Number(match[1])];
		if (!match || !level) return undefined;
		const coords = match.slice(2).map(Number);
		if (coords.some((c) => c * chunk * level.step >= edge)) return undefined;
		const start = coords.map((c) => c * chunk);
		const voxels = tissue.values({ start, extent: [chunk, chunk, chunk], step: level.step });
		return littleEndianBytes(voxels);
	}

	const get = async (key: StoreKey, options?: StoreOptions) => {
		options?.signal?.throwIfAborted();
		return value(key);
	};
	return {
		get,
		async getRange(key, range, options) {
			const whole = await get(key, options);
			return whole && sliceRange(whole, range);
		},
	};
}
