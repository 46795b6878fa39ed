import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import {
	listKeys,
	memoryStore,
	readImage,
	toMultiscale,
	toNgffZarr,
	toSpatialImage,
} from "../../src/lib/index.ts";
import { mainFolder } from "../../src/lib/plan/storage-case.ts";
import {
	formatDollars,
	itemsOf,
	storageComparison,
	storageTwin,
} from "../../src/lib/plan/storage-comparison.ts";
import { costOf } from "../../src/lib/plan/storage-cost.ts";
import { runEach, StorageLab } from "../../src/lib/plan/storage-lab.ts";
import {
	assumptionSources,
	defaultAssumptions,
	type StorageAssumptions,
	type StorageOperation,
	type StorageRun,
	type StorageSide,
	storageOperations,
} from "../../src/lib/plan/storage-model.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";

const sample = itemsOf({});
const calls = (side: StorageSide) =>
	side.steps
		.filter((step) => !step.attempt)
		.map((s) => `${s.exchanges.length} ${s.exchanges[0].call.split(/[ (]/, 1)[0]}`);
const statuses = (side: StorageSide) =>
	side.steps.map((s) => [...new Set(s.exchanges.map(({ status }) => status))].join());
const cost = (run: StorageRun, assumptions: Partial<StorageAssumptions> = {}) => ({
	files: costOf(run.files, "files", { ...defaultAssumptions, ...assumptions }),
	objects: costOf(run.objects, "objects", { ...defaultAssumptions, ...assumptions }),
});

let first: StorageLab;
beforeAll(async () => {
	first = await StorageLab.create(sample, { name: "cells.ome.zarr" });
});
/** An operation on the sample as it is at first. */
const run = (operation: StorageOperation, ways = {}, target = {}) =>
	first.fork().perform(operation, target, ways);
/** The same on a few small items. */
const on = async (items: [string, number][], operation: StorageOperation, target = {}, ways = {}) =>
	(await StorageLab.create(itemsOf({ items: items.map(([key, size]) => ({ key, size })) }))).perform(
		operation,
		target,
		ways,
	);

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
		const shuffled = ["b", "a/b", "a-b", "é", "a"].map((key) => ({ key, size: 1 }));
		expect(itemsOf({ items: shuffled }).map((i) => i.key)).toEqual(["a", "a-b", "a/b", "b", "é"]);
	});

	it("are about the largest array unless told otherwise", () => {
		expect(mainFolder(sample)).toBe("scale0/image");
		expect(mainFolder([{ key: "a.tif", size: 5 }])).toBe("");
		expect(mainFolder([{ key: "a/b", size: 5 }])).toBe("a");
	});

	it("are stored alike on both sides", async () => {
		expect(first.files).toEqual(sample);
		expect(first.objects).toEqual(sample);
		const { file, object } = await first.digests("scale1/zarr.json");
		expect(file).toMatch(/^[0-9a-f]{32}$/);
		expect(object).toBe(file);
	});
});

describe("operations", () => {
	it("renames a folder of 73 files with one call, or 73 COPY and 73 DELETE after a LIST", async () => {
		const done = await run("rename-folder");
		expect(done.title).toContain("73 files");
		expect(done.newFolder).toBe("scale0/raw");
		expect(calls(done.files)).toEqual(["1 rename"]);
		// The parent folder's entries alone are written: nothing is moved.
		expect(done.files.volume.written.reduce((sum, [, count]) => sum + count, 0)).toBe(1);
		expect(calls(done.objects)).toEqual(["1 GET", "73 PUT", "73 DELETE"]);
		expect(statuses(done.objects)).toEqual(["405", "200", "200", "204"]);
		expect(done.objects.refused).toContain("405 MethodNotAllowed");
		const { objects } = cost(done);
		expect([objects.calls, objects.tried]).toEqual([147, 1]);
		const inside = sample.filter((i) => i.key.startsWith("scale0/image/"));
		expect(objects.bytesInside).toBe(inside.reduce((a, i) => a + i.size, 0));
		expect(objects.bytesUp).toBe(0);
		// LIST, then 73 in rounds of 6 twice: 1 + 13 + 13 latencies, and the bytes of the answers.
		expect(objects.seconds).toBeCloseTo(27 * 0.05 + objects.bytesDown / 12.5e6, 9);
		expect(cost(done, { parallel: 73 }).objects.seconds).toBeCloseTo(
			3 * 0.05 + objects.bytesDown / 12.5e6,
			9,
		);
		expect(done.files.after).toEqual(done.objects.after);
		expect(done.objects.after.filter((i) => i.key.startsWith("scale0/raw/"))).toHaveLength(73);
		expect(done.next).toEqual({ file: done.file.replace("image", "raw"), folder: "scale0/raw" });
	});

	it("goes on from what the last one left", async () => {
		const lab = first.fork();
		const one = await lab.perform("rename-folder");
		const two = await lab.perform("rename-folder", one.next);
		expect(two.folder).toBe("scale0/raw");
		expect(two.newFolder).toBe("scale0/image");
		expect(lab.files).toEqual(sample);
		expect(lab.objects).toEqual(sample);
		// A copy of the lab was worked on, not the lab itself.
		expect(first.files).toEqual(sample);
		const gone = await lab.perform("delete-folder", { folder: "" });
		expect(gone.next).toEqual({});
		expect([lab.files, lab.objects]).toEqual([[], []]);
		await expect(lab.perform("read")).rejects.toMatchObject({ code: "storage-unknown-key" });
	});

	it("does not give a folder a name that is there", async () => {
		expect((await on([["raw/a", 1]], "rename-folder")).newFolder).toBe("image");
		const taken: [string, number][] = [
			["x/a", 1],
			["x/b", 1],
			["raw", 1],
			["renamed/z", 1],
			["x-copy", 1],
		];
		expect((await on(taken, "rename-folder", { folder: "x" })).newFolder).toBe("raw-2");
		expect((await on(taken, "copy-folder", { folder: "x" })).newFolder).toBe("x-copy-2");
	});

	it("deletes one by one, or up to 1000 a request; a folder that is not empty is refused", async () => {
		const done = await run("delete-folder");
		expect(calls(done.objects)).toEqual(["1 GET", "73 DELETE"]);
		// The prefix alone is no object: deleting it is answered 204, and nothing is gone.
		expect(done.objects.steps[0]).toMatchObject({ attempt: true });
		expect(done.objects.steps[0].exchanges[0]).toMatchObject({ status: 204 });
		expect(calls((await run("delete-folder", { batchDelete: true })).objects)).toEqual(["1 GET", "1 POST"]);
		// scale0/image, c, 3 under it and 4 under each of those: 17 folders.
		expect(calls(done.files)).toEqual(["17 readdir", "73 unlink", "17 rmdir"]);
		expect(done.files.steps[0].exchanges[0].answer).toContain("ENOTEMPTY");
		expect(done.files.after).toHaveLength(13);
		expect(done.files.after).toEqual(done.objects.after);
		expect(done.next).toEqual({});
	});

	it("lists by prefix 1000 keys a page, one page after the other", async () => {
		const many = await StorageLab.create(
			itemsOf({ items: Array.from({ length: 2500 }, (_, i) => ({ key: `a/c/${i}`, size: 1 })) }),
		);
		const all = await many.perform("list-all", { folder: "a" });
		expect(calls(all.objects)).toEqual(["3 GET"]);
		expect(all.objects.steps[0].note).toContain("1000 keys a page");
		expect(all.objects.steps[0].exchanges[1].call).toContain("continuation-token");
		expect(calls(all.files)).toEqual(["2 readdir"]);
		const level = await many.perform("list-folder", { folder: "a" });
		expect(calls(level.objects)).toEqual(["1 GET"]);
		expect(level.objects.refused).toContain("404 NoSuchKey");
		expect(level.objects.outcome).toContain("0 keys and 1 common prefix.");
		const gone = await many.fork().perform("delete-folder", { folder: "a" }, { batchDelete: true });
		expect(calls(gone.objects)).toEqual(["3 GET", "3 POST"]);
		expect(gone.objects.after).toEqual([]);
	});

	it("groups keys by the delimiter", async () => {
		const root = await run("list-folder", {}, { folder: "" });
		expect(root.objects.outcome).toContain("1 key and 3 common prefixes");
		expect(root.objects.steps[0].call).toBe("GET ?list-type=2&prefix=&delimiter=/");
		expect(calls(root.files)).toEqual(["1 readdir"]);
		const all = await run("list-all", {}, { folder: "" });
		expect(cost(all).objects.bytesDown).toBeGreaterThan(cost(root).objects.bytesDown);
		expect(all.objects.steps[0].exchanges[0].raw).toContain("<ListBucketResult");
	});

	it("reads a part with Range, and no further than the end", async () => {
		const part = await on([["big", 4096]], "read-range");
		expect(part.objects.steps[0].call).toBe("GET big Range: bytes=2048-3071");
		expect(statuses(part.objects)).toEqual(["206"]);
		expect(part.objects.steps[0].exchanges[0].raw).toContain("Range: bytes=2048-3071");
		expect(part.objects.steps[0].exchanges[0].raw).toContain("Content-Range: bytes 2048-3071/4096");
		expect(cost(part).objects.bytesDown).toBe(1024);
		const little = await on([["small", 10]], "read-range");
		expect([cost(little).objects.bytesDown, cost(little).files.bytesDown]).toEqual([5, 5]);
		const empty = await on([["empty", 0]], "read-range");
		expect(statuses(empty.objects)).toEqual(["416"]);
		expect(empty.objects.refused).toContain("416");
	});

	it.each([1, 10, 1500, 2048, 5000])(
		"says the same length on both sides and in the title (%i bytes)",
		async (size) => {
			const done = await on([["k", size]], "read-range");
			const said = Number(/Read ([\d\u202f]+) byte/.exec(done.title)?.[1].replace("\u202f", ""));
			expect(said).toBe(cost(done).objects.bytesDown);
			expect(cost(done).files.bytesDown).toBe(said);
		},
	);

	it("changes one byte in place, or replaces the object whole", async () => {
		const lab = first.fork();
		const before = await lab.digests("scale0/image/c/1/1/2");
		const done = await lab.perform("overwrite");
		const size = sample.find((i) => i.key === done.file)?.size ?? 0;
		const { files, objects } = cost(done);
		expect(files).toMatchObject({ bytesUp: 1, bytesDown: 0 });
		expect(done.files.volume.written).toEqual([[expect.any(Number), 1]]);
		expect(calls(done.objects)).toEqual(["1 GET", "1 PUT"]);
		expect(objects).toMatchObject({ bytesDown: size, bytesUp: size });
		expect(done.objects.refused).toContain("405");
		const after = await lab.digests(done.file);
		expect(after.file).toBe(after.object);
		expect(after.file).not.toBe(before.file);
		expect(done.objects.about).toContainEqual(["etag", `"${after.object}"`]);
		expect(done.objects.about).toContainEqual(["x-amz-meta-dataset", "cells.ome.zarr"]);

		const longer = await lab.perform("append");
		expect(cost(longer).objects.bytesUp).toBe(size + 1024);
		expect(cost(longer).files.bytesUp).toBe(1024);
		const both = await lab.digests(longer.file);
		expect(both.file).toBe(both.object);
		expect(lab.files).toEqual(lab.objects);
		const guarded = await run("overwrite", { ifMatch: true });
		expect(guarded.objects.steps[2].exchanges[0].raw).toMatch(/If-Match: "[0-9a-f]{32}"/);
	});

	it("loses one of two writers' changes, unless If-Match guards", async () => {
		const lab = first.fork();
		const free = await lab.perform("two-writers");
		expect(statuses(free.objects)).toEqual(["200", "200"]);
		expect(free.objects.outcome).toMatch(/the change of [AB] is lost/);
		expect(free.files.outcome).toContain("Both changes are there");
		// What is said is so: the file has both bytes, the object one.
		const lost = await lab.digests(free.file);
		expect(lost.file).not.toBe(lost.object);

		// Once more, and after another change of the same byte: each writer's byte is told from what was there before.
		for (const operation of ["two-writers", "overwrite", "two-writers"] as const)
			await lab.perform(operation);
		expect((await lab.perform("two-writers")).objects.outcome).toMatch(/the change of [AB] is lost/);

		const safe = first.fork();
		const guarded = await safe.perform("two-writers", {}, { ifMatch: true });
		expect(statuses(guarded.objects).sort()).toEqual(["200", "200", "200", "200", "412"]);
		expect(cost(guarded).objects.calls).toBe(6);
		expect(guarded.objects.refused).toContain("412");
		expect(guarded.objects.outcome).toContain("Both changes are there");
		const kept = await safe.digests(guarded.file);
		expect(kept.file).toBe(kept.object);
	});

	it("fills the volume with a copy, and takes it after capacity was added; a bucket takes it at once", async () => {
		const lab = first.fork();
		const full = await lab.perform("copy-folder");
		expect(full.files.refused).toContain("ENOSPC");
		expect(full.files.outcome).toMatch(/stopped after \d+ of 73 files/);
		expect(full.objects.after).toHaveLength(86 + 73);
		expect(full.files.after.length).toBeLessThan(86 + 73);
		const { used, blocks } = full.files.volume;
		expect(used.reduce((sum, [, count]) => sum + count, 0)).toBe(blocks);

		const more = await lab.perform("add-capacity", full.next);
		expect(more.files.volume.blocks).toBe(2 * blocks);
		expect(cost(more).objects).toMatchObject({ calls: 0, seconds: 0, dollars: 0 });
		expect(cost(more).files.dollarsMonth).toBe(2 * cost(full).files.dollarsMonth);

		const again = await first.fork();
		await again.perform("add-capacity");
		const done = await again.perform("copy-folder");
		expect(done.files.refused).toBeUndefined();
		expect(again.files).toEqual(again.objects);
		expect(again.files).toHaveLength(86 + 73);
		const { file, object } = await again.digests("scale0/image-copy/c/1/1/2");
		expect(file).toBe(object);
	});

	it("works on a volume and a bucket without folders", async () => {
		const renamed = await on([["a.tif", 3]], "rename-folder");
		expect(renamed.files.refused).toContain("EBUSY");
		expect(renamed.objects.after).toEqual([{ key: "raw/a.tif", size: 3 }]);
		const gone = await on([["a.tif", 3]], "delete-folder");
		expect([gone.files.after, gone.objects.after]).toEqual([[], []]);
	});

	it("takes keys with marks in them", async () => {
		const key = '<img src=x onerror="y">/a&b é %41/c.d';
		const done = await on([[key, 5]], "rename-folder");
		expect(done.objects.after[0].key).toBe(key.replace("a&b é %41", "raw"));
		const gone = await on([[key, 5]], "delete-folder", {}, { batchDelete: true });
		expect(gone.objects.after).toEqual([]);
	});

	it.each(storageOperations)("%s concerns only keys that were or are there", async (operation) => {
		const done = await run(operation);
		for (const side of [done.files, done.objects]) {
			expect(side.outcome).not.toBe("");
			const keys = new Set([...side.before, ...side.after].map((i) => i.key));
			for (const s of side.steps) {
				expect(s.exchanges.length).toBeGreaterThan(0);
				for (const { answer, call } of s.exchanges) expect(answer, call).not.toBe("");
				for (const key of s.keys) expect(keys.has(key), key).toBe(true);
			}
		}
	});

	it("refuses what is not there, and what cannot be stored", async () => {
		const error = { code: "storage-unknown-key", remedy: expect.any(String) };
		await expect(run("read", {}, { file: "nope" })).rejects.toMatchObject(error);
		await expect(run("list-all", {}, { folder: "nope" })).rejects.toMatchObject(error);
		await expect(StorageLab.create([])).rejects.toMatchObject(error);
		for (const items of [
			[{ key: "a/../b", size: 1 }],
			[{ key: "a//b", size: 1 }],
			[{ key: "a", size: -1 }],
			[
				{ key: "a", size: 1 },
				{ key: "a/b", size: 1 },
			],
			[
				{ key: "a", size: 1 },
				{ key: "a", size: 2 },
			],
		]) {
			await expect(StorageLab.create(items)).rejects.toMatchObject({ code: "storage-bad-key" });
		}
		await expect(StorageLab.create([{ key: "a", size: 2 ** 27 }])).rejects.toMatchObject({
			code: "storage-too-large",
		});
	});
});

describe("costs", () => {
	it("are latency and bandwidth alone in time", async () => {
		const done = await on([["k", 1_000_000]], "read");
		const assumed = { fileLatency: 1, fileBandwidth: 1e6, objectLatency: 10, objectBandwidth: 1e5 };
		const { files, objects } = cost(done, assumed);
		expect(files.seconds).toBeCloseTo(3 * 1 + 1, 9);
		expect(objects.seconds).toBeCloseTo(10 + 10, 9);
	});

	it("are requests by their kind, bytes out and what is kept in money", async () => {
		const done = await run("rename-folder");
		const prices = { writeRequests: 5, readRequests: 1, egress: 0, datasets: 1 };
		// A LIST and 73 COPY at 5 dollars a thousand; DELETE is free, and the try is not counted.
		expect(cost(done, prices).objects.dollars).toBeCloseTo((74 * 5) / 1000, 9);
		expect(cost(done, { ...prices, datasets: 10 }).objects.dollars).toBeCloseTo((740 * 5) / 1000, 9);
		const read = await on([["k", 2 ** 20]], "read");
		expect(cost(read, { readRequests: 1, egress: 1024, datasets: 1 }).objects.dollars).toBeCloseTo(1.001, 9);
		// What goes up leaves nothing: a whole new object costs its PUT alone.
		const replaced = await on([["k", 2 ** 20]], "overwrite");
		const { bytesUp, bytesDown, dollars } = cost(replaced, { egress: 1024, datasets: 1 }).objects;
		expect(bytesUp).toBe(2 ** 20);
		expect(dollars - bytesDown / 2 ** 20).toBeLessThan(0.01);
		expect(cost(read, { objectMonth: 1024, datasets: 1 }).objects.dollarsMonth).toBeCloseTo(1, 9);
		// The volume is paid for whole: 2 MiB for 1 MiB.
		expect(read.files.paid).toBe(2 ** 21);
		expect(cost(read, { volumeMonth: 512, datasets: 1 }).files.dollarsMonth).toBeCloseTo(1, 9);
		expect(cost(read).files.dollars).toBe(0);
	});

	it("come with a source and a date", () => {
		for (const { source, date } of assumptionSources) {
			expect(source).not.toBe("");
			expect(date).toMatch(/20\d\d$/);
		}
	});

	it("are written with two digits that count", () => {
		expect([0, 0.00049, 0.3728, 1.25, 1250, 4e-7].map(formatDollars)).toEqual([
			"$0",
			"$0.00049",
			"$0.37",
			"$1.25",
			"$1250.00",
			"$0.00000040",
		]);
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
		expect(() => storageComparison([{ key: "a", size: 2 ** 30 }])).toThrow(
			expect.objectContaining({ code: "storage-too-large" }),
		);
	});

	it("has a twin with every operation", async () => {
		const runs = await runEach(first);
		const last = runs.find(({ operation }) => operation === "rename-folder") as StorageRun;
		const twin = storageTwin(runs, last, defaultAssumptions);
		expect(twin.rows).toHaveLength(storageOperations.length);
		for (const row of twin.rows) expect(row).toHaveLength(twin.columns.length);
		expect(twin.summary).toContain("86 files");
		expect(twin.status).toContain("147 requests after 1 try in vain");
		expect(twin.rows.find((row) => row[0].startsWith("Rename"))?.slice(1, 10)).toEqual([
			"1",
			"0 B",
			"1 ms",
			"$1.25",
			"147",
			expect.stringContaining("10.29 MiB copied inside"),
			"1.4 s",
			"$0.37",
			"$0.26",
		]);
	});
});
