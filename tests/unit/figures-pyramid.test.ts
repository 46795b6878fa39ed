import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { boxesOf, placeOf, stripOf } from "../../src/components/figures/bin-diagram/layout.ts";
import { binDiagramHtml } from "../../src/components/figures/bin-diagram/static.ts";
import { PyramidPicture } from "../../src/components/figures/pyramid/scene.ts";
import { pyramidHtml } from "../../src/components/figures/pyramid/static.ts";
import { binLevels, binSetting } from "../../src/lib/plan/bin-diagram.ts";
import { type PyramidProps, pyramidPlan } from "../../src/lib/plan/pyramid.ts";

const setting = (length: number, factors: number[], method: "mean" | "bin-shrink" = "mean") =>
	binSetting({ axes: [{ name: "x", length }], factors, method });

describe("the bin diagram's layout", () => {
	it("draws short axes whole and long ones with a gap", () => {
		expect(stripOf(binLevels(setting(20, [2, 4])))).toEqual({ length: 20, head: 20, tail: 0, width: 20 });
		const strip = stripOf(binLevels(setting(363, [2, 4])));
		expect(placeOf(strip, 3)).toBe(3);
		expect(placeOf(strip, 363)).toBe(strip.width);
		expect(placeOf(strip, 358)).toBeCloseTo(strip.width - 5, 9);
	});

	it("draws boxes in order, without overlap, the dropped ones marked", () => {
		for (const method of ["mean", "bin-shrink"] as const) {
			for (const length of [9, 24, 25, 40, 100, 363, 1_000_000]) {
				for (const factors of [[2], [2, 4], [3, 2], [6, 1]]) {
					const levels = binLevels(setting(length, factors, method));
					const strip = stripOf(levels);
					for (const at of levels.keys()) {
						const boxes = boxesOf(strip, levels, at);
						expect(boxes.length).toBeLessThan(60);
						for (const [i, box] of boxes.entries()) {
							expect(box.to).toBeGreaterThan(box.from);
							expect(box.to).toBeLessThanOrEqual(strip.width + 1e-9);
							if (i > 0) expect(box.from).toBeGreaterThanOrEqual(boxes[i - 1].to - 1e-9);
							if (box.dot !== undefined && !box.openStart && !box.openEnd) {
								expect(box.dot).toBeCloseTo((box.from + box.to) / 2, 9);
							}
						}
						const dropped = boxes.filter((box) => box.dropped).length;
						const next = levels[at + 1];
						expect(dropped).toBe(next ? next.droppedAtStart + next.droppedAtEnd : 0);
					}
				}
			}
		}
	});

	it("is readable without a script", () => {
		const { document } = parseHTML(`<div>${binDiagramHtml({ unit: "µm" }, "t")}</div>`);
		const rows = [...document.querySelectorAll(".cw-fig-bin-row")];
		expect(rows.map((row) => row.querySelector(".cw-fig-first b")?.textContent)).toEqual([
			undefined,
			"1.5",
			"6.5",
		]);
		expect(rows[0].querySelectorAll(".cw-fig-dropped")).toHaveLength(1);
		expect(rows[0].querySelector(".cw-fig-dropped")?.getAttribute("data-index")).toBe("0");
		expect(document.querySelector('[data-reading="start2"] dd')?.textContent).toBe(
			"1.5 + 2 × (1 + 1.5) = 6.5 µm",
		);
	});
});

const sample: PyramidProps = { shape: [129, 212, 363], factors: [2, 4] };

describe("the pyramid's picture", () => {
	it("draws levels at one scale, above each other, the coarsest on top", () => {
		const picture = new PyramidPicture(pyramidPlan(sample));
		const length = (level: number) => {
			const [a, b] = [picture.place(level, [0, 0, 0]), picture.place(level, [0, 0, 10])];
			return Math.hypot(b[0] - a[0], b[1] - a[1]);
		};
		expect(length(1)).toBeCloseTo(length(0), 9);
		expect(length(2)).toBeCloseTo(length(0), 9);
		const bottom = (level: number) => picture.place(level, [0, picture.extent(level)[1], 0])[1];
		const top = (level: number) => {
			const [depth, , width] = picture.extent(level);
			return Math.min(picture.place(level, [depth, 0, width])[1], picture.place(level, [depth, 0, 0])[1]);
		};
		expect(bottom(2)).toBeLessThan(top(1));
		expect(bottom(1)).toBeLessThan(top(0));
	});

	it("finds the voxel under a point of each face", () => {
		const picture = new PyramidPicture(pyramidPlan(sample));
		expect(picture.under(1, "front", picture.place(1, [0, 20.5, 33.5]))).toEqual([undefined, 20, 33]);
		expect(picture.under(1, "top", picture.place(1, [12.5, 0, 33.5]))).toEqual([12, undefined, 33]);
		expect(picture.under(0, "side", picture.place(0, [12.5, 7.5, 363]))).toEqual([12, 7, undefined]);
		const flat = new PyramidPicture(pyramidPlan({ shape: [300, 400], factors: [2] }));
		expect(flat.under(0, "front", flat.place(0, [0, 20.5, 33.5]))).toEqual([undefined, 20, 33]);
	});

	it("has a mark in every level that a voxel came from, and words for it", () => {
		const { document } = parseHTML(
			`<div>${pyramidHtml({ ...sample, pick: { level: 2, index: [0, 0, 0] } }, "t")}</div>`,
		);
		expect(document.querySelectorAll(".cw-fig-pick > g")).toHaveLength(3);
		expect(document.querySelector('[data-reading="from0"] dd')?.textContent).toBe(
			"z 1–8, y 4–11, x 3–10\n512 elements in 1 chunk",
		);
		expect(document.querySelector(".cw-fig-pyramid-names")?.textContent).toContain("72 chunks");
		expect(
			[...document.querySelectorAll("svg path")].every((path) => !/NaN|Infinity/.test(path.outerHTML)),
		).toBe(true);
	});

	it("draws images of one, two and five axes", () => {
		for (const props of [
			{ shape: [1000], factors: [2, 2] },
			{ shape: [300, 400], factors: [2, 2] },
			{ shape: [2, 3, 20, 300, 400], factors: [2] },
			{ shape: [20_000, 30_000], factors: [2, 2, 2, 2, 2, 2] },
		]) {
			const html = pyramidHtml(props, "t");
			expect(html).not.toMatch(/NaN|Infinity|undefined/);
			expect(html.length).toBeLessThan(60_000);
		}
	});
});
