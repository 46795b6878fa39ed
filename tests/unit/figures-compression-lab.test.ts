/** The compression and chunk-size lab as markup and charts: what stands where, and that no label lies over another. */
import * as fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { placeLabels } from "../../src/components/figures/compression-lab/labels.ts";
import { filesChart, pointsChart } from "../../src/components/figures/compression-lab/plots.ts";
import { compressionLabHtml } from "../../src/components/figures/compression-lab/static.ts";
import { chunkSizeCosts, type LabPoint, labImage, labSettings } from "../../src/lib/plan/compression-lab.ts";

const { document } = parseHTML("<!doctype html><html><body></body></html>") as unknown as {
	document: Document;
};
const drawn = (html: string) => parseHTML(`<div>${html}</div>`).document;
const text = (element: Element | null) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

describe("labels", () => {
	it("never overlap each other or leave the frame", () => {
		const frame = { left: 0, top: 0, right: 400, bottom: 300 };
		const place = fc.record({ x: fc.integer({ min: 10, max: 390 }), y: fc.integer({ min: 10, max: 290 }) });
		fc.assert(
			fc.property(fc.array(place, { maxLength: 14 }), (places) => {
				const points = places.map((at, i) => ({ ...at, names: [`Blosc Zstd ${i}`, String(i)] }));
				const boxes = placeLabels(points, frame).map(({ index, text, dx, dy }) => {
					const [x, y] = [points[index].x + dx, points[index].y + dy];
					const half = (text.length * 6.2) / 2;
					return { left: x - half, right: x + half, top: y - 6.5, bottom: y + 6.5 };
				});
				for (const [i, a] of boxes.entries()) {
					expect(a.left >= 0 && a.right <= 400 && a.top >= 0 && a.bottom <= 300).toBe(true);
					for (const b of boxes.slice(i + 1)) {
						const over = a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
						expect(over).toBe(false);
					}
				}
			}),
			{ numRuns: 60 },
		);
	});

	it("are full where there is room", () => {
		const frame = { left: 0, top: 0, right: 400, bottom: 300 };
		expect(placeLabels([{ x: 200, y: 150, names: ["gzip 5", "5"] }], frame)).toEqual([
			{ index: 0, text: "gzip 5", dx: expect.any(Number), dy: 0 },
		]);
		expect(placeLabels([{ x: 6, y: 8, names: ["Blosc Zstd 1", "1"] }], { ...frame, right: 40 })[0].text).toBe(
			"1",
		);
	});
});

describe("charts", () => {
	it("of files have a mark for each chunk size, lower for larger chunks", () => {
		const costs = chunkSizeCosts(labImage({}), 0);
		const svg = drawn(filesChart(costs, 64, { width: 700, height: 300, document }));
		const heights = [...svg.querySelectorAll("circle")].map((circle) => Number(circle.getAttribute("cy")));
		expect(heights).toHaveLength(7);
		expect(heights).toEqual([...heights].sort((a, b) => a - b));
		// Both axes are logarithmic: twice the side is one step to the right, ten times the files the same step up.
		const across = [...svg.querySelectorAll("circle")].map((circle) => Number(circle.getAttribute("cx")));
		for (let i = 2; i < 6; i++) expect(across[i] - across[i - 1]).toBeCloseTo(across[1] - across[0], 1);
		const perDecade = (i: number) => (heights[i] - heights[0]) / Math.log10(costs[0].files / costs[i].files);
		for (let i = 2; i < 7; i++) expect(perDecade(i)).toBeCloseTo(perDecade(1), 1);
		expect(text(svg.querySelector("svg"))).toContain("whole");
		expect(svg.querySelector("[aria-label]")).toBeNull();
	});

	it("of points stand higher for smaller, further right for quicker, each with its name", () => {
		const points = labSettings().map(
			(setting, i): LabPoint => ({
				...setting,
				bytes: 2 ** 20,
				stored: 2 ** 20 / (1.2 + i / 5),
				encode: 2 + 9 * i,
				decode: 2,
			}),
		);
		const { html, places } = pointsChart(points, "encode", 3, { width: 800, height: 340, document });
		const ys = places.map(({ y }) => y);
		expect(ys).toEqual([...ys].sort((a, b) => b - a));
		const xs = places.map(({ x }) => x);
		expect(xs).toEqual([...xs].sort((a, b) => b - a));
		const words = text(drawn(html).querySelector("svg"));
		for (const name of ["Blosc LZ4 1", "gzip 9", "Zstd 3"]) expect(words).toContain(name);
		expect(pointsChart(points, "decode", -1, { width: 320, height: 340, document }).places).toHaveLength(12);
	});
});

describe("the lab", () => {
	it("is two figures with twins, and says that nothing is measured yet", () => {
		const html = compressionLabHtml({ title: "<b>" }, "f", { narrow: "<svg></svg>", wide: "<svg></svg>" });
		const page = drawn(html);
		expect(page.querySelectorAll("figure")).toHaveLength(2);
		expect(page.querySelectorAll("figcaption")).toHaveLength(2);
		const [codecs, sizes] = page.querySelectorAll("figure");
		expect(text(codecs.querySelector(".cw-fig-status"))).toBe("Nothing is measured yet.");
		expect(codecs.querySelectorAll("tbody tr")).toHaveLength(12);
		expect(text(sizes.querySelector(".cw-fig-status"))).toContain("72 chunks");
		expect(text(page.querySelector("p"))).toBe("<b>");
		const ids = [...page.querySelectorAll("[id]")].map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});
});
