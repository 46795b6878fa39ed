/** Types are stripped from real code, the project's own, as TypeScript strips them. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as acorn from "acorn";
import ts from "typescript";
import { expect, it } from "vitest";
import { root } from "../../scripts/paths.ts";
import { Edits } from "../../src/kernel/compile/edits.ts";
import { parse } from "../../src/kernel/compile/parse.ts";
import { stripTypes } from "../../src/kernel/compile/strip-types.ts";

/** What TypeScript makes of the text, as a tree: brackets, comments and white space do not count. */
function meaning(source: string): unknown {
	const { outputText } = ts.transpileModule(source, {
		compilerOptions: {
			target: ts.ScriptTarget.ESNext,
			module: ts.ModuleKind.ESNext,
			useDefineForClassFields: true,
		},
	});
	const program = acorn.parse(outputText, { ecmaVersion: "latest", sourceType: "module" });
	return plain(
		// What is left of a file of types alone.
		program.body.filter((node) => !("directive" in node) && !/^export \{\};$/.test(textOf(node, outputText))),
	);
}

function textOf({ start, end }: acorn.Node, text: string): string {
	return text.slice(start, end);
}

/** Without places in the text, and without empty statements. */
function plain(node: unknown): unknown {
	if (Array.isArray(node)) return node.filter((item) => item?.type !== "EmptyStatement").map(plain);
	if (typeof node === "bigint" || node instanceof RegExp) return String(node);
	if (typeof node !== "object" || node === null) return node;
	return Object.fromEntries(
		Object.entries(node)
			.filter(([key]) => key !== "start" && key !== "end" && key !== "raw")
			.map(([key, value]) => [key, plain(value)]),
	);
}

const folders = ["src/kernel/**", "src/lib/stores", "src/lib/zarr", "src/components/cell/**"];
const files = folders.flatMap((folder) => globSync(`${folder}/*.ts`, { cwd: root })).sort();

it(`in ${files.length} files`, () => {
	expect(files.length).toBeGreaterThan(100);
	for (const file of files) {
		const source = readFileSync(join(root, file), "utf8");
		const edits = new Edits(source);
		stripTypes(parse(source), edits);
		const { code } = edits.result();
		expect(code.split("\n").length, file).toBe(source.split("\n").length);
		expect(meaning(code), file).toEqual(meaning(source));
	}
}, 300_000);
