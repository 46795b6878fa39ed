/**
 * A lesson as one TypeScript file that Node runs: the prose as comments, the cells in order, each value shown printed.
 * A page lets each cell import and declare what it likes; a module does not. So imports are merged at the top, and
 * a name that several cells declare becomes one variable that each of them assigns.
 */
import { type Node, parse } from "../../kernel/compile/parse.ts";
import { findNames } from "../../kernel/compile/scope.ts";
import {
	drawingHelper,
	guarded,
	nodeModule,
	packagesOf,
	type Surroundings,
	sampleSettings,
	shownStatement,
} from "./outside.ts";
import type { CodeBlock, LessonBlock } from "./page-text.ts";
import { type Imported, importsOf, isDocument } from "./script-imports.ts";

export interface ScriptHead extends Surroundings {
	/** The file's own name. */
	file: string;
}

/** An import of more characters has a line for each name. */
const longestImport = 100;

interface ReadCell extends CodeBlock {
	program?: Node;
	/** Why it is left out, in words. */
	problem?: string;
}

export function scriptFile(blocks: readonly LessonBlock[], head: ScriptHead): string {
	const cells = new Map<LessonBlock, ReadCell>();
	for (const block of blocks) if (block.kind === "cell") cells.set(block, readCell(block));
	const read = [...cells.values()].filter((cell) => cell.program);
	const names = new NameTable(read);
	const body = blocks.map((block) => {
		const cell = cells.get(block);
		return block.kind === "text" ? comment(block.markdown) : cellText(cell as ReadCell, names);
	});
	const packages = packagesOf(names.modules);
	const draws = packages.includes("linkedom");
	const flag = read.some((cell) => needsTransform(cell.program as Node))
		? "--experimental-transform-types "
		: "";
	const settings = sampleSettings(head);
	const lines = [
		comment(
			[
				head.title,
				head.address,
				"",
				"Made from the lesson’s page, with your own code in its cells. It needs Node 22.18 or later. In an empty folder:",
				"",
				`    npm install ${[head.package, ...packages].join(" ")}`,
				"    npm pkg set type=module",
				`    node ${flag}${head.file}`,
				"",
				`Pictures are saved in the folder “${folderOf(head.file)}”; what the page keeps in the browser’s own file system, in “opfs”.`,
			].join("\n"),
		),
		[
			...names.importLines(),
			...settings.imports,
			...(draws ? ['import { parseHTML } from "linkedom";'] : []),
		].join("\n"),
		`const ${names.display} = openDisplay({ folder: ${JSON.stringify(folderOf(head.file))} });`,
		settings.code,
		draws ? [drawingHelper, ...names.documents.map((name) => `const ${name} = document;`)].join("\n") : "",
		names.shared.size > 0 ? `let ${[...names.shared].map((name) => `${name}: any`).join(", ")};` : "",
		...body,
	];
	return `${lines.filter((part) => part !== "").join("\n\n")}\n`;
}

/** `tiff-to-ome-zarr pictures` for `tiff-to-ome-zarr.ts`. */
function folderOf(file: string): string {
	return `${file.replace(/\.\w+$/, "")} pictures`;
}

function readCell(cell: CodeBlock): ReadCell {
	if (cell.exercise && /\b_{4,}\b/.test(cell.source))
		return { ...cell, problem: "This exercise is still to be done:" };
	try {
		return { ...cell, program: parse(cell.source) };
	} catch (error) {
		return { ...cell, problem: `This cell cannot be read (${(error as Error).message}):` };
	}
}

/** Enums and parameter properties mean something at run time: Node does not just leave them out. */
function needsTransform(node: Node): boolean {
	return /"type":"(TSEnumDeclaration|TSParameterProperty)"/.test(
		JSON.stringify(node, (_, value) => (typeof value === "bigint" ? String(value) : value)),
	);
}

/** Which names the cells declare and import, and which of them must be shared variables. */
class NameTable {
	/** Names that cells declare in different ways. */
	readonly shared = new Set<string>();
	readonly modules = new Set<string>();
	/** By local name; a name imported from two places has the second under another. */
	readonly #imports = new Map<string, Imported>();
	readonly #declared = new Set<string>();

	constructor(cells: readonly ReadCell[]) {
		const owners = new Map<string, Set<string>>();
		const note = (name: string, owner: string) =>
			owners.set(name, (owners.get(name) ?? new Set()).add(owner));
		for (const cell of cells) {
			const imports = importsOf(cell.program as Node);
			for (const [local, from] of imports) {
				this.modules.add(from.module);
				note(local, `${from.module} ${from.name}`);
			}
			if (cell.exercise) continue;
			for (const [name, kind] of findNames(cell.program as Node).defines) {
				if (kind !== "import") note(name, `cell ${cell.id}`);
			}
		}
		for (const [name, by] of owners) {
			this.#declared.add(name);
			if (by.size > 1) this.shared.add(name);
		}
		for (const cell of cells) {
			for (const [local, from] of importsOf(cell.program as Node))
				this.#imports.set(this.localOf(local, from), from);
		}
	}

	/** What shows a value: `display`, unless a cell calls something of its own so. */
	get display(): string {
		return this.#declared.has("display") ? "displayOfLesson" : "display";
	}

	/** What cells call D3's `document`, other than that. */
	get documents(): string[] {
		return [...this.#imports].flatMap(([local, from]) =>
			isDocument(from) && local !== "document" ? [local] : [],
		);
	}

	/** The name that an import has in the file. */
	localOf(local: string, { module, name }: Imported): string {
		if (!this.shared.has(local)) return local;
		return `${local}From${`${module} ${name}`.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string = "") => next.toUpperCase())}`;
	}

	importLines(): string[] {
		const byModule = new Map<string, string[]>();
		const lines: string[] = [];
		const add = (module: string, text: string) =>
			byModule.set(module, [...(byModule.get(module) ?? []), text]);
		add(nodeModule, "openDisplay");
		for (const [local, from] of this.#imports) {
			const { module, name } = from;
			if (isDocument(from)) continue;
			if (name === "*") lines.push(`import * as ${local} from ${JSON.stringify(module)};`);
			else if (name === "") lines.push(`import ${JSON.stringify(module)};`);
			else if (module !== nodeModule || local !== "openDisplay")
				add(
					module,
					name === local ? name : `${/^[\w$]+$/.test(name) ? name : JSON.stringify(name)} as ${local}`,
				);
		}
		for (const [module, texts] of byModule) {
			const line = `import { ${texts.join(", ")} } from ${JSON.stringify(module)};`;
			const list = texts.map((text) => `\t${text},\n`).join("");
			lines.push(line.length <= longestImport ? line : `import {\n${list}} from ${JSON.stringify(module)};`);
		}
		return [...new Set(lines)];
	}
}

function cellText(cell: ReadCell, names: NameTable): string {
	const title = `// ── ${cell.title} ──`;
	if (!cell.program) return `${title}\n${comment(`${cell.problem}\n\n${cell.source}`)}`;
	const text = rewrite(cell, cell.program, names).trim();
	if (!cell.exercise) return `${title}\n${text}`;
	// Its names stay its own, as on the page.
	const inner = text.split("\n");
	if (cell.mayFail) return [title, ...guarded(inner, names.display)].join("\n");
	return [title, "{", ...inner, "}"].join("\n");
}

/** The cell's text with its imports taken out, its last expression printed and its shared names assigned. */
function rewrite(cell: ReadCell, program: Node, names: NameTable): string {
	const { source } = cell;
	const edits: { start: number; end: number; text: string }[] = [];
	const body = (program.body as Node[]).filter((statement) => statement.type !== "EmptyStatement");
	for (const statement of body) {
		if (statement.type === "ImportDeclaration") {
			const end = source[statement.end] === "\n" ? statement.end + 1 : statement.end;
			edits.push({ start: statement.start, end, text: importAgain(statement, cell, names) });
			continue;
		}
		const inner: Node =
			statement.type === "ExportNamedDeclaration" && statement.declaration
				? statement.declaration
				: statement;
		if (inner !== statement) edits.push({ start: statement.start, end: inner.start, text: "" });
		if (cell.exercise) {
			if (inner.type === "VariableDeclaration" && inner.kind === "var")
				edits.push({ start: inner.start, end: inner.start + 3, text: "let" });
		} else assignShared(inner, source, names.shared, edits);
	}
	const last = shownStatement(program);
	if (last) {
		const end = source[last.end - 1] === ";" ? last.end - 1 : last.end;
		edits.push({ start: last.start, end: last.start, text: `${names.display}(` });
		edits.push({ start: end, end: last.end, text: ");" });
	}
	let text = "";
	let at = 0;
	for (const edit of edits.sort((a, b) => a.start - b.start || a.end - b.end)) {
		text += source.slice(at, edit.start) + edit.text;
		at = edit.end;
	}
	return text + source.slice(at);
}

/** A shared name that an import gives is assigned where the import stood. */
function importAgain(statement: Node, cell: ReadCell, names: NameTable): string {
	const lines: string[] = [];
	for (const [local, from] of importsOf({ ...statement, type: "Program", body: [statement] })) {
		if (!names.shared.has(local) || from.name.startsWith("type ")) continue;
		lines.push(`${cell.exercise ? "const " : ""}${local} = ${names.localOf(local, from)};\n`);
	}
	return lines.join("");
}

/** `const a = 1` as `a = 1` where several cells declare a. */
function assignShared(
	node: Node,
	source: string,
	shared: ReadonlySet<string>,
	edits: { start: number; end: number; text: string }[],
): void {
	const program = { type: "Program", start: node.start, end: node.end, body: [node] };
	const own = [...findNames(program).defines.keys()];
	if (!own.some((name) => shared.has(name))) return;
	if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
		edits.push({ start: node.start, end: node.start, text: `${node.id.name} = ` });
		edits.push({ start: node.end, end: node.end, text: ";" });
		return;
	}
	if (node.type !== "VariableDeclaration") return;
	const alone = own.filter((name) => !shared.has(name));
	const first = node.declarations[0] as Node;
	const open = `${alone.length > 0 ? `let ${alone.map((name) => `${name}: any`).join(", ")};\n` : ""};(`;
	edits.push({ start: node.start, end: first.start, text: open });
	for (const declarator of node.declarations as Node[]) {
		const type: Node | undefined = declarator.id.typeAnnotation;
		if (type) edits.push({ start: type.start, end: type.end, text: "" });
		if (!declarator.init) edits.push({ start: declarator.end, end: declarator.end, text: " = undefined" });
	}
	const end = source[node.end - 1] === ";" ? node.end - 1 : node.end;
	edits.push({ start: end, end: node.end, text: ");" });
}

function comment(text: string): string {
	return text
		.split("\n")
		.map((line) => `// ${line}`.trimEnd())
		.join("\n");
}
