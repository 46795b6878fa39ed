import type { Answers } from "../../support/answers.ts";

const levelFor = (halvings: string) => `function levelFor(zoom: number, levels: number): number {
  const halvings = ${halvings};
  return Math.min(levels - 1, Math.max(0, halvings));
}`;

const region = (index: string, x: string) => `import { openArray } from "chunkwise";

const level3 = await openArray(vast, "3");
const index = (micrometers: number): number => ${index};
const region = await level3.read([index(101), [index(451), index(551)], ${x}]);
region.plot()`;

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	"level-for": {
		wrong: [
			{ answer: levelFor("Math.ceil(Math.log2(1 / zoom))"), told: /coarser than the screen/ },
			{ answer: levelFor("Math.round(Math.log2(1 / zoom))"), told: /coarser than the screen/ },
			{ answer: levelFor("Math.log2(1 / zoom)"), told: /whole number/ },
			{
				answer: levelFor("Math.floor(1 / zoom / 2)"),
				told: /takes level 5. There a voxel covers 3.2 pixels/,
			},
			{ answer: levelFor("Math.floor(1 / zoom)"), told: /At a zoom of 1, the level/ },
		],
		right: [
			levelFor("Math.floor(-Math.log2(zoom))"),
			`function levelFor(zoom: number, levels: number): number {
  let level = 0;
  while (level + 1 < levels && zoom * 2 ** (level + 1) <= 1) level++;
  return level;
}`,
		],
	},
	roi: {
		wrong: [
			{ answer: region("micrometers", "[index(50), index(150)]"), told: /no indices/ },
			{ answer: region("Math.round((micrometers - 0.875) / 2)", "null"), told: /reads all columns/ },
			{
				answer: region("Math.floor((micrometers - 0.875) / 2)", "[index(50), index(150)]"),
				told: /one voxel beside the place\..*Math\.floor/,
			},
			{
				answer: region("Math.round(micrometers / 2)", "[index(50), index(150)]"),
				told: /one voxel beside the place\..*translation is 0\.875/,
			},
		],
		right: [
			region("Math.floor(micrometers / 2)", "[25, 75]"),
			`import { openArray } from "chunkwise";

const level3 = await openArray(vast, "3");
const { scale, translation } = tissue.levels[3];
const at = (axis: number, place: number) =>
  Math.round((place - (translation?.[axis] ?? 0)) / (scale?.[axis] ?? 1));
const region = await level3.read([at(0, 101), [at(1, 451), at(1, 551)], [at(2, 50), at(2, 150)]]);
region.plot()`,
		],
	},
};
