/** The keys of the course's sample as an OME-Zarr 0.5, for figures that must show something before anything is written. */
import { chunkKey, coordsBetween, gridShape } from "./grid.ts";
import type { StoredItem } from "./storage-model.ts";

/**
 * Bytes of each chunk in order of its coordinates, as this library writes the original image (blosc-lz4, shuffled, in
 * chunks of 64). Chunks that are mostly padding are small.
 */
const levels: { path: string; shape: number[]; chunks: number[]; sizes: number[] }[] = [
	{
		path: "scale0/image",
		shape: [129, 212, 363],
		chunks: [64, 64, 64],
		sizes: [
			263814, 269831, 264450, 283175, 271104, 198021, 275782, 281464, 306658, 286013, 284680, 201428, 289638,
			272376, 262767, 261787, 296122, 203339, 87775, 84798, 84098, 83951, 83910, 63627, 266397, 280562,
			266718, 305503, 280209, 197124, 296328, 300193, 315984, 288576, 288184, 202636, 301783, 289455, 262923,
			261647, 292576, 203475, 90375, 88899, 84147, 83953, 83983, 63584, 6246, 6248, 6242, 6243, 6247, 5319,
			6247, 6248, 6256, 6244, 6256, 5323, 6256, 6248, 6245, 6246, 6250, 5324, 3432, 3435, 3433, 3431, 3431,
			3141,
		],
	},
	{
		path: "scale1/image",
		shape: [64, 106, 181],
		chunks: [64, 64, 64],
		sizes: [253341, 288150, 218270, 180832, 141857, 152786],
	},
	{ path: "scale2/image", shape: [16, 26, 45], chunks: [16, 26, 45], sizes: [19321] },
];

/** Bytes of the metadata documents that it writes for the same image. */
const documents: StoredItem[] = [
	{ key: "scale0/image/zarr.json", size: 964 },
	{ key: "scale0/zarr.json", size: 66 },
	{ key: "scale1/image/zarr.json", size: 963 },
	{ key: "scale1/zarr.json", size: 66 },
	{ key: "scale2/image/zarr.json", size: 961 },
	{ key: "scale2/zarr.json", size: 66 },
	{ key: "zarr.json", size: 2780 },
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
