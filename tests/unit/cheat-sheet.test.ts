/**
 * The cheat sheet's TypeScript runs, and its commands do. Its types are looked at in tests/lessons/types.test.ts, its
 * Python is run by tests/interop/cheat-sheet.ts.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedFolder, serveFolder } from "../../src/cli/serve.ts";
import { bucketEngine } from "../../src/lib/bucket/engine.ts";
import { folderStore, samples } from "../../src/lib/node.ts";
import { embryoName, writeEmbryo } from "../../src/lib/samples/embryo-zarr.ts";
import { hl60Phantom } from "../../src/lib/samples/phantom.ts";
import { publicImageUrl } from "../../src/lib/samples/public-image.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { writeTiff } from "../../src/lib/tiff/write.ts";
import { cheatSheet, commandLines, sheetAddresses, withPlaces } from "../support/cheat-sheet.ts";
import { startCli } from "../support/cli.ts";
import { deadLinks } from "../support/handbook.ts";
import { runCells } from "../support/run-cells.ts";
import { type BucketServer, serveBucket } from "./bucket-server.ts";

const rows = await cheatSheet();
const typescript = rows.flatMap(({ task, ts }) => (ts === undefined ? [] : [{ task, ts }]));
let folder: string;
let site: ServedFolder;
let service: BucketServer;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise sheet "));
	await writeEmbryo(folderStore(join(folder, embryoName)));
	const phantom = await hl60Phantom();
	// The command gets a corner of the sample: it is run as often as it has lines.
	const shape = [40, 48, 56];
	const data = Uint16Array.from({ length: 40 * 48 * 56 }, (_, i) => phantom.data[i * 7]);
	writeFileSync(join(folder, "cells.tif"), await writeTiff({ data, shape, dtype: "uint16" }));
	site = await serveFolder(folder, { port: 0 });
	service = await serveBucket(bucketEngine(memoryStore(), { name: sheetAddresses.bucket }));
	samples.configure({ prefer: "phantom" });
}, 120_000);

afterAll(async () => {
	await site.close();
	service.close();
	rmSync(folder, { recursive: true, force: true });
});

const here = (code: string) => withPlaces(code, { image: `${site.url}${embryoName}`, service: service.url });

describe("the cheat sheet", () => {
	it("has every task of the course in Python and TypeScript, and on the command line where that can do it", () => {
		const tasks = rows.map(({ task }) => task);
		for (const word of [
			"remote group",
			"metadata",
			"plane",
			"Write",
			"Rechunk",
			"pyramid",
			"Validate",
			"Convert",
			"List keys",
			"N5",
			".ozx",
			"from a bucket",
			"into a bucket",
		]) {
			expect(
				tasks.filter((task) => task.includes(word)),
				word,
			).toHaveLength(1);
		}
		expect(rows.filter(({ python, ts }) => !python || !ts)).toEqual([]);
		expect(rows.filter(({ sh }) => !sh).map(({ task }) => task)).toEqual(["Copy into a bucket"]);
	});

	it("names the address of the public image that the library has", () => {
		expect(sheetAddresses.image).toBe(publicImageUrl);
	});

	it("leads to pages and headings that are there", async () => {
		expect(await deadLinks("handbook/cheat-sheet")).toEqual([]);
	});

	it("has TypeScript that runs from top to bottom, and then commands that do", async () => {
		const values = await runCells(typescript.map(({ ts }) => here(ts)));
		const resultOf = (task: string) => values[typescript.findIndex((row) => row.task === task)];
		expect(resultOf("Open a remote group")).toEqual(["multiscales", "omero"]);
		expect(resultOf("Read its metadata")).toEqual([1, 2, 236, 275, 271]);
		expect(resultOf("Read a plane")).toEqual([275, 271]);
		expect(resultOf("Build a pyramid")).toEqual([
			[129, 212, 363],
			[64, 106, 181],
			[16, 26, 45],
		]);
		expect(resultOf("Rechunk, and pack chunks into shards")).toEqual([128, 128, 128, 32, 32, 32]);
		expect(resultOf("N5")).toEqual([129, 212, 363]);
		expect(resultOf("Read from a bucket")).toEqual(["ome"]);
		expect(JSON.stringify(resultOf("Validate"))).toMatch(/valid/i);

		const said: string[] = [];
		for (const { task, sh } of rows) {
			for (const { env, args } of commandLines(here(sh ?? ""))) {
				const { code, stdout, stderr } = await startCli(folder, args, {
					AWS_EC2_METADATA_DISABLED: "true",
					...env,
				}).ended;
				expect(code, `${task}: ${args.join(" ")}\n${stderr}`).toBe(0);
				said.push(stdout);
			}
		}
		expect(said.length).toBeGreaterThan(15);
		// What was written is what was asked for.
		const told = await startCli(folder, ["info", "--json", "sharded.ome.zarr", "older.ome.zarr", "cells.n5"])
			.ended;
		expect(told.lines.map(({ format, version }) => `${format} ${version}`)).toEqual([
			"ome-zarr 0.5",
			"ome-zarr 0.4",
			"n5 4.0.0",
		]);
		// 128, and no more than this image fills.
		expect(told.lines[0].images[0].levels[0]).toMatchObject({
			chunks: [32, 32, 32],
			shards: [64, 64, 64],
		});
	}, 180_000);
});

it("a line that calls something else is refused, and lines may go on", () => {
	expect(() => commandLines("aws s3 sync . s3://x")).toThrow("does not call chunkwise");
	expect(commandLines("# what\nA=b npx chunkwise info \\\n  x.zarr")).toEqual([
		{ env: { A: "b" }, args: ["info", "x.zarr"] },
	]);
});
