import type { Answers } from "../../support/answers.ts";

const side = (shape: string) => `const side = await writeChunks([${shape}]);
await cost(side, readings["across y"])`;

const fitting = (chunks: string, length: string) => `function fitting(length: number, most: number): number {
  const chunks = ${chunks};
  return ${length};
}`;

const stored = (chunks: string, more: string) => `const own = memoryStore();
const mine = await writeArray(own, "", {
  data, shape, dtype, codec: "blosc-lz4", chunks: [${chunks}]${more}
});
mine.objects`;

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	"choose-shape": {
		wrong: [
			{ answer: side("64, 64, 64"), told: /A cube treats all axes alike: this one takes 18 requests/ },
			{ answer: side("129, 1, 363"), told: /the plane across z fetches .* MiB.*Make it shorter along z/s },
			{ answer: side("43, 71, 121"), told: /each chunk is 71 rows thick/ },
			{ answer: side("16, 4, 64"), told: /passes through 54 chunks.*longer along these two/s },
			{ answer: side("363, 1, 129"), told: /longer along z than the volume.*order is z, y, x/s },
		],
		right: [side("40, 10, 182"), side("33, 16, 121"), side("64, 8, 128")],
	},
	fit: {
		wrong: [
			{
				answer: fitting("Math.floor(length / most)", "Math.ceil(length / chunks)"),
				told: /two chunks are too few/,
			},
			{ answer: fitting("Math.ceil(length / most)", "most"), told: /is still 64/ },
			{ answer: fitting("Math.ceil(length / most)", "length / chunks"), told: /a chunk has whole voxels/ },
			{
				answer: fitting("Math.ceil(length / most)", "Math.floor(length / chunks)"),
				told: /five chunks of 42 hold 210 of 212/,
			},
		],
		right: [
			`function fitting(length: number, most: number): number {
  let chunk = most;
  const chunks = Math.ceil(length / most);
  while (chunk > 1 && (chunk - 1) * chunks >= length) chunk--;
  return chunk;
}`,
		],
	},
	"shard-it": {
		wrong: [
			{ answer: stored("16, 16, 16", ""), told: /There are no shards, and each of 2898 chunks is an object/ },
			{ answer: stored("16, 16, 16", ", shards: [64, 64, 64]"), told: /These are 73 objects/ },
			{
				answer: stored("64, 64, 64", ", shards: [128, 128, 128]"),
				told: /because chunks of 64 × 64 × 64 are read whole/,
			},
			{ answer: stored("128, 128, 128", ", shards: [16, 16, 16]"), told: /do not fill shards/ },
			{ answer: stored("4, 4, 4", ", shards: [128, 128, 128]"), told: /the index itself is large/ },
			{ answer: stored("16", ", shards: [128]"), told: /for each axis/ },
		],
		right: [
			stored("16, 16, 16", ", shards: [144, 224, 368]"),
			stored("16, 16, 16", ", shards: [64, 224, 368]"),
		],
	},
};
