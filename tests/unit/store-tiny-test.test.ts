import { expect, test } from "vitest";
import * as tiny from "../support/tiny-test.ts";

test("the test functions of the browser's worker fail when they should, and only then", async () => {
	const bytes = Uint8Array.of(1, 2);
	const rejected = () => Promise.reject(Object.assign(new Error("no"), { code: "a" }));
	const good: (() => unknown)[] = [
		() => tiny.expect(1).toBe(1),
		() => tiny.expect(bytes).toEqual(Uint8Array.of(1, 2)),
		() => tiny.expect({ a: [bytes] }).toEqual({ a: [Uint8Array.of(1, 2)] }),
		() => tiny.expect(undefined).toBeUndefined(),
		() => tiny.expect([1, 2]).toHaveLength(2),
		() => tiny.expect({ a: 1, b: 2 }).toMatchObject({ a: 1 }),
		() => tiny.expect(rejected()).rejects.toMatchObject({ code: "a" }),
	];
	const bad: (() => unknown)[] = [
		() => tiny.expect(1).toBe(2),
		() => tiny.expect(bytes).toEqual(Uint8Array.of(1, 3)),
		() => tiny.expect(bytes).toEqual(Uint8Array.of(1)),
		() => tiny.expect(bytes).toEqual([1, 2]),
		() => tiny.expect(undefined).toEqual(bytes),
		() => tiny.expect(bytes).toEqual(undefined),
		() => tiny.expect(["a"]).toEqual(["b"]),
		() => tiny.expect({ a: 1, b: 2 }).toEqual({ a: 1 }),
		() => tiny.expect({ a: 1 }).toEqual({ a: 1, b: 2 }),
		() => tiny.expect(null).toBeUndefined(),
		() => tiny.expect(undefined).toHaveLength(0),
		() => tiny.expect({ a: 1 }).toMatchObject({ a: 2 }),
		() => tiny.expect(rejected()).rejects.toMatchObject({ code: "b" }),
		() => tiny.expect(Promise.resolve(1)).rejects.toMatchObject({}),
		() => {
			throw new Error("thrown");
		},
	];
	for (const [name, runs] of Object.entries({ good, bad })) {
		tiny.describe(name, () => {
			for (const [i, run] of runs.entries()) tiny.test(`${i}`, run);
		});
	}
	tiny.test.each(["x", "y"])("each %j", (value) => tiny.expect(value).toBe("x"));
	const results = await tiny.runCases();
	expect(results.filter(({ error }) => !error).map(({ name }) => name)).toEqual([
		...good.map((_, i) => `good > ${i}`),
		'each "x"',
	]);
	expect(results).toHaveLength(good.length + bad.length + 2);
});
