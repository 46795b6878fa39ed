/** `chunkwise convert` of a stack of pages, and of the course's sample. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { startCli } from "../support/cli.ts";
import { inStackFolder, sha, total, values } from "../support/cli-stack.ts";
import { allExpected, fixture, fixturesDir } from "../support/fixtures.ts";
import { buildTiff, testValues } from "./tiff-builder.ts";

const { place, at, run } = inStackFolder();

describe("convert", () => {
	it("makes an OME-Zarr that holds the same values", async () => {
		const { code, lines, stderr } = await run(
			"convert",
			"--json",
			"stack.tif",
			"out.ome.zarr",
			"--chunks",
			"2,8,8",
		);
		expect([code, stderr, lines.length]).toEqual([0, "", 1]);
		expect(lines[0]).toMatchObject({
			path: "stack.tif",
			out: "out.ome.zarr",
			format: "ome-zarr-0.5",
			codec: "blosc-lz4",
			levels: [
				{ path: "scale0/stack", shape: [4, 12, 20], chunks: [2, 8, 8], chunkCount: 12 },
				{ path: "scale1/stack", shape: [2, 6, 10], chunks: [2, 6, 8], chunkCount: 2 },
				{ path: "scale2/stack", shape: [2, 1, 2] },
			],
		});
		const [found, ...stats] = (await run("info", "--json", "out.ome.zarr")).lines.concat(
			(await run("stats", "--json", "out.ome.zarr", "out.ome.zarr#scale0/stack", "out.ome.zarr/scale0/stack"))
				.lines,
		);
		expect(found).toMatchObject({
			format: "ome-zarr",
			version: "0.5",
			zarrFormat: 3,
			images: [
				{
					name: "stack",
					axes: [{ name: "z", type: "space", unit: "micrometer" }, { name: "y" }, { name: "x" }],
				},
			],
		});
		expect(found.images[0].levels.map((level: { scale: number[] }) => level.scale)).toEqual([
			[2, 0.5, 0.5],
			[4, 1, 1],
			// Two slices are too few for a factor of 4.
			[4, 4, 4],
		]);
		expect(stats.map((line) => [line.array, line.sha256, line.sum])).toEqual([
			["scale0/stack", sha(values), total(values)],
			["scale0/stack", sha(values), total(values)],
			["", sha(values), total(values)],
		]);
	});

	it("refuses to replace what is there unless told to, and never what is no Zarr", async () => {
		expect((await run("convert", "stack.tif", "twice.zarr", "--scale-factors", "none")).code).toBe(0);
		const before = readFileSync(at("twice.zarr/zarr.json"), "utf8");
		const refused = await run("convert", "--json", "stack.tif", "twice.zarr");
		expect([refused.code, refused.lines[0].error.code]).toEqual([1, "out-exists"]);
		expect(readFileSync(at("twice.zarr/zarr.json"), "utf8")).toBe(before);

		writeFileSync(at("twice.zarr/leftover"), "of the former one");
		const again = await run(
			"convert",
			"--json",
			"stack.tif#page/1",
			"twice.zarr",
			"--overwrite",
			"--codec",
			"zstd",
		);
		expect(again.lines[0]).toMatchObject({
			codec: "zstd",
			levels: [{ shape: [12, 20] }, { shape: [6, 10] }, { shape: [1, 2] }],
		});
		expect(existsSync(at("twice.zarr/leftover"))).toBe(false);

		mkdirSync(at("photos"));
		writeFileSync(at("photos/cat.jpg"), "meow");
		const photos = await run("convert", "--json", "stack.tif", "photos", "--overwrite");
		expect(photos.lines[0].error.code).toBe("out-not-zarr");
		expect(readdirSync(at("photos"))).toEqual(["cat.jpg"]);
	});

	it("leaves nothing behind when it fails", async () => {
		for (const args of [
			["broken.tif", "failed.zarr"],
			["stack.tif", "failed.zarr", "--scale-factors", "50"],
			["stack.tif", "failed.zarr", "--chunks", "1,2"],
			["page.html", "failed.zarr"],
			["empty", "failed.zarr"],
			["n5", "failed.zarr"],
		]) {
			const { code, stdout, stderr } = await run("convert", ...args);
			expect([args, code, stdout]).toEqual([args, 1, ""]);
			expect(stderr).toMatch(/^chunkwise: .+\n {2}.+/);
		}
		expect(readdirSync(place.folder).filter((name) => name.includes("failed"))).toEqual([]);
	});

	it("stops on a signal, without half an image under the final name", async () => {
		const page = { width: 1024, height: 1024, dtype: "uint8" as const, values: testValues("uint8", 1 << 20) };
		writeFileSync(at("large.tif"), buildTiff({ pages: Array.from({ length: 8 }, () => page) }));
		const { child, ended } = startCli(place.folder, [
			"convert",
			"large.tif",
			"stopped.zarr",
			"--chunks",
			"8",
			"--codec",
			"gzip",
		]);
		const remains = () => readdirSync(place.folder).filter((name) => name.startsWith("stopped.zarr"));
		while (child.exitCode === null && remains().length === 0)
			await new Promise((done) => setTimeout(done, 5));
		expect(remains()).toEqual([expect.stringMatching(/\.unfinished$/)]);
		child.kill("SIGINT");
		const { code, stderr } = await ended;
		expect([code, stderr]).toEqual([130, "chunkwise: stopped\n"]);
		expect(remains()).toEqual([]);
	});
});

describe.skipIf(!fixturesDir)("convert of the fixtures", () => {
	it("converts the course's sample to the reference's levels", async () => {
		const sample = fixture("derived/HL50_cell.tif");
		const { code, lines } = await run("convert", "--json", sample, "HL50.zarr", "--scale-factors", "2,4");
		expect([code, lines[0].levels.map((level: { chunkCount: number }) => level.chunkCount)]).toEqual([
			0,
			[72, 6, 1],
		]);
		const levels = [0, 1, 2].map((level) => `scale${level}/HL50_cell`);
		const stats = await run("stats", "--json", ...levels.map((level) => `HL50.zarr#${level}`));
		const reference = levels.map((level) =>
			allExpected().find((entry) => entry.path.endsWith("HL50_cell.zarr") && entry.array_path === level),
		);
		expect(stats.lines.map((line) => [line.shape, line.sha256])).toEqual(
			reference.map((entry) => [entry?.shape, entry?.sha256]),
		);
		const found = (await run("info", "--json", "HL50.zarr")).lines[0];
		expect(found.images[0].levels.map((level: { translation: number[] }) => level.translation)).toEqual([
			[0, 0, 0],
			[1.5, 0.5, 1.5],
			[4.5, 7.5, 6.5],
		]);
	});
});
