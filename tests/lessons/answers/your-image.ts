import type { Answers } from "../../support/answers.ts";

const pixel = (value: string) => `import { toSpatialImage } from "chunkwise";
const data = new Uint16Array(4 * 64 * 64);
const image = toSpatialImage({ data, shape: [4, 64, 64] }, { scale: { z: 0.5, y: ${value}, x: ${value} } });
image`;

const chosen = (shape: string) => `const chosen = [${shape}];
cost(chosen, "frame")`;

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	"pixel-size": {
		wrong: [
			{ answer: pixel("6.5"), told: /a pixel on the camera/ },
			{ answer: pixel("6.5 / 40"), told: /right without binning/ },
			{ answer: pixel("6.5 / 40 / 2"), told: /Binning makes pixels larger/ },
			{ answer: pixel("6.5 * 40"), told: /smaller than one on the camera/ },
		],
		right: [pixel("0.325"), pixel("13 / 40")],
	},
	"film-chunks": {
		wrong: [
			{ answer: chosen("1, 512, 512"), told: /a chunk for each frame/ },
			{ answer: chosen("600, 16, 16"), told: /A frame decodes 300\.0 MiB/ },
			{ answer: chosen("8, 128, 128"), told: /The pixel decodes 18\.8 MiB: its tile of 128 × 128/ },
			{ answer: chosen("8, 90, 90"), told: /tiles of 90 × 90 reach beyond its 512 × 512/ },
			{ answer: chosen("1, 64, 64"), told: /There are 38,400 chunks/ },
			{ answer: chosen("8, 64"), told: /Give three numbers/ },
		],
		right: [chosen("6, 80, 100"), chosen("8, 128, 64")],
	},
};
