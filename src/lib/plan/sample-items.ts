/** The keys of the course's sample as an OME-Zarr 0.5, for figures that must show something before anything is written. */
import { chunkKey, coordsBetween, gridShape } from "./grid.ts";
import type { StoredItem } from "./storage-model.ts";

/**
 * Bytes of each chunk in order of its coordinates, as the course's reference software stored the original image
 * (blosc-lz4, level 5, shuffled; chunks of 64): 10.25 MiB for 18.93 MiB of voxels, chunks of mostly padding being small.
 */
const levels: { path: string; shape: number[]; chunks: number[]; sizes: number[] }[] = [
	{
		path: "scale0/image",
		shape: [129, 212, 363],
		chunks: [64, 64, 64],
		sizes: [
			265769, 270699, 265796, 282602, 272626, 195033, 276759, 281315, 304282, 284426, 283109, 198212, 288530,
			273781, 264655, 263797, 292860, 198923, 87675, 85013, 84425, 84414, 84401, 62448, 268157, 279601,
			267215, 302255, 280708, 195106, 295341, 297304, 312015, 285853, 286083, 198634, 300295, 289446, 264669,
			263626, 290009, 199246, 89970, 88700, 84425, 84409, 84429, 62441, 6244, 6244, 6244, 6244, 6244, 5183,
			6235, 6244, 6244, 6244, 6244, 5197, 6244, 6244, 6244, 6244, 6244, 5200, 3423, 3423, 3423, 3423, 3423,
			3106,
		],
	},
	{
		path: "scale1/image",
		shape: [64, 106, 181],
		chunks: [64, 64, 64],
		sizes: [259588, 289236, 228699, 183494, 146932, 156033],
	},
	{ path: "scale2/image", shape: [16, 26, 45], chunks: [16, 26, 45], sizes: [18793] },
];

/** Bytes of the metadata documents, as this library writes them for the same image. */
const documents: StoredItem[] = [
	{ key: "zarr.json", size: 1700 },
	{ key: "scale0/zarr.json", size: 80 },
	{ key: "scale0/image/zarr.json", size: 900 },
	{ key: "scale1/zarr.json", size: 80 },
	{ key: "scale1/image/zarr.json", size: 900 },
	{ key: "scale2/zarr.json", size: 80 },
	{ key: "scale2/image/zarr.json", size: 900 },
];

/** Every key of the sample with its bytes. */
export function sampleItems(): StoredItem[] {
	const chunks = levels.flatMap(({ path, shape, chunks, sizes }) => {
		const last = gridShape(shape, chunks).map((count) => count - 1);
		const origin = last.map(() => 0);
		return [...coordsBetween(origin, last)].map((coords, i) => ({
			key: chunkKey(coords, undefined, path),
			size: sizes[i],
		}));
	});
	return [...documents, ...chunks];
}
