import { describe, expect, it } from "vitest";
import { CheckFailed, createExpect, type Expectation } from "../../src/kernel/worker/expect.ts";
import type { StoreRequest } from "../../src/kernel/worker/requests.ts";
import { ChunkwiseError } from "../../src/lib/errors.ts";

const check = createExpect().expect;

/** The sentence that a learner reads. */
function sentence(actual: unknown, ask: (e: Expectation) => unknown, label?: string): string | undefined {
	try {
		ask(check(actual, label));
		return undefined;
	} catch (error) {
		expect(error).toBeInstanceOf(CheckFailed);
		const { message, detail } = error as CheckFailed;
		return detail ? `${message} ${detail}` : message;
	}
}

const read = (key: string, more: Partial<StoreRequest> = {}): StoreRequest => ({
	store: "memory",
	key,
	op: "get",
	bytes: 100,
	from: "store",
	cell: "a",
	...more,
});

describe("a check's matchers say in a sentence what is wrong", () => {
	it.each<[string, unknown, (e: Expectation) => unknown, string]>([
		["toBe", 3, (e) => e.toBe(4), "The value should be 4, but it is 3."],
		["not", 3, (e) => e.not.toBe(3), "The value should not be 3, but it is 3."],
		[
			"absent",
			undefined,
			(e) => e.toBeDefined(),
			"The value should have a value, but it is not there (undefined).",
		],
		[
			"toBeCloseTo with tolerance and unit",
			0.4,
			(e) => e.toBeCloseTo(0.5, { within: 0.05, unit: "µm" }),
			"The value should be 0.5 ± 0.05 µm, but it is 0.4 µm.",
		],
		[
			"toBeCloseTo with a share",
			80,
			(e) => e.toBeCloseTo(100, { within: "5%" }),
			"The value should be within 5% of 100, but it is 80.",
		],
		["toBeCloseTo of a text", "1", (e) => e.toBeCloseTo(1), "The value should be about 1, but it is 1."],
		["toBeBetween", 9, (e) => e.toBeBetween(1, 5), "The value should be between 1 and 5, but it is 9."],
		[
			"a comparison with no number",
			"9",
			(e) => e.toBeLessThan(10),
			"The value should be less than 10, but it is 9.",
		],
		["toMatch", "scale0", (e) => e.toMatch(/^c\//), "The value should match /^c\\//, but it is scale0."],
		["toHaveLength", [1], (e) => e.toHaveLength(2), "The value should have 2 items, but it has 1."],
		[
			"toHaveShape",
			[
				[1, 2, 3],
				[4, 5, 6],
			],
			(e) => e.toHaveShape([3, 2]),
			"The value should have the shape (3, 2), but its shape is (2, 3).",
		],
		[
			"toEqualArray: the first index in words",
			{ shape: [2, 2], data: new Uint16Array([1, 2, 3, 9]) },
			(e) =>
				e.toEqualArray([
					[1, 2],
					[3, 4],
				]),
			"The value should hold the values asked for, but the first that differs is at index (1, 1): it should be 4, but it is 9. 1 of 4 values differs.",
		],
		[
			"toEqualArray: shape",
			new Uint8Array(3),
			(e) => e.toEqualArray([0, 0]),
			"The value should hold the values asked for, but its shape is (3) instead of (2).",
		],
		[
			"toEqual: the first difference",
			{ levels: [{ path: "0" }, { path: "s1" }] },
			(e) => e.toEqual({ levels: [{ path: "0" }, { path: "1" }] }),
			"At levels[1].path it should be 1, but it is s1.",
		],
		[
			"toEqual: another kind of value",
			5,
			(e) => e.toEqual([1, 2]),
			"The value should equal [1,2], but it is 5.",
		],
		["toEqual: nothing", undefined, (e) => e.toEqual([1]), "but it is not there (undefined)."],
		["toEqual: a typed array for a list", Uint8Array.of(1), (e) => e.toEqual([1]), "should equal [1]"],
		["toEqual: maps", new Map([["a", 1]]), (e) => e.toEqual(new Map([["a", 2]])), "The value should equal"],
		["toEqual: one too many", [1, 2], (e) => e.toEqual([1]), "[1] should not be there."],
		["toEqual: one too many, deeper", { a: [1] }, (e) => e.toEqual({ a: [] }), "a[0] should not be there."],
		["toThrow", () => 1, (e) => e.toThrow(), "The value should fail when it is called, but it did not fail."],
		["toBeError without one", undefined, (e) => e.toBeError("x"), "but there was none."],
		[
			"toReadAtMost",
			[read("c/0"), read("c/1"), read("zarr.json")],
			(e) => e.toReadAtMost(1),
			"The value should read at most 1 chunk, but it read 2 chunks.",
		],
	])("%s", (_, actual, ask, words) => {
		expect(sentence(actual, ask)).toContain(words);
	});

	it("names the value by its label, and takes an author's own sentence", () => {
		expect(sentence(3, (e) => e.toBe(4), "The number of chunks")).toBe(
			"The number of chunks should be 4, but it is 3.",
		);
		expect(() => check(3, "n", "Count the edges too.").toBe(4)).toThrow(/^Count the edges too\.$/);
	});
});

describe("a check's matchers hold for every right value", () => {
	it.each<[string, unknown, (e: Expectation) => unknown]>([
		["numbers near enough", 0.1 + 0.2, (e) => e.toBeCloseTo(0.3)],
		["a share", 95.5, (e) => e.toBeCloseTo(100, { within: "5%" })],
		["a bigint compared", 10n, (e) => e.toBeGreaterThan(9)],
		["typed array and list", new Float32Array([1, 2]), (e) => e.toEqualArray([1, 2])],
		["an array of 64-bit integers", new BigInt64Array([1n, 2n]), (e) => e.toEqualArray([1, 2])],
		["not a number, twice", [Number.NaN], (e) => e.toEqualArray([Number.NaN])],
		["nearly the same values", [1.04], (e) => e.toEqualArray([1], { within: 0.05 })],
		["maps", new Map([["a", { b: 1 }]]), (e) => e.toEqual(new Map([["a", { b: 1 }]]))],
		["contain, by structure", [{ a: 1 }], (e) => e.toContain({ a: 1 })],
		["contain, in a set", new Set([1, 2]), (e) => e.toContain(2)],
		[
			"an error by code",
			new ChunkwiseError("not-a-tiff", "x", { remedy: "y" }),
			(e) => e.toBeError("not-a-tiff"),
		],
		["an error by words", new Error("no such key"), (e) => e.toBeError(/key/)],
		[
			"a failing function",
			() => {
				throw new TypeError("x");
			},
			(e) => e.toThrow("TypeError"),
		],
		["a chunk read twice", [read("c/0"), read("c/0")], (e) => e.toReadAtMost(1)],
		["documents are no chunks", [read("a/zarr.json"), read(".zattrs")], (e) => e.toReadAtMost(0)],
		["a shard's index is no chunk", [read("c/0", { cause: "shard index 0" })], (e) => e.toReadAtMost(0)],
		["an absent chunk is none", [read("c/0", { status: "absent" })], (e) => e.toReadAtMost(0)],
		["requests", [read("c/0"), read("zarr.json")], (e) => e.not.toReadAtMost(1, "requests")],
		["bytes", [read("c/0"), read("c/1")], (e) => e.toReadAtMost(200, "bytes")],
		[
			"inner chunks of a shard are chunks",
			[read("c/0", { op: "getRange", range: [0, 9] }), read("c/0", { op: "getRange", range: [10, 19] })],
			(e) => e.not.toReadAtMost(1),
		],
		["writes are no reads", [read("c/0", { op: "set" })], (e) => e.toReadAtMost(0)],
	])("%s", (_, actual, ask) => {
		expect(sentence(actual, ask)).toBeUndefined();
	});

	it("async functions that fail", async () => {
		await check(async () => {
			throw new Error("late");
		}).toThrow("late");
		await expect(check(async () => 1).toThrow()).rejects.toThrow(/did not fail/);
	});

	it("are counted", () => {
		const { expect: counting, count } = createExpect();
		counting(1).toBe(1);
		counting([1]).toEqualArray([1]);
		expect(count()).toBe(2);
	});
});
