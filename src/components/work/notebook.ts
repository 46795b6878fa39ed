/** A lesson as a Jupyter notebook for Deno's kernel, which runs TypeScript: https://docs.deno.com/runtime/reference/cli/jupyter/. */
import { type Node, parse } from "../../kernel/compile/parse.ts";
import { findNames } from "../../kernel/compile/scope.ts";
import { type Notebook, notebookCells } from "./notebook-cells.ts";
import {
	drawingHelper,
	guarded,
	nodeModule,
	outsideName,
	packagesOf,
	type Surroundings,
	sampleSettings,
	shownStatement,
} from "./outside.ts";
import type { CodeBlock, LessonBlock } from "./page-text.ts";

export function notebook(blocks: readonly LessonBlock[], head: Surroundings): Notebook {
	const { markdown, code } = notebookCells();
	const packages = packagesOf(
		blocks.flatMap((block) => (block.kind === "cell" ? modulesOf(block.source) : [])),
	);
	const intro = [
		`# ${head.title}`,
		`From [the lesson’s page](${head.address}), with your own code in its cells.`,
		"This notebook runs in Jupyter with the kernel of [Deno](https://deno.com), version 2 or later. Put it into an empty folder, and in a terminal there:",
		`\`\`\`sh\nnpm install ${[head.package, ...packages].join(" ")}\ndeno jupyter --install\njupyter lab\n\`\`\``,
		"Then choose the kernel “Deno”. What the page keeps in the browser’s own file system is in the folder `opfs` here.",
	].join("\n\n");
	const settings = sampleSettings(head);
	const draws = packages.includes("linkedom");
	const helper = [
		`import { openNotebookDisplay } from "${nodeModule}";`,
		...settings.imports,
		...(draws ? ['import { parseHTML } from "linkedom";'] : []),
		"",
		"// The lesson’s display(value), for a notebook.",
		"const display = openNotebookDisplay();",
		settings.code,
		draws ? drawingHelper : "",
	]
		.join("\n")
		.trim();
	const cells = [markdown(intro, "about"), code(helper, "display")];
	const shared = namesOfCells(blocks);
	let texts = 0;
	for (const block of blocks) {
		if (block.kind === "text") cells.push(markdown(block.markdown, `text-${++texts}`));
		else
			cells.push(
				code(cellSource(block, shared), block.id, { chunkwise: { id: block.id, title: block.title } }),
			);
	}
	return {
		nbformat: 4,
		nbformat_minor: 5,
		metadata: {
			kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
			language_info: {
				codemirror_mode: "typescript",
				file_extension: ".ts",
				mimetype: "text/x.typescript",
				name: "typescript",
				nbconvert_exporter: "script",
				pygments_lexer: "typescript",
				version: "5",
			},
			title: head.title,
		},
		cells,
	};
}

/** The modules that a cell imports; none where it cannot be read. */
function modulesOf(source: string): string[] {
	return importsIn(source).map((statement) => statement.source.value);
}

function importsIn(source: string): Node[] {
	try {
		return (parse(source).body as Node[]).filter(({ type }) => type === "ImportDeclaration");
	} catch {
		return [];
	}
}

/** The names that cells other than exercises declare. */
function namesOfCells(blocks: readonly LessonBlock[]): Set<string> {
	const names = new Set<string>();
	for (const block of blocks) {
		if (block.kind !== "cell" || block.exercise) continue;
		for (const name of declaredIn(block.source)) names.add(name);
	}
	return names;
}

function declaredIn(source: string): string[] {
	try {
		return [...findNames(parse(source)).defines]
			.filter(([, kind]) => kind !== "import")
			.map(([name]) => name);
	} catch {
		return [];
	}
}

/**
 * The reader's code with the library as it is outside of a page, and its last value shown. An exercise's names stay its
 * own, as on the page, where one of them is a cell's name too; else they can be looked at in other cells.
 */
function cellSource(cell: CodeBlock, shared: ReadonlySet<string>): string {
	let program: Node;
	try {
		program = parse(cell.source);
	} catch {
		return cell.source;
	}
	const imports: string[] = [];
	const edits: [start: number, end: number, text: string][] = [];
	const isOwn = cell.exercise && (cell.mayFail || declaredIn(cell.source).some((name) => shared.has(name)));
	for (const statement of program.body as Node[]) {
		const inner: Node = statement.declaration ?? statement;
		if (statement.type === "ExportNamedDeclaration" && statement.declaration)
			edits.push([statement.start, inner.start, ""]);
		// A block does not hold what `var` declares.
		if (isOwn && inner.type === "VariableDeclaration" && inner.kind === "var")
			edits.push([inner.start, inner.start + 3, "let"]);
		if (statement.type !== "ImportDeclaration") continue;
		const text = importOutside(statement, cell.source);
		edits.push([statement.start, statement.end, isOwn ? "" : text]);
		imports.push(text);
	}
	const last = shownStatement(program);
	if (last) {
		const end = cell.source[last.end - 1] === ";" ? last.end - 1 : last.end;
		edits.push([last.start, last.start, "display("], [end, last.end, ");"]);
	}
	let text = cell.source;
	for (const [start, end, other] of edits.toReversed()) text = text.slice(0, start) + other + text.slice(end);
	text = text.trimEnd();
	if (isOwn) {
		const inner = [text.trim()];
		text = [...imports, ...(cell.mayFail ? guarded(inner, "display") : ["{", ...inner, "}"])].join("\n");
	}
	return /\bdisplay\(/.test(text) ? `${text}\nawait display.sent();` : text;
}

/** An import by the module's name outside of a page. D3's `document` is in cells only: the first cell makes one. */
function importOutside(statement: Node, source: string): string {
	const module: Node = statement.source;
	const before = source.slice(statement.start, module.start + 1);
	const after = source.slice(module.end - 1, statement.end);
	const specifiers = statement.specifiers as Node[];
	const drawing =
		module.value === "d3" ? specifiers.find(({ imported }) => imported?.name === "document") : undefined;
	if (!drawing) return before + outsideName(module.value) + after;
	const others = specifiers
		.filter((one) => one !== drawing)
		.map(({ start, end }) => source.slice(start, end));
	const alias = drawing.local.name === "document" ? "" : `const ${drawing.local.name} = document;`;
	return [others.length > 0 ? `import { ${others.join(", ")} } from "d3";` : "", alias]
		.filter(Boolean)
		.join("\n");
}
