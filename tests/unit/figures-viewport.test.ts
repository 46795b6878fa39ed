import * as fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import {
	between,
	clampCamera,
	fitScale,
	viewportOf,
	zoomAt,
} from "../../src/components/figures/viewport/camera.ts";
import { intensities, scatter, specimen } from "../../src/components/figures/viewport/nuclei.ts";
import { scaleBarLength } from "../../src/components/figures/viewport/scale-bar.ts";
import { cellsOf, shelfOf } from "../../src/components/figures/viewport/shelf.ts";
import { viewportHtml } from "../../src/components/figures/viewport/static.ts";
import { imagePyramid } from "../../src/lib/plan/viewport.ts";
import { viewportTwin } from "../../src/lib/plan/viewport-text.ts";

const pyramid = imagePyramid([1536, 3072], 256, { levels: 4 });
const image = { width: 3072, height: 1536 };
const window = { width: 600, height: 375 };

describe("camera", () => {
	const camera = fc.record({
		x: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
		y: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
		scale: fc.double({ min: 0, max: 50, noNaN: true }),
	});

	it("never leaves the image", () => {
		fc.assert(
			fc.property(camera, (wild) => {
				const view = viewportOf(clampCamera(wild, image, window), window);
				for (const [from, length, limit] of [
					[view.x, view.width, image.width],
					[view.y, view.height, image.height],
				]) {
					if (length <= limit + 1e-6) {
						expect(from).toBeGreaterThanOrEqual(-1e-6);
						expect(from + length).toBeLessThanOrEqual(limit + 1e-6);
					} else expect(from + length / 2).toBeCloseTo(limit / 2, 6);
				}
			}),
		);
	});

	it("zooms about the pointer", () => {
		const before = { x: 1000, y: 700, scale: 0.5 };
		const after = zoomAt(before, 2, 120, -40);
		expect(after.scale).toBe(1);
		expect(after.x + 120 / after.scale).toBeCloseTo(before.x + 120 / before.scale, 9);
		expect(after.y - 40 / after.scale).toBeCloseTo(before.y - 40 / before.scale, 9);
	});

	it("goes from one view to another", () => {
		const a = { x: 100, y: 100, scale: 0.2 };
		const b = { x: 900, y: 500, scale: 0.8 };
		expect(between(a, b, 0)).toEqual(a);
		expect(between(a, b, 1).x).toBeCloseTo(b.x, 6);
		expect(between(a, b, 0.5).scale).toBeCloseTo(0.4, 9);
		expect(between(a, { ...a, x: 300 }, 0.5).x).toBeCloseTo(200, 6);
		expect(fitScale(image, window)).toBeCloseTo(600 / 3072, 9);
	});
});

describe("scale bar", () => {
	it("is a round length of a tenth to a fifth of the window", () => {
		fc.assert(
			fc.property(fc.double({ min: 0.05, max: 2, noNaN: true }), (scale) => {
				const { micrometres, pixels } = scaleBarLength(window, { x: 0, y: 0, scale });
				expect(String(micrometres)).toMatch(/^0?\.?0*[125]0*$/);
				expect(pixels).toBeLessThanOrEqual(window.width / 5 + 1e-9);
				expect(pixels).toBeGreaterThan(window.width / 5 / 2.6);
				expect(pixels).toBeCloseTo((micrometres / 0.1) * scale, 6);
			}),
		);
	});
});

describe("shelf", () => {
	it("keeps the levels' proportions and their chunks", () => {
		const shelf = shelfOf(pyramid);
		const [finest, next] = shelf.levels;
		expect(finest.width / finest.height).toBeCloseTo(2, 6);
		expect(finest.width / next.width).toBeCloseTo(2, 6);
		const last = shelf.levels[3];
		expect(last.x + last.width).toBeCloseTo(shelf.width, 6);
		const cells = cellsOf(pyramid, shelf);
		expect(cells).toHaveLength(72 + 18 + 6 + 2);
		for (const [level, place] of shelf.levels.entries()) {
			const own = cells.filter((cell) => cell.level === level);
			const covered = own.reduce((sum, { rect }) => sum + rect.width * rect.height, 0);
			expect(covered).toBeCloseTo(place.width * place.height, 6);
		}
	});
});

describe("synthetic nuclei", () => {
	const sample = specimen(600, 400, 11);

	it("are the same for one seed, and others for another", () => {
		expect(scatter(600, 400, 3)).toEqual(scatter(600, 400, 3));
		expect(scatter(600, 400, 3)).not.toEqual(scatter(600, 400, 4));
		expect(scatter(3072, 1536, 11).length).toBeGreaterThan(60);
	});

	it("have no seams: a piece is what the whole has there", () => {
		const whole = intensities(sample, 1, 0, 0, 300, 200);
		const piece = intensities(sample, 1, 120, 60, 50, 40);
		for (let y = 0; y < 40; y++) {
			for (let x = 0; x < 50; x++) expect(piece[y * 50 + x]).toBe(whole[(y + 60) * 300 + x + 120]);
		}
	});

	it("are as bright at a coarser level", () => {
		const mean = (factor: number) => {
			const values = intensities(sample, factor, 0, 0, 600 / factor, 400 / factor);
			return values.reduce((a, b) => a + b, 0) / values.length;
		};
		expect(mean(4)).toBeGreaterThan(mean(1) * 0.93);
		expect(mean(4)).toBeLessThan(mean(1) * 1.07);
	});

	it("glow on a dark ground", () => {
		const values = intensities(sample, 1, 0, 0, 600, 400).sort();
		expect(values[Math.floor(values.length * 0.3)]).toBeLessThan(0.12);
		expect(values[Math.floor(values.length * 0.99)]).toBeGreaterThan(0.4);
	});
});

describe("static viewport", () => {
	it("says what is needed, and that the image is synthetic", () => {
		const { document } = parseHTML(`<body>${viewportHtml({}, "fig")}</body>`);
		expect(document.querySelectorAll(".cw-fig-cell")).toHaveLength(98);
		expect(document.querySelector(".cw-fig-counter")?.textContent?.replace(/\s/g, " ")).toBe(
			"6 of 6 chunks in scale2768.00 KiB of 9.00 MiB",
		);
		expect(document.querySelector(".cw-fig-tag")?.textContent).toContain("synthetic");
		expect(document.querySelector(".cw-fig-summary")?.textContent).toContain("synthetic");
	});

	it("has a twin with a row a level", () => {
		const twin = viewportTwin(pyramid, window);
		expect(twin.rows.map((row) => row.slice(0, 3))).toEqual([
			["scale0", "3072 × 1536", "72"],
			["scale1", "1536 × 768", "18"],
			["scale2", "768 × 384", "6"],
			["scale3", "384 × 192", "2"],
		]);
		expect(twin.status).toBe("scale2: 6 of 6 chunks, 768.00 KiB of 9.00 MiB.");
	});
});
