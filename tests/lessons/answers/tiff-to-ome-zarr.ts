import type { Answers } from "../../support/answers.ts";

const rechunked = (
	side: string,
	filter: string,
) => `import { listKeys, memoryStore, rechunk, toNgffZarr } from "chunkwise";
const larger = rechunk(multiscale, ${side});
const largerStore = memoryStore();
await toNgffZarr(largerStore, larger);
const largerKeys = await listKeys(largerStore);
const chunkFiles = largerKeys.filter(${filter}).length;
chunkFiles`;

const cost = (chunks: string, bytes: string) => `const [depth, height, width] = array.shape;
const chunksNeeded: number = ${chunks};
const bytesNeeded: number = ${bytes};`;

const nucleus = (level: string, how: string) => `const { attributes } = await readJson("zarr.json");
const level = attributes.ome.multiscales[0].datasets[${level}];
const [{ scale }, { translation }] = level.coordinateTransformations;
const index = [30, 50, 90]; // z, y, x
const place: number[] = index.map((i, axis) => ${how});
place`;

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	"place-of": {
		wrong: [
			{ answer: nucleus("1", "i * scale[axis]"), told: /first voxel of this level lay at 0/ },
			{ answer: nucleus("2", "i * scale[axis] + translation[axis]"), told: /third level/ },
			{ answer: nucleus("0", "i * scale[axis] + translation[axis]"), told: /in the first level/ },
			{ answer: nucleus("1", "(i + translation[axis]) * scale[axis]"), told: /translation was multiplied/ },
			{ answer: nucleus("1", "i * scale[axis] - translation[axis]"), told: /further in/ },
		],
		right: [
			`const { attributes } = await readJson("zarr.json");
const [scale, move] = attributes.ome.multiscales[0].datasets.at(1).coordinateTransformations;
const place = [];
for (const [axis, i] of [30, 50, 90].entries()) place.push(move.translation[axis] + scale.scale[axis] * i);
place`,
		],
	},
	rechunk: {
		wrong: [
			{ answer: rechunked("64", '(key) => !key.endsWith("zarr.json")'), told: /chunks are still 64 wide/ },
			{ answer: rechunked("128", "() => true"), told: /counts every key/ },
			{ answer: rechunked("128", '(key) => key.startsWith("scale0/image/c/")'), told: /first level only/ },
		],
		right: [rechunked("[128, 128, 128]", "(key) => /\\/c\\//.test(key)")],
	},
	"slice-cost": {
		wrong: [
			{ answer: cost("3 * 5", "chunksNeeded * 64 ** 3 * 2"), told: /chunks at the edges count too/ },
			{ answer: cost("array.chunkCount", "chunksNeeded * 64 ** 3 * 2"), told: /every chunk of the volume/ },
			{
				answer: cost("(height / 64) * (width / 64)", "chunksNeeded * 64 ** 3 * 2"),
				told: /no part of a chunk/,
			},
			{ answer: cost("24", "chunksNeeded * 64 * 64 * 2"), told: /one layer of each chunk/ },
			{ answer: cost("24", "height * width * 2"), told: /bytes of the plane/ },
			{ answer: cost("24", "chunksNeeded * 64 ** 3"), told: /number of voxels/ },
		],
		right: [cost("4 * 6", "12_582_912")],
	},
};
