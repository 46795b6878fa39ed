/**
 * Turns TypeScript into JavaScript by blanking types in place, so that every position survives (the idea of
 * ts-blank-space, on acorn's small parser instead of the whole compiler). Enums and parameter properties, which
 * have a meaning at run time, are written out.
 */
import { CompileError } from "./compile-error.ts";
import type { Edits } from "./edits.ts";
import { children, type Node } from "./parse.ts";

const typeOnly = new Set([
	"TSInterfaceDeclaration",
	"TSTypeAliasDeclaration",
	"TSDeclareFunction",
	"TSIndexSignature",
	"TSExportAssignment",
	"TSNamespaceExportDeclaration",
]);
const typeKeys = new Set([
	"typeAnnotation",
	"typeParameters",
	"typeArguments",
	"superTypeParameters",
	"superTypeArguments",
	"returnType",
]);
const memberModifiers = /\b(public|private|protected|readonly|override|abstract|declare)\b/g;
/** Statements that end by a semicolon, which a blanked type at their end might have relied on a line break for. */
const needsSemicolon = new Set([
	"ExpressionStatement",
	"VariableDeclaration",
	"ReturnStatement",
	"ThrowStatement",
	"PropertyDefinition",
]);

export function stripTypes(program: Node, edits: Edits): void {
	visit(program, edits);
}

function visit(node: Node, edits: Edits): void {
	const { source } = edits;
	if (
		typeOnly.has(node.type) ||
		node.declare === true ||
		(node.abstract === true && node.type !== "ClassDeclaration")
	) {
		return blankStatement(node, edits);
	}
	switch (node.type) {
		case "ImportDeclaration":
			return; // compile.ts rewrites imports as a whole
		case "ExportNamedDeclaration":
			if (node.exportKind === "type" && !node.declaration) return blankStatement(node, edits);
			break;
		case "TSAsExpression":
		case "TSSatisfiesExpression":
		case "TSNonNullExpression":
		case "TSInstantiationExpression":
			visit(node.expression, edits);
			return edits.blank(behindBrackets(source, node.expression.end), node.end);
		case "TSTypeAssertion":
			edits.blank(node.start, source.indexOf(">", node.typeAnnotation.end) + 1);
			return visit(node.expression, edits);
		case "TSEnumDeclaration":
			return writeEnum(node, edits);
		case "TSModuleDeclaration":
			throw new CompileError(
				"A namespace cannot be used in a cell: use an object or plain functions",
				source,
				node.start,
			);
		case "TSImportEqualsDeclaration":
			throw new CompileError(
				'Write `import … from "…"` instead of `import … = require(…)`',
				source,
				node.start,
			);
		case "Decorator":
			throw new CompileError("Decorators cannot be used in a cell", source, node.start);
		case "MethodDefinition":
			if (node.value.type === "TSDeclareMethod") return blankStatement(node, edits);
			edits.blankWords(node.start, node.key.start, memberModifiers);
			break;
		case "PropertyDefinition":
			edits.blankWords(node.start, node.key.start, memberModifiers);
			break;
		case "ClassDeclaration":
		case "ClassExpression":
			classHead(node, edits);
			break;
		case "FunctionDeclaration":
		case "FunctionExpression":
		case "ArrowFunctionExpression":
			parameters(node, edits);
			break;
		case "VariableDeclarator":
			if (node.definite)
				edits.blank(node.id.start + node.id.name.length, node.id.typeAnnotation?.start ?? node.id.end);
			break;
	}
	if (node.optional === true && (node.type === "PropertyDefinition" || node.type === "MethodDefinition")) {
		edits.blankWords(
			node.key.end,
			node.typeAnnotation?.start ?? node.value?.start ?? node.end,
			/^\s*\]?\s*\?/g,
		);
	}
	if (node.definite === true && node.type === "PropertyDefinition") {
		edits.blankWords(node.key.end, node.typeAnnotation?.start ?? node.end, /!/g);
	}
	for (const child of children(node)) {
		if (isTypeOf(node, child)) {
			edits.blank(child.start, child.end, node.type === "ArrowFunctionExpression");
			if (node.type === "ArrowFunctionExpression" && child === node.typeParameters)
				keepLine(node, child, edits);
		} else {
			visit(child, edits);
		}
	}
	closeStatement(node, edits);
}

function isTypeOf(parent: Node, child: Node): boolean {
	for (const key of typeKeys) if (parent[key] === child) return true;
	return Array.isArray(parent.implements) && parent.implements.includes(child);
}

/** `async <T>(x) => …`: nothing to do, but a generic on a line of its own must not part `async` from its arrow. */
function keepLine(arrow: Node, generic: Node, edits: Edits): void {
	if (arrow.async) edits.blank(arrow.start + "async".length, generic.end, true);
}

/** Past the brackets that close around an expression: in `(x) as T` they stay. */
function behindBrackets(source: string, from: number): number {
	const gap = /^(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*)*\)/;
	let at = from;
	for (;;) {
		const close = gap.exec(source.slice(at));
		if (!close) return at;
		at += close[0].length;
	}
}

/** A statement that is all type becomes an empty one: the line before it may have relied on it to end. */
function blankStatement(node: Node, edits: Edits): void {
	edits.blank(node.start, node.end);
	edits.put(node.start, ";");
}

/** Where a type stood last in a statement, the next line might now join it: `x as T ⏎ (y)`. */
function closeStatement(node: Node, edits: Edits): void {
	if (!needsSemicolon.has(node.type) || edits.source[node.end - 1] === ";") return;
	const last = edits.source.slice(node.end).match(/^[^\S\n]*\n\s*[([`+\-/]/);
	if (last) edits.insert(node.end, ";");
}

function classHead(node: Node, edits: Edits): void {
	if (node.abstract)
		edits.blankWords(node.start, node.body.start, /^\s*(export\s+)?(default\s+)?abstract\b/g);
	const clauses: Node[] = node.implements ?? [];
	if (clauses.length === 0) return;
	const from =
		node.superTypeParameters?.end ??
		node.superClass?.end ??
		node.typeParameters?.end ??
		node.id?.end ??
		node.start;
	edits.blankWords(from, clauses[0].start, /\bimplements\b/g);
	edits.blank(clauses[0].start, clauses[clauses.length - 1].end);
}

function parameters(node: Node, edits: Edits): void {
	const assigned: string[] = [];
	node.params.forEach((parameter: Node, i: number) => {
		let target = parameter;
		if (parameter.type === "TSParameterProperty") {
			target = parameter.parameter;
			// The parser's start of such a parameter may lie behind its first modifier.
			const from = i === 0 ? node.start : node.params[i - 1].end;
			edits.blankWords(from, (target.left ?? target).start, memberModifiers);
			assigned.push(target.type === "AssignmentPattern" ? target.left.name : target.name);
		}
		if (target.type === "Identifier" && target.name === "this") {
			const next: Node | undefined = node.params[i + 1];
			const comma = edits.source.indexOf(",", target.end);
			edits.blank(target.start, next && comma >= 0 ? comma + 1 : target.end);
			return;
		}
		const binding = target.type === "AssignmentPattern" ? target.left : target;
		if (binding.optional === true) {
			const from = binding.type === "Identifier" ? binding.start + binding.name.length : binding.start;
			const to = binding.typeAnnotation?.start ?? binding.end + 1;
			edits.blankWords(from, to, /\?/g);
		}
	});
	if (assigned.length > 0 && node.body) {
		const superCall = node.body.body.find(
			(s: Node) => s.type === "ExpressionStatement" && s.expression.callee?.type === "Super",
		);
		edits.insert(
			superCall?.end ?? node.body.start + 1,
			`;${assigned.map((n) => `this.${n}=${n};`).join("")}`,
		);
	}
}

/** An enum as the object that TypeScript would make of it, on as many lines. */
function writeEnum(node: Node, edits: Edits): void {
	const name: string = node.id.name;
	const known: string[] = [];
	let previous: string | undefined;
	let body = "";
	for (const member of node.members as Node[]) {
		const key: string = member.id.name ?? member.id.value;
		const text = JSON.stringify(key);
		let value: string;
		if (member.initializer) {
			value = edits.source
				.slice(member.initializer.start, member.initializer.end)
				.replace(/(?<![.\w$"'`])[A-Za-z_$][\w$]*/g, (word) =>
					known.includes(word) ? `${name}.${word}` : word,
				);
		} else {
			value = previous === undefined ? "0" : `${name}[${previous}]+1`;
		}
		const isString = member.initializer?.type === "Literal" && typeof member.initializer.value === "string";
		body += isString ? `${name}[${text}]=${value};` : `${name}[${name}[${text}]=${value}]=${text};`;
		known.push(key);
		previous = text;
	}
	edits.blank(node.start, node.end);
	edits.insert(node.start, `var ${name};(function(${name}){${body}})(${name}||(${name}={}));`);
}
