/** Every cell, check and solution of every lesson has the types that the library has. */
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import type { CellModel } from "../../src/authoring/page-model.ts";
import { type Node, parse } from "../../src/kernel/compile/parse.ts";
import { lessons } from "../support/lessons.ts";

const root = join(import.meta.dirname, "../..");

/** What the kernel gives to cells and checks beside the browser's own names. */
const surroundings = `
declare function display(value: unknown): void;
declare const given: { value: any; source: string; displays: any[]; lines: string[]; fail(message: string): never };
interface Expectation { not: Expectation; toBe(v: unknown): void; toEqual(v: unknown): void; toBeCloseTo(v: number, digits?: number): void; toBeGreaterThan(v: number): void; toBeLessThan(v: number): void; toBeTruthy(): void; toBeDefined(): void; toContain(v: unknown): void; toHaveLength(n: number): void; toBeInstanceOf(c: new () => unknown): void }
declare function expect(actual: unknown, label?: string): Expectation;
const { value, source, displays, lines, fail } = given;
void [value, source, displays, lines, fail];
`;

/** A cell's imports, for the top of the file, and the rest of its text with its lines kept. */
function parted(source: string): { imports: string[]; rest: string } {
	const imports: string[] = [];
	let rest = source;
	for (const statement of (parse(source) as Node).body as Node[]) {
		if (statement.type !== "ImportDeclaration") continue;
		const text = source.slice(statement.start, statement.end);
		imports.push(text);
		rest = rest.replace(text, text.replace(/[^\n]/g, " "));
	}
	return { imports, rest };
}

/** The lesson as one module: cells share its scope, an exercise's solution and check have one of their own. */
function asModule(cells: CellModel[]): { code: string; cellAt: (line: number) => string } {
	const imports = new Map<string, Set<string>>();
	const starts: { line: number; id: string }[] = [];
	let body = surroundings;
	for (const cell of cells) {
		const source = cell.check === undefined ? cell.source : `${cell.solution}\n${cell.check}`;
		const { imports: own, rest } = parted(source);
		for (const text of own) {
			const [, names, from] = /import\s+(.+?)\s+from\s+(["'].+["'])/s.exec(text) ?? [];
			const known = imports.get(from) ?? new Set();
			for (const name of names.startsWith("{") ? names.slice(1, -1).split(",") : [names])
				known.add(name.trim());
			imports.set(from, known);
		}
		starts.push({ line: body.split("\n").length, id: cell.id });
		body += cell.check === undefined ? `${rest}\n;` : `{\n${rest}\n}\n`;
	}
	let head = "";
	for (const [from, names] of imports) {
		const whole = [...names].filter((name) => name.startsWith("*"));
		const single = [...names].filter((name) => name && !name.startsWith("*"));
		for (const name of whole) head += `import ${name} from ${from};`;
		if (single.length > 0) head += `import { ${single.join(", ")} } from ${from};`;
	}
	// One line of imports, so that lines below stay what they are.
	return {
		code: `${head}\n${body}\nexport {};\n`,
		cellAt: (line) => starts.filter((start) => start.line <= line).at(-1)?.id ?? "?",
	};
}

function problems(cells: CellModel[]): string[] {
	const file = join(root, "lesson-under-test.ts");
	const { code, cellAt } = asModule(cells);
	const options: ts.CompilerOptions = {
		target: ts.ScriptTarget.ES2023,
		module: ts.ModuleKind.Preserve,
		moduleResolution: ts.ModuleResolutionKind.Bundler,
		lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
		types: [],
		strict: true,
		noEmit: true,
		skipLibCheck: true,
		allowImportingTsExtensions: true,
		paths: { chunkwise: [join(root, "src/lib/index.ts")] },
	};
	const host = ts.createCompilerHost(options);
	const original = host.getSourceFile.bind(host);
	host.getSourceFile = (name, language) =>
		name === file ? ts.createSourceFile(name, code, language) : original(name, language);
	host.fileExists = (name) => name === file || ts.sys.fileExists(name);
	const program = ts.createProgram([file], options, host);
	return ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map((diagnostic) => {
		const line = ts.getLineAndCharacterOfPosition(
			diagnostic.file as ts.SourceFile,
			diagnostic.start ?? 0,
		).line;
		return `${cellAt(line)}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
	});
}

describe("types of the lessons", async () => {
	const found = await lessons();

	it("finds the lessons", () => {
		expect(found.map(({ name }) => name)).toContain("lessons/tiff-to-ome-zarr.mdx");
	});

	it.each(found)("$name", ({ cells }) => {
		expect(problems(cells)).toEqual([]);
	});

	it("would see a mistake", () => {
		const cell = {
			id: "a",
			source: 'import { formatBytes } from "chunkwise";\nconst n: number = formatBytes(1);',
		};
		expect(problems([cell as CellModel])[0]).toMatch(/^a: Type 'string' is not assignable to type 'number'/);
	});
});
