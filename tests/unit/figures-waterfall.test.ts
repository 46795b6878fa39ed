import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import {
	dials,
	drawnRequests,
	nearest,
	overviewHtml,
	requestWaterfallHtml,
	shownRequests,
	shownText,
} from "../../src/components/figures/request-waterfall/static.ts";
import { barsHtml } from "../../src/components/requests/waterfall.ts";
import { networkLines } from "../../src/lib/plan/lines.ts";
import { planWaterfall, waterfallOf } from "../../src/lib/plan/request-waterfall.ts";
import type { RecordedRequest } from "../../src/lib/plan/requests.ts";

const parse = (html: string) => parseHTML(`<body>${html}</body>`).document;

test("one bar a request, as recorded, with totals against the whole file", () => {
	const page = parse(requestWaterfallHtml({}, "fig"));
	const rows = [...page.querySelectorAll(".cw-request")];
	expect(rows).toHaveLength(waterfallOf({}).requests.length);
	expect(rows.every((row) => row.querySelectorAll(".cw-request-bar").length === 1)).toBe(true);
	expect(page.querySelectorAll(".cw-request-track .cw-request-wait")).toHaveLength(0);
	expect(page.querySelector("[data-of=bytes]")?.textContent).toContain("8.29 MiB");
	expect(page.querySelector("[data-of=time]")?.textContent).toContain("not recorded");
	expect(page.querySelectorAll("[id]").length).toBe(
		new Set([...page.querySelectorAll("[id]")].map((e) => e.id)).size,
	);
});

test("replayed at a line it says that it is computed, and shows what was waited for", () => {
	const page = parse(requestWaterfallHtml({ line: "conference" }, "fig"));
	expect(page.querySelector(".cw-fig-status")?.textContent).toMatch(/^Computed, not measured/);
	expect(page.querySelector("[data-of=time]")?.textContent).toContain("Time, computed");
	expect(page.querySelector("[data-of=time]")?.textContent).toContain("1 min 10 s");
	expect(page.querySelectorAll(".cw-request-track [data-wait=answer]").length).toBeGreaterThan(5);
	expect(page.querySelector("input[value=conference]")?.hasAttribute("checked")).toBe(true);
	const latency = page.querySelector("input[name=latency]");
	expect(latency?.getAttribute("aria-valuetext")).toBe("200 ms");
});

test("every line is on the sliders", () => {
	for (const line of networkLines) {
		for (const dial of ["latency", "bandwidth", "atOnce"] as const) {
			const values: readonly number[] = dials[dial];
			expect(values[nearest(values, line[dial])]).toBe(line[dial]);
		}
	}
});

test("a bar stands where its request was under way, cut off at the window", () => {
	const request: RecordedRequest = {
		key: "a",
		op: "get",
		from: "network",
		bytes: 1,
		started: 50,
		milliseconds: 100,
	};
	expect(barsHtml(request, { from: 0, to: 200 })).toContain("--start:25%;--length:50%");
	expect(barsHtml(request, { from: 100, to: 300 })).toContain("--start:0%;--length:25%");
	const course = { asked: 0, sent: 50, first: 100, ended: 200 };
	expect(barsHtml(request, { from: 0, to: 200 }, course).match(/--start:[^"]*/g)).toEqual([
		"--start:0%;--length:25%",
		"--start:25%;--length:25%",
		"--start:50%;--length:50%",
	]);
});

test("the filter and the stretch of time choose rows, and the sum is theirs", () => {
	const waterfall = waterfallOf({});
	const drawn = drawnRequests(waterfall, planWaterfall(waterfall));
	const whole = { from: 0, to: 1e6 };
	expect(shownRequests(drawn, "", whole)).toHaveLength(drawn.length);
	const coarse = shownRequests(drawn, "scale2 chunk", whole);
	expect(shownText(coarse, drawn.length)).toBe(`1 of ${drawn.length} requests, 18.34 KiB moved`);
	expect(shownRequests(drawn, "cache", { from: 0, to: 1 })).toHaveLength(0);
	expect(shownText([], 5)).toContain("No request");
	expect(overviewHtml(drawn, whole).match(/data-look="(\w+)"/g)).toHaveLength(3);
});

test("no request at all is said", () => {
	const page = parse(requestWaterfallHtml({ requests: [] }, "fig"));
	expect(page.querySelector(".cw-fall-empty")?.textContent).toContain("Nothing was requested");
});

test("what a store is called is text, never markup", () => {
	const key = '<img src=x onerror="1">';
	const html = requestWaterfallHtml(
		{ requests: [{ key, op: "get", from: "store", bytes: 1, error: key, cause: key }], title: key },
		"fig",
	);
	expect(parse(html).querySelectorAll("img")).toHaveLength(0);
});
