/** What holds of every program: how it is split into cells makes no difference, and it does what TypeScript says. */
import fc from "fast-check";
import ts from "typescript";
import { expect, it } from "vitest";
import { programs } from "../support/programs.ts";
import { seeCells } from "../support/run-cells.ts";

/** More programs than usual: `CHUNKWISE_PROGRAMS=5000 npx vitest run tests/unit/compile-property.test.ts`. */
const numRuns = Number(process.env.CHUNKWISE_PROGRAMS ?? 120);

/** What TypeScript and the engine make of it, without any of our own code. */
async function meant(statements: string[], end: string): Promise<{ last: string; lines: string[] }> {
	const lines: string[] = [];
	const { outputText } = ts.transpileModule(
		`(async () => {"use strict";\n${statements.join("\n")}\nreturn ${end}\n})()`,
		{ compilerOptions: { target: ts.ScriptTarget.ESNext, useDefineForClassFields: true } },
	);
	const last = await new Function("console", `return ${outputText.replace(/^"use strict";\s*/, "")}`)({
		log: (text: string) => lines.push(text),
	});
	return { last, lines };
}

it("a program split into cells at any statement gives what it gives whole, and what TypeScript makes of it", async () => {
	await fc.assert(
		fc.asyncProperty(
			programs(12),
			fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
			async ({ statements, end }, cuts) => {
				const cells: string[] = [""];
				for (const [i, statement] of statements.entries()) {
					cells[cells.length - 1] += `${statement}\n`;
					if (cuts[i]) cells.push("");
				}
				const whole = await seeCells([...statements, end].join("\n"));
				const split = await seeCells(...cells, end);
				expect(whole.error).toBeUndefined();
				expect(split.error).toBeUndefined();
				expect(split.last).toBe(whole.last);
				expect(split.lines).toEqual(whole.lines);
				const { last, lines } = await meant(statements, end);
				expect(whole.last).toBe(last);
				expect(whole.lines).toEqual(lines);
			},
		),
		{ numRuns },
	);
}, 600_000);

/** Ways to define a name anew, and the value that it then has. */
const definitions: ((name: string, n: number) => string)[] = [
	(name, n) => `let ${name} = ${n}`,
	(name, n) => `const ${name}: number = ${n}`,
	(name, n) => `var ${name} = ${n} as const;`,
	(name, n) => `function ${name}() { return ${n} }`,
	(name, n) => `class ${name} { static n = ${n} }`,
	(name, n) => `enum ${name} { n = ${n} }`,
	(name, n) => `const { x: ${name} } = { x: ${n} }`,
	(name, n) => `const [, ${name} = ${n}] = [0] as number[]`,
	(name, n) => `for (var ${name} = 0; ${name} < ${n}; ${name}++);`,
];
const numberIn = (name: string) =>
	`(typeof ${name} === "number" ? ${name} : ${name}.n ?? (${name} as any)())`;

it("a name is what the cell made it that defined it last, in whatever way, also where a built-in has that name", async () => {
	const names = ["a", "b", "name", "URL"];
	await fc.assert(
		fc.asyncProperty(
			fc.array(
				fc.record({
					name: fc.constantFrom(...names),
					n: fc.nat(9),
					define: fc.constantFrom(...definitions),
				}),
				{ minLength: 1, maxLength: 10 },
			),
			async (steps) => {
				const now = new Map<string, number>();
				const cells: string[] = [];
				const expected: string[] = [];
				for (const { name, n, define } of steps) {
					now.set(name, n);
					cells.push(define(name, n), `[${[...now.keys()].map(numberIn).join()}].join()`);
					expected.push([...now.values()].join());
				}
				const { shown, error } = await seeCells(...cells);
				expect(error).toBeUndefined();
				expect(shown.filter((_, i) => i % 2 === 1)).toEqual(expected);
			},
		),
		{ numRuns },
	);
}, 600_000);
