import type { Answers } from "../../support/answers.ts";

const ways = (there: string, back: string) => `type Grid = (typeof grids)[number];

function placeOf({ scale, translation }: Grid, index: number[]) {
  return index.map((i, axis) => ${there});
}
function voxelAt({ scale, translation }: Grid, place: number[]) {
  return place.map((p, axis) => Math.round(${back}));
}`;
const there = "i * scale[axis] + translation[axis]";
const back = "(p - translation[axis]) / scale[axis]";

/** The document of the exercise, repaired but for what is said otherwise. */
function repaired({
	ome = 'version: "0.5",',
	axes = "czyx",
	unit = "micrometer",
	first = "[1, 0.5, 0.2, 0.2]",
	second = '{ type: "scale", scale: [1, 1, 0.4, 0.4] }, { type: "translation", translation: [0, 0.25, 0.1, 0.1] }',
} = {}): string {
	const described = [...axes].map((name) =>
		name === "c" ? '{ name: "c", type: "channel" }' : `{ name: "${name}", type: "space", unit: "${unit}" }`,
	);
	return `import { validate } from "chunkwise";

const document = { ome: { ${ome} multiscales: [{
  name: "embryo", type: "mean", metadata: { method: "mean of 1 × 2 × 2 × 2" },
  axes: [${described.join(", ")}],
  datasets: [
    { path: "0", coordinateTransformations: [{ type: "scale", scale: ${first} }] },
    { path: "1", coordinateTransformations: [${second}] },
  ],
}] } };
validate(document, { strict: true }).findings.length`;
}

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	place: {
		wrong: [
			{ answer: ways("i * scale[axis]", "p / scale[axis]"), told: /not always at 0/ },
			{
				answer: ways("(i + translation[axis]) * scale[axis]", "p / scale[axis] - translation[axis]"),
				told: /first multiply, then add/,
			},
			{ answer: ways(there, "p / scale[axis] - translation[axis]"), told: /There and back again/ },
			{ answer: ways(there, "p / scale[axis]"), told: /has to come off before/ },
			{ answer: ways("index[axis] * scale[0] + translation[0]", back), told: /the place of voxel \(3, 4\)/ },
		],
		right: [
			`type Grid = (typeof grids)[number];
const placeOf = (grid: Grid, [...index]: number[]) => {
  for (let axis = 0; axis < index.length; axis++) {
    index[axis] = grid.translation[axis] + grid.scale[axis] * index[axis];
  }
  return index;
};
const voxelAt = (grid: Grid, place: number[]) =>
  place.map((p, axis) => Math.floor((p - grid.translation[axis]) / grid.scale[axis] + 0.5));`,
		],
	},
	repair: {
		wrong: [
			{ answer: repaired({ unit: "um" }), told: /The unit of the axis "z", "um"/ },
			{ answer: repaired({ ome: "" }), told: /does not say its version/ },
			{ answer: repaired({ first: "[0.5, 0.2, 0.2, 1]" }), told: /channels are 0\.5 apart/ },
			{
				answer: repaired({
					axes: "zyx",
					first: "[0.5, 0.2, 0.2]",
					second: '{ type: "scale", scale: [1, 0.4, 0.4] }',
				}),
				told: /An axis is gone/,
			},
			{
				answer: repaired({ second: '{ type: "scale", scale: [1, 1, 0.4, 0.4] }' }),
				told: /has lost its translation/,
			},
		],
		right: [
			`import { validate } from "chunkwise";

const space = (name: string) => ({ name, type: "space", unit: "micrometer" });
const level = (path: string, factor: number) => {
  const scale = [1, 0.5 * factor, 0.2 * factor, 0.2 * factor];
  const translation = scale.map((size, axis) => (axis === 0 ? 0 : (size - size / factor) / 2));
  return {
    path,
    coordinateTransformations: [{ type: "scale", scale }, { type: "translation", translation }],
  };
};
const document = {
  ome: {
    version: "0.5",
    multiscales: [{
      name: "embryo", type: "mean", metadata: {},
      axes: [{ name: "c", type: "channel" }, ...["z", "y", "x"].map(space)],
      datasets: [level("0", 1), level("1", 2)],
    }],
  },
};`,
		],
	},
};
