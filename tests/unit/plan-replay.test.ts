import * as fc from "fast-check";
import { expect, test } from "vitest";
import { networkLines } from "../../src/lib/plan/lines.ts";
import { oneRequest, replayRequests } from "../../src/lib/plan/replay.ts";
import type { RecordedRequest } from "../../src/lib/plan/requests.ts";

/** 100 ms, 1000 bytes a second. */
const line = { latency: 100, bandwidth: 1000, atOnce: 6 };

const request = (started: number, milliseconds: number, bytes: number, more = {}): RecordedRequest => ({
	key: "c/0",
	op: "get",
	from: "network",
	started,
	milliseconds,
	bytes,
	...more,
});

test("one request costs a latency and its bytes", () => {
	const { requests, milliseconds } = replayRequests([request(7, 1, 500)], line);
	expect(requests).toEqual([{ asked: 0, sent: 0, first: 100, ended: 600 }]);
	expect(milliseconds).toBe(600);
	expect(oneRequest(500, line)).toBe(600);
	expect(replayRequests([], line)).toEqual({ requests: [], milliseconds: 0 });
	expect(replayRequests([request(0, 0, 0)], line).milliseconds).toBe(100);
});

test("requests at once wait for their first bytes together and share the bandwidth", () => {
	const { requests } = replayRequests([request(0, 5, 100), request(0, 5, 300)], line);
	// Half the bandwidth each until the small one has ended, all of it after that.
	expect(requests[0].ended).toBeCloseTo(300, 9);
	expect(requests[1].ended).toBeCloseTo(500, 9);
});

test("what had ended before must end before, and pauses stay", () => {
	const chain = [request(0, 10, 100), request(13, 10, 100), request(23, 10, 0)];
	const { requests } = replayRequests(chain, line);
	expect(requests.map(({ asked }) => asked)).toEqual([0, 203, 403]);
	// A clock that stands still between them: the one that took time came before, those without are at once.
	const still = replayRequests([request(0, 1, 0), request(1, 0, 0), request(1, 0, 0)], line);
	expect(still.requests.map(({ asked }) => asked)).toEqual([0, 100, 100]);
});

test("only so many are under way; who asked first goes first", () => {
	const many = Array.from({ length: 5 }, (_, i) => request(i / 1000, 9, 0));
	const { requests, milliseconds } = replayRequests(many, { ...line, atOnce: 2 });
	expect(requests.map(({ sent }) => Math.round(sent))).toEqual([0, 0, 100, 100, 200]);
	expect(milliseconds).toBeCloseTo(300, 0);
	expect(
		requests.every(({ asked, sent, first, ended }) => asked <= sent && sent < first && first <= ended),
	).toBe(true);
});

test("a cache takes its own time and no turn", () => {
	const log = [request(0, 9, 1000), request(0, 3, 5000, { from: "cache" }), request(4, 1, 0)];
	const { requests } = replayRequests(log, { ...line, atOnce: 1 });
	expect(requests[1]).toEqual({ asked: 0, sent: 0, first: 0, ended: 3 });
	// The third waited for the cache alone when it was recorded.
	expect(requests[2].asked).toBe(4);
	expect(requests[2].sent).toBe(1100);
});

test("no line carries more than its bandwidth, and none is faster than one that is better in everything", () => {
	const log = fc.array(
		fc.tuple(fc.nat(50), fc.nat(20), fc.nat(5000)).map(([s, m, b]) => request(s, m, b)),
		{ minLength: 1, maxLength: 40 },
	);
	fc.assert(
		fc.property(log, fc.integer({ min: 1, max: 8 }), (requests, atOnce) => {
			const slow = { latency: 20, bandwidth: 1e5, atOnce };
			const replay = replayRequests(requests, slow);
			const bytes = requests.reduce((sum, r) => sum + r.bytes, 0);
			expect(replay.milliseconds).toBeGreaterThanOrEqual(20 + (1000 * bytes) / 1e5 - 1e-6);
			for (const { asked } of replay.requests) {
				const underWay = replay.requests.filter((r) => r.sent <= asked && asked < r.ended);
				expect(underWay.length).toBeLessThanOrEqual(atOnce);
			}
			const serial = requests.reduce((sum, r) => sum + 20 + (1000 * r.bytes) / 1e5, 0);
			expect(replay.milliseconds).toBeLessThanOrEqual(serial + 70 + 1e-6);
		}),
	);
});

test("ten thousand requests are reckoned soon enough to be shown", () => {
	const log = Array.from({ length: 10_000 }, (_, i) => request(Math.floor(i / 8), 1, 1000 + (i % 7)));
	const { milliseconds, requests } = replayRequests(log, networkLines[4]);
	expect(requests.every(({ ended }) => ended <= milliseconds)).toBe(true);
	const bytes = log.reduce((sum, r) => sum + r.bytes, 0);
	// The bandwidth is what such a log waits for, but for the turns in which all wait for first bytes.
	expect(milliseconds).toBeGreaterThan((1000 * bytes) / 125e3);
	expect(milliseconds).toBeLessThan((1000 * bytes) / 125e3 + 10_000 * 200);
});

test("a line that carries nothing is refused", () => {
	for (const bad of [{ latency: -1 }, { bandwidth: 0 }, { atOnce: 0 }, { atOnce: 1.5 }, { latency: NaN }]) {
		expect(() => replayRequests([], { ...line, ...bad })).toThrow(/carries nothing/);
	}
});
