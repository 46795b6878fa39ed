import type { Answers } from "../../support/answers.ts";

const chunk = (key: string, last: string) => `const mine = memoryStore();
await mine.set("/zarr.json", new TextEncoder().encode(zarrJson));
await mine.set(${key}, Uint8Array.of(110, 0, 110, 0, 110, 0, 110, 0, 110, 0, ${last}));`;

const search = (rows: string, columns: string, condition: string) => `import { listKeys } from "chunkwise";
const present = await listKeys(upload);
const lost: string[] = [];
for (let y = 0; y < ${rows}; y++) {
  for (let x = 0; x < ${columns}; x++) {
    const key = uploaded.chunkKey([y, x]);
    if (${condition}) lost.push(key);
  }
}`;

const size = (
	count: string,
	bytes: string,
) => `const indexBytes = (shard: number[], chunk: number[]): number => {
  const chunksInShard = shard.map((length, axis) => ${count}).reduce((a, b) => a * b);
  return ${bytes};
};`;

/** Answers to the exercises of this lesson that a learner might give. */
export const answers: Answers = {
	"lower-chunk": {
		wrong: [
			{ answer: chunk('"/c/2/3"', "0xe8, 0x03"), told: /has the number of a pixel/ },
			{ answer: chunk('"/c/1/1"', "0x03, 0xe8"), told: /in the other order/ },
			{ answer: chunk('"/1/1"', "0xe8, 0x03"), told: /key of Zarr version 2/ },
			{ answer: chunk('"/c/0/1"', "0xe8, 0x03"), told: /chunk at the top/ },
			{ answer: chunk('"/c/1/0"', "0xe8, 0x03"), told: /Along y the key c\/1\/0 is right/ },
			{ answer: chunk('"/c/2/2"', "0xe8, 0x03"), told: /has the number of a row/ },
			{ answer: chunk('"/c/1.1"', "0xe8, 0x03"), told: /a slash stands between the numbers/ },
			{ answer: chunk('"c/1/1"', "0xe8, 0x03"), told: /keys that begin with a slash/ },
			{ answer: chunk('"/c/1/1"', "1000, 0"), told: /A byte holds 0 to 255/ },
			{ answer: chunk('"/c/1/1"', "0xe8, 0"), told: /second is the high byte/ },
		],
		right: [
			`const mine = memoryStore();
await mine.set("/zarr.json", new TextEncoder().encode(zarrJson));
await mine.set("/c/1/1", new Uint8Array(Uint16Array.of(110, 110, 110, 110, 110, 1000).buffer));`,
		],
	},
	"lost-chunks": {
		wrong: [
			{ answer: search("2", "3", "!present.includes(key)"), told: /Some lost chunks are not in your list/ },
			{ answer: search("2", "2", "!present.includes(key)"), told: /Your list is empty/ },
			{ answer: search("3", "3", "!(key in present)"), told: /every chunk of the grid/ },
			{ answer: search("3", "3", "!present.has(key)"), told: /ended in an error: present.has is not/ },
			{ answer: search("5", "7", "!present.includes(key)"), told: /not in the grid/ },
			{ answer: search("3", "3", "present.includes(key)"), told: /chunks that are stored/ },
		],
		right: [
			`const there = new Set(await upload.list());
const lost = [0, 1, 2].flatMap((y) => [0, 1, 2].map((x) => \`c/\${y}/\${x}\`)).filter((key) => !there.has(key));`,
		],
	},
	"index-size": {
		wrong: [
			{ answer: size("length / chunk", "16 * chunksInShard + 4"), told: /chunk is a list/ },
			{ answer: size("length", "16 * chunksInShard + 4"), told: /your function counts more/ },
			{ answer: size("length / chunk[axis]", "chunksInShard"), told: /number of chunks in the shard/ },
			{ answer: size("length / chunk[axis]", "16 * chunksInShard"), told: /checksum is missing/ },
			{ answer: size("length / chunk[axis]", "8 * chunksInShard + 4"), told: /two numbers of 8 bytes/ },
			{
				answer: size("length / chunk[axis]", "20 * chunksInShard"),
				told: /one checksum for the whole index/,
			},
		],
		right: [
			`function indexBytes(shard: number[], chunk: number[]) {
  let n = 1;
  for (const axis of shard.keys()) n *= Math.ceil(shard[axis] / chunk[axis]);
  return n * 2 * 8 + 4;
}`,
		],
	},
};
