import { describe, expect, it } from "vitest";
import { itemsOf } from "../../src/lib/plan/storage-comparison.ts";
import { opened, treeRows } from "../../src/lib/plan/storage-tree.ts";

const sample = itemsOf({});
const shape = (open: string[]) =>
	treeRows(sample, new Set(open), "cells").map(
		(row) => `${" ".repeat(row.depth)}${row.name} ${row.count} ${row.run.length}`,
	);

describe("treeRows", () => {
	it("folds what is not open", () => {
		expect(shape([])).toEqual(["cells 86 0", " zarr.json 1 0", " scale0 74 0", " scale1 8 0", " scale2 3 0"]);
	});

	it("shows chunk files on their folder's row", () => {
		const open = ["scale2", "scale2/image", "scale2/image/c", "scale2/image/c/0"];
		expect(shape(open).slice(4)).toEqual([
			" scale2 3 0",
			"  zarr.json 1 0",
			"  image 2 0",
			"   zarr.json 1 0",
			"   c 1 0",
			"    0 1 0",
			"     0 1 1",
		]);
	});

	it("loses no file when all is open", () => {
		const open = opened(sample, "scale0/image", 1000);
		const rows = treeRows(sample, open);
		const shown = rows.flatMap((row) => [
			...(row.kind === "file" ? [row.path] : []),
			...row.run.map((item) => item.key),
		]);
		expect(shown.sort()).toEqual(sample.map((item) => item.key).sort());
	});
});

describe("opened", () => {
	it("opens the way to a folder, and no more rows than asked", () => {
		const open = opened(sample, "scale0/image", 26);
		expect(open.has("scale0")).toBe(true);
		expect(open.has("scale0/image/c/2")).toBe(true);
		expect(treeRows(sample, open).length).toBeLessThanOrEqual(26);
		expect([...opened(sample, "scale1/image", 3)].sort()).toEqual(["scale1", "scale1/image"]);
	});
});
