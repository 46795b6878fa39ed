/** What holds of every program: how it is split into cells makes no difference, and it does what TypeScript says. */
import * as d3 from "d3";
import fc from "fast-check";
import ts from "typescript";
import { expect, it } from "vitest";
import type { FromKernel } from "../../src/kernel/protocol.ts";
import { Runner } from "../../src/kernel/worker/run.ts";
import { programs } from "../support/programs.ts";
import { seeCells } from "../support/run-cells.ts";

/** More programs than usual: `CHUNKWISE_PROGRAMS=5000 npx vitest run tests/unit/compile-property.test.ts`. */
const numRuns = Number(process.env.CHUNKWISE_PROGRAMS ?? 120);

/** What TypeScript and the engine make of it, without any of our own code. */
async function meant(statements: string[], end: string): Promise<{ last: string; lines: string[] }> {
	const lines: string[] = [];
	const { outputText } = ts.transpileModule(
		`(async () => {"use strict";\n${statements.map(unmoduled).join("\n")}\nreturn ${end}\n})()`,
		{ compilerOptions: { target: ts.ScriptTarget.ESNext, useDefineForClassFields: true } },
	);
	const last = await new Function("console", "d3", `return ${outputText.replace(/^"use strict";\s*/, "")}`)(
		{ log: (text: string) => lines.push(text) },
		d3,
	);
	return { last, lines };
}

/** What a statement of a module is in a function. */
function unmoduled(statement: string): string {
	return statement
		.replace(/^import \{ sum as (\w+).*;/, "const $1 = d3.sum;")
		.replace(/^export \{.*\}/, ";")
		.replace(/^export /, "");
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

it("an answer does with the page's names what it would do in a cell, and leaves them as they were", async () => {
	await fc.assert(
		fc.asyncProperty(programs(10), fc.nat(100), async ({ statements, end, seams }, at) => {
			const seam = seams[at % seams.length];
			const page = statements.slice(0, seam.at).join("\n");
			const answer = statements.slice(seam.at).join("\n");
			const sent: FromKernel[] = [];
			const runner = new Runner((message) => sent.push(message));
			let runs = 0;
			/** Runs something and gives its last display, as text. */
			const run = async (cell: string, source: string, check?: string) => {
				const before = sent.length;
				await runner.run({ run: ++runs, cell, source, check });
				const now = sent.slice(before);
				expect(now.find(({ type }) => type === "failed")).toBeUndefined();
				const outputs = now.flatMap((message) => (message.type === "outputs" ? message.outputs : []));
				const lines = outputs.flatMap((output) => (output.kind === "console" ? [output.text] : []));
				const model = outputs.findLast((output) => output.kind === "display")?.model;
				const verdict = now.find((message) => message.type === "done")?.verdict;
				return { lines, text: model?.kind === "text" ? model.text : undefined, verdict };
			};
			try {
				const lines = [...(await run("page", page)).lines];
				const held = (await run("look", seam.end)).text;
				// The check sees the answer's names and the page's, as the answer left them.
				const tried = await run("answer", answer, `praise(${end})`);
				lines.push(...tried.lines);
				const whole = await meant(statements, end);
				expect(tried.verdict).toMatchObject({ passed: true, message: whole.last });
				expect(lines).toEqual(whole.lines);
				expect((await run("look", seam.end)).text).toBe(held);
			} finally {
				for (const cell of ["page", "look", "answer"]) runner.names.forget(cell);
			}
		}),
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
