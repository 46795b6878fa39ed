/** Random programs: statements in every form that a reader may write, each using only what stands before it. */
import fc from "fast-check";

/** Names that a statement can use: of numbers, and of functions from a number to a number. */
interface Known {
	numbers: string[];
	functions: string[];
}

interface Written {
	/** Statements: a program may be split into cells between them. */
	text: string[];
	numbers?: string[];
	functions?: string[];
	/** One of `numbers` that can be assigned to. */
	variable?: string;
}

interface Given {
	/** Numbers that are known: names, or a literal where there is none. */
	x: string;
	y: string;
	/** A known function. */
	f: string;
	/** Some small numbers. */
	a: number;
	b: number;
	/** Makes new names unique. */
	id: number;
}

/** Names that the global scope has, too, which cells may still declare. */
const builtIn = ["URL", "Map", "Blob", "Event", "performance", "structuredClone", "Set", "Headers"];

type Form = (given: Given) => Written;

/** One of each form. New names are v5, w5, f5 and so on. */
const forms: Record<string, Form> = {
	let: ({ x, a, id }) => ({
		text: [`let v${id}: number = ${x} + ${a};`],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	const: ({ x, y, id }) => ({
		text: [`const v${id} = (${x} * 3 - ${y}) % 1009 as number`],
		numbers: [`v${id}`],
	}),
	var: ({ x, y, b, id }) => ({
		text: [`var v${id} = ${x} > ${y} ? ${x} : ${b};`],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	"var out of a loop": ({ x, a, id }) => ({
		text: [`for (const i of [1, 2, 3]) { log(i + ${x}); var v${id} = i * ${a} }`],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	"var in a loop's head": ({ a, id }) => ({
		text: [`for (var v${id} = 0, w${id} = ${a % 9}; v${id} < w${id}; v${id} += 3) w${id}--;`],
		numbers: [`v${id}`, `w${id}`],
		variable: `w${id}`,
	}),
	"var in for … in": ({ x, id }) => ({
		text: [`for (var k${id} in { a: 1, b: ${x} }) log("key", k${id});\nconst v${id} = k${id}.length`],
		numbers: [`v${id}`],
	}),
	"a name of a built-in": ({ x, id }) => {
		const name = builtIn[id % builtIn.length];
		return id < builtIn.length
			? {
					text: [`let ${name} = ${x} as any;`, `${name}++; log({ ${name} }.${name})`],
					numbers: [name],
					variable: name,
				}
			: { text: [`log(${x})`] };
	},
	"object pattern": ({ x, y, a, id }) => ({
		text: [`const { p: v${id}, q: w${id} = ${x} } = { p: ${y}, q: ${a} } as { p: number; q?: number };`],
		numbers: [`v${id}`, `w${id}`],
	}),
	"array pattern": ({ x, a, id }) => ({
		text: [`let [v${id}, w${id} = ${a}]: number[] = [${x}];`],
		numbers: [`v${id}`, `w${id}`],
		variable: `w${id}`,
	}),
	"nested pattern": ({ x, y, a, id }) => ({
		text: [
			`const { ["k" + ${a}]: { n: [, v${id} = ${x}] = [] } = {}, ...r${id} } = { k${a}: { n: [1, ${y}] }, z: ${a} } as any;\nlet w${id}: number = Object.keys(r${id}).length + r${id}.z`,
		],
		numbers: [`v${id}`, `w${id}`],
		variable: `w${id}`,
	}),
	"assignment by pattern": ({ x, y, id }) => ({
		text: [
			`let v${id} = ${x}, w${id} = 0\n;[v${id}, w${id}] = [w${id} + 1, v${id}];`,
			`({ v${id} } = { v${id}: ${y} });`,
		],
		numbers: [`v${id}`, `w${id}`],
		variable: `v${id}`,
	}),
	function: ({ x, id }) => ({
		text: [`function f${id}(n: number): number { log("f${id}", n); return (n + ${x}) % 997 }`],
		functions: [`f${id}`],
	}),
	"function before its definition": ({ x, id }) => ({
		text: [`const v${id}: number = f${id}(${x})\nfunction f${id}(n: number) { return (n * 2) % 991 }`],
		numbers: [`v${id}`],
		functions: [`f${id}`],
	}),
	"function that a later one completes": ({ x, y, id }) => ({
		text: [
			`const f${id} = (n: number): number => later${id}(n) + ${x};`,
			`function later${id}(n: number): number { return n > 3 ? f${id}(n % 3) : n + 1 }`,
			`log("later", f${id}(${y}))`,
		],
		functions: [`f${id}`, `later${id}`],
	}),
	"default parameters": ({ x, y, id }) => ({
		text: [
			`function f${id}(n: number, m = n + ${x}, ...rest: number[]) { return (m + rest.length + arguments.length) % 983 }`,
			`log(f${id}(${y}), f${id}(1, 2, 3, 4))`,
		],
		functions: [`f${id}`],
	}),
	call: ({ y, f }) => ({ text: [`log("call", ${f}(${y}));`] }),
	closure: ({ x, y, id }) => ({
		text: [
			`let v${id} = ${x};`,
			`const f${id} = (d: number): number => (v${id} = (v${id} + d) % 977);`,
			`f${id}(${y})`,
		],
		numbers: [`v${id}`],
		functions: [`f${id}`],
		variable: `v${id}`,
	}),
	"closures of a loop": ({ x, id }) => ({
		text: [
			`const all${id}: (() => number)[] = []; for (let i = 0; i < 3; i++) all${id}.push(() => i + ${x})`,
			`const v${id} = all${id}.map((one) => one()).reduce((sum, n) => sum + n)`,
		],
		numbers: [`v${id}`],
	}),
	class: ({ x, y, id }) => ({
		text: [
			`class K${id}<T> { constructor(readonly n: T, protected m = 2) {} get() { return (this.n as any) + this.m + ${x} } }`,
			`const v${id} = new K${id}<number>(${y}).get() as number`,
		],
		numbers: [`v${id}`],
	}),
	"class with all its parts": ({ x, y, a, id }) => ({
		text: [
			`abstract class K${id} {\n\tstatic count: number = ${a};\n\t#p = ${y};\n\tdeclare unused: string;\n\tstatic { this.count += 1; log("made", K${id}.count) }\n\tget p(): number { return this.#p }\n\tset p(value) { this.#p = value * 2 }\n\tabstract q(): number;\n\t["m" + 1](n?: number) { return n ?? ${x} }\n}`,
			`class L${id} extends K${id} { override get p() { return super.p + 1 } override set p(v) { super.p = v }\n\tq() { return this.p + (this as any).m1() } }`,
			`const o${id} = new L${id}(); o${id}.p = 5; const v${id}: number = o${id}.q() + K${id}.count`,
		],
		numbers: [`v${id}`],
	}),
	"getter and setter": ({ x, y, id }) => ({
		text: [
			`let w${id} = ${x}; const o${id} = { get g() { log("get"); return w${id} }, set g(n: number) { w${id} = n + ${y} }, async *[Symbol.asyncIterator]() { yield 1 } }`,
			`o${id}.g += 1; const v${id} = o${id}.g`,
		],
		numbers: [`v${id}`, `w${id}`],
		variable: `w${id}`,
	}),
	generator: ({ x, y, a, id }) => ({
		text: [
			`function* g${id}(n: number): Generator<number, void, unknown> { for (let i = 0; i < ${a % 5}; i++) yield i + n; yield* [${x}] }`,
			`let v${id} = 0; for (const n of g${id}(${y})) v${id} += n`,
		],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	"async generator": ({ x, a, id }) => ({
		text: [
			`async function* g${id}() { for (let i = 0; i < ${a % 4}; i++) { await null; yield i + ${x} } }`,
			`let v${id} = 1; for await (const n of g${id}()) { if (n % 2) continue; v${id} += n }`,
		],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	"async function": ({ x, y, id }) => ({
		text: [
			`async function g${id}<T extends number>(n: T): Promise<number> { try { await null; if (n % 2) throw new Error("odd"); return n + ${x} } catch (e) { return -1 } finally { log("g${id}") } }`,
			`const [v${id}, w${id}] = await Promise.all([g${id}(${y}), g${id}(2)])`,
		],
		numbers: [`v${id}`, `w${id}`],
	}),
	await: ({ x, id }) => ({ text: [`const v${id} = await Promise.resolve(${x} + 1);`], numbers: [`v${id}`] }),
	"labelled loops": ({ x, a, b, id }) => ({
		text: [
			`let v${id} = 0;\nouter: for (let i = 0; i < 5; i++) { inner: for (let j = 0; ; j++) { if (j > 4) continue outer; if ((i + j + ${a}) % 3 === 0) continue inner; if (i * j > ${b % 9}) break outer; v${id} += ${x} + i * j } }`,
		],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	"do, while and switch": ({ x, a, id }) => ({
		text: [
			`let v${id} = ${a % 5}; do { switch (v${id} % 3) { case 0: log("zero", ${x}); case 1: { let inner = 2; v${id} += inner; break } default: var w${id} = v${id}++; } } while (v${id} < 6)\nw${id} ??= 0`,
		],
		numbers: [`v${id}`, `w${id}`],
		variable: `v${id}`,
	}),
	branches: ({ x, y }) => ({ text: [`if (${x} % 2) { log("odd", ${x}) } else log(\`even \${${y}}\`)`] }),
	"a function in a block": ({ x, y, id }) => ({
		text: [`let v${id} = 0; { v${id} = inner(${y}); function inner(n: number) { return n - ${x} } }`],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	enum: ({ a, id }) => ({
		text: [
			`enum E${id} { A = ${a}, B, C = B * 2, D = "d".length, E = D << A % 3 }`,
			`const v${id} = E${id}.C + E${id}.E, w${id} = E${id}[${a}].length`,
		],
		numbers: [`v${id}`, `w${id}`],
	}),
	block: ({ x, id }) => ({
		text: [`let v${id} = 0; { let inner = ${x}; v${id} += inner; v${id}++ }`],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	shadowing: ({ x, y, id }) => ({
		text: [
			`const v${id} = ((${name(x)}: number) => { { let inner = ${name(x)} + 1; return inner } })(${y}) // shadowed`,
		],
		numbers: [`v${id}`],
	}),
	"an error that is caught": ({ x, id }) => ({
		text: [
			`try { null!.x${id} } catch (error: unknown) { log("caught", ${x}) } finally { var v${id} = ${x} }`,
		],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	"optional and nullish": ({ x, y, id }) => ({
		text: [
			`let v${id}!: number, o${id}: { n?: number } | undefined = ${x} % 2 ? { n: ${y} } : undefined; v${id} ??= o${id}?.n ?? ${x}; v${id} ||= 3; v${id} &&= v${id} + 1`,
		],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	"tagged template": ({ x, y, id }) => ({
		text: [
			`const t${id} = (text: TemplateStringsArray, ...values: number[]) => text.join("|").length + values.length;\nconst v${id} = t${id}\`a\${${x}}b\${\`\${${y}}\`.length}c\`, w${id} = /[/"'\`]/.test("'") ? 1 : 2`,
		],
		numbers: [`v${id}`, `w${id}`],
	}),
	types: ({ x, y, id }) => ({
		text: [
			`type T${id}<K extends string = "a"> = { [P in K as \`x\${P}\`]?: P extends "a" ? number : never }`,
			`interface I${id} extends T${id} { (n: number): void }\ndeclare const nothing${id}: I${id};\nconst v${id} = (<T,>(n: T, is = (m: unknown): m is T => true): T => is(n) ? n! : <any>0)(${x}) satisfies number as unknown as number\n;[${y}].forEach((n) => void n)`,
		],
		numbers: [`v${id}`],
	}),
	exports: ({ x, y, id }) => ({
		text: [
			`export const v${id} = ${x};`,
			`export function f${id}(n: number): number { return (n + v${id} + ${y}) % 971 }`,
			`export { v${id} as renamed${id} }`,
		],
		numbers: [`v${id}`],
		functions: [`f${id}`],
	}),
	import: ({ x, y, id }) => ({
		text: [
			`import { sum as sum${id}, type Series as S${id} } from "d3";`,
			`const v${id} = sum${id}([${x}, ${y}])`,
		],
		numbers: [`v${id}`],
	}),
	overloads: ({ x, id }) => ({
		text: [
			`function f${id}(n: number): number;\nfunction f${id}(n: string): string;\nfunction f${id}(n: any) { return typeof n === "number" ? (n % 967) + 1 : n.length }`,
			`const v${id} = (f${id}("abc") as any as number) + f${id}(${x})`,
		],
		numbers: [`v${id}`],
		functions: [`f${id}`],
	}),
	this: ({ x, y, id }) => ({
		text: [
			`function g${id}(this: { k: number } | void, n: number) { return (this as any)?.k ?? n }`,
			`const v${id}: number = g${id}.call({ k: ${x} }, ${y}), w${id} = g${id}(${y})`,
		],
		numbers: [`v${id}`, `w${id}`],
	}),
	"a label called as a variable": ({ x, a, id }) => ({
		text: [`let v${id} = ${x};\nv${id}: { if (${a} % 2) break v${id}; v${id}++ }`],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	"names of inner scopes": ({ x, y, id }) => ({
		text: [
			`{ const log = (n: number) => n + 1; class K {} function inner() { return log(${x}) } var v${id} = inner() }`,
			`try { throw { a: [${y}] } } catch ({ a: [w = 1, log = 2] }: any) { v${id} += w + log }`,
		],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
	operators: ({ x, y, id }) => ({
		text: [
			`const größe${id} = (0, ${y}) ** 2 % 13 + +("a" in { a: 1 }) + Number([] instanceof Array) - -${x} + (void 0 ?? 1)`,
			`var v${id} = ${x}, v${id} = größe${id} >>> 1 | 4`,
		],
		numbers: [`größe${id}`, `v${id}`],
		variable: `v${id}`,
	}),
	"await in odd places": ({ x, y, id }) => ({
		text: [
			`let v${id} = 0; for (const n of await Promise.resolve([${x}, 2])) v${id} += n ? await n : 0`,
			`const { a: w${id} = await 3, b: [u${id}] } = { b: [await ${y}] } as any, o${id} = { [await "k"]: \`\${await ${x}}\` }; log(o${id}.k)`,
		],
		numbers: [`v${id}`, `w${id}`, `u${id}`],
		variable: `v${id}`,
	}),
	spread: ({ x, y, id }) => ({
		text: [
			`const o${id} = { ...{ a: ${x} }, b: ${y}, m(n = this.b) { return n + this.a } }, s${id} = [...[${x}, ${y}], ...many${id}([1])]\nfunction* many${id}(list: number[]) { yield* list }`,
			`let v${id} = o${id}.m() + s${id}.length`,
		],
		numbers: [`v${id}`],
		variable: `v${id}`,
	}),
};

/** What a name is, or one in place of a literal. */
function name(of: string): string {
	return /^[a-zA-Z]/.test(of) ? of : "local";
}

/** A program, with the names of its numbers. */
export interface Program {
	/** In order; it may be split between any two. */
	statements: string[];
	/** An expression for what came of it, as text. */
	end: string;
	/** Where one form ends and the next begins, and an expression for what came of it so far. */
	seams: { at: number; end: string }[];
}

const changes = ["++", " += 2", " = 7", "--", " *= 3", " ??= 1"];

/** Programs of up to so many forms. All write by `log`, which the first statement defines. */
export function programs(most: number): fc.Arbitrary<Program> {
	const piece = fc.record({
		form: fc.constantFrom(...Object.values(forms)),
		x: fc.nat(50),
		y: fc.nat(50),
		a: fc.nat(50),
		b: fc.nat(50),
		tail: fc.constantFrom("", "", " // end", "\n/* between;\n( */", "\n\n"),
		change: fc.option(fc.constantFrom(...changes), { freq: 2 }),
	});
	return fc.array(piece, { minLength: 1, maxLength: most }).map((pieces) => {
		const known: Known = { numbers: [], functions: [] };
		const variables: string[] = [];
		const statements = ["const log = (...said: unknown[]) => console.log(said.join(' '));"];
		const endNow = () => `JSON.stringify([${known.numbers.join()}])`;
		const seams: Program["seams"] = [];
		for (const [id, { form, x, y, a, b, tail, change }] of pieces.entries()) {
			seams.push({ at: statements.length, end: endNow() });
			const pick = (names: string[], at: number, other: string) =>
				names.length > 0 ? names[at % names.length] : other;
			const written = form({
				x: pick(known.numbers, x, `${x}`),
				y: pick(known.numbers, y, `${y}`),
				f: pick(known.functions, a, "Number"),
				a,
				b,
				id,
			});
			statements.push(...written.text);
			statements[statements.length - 1] += tail;
			known.numbers.push(...(written.numbers ?? []));
			known.functions.push(...(written.functions ?? []));
			if (written.variable) variables.push(written.variable);
			if (change && variables.length > 0) statements.push(`${pick(variables, b, "")}${change};`);
		}
		return { statements, end: endNow(), seams };
	});
}
