/** `convert` from and to every form, as a function: the program itself is run by cli.test.ts. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convert } from "../../src/cli/convert-command.ts";
import { convertText } from "../../src/cli/convert-text.ts";
import { statsOf } from "../../src/cli/stats-command.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { info } from "../../src/lib/ngff/info.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const levelsOf = async (name: string) => (await info(folderStore(at(name)))).images[0].levels;
const hash = async (path: string) => (await statsOf(path, {})).sha256;

const data = Uint16Array.from({ length: 8 * 24 * 40 }, (_, i) => (i * 31) % 5003);

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise convert "));
	const image = toSpatialImage(
		{ data, shape: [8, 24, 40] },
		{ scale: { z: 2, y: 0.5, x: 0.5 }, units: { z: "um", y: "um", x: "um" }, name: "cells" },
	);
	await toNgffZarr(
		folderStore(at("in.zarr")),
		await toMultiscale(image, [2], { chunks: 8, method: "nearest" }),
	);
	await writeArray(folderStore(at("array.zarr")), "a", {
		data: Uint8Array.from({ length: 60 }, (_, i) => i),
		shape: [6, 10],
		chunks: [4, 5],
		dtype: "uint8",
		codec: "zlib",
		zarrFormat: 2,
		separator: ".",
	});
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("an OME-Zarr", () => {
	it("is converted to 0.4 and back, its levels, coordinates and chunks kept", async () => {
		const old = await convert(at("in.zarr"), at("old.zarr"), { format: "ome-zarr-0.4", codec: "zstd" });
		expect(old).toMatchObject({ format: "ome-zarr-0.4", codec: "zstd" });
		expect(existsSync(at("old.zarr/.zattrs"))).toBe(true);
		await convert(at("old.zarr"), at("new.zarr"));
		const [before, between, after] = await Promise.all(["in.zarr", "old.zarr", "new.zarr"].map(levelsOf));
		expect(before).toHaveLength(2);
		expect(after).toEqual(before);
		for (const [i, level] of before.entries()) {
			expect(between[i]).toMatchObject({
				shape: level.shape,
				scale: level.scale,
				translation: level.translation,
			});
			const wanted = await hash(`${at("in.zarr")}#${level.path}`);
			expect(await hash(`${at("old.zarr")}#${level.path}`)).toBe(wanted);
			expect(await hash(`${at("new.zarr")}#${level.path}`)).toBe(wanted);
		}
		const { attributes } = JSON.parse(
			new TextDecoder().decode(await folderStore(at("new.zarr")).get("/zarr.json")),
		);
		// How the levels were made is known by name alone: nothing is claimed about who made them.
		expect(attributes.ome.multiscales[0].type).toBe("nearest");
		expect(attributes.ome.multiscales[0].metadata).toBeUndefined();
	});

	it("is cut into other chunks and shards", async () => {
		const result = await convert(at("in.zarr"), at("sharded.zarr"), { chunks: [4], shards: [8, 16, 16] });
		expect(result.levels).toMatchObject([
			{ shape: [8, 24, 40], chunks: [4, 4, 4], shards: [8, 16, 16], chunkCount: 120 },
			{ shape: [4, 12, 20], chunks: [4, 4, 4], shards: [4, 12, 16] },
		]);
		expect(convertText(result)).toContain("in 120 chunks of 4 × 4 × 4, shards of 8 × 16 × 16");
		for (const level of await levelsOf("in.zarr")) {
			const wanted = await hash(`${at("in.zarr")}#${level.path}`);
			expect(await hash(`${at("sharded.zarr")}#${level.path}`)).toBe(wanted);
		}
	});

	it("begins with the level named, and has new levels where these are asked for", async () => {
		const named = `${at("in.zarr")}#scale1/cells`;
		await convert(named, at("level1.zarr"), { scaleFactors: [2], method: "mode" });
		const [, source] = await levelsOf("in.zarr");
		const [first, second] = await levelsOf("level1.zarr");
		expect(first).toMatchObject({ shape: [4, 12, 20], scale: source.scale, translation: source.translation });
		expect(second).toMatchObject({ shape: [2, 6, 10], scale: [8, 2, 2] });
		expect(await hash(`${at("level1.zarr")}#${first.path}`)).toBe(await hash(named));
	});
});

describe("an array", () => {
	it("becomes an image with the usual axes", async () => {
		const result = await convert(`${at("array.zarr")}#a`, at("from-array.zarr"), { scaleFactors: [2] });
		expect(result.levels).toMatchObject([
			{ path: "scale0/a", shape: [6, 10], chunks: [4, 5] },
			{ path: "scale1/a", shape: [3, 5], chunks: [3, 5] },
		]);
		expect(await hash(`${at("from-array.zarr")}#scale0/a`)).toBe(await hash(`${at("array.zarr")}#a`));
	});

	it("of an image keeps the coordinates that the image gives it", async () => {
		await convert(`${at("in.zarr")}#scale1/cells`, at("one.zarr"), { scaleFactors: [] });
		const [, source] = await levelsOf("in.zarr");
		const levels = await levelsOf("one.zarr");
		expect(levels).toMatchObject([
			{ scale: source.scale, translation: source.translation, shape: source.shape },
		]);
	});

	it("in a group with others must be named", async () => {
		await expect(convert(at("array.zarr"), at("none.zarr"))).rejects.toMatchObject({ code: "not-zarr" });
		const store = folderStore(at("two.zarr"));
		await store.set("/.zgroup", new TextEncoder().encode('{"zarr_format": 2}'));
		for (const name of ["a", "b"]) {
			await writeArray(store, name, {
				data: new Uint8Array(4),
				shape: [2, 2],
				chunks: [2, 2],
				dtype: "uint8",
				codec: "none",
				zarrFormat: 2,
			});
		}
		await expect(convert(at("two.zarr"), at("none.zarr"))).rejects.toMatchObject({
			code: "several-images",
			remedy: `Name one: ${at("two.zarr")}#a, ${at("two.zarr")}#b.`,
		});
		expect(existsSync(at("none.zarr"))).toBe(false);
	});
});

describe.skipIf(!fixturesDir)("real files (skipped where ../shared/fixtures is absent)", () => {
	it.each([
		["ome-zarr/fiji_java/4d_xyzt_v4.ome.zarr", "ome-zarr-0.5"],
		["ome-zarr/fiji_java/2d_v5.ome.zarr", "ome-zarr-0.4"],
	] as const)("%s to %s holds the same values", async (name, format) => {
		const out = `${name.split("/").at(-1)} as ${format}`;
		const result = await convert(fixture(name), at(out), { format });
		const source = (await info(folderStore(fixture(name)))).images[0];
		expect(result.levels.map((level) => level.shape)).toEqual(source.levels.map((level) => level.shape));
		for (const [i, level] of source.levels.entries()) {
			expect(await hash(`${at(out)}#${result.levels[i].path}`)).toBe(
				await hash(`${fixture(name)}#${level.path}`),
			);
		}
	});
});

describe("what the call says of the axes", () => {
	it("stands in place of what the input says, and each axis has a factor of its own", async () => {
		await convert(at("in.zarr#scale0/cells"), at("said.zarr"), {
			...{ dims: ["t", "y", "x"], scale: [30, 0.2, 0.1], units: ["second", "micrometer", "micrometer"] },
			...{
				scaleFactors: [
					[2, 2],
					[1, 2],
				],
				chunks: [1, 24, 40],
			},
		});
		const [image] = (await info(folderStore(at("said.zarr")))).images;
		expect(image.axes.map(({ name, unit }) => [name, unit])).toEqual([
			["t", "second"],
			["y", "micrometer"],
			["x", "micrometer"],
		]);
		expect(image.levels.map(({ shape, scale }) => [shape, scale])).toEqual([
			[
				[8, 24, 40],
				[30, 0.2, 0.1],
			],
			[
				[8, 12, 20],
				[30, 0.4, 0.2],
			],
			[
				[8, 12, 10],
				[30, 0.4, 0.4],
			],
		]);
		expect(await hash(at("said.zarr#scale0/cells"))).toBe(await hash(at("in.zarr#scale0/cells")));
	});

	it("is said with one value for all axes of space, and refused where it does not fit", async () => {
		await convert(at("in.zarr"), at("spaced.zarr"), { scale: [3], units: ["none"] });
		const [image] = (await info(folderStore(at("spaced.zarr")))).images;
		expect(image.levels[0].scale).toEqual([3, 3, 3]);
		expect(image.axes[0].unit).toBeUndefined();
		const wrong = { scale: [1, 2], scaleFactors: [[2, 2]] };
		await expect(convert(at("in.zarr"), at("no.zarr"), { scale: wrong.scale })).rejects.toMatchObject({
			code: "bad-axes",
		});
		await expect(
			convert(at("in.zarr"), at("no.zarr"), { scaleFactors: wrong.scaleFactors }),
		).rejects.toMatchObject({
			code: "bad-scale-factor",
		});
		// Not a change of version alone, which would copy the documents as they are.
		await convert(at("in.zarr"), at("other.zarr"), { format: "ome-zarr-0.4", scale: [7] });
		expect((await levelsOf("other.zarr"))[0].scale).toEqual([7, 7, 7]);
	});
});
