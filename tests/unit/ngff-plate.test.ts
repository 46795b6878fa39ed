/** Plates, wells and sets of images: written, judged well by the validator, and read back, also without a listing. */
import { describe, expect, test } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { info } from "../../src/lib/ngff/info.ts";
import { type NgffPlate, readPlate, readWell, writePlate } from "../../src/lib/ngff/plate.ts";
import { readSeries, writeSeries } from "../../src/lib/ngff/series.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { type MemoryStore, memoryStore } from "../../src/lib/stores/memory.ts";
import type { ReadableStore } from "../../src/lib/stores/store.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";

const versions = ["0.4", "0.5"] as const;
const field = (name: string) =>
	toMultiscale(
		toSpatialImage(
			{ data: Uint8Array.from({ length: 64 }, (_, i) => i), shape: [8, 8] },
			{ name, units: { y: "um", x: "um" } },
		),
		[2],
	);
/** As plain HTTP: no listing. */
const unlisted = (store: MemoryStore): ReadableStore => ({ get: (key) => store.get(key) });

const plate = {
	name: "screen",
	rows: ["A", "B"],
	columns: ["1", "2", "3"],
	wells: [
		{
			row: "A",
			column: "2",
			fields: [
				{ path: "0", acquisition: 1 },
				{ path: "1", acquisition: 2 },
			],
		},
		{ row: "B", column: "3", fields: [{ path: "0", acquisition: 2 }] },
	],
	acquisitions: [{ id: 1, name: "day 1", startTime: 1343731272000 }, { id: 2 }],
};

describe("a plate", () => {
	test.each(versions)("of %s is written around its images and read back", async (version) => {
		const store = memoryStore();
		const paths = await writePlate(store, plate, { version, path: "p" });
		expect(paths).toEqual(["p/A/2/0", "p/A/2/1", "p/B/3/0"]);
		for (const path of paths) await toNgffZarr(store, await field(path), { version, path });
		expect((await validateStore(store, { path: "p", strict: true })).findings).toEqual([]);
		const group = await openGroup(store, "p");
		expect(readPlate(group)).toEqual({
			path: "p",
			version,
			name: "screen",
			rows: ["A", "B"],
			columns: ["1", "2", "3"],
			wells: [
				{ path: "A/2", row: "A", column: "2", rowIndex: 0, columnIndex: 1 },
				{ path: "B/3", row: "B", column: "3", rowIndex: 1, columnIndex: 2 },
			],
			acquisitions: [
				{ id: 1, name: "day 1", maximumFieldCount: 1, startTime: 1343731272000 },
				{ id: 2, name: "2", maximumFieldCount: 1 },
			],
			fieldCount: 2,
		} satisfies NgffPlate);
		expect(readWell(await group.openGroup("A/2"))).toEqual({
			path: "p/A/2",
			version,
			fields: [
				{ path: "0", acquisition: 1 },
				{ path: "1", acquisition: 2 },
			],
		});
		for (const at of [store, unlisted(store)]) {
			const found = await info(at, "p");
			expect(found).toMatchObject({
				format: "ome-zarr",
				version,
				plate: { name: "screen", wells: ["A/2", "B/3"], acquisitions: 2 },
			});
			expect(found.images.map((image) => image.path)).toEqual(paths);
			expect((await info(at, "p/A/2")).images.map((image) => image.path)).toEqual(paths.slice(0, 2));
		}
	});

	test.each([
		["no rows", { rows: [] }],
		["a row twice", { rows: ["A", "B", "A"] }],
		["a column with a space", { columns: ["1", "2", "3 "] }],
		["no wells", { wells: [] }],
		["a well of no row", { wells: [{ ...plate.wells[0], row: "C" }] }],
		["a well twice", { wells: [plate.wells[0], plate.wells[0]] }],
		["no fields", { wells: [{ ...plate.wells[0], fields: [] }] }],
		["a field with a slash", { wells: [{ ...plate.wells[0], fields: [{ path: "a/b", acquisition: 1 }] }] }],
		[
			"a field of no acquisition",
			{ wells: [{ ...plate.wells[0], fields: [{ path: "0", acquisition: 3 }] }] },
		],
		[
			"a field that does not say its acquisition",
			{ wells: [{ ...plate.wells[0], fields: [{ path: "0" }] }] },
		],
		["acquisitions of one id", { acquisitions: [{ id: 1 }, { id: 1 }] }],
	])("with %s is refused before anything is written", async (_, wrong) => {
		const store = memoryStore();
		await expect(writePlate(store, { ...plate, ...wrong })).rejects.toMatchObject({
			code: "bad-plate",
			remedy: /./,
		});
		expect(store.count).toBe(0);
	});

	test("of 0.1, without indices, has those of its wells' paths", async () => {
		const old = { rows: [{ name: "A" }], columns: [{ name: "1" }, { name: "2" }], wells: [{ path: "A/2" }] };
		const store = memoryStore(
			new Map([
				["/.zgroup", encodeJson({ zarr_format: 2 })],
				["/.zattrs", encodeJson({ plate: { ...old, version: "0.1" } })],
			]),
		);
		expect(readPlate(await openGroup(store))).toMatchObject({
			version: "0.1",
			wells: [{ path: "A/2", row: "A", column: "2", rowIndex: 0, columnIndex: 1 }],
		});
	});

	test("is not what an image is", async () => {
		const store = memoryStore();
		await toNgffZarr(store, await field("f"));
		const group = await openGroup(store);
		expect(() => readPlate(group)).toThrow(expect.objectContaining({ code: "no-plate" }));
		expect(() => readWell(group)).toThrow(expect.objectContaining({ code: "no-well" }));
		await expect(readSeries(group)).rejects.toMatchObject({ code: "no-series" });
	});
});

describe("a set of images", () => {
	test.each(versions)("of %s is listed in OME, in its order", async (version) => {
		const store = memoryStore();
		const names = ["1", "b", "0"];
		for (const name of names) await toNgffZarr(store, await field(name), { version, path: `s/${name}` });
		await writeSeries(store, names, { version, path: "s", omeXml: "<OME/>" });
		expect(await readSeries(await openGroup(store, "s"))).toEqual(names);
		expect((await validateStore(store, { path: "s", strict: true })).findings).toEqual([]);
		for (const at of [store, unlisted(store)]) {
			const found = await info(at, "s");
			expect(found.version).toBe(version);
			expect(found.images.map((image) => image.path)).toEqual(["s/1", "s/b", "s/0"]);
		}
	});

	test("without the group OME is numbered from 0", async () => {
		const store = memoryStore();
		for (const name of ["0", "1", "3"]) await toNgffZarr(store, await field(name), { path: name });
		await writeSeries(store, ["0"]);
		await store.delete("/OME/zarr.json");
		const bare = unlisted(store);
		expect(await readSeries(await openGroup(bare))).toEqual(["0", "1"]);
		expect((await info(bare)).images.map((image) => image.path)).toEqual(["0", "1"]);
	});

	test.each([[[]], [["a", "a"]], [["OME"]], [["/"]]])("of the paths %j is refused", async (paths) => {
		await expect(writeSeries(memoryStore(), paths)).rejects.toMatchObject({
			code: "bad-series",
			remedy: /./,
		});
	});
});
