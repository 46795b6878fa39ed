/** The names that a cell declares at its top level, for its types: what a later cell sees of it. */
import type ts from "typescript";

export interface DeclaredName {
	/** `let` and `var` can be assigned to by later cells. */
	canChange: boolean;
	/** The cell says `export` itself. */
	isExported: boolean;
	isImported: boolean;
}

export function declaredNames(tsc: typeof ts, file: ts.SourceFile): Map<string, DeclaredName> {
	const found = new Map<string, DeclaredName>();
	const add = (
		name: ts.Node | undefined,
		{ canChange = false, isExported = false, isImported = false }: Partial<DeclaredName> = {},
	): void => {
		if (!name) return;
		if (tsc.isIdentifier(name)) {
			// A name that is not typed yet is an empty identifier; a blank is nobody's name.
			if (name.text && !/^_{3,}$/.test(name.text))
				found.set(name.text, { canChange, isExported, isImported });
		} else if (tsc.isObjectBindingPattern(name) || tsc.isArrayBindingPattern(name)) {
			for (const element of name.elements) {
				if (tsc.isBindingElement(element)) add(element.name, { canChange, isExported, isImported });
			}
		}
	};
	const variables = (list: ts.VariableDeclarationList, isExported: boolean): void => {
		const canChange =
			(list.flags & tsc.NodeFlags.BlockScoped) === 0 || (list.flags & tsc.NodeFlags.Let) !== 0;
		for (const { name } of list.declarations) add(name, { canChange, isExported });
	};
	/** `var` inside blocks, loops and branches belongs to the cell. */
	const hoisted = (node: ts.Node): void => {
		if (tsc.isFunctionLike(node) || tsc.isClassLike(node)) return;
		if (tsc.isVariableDeclarationList(node) && (node.flags & tsc.NodeFlags.BlockScoped) === 0)
			variables(node, false);
		tsc.forEachChild(node, hoisted);
	};
	for (const statement of file.statements) {
		const modifiers = tsc.canHaveModifiers(statement) ? tsc.getModifiers(statement) : undefined;
		const isExported = modifiers?.some(({ kind }) => kind === tsc.SyntaxKind.ExportKeyword) ?? false;
		if (tsc.isVariableStatement(statement)) variables(statement.declarationList, isExported);
		else if (
			tsc.isFunctionDeclaration(statement) ||
			tsc.isClassDeclaration(statement) ||
			tsc.isEnumDeclaration(statement) ||
			tsc.isInterfaceDeclaration(statement) ||
			tsc.isTypeAliasDeclaration(statement)
		)
			add(statement.name, { isExported });
		else if (tsc.isImportDeclaration(statement)) {
			const clause = statement.importClause;
			const bindings = clause?.namedBindings;
			add(clause?.name, { isImported: true });
			if (bindings && tsc.isNamespaceImport(bindings)) add(bindings.name, { isImported: true });
			else if (bindings) for (const { name } of bindings.elements) add(name, { isImported: true });
		} else hoisted(statement);
	}
	for (const statement of file.statements) {
		if (!tsc.isExportDeclaration(statement) || !statement.exportClause || statement.moduleSpecifier) continue;
		if (!tsc.isNamedExports(statement.exportClause)) continue;
		for (const { name } of statement.exportClause.elements) {
			const known = found.get(name.text);
			if (known) known.isExported = true;
		}
	}
	return found;
}
