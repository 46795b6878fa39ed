import type { Answers } from "../../support/answers.ts";

const plane = (bytes: string) => `const planeBytes: number = ${bytes};
planeBytes`;

/** Answers to the exercise of this page that a learner might give. */
export const answers: Answers = {
	"plane-bytes": {
		wrong: [
			{ answer: plane("rows * columns"), told: /number of voxels in a plane/ },
			{ answer: plane("bytes"), told: /whole volume/ },
			{ answer: plane("planes * columns * 2"), told: /cut through all planes/ },
			{ answer: plane("(rows + columns) * 2"), told: /one row and one column/ },
			{ answer: plane("rows * columns * 16"), told: /The bytes of one plane should be 153912/ },
		],
		right: [plane("bytes / planes")],
	},
};
