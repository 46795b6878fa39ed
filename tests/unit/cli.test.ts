/** The real program as a child process, on files made here and on the fixtures. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveFolder } from "../../src/cli/serve.ts";
import { folderStore, writeZip } from "../../src/lib/node.ts";
import { allExpected, type Expected, fixture, fixturesDir } from "../support/fixtures.ts";
import { buildTiff, type PageSpec, testValues } from "./tiff-builder.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");
let folder: string;
const at = (name: string) => join(folder, name);

interface Outcome {
	code: number | null;
	stdout: string;
	stderr: string;
	/** One parsed document for each line of stdout. */
	// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes
	lines: any[];
}

function start(...args: string[]): { child: ChildProcess; ended: Promise<Outcome> } {
	const child = spawn(process.execPath, [main, ...args], { cwd: folder });
	let stdout = "";
	let stderr = "";
	child.stdout.on("data", (data) => {
		stdout += data;
	});
	child.stderr.on("data", (data) => {
		stderr += data;
	});
	const ended = new Promise<Outcome>((done) => {
		child.on("close", (code) => {
			const lines = args.includes("--json")
				? stdout
						.split("\n")
						.slice(0, -1)
						.map((line) => JSON.parse(line))
				: [];
			done({ code, stdout, stderr, lines });
		});
	});
	return { child, ended };
}

const run = (...args: string[]) => start(...args).ended;

const values = testValues("uint16", 4 * 12 * 20);
const stack = Array.from(
	{ length: 4 },
	(_, page): PageSpec => ({
		width: 20,
		height: 12,
		dtype: "uint16",
		compression: 8,
		predictor: 2,
		rowsPerStrip: 5,
		values: values.subarray(page * 240, (page + 1) * 240) as Uint16Array,
		tags:
			page === 0
				? {
						270: [2, "ImageJ=1.54f\nimages=4\nslices=4\nunit=micron\nspacing=2\n"],
						282: [5, [2, 1]],
						283: [5, [2, 1]],
						296: [3, [1]],
					}
				: {},
	}),
);
const sha = (bytes: ArrayBufferView) =>
	createHash("sha256")
		.update(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
		.digest("hex");
const total = (numbers: Iterable<number | bigint>) => {
	let sum = 0;
	for (const number of numbers) sum += Number(number);
	return sum;
};

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise cli "));
	writeFileSync(at("stack.tif"), buildTiff({ pages: stack }));
	writeFileSync(at("differ.tif"), buildTiff({ pages: [stack[0], { ...stack[1], height: 6 }] }));
	writeFileSync(at("broken.tif"), buildTiff({ pages: stack }).slice(0, 1500));
	writeFileSync(at("page.html"), "<!doctype html>");
	writeFileSync(at("archive.ozx"), "PK");
	mkdirSync(at("empty"));
	mkdirSync(at("n5"));
	writeFileSync(at("n5/attributes.json"), '{"n5":"4.0.0"}');
});

afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});

describe("the call", () => {
	it("shows help for the command and for each subcommand, with examples", async () => {
		const calls = [
			[["--help"], "Commands:"],
			[["help", "stats"], "chunkwise stats"],
			[["info", "--help"], "Usage: chunkwise info"],
			[["stats", "-h"], "Usage: chunkwise stats"],
			[["convert", "--help"], "Usage: chunkwise convert"],
			[["serve", "--help"], "Usage: chunkwise serve"],
		] as const;
		const outcomes = await Promise.all(calls.map(([args]) => run(...args)));
		for (const [i, [args, says]] of calls.entries()) {
			const { code, stdout, stderr } = outcomes[i];
			expect([args, code, stderr]).toEqual([args, 0, ""]);
			expect(stdout).toContain(says);
			expect(stdout).toContain("Examples:\n  chunkwise");
		}
		const { version } = JSON.parse(readFileSync(join(main, "../../../package.json"), "utf8"));
		expect((await run("--version")).stdout).toBe(`${version}\n`);
	});

	it.each([
		[[], "Usage: chunkwise COMMAND"],
		[["frobnicate"], "no command frobnicate"],
		[["--frobnicate"], "no option --frobnicate"],
		[["info"], "PATH is missing"],
		[["stats", "--frobnicate", "a"], "--frobnicate"],
		[["convert", "stack.tif"], "IN and OUT"],
		[["convert", "stack.tif", "out", "--format", "png"], "not known"],
		[["convert", "stack.tif", "out", "--codec", "rar"], "blosc-lz4"],
		[["convert", "stack.tif", "out", "--scale-factors", "2,x"], "whole numbers"],
		[["convert", "stack.tif", "out", "--chunks", "0"], "whole numbers"],
		[["convert", "stack.tif", "out", "--shards", "0"], "whole numbers"],
		[["convert", "stack.tif", "out", "--shards", "8", "--format", "ome-zarr-0.4"], "ome-zarr-0.5"],
		[["convert", "stack.tif", "out", "--level", "-"], "0 (fastest) to 9"],
		[["convert", "stack.tif", "out", "--level", "1", "--codec", "none"], "no compression levels"],
		[["convert", "stack.tif", "out", "--format", "n5", "--shards", "8"], "without shards"],
		[["convert", "stack.tif", "out", "--method", "median"], "bin-shrink"],
		[["serve"], "one FOLDER"],
		[["serve", ".", "--port", "x"], "--port"],
	] as [string[], string][])("%j is wrong: exit 2, nothing on stdout", async (args, says) => {
		const { code, stdout, stderr } = await run(...args);
		expect([code, stdout]).toEqual([2, ""]);
		expect(stderr).toContain(says);
	});
});

describe("info", () => {
	it("tells what a TIFF is, without reading its pixels", async () => {
		const { code, lines, stderr } = await run(
			"info",
			"--json",
			"stack.tif",
			"differ.tif",
			"stack.tif#page/2",
		);
		expect([code, stderr]).toEqual([0, ""]);
		expect(lines[0]).toEqual({
			path: "stack.tif",
			format: "tiff",
			version: "6.0",
			zarrFormat: null,
			images: [
				{
					path: "",
					name: "stack.tif",
					axes: ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" })),
					levels: [
						{
							path: "",
							shape: [4, 12, 20],
							chunks: [1, 5, 20],
							shards: null,
							dtype: "uint16",
							byteOrder: "little",
							codecs: [{ name: "predictor", configuration: { predictor: 2 } }, { name: "deflate" }],
							scale: [2, 0.5, 0.5],
							translation: [0, 0, 0],
							chunkCount: 12,
						},
					],
				},
			],
			labels: [],
			requests: expect.any(Number),
			bytes: expect.any(Number),
		});
		expect(lines[0].requests).toBeGreaterThan(0);
		expect(lines[1].images.map((image: { path: string }) => image.path)).toEqual(["page/0", "page/1"]);
		expect(lines[2].images[0]).toMatchObject({ path: "page/2", levels: [{ shape: [12, 20] }] });
	});

	it("tells people the same", async () => {
		const { code, stdout } = await run("info", "stack.tif");
		expect(code).toBe(0);
		expect(stdout).toContain("stack.tif: TIFF 6.0");
		expect(stdout).toContain("axes z (micrometer), y (micrometer), x (micrometer)");
		expect(stdout).toMatch(/4 × 12 × 20 +uint16 +1 × 5 × 20 +- +12 +predictor → deflate +2, 0\.5, 0\.5/);
		expect(stdout).toMatch(/found out with \d+ requests?, /);
	});

	it("tells of pages that cannot be read why", async () => {
		writeFileSync(at("fax.tif"), buildTiff({ pages: [{ ...stack[0], tags: { 259: [3, [4]] } }] }));
		const { code, lines } = await run("info", "--json", "fax.tif");
		expect(code).toBe(0);
		expect(lines[0].images[0].levels[0]).toMatchObject({
			dtype: null,
			problem: { code: "tiff-unsupported", message: expect.stringContaining("fax") },
		});
	});
});

describe("stats", () => {
	it("prints one JSON line for each PATH, errors among them, and goes on", async () => {
		const { code, lines, stdout } = await run(
			"stats",
			"--json",
			"stack.tif",
			"none.tif",
			"page.html",
			"stack.tif#page/1",
			"broken.tif",
			"differ.tif",
			"differ.tif#stack",
			"stack.tif#page/9",
			"stack.tif#wrong",
			"archive.ozx",
			"empty",
			"n5",
			"stack.tif#stack",
		);
		expect(code).toBe(1);
		expect(stdout.endsWith("}\n")).toBe(true);
		expect(lines[0]).toEqual({
			path: "stack.tif",
			array: "stack",
			dtype: "uint16",
			shape: [4, 12, 20],
			min: Math.min(...(values as Uint16Array)),
			max: Math.max(...(values as Uint16Array)),
			sum: total(values),
			sha256: sha(values),
		});
		const page = stack[1].values as Uint16Array;
		expect(lines[3]).toMatchObject({
			path: "stack.tif#page/1",
			array: "page/1",
			shape: [12, 20],
			sha256: sha(page),
		});
		// Where the pages differ it is the first.
		expect(lines[5]).toMatchObject({ array: "page/0", shape: [12, 20] });
		expect(lines[12]).toMatchObject({ array: "stack", sha256: sha(values) });
		const errors = lines.filter((line) => line.error);
		expect(errors.map((line) => [line.path, line.error.code])).toEqual([
			["none.tif", "file-not-found"],
			["page.html", "not-a-tiff"],
			["broken.tif", "tiff-truncated"],
			["differ.tif#stack", "tiff-pages-differ"],
			["stack.tif#page/9", "no-such-page"],
			["stack.tif#wrong", "no-such-node"],
			["archive.ozx", "zip-damaged"],
			["empty", "not-zarr"],
			["n5", "not-an-array"],
		]);
		for (const line of errors) {
			expect(Object.keys(line)).toEqual(["path", "error"]);
			expect(Object.keys(line.error)).toEqual(["code", "message", "remedy"]);
			expect(line.error.remedy.length).toBeGreaterThan(5);
		}
	});

	it("prints errors with their remedies for people, on stderr", async () => {
		const { code, stdout, stderr } = await run("stats", "none.tif", "stack.tif");
		expect(code).toBe(1);
		expect(stderr).toBe("chunkwise: none.tif: There is no such file or folder.\n  Check the path.\n");
		expect(stdout).toContain(`sha256  ${sha(values)}`);
	});

	it("takes a name with a # for what it is", async () => {
		writeFileSync(at("cells #1.tif"), buildTiff({ pages: [stack[2]] }));
		const { lines } = await run("stats", "--json", "cells #1.tif", "cells #1.tif#page/0");
		expect(lines.map((line) => line.sha256)).toEqual([
			sha(stack[2].values as Uint16Array),
			sha(stack[2].values as Uint16Array),
		]);
		expect(lines[0].array).toBe("page/0");
	});

	it("gives sums of 64 bits as strings", async () => {
		const large = BigInt64Array.of(2n ** 62n, 2n ** 62n, 2n ** 62n, -5n);
		writeFileSync(
			at("int64.tif"),
			buildTiff({ pages: [{ width: 2, height: 2, dtype: "int64", values: large }] }),
		);
		const { lines } = await run("stats", "--json", "int64.tif");
		expect(lines[0]).toMatchObject({
			min: -5,
			max: String(2n ** 62n),
			sum: String(3n * 2n ** 62n - 5n),
			sha256: sha(large),
		});
	});
});

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
		expect(readdirSync(folder).filter((name) => name.includes("failed"))).toEqual([]);
	});

	it("stops on a signal, without half an image under the final name", async () => {
		const page = { width: 1024, height: 1024, dtype: "uint8" as const, values: testValues("uint8", 1 << 20) };
		writeFileSync(at("large.tif"), buildTiff({ pages: Array.from({ length: 8 }, () => page) }));
		const { child, ended } = start(
			"convert",
			"large.tif",
			"stopped.zarr",
			"--chunks",
			"8",
			"--codec",
			"gzip",
		);
		const remains = () => readdirSync(folder).filter((name) => name.startsWith("stopped.zarr"));
		while (child.exitCode === null && remains().length === 0)
			await new Promise((done) => setTimeout(done, 5));
		expect(remains()).toEqual([expect.stringMatching(/\.unfinished$/)]);
		child.kill("SIGINT");
		const { code, stderr } = await ended;
		expect([code, stderr]).toEqual([130, "chunkwise: stopped\n"]);
		expect(remains()).toEqual([]);
	});
});

describe("serve and addresses", () => {
	it("serves a folder until it is told to stop", async () => {
		const { child, ended } = start("serve", ".", "--port", "0", "--base", "/data/");
		const url = await new Promise<string>((done) =>
			child.stdout?.once("data", (data) => done(String(data).trim())),
		);
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/data\/$/);
		const part = await fetch(`${url}stack.tif`, { headers: { range: "bytes=0-3" } });
		expect([
			part.status,
			part.headers.get("content-type"),
			[...new Uint8Array(await part.arrayBuffer())],
		]).toEqual([206, "image/tiff", [0x49, 0x49, 42, 0]]);
		child.kill("SIGTERM");
		const { code, stderr } = await ended;
		expect([code, stderr]).toEqual([0, "206 GET /data/stack.tif bytes=0-3\n"]);
		expect((await run("serve", "none")).code).toBe(1);
	});

	it("reads TIFFs and Zarr over HTTP", async () => {
		await run("convert", "stack.tif", "served.zarr");
		const served = await serveFolder(folder, { port: 0 });
		const { code, lines } = await run(
			"stats",
			"--json",
			`${served.url}stack.tif`,
			`${served.url}stack.tif#page/1`,
			`${served.url}served.zarr#scale0/stack`,
			`${served.url}none.tif`,
			`${served.url}none.zarr`,
			"gs://bucket/key",
		);
		await served.close();
		expect(code).toBe(1);
		expect(lines.map((line) => line.sha256 ?? line.error.code)).toEqual([
			sha(values),
			sha(stack[1].values as Uint16Array),
			sha(values),
			"http-not-found",
			"http-not-found",
			"unsupported-scheme",
		]);
	});

	it("reads zipped Zarr, from a file and over HTTP", async () => {
		await run("convert", "stack.tif", "to-zip.zarr");
		const zip = await writeZip(folderStore(at("to-zip.zarr")));
		writeFileSync(at("image.ozx"), new Uint8Array(await zip.arrayBuffer()));
		const served = await serveFolder(folder, { port: 0 });
		const inside = "#scale0/stack";
		const { code, lines } = await run(
			"stats",
			"--json",
			`image.ozx${inside}`,
			`${served.url}image.ozx${inside}`,
		);
		await served.close();
		expect(code).toBe(0);
		expect(lines.map((line) => line.sha256)).toEqual([sha(values), sha(values)]);
		const info = await run("info", "--json", "image.ozx");
		expect(info.lines[0].images[0].levels[0]).toMatchObject({ path: "scale0/stack", dtype: "uint16" });
		writeFileSync(at("broken.zip"), "PK, and nothing more");
		expect((await run("info", "--json", "broken.zip")).lines[0].error.code).toBe("zip-damaged");
	});
});

describe.skipIf(!fixturesDir)("on the fixtures", () => {
	const path = (entry: Expected) => {
		const inner = entry.array_path && entry.kind !== "tiff" ? `#${entry.array_path}` : "";
		return fixture(entry.path) + inner;
	};
	const same = (line: Record<string, unknown>, entry: Expected) => {
		expect([line.path, line.error]).toEqual([path(entry), undefined]);
		expect({ path: line.path, dtype: line.dtype, shape: line.shape, sha256: line.sha256 }).toEqual({
			path: path(entry),
			dtype: entry.kind === "tiff" && entry.dtype === "bool" ? "uint8" : entry.dtype,
			shape: entry.shape,
			sha256: entry.sha256,
		});
		if (entry.dtype.startsWith("float")) {
			for (const key of ["min", "max"] as const) expect(line[key]).toBe(entry[key]);
			expect(Number(line.sum)).toBeCloseTo(Number(entry.sum), 6);
			expect(line.nanCount ?? 0).toBe(entry.nan_count ?? 0);
		} else {
			for (const key of ["min", "max", "sum"] as const) expect(String(line[key])).toBe(String(entry[key]));
		}
	};

	it("stats of every core TIFF are the expected ones", async () => {
		const core = allExpected().filter((entry) => entry.kind === "tiff" && entry.tier === "core");
		const { code, lines } = await run("stats", "--json", ...core.map(path));
		expect([code, lines.length]).toEqual([0, core.length]);
		for (const [i, entry] of core.entries()) {
			same(lines[i], entry);
			expect(lines[i].array).toBe(entry.array_path);
		}
	});

	it("stats of every Zarr array are the expected ones", async () => {
		const arrays = allExpected().filter((entry) => /^zarr[23]$/.test(entry.kind) && entry.sha256);
		const { lines } = await run("stats", "--json", ...arrays.map(path));
		expect(arrays.length).toBeGreaterThan(50);
		for (const [i, entry] of arrays.entries()) same(lines[i], entry);
	});

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

	it("info tells what every OME-Zarr of the fixtures is", async () => {
		const stores = ["hl50_cell/HL50_cell.zarr", "fiji_java/2d_v5.ome.zarr", "fiji_java/4d_xyzt_v4.ome.zarr"];
		const { code, lines } = await run("info", "--json", ...stores.map((name) => fixture(`ome-zarr/${name}`)));
		expect([code, lines.map((line) => [line.format, line.version, line.zarrFormat])]).toEqual([
			0,
			[
				["ome-zarr", "0.4", 2],
				["ome-zarr", "0.5", 3],
				["ome-zarr", "0.4", 2],
			],
		]);
	});
});
