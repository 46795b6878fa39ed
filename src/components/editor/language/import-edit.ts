/** How a name is added to a cell's imports. */
import type ts from "typescript";
import type { TextEdit } from "./protocol.ts";

/** Adds `name` to the cell's import of `from`, or such an import at the top. */
export function importEdit(tsc: typeof ts, source: string, name: string, from: string): TextEdit {
	const file = tsc.createSourceFile("/cell.ts", source, tsc.ScriptTarget.Latest);
	for (const statement of file.statements) {
		if (!tsc.isImportDeclaration(statement) || !tsc.isStringLiteral(statement.moduleSpecifier)) continue;
		const bindings = statement.importClause?.namedBindings;
		if (statement.moduleSpecifier.text !== from || !bindings || !tsc.isNamedImports(bindings)) continue;
		if (statement.importClause?.phaseModifier === tsc.SyntaxKind.TypeKeyword) continue;
		const last = bindings.elements.at(-1);
		if (last) return { start: last.end, length: 0, text: `, ${name}` };
		return { start: bindings.pos, length: bindings.end - bindings.pos, text: ` { ${name} }` };
	}
	return { start: 0, length: 0, text: `import { ${name} } from "${from}";\n` };
}
