/** Which names a cell declares at its top level, and which it takes from elsewhere. */
import { children, type Node } from "./parse.ts";

export type DeclarationKind = "const" | "let" | "var" | "function" | "class" | "import" | "enum";

export interface Names {
	/** Top-level names, with how they were declared. */
	defines: Map<string, DeclarationKind>;
	/** Free names: used here, declared neither here nor in an inner scope. Globals such as `Math` are among them. */
	uses: Set<string>;
	/** Where the free names stand. `shorthand`: in `{ name }`, which must keep its key when rewritten. */
	free: Reference[];
}

export interface Reference {
	name: string;
	start: number;
	end: number;
	shorthand: boolean;
}

/** Nodes that hold only types: their identifiers are no values. */
const isType = (node: Node): boolean =>
	node.type.startsWith("TS") &&
	![
		"TSAsExpression",
		"TSSatisfiesExpression",
		"TSNonNullExpression",
		"TSTypeAssertion",
		"TSInstantiationExpression",
		"TSEnumDeclaration",
		"TSEnumBody",
		"TSEnumMember",
		"TSParameterProperty",
	].includes(node.type);

class Scope {
	readonly names = new Map<string, DeclarationKind>();
	readonly parent?: Scope;
	readonly isFunction: boolean;

	constructor(parent: Scope | undefined, isFunction: boolean) {
		this.parent = parent;
		this.isFunction = isFunction;
	}

	/** The nearest scope that `var` and, at top level, everything else belongs to. */
	get home(): Scope {
		return this.isFunction || !this.parent ? this : this.parent.home;
	}

	has(name: string): boolean {
		return this.names.has(name) || (this.parent?.has(name) ?? false);
	}
}

export function findNames(program: Node): Names {
	const top = new Scope(undefined, true);
	const references: References = [];
	for (const statement of program.body as Node[]) declare(statement, top);
	for (const statement of program.body as Node[]) walk(statement, top, references);
	const free = references.filter(({ name, scope }) => !scope.has(name));
	return { defines: top.names, uses: new Set(free.map(({ name }) => name)), free };
}

/** Declares what a statement declares in `scope`, `var` and functions hoisted. */
function declare(node: Node, scope: Scope): void {
	switch (node.type) {
		case "ExportNamedDeclaration":
		case "ExportDefaultDeclaration":
			if (node.declaration) declare(node.declaration, scope);
			return;
		case "ImportDeclaration":
			if (node.importKind === "type") return;
			for (const specifier of node.specifiers as Node[]) {
				if (specifier.importKind !== "type") scope.names.set(specifier.local.name, "import");
			}
			return;
		case "VariableDeclaration": {
			if (node.declare) return;
			const target = node.kind === "var" ? scope.home : scope;
			for (const declarator of node.declarations as Node[]) {
				for (const name of patternNames(declarator.id)) target.names.set(name, node.kind);
			}
			return;
		}
		case "FunctionDeclaration":
			if (node.id) scope.names.set(node.id.name, "function");
			return;
		case "ClassDeclaration":
			if (node.id && !node.declare) scope.names.set(node.id.name, "class");
			return;
		case "TSEnumDeclaration":
			if (!node.declare) scope.names.set(node.id.name, "enum");
			return;
	}
	hoistVars(node, scope);
}

/** `var` inside blocks, loops and branches belongs to the function around. */
function hoistVars(node: Node, scope: Scope): void {
	if (/Function|Class/.test(node.type) || isType(node)) return;
	if (node.type === "VariableDeclaration") {
		if (node.kind === "var") declare(node, scope);
		return;
	}
	for (const child of children(node)) hoistVars(child, scope);
}

/** The names that a pattern binds: `{ a, b: [c, ...d] }` binds a, c and d. */
export function* patternNames(pattern: Node | null): Generator<string> {
	switch (pattern?.type) {
		case "Identifier":
			yield pattern.name;
			return;
		case "ObjectPattern":
			for (const property of pattern.properties) yield* patternNames(property.value ?? property.argument);
			return;
		case "ArrayPattern":
			for (const element of pattern.elements) yield* patternNames(element);
			return;
		case "AssignmentPattern":
			yield* patternNames(pattern.left);
			return;
		case "RestElement":
			yield* patternNames(pattern.argument);
			return;
		case "TSParameterProperty":
			yield* patternNames(pattern.parameter);
	}
}

type References = (Reference & { scope: Scope })[];

function walk(node: Node, scope: Scope, references: References): void {
	if (isType(node)) return;
	switch (node.type) {
		case "Identifier":
			references.push({ name: node.name, start: node.start, end: node.end, shorthand: false, scope });
			return;
		case "ImportDeclaration":
			return;
		case "ExportNamedDeclaration":
			if (node.declaration) walk(node.declaration, scope, references);
			return;
		case "MemberExpression":
			walk(node.object, scope, references);
			if (node.computed) walk(node.property, scope, references);
			return;
		case "Property":
			if (node.shorthand) {
				const { name, start, end } = node.key;
				references.push({ name, start, end, shorthand: true, scope });
				// `{ a = 1 } = …`: the default is a use as well.
				if (node.value.type === "AssignmentPattern") walk(node.value.right, scope, references);
				return;
			}
			if (node.computed) walk(node.key, scope, references);
			walk(node.value, scope, references);
			return;
		case "PropertyDefinition":
		case "MethodDefinition":
			if (node.computed) walk(node.key, scope, references);
			if (node.value) walk(node.value, scope, references);
			return;
		case "LabeledStatement":
			walk(node.body, scope, references);
			return;
		case "BreakStatement":
		case "ContinueStatement":
		case "MetaProperty":
			return;
		case "TSEnumDeclaration":
			return enumeration(node, scope, references);
		case "FunctionDeclaration":
		case "FunctionExpression":
		case "ArrowFunctionExpression":
			return functionScope(node, scope, references);
		case "ClassDeclaration":
		case "ClassExpression": {
			const inner = new Scope(scope, false);
			if (node.id) inner.names.set(node.id.name, "class");
			if (node.superClass) walk(node.superClass, inner, references);
			walk(node.body, inner, references);
			return;
		}
		case "StaticBlock":
		case "BlockStatement":
			return block(node.body, scope, references, node.type === "StaticBlock");
		case "SwitchStatement": {
			walk(node.discriminant, scope, references);
			const inner = new Scope(scope, false);
			for (const branch of node.cases as Node[]) for (const s of branch.consequent) declareLexical(s, inner);
			for (const branch of node.cases as Node[]) walk(branch, inner, references);
			return;
		}
		case "CatchClause": {
			const inner = new Scope(scope, false);
			for (const name of patternNames(node.param)) inner.names.set(name, "let");
			if (node.param) pattern(node.param, inner, references);
			walk(node.body, inner, references);
			return;
		}
		case "ForStatement":
		case "ForInStatement":
		case "ForOfStatement": {
			const inner = new Scope(scope, false);
			const head: Node | null = node.init ?? node.left ?? null;
			if (head?.type === "VariableDeclaration") declareLexical(head, inner);
			for (const child of children(node)) walk(child, inner, references);
			return;
		}
		case "VariableDeclaration":
			for (const declarator of node.declarations as Node[]) {
				pattern(declarator.id, scope, references);
				if (declarator.init) walk(declarator.init, scope, references);
			}
			return;
	}
	for (const child of children(node)) walk(child, scope, references);
}

function block(statements: Node[], scope: Scope, references: References, isFunction = false): void {
	const inner = new Scope(scope, isFunction);
	for (const statement of statements) declareLexical(statement, inner);
	for (const statement of statements) walk(statement, inner, references);
}

/** let, const, class and function belong to the block; `var` was hoisted already. */
function declareLexical(node: Node, scope: Scope): void {
	if (node.type === "VariableDeclaration" && node.kind === "var") return;
	if (/^(VariableDeclaration|FunctionDeclaration|ClassDeclaration|TSEnumDeclaration)$/.test(node.type)) {
		declare(node, scope);
	}
}

function functionScope(node: Node, scope: Scope, references: References): void {
	const inner = new Scope(scope, true);
	if (node.type === "FunctionExpression" && node.id) inner.names.set(node.id.name, "function");
	if (node.type !== "ArrowFunctionExpression") inner.names.set("arguments", "var");
	for (const parameter of node.params as Node[]) {
		for (const name of patternNames(parameter)) inner.names.set(name, "let");
	}
	for (const parameter of node.params as Node[]) pattern(parameter, inner, references);
	if (!node.body) return;
	if (node.body.type !== "BlockStatement") return walk(node.body, inner, references);
	for (const statement of node.body.body as Node[]) declare(statement, inner);
	for (const statement of node.body.body as Node[]) walk(statement, inner, references);
}

/** In a binding pattern only defaults and computed keys are uses. */
function pattern(node: Node, scope: Scope, references: References): void {
	switch (node.type) {
		case "Identifier":
			return;
		case "AssignmentPattern":
			pattern(node.left, scope, references);
			walk(node.right, scope, references);
			return;
		case "ObjectPattern":
			for (const property of node.properties as Node[]) {
				if (property.computed) walk(property.key, scope, references);
				pattern(property.value ?? property.argument, scope, references);
			}
			return;
		case "ArrayPattern":
			for (const element of node.elements as (Node | null)[])
				if (element) pattern(element, scope, references);
			return;
		case "RestElement":
			pattern(node.argument, scope, references);
			return;
		case "TSParameterProperty":
			pattern(node.parameter, scope, references);
	}
}

function enumeration(node: Node, scope: Scope, references: References): void {
	const inner = new Scope(scope, false);
	const members: Node[] = node.members ?? node.body?.members ?? [];
	for (const member of members) inner.names.set(member.id.name ?? String(member.id.value), "const");
	for (const member of members) if (member.initializer) walk(member.initializer, inner, references);
}
