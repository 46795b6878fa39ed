import type { Answers } from "../../support/answers.ts";

const key = (
	number: string,
	rest: string,
) => `const blockKey = (index: number[], chunk: number[]): string => {
  const block = index.map((i, axis) => ${number});
  return \`s0/\${${rest}}\`;
};`;

const shape = (at: string, result: string) => `const shapeOf = (bytes: Uint8Array): number[] => {
  const view = new DataView(bytes.slice().buffer);
  const lengths = Array.from({ length: view.getUint16(2) }, (_, axis) => view.getUint32(${at}));
  return ${result};
};`;

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	"block-key": {
		wrong: [
			{ answer: key("Math.floor(i / chunk[axis])", 'block.join("/")'), told: /in the order of Zarr/ },
			{ answer: key("i", 'block.reverse().join("/")'), told: /numbers of the voxel/ },
			{ answer: key("Math.floor(i / chunk[axis])", "block.reverse()"), told: /joined by commas/ },
			{ answer: key("i / chunk[axis]", 'block.reverse().join("/")'), told: /has a whole number/ },
		],
		right: [
			`function blockKey([z, y, x]: number[], [d, h, w]: number[]) {
  return "s0/" + [Math.trunc(x / w), Math.trunc(y / h), Math.trunc(z / d)].join("/");
}`,
		],
	},
	"block-shape": {
		wrong: [
			{ answer: shape("4 + 4 * axis", "lengths"), told: /x comes first/ },
			{ answer: shape("4 + 4 * axis, true", "lengths.reverse()"), told: /too many for 40 bytes/ },
			{ answer: shape("4 * axis", "lengths.reverse()"), told: /The shape of the block/ },
			{ answer: shape("12 - 4 * axis", "lengths"), told: /two axes your function reads outside/ },
		],
		right: [
			`function shapeOf(bytes: Uint8Array) {
  const shape: number[] = [];
  for (let at = 4; at < 4 + 4 * bytes[3]; at += 4) {
    shape.unshift(((bytes[at] * 256 + bytes[at + 1]) * 256 + bytes[at + 2]) * 256 + bytes[at + 3]);
  }
  return shape;
}`,
		],
	},
};
