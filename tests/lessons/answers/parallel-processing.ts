import type { Answers } from "../../support/answers.ts";

const inputs = (
	first: string,
	end: string,
) => `function inputsOf(c: number, factor: number, count: number): number[] {
  const first = ${first};
  const end = ${end};
  return Array.from({ length: end - first }, (_, i) => first + i);
}`;

const share = (formula: string) => `function serialShare(speedUp: number, workers: number): number {
  return ${formula};
}`;

const borders = (
	border: string,
) => `function borders(length: number, size: number, writers: number): number[] {
  const chunks = Math.ceil(length / size);
  return Array.from({ length: writers + 1 }, (_, i) => ${border});
}`;

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	inputs: {
		wrong: [
			{ answer: inputs("c * factor", "c * factor + factor"), told: /Chunk 1 cannot need chunk 3/ },
			{
				answer: inputs("c * factor", "Math.min(c * factor + 2, count)"),
				told: /covers four chunks .* this gives two/,
			},
			{
				answer: inputs("c", "Math.min(c + factor, count)"),
				told: /does not begin where chunk 1 of the finer/,
			},
			{ answer: inputs("64 * c * factor", "64 * (c + 1) * factor"), told: /These are voxels/ },
			{ answer: inputs("c * factor", "Math.min((c + 1) * factor, count - 1)"), told: /this leaves it out/ },
		],
		right: [
			`function inputsOf(c: number, factor: number, count: number): number[] {
  const found: number[] = [];
  for (let fine = 0; fine < count; fine++) if (Math.floor(fine / factor) === c) found.push(fine);
  return found;
}`,
		],
	},
	"serial-share": {
		wrong: [
			{ answer: share("1 - speedUp / workers"), told: /0\.2 is what is missing from a perfect speed-up/ },
			{ answer: share("1 / speedUp"), told: /0\.625 is the time that remains/ },
			{ answer: share("(workers / speedUp - 1) / workers"), told: /serialShare\(1\.6, 2\) should be/ },
		],
		right: [share("(1 / speedUp - 1 / workers) / (1 - 1 / workers)")],
	},
	"share-work": {
		wrong: [
			{ answer: borders("Math.round((i * length) / writers)"), told: /gives a border at 91, inside chunk 1/ },
			{
				answer: borders("Math.round((i * chunks) / writers) * size"),
				told: /ends at 384, but the axis ends at 363/,
			},
			{
				answer: borders("(i === writers ? length : i * Math.floor(chunks / writers) * size)"),
				told: /gives the writers 1, 1, 1, 3 chunks/,
			},
			{
				answer: borders("Math.min(length, i * size * Math.ceil(chunks / writers))"),
				told: /gives the writers 2, 2, 2, 0 chunks/,
			},
		],
		right: [
			borders("Math.min(Math.floor((i * chunks) / writers) * size, length)"),
			`function borders(length: number, size: number, writers: number): number[] {
  const chunks = Math.ceil(length / size);
  const found = [0];
  let given = 0;
  for (let writer = 0; writer < writers; writer++) {
    given += Math.ceil((chunks - given) / (writers - writer));
    found.push(Math.min(given * size, length));
  }
  return found;
}`,
		],
	},
};
