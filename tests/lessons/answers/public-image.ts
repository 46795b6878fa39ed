import type { Answers } from "../../support/answers.ts";

const shape = (key: string) => `const bytes = await image.store.get(${key});
const { shape } = JSON.parse(new TextDecoder().decode(bytes));`;

const rechunk = (
	chunks: string,
	filter: string,
) => `import { listKeys, memoryStore, writeArray } from "chunkwise";
const larger = memoryStore();
await writeArray(larger, "0", { data: values.data, shape: scale0.shape, chunks: ${chunks}, dtype: "uint16", codec: "none", zarrFormat: 2, separator: "." });
const chunkFiles = (await listKeys(larger)).filter(${filter}).length;`;

const zip = (inside: string, files: string) => `import { listKeys, writeZip, zipStore } from "chunkwise";
const zip = await writeZip(copy);
const zipped = await zipStore(zip);
const keysInside: number = ${inside};
const filesOnDisk: number = ${files};`;

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	"shape-cheaply": {
		wrong: [
			{ answer: shape('"/0/.zarray"'), told: /275 rows: this is a finer level/ },
			{ answer: shape('"/.zattrs"'), told: /This document has no shape/ },
			{ answer: "const shape = 5;", told: /The shape should equal/ },
			{
				answer:
					'import { openArray } from "chunkwise";\nconst one = await openArray(image.store, "1");\nconst { shape } = await openArray(image.store, "2");',
				told: /at most 1 request, but/,
			},
		],
		right: [
			"const document = JSON.parse(new TextDecoder().decode(await image.store.get('/2/.zarray')));\nconst shape = document.shape;",
		],
	},
	"rechunk-public": {
		wrong: [
			{
				answer: rechunk("[1, 1, 1, 128, 128]", '(k) => !k.endsWith(".zarray")'),
				told: /still one plane deep/,
			},
			{ answer: rechunk("[1, 2, 128, 128, 128]", '(k) => !k.endsWith(".zarray")'), told: /both channels/ },
			{ answer: rechunk("[1, 1, 128, 128, 128]", "() => true"), told: /counts every key/ },
		],
		right: [rechunk("[1, 1, 128, 128, 128]", "(k) => /\\d$/.test(k)")],
	},
	zip: {
		wrong: [
			{ answer: zip("1", "1"), told: /has the keys that it had before/ },
			{
				answer: zip("(await listKeys(zipped)).length", "(await listKeys(zipped)).length"),
				told: /no files of their own/,
			},
		],
		right: [zip("[...(await listKeys(zipped))].length", "[zip].length")],
	},
};
