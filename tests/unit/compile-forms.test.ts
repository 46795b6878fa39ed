/** Every form of TypeScript that a reader may write in a cell, run as cells run it. */
import { describe, expect, it } from "vitest";
import { analyse, compile } from "../../src/kernel/compile/compile.ts";
import { CompileError } from "../../src/kernel/compile/compile-error.ts";
import type { FromKernel } from "../../src/kernel/protocol.ts";
import { Runner } from "../../src/kernel/worker/run.ts";
import { seeCells as see } from "../support/run-cells.ts";

/** The last cell's value as JSON, with every cell having run without an error. */
async function value(...sources: string[]): Promise<unknown> {
	const cells = [...sources];
	cells[cells.length - 1] = `JSON.stringify(${cells[cells.length - 1]})`;
	const { last, error } = await see(...cells);
	expect(error).toBeUndefined();
	return JSON.parse(last ?? "null");
}

describe("declarations", () => {
	it.each<[name: string, cells: string[], expected: unknown]>([
		["let, const, var", ["let a = 1; const b = 2; var c = 3;", "[a, b, c]"], [1, 2, 3]],
		["without a value", ["let a; var b;", "[a ?? null, b ?? null]"], [null, null]],
		["several in one", ["const a = 1, b = a + 1, c = b + 1", "[a, b, c]"], [1, 2, 3]],
		["functions", ["function f(x: number) { return x * 2 }", "f(4)"], 8],
		["async functions", ["async function f() { return 3 }", "await f()"], 3],
		["generators", ["function* g() { yield 1; yield 2 }", "[...g()]"], [1, 2]],
		[
			"async generators",
			["async function* g() { yield 1 }", "await (async () => { for await (const x of g()) return x })()"],
			1,
		],
		["classes", ["class A { #p = 1; get p() { return this.#p } static s = 2 }", "[new A().p, A.s]"], [1, 2]],
		[
			"subclasses across cells",
			["class A { m() { return 1 } }", "class B extends A { m() { return super.m() + 1 } }", "new B().m()"],
			2,
		],
		["a function before its definition", ["const r = f(2); function f(n: number) { return n + 1 }", "r"], 3],
		[
			"functions that call each other",
			[
				"function even(n: number): boolean { return n === 0 || odd(n - 1) }\nfunction odd(n: number): boolean { return n !== 0 && even(n - 1) }",
				"even(10)",
			],
			true,
		],
		["var before its line", ["const before = typeof later; var later = 1", "before"], "undefined"],
		["var out of a block", ["if (true) { var inner = 5 }", "inner"], 5],
		[
			"closures keep their cell's variable",
			["let n = 0; const up = () => ++n", "up(); up()", "[n, up()]"],
			[2, 3],
		],
		["assignment from a later cell", ["let n = 1; const read = () => n", "n = 9", "read()"], 9],
		["update from a later cell", ["let n = 1", "n++; n += 5; n ??= 4; n **= 2", "n"], 49],
		["arrow functions", ["const f = ({ x }: { x: number }, [y] = [2]) => x + y", "f({ x: 1 })"], 3],
		["getters and computed keys", ["const k = 'q'; const o = { get [k]() { return 7 } }", "o.q"], 7],
	])("%s", async (_name, cells, expected) => {
		expect(await value(...cells)).toEqual(expected);
	});
});

describe("classes", () => {
	it.each<[name: string, cells: string[], expected: unknown]>([
		["fields that use this", ["class A { a = 1; b = this.a + 1; c = () => this.b }", "new A().c()"], 2],
		[
			"private methods, accessors and statics",
			[
				"class A { static #made = 0; #n = 1; #twice() { return this.#n * 2 } get #t() { return this.#twice() } static make() { A.#made++; return new A() } has(o: object) { return #n in o } total() { return this.#t + A.#made } }",
				"const a = A.make();",
				"[a.total(), a.has(a), a.has({})]",
			],
			[3, true, false],
		],
		[
			"a static block with names of its own",
			["let n = 1; class A { static s: number; static { var n = 5; this.s = n } }", "[n, A.s]"],
			[1, 5],
		],
		[
			"computed members",
			[
				"const k = 'm'; class A { [k]() { return 1 } static [k + 's'] = 2; ['f' + k] = 3 }",
				"[new A().m(), (A as any).ms, (new A() as any).fm]",
			],
			[1, 2, 3],
		],
		[
			"super in methods, fields, accessors and statics",
			[
				"class A { get v() { return 1 } static s() { return 2 } m() { return 3 } }",
				"class B extends A { get v() { return super.v * 10 } static s() { return super.s() * 10 } f = super.m() }",
				"[new B().v, B.s(), new B().f]",
			],
			[10, 20, 3],
		],
		[
			"expressions, with a name or without",
			["const A = class Inner { me() { return Inner } }; const B = class {}", "[new A().me() === A, B.name]"],
			[true, "B"],
		],
		[
			"a mixin",
			[
				"const mixed = <T extends new (...a: any[]) => {}>(Base: T) => class extends Base { extra = 4 }; class A { own = 1 }",
				"const m = new (mixed(A))()",
				"[m.own, m.extra]",
			],
			[1, 4],
		],
		[
			"new.target, instanceof and toString",
			[
				"class A { t: string; constructor() { this.t = new.target.name } } class B extends A {}",
				"[new B().t, new B() instanceof A]",
			],
			["B", true],
		],
		[
			"a class that a later cell defines anew",
			["class A { n = 1 } const old = new A()", "class A { n = 2 }", "[old.n, new A().n, old instanceof A]"],
			[1, 2, false],
		],
		[
			"a class used by a function before its line",
			["const make = () => new A(); class A { n = 5 }", "make().n"],
			5,
		],
		[
			"iterators and async methods",
			[
				"class A { async one() { return 1 } *two() { yield 2 } async *three() { yield 3 } }",
				"const a = new A(); const t: number[] = []; for await (const x of a.three()) t.push(x)",
				"[await a.one(), ...a.two(), ...t]",
			],
			[1, 2, 3],
		],
		[
			"overridden, abstract and optional members",
			[
				"abstract class A { abstract a: number; b?(): void; protected abstract c(x: number): string; static of?: A } class B extends A { override a = 1; protected override c() { return 'c' } }",
				"[new B().a, 'b' in new B(), 'of' in A]",
			],
			[1, false, true],
		],
		[
			"index signatures, and a member called as a modifier",
			[
				"class A { [key: string]: unknown; readonly = 1; static static = 2; get = 3; async = 4; declare = 5 }",
				"const a = new A()",
				"[a.readonly, A.static, a.get, a.async, a.declare]",
			],
			[1, 2, 3, 4, 5],
		],
		[
			"parameter properties behind super",
			[
				"class A { constructor(public x: number) {} } class B extends A { y = this.x + 1; constructor(readonly z = 5) { super(z * 2); this.y++ } }",
				"const b = new B()",
				"[b.x, b.y, b.z]",
			],
			[10, 12, 5],
		],
	])("%s", async (_name, cells, expected) => {
		expect(await value(...cells)).toEqual(expected);
	});
});

describe("functions used before their definition", () => {
	it.each<[name: string, cells: string[], expected: unknown]>([
		["in the line before", ["const a = f(); function f() { return 1 }", "a"], 1],
		["by an import", ["const a = total([1, 2]); import { sum as total } from 'd3'", "a"], 3],
		["in a block", ["let a = 0; { a = f(); function f() { return 2 } }", "a"], 2],
		[
			"by another function of the cell",
			["function a() { return b() } const r = a(); function b() { return 3 }", "r"],
			3,
		],
		["by a function, in a later cell", ["const a = () => b()", "function b() { return 4 }", "a()"], 4],
		[
			"as a default and in a class",
			["class A { n = f() } function g(x = f()) { return x + new A().n } function f() { return 5 }", "g()"],
			10,
		],
		[
			"with the newest definition of a later cell",
			["function f() { return 1 } const call = () => f()", "function f() { return 2 }", "[call(), f()]"],
			[1, 2],
		],
	])("%s", async (_name, cells, expected) => {
		expect(await value(...cells)).toEqual(expected);
	});

	it("is told in words where it is a constant, a class or a cell that has not run", async () => {
		expect((await see("f(); const f = () => 1")).error?.message).toMatch(/before the line/);
		expect((await see("new A(); class A {}")).error?.message).toMatch(/before the line/);
		expect((await see("const a = () => later(); a()")).error?.message).toMatch(/later is not defined/);
	});
});

describe("destructuring", () => {
	it.each<[pattern: string, names: string[], expected: unknown]>([
		["const { a, b: c } = { a: 1, b: 2 }", ["a", "c"], [1, 2]],
		["const { a = 5, b: { c = 6 } = {} } = {} as any", ["a", "c"], [5, 6]],
		["const [a, , b = 3, ...r] = [1, 2, undefined, 4, 5]", ["a", "b", "r"], [1, 3, [4, 5]]],
		["const { a, ...r } = { a: 1, b: 2, c: 3 }", ["a", "r"], [1, { b: 2, c: 3 }]],
		["const { ['x' + 1]: a } = { x1: 4 }", ["a"], [4]],
		["const [[a], { b: [c] }]: any = [[1], { b: [2] }]", ["a", "c"], [1, 2]],
		["let a = 1, b = 2; [a, b] = [b, a]", ["a", "b"], [2, 1]],
		["let a = 0, o: any = {}; ({ x: a, y: o.z } = { x: 3, y: 4 })", ["a", "o"], [3, { z: 4 }]],
		["let a = 0; for ([a] of [[1], [2]]) ;", ["a"], [2]],
		["let a, b; ({ a, b = 2 } = { a: 1 } as any)", ["a", "b"], [1, 2]],
		["var { length: a } = 'four'", ["a"], [4]],
	])("%s", async (source, names, expected) => {
		expect(analyse(source).defines).toEqual(expect.arrayContaining(names));
		expect(await value(source, `[${names.join()}]`)).toEqual(expected);
	});

	it("assigns to names of earlier cells by patterns", async () => {
		expect(
			await value(
				"let a = 1, b = 2, rest: any",
				"[a, ...rest] = [7, 8, 9]; ({ b } = { b: 5 })",
				"[a, b, rest]",
			),
		).toEqual([7, 5, [8, 9]]);
	});
});

describe("imports", () => {
	it.each<[name: string, source: string, expected: unknown]>([
		["named", 'import { sum } from "d3"; sum([1, 2])', 3],
		["renamed", 'import { sum as total } from "d3"; total([1, 2])', 3],
		["several", 'import { sum, max } from "d3"; [sum([1]), max([2])].join()', "1,2"],
		["namespace", 'import * as d3 from "d3"; d3.sum([1, 2])', 3],
		["side effect", 'import "d3"; 1', 1],
		["types only", 'import type { Series } from "d3"; let s: Series<any, any> | undefined; 1', 1],
		["types among values", 'import { type Series, sum } from "d3"; sum([4])', 4],
		["only types in braces", 'import { type Series } from "d3"; 2', 2],
		["dynamic", 'const d3 = await import("d3"); d3.sum([5])', 5],
		["dynamic, by a variable", 'const name = "d3"; (await import(name)).sum([6])', 6],
		["behind its use", 'const f = () => sum([7]); import { sum } from "d3"; f()', 7],
		["without a semicolon", 'import { sum } from "d3"\n[1].length + sum([1])', 2],
		["string names", 'import { "sum" as s } from "d3"; s([3])', 3],
	])("%s", async (_name, source, expected) => {
		const { last, error } = await see(source);
		expect(error).toBeUndefined();
		expect(last).toBe(String(expected));
	});

	it("gives imported names to later cells", async () => {
		expect(await value('import { sum as add } from "d3"', "add([1, 1])")).toBe(2);
	});

	it("names what a cell imports, types left out", () => {
		expect(
			analyse('import "d3"; import type { A } from "zarrita"; import x, * as y from "n"').imports,
		).toEqual(["d3", "n"]);
	});

	it("says what cannot be imported, with what can", async () => {
		expect((await see("import x from 'loddash'")).error).toMatchObject({ name: "unknown-module" });
		expect((await see('import { smu } from "d3"')).error).toMatchObject({ remedy: "Did you mean sum?" });
		expect((await see('import { default as x } from "d3"; x')).error).toBeDefined();
		expect((await see("await import('./mine.ts')")).error).toMatchObject({ name: "unknown-module" });
	});
});

describe("types", () => {
	it.each<[name: string, source: string, expected: string]>([
		["generics", "function id<T extends object = {}>(x: T): T { return x }\nid<{ a: 1 }>({ a: 1 }).a", "1"],
		["generic arrows", "const f = <T,>(x: T): T => x; f<number>(3)", "3"],
		["generic async arrows", "const f = async <T,>(x: T): Promise<T> => x; await f(4)", "4"],
		["satisfies", "const o = { a: 1 } satisfies Record<string, number>; o.a", "1"],
		["as const", "const o = ['a', 'b'] as const; o.length", "2"],
		["as unknown as", "(('5' as unknown) as string).length", "1"],
		["not null", "const a: number | undefined = 6; a!.toFixed()", "6"],
		["angle brackets", "const a = <number>(<unknown>7); a", "7"],
		["interfaces and aliases", "interface A { a: number }\ntype B = A['a'];\nconst b: B = 8; b", "8"],
		[
			"conditional and mapped types",
			"type M<T> = { [K in keyof T as `x${string & K}`]?: T[K] extends infer U ? U : never }; 9",
			"9",
		],
		[
			"overloads",
			"function f(a: string): 1;\nfunction f(a: number): 2;\nfunction f(a: any) { return 10 }\nf(1)",
			"10",
		],
		[
			"abstract classes",
			"abstract class A { abstract m(): number; n() { return this.m() } }\nclass B extends A { m() { return 11 } }\nnew B().n()",
			"11",
		],
		[
			"parameter properties",
			"class P { constructor(private a: number, public readonly b = 2) {} sum() { return this.a + this.b } }\nnew P(10).sum()",
			"12",
		],
		["definite assignment", "let x!: number; x = 13; x", "13"],
		[
			"definite fields",
			"class A { a!: number; b?: string; declare c: number; readonly d: number = 14 }\nnew A().d",
			"14",
		],
		[
			"implements",
			"interface I {}\nclass A<T> implements I, Iterable<T> { *[Symbol.iterator]() {} }\n[...new A<number>()].length",
			"0",
		],
		[
			"this parameters",
			"function f(this: { a: number }, b: number) { return this.a + b }\nf.call({ a: 15 }, 1)",
			"16",
		],
		["predicates", "const is = (x: unknown): x is string => typeof x === 'string'; is('')", "true"],
		["type-only exports", "type T = 1; export type { T }; export interface U {}\n17", "17"],
		["exports", "export const a = 18; export function f() {} export { a as b }; a", "18"],
		["declare", "declare const later: number; declare function g(): void; 19", "19"],
		["enums", "enum E { A = 1, B = A << 1, C = 'x'.length }\n[E.A, E.B, E[2]].join()", "1,2,B"],
		["const enums", "const enum E { A = 20 }\nE.A", "20"],
		["instantiation", "const make = Map<string, number>; new make([['a', 21]]).get('a')", "21"],
		[
			"optional parameters",
			"const f = (a?: number, ...r: string[]): number => (a ?? 22) + r.length; f()",
			"22",
		],
		[
			"accessors",
			"class A { #v = 23; get v(): number { return this.#v } set v(x: number) { this.#v = x } }\nnew A().v",
			"23",
		],
		["template literal types", "type K = `a${number}`; const k: K = 'a1'; k", "a1"],
		[
			"unique symbols and tuples",
			"const s: unique symbol = Symbol(); let t: [a: number, b?: string] = [24]; t[0]",
			"24",
		],
		["comparisons that look generic", "const a = 1, b = 2, c = 3; (a < b) === (c > b)", "true"],
		["a return type on its own line", "const f = (\n  a: number,\n): number => a\nf(25)", "25"],
	])("%s", async (_name, source, expected) => {
		const { last, error } = await see(source);
		expect(error).toBeUndefined();
		expect(last).toBe(expected);
	});

	it.each<[source: string, words: RegExp, line: number, column: number]>([
		["const a = 1;\nnamespace N { export const x = 1 }", /namespace/i, 2, 1],
		["module M { export const x = 1 }", /namespace|module/i, 1, 1],
		["import fs = require('fs')", /import … from/, 1, 1],
		["1\nexport * from 'd3'", /re-export/, 2, 1],
		["1\n  import.meta.url", /import\.meta/, 2, 3],
		["const x = 1\nconst x = 2", /already been declared/, 2, 7],
		["let y = 1; let y = 2", /already been declared/, 1, 16],
		["const a = 'open\nconst b = 1", /closing quote/, 1, 11],
		["const t = `open", /backtick/, 1, 12],
		["function f() { await 1 }", /async/, 1, 16],
		["return 1", /return/i, 1, 1],
		["break", /break/i, 1, 1],
		["const a", /not valid/i, 1, 8],
		["@dec class A {}", /[Dd]ecorator/, 1, 1],
		["(1 + ", /not valid|end/i, 1, 6],
		["class A { await = 1; static { await 1 } }", /await/i, 1, 31],
	])("%s is refused in words, at its place", (source, words, line, column) => {
		try {
			compile(source);
		} catch (error) {
			expect(error).toBeInstanceOf(CompileError);
			expect((error as CompileError).message).toMatch(words);
			expect([(error as CompileError).line, (error as CompileError).column]).toEqual([line, column]);
			return;
		}
		expect.unreachable(`${source} was compiled`);
	});
});

describe("await in odd places", () => {
	it.each<[name: string, source: string, expected: string]>([
		["a template", "const p = Promise.resolve(1); `${await p}-${await p}`", "1-1"],
		["a default", "const { a = await Promise.resolve(2) } = {} as { a?: number }; a", "2"],
		["an index", "[3][await Promise.resolve(0)]", "3"],
		["for await", "let s = 0; for await (const x of [Promise.resolve(4), 5]) s += x; s", "9"],
		["a loop's head", "let n = 0; for (let i = await 0; i < (await 3); i++) n++; n", "3"],
		["a condition", "(await false) ? 1 : (await true) ? 6 : 7", "6"],
		["a call and its arguments", "(await Math.max)(await 7, 2)", "7"],
		["a chain", "(await Promise.resolve({ a: { b: 8 } })).a?.b", "8"],
		["a class's heritage", "class A extends (await Promise.resolve(Array)) {}\nnew A(9).length", "9"],
		["a throw and a catch", "try { throw await Promise.resolve(10) } catch (e) { e }\n(10)", "10"],
		["an export", "export const a = await 11; a", "11"],
		["a tagged template", "const tag = (s: any, ...v: any[]) => v.join(); tag`a${await 12}b`", "12"],
		["an object's key", "({ [await 'k']: 13 }).k", "13"],
		["a spread", "[...(await [14])][0]", "14"],
		["await using of nothing", "await (await (await 15))", "15"],
	])("%s", async (_name, source, expected) => {
		const { last, error } = await see(source);
		expect(error).toBeUndefined();
		expect(last).toBe(expected);
	});
});

describe("text around the code", () => {
	it.each<[name: string, source: string, expected: string | undefined]>([
		["comments at both ends", "// first\n/* and */ 1 + 1 // last", "2"],
		["a comment without a line break after it", "3 // end", "3"],
		["a block comment after the value", "4 /* end */", "4"],
		["documentation", "/** @returns five */\nfunction f() { return 5 }\nf()", "5"],
		["nothing", "", undefined],
		["white space", "\n\t \n", undefined],
		["only a comment", "// nothing here", undefined],
		["carriage returns", "const a = 6\r\na\r\n", "6"],
		["a byte-order mark", "\uFEFF7", "7"],
		["line separators", "const a = '\u2028'; a.length + 7", "8"],
		["surrogate pairs before the value", "const s = '🔬'; s.length + 7", "9"],
		["names beyond ASCII", "const größe = 10; größe", "10"],
		["a semicolon or more", "11;;", "11"],
		["a directive", '"use strict"; 12', "12"],
		["an object in braces is a block", "{ 13 }", undefined],
		["a label", "outer: for (const a of [1]) { for (;;) continue outer }\n14", "14"],
	])("%s", async (_name, source, expected) => {
		const { last, error } = await see(source);
		expect(error).toBeUndefined();
		expect(last).toBe(expected);
	});

	it("takes a first line that starts with #! as a comment, as Node does", async () => {
		expect((await see("#!/usr/bin/env node\n15")).last).toBe("15");
	});

	it("says that # begins no comment", async () => {
		expect((await see("1\n# a Python comment")).error).toMatchObject({
			name: "SyntaxError",
			place: { line: 2, column: 2 },
		});
	});
});

describe("semicolons that are not there", () => {
	it.each<[source: string, expected: string]>([
		["const a = 1\nconst b = 2\na + b", "3"],
		["let a = 1\na\n++a\na", "2"],
		["const a = [1, 2]\n;[a[0], a[1]].join('-')", "1-2"],
		["const a = 1 as number\n;[5].length + a", "2"],
		["let b = 2 as any\n;(b)", "2"],
		["type A = 1\nconst a: A = 1\na", "1"],
		["interface A {}\n[3].length", "1"],
		["declare const x: number\n`t`", "t"],
		["const f = () => {}\n;`u`", "u"],
		["let x: number\nx = 4\nx", "4"],
		["class A { a: number = 1\n  b: any\n  ['c'] = 3 }\nnew A().c", "3"],
		["class A { a?: string\n  *g() { yield 5 } }\n[...new A().g()][0]", "5"],
		["const r = (() => { return\n6 })()\nString(r)", "undefined"],
		["import { sum } from 'd3'\n;(sum)([7])", "7"],
	])("%s", async (source, expected) => {
		const { last, error } = await see(source);
		expect(error).toBeUndefined();
		expect(last).toBe(expected);
	});
});

describe("redefinition and shadowing", () => {
	it.each<[last: string, expected: string]>([
		["status", "3"],
		["status + 1", "4"],
		["status++", "3"],
		["status = 9", "9"],
		["URL.length", "4"],
		["event(2)", "4"],
		["event`a`", "NaN"],
		["[status, ...URL].join('')", "3mine"],
		["import('d3').then(({ sum }) => sum([status, 2]))", "5"],
	])("shows a last expression that begins with the name of a built-in: %s", async (last, expected) => {
		const page = "let status = 3; const URL = 'mine'; const event = (n: any) => n * 2";
		const seen = await see(page, last);
		expect(seen.error).toBeUndefined();
		expect(seen.last).toBe(expected);
	});

	it("lets a cell be run again with other kinds of declaration", async () => {
		expect(
			await value("const a = 1", "let a = 2", "function a() { return 3 }", "class a { static n = 4 }", "a.n"),
		).toBe(4);
	});

	it("keeps inner names inner", async () => {
		expect(
			await value(
				"const a = 1, b = 2",
				"const f = (a: number) => { const b = a * 10; { let a = b + 1; return [a, b] } }",
				"[...f(3), a, b]",
			),
		).toEqual([31, 30, 1, 2]);
	});

	it("keeps names of loops, catches, classes and function expressions inner", async () => {
		const source =
			"for (let i = 0; i < 1; i++); try { throw 1 } catch (e) {} const x = class K {}; const y = function z() {}; switch (1) { case 1: let w = 1 }";
		expect(analyse(source).defines).toEqual(["x", "y"]);
		const { last } = await see(source, "[typeof i, typeof e, typeof K, typeof z, typeof w].join()");
		expect(last).toBe(Array(5).fill("undefined").join());
	});

	it("does not mistake properties, labels, types and keys for names", () => {
		expect(analyse("a: for (;;) { o.p.q; ({ r: 1, s() {} }); break a } type T = U; let v: W").uses).toEqual([
			"o",
		]);
	});

	it("tells a constant that is assigned to, from the same cell and from a later one", async () => {
		expect((await see("const a = 1; a = 2")).error?.message).toMatch(/constant/);
		expect((await see("const a = 1", "a = 2")).error?.message).toBe("a is a constant and keeps its value.");
		expect((await see('import { sum } from "d3"', "sum = 1")).error?.message).toMatch(/constant/);
	});

	it("lets a cell export what an earlier one declared, which means nothing", async () => {
		expect(
			await value(
				"const a = 1; function f() { return 2 }",
				"export { a, f as g }; export default a",
				"[a, f()]",
			),
		).toEqual([1, 2]);
	});

	it("refuses a name that nobody declared", async () => {
		expect((await see("undeclared = 1")).error).toMatchObject({ name: "ReferenceError" });
	});
});

describe("places of errors", () => {
	it.each<[name: string, source: string, line: number, column: number]>([
		["behind types", "const a: Array<{ b: string }> = [] as any; nope", 1, 44],
		["behind an import", 'import { sum } from "d3";\nsum([1]); nope', 2, 11],
		["behind an enum on its own lines", "enum E {\n  A,\n  B\n}\nnope", 5, 1],
		["in a function that a later line calls", "function f() {\n\tconst x = nope\n}\nf()", 2, 12],
		["in the last expression", "1;\n  (2, nope)", 2, 7],
		["behind parameter properties", "class A { constructor(private x: number) { nope } }\nnew A(1)", 1, 44],
		["in a template over lines", "`a\n${nope}`", 2, 3],
		["after carriage returns", "1\r\n2\r\nnope", 3, 1],
	])("%s", async (_name, source, line, column) => {
		const { error } = await see(source);
		expect(error?.place).toEqual({ cell: "c0", line, column });
	});

	it("name every cell that the error passed", async () => {
		const { error } = await see(
			"const f = (): never => {\n  throw new Error('deep')\n}",
			"const g = () => f()",
			"g()",
		);
		expect(error?.trace.map(({ cell, line }) => `${cell}:${line}`)).toEqual(["c0:2", "c1:1", "c2:1"]);
	});
});

describe("output", () => {
	it("belongs to the cell that caused it, whichever cell's function makes it", async () => {
		const messages: FromKernel[] = [];
		const runner = new Runner((message) => messages.push(message));
		const sources = [
			"const say = (text: string) => console.log(text); const show = (x: unknown) => display(x); let late: () => void; const done = new Promise<void>((r) => { late = r })",
			"setTimeout(() => { say('late from c1'); late() }, 20); say('c1')",
			"const deep = (n: number): void => n === 0 ? say('deep from c2') : deep(n - 1); deep(20); show('c2'); await null; say('c2 after await'); await done",
		];
		for (const [i, source] of sources.entries()) await runner.run({ run: i + 1, cell: `c${i}`, source });
		for (const i of sources.keys()) runner.names.forget(`c${i}`);
		await new Promise((resolve) => setTimeout(resolve, 200));
		const of = (run: number) =>
			messages.flatMap((m) =>
				m.type === "outputs" && m.run === run
					? m.outputs.map((o) =>
							o.kind === "console" ? o.text : o.kind === "display" && "text" in o.model ? o.model.text : "",
						)
					: [],
			);
		expect(of(1)).toEqual([]);
		expect(of(2)).toEqual(["c1", "late from c1"]);
		expect(of(3)).toEqual(["deep from c2", "c2", "c2 after await"]);
	});
});

describe("using", () => {
	it("disposes at the end of its block, or is refused in words where the engine cannot", async () => {
		const { last, error } = await see(
			"const log: string[] = []; { using r = { [Symbol.dispose ?? 'x']() { log.push('gone') } } as any; log.push('in') }\nlog.join()",
		);
		if (error) expect(error.name).toBe("SyntaxError");
		else expect(last).toBe("in,gone");
	});
});
