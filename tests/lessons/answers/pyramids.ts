import type { Answers } from "../../support/answers.ts";

const thick = (factors: string) => `import { toMultiscale, toSpatialImage } from "chunkwise";
const thick = toSpatialImage({ data: new Uint8Array(16 * 64 * 64), shape: [16, 64, 64], scale: { z: 2, y: 0.25, x: 0.25 } });
const levels = await toMultiscale(thick, ${factors});`;

const start = (body: string) =>
	`const nextStart = (start: number, step: number, n: number, f: number): number => ${body};`;

const shrunk = (
	method: string,
	left: string,
) => `const shrunk = await toMultiscale(labels, [2, 2], { method: ${method} });
const left = labelsOf(${left});`;

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	anisotropic: {
		wrong: [
			{ answer: thick("[2, 2, 2]"), told: /coarser along z, too/ },
			{ answer: thick("[{ y: 8, x: 8 }]"), told: /The number of levels/ },
			{
				answer: thick("[{ y: 2, x: 2 }, { y: 4, x: 4 }, { y: 2, x: 2 }]"),
				told: /The size of the last voxels/,
			},
			{
				answer: thick("[{ y: 2, x: 2 }, { y: 4, x: 4 }, { y: 8, x: 8 }]"),
				told: /count from the image itself/,
			},
		],
		right: [thick("{ absoluteFactors: [{ y: 2, x: 2 }, { y: 4, x: 4 }, { y: 8, x: 8 }] }")],
	},
	translation: {
		wrong: [
			{ answer: start("start + step * (n % f)"), told: /212 voxels divide evenly/ },
			{ answer: start("start + step * ((n % f) + f / 2)"), told: /not the middle between them/ },
			{ answer: start("start + step * ((f - 1) / 2)"), told: /dropped at the end/ },
			{ answer: start("start + (n % f) + (f - 1) / 2"), told: /a step counts twice/ },
		],
		right: [start("start + step * ((n - f * Math.floor(n / f)) + f / 2 - 0.5)")],
	},
	"labels-method": {
		wrong: [
			{ answer: shrunk('"mean"', "shrunk.levels[2]"), told: /labels that nobody gave/ },
			{ answer: shrunk('"mode"', "labels"), told: /Label 20 is in the image/ },
			{ answer: shrunk('"mode"', "shrunk.levels[1]"), told: /level in the middle/ },
		],
		right: [shrunk('"nearest"', "shrunk.levels.at(-1)!")],
	},
};
