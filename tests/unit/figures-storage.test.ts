import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { timeScale } from "../../src/components/figures/storage-comparison/answers.ts";
import { marksOf } from "../../src/components/figures/storage-comparison/marks.ts";
import { storageHtml } from "../../src/components/figures/storage-comparison/static.ts";
import { planStorage } from "../../src/lib/plan/storage.ts";
import { itemsOf } from "../../src/lib/plan/storage-comparison.ts";
import { storageOperations } from "../../src/lib/plan/storage-model.ts";

const items = itemsOf({});

describe("marks", () => {
	it("show what each side touches", () => {
		const rename = planStorage(items, "rename-folder");
		expect([...marksOf(rename.files)]).toEqual([["scale0/image", { effect: "rename", delay: 0 }]]);
		const objects = marksOf(rename.objects);
		expect(objects.size).toBe(73);
		expect(new Set([...objects.values()].map((mark) => mark.effect))).toEqual(new Set(["delete"]));
	});

	it("come in rounds of as many requests as go out at once", () => {
		const rounds = (parallel: number) => {
			const { objects } = planStorage(items, "delete-folder", {}, { parallel });
			return new Set([...marksOf(objects).values()].map((mark) => mark.delay)).size;
		};
		expect(rounds(73)).toBe(1);
		expect(rounds(6)).toBe(13);
		expect(rounds(1)).toBe(73);
	});

	it("show one step alone", () => {
		const { objects } = planStorage(items, "overwrite");
		expect([...marksOf(objects).values()][0].effect).toBe("write");
		expect([...marksOf(objects, 0).values()][0]).toEqual({ effect: "read", delay: 0 });
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

describe("static storage comparison", () => {
	const parse = (props: Parameters<typeof storageHtml>[0]) =>
		parseHTML(`<body>${storageHtml(props, "fig")}</body>`).document;

	it("shows every key and file, and what the operation does, without a script", () => {
		const document = parse({});
		expect(document.querySelectorAll(".cw-fig-keys > li")).toHaveLength(86);
		expect(document.querySelectorAll(".cw-fig-keys > .cw-fig-mark-delete")).toHaveLength(73);
		expect(document.querySelectorAll(".cw-fig-squares i")).toHaveLength(72);
		expect(document.querySelector('[data-side="objects"] .cw-fig-sums')?.textContent).toContain(
			"147 requests",
		);
		expect(document.querySelector('[data-side="files"] .cw-fig-sums')?.textContent).toContain("1 call");
		expect(document.querySelectorAll(".cw-fig-menu input")).toHaveLength(storageOperations.length);
		expect(document.querySelector(".cw-fig-menu input[checked]")?.getAttribute("value")).toBe(
			"rename-folder",
		);
	});

	it("escapes keys", () => {
		const document = parse({ items: [{ key: '<img src=x onerror="y">/a&b', size: 1 }], operation: "read" });
		expect(document.querySelector("img")).toBeNull();
		expect(document.querySelector(".cw-fig-keys > li")?.textContent).toBe('<img src=x onerror="y">/a&b');
	});

	it.each(storageOperations)("draws %s", (operation) => {
		const text = parse({ operation, assumptions: { ifMatch: true, batchDelete: true } }).body.textContent;
		expect(text).not.toMatch(/NaN|undefined/);
	});

	it("takes a single file in no folder", () => {
		const document = parse({ items: [{ key: "a.tif", size: 3 }], operation: "delete-folder" });
		expect(document.querySelectorAll('.cw-fig-tree > [data-kind="file"]')).toHaveLength(1);
	});
});
