/** `chunkwise stats` on files made here and on the fixtures. */
import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inStackFolder, sha, stack, total, values } from "../support/cli-stack.ts";
import { allExpected, type Expected, fixture, fixturesDir } from "../support/fixtures.ts";
import { buildTiff } from "./tiff-builder.ts";

const { at, run } = inStackFolder();

describe("stats", () => {
	it("reads a smaller copy below a page, and hashes numbers that have no order", async () => {
		const small = { dtype: "uint8" as const, width: 2, height: 2, values: Uint8Array.of(5, 6, 7, 9) };
		const page = { dtype: "uint8" as const, width: 4, height: 4, values: new Uint8Array(16), below: [small] };
		writeFileSync(at("below.tif"), buildTiff({ pages: [page] }));
		mkdirSync(at("complex.zarr/c"), { recursive: true });
		const document = {
			zarr_format: 3,
			node_type: "array",
			shape: [3],
			data_type: "complex64",
			chunk_grid: { name: "regular", configuration: { chunk_shape: [3] } },
			chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
			fill_value: [0, 0],
			codecs: [{ name: "bytes", configuration: { endian: "little" } }],
		};
		writeFileSync(at("complex.zarr/zarr.json"), JSON.stringify(document));
		const parts = Float32Array.of(1, -2, 0.5, Number.NaN, 3, 0);
		writeFileSync(at("complex.zarr/c/0"), new Uint8Array(parts.buffer));
		const { code, lines } = await run(
			"stats",
			"--json",
			"below.tif#page/0/sub/0",
			"below.tif#page/0/sub/1",
			"complex.zarr",
		);
		expect(code).toBe(1);
		expect(lines[0]).toMatchObject({
			array: "page/0/sub/0",
			dtype: "uint8",
			shape: [2, 2],
			min: 5,
			max: 9,
			sum: 27,
			sha256: sha(small.values),
		});
		expect(lines[1].error).toMatchObject({ code: "no-such-page" });
		expect(lines[2]).toMatchObject({
			dtype: "complex64",
			shape: [3],
			min: null,
			max: null,
			sum: null,
			sha256: sha(new Uint8Array(parts.buffer)),
		});
	});

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

describe.skipIf(!fixturesDir)("stats of the fixtures", () => {
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
});
