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

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
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
			{ answer: cost("24", "height * width * 2"), told: /bytes of the plane/ },
			{ answer: cost("24", "chunksNeeded * 64 ** 3"), told: /number of voxels/ },
		],
		right: [cost("4 * 6", "12_582_912")],
	},
};
