import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
	listKeys,
	memoryStore,
	readImage,
	toMultiscale,
	toNgffZarr,
	toSpatialImage,
} from "../../src/lib/index.ts";
import { mainFolder, planStorage } from "../../src/lib/plan/storage.ts";
import { itemsOf, storageComparison, storageTwin } from "../../src/lib/plan/storage-comparison.ts";
import { type StorageOperation, storageOperations } from "../../src/lib/plan/storage-model.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";

const sample = itemsOf({});
const plan = (operation: StorageOperation, assumptions = {}, target = {}) =>
	planStorage(sample, operation, target, assumptions);
const calls = (side: { steps: { call: string; times: number }[] }) =>
	side.steps.map((s) => `${s.times} ${s.call.split(/[ (/]/, 1)[0]}`);

describe("the sample's keys", () => {
	it("are those of an OME-Zarr with 72, 6 and 1 chunks", () => {
		const chunks = (level: number) => sample.filter((i) => i.key.startsWith(`scale${level}/image/c/`)).length;
		expect([chunks(0), chunks(1), chunks(2)]).toEqual([72, 6, 1]);
		expect(sample).toHaveLength(79 + 7);
		expect(new Set(sample.map((i) => i.key)).size).toBe(sample.length);
		expect(sample.every((i) => i.size > 0)).toBe(true);
	});

	it.skipIf(!fixturesDir)("are what this library writes for the original image", async () => {
		const image = await readImage(new Uint8Array(readFileSync(fixture("derived/HL50_cell.tif"))));
		const store = memoryStore();
		await toNgffZarr(store, await toMultiscale(toSpatialImage(image), [2, 4]));
		expect(sample.map((item) => item.key)).toEqual(await listKeys(store));
		let written = 0;
		for (const { key } of sample) written += (await store.get(`/${key}`))?.length ?? 0;
		const shown = sample.reduce((sum, item) => sum + item.size, 0);
		expect(Math.abs(shown - written)).toBeLessThan(written / 100);
	});

	it("come in the order of a listing", () => {
		const shuffled = [
			{ key: "b", size: 1 },
			{ key: "a/b", size: 1 },
			{ key: "a-b", size: 1 },
			{ key: "é", size: 1 },
			{ key: "a", size: 1 },
		];
		expect(itemsOf({ items: shuffled }).map((i) => i.key)).toEqual(["a", "a-b", "a/b", "b", "é"]);
	});

	it("are about the largest array unless told otherwise", () => {
		expect(mainFolder(sample)).toBe("scale0/image");
		expect(mainFolder([{ key: "a.tif", size: 5 }])).toBe("");
		expect(mainFolder([{ key: "a/b", size: 5 }])).toBe("a");
	});
});

describe("operations", () => {
	it("renames a folder of 73 files with one call, or 73 COPY and 73 DELETE after a LIST", () => {
		const { files, objects, title, newFolder } = plan("rename-folder");
		expect(title).toContain("73 files");
		expect(newFolder).toBe("scale0/raw");
		expect(calls(files)).toEqual(["1 rename"]);
		expect(calls(objects)).toEqual(["1 LIST", "73 COPY", "73 DELETE"]);
		expect(objects.calls).toBe(147);
		expect(objects.refused).toBeDefined();
		const inside = sample.filter((i) => i.key.startsWith("scale0/image/"));
		expect(objects.bytesInside).toBe(inside.reduce((a, i) => a + i.size, 0));
		expect(objects.bytesUp).toBe(0);
		// LIST, then 73 in rounds of 6 twice: 1 + 13 + 13 latencies, and the listing's bytes.
		expect(objects.seconds).toBeCloseTo(27 * 0.05 + objects.bytesDown / 12.5e6, 9);
		expect(plan("rename-folder", { parallel: 73 }).objects.seconds).toBeCloseTo(
			3 * 0.05 + objects.bytesDown / 12.5e6,
			9,
		);
	});

	it("does not name the new folder as the old", () => {
		const items = [{ key: "raw/a", size: 1 }];
		expect(planStorage(items, "rename-folder").newFolder).toBe("renamed");
	});

	it("deletes one by one, or up to 1000 a request", () => {
		expect(calls(plan("delete-folder").objects)).toEqual(["1 LIST", "73 DELETE"]);
		expect(calls(plan("delete-folder", { batchDelete: true }).objects)).toEqual(["1 LIST", "1 POST"]);
		// scale0/image, c, 3 under it and 4 under each of those: 17 folders.
		expect(calls(plan("delete-folder").files)).toEqual(["17 readdir", "73 unlink", "17 rmdir"]);
	});

	it("lists by prefix 1000 keys a page, one page after the other", () => {
		const many = Array.from({ length: 2500 }, (_, i) => ({ key: `a/c/${i}`, size: 10 }));
		const all = planStorage(many, "list-all", { folder: "a" });
		expect(all.objects.calls).toBe(3);
		expect(all.objects.steps[0].atOnce).toBe(1);
		expect(all.objects.steps[0].note).toContain("1000 keys a page");
		expect(all.files.calls).toBe(2);
		expect(planStorage(many, "list-folder", { folder: "a" }).objects.calls).toBe(1);
		expect(planStorage(many, "list-folder", { folder: "a/c" }).objects.calls).toBe(3);
		expect(planStorage(many, "rename-folder", { folder: "a" }).objects.calls).toBe(3 + 2500 + 2500);
		expect(planStorage(many.slice(0, 1000), "list-all", { folder: "a" }).objects.calls).toBe(1);
	});

	it("groups keys by the delimiter", () => {
		const root = plan("list-folder", {}, { folder: "" });
		expect(root.objects.steps[0].note).toBe("1 key and 3 common prefixes in the answer.");
		expect(root.objects.steps[0].call).toBe("LIST ?list-type=2&prefix=&delimiter=/");
		expect(root.files.calls).toBe(1);
		expect(plan("list-all", {}, { folder: "" }).objects.bytesDown).toBeGreaterThan(root.objects.bytesDown);
	});

	it("counts the bytes of a listing as its XML has them", () => {
		const one = planStorage([{ key: "a/b", size: 7 }], "list-all", { folder: "a" }).objects.bytesDown;
		const two = planStorage(
			[
				{ key: "a/b", size: 7 },
				{ key: "a/c", size: 7 },
			],
			"list-all",
			{ folder: "a" },
		).objects.bytesDown;
		const entry =
			"<Contents><Key>a/c</Key><LastModified>2025-01-01T00:00:00.000Z</LastModified><ETag>&quot;" +
			"0123456789abcdef0123456789abcdef&quot;</ETag><Size>7</Size><StorageClass>STANDARD</StorageClass></Contents>";
		expect(two - one).toBe(entry.length);
	});

	it("reads a part with Range, and no further than the end", () => {
		const items = [{ key: "big", size: 4096 }];
		const part = planStorage(items, "read-range").objects;
		expect(part.steps[0].call).toBe("GET /big Range: bytes=2048-3071");
		expect(part.steps[0].status).toBe(206);
		expect(part.bytesDown).toBe(1024);
		const small = planStorage([{ key: "small", size: 10 }], "read-range");
		expect(small.objects.bytesDown).toBe(5);
		expect(small.files.bytesDown).toBe(5);
		expect(small.objects.steps[0].call).toBe("GET /small Range: bytes=5-9");
		const empty = planStorage([{ key: "empty", size: 0 }], "read-range").objects;
		expect(empty.steps[0].status).toBe(416);
		expect(empty.refused).toContain("416");
	});

	it("says the same length on both sides and in the title", () => {
		for (const size of [1, 10, 1500, 2048, 5000]) {
			const p = planStorage([{ key: "k", size }], "read-range");
			const said = Number(/Read ([\d\u2009]+) byte/.exec(p.title)?.[1].replace("\u2009", ""));
			expect(said).toBe(p.objects.bytesDown);
			expect(p.files.bytesDown).toBe(said);
		}
	});

	it("replaces an object whole to change one byte or to append", () => {
		const { file, files, objects } = plan("overwrite");
		const size = sample.find((i) => i.key === file)?.size ?? 0;
		expect(files.bytesUp).toBe(1);
		expect(calls(objects)).toEqual(["1 GET", "1 PUT"]);
		expect(objects).toMatchObject({ bytesDown: size, bytesUp: size });
		expect(objects.refused).toContain("Writing into");
		expect(plan("append").objects.bytesUp).toBe(size + 1024);
		expect(plan("append").files.bytesUp).toBe(1024);
		expect(plan("overwrite", { ifMatch: true }).objects.steps[1].call).toContain("If-Match");
	});

	it("loses one of two writers' changes, unless If-Match guards", () => {
		const free = plan("two-writers").objects;
		expect(free.calls).toBe(4);
		expect(free.refused).toBeUndefined();
		expect(free.outcome).toContain("lost");
		const guarded = plan("two-writers", { ifMatch: true }).objects;
		expect(guarded.steps.map((s) => s.status)).toEqual([200, 200, 412, 200, 200]);
		expect(guarded.calls).toBe(6);
		expect(guarded.refused).toContain("412");
	});

	it("estimates from latency and bandwidth alone", () => {
		const items = [{ key: "k", size: 1_000_000 }];
		const assumed = { fileLatency: 1, fileBandwidth: 1e6, objectLatency: 10, objectBandwidth: 1e5 };
		const { files, objects } = planStorage(items, "read", {}, assumed);
		expect(files.seconds).toBeCloseTo(3 * 1 + 1, 9);
		expect(objects.seconds).toBeCloseTo(10 + 10, 9);
	});

	it.each(storageOperations)("%s concerns only keys and folders that are there", (operation) => {
		const p = plan(operation);
		const keys = new Set(sample.map((i) => i.key));
		for (const side of [p.files, p.objects]) {
			expect(side.calls).toBe(side.steps.reduce((a, s) => a + s.times, 0));
			expect(side.seconds).toBeGreaterThan(0);
			expect(side.outcome).not.toBe("");
			for (const s of side.steps) {
				for (const key of s.keys) expect(keys.has(key), key).toBe(true);
				for (const folder of s.folders) {
					expect(sample.some((i) => i.key.startsWith(`${folder}/`))).toBe(true);
				}
			}
		}
	});

	it("refuses a key that is not there", () => {
		const error = expect.objectContaining({ code: "storage-unknown-key", remedy: expect.any(String) });
		expect(() => plan("read", {}, { file: "nope" })).toThrow(error);
		expect(() => plan("list-all", {}, { folder: "nope" })).toThrow(error);
		expect(() => planStorage([], "read")).toThrow(error);
	});
});

describe("storageComparison", () => {
	it("takes lists, maps and store keys", () => {
		const shown = storageComparison(
			new Map([
				["/zarr.json", 100],
				["/a/c/0", 200],
			]),
			{ operation: "read" },
		);
		expect(structuredClone(shown)).toEqual({
			kind: "figure",
			figure: "storage-comparison",
			props: {
				operation: "read",
				items: [
					{ key: "zarr.json", size: 100 },
					{ key: "a/c/0", size: 200 },
				],
			},
		});
		expect(storageComparison().props).toEqual({});
		expect(() => storageComparison([{ key: "a", size: 1 }], { file: "b" })).toThrow(
			expect.objectContaining({ code: "storage-unknown-key" }),
		);
	});

	it("has a twin with every operation", () => {
		const twin = storageTwin({});
		expect(twin.rows).toHaveLength(storageOperations.length);
		for (const row of twin.rows) expect(row).toHaveLength(twin.columns.length);
		expect(twin.summary).toContain("86 files");
		expect(twin.status).toContain("147 requests");
		expect(twin.rows.find((row) => row[0].startsWith("Rename"))?.slice(1, 5)).toEqual([
			"1",
			"0 B",
			"0.1 ms",
			"147",
		]);
	});
});
