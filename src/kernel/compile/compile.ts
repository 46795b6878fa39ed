/**
 * From a cell's TypeScript to an async function that the kernel can run.
 *
 * The reader's text stays where it is: types are blanked, a few words are inserted, and every position in the
 * result leads back to the source. Top-level names stay real local variables (fast, with their own `const` and
 * temporal dead zone) and are offered to later cells by accessors.
 */
import { CompileError } from "./compile-error.ts";
import { Edits, offsetOf, placeOf } from "./edits.ts";
import { children, type Node, parse } from "./parse.ts";
import { type DeclarationKind, findNames, type Reference } from "./scope.ts";
import { stripTypes } from "./strip-types.ts";

/** The compiled function's parameters, in order. */
export const parameterNames = ["__cw", "display", "console"] as const;

export interface Compiled {
	/** An async function expression that takes {@link parameterNames}. */
	code: string;
	defines: Map<string, DeclarationKind>;
	uses: Set<string>;
	/** Module names that the cell imports. */
	imports: string[];
	/** True where the last statement is an expression, whose value is displayed. */
	hasValue: boolean;
	/** From a 1-based place in `code` to the 1-based place in the reader's text. */
	toSource(line: number, column: number): { line: number; column: number };
}

/** What is known of a cell without running it. */
export interface Analysis {
	defines: string[];
	uses: string[];
	imports: string[];
	error?: { message: string; line: number; column: number };
}

/** Names and imports of a cell; a cell that does not parse has none, and says why. */
export function analyse(source: string): Analysis {
	try {
		const program = parse(source);
		const { defines, uses } = findNames(program);
		return { defines: [...defines.keys()], uses: [...uses], imports: importsOf(program) };
	} catch (error) {
		if (!(error instanceof CompileError)) throw error;
		const { message, line, column } = error;
		return { defines: [], uses: [], imports: [], error: { message, line, column } };
	}
}

/**
 * Compiles a cell.
 *
 * @param aliases free names to be read from and written to `__cw.names` instead of the global scope: names that an
 *   earlier cell declared and that are also names of built-ins (`const URL = …`).
 * @param given names that the caller passes in by `__cw.given`: an exercise's check sees the learner's names so.
 * @param lent free names to be read from and written to `__cw.given`, as long as the code lives: names of the page that
 *   an exercise assigns to.
 * @throws CompileError with the place in the reader's text.
 */
export function compile(
	source: string,
	aliases: ReadonlySet<string> = new Set(),
	given: string[] = [],
	lent: ReadonlySet<string> = new Set(),
): Compiled {
	const program = parse(source);
	const edits = new Edits(source);
	// The parser takes it at the start of a file; here other text will stand before it.
	if (source.startsWith("#!")) edits.blank(0, source.split(/[\r\n\u2028\u2029]/, 1)[0].length);
	const names = findNames(program);
	const imports = importsOf(program);

	let prologue = '"use strict";';
	prologue += `__cw.define({${[...names.defines].map(accessor).join(",")}});`;
	const passed = given.filter((name) => !names.defines.has(name) && names.uses.has(name));
	if (passed.length > 0) prologue += `const {${passed.join(",")}}=__cw.given;`;

	for (const statement of program.body as Node[]) {
		if (statement.type === "ImportDeclaration") prologue += importStatement(statement, edits);
		else unexport(statement, edits);
	}
	// First of all insertions, so that it stands before any other at the very start.
	edits.insert(0, `(async function(${parameterNames.join(",")}){${prologue}`);
	// Before what is inserted at the start of the last expression itself.
	const hasValue = returnLast(program, edits);
	rewriteNames(names.free, edits, (name) =>
		lent.has(name) ? "given" : aliases.has(name) ? "names" : undefined,
	);
	rewriteImportExpressions(program, edits);
	stripTypes(program, edits);
	edits.insert(source.length, "\n})");

	const { code, toSource } = edits.result();
	return {
		code,
		defines: names.defines,
		uses: names.uses,
		imports,
		hasValue,
		toSource: (line, column) => placeOf(source, toSource(offsetOf(code, line, column))),
	};
}

function importsOf(program: Node): string[] {
	return (program.body as Node[])
		.filter((s) => s.type === "ImportDeclaration" && s.importKind !== "type")
		.map((s) => s.source.value as string);
}

function accessor([name, kind]: [string, DeclarationKind]): string {
	const setter = kind === "const" || kind === "import" ? "" : `,set:(v)=>{${name}=v}`;
	return `${name}:{kind:"${kind}",get:()=>${name}${setter}}`;
}

/** `import { a as b } from "m"` as `const { a: b } = await __cw.import("m");`, and the statement blanked. */
function importStatement(node: Node, edits: Edits): string {
	edits.blank(node.start, node.end);
	edits.put(node.start, ";");
	if (node.importKind === "type") return "";
	const load = `await __cw.import(${JSON.stringify(node.source.value)},${node.source.start})`;
	const values = (node.specifiers as Node[]).filter((s) => s.importKind !== "type");
	if (node.specifiers.length > 0 && values.length === 0) return "";
	const named: string[] = [];
	let whole = "";
	for (const specifier of values) {
		const local: string = specifier.local.name;
		if (specifier.type === "ImportNamespaceSpecifier") whole += `const ${local}=${load};`;
		else if (specifier.type === "ImportDefaultSpecifier") named.push(`default:${local}`);
		else named.push(`${JSON.stringify(specifier.imported.name ?? specifier.imported.value)}:${local}`);
	}
	if (named.length > 0) {
		const wanted = values
			.filter((s) => s.type === "ImportSpecifier")
			.map((s) => s.imported.name ?? s.imported.value);
		whole += `const {${named.join(",")}}=__cw.pick(${load},${JSON.stringify(node.source.value)},${JSON.stringify(wanted)},${node.start});`;
	}
	return whole === "" ? `${load};` : whole;
}

/** `export` means nothing in a cell: what follows it stays. */
function unexport(node: Node, edits: Edits): void {
	if (node.type === "ExportAllDeclaration" || (node.type === "ExportNamedDeclaration" && node.source)) {
		throw new CompileError(
			"A cell cannot re-export: import what you need and use it",
			edits.source,
			node.start,
		);
	}
	if (node.type === "ExportNamedDeclaration") {
		if (node.declaration) edits.blank(node.start, node.declaration.start);
		else {
			edits.blank(node.start, node.end);
			edits.put(node.start, ";");
		}
	}
	if (node.type === "ExportDefaultDeclaration") {
		edits.blank(node.start, node.declaration.start);
		if (!node.declaration.id && /Declaration$/.test(node.declaration.type))
			edits.insert(node.declaration.start, "void ");
	}
}

/** Some names go through one of the kernel's tables. */
function rewriteNames(
	free: Reference[],
	edits: Edits,
	tableOf: (name: string) => "given" | "names" | undefined,
): void {
	for (const { name, start, end, shorthand } of free) {
		const table = tableOf(name);
		if (!table) continue;
		if (shorthand) edits.insert(end, `:__cw.${table}.${name}`);
		else edits.insert(start, `__cw.${table}.`);
	}
}

/** Dynamic imports go through the kernel, which knows what a cell may import. */
function rewriteImportExpressions(node: Node, edits: Edits): void {
	if (node.type === "ImportExpression") {
		edits.insert(node.start, "__cw.");
		if (node.options) {
			throw new CompileError("Import attributes cannot be used in a cell", edits.source, node.options.start);
		}
	}
	if (node.type === "MetaProperty" && node.meta.name === "import") {
		throw new CompileError("`import.meta` has no meaning in a cell", edits.source, node.start);
	}
	for (const child of children(node)) rewriteImportExpressions(child, edits);
}

/** A last expression is what the cell shows, as in a notebook. A semicolon behind it changes nothing. */
function returnLast(program: Node, edits: Edits): boolean {
	const body = (program.body as Node[]).filter((s) => s.type !== "EmptyStatement");
	const last = body[body.length - 1];
	if (last?.type !== "ExpressionStatement") return false;
	edits.insert(last.start, "return(");
	const close = edits.source[last.end - 1] === ";" ? last.end - 1 : last.end;
	edits.insert(close, ")");
	return true;
}
