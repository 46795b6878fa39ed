import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import {
	barMarkup,
	graphMarkup,
	niceSpan,
	speedUpMarkup,
} from "../../src/components/figures/parallel-work/drawing.ts";
import { parallelWorkHtml } from "../../src/components/figures/parallel-work/static.ts";
import { arrayMarkup, sharedChunkHtml } from "../../src/components/figures/shared-chunk/static.ts";
import { type ParallelRun, parallelSetting } from "../../src/lib/plan/parallel-work.ts";
import { sharedSetting } from "../../src/lib/plan/shared-chunk.ts";

const draw = (html: string) => parseHTML(`<div>${html}</div>`).document;

describe("the drawing of parallel work", () => {
	it("has a node for each task and a line for each wait, without overlap", () => {
		const setting = parallelSetting({});
		const document = draw(graphMarkup(setting));
		const nodes = [...document.querySelectorAll("[data-task]")];
		expect(nodes.map((node) => node.getAttribute("data-task"))).toEqual(setting.tasks.map(({ id }) => id));
		const waits = setting.tasks.reduce((sum, { inputs }) => sum + inputs.length, 0);
		const lines = document.querySelector(".cw-fig-needs")?.getAttribute("d") ?? "";
		expect(lines.match(/M/g)).toHaveLength(waits);
		const places = nodes.map((node) => {
			const [, x, y] = /translate\((\S+) (\S+)\)/.exec(node.getAttribute("transform") ?? "") ?? [];
			return { x: Number(x), y: Number(y), size: Number(node.querySelector("rect")?.getAttribute("width")) };
		});
		for (const [i, a] of places.entries()) {
			for (const b of places.slice(0, i)) {
				if (a.y === b.y) expect(Math.abs(a.x - b.x)).toBeGreaterThan(a.size);
			}
		}
	});

	it("places bars and dots by what was measured", () => {
		const job = { job: "encodeChunk", worker: 2, started: 130, ended: 180 } as const;
		expect(barMarkup(job, 100, "chunk 0")).toContain("--start:30.00;--length:50.00");
		expect(niceSpan(870)).toBe(1000);
		const run = (workers: number, elapsed: number): ParallelRun => ({
			...{ workers, codec: "gzip", elapsed, busy: 100, longest: 10, stored: 1 },
		});
		const runs = [run(1, 100), run(2, 50)];
		const document = draw(speedUpMarkup(runs, "gzip", 4, 2));
		// The best is 2 on two cores, so the axis ends at 2: twice as fast stands at its top.
		const dots = [...document.querySelectorAll(".cw-fig-run-dot")].map((dot) => dot.getAttribute("style"));
		expect(dots).toEqual(["left:12.50%;top:50.00%", "left:37.50%;top:0.00%"]);
		expect(document.querySelectorAll(".cw-fig-latest")).toHaveLength(1);
		expect(draw(speedUpMarkup(runs, "zstd", 4, 2)).querySelectorAll(".cw-fig-run-dot")).toHaveLength(0);
	});

	it("is readable without a script", () => {
		const document = draw(parallelWorkHtml({}, "t"));
		expect(document.querySelector(".cw-fig-summary")?.textContent).toContain("37 tasks");
		expect(document.querySelectorAll(".cw-fig-lane")).toHaveLength(2);
		expect(document.querySelector(".cw-fig-status")?.textContent).toBe("Nothing has run yet.");
	});
});

describe("the drawing of two writers", () => {
	const setting = sharedSetting({});
	const count = (html: string, name: string) => draw(html).querySelectorAll(`.${name}`).length;

	it("shows whose elements are there and whose are lost", () => {
		const planned = arrayMarkup(setting, "t");
		expect(count(planned, "cw-fig-own-a")).toBe(16 * 12);
		expect(count(planned, "cw-fig-own-b")).toBe(16 * 12);
		// B came last to the upper chunk, A to the lower one: what the other wrote there is 0 again.
		const values = new Uint8Array(16 * 24).map((_, i) => {
			const [y, x] = [Math.floor(i / 24), i % 24];
			if (x >= 8 && x < 12 && y < 8) return 0;
			if (x >= 12 && x < 16 && y >= 8) return 0;
			return x < 12 ? 1 : 2;
		});
		const written = arrayMarkup(setting, "t", values);
		expect(count(written, "cw-fig-gone")).toBe(64);
		expect(count(written, "cw-fig-cross")).toBe(64);
		expect(count(written, "cw-fig-written-a")).toBe(16 * 12 - 32);
		expect(count(written, "cw-fig-both")).toBe(1);
		expect(count(arrayMarkup({ ...setting, border: 8 }, "t"), "cw-fig-both")).toBe(0);
	});

	it("is readable without a script", () => {
		const document = draw(sharedChunkHtml({}, "t"));
		expect(document.querySelector(".cw-fig-writers")?.textContent).toBe("A columns 0–11B columns 12–23");
		expect(document.querySelector('[data-reading="both"] dd')?.textContent).toBe("2");
		expect(document.querySelectorAll("tbody tr")).toHaveLength(25);
	});
});
