import { expect, test } from "vitest";
import { lineOf } from "../../src/components/requests/sums.ts";
import type { StoreRequest } from "../../src/kernel/worker/requests.ts";
import { lookOf, matching, rangeText, totalOf } from "../../src/lib/plan/requests.ts";

const rest = { requests: 0, read: 0, written: 0 };
const request = (more: Partial<StoreRequest>): StoreRequest => ({
	store: "memory",
	key: "c/0",
	op: "get",
	bytes: 1024,
	from: "store",
	place: "memory",
	cell: "a",
	status: "ok",
	started: 0,
	milliseconds: 1,
	...more,
});

test("the line counts keys once and bytes as often as they moved", () => {
	const requests = [
		request({}),
		request({ from: "cache" }),
		request({ key: "c/1", op: "getRange", bytes: 10 }),
		request({ op: "set", bytes: 2048 }),
		request({ op: "delete", bytes: 0 }),
		request({ key: "none", status: 404, bytes: 0, from: "network" }),
		request({ key: "bad", status: 503, bytes: 0, from: "network" }),
	];
	expect(lineOf({ requests, rest: { requests: 3, read: 1, written: 1 } })).toBe(
		"read 2 keys, 2.01 KiB · wrote 1 key, 2.00 KiB · deleted 1 key · 1 from cache · 1 not there · 1 failed · and 3 more requests, 2 B",
	);
	expect(lineOf({ requests: [request({ op: "list", bytes: 0 })], rest })).toBe("asked 1 time what there is");
	expect(totalOf(requests.slice(0, 2), 7)).toBe("2 of 7 requests, 2.00 KiB in 1 ms");
});

test("a zip file over a network is not counted twice", () => {
	const requests = [
		request({ store: "a.zip", place: "zip" }),
		request({ store: "http://x", key: "data/a.zip", cause: "fetch", from: "network", bytes: 65536 }),
	];
	expect(lineOf({ requests, rest })).toBe("read 1 key, 1.00 KiB");
});

test("looks, ranges and words", () => {
	expect(lookOf(request({ place: "private files" }))).toBe("disk");
	expect(lookOf(request({ status: "aborted" }))).toBe("failed");
	expect(rangeText(request({ range: [-16, -1] }))).toBe("last 16 bytes");
	expect(rangeText(request({ range: [5, Number.POSITIVE_INFINITY] }))).toBe("bytes 5–end");
	expect(matching([request({ cause: "chunk 0" }), request({ key: "zarr.json" })], "CHUNK read")).toHaveLength(
		1,
	);
});
