import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, it } from "vitest";
import { timeScale } from "../../src/components/figures/storage-comparison/answers.ts";
import { cellPath } from "../../src/components/figures/storage-comparison/blocks.ts";
import { itemsShown, marksOf } from "../../src/components/figures/storage-comparison/marks.ts";
import { storageHtml } from "../../src/components/figures/storage-comparison/static.ts";
import { itemsOf, type StorageComparisonProps } from "../../src/lib/plan/storage-comparison.ts";
import { runEach, StorageLab } from "../../src/lib/plan/storage-lab.ts";
import {
	type StorageOperation,
	type StorageRun,
	storageOperations,
} from "../../src/lib/plan/storage-model.ts";

let runs: StorageRun[];
beforeAll(async () => {
	runs = await runEach(await StorageLab.create(itemsOf({}), { name: "cells.ome.zarr" }));
});
const of = (operation: StorageOperation) => runs.find((run) => run.operation === operation) as StorageRun;

describe("marks", () => {
	it("show what each side touches", () => {
		const rename = of("rename-folder");
		expect([...marksOf(rename, "files", 6)]).toEqual([["scale0/image", { effect: "rename", delay: 0 }]]);
		const objects = [...marksOf(rename, "objects", 6)].filter(([key]) => key.startsWith("scale0/image/"));
		expect(objects.length).toBe(73);
		expect(new Set(objects.map(([, mark]) => mark.effect))).toEqual(new Set(["delete"]));
		const copied = marksOf(of("copy-folder"), "objects", 6);
		expect(copied.get("scale0/image-copy/c/0/0/0")?.effect).toBe("write");
		expect(copied.get("scale0/image/c/0/0/0")?.effect).toBe("copy");
	});

	it("come in rounds of as many requests as go out at once", () => {
		const rounds = (parallel: number) =>
			new Set([...marksOf(of("delete-folder"), "objects", parallel).values()].map((mark) => mark.delay)).size;
		expect(rounds(73)).toBe(1);
		expect(rounds(6)).toBe(13);
		expect(rounds(1)).toBe(73);
	});

	it("show one step alone", () => {
		const run = of("overwrite");
		expect([...marksOf(run, "objects", 6).values()][0].effect).toBe("write");
		// The first was tried in vain; then the GET.
		expect([...marksOf(run, "objects", 6, 1).values()][0]).toEqual({ effect: "read", delay: 0 });
	});

	it("keep in sight what went away, and show what came", () => {
		expect(itemsShown(of("delete-folder"), "objects")).toHaveLength(86);
		expect(itemsShown(of("rename-folder"), "objects")).toHaveLength(86);
		expect(itemsShown(of("copy-folder"), "objects")).toHaveLength(86 + 73);
	});
});

describe("timeScale", () => {
	it("gives every decade the same room, and keeps to the axis", () => {
		expect(timeScale(1e-5)).toBeCloseTo(0);
		expect(timeScale(1e3)).toBeCloseTo(100);
		expect(timeScale(1) - timeScale(0.1)).toBeCloseTo(12.5);
		expect([timeScale(0), timeScale(1e9)]).toEqual([0, 100]);
	});
});

describe("the picture of blocks", () => {
	it("covers runs row by row", () => {
		expect(cellPath([[0, 1]], 1)).toBe("M0 0h1v1h-1z");
		expect(cellPath([[95, 2]], 1)).toBe("M95 0h1v1h-1zM0 1h1v1h-1z");
		expect(cellPath([[3, 2]], 4)).toBe("M0 0h2v1h-2z");
	});
});

describe("static storage comparison", () => {
	const parse = async (props: StorageComparisonProps) => {
		const own = props.items ? await runEach(await StorageLab.create(itemsOf(props)), props) : runs;
		return parseHTML(`<body>${storageHtml(props, "fig", own)}</body>`).document;
	};

	it("shows every key and file, and what the operation did, without a script", async () => {
		const document = await parse({});
		expect(document.querySelectorAll(".cw-fig-keys > li")).toHaveLength(86);
		expect(document.querySelectorAll(".cw-fig-keys > .cw-fig-mark-delete")).toHaveLength(73);
		expect(document.querySelectorAll(".cw-fig-squares i")).toHaveLength(72);
		const objects = document.querySelector('[data-side="objects"]');
		expect(objects?.querySelector(".cw-fig-sums")?.textContent).toContain("147 requests");
		expect(document.querySelector('[data-side="files"] .cw-fig-sums')?.textContent).toContain("1 call");
		expect(document.querySelectorAll(".cw-fig-menu [data-value]")).toHaveLength(storageOperations.length);
		expect(document.querySelector('.cw-fig-menu [aria-pressed="true"]')?.getAttribute("data-value")).toBe(
			"rename-folder",
		);
		expect(objects?.querySelector(".cw-fig-raw")?.textContent).toMatch(/^MOVE .*\n\n405 Method Not Allowed/s);
		expect(objects?.querySelectorAll(".cw-fig-log ol li")).toHaveLength(2 * 13);
		expect(document.querySelector(".cw-fig-block-words")?.textContent).toContain("of 16.00\u00a0MiB taken");
		expect(objects?.querySelector(".cw-fig-about")?.textContent).toContain("etag");
	});

	it("escapes keys", async () => {
		const document = await parse({
			items: [{ key: '<img src=x onerror="y">/a&b', size: 1 }],
			operation: "read",
		});
		expect(document.querySelector("img")).toBeNull();
		expect(document.querySelector(".cw-fig-keys > li")?.textContent).toBe('<img src=x onerror="y">/a&b');
	});

	it.each(storageOperations)("draws %s", async (operation) => {
		const document = await parse({ operation });
		expect(document.body.textContent).not.toMatch(/NaN|undefined|Infinity/);
		expect(document.querySelector(".cw-fig-wish")?.textContent).toBe(of(operation).title);
	});

	it("takes a single file in no folder", async () => {
		const document = await parse({ items: [{ key: "a.tif", size: 3 }], operation: "read" });
		expect(document.querySelectorAll('.cw-fig-tree > [data-kind="file"]')).toHaveLength(1);
	});
});
