import { describe, expect, it } from "vitest";
import { findBlanks, inspect } from "../../src/kernel/compile/inspect.ts";
import type { FromKernel, Verdict } from "../../src/kernel/protocol.ts";
import { recordRequest } from "../../src/kernel/worker/requests.ts";
import { Runner } from "../../src/kernel/worker/run.ts";

type Ended = Extract<FromKernel, { type: "done" | "failed" }>;

/** A kernel in this thread. */
function kernel() {
	const sent: FromKernel[] = [];
	const runner = new Runner((message) => sent.push(message));
	let run = 0;
	const start = async (source: string, check?: string, cell = check === undefined ? "page" : "exercise") => {
		await runner.run({ run: ++run, cell, source, check });
		return sent.findLast((m) => m.type === "done" || m.type === "failed") as Ended;
	};
	return {
		start,
		verdict: async (source: string, check: string): Promise<Verdict | undefined> => {
			const ended = await start(source, check);
			return ended.type === "done" ? ended.verdict : undefined;
		},
	};
}

describe("blanks", () => {
	it.each([
		["a value", "const a = ______;", [{ line: 1, column: 11 }]],
		[
			"several",
			"const a = ______;\nf(___, ____);",
			[
				{ line: 1, column: 11 },
				{ line: 2, column: 3 },
				{ line: 2, column: 8 },
			],
		],
		["in a text of its own", 'get("______")', [{ line: 1, column: 6 }]],
		["within a template", "`${______} keys`", [{ line: 1, column: 4 }]],
		["in code that cannot be read", "const a = ______ 3;", [{ line: 1, column: 11 }]],
		["in a text in code that cannot be read", 'f("____" 3)', [{ line: 1, column: 4 }]],
		["a comment is none", "// fill in ______\n1", []],
		["a comment in code that cannot be read is none", "const a = ; // ______", []],
		["part of a name is none", "const a___b = 1; a___b", []],
		["a pattern is none", "/____/.test('a')", []],
		["a name that the learner made is none", "const ___ = 1; ___", []],
		["underscores within a text are none", '"a____b"', []],
	])("%s", (_, source, places) => {
		expect(findBlanks(source)).toEqual(places);
	});
});

describe("what is said before anything runs", () => {
	it("blanks come before syntax", () => {
		expect(inspect("const a = ______ 3;")).toMatchObject({
			kind: "blank",
			message: "There is still a blank in line 1.",
			place: { line: 1, column: 11 },
		});
		expect(inspect("f(____);\ng(____);")?.message).toBe("There are still 2 blanks, in lines 1 and 2.");
	});

	it.each([
		["const a = ;", /not valid TypeScript/, /brackets/],
		["# note\nconst a = 1;", /./, /\/\//],
		["def f(a):\n  return a", /./, /function/],
		["if a > 1:\n  b", /./, /\( \)/],
		["const a = b and c;", /./, /&&/],
		["const f = lambda x: x", /./, /=> x \+ 1/],
	])("%s", (source, message, next) => {
		const said = inspect(source);
		expect(said?.kind).toBe("syntax");
		expect(said?.message).toMatch(message);
		expect(said?.next).toMatch(next);
		expect(said?.place?.line).toBe(1);
	});

	it("nothing of code that can run", () => {
		expect(inspect("const a: number = 1; await a")).toBeUndefined();
	});
});

describe("an exercise in the kernel", () => {
	it("passes any right answer, and gives the author's praise", async () => {
		const check = 'expect(count, "The count").toBe(3); praise("Three it is.");';
		for (const source of [
			"const count = 3;",
			"let count = 1 + 2;",
			"function f() { return 3 }\nvar count = f();",
		]) {
			expect(await kernel().verdict(source, check)).toEqual({
				passed: true,
				checks: 1,
				message: "Three it is.",
			});
		}
	});

	it("gives the check value, source, displays, lines and names", async () => {
		const check =
			'expect(value).toBe(5); expect(source).toMatch("a + 2"); expect(displays).toHaveLength(2); expect(lines).toEqual(["hello"]); expect(a).toBe(3);';
		const source = 'const a = 3; console.log("hello"); display("x"); a + 2';
		expect(await kernel().verdict(source, check)).toMatchObject({ passed: true, checks: 5 });
	});

	it("gives the check the store that the answer wrote into", async () => {
		const { start, verdict } = kernel();
		await start('import { memoryStore } from "chunkwise"; const kept = memoryStore();');
		const check =
			'const keys = await kept.list(); expect(keys, "The keys").toHaveLength(2); expect((await kept.get("/a"))?.length, "The bytes of a").toBe(3);';
		const answer = (bytes: number) =>
			`await kept.set("/a", new Uint8Array(${bytes})); await kept.set("/b", new Uint8Array(1));`;
		expect(await verdict(answer(2), check)).toMatchObject({
			passed: false,
			message: "The bytes of a should be 3, but it is 2.",
		});
		expect(await verdict(answer(3), check)).toMatchObject({ passed: true, checks: 2 });
	});

	it("tells a wrong answer in the author's words, with a next step", async () => {
		expect(await kernel().verdict("const a = 1;", 'fail("Not one.", "Look at the edges.")')).toMatchObject({
			passed: false,
			kind: "check",
			message: "Not one.",
			next: "Look at the edges.",
		});
		expect(await kernel().verdict("const b = 1;", "expect(a).toBe(1)")).toMatchObject({
			kind: "check",
			message: "The check looks for a, which your code does not define.",
		});
	});

	it("tells a name that a function of the answer looks for from one that the check looks for", async () => {
		const answer = (body: string) => `const level = (zoom) => ${body};`;
		expect(await kernel().verdict(answer("math.floor(zoom)"), "expect(level(1)).toBe(1)")).toMatchObject({
			message: "Your code ended with an error when the check called it: math is not defined.",
			next: "What Python calls math is `Math`, with a capital here.",
		});
		expect(await kernel().verdict(answer("zom"), "expect(level(1)).toBe(1)")).toMatchObject({
			next: "Check the spelling.",
		});
	});

	it.each([
		["const a = [7].map((i) => i // size[0]);", /Division rounded down is `Math\.floor/],
		["const n = 7;\nconst a = Math.max(n // 2);", /Division rounded down/],
		["const a = read([\n  f(1):f(2),\n]);", /`from:to` is written/],
		["const end = (3; // not included", /Look at the brackets/],
		["const a = b and c;", /written &&/],
		["const key = (index: number[]): string => {", /Look at the brackets/],
		["const a = b ? 1 : : 2;", /Look at the brackets/],
	])("knows Python where a text cannot be read: %s", async (answer, next) => {
		expect(await kernel().verdict(answer, "expect(1).toBe(1)")).toMatchObject({
			kind: "syntax",
			next: expect.stringMatching(next),
		});
	});

	it("stops at blanks and syntax without running anything", async () => {
		(globalThis as { touched?: number }).touched = 0;
		const verdict = await kernel().verdict("globalThis.touched = 1; ______", "expect(1).toBe(1)");
		expect(verdict).toMatchObject({ passed: false, kind: "blank" });
		expect(await kernel().verdict("globalThis.touched = 1; (", "expect(1).toBe(1)")).toMatchObject({
			kind: "syntax",
		});
		expect((globalThis as { touched?: number }).touched).toBe(0);
	});

	it("fails where the code does, unless the check asks for the error", async () => {
		const failing = 'const a = 1;\nthrow new Error("no such key");';
		const ended = await kernel().start(failing, "expect(a).toBe(1)");
		expect(ended).toMatchObject({ type: "failed", error: { message: "no such key", place: { line: 2 } } });
		expect(
			await kernel().verdict(
				failing,
				'expect(error, "The error").toBeError("no such key"); expect(a).toBe(1)',
			),
		).toMatchObject({
			passed: true,
		});
		expect(await kernel().verdict("const a = 1;", 'expect(error, "The error").toBeError()')).toMatchObject({
			passed: false,
			message: "The error should be an error, but there was none.",
		});
		const wrong = await kernel().verdict(failing, 'expect(error, "The error").toBeError("other")');
		expect(wrong).toMatchObject({ passed: false, detail: "Your code ended with an error: no such key" });
	});

	it("sees the requests of the answer, and not those of the check", async () => {
		const globals = globalThis as { ask?: (key: string) => void };
		globals.ask = (key) =>
			recordRequest({ store: "memory", key, op: "get", bytes: 8, from: "store", cell: "exercise" });
		const check = 'ask("c/9"); expect(requests, "Your answer").toReadAtMost(2)';
		const { verdict } = kernel();
		expect(await verdict('ask("c/0"); ask("c/1"); ask("zarr.json")', check)).toMatchObject({ passed: true });
		expect(await verdict('ask("c/0"); ask("c/1"); ask("c/2")', check)).toMatchObject({
			passed: false,
			message: "Your answer should read at most 2 chunks, but it read 3 chunks.",
		});
	});

	it("sees the page's names and leaves them as they were", async () => {
		const { start, verdict } = kernel();
		await start("let counter = 1; const fixed = 2;");
		expect(
			await verdict("counter = 10; const fixed = 20;", "expect(counter).toBe(10); expect(fixed).toBe(20)"),
		).toMatchObject({ passed: true });
		await start("const seen = [counter, fixed]", undefined, "after");
		expect((globalThis as { seen?: unknown }).seen).toEqual([1, 2]);
	});
});
