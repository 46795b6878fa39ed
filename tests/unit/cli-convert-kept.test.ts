/** What `convert` keeps of how an array is stored: half precision, shards; and what it says where it cannot. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convertCommand } from "../../src/cli/convert-args.ts";
import { convert } from "../../src/cli/convert-command.ts";
import { convertText } from "../../src/cli/convert-text.ts";
import { statsOf } from "../../src/cli/stats-command.ts";
import type { N5Array } from "../../src/lib/n5/array.ts";
import { openN5 } from "../../src/lib/n5/open.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const hash = async (path: string) => (await statsOf(path, {})).sha256;
const shape = [6, 10];

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise kept "));
	const store = folderStore(at("in.zarr"));
	const data = Float32Array.from({ length: 60 }, (_, i) => Math.fround(1 / (i + 1)));
	await writeArray(store, "half", { data, shape, chunks: [4, 5], dtype: "float16", codec: "zstd" });
	const whole = Uint16Array.from({ length: 60 }, (_, i) => i + 1);
	const sharded = {
		data: whole,
		shape,
		chunks: [2, 5],
		shards: [4, 10],
		dtype: "uint16",
		codec: "gzip",
	} as const;
	await writeArray(store, "shards", sharded);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a call of the command says on stderr. */
async function saidOf(args: string[]): Promise<string> {
	const said: string[] = [];
	const { write } = process.stderr;
	process.stderr.write = ((text: string) => said.push(text) > 0) as typeof write;
	try {
		expect(await convertCommand(args, { stop: new AbortController().signal, onStart: () => {} })).toBe(0);
	} finally {
		process.stderr.write = write;
	}
	return said.join("");
}

describe("float16", () => {
	it.each(["ome-zarr-0.4", "ome-zarr-0.5"] as const)(
		"stays float16 in %s, coarser levels too",
		async (format) => {
			const out = `half ${format}.zarr`;
			const { levels } = await convert(`${at("in.zarr")}#half`, at(out), { format, scaleFactors: [2, 2] });
			expect(await hash(`${at(out)}#${levels[0].path}`)).toBe(await hash(`${at("in.zarr")}#half`));
			const read = await Promise.all(
				levels.map(async ({ path }) => (await openArray(folderStore(at(out)), path)).read()),
			);
			expect(read.map(({ storedDtype }) => storedDtype)).toEqual(["float16", "float16", "float16"]);
			// Each level is the mean of what is stored before it, rounded to a half once.
			for (const level of [1, 2]) {
				const [before, after] = [read[level - 1], read[level]];
				const width = before.shape[1];
				for (let i = 0; i < after.data.length; i++) {
					// What is left over is trimmed at the beginning.
					const y = 2 * Math.floor(i / after.shape[1]) + (before.shape[0] % 2);
					const x = 2 * (i % after.shape[1]) + (width % 2);
					const four = [0, 1, width, width + 1].map((step) => Number(before.data[y * width + x + step]));
					const mean = four.reduce((sum, value) => sum + value) / 4;
					expect(Math.abs(Number(after.data[i]) - mean)).toBeLessThanOrEqual(mean * 2 ** -11);
				}
			}
		},
	);

	it("becomes float32 in N5, which does not have it, number by number", async () => {
		const result = await convert(`${at("in.zarr")}#half`, at("half.n5"), { format: "n5", scaleFactors: [2] });
		expect(result.widened).toEqual({ from: "float16", to: "float32" });
		const stored = await Promise.all(
			result.levels.map(async ({ path }) =>
				((await openN5(folderStore(at("half.n5")), path)) as N5Array).read(),
			),
		);
		expect(stored.map(({ dtype }) => dtype)).toEqual(["float32", "float32"]);
		const halves = await (await openArray(folderStore(at("in.zarr")), "half")).read();
		expect(stored[0].data).toEqual(halves.data);
		// The coarser level is the mean of these, not rounded to a half.
		const first = [0, 1, 10, 11].reduce((sum, at) => sum + Number(halves.data[at]), 0) / 4;
		expect(Math.abs(Number(stored[1].data[0]) - first)).toBeLessThan(first * 2 ** -22);
	});

	it("is not said to be widened where it stays", async () => {
		const result = await convert(`${at("in.zarr")}#half`, at("stays.zarr"), { scaleFactors: [] });
		expect(result.widened).toBeUndefined();
	});

	it("that becomes float32 is named on stderr", async () => {
		const said = await saidOf([`${at("in.zarr")}#half`, at("said half.n5"), "--format", "n5", "--json"]);
		expect(said).toContain("float16 becomes float32");
	});
});

describe("shards", () => {
	const levelOf = (out: string) => JSON.parse(readFileSync(join(at(out), "scale0/shards/zarr.json"), "utf8"));

	it("are kept where the chunks are", async () => {
		const { levels, shardsLeftOut } = await convert(`${at("in.zarr")}#shards`, at("kept.zarr"), {});
		expect(levels[0]).toMatchObject({ chunks: [2, 5], shards: [4, 10] });
		expect(shardsLeftOut).toBeUndefined();
		expect(levelOf("kept.zarr").chunk_grid.configuration.chunk_shape).toEqual([4, 10]);
		expect(await hash(`${at("kept.zarr")}#scale0/shards`)).toBe(await hash(`${at("in.zarr")}#shards`));
	});

	it.each([
		["other chunks", { chunks: [3, 5] }],
		["Zarr 2", { format: "ome-zarr-0.4" as const }],
		["too little memory for one", { memory: 64 }],
	])("are left out with %s, and that is said", async (name, options) => {
		const result = await convert(`${at("in.zarr")}#shards`, at(`${name}.zarr`), {
			...options,
			scaleFactors: [],
		});
		expect(result).toMatchObject({ shardsLeftOut: [4, 10], levels: [{ shards: null }] });
	});

	it("that were left out are named on stderr", async () => {
		const said = await saidOf([`${at("in.zarr")}#shards`, at("said.n5"), "--format", "n5", "--json"]);
		expect(said).toContain("the shards of 4 × 10 are not kept");
	});
});

it("counts one chunk as one", async () => {
	const options = { chunks: [10], scaleFactors: [] };
	const result = await convert(`${at("in.zarr")}#half`, at("one.zarr"), options);
	expect(convertText(result)).toContain("6 × 10 in 1 chunk of 6 × 10");
});
