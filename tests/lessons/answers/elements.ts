import type { Answers } from "../../support/answers.ts";

/** Answers to the exercises of this page that a learner might give. */
export const answers: Answers = {
	"tile-count": {
		wrong: [
			{
				answer:
					"const chunksTouched = (first: number, end: number, size: number) => Math.ceil((end - first) / size);",
				told: /Of rows 100 to 611, the number of chunks should be 3, but it is 2/,
			},
			{
				answer:
					"const chunksTouched = (first: number, end: number, size: number) => Math.floor(end / size) - Math.floor(first / size) + 1;",
				told: /Of the first 256 rows, the number of chunks should be 1, but it is 2/,
			},
		],
		right: [
			"const chunksTouched = (a: number, b: number, size: number) => new Set(Array.from(Array(b - a), (_, i) => Math.floor((a + i) / size))).size;",
		],
	},
	"one-row": {
		wrong: [
			{
				answer: "const all = await small.read();\nconst row = await small.read([20, null]);",
				told: /should read at most 4 chunks, but it read 16 chunks/,
			},
			{ answer: "const row = await small.read([null, 20]);", told: /The row/ },
		],
		right: ["const part = await small.read([20, null]);\nconst row = Array.from(part.data);"],
	},
	missing: {
		wrong: [
			{
				answer: 'import { memoryStore } from "chunkwise";\nconst empty = memoryStore();',
				told: /but there was none/,
			},
			{
				answer:
					'import { memoryStore } from "chunkwise";\nconst empty = memoryStore();\nawait empty.get("/images/7/zarr.json");',
				told: /but there was none/,
			},
		],
		right: [
			'import { memoryStore, openGroup } from "chunkwise";\nconst empty = memoryStore();\nconst group = await openGroup(empty);',
		],
	},
};
