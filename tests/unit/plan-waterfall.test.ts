import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lookAt, writePhantom } from "../../scripts/record-requests.ts";
import { networkLines } from "../../src/lib/plan/lines.ts";
import { planWaterfall, requestWaterfall, waterfallOf } from "../../src/lib/plan/request-waterfall.ts";
import { waterfallTwin } from "../../src/lib/plan/request-waterfall-text.ts";
import { sampleRequests } from "../../src/lib/plan/sample-requests.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { recordStore } from "../../src/lib/stores/observe.ts";

test("the sample is what a look at the phantom asks for, byte for byte", async () => {
	const folder = await mkdtemp(join(tmpdir(), "waterfall-"));
	try {
		await writePhantom(folder);
		const asked = (requests: typeof sampleRequests) =>
			requests.map(({ key, bytes, from, status }) => `${key} ${bytes} ${from} ${status}`).sort();
		expect(asked(sampleRequests)).toEqual(asked(await lookAt(folder)));
	} finally {
		await rm(folder, { recursive: true });
	}
}, 60_000);

test("a log of a store becomes a figure, and counts what moved", async () => {
	const { store, log } = recordStore(memoryStore());
	await store.set("/c/0", new Uint8Array(1024));
	await store.get("/c/0");
	await store.getRange("/c/0", { suffixLength: 16 });
	await store.get("/none");
	const model = requestWaterfall(log, { whole: { bytes: 4096, name: "a.tif" }, line: "lab" });
	expect(model).toMatchObject({ kind: "figure", figure: "request-waterfall" });
	const props = model.props as Parameters<typeof waterfallOf>[0];
	// Plain data, which crosses to the page and stands in it as text.
	expect(structuredClone(props)).toEqual(props);
	const waterfall = waterfallOf(JSON.parse(JSON.stringify(props)));
	expect(waterfall.requests.map(({ op, bytes, started = -1 }) => [op, bytes, started >= 0])).toEqual([
		["set", 1024, true],
		["get", 1024, true],
		["getRange", 16, true],
		["get", 0, true],
	]);
	expect(waterfall.requests[2].range).toEqual([-16, -1]);
	expect(waterfallTwin(waterfall).summary).toBe(
		"4 requests: 3 in memory, 1 for a key that is not there. 2.02 KiB moved, 50 % of a.tif (4.00 KiB).",
	);
});

test("numbers and words agree, over every line", () => {
	const waterfall = waterfallOf({});
	const slow = networkLines[4];
	const plan = planWaterfall(waterfall, slow);
	// 8,692,354 bytes at 125,000 a second, and 0.2 s of latency.
	expect(plan.wholeMilliseconds).toBeCloseTo(69_738.8, 1);
	expect(plan.moved).toBe(
		sampleRequests.reduce((sum, { bytes, from }) => sum + (from === "cache" ? 0 : bytes), 0),
	);
	expect(plan.milliseconds).toBeGreaterThan((1000 * plan.moved) / slow.bandwidth);
	const twin = waterfallTwin(waterfall, slow);
	expect(twin.status).toMatch(
		/^Computed, not measured, for conference Wi-Fi: 200 ms, 1 Mbit\/s, 6 requests at once: /,
	);
	expect(twin.status).toContain("The image as one TIFF file in one request would take 1 min 10 s");
	expect(twin.rows).toHaveLength(1 + networkLines.length);
	expect(twin.rows[0][2]).toBe("–");
	expect(twin.summary).toContain("synthetic");
	const own = { ...slow, name: "own", label: "a line of your own: 1 ms, 1 Mbit/s", latency: 1 };
	expect(waterfallTwin(waterfall, own).rows.at(-1)?.[0]).toContain("your own");
});

test("what is no recording is refused, with the way out", () => {
	expect(() => waterfallOf({ line: "5G" })).toThrow(/no line "5G"/);
	expect(() => waterfallOf({ requests: [{ key: "a" }] as never })).toThrow(/no list/);
	expect(() => waterfallOf({ whole: { bytes: 0 } })).toThrow(/none/);
	expect(() => requestWaterfall([])).toThrow(/Nothing was requested/);
	expect(requestWaterfall({ line: "4G" }).props).toEqual({ line: "4G" });
});
