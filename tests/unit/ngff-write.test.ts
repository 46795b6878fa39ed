/** Writing OME-NGFF in its versions, and in shards. */
import { describe, expect, test } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { info } from "../../src/lib/ngff/info.ts";
import { readLevel, readMultiscales } from "../../src/lib/ngff/multiscales.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import type { ReadableStore } from "../../src/lib/stores/store.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";

const cells = (factors = [2]) =>
	toMultiscale(
		toSpatialImage(
			{ data: Uint16Array.from({ length: 9 * 20 * 30 }, (_, i) => i % 4001), shape: [9, 20, 30] },
			{
				scale: { z: 0.5, y: 0.25, x: 0.25 },
				translation: { z: 10 },
				units: { z: "µm", y: "um", x: "um" },
				name: "cells",
				attrs: { Software: "test" },
			},
		),
		factors,
		{ chunks: 8 },
	);

const json = async (store: ReadableStore, key: `/${string}`) =>
	JSON.parse(new TextDecoder().decode((await store.get(key)) as Uint8Array));

describe("OME-NGFF 0.4", () => {
	test("is metadata in .zattrs on Zarr 2, axes in the arrays' order, scale then translation", async () => {
		const store = memoryStore();
		const report = await toNgffZarr(store, await cells(), { version: "0.4" });
		const { multiscales, ...rest } = await json(store, "/.zattrs");
		expect(rest).toEqual({});
		expect(multiscales).toHaveLength(1);
		const { metadata, ...entry } = multiscales[0];
		expect(entry).toEqual({
			version: "0.4",
			name: "cells",
			axes: ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" })),
			datasets: [
				{
					path: "scale0/cells",
					coordinateTransformations: [
						{ type: "scale", scale: [0.5, 0.25, 0.25] },
						{ type: "translation", translation: [10, 0, 0] },
					],
				},
				{
					path: "scale1/cells",
					coordinateTransformations: [
						{ type: "scale", scale: [1, 0.5, 0.5] },
						{ type: "translation", translation: [10.75, 0.125, 0.125] },
					],
				},
			],
			type: "mean",
		});
		expect(metadata.kwargs).toEqual({ method: "mean", scaleFactors: [{ z: 2, y: 2, x: 2 }] });
		for (const group of ["", "/scale0", "/scale1"]) {
			expect(await json(store, `${group}/.zgroup` as `/${string}`)).toEqual({ zarr_format: 2 });
		}
		expect(await json(store, "/scale1/cells/.zattrs")).toEqual({
			Software: "test",
			_ARRAY_DIMENSIONS: ["z", "y", "x"],
		});
		expect(await json(store, "/scale1/cells/.zarray")).toMatchObject({
			shape: [4, 10, 15],
			chunks: [4, 8, 8],
			dtype: "<u2",
			dimension_separator: "/",
		});
		const keys = await listKeys(store);
		expect(keys).toContain("scale0/cells/1/2/3");
		expect(keys.filter((key) => key.endsWith("zarr.json"))).toEqual([]);
		expect(report.objects).toBe(keys.length);
	});

	test("is read as what was written, attributes and all", async () => {
		const store = memoryStore();
		const multiscale = await cells([2, 2]);
		await toNgffZarr(store, multiscale, { version: "0.4", codec: "zstd", path: "a/b" });
		expect(await info(store, "a/b")).toMatchObject({ format: "ome-zarr", version: "0.4", zarrFormat: 2 });
		const [image] = await readMultiscales(await openGroup(store, "a/b"));
		for (const [i, level] of multiscale.levels.entries()) {
			const read = await readLevel(image, i);
			expect(read.data).toEqual(level.data);
			expect([read.scale, read.translation]).toEqual([level.scale, level.translation]);
			expect(read.units).toEqual({ z: "micrometer", y: "micrometer", x: "micrometer" });
			expect(read.attrs).toEqual(level.attrs);
		}
	});

	test("has no shards, and says so before anything is written", async () => {
		const store = memoryStore();
		await expect(toNgffZarr(store, await cells(), { version: "0.4", shards: 16 })).rejects.toMatchObject({
			code: "bad-shards",
		});
		expect(store.count).toBe(0);
	});
});

describe("shards", () => {
	test("are whole chunks, no more than a level has, and hold the same values", async () => {
		for (const indexLocation of ["start", "end"] as const) {
			const store = memoryStore();
			const multiscale = await cells([2, 2]);
			const done: number[] = [];
			const report = await toNgffZarr(store, multiscale, {
				shards: 16,
				indexLocation,
				onProgress: (progress) => done.push(progress.done),
			});
			expect(report.levels.map((level) => level.shards)).toEqual([
				[16, 16, 16],
				[4, 16, 16],
				[2, 5, 7],
			]);
			expect(done.at(-1)).toBe(multiscale.chunkCounts.reduce((a, b) => a + b));
			// 9 × 20 × 30 in shards of 16: 1 × 2 × 2.
			expect((await listKeys(store, "scale0/cells/c")).length).toBe(4);
			const [image] = await readMultiscales(await openGroup(store));
			for (const [i, level] of multiscale.levels.entries()) {
				expect(image.levels[i].chunks).toEqual(multiscale.chunks[i]);
				expect((await readLevel(image, i)).data).toEqual(level.data);
			}
		}
	});

	test("may be given by axis", async () => {
		const store = memoryStore();
		const report = await toNgffZarr(store, await cells([]), { shards: { x: 24 } });
		expect(report.levels[0].shards).toEqual([8, 8, 24]);
	});

	test.each([[12], [{ x: 0 }], [{ t: 8 }], [1.5]] as const)("of %o are refused", async (shards) => {
		const store = memoryStore();
		await expect(toNgffZarr(store, await cells(), { shards })).rejects.toMatchObject({ code: "bad-shards" });
		expect(store.count).toBe(0);
	});

	test("of time and channels are one chunk long", async () => {
		const image = toSpatialImage(
			{ data: new Uint8Array(3 * 2 * 8 * 8), shape: [3, 2, 8, 8] },
			{ dims: ["t", "c", "y", "x"] },
		);
		const report = await toNgffZarr(memoryStore(), await toMultiscale(image, [], { chunks: 4 }), {
			shards: 8,
		});
		expect(report.levels[0].shards).toEqual([1, 1, 8, 8]);
	});
});
