import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { analyse, compile } from "../../src/kernel/compile/compile.ts";
import { CompileError } from "../../src/kernel/compile/compile-error.ts";
import { Edits } from "../../src/kernel/compile/edits.ts";
import { type Node, parse } from "../../src/kernel/compile/parse.ts";
import { stripTypes } from "../../src/kernel/compile/strip-types.ts";
import { runCells } from "../support/run-cells.ts";

/** What TypeScript itself makes of the source, printed without comments and white space. */
function normal(source: string): string {
	const { outputText } = ts.transpileModule(source, {
		compilerOptions: {
			target: ts.ScriptTarget.ESNext,
			module: ts.ModuleKind.ESNext,
			removeComments: true,
			useDefineForClassFields: true,
			verbatimModuleSyntax: false,
		},
	});
	return outputText
		.replace(/export \{\};/g, "")
		.replace(/;/g, "")
		.replace(/\s+/g, " ")
		.trim();
}

function stripped(source: string): string {
	const edits = new Edits(source);
	stripTypes(parse(source) as Node, edits);
	return edits.result().code;
}

const typescript = [
	"let x!: number = y as any",
	"const f = <T,>(x: T, ...r: T[]): T => x; foo<number>(1); new Map<string, number>();",
	"const a = b satisfies C; const d = <any>e; const g = h!.i!.j!;",
	"interface I { a: number }\ntype Q = { [K in keyof I]?: I[K] };\nconst z = 1",
	"function g(a: string): void;\nfunction g(a: any) { return a }",
	"let {a, b}: {a: number, b: string} = q; for (const x of y as Z[]) {}",
	"try { f() } catch (e: unknown) { g(e as Error) }",
	"class A<T> extends B<T> implements C, D<T> { private readonly x?: number = 1; static override m<T>(this: X, a?: T): a is string { return a! } [k: string]: any; declare z: number; protected q!: string }",
	"abstract class A { abstract foo(): void; bar(): void; bar(a?: any) { return a } get q(): number { return 1 } }",
	"const o = { a(): number { return 1 }, b: async <T>(x: T): Promise<T> => x, c?: 1 }".replace("?", ""),
	"declare const q: number; declare function ff(): void; declare global { var z: number }".replace(
		/ declare global.*/,
		"",
	),
	"export const a: number = 1; export type T = number; export interface U {}",
	"async function* gen(): AsyncGenerator<number> { yield* other<number>() }",
	"const h = (a?: number, b: string = 'x', { c, d }: { c: number; d: number } = {} as any) => a",
	"const i = async (a: number): Promise<void> => { await a }",
	"label: for (let i: number = 0; i < 3; i++) { if (i as any) continue label }",
	"const t = tag<string>`a${b as string}c`; const opt = a?.b!.c?.<number>(1)".replace("?.<number>(1)", ""),
	"let u: typeof import('x') | undefined; const k = 'a' as const; let fn: (a: number) => void = () => {}",
	"function assertIsString(val: any): asserts val is string {}",
	"const big = 10n ** 3n; const re = /a<b>/g; const lt = a < b, gt = c > d;",
	"class P { constructor(readonly a: number) {} }".replace("readonly a", "a"),
	"const x = y as unknown as string[]\nconst w = 1",
	"const arr = [1, 2] as const satisfies readonly number[]\n;[3].map(String)",
];

describe("types are stripped as TypeScript strips them", () => {
	it.each(typescript)("%s", (source) => {
		const result = stripped(source);
		expect(result.length).toBeGreaterThanOrEqual(source.length);
		expect(normal(result)).toBe(normal(source));
	});

	it("keeps every line where it was", () => {
		const source = "interface A {\n a: number\n}\nconst b: A = {\n a: 1 } as A\nb.a";
		expect(stripped(source).split("\n").length).toBe(source.split("\n").length);
		expect(stripped(source).indexOf("b.a")).toBe(source.indexOf("b.a"));
	});

	it("does not let a blanked type join two statements", () => {
		for (const source of ["let a = b as any\n(c)", "const a = 1\ninterface X {}\n(foo)"]) {
			expect(parse(stripped(source)).body.filter((s: Node) => s.type !== "EmptyStatement")).toHaveLength(2);
		}
	});

	it("writes out enums and parameter properties", async () => {
		const [value] = await runCells([
			"enum E { A, B = 5, C, D = 'd', F = B | 8 }\nclass P { constructor(readonly a: number, private b = 2) {} sum() { return this.a + this.b } }\n[E.A, E.B, E.C, E.D, E.F, E[5], new P(1).sum()].join()",
		]);
		expect(value).toBe("0,5,6,d,13,B,3");
	});

	it("says what cannot be used, and where", () => {
		for (const [source, line, words] of [
			["const a = 1;\nnamespace N { export const x = 1 }", 2, /namespace/],
			["import y = require('z')", 1, /import/],
			["1;\n2;\nimport.meta.url", 3, /import\.meta/],
			["const a = ;", 1, /not valid/],
			["let a = 1;\nlet a = 2;", 2, /already been declared/],
			["'abc", 1, /quote/],
		] as const) {
			try {
				compile(source);
				expect.unreachable(`${source} compiled`);
			} catch (error) {
				expect(error).toBeInstanceOf(CompileError);
				expect((error as CompileError).line).toBe(line);
				expect((error as CompileError).message).toMatch(words);
			}
		}
	});
});

describe("names of a cell", () => {
	it.each([
		["const a = 1, { b, c: [d, ...e], f = g } = h", "a b d e f", "g h"],
		["function f(x) { return x + y } class K extends L { m() { return f } }", "f K", "L y"],
		["for (const i of list) { var kept = i; let gone = 1 }", "kept", "list"],
		["import d, { x as y, type T } from 'm'; import * as ns from 'n'", "d y ns", ""],
		["const g = ({ a, b = c }, ...r) => a + b + r + z", "g", "c z"],
		["o.p; o[q]; ({ s, t: u, [v]: 1 }); w?.x", "", "o q s u v w"],
		["try {} catch ({ message }) { message; other }", "", "other"],
		["type A = B; const x: C = y as D; interface E {}", "x", "y"],
		["enum Color { Red, Blue = Red + base }", "Color", "base"],
		["label: for (;;) { break label }", "", ""],
		["const h = function inner() { return inner() + arguments.length }", "h", ""],
		["({ a, b: c.d, ...e } = f)", "", "a c e f"],
		["switch (k) { case 1: let z = 1; z; default: q }", "", "k q"],
		["if (a) { function inBlock() {} }", "", "a"],
	])("%s", (source, defines, uses) => {
		const found = analyse(source);
		expect(found.error).toBeUndefined();
		expect(found.defines.join(" ")).toBe(defines);
		expect(found.uses.sort().join(" ")).toBe(uses);
	});
});

describe("running cells", () => {
	it("shares names, redefines them, and keeps bindings live", async () => {
		const values = await runCells([
			"let n = 1; const c = 10; function f() { return n + c }",
			"n += 5; f()",
			"const c = 100; c",
			"f() + c",
			"function f() { return 'new' }",
			"f()",
		]);
		expect(values).toEqual([undefined, 16, 100, 116, undefined, "new"]);
	});

	it("shows the last expression, whatever stands around it", async () => {
		expect(await runCells(["1 + 1; // two"])).toEqual([2]);
		expect(await runCells(["({ a: 1 }).a\n/* end */"])).toEqual([1]);
		expect(await runCells(["await Promise.resolve(7)"])).toEqual([7]);
		expect(await runCells(["const a = 1"])).toEqual([undefined]);
		expect(await runCells(["[1, 2]\n  .map((x: number) => x * 2)\n  .join()"])).toEqual(["2,4"]);
		expect(await runCells(["1, 2;;"])).toEqual([2]);
		expect(await runCells(["// nothing"])).toEqual([undefined]);
		expect(await runCells(["'use strict'"])).toEqual(["use strict"]);
		expect(await runCells(["`a${1}`"])).toEqual(["a1"]);
	});

	it("lets a cell name something as a built-in is named, without breaking the built-in", async () => {
		const values = await runCells([
			"const URL = 'mine'; let name = 'n'; const Map = 3; const status = 4",
			"name = name + URL; const o = { URL, name }; const own = ((name: string) => name)('inner'); `${o.URL} ${o.name} ${own} ${Map + status}`",
		]);
		expect(values[1]).toBe("mine nmine inner 7");
		expect(typeof globalThis.URL).toBe("function");
		expect(new globalThis.Map([[1, 2]]).size).toBe(1);
	});

	it("places an error at the reader's line and column", async () => {
		for (const [source, line, column] of [
			["const a: number = 1;\n\nconst b: string = missing;", 3, 19],
			[
				"import { a } from 'x';".replace(
					/.*/,
					"let q = 1;\nfunction f<T>(x: T): T {\n  throw new Error('e');\n}\nf<number>(q)",
				),
				3,
				9,
			],
			["enum E { A }\nnull as any;\n(undefined as any).foo", 3, 20],
		] as const) {
			const failed = await runCells([source]).catch((e) => e);
			expect(failed.place).toMatchObject({ line, column });
		}
	});

	it("explains errors in plain words", async () => {
		const fail = (cells: string[]) =>
			runCells(cells).then(
				() => expect.unreachable(),
				(e) => e,
			);
		expect(await fail(["const image = 1", "imgae"])).toMatchObject({ remedy: "Did you mean image?" });
		expect(await fail(["const k = 1", "k = 2"])).toMatchObject({
			message: "k is a constant and keeps its value.",
		});
		expect(await fail(["let m; m.x"])).toMatchObject({ message: /undefined, so it has no `x`/ });
		expect(await fail(["len([1])"])).toMatchObject({
			remedy: "What Python calls len is `list.length` here.",
		});
		expect(await fail(["let m; Array.from(m)"])).toMatchObject({ message: /undefined, where a list/ });
		expect(await fail(["JSON.parse('')"])).toMatchObject({ message: "The text ends before the JSON does." });
		expect(await fail(["x1; let x1 = 2"])).toMatchObject({ message: /used before the line/ });
		expect(await fail(["const q = ______"])).toMatchObject({ message: /blank/ });
		expect(await fail(["throw 3"])).toMatchObject({ message: "The cell threw 3." });
		expect(await fail(["import x from 'lodash'"])).toMatchObject({ name: "unknown-module" });
		expect(await fail(["import { opne } from 'zarrita'"])).toMatchObject({ remedy: "Did you mean open?" });
		expect(await fail(["function r(): number { return r() + 1 }\nr()"])).toMatchObject({
			message: /calling itself/,
		});
	});

	it("gives what the whole program gives, split at any statement", async () => {
		const statements = [
			"let total = 0;",
			"const list: number[] = [3, 1, 2];",
			"function add(n: number) { total += n; return later(total) }",
			"var v1 = list.map((x) => x * 2);",
			"class Box<T> { constructor(public value: T) {} get() { return [this.value, total] } }",
			"function later(x: number) { return x * 10 }",
			"for (const x of list) { add(x); var last = x }",
			"const { length, ...rest } = { length: v1.length, total, last };",
			"list.sort(); total += list[0] as number;",
			"enum Kind { A, B = 4 }",
			"async function slow(y: number) { await null; return y + total }",
			"const box = new Box(await slow(length));",
			"let again = add(Kind.B); total++;",
		];
		const end = "JSON.stringify([total, list, v1, length, rest, box.get(), again, Kind.B, last])";
		const [whole] = await runCells([[...statements, end].join("\n")]);
		await fc.assert(
			fc.asyncProperty(fc.subarray(statements.map((_, i) => i + 1)), async (cuts) => {
				const cells: string[] = [];
				let from = 0;
				for (const cut of cuts) {
					cells.push(statements.slice(from, cut).join("\n"));
					from = cut;
				}
				// A function used in one cell and defined in a later one is not there yet: keep those two together.
				cells.push([...statements.slice(from), end].join("\n"));
				const inOrder =
					cells.findIndex((c) => c.includes("function later")) <=
					cells.findIndex((c) => c.includes("add(x)"));
				fc.pre(inOrder);
				expect((await runCells(cells)).at(-1)).toBe(whole);
			}),
			{ numRuns: 60 },
		);
	});
});
