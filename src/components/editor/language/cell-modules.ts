/**
 * The cells of a lesson as modules that a type checker reads. Each module is a line that the reader never sees,
 * which brings in the names of earlier cells and gives its own to later ones, followed by the reader's text.
 *
 * Names come by `import`, which brings their types, their docs and, for classes and types, every meaning. What was
 * declared by `let` or `var` is declared again instead, because an imported name cannot be assigned to. A name that
 * the cell declares itself is not brought in, so that it can be declared anew in any cell. The line stands before the
 * text and not behind it, where an open brace would swallow it while the reader types.
 */
import type ts from "typescript";
import { type DeclaredName, declaredNames } from "./cell-names.ts";
import type { CellText } from "./protocol.ts";

export interface CellModule extends CellText {
	path: string;
	/** The names that the cell declares itself. */
	names: Map<string, DeclaredName>;
	/** The cell that each name of earlier cells comes from. */
	seen: Map<string, string>;
	/** The line before the reader's text. Positions in the module are this much further on. */
	before: string;
}

const scheme = "cell:";

export function cellPath(id: string): string {
	return `/cells/${encodeURIComponent(id)}.ts`;
}

/** The module that `before` names by `cell:ID`. */
export function cellOfSpecifier(specifier: string): string | undefined {
	return specifier.startsWith(scheme) ? cellPath(specifier.slice(scheme.length)) : undefined;
}

export function cellModules(cells: readonly CellText[], names: NameReader): CellModule[] {
	const modules: CellModule[] = [];
	for (const cell of cells) {
		const own = names(cell);
		const seen = new Map<string, string>();
		let before = "";
		for (const earlier of modules.toReversed()) {
			if (earlier.isExercise) continue;
			const from = JSON.stringify(scheme + earlier.id);
			const imported: string[] = [];
			for (const [name, { canChange }] of earlier.names) {
				if (own.has(name) || seen.has(name)) continue;
				seen.set(name, earlier.id);
				if (canChange) before += `declare let ${name}:typeof import(${from}).${name};`;
				else imported.push(name);
			}
			if (imported.length > 0) before += `import{${imported.join(",")}}from${from};`;
		}
		const given = [...own].filter(([, { isExported }]) => !isExported).map(([name]) => name);
		before += `export{${given.join(",")}};`;
		modules.push({ ...cell, path: cellPath(cell.id), names: own, seen, before: `${before}\n` });
	}
	return modules;
}

export type NameReader = (cell: CellText) => Map<string, DeclaredName>;

/** Reads the names of a cell, once for each text. */
export function nameReader(tsc: typeof ts): NameReader {
	const known = new Map<string, { source: string; names: Map<string, DeclaredName> }>();
	return ({ id, source }) => {
		const last = known.get(id);
		if (last?.source === source) return last.names;
		const file = tsc.createSourceFile(cellPath(id), source, tsc.ScriptTarget.Latest);
		const names = declaredNames(tsc, file);
		known.set(id, { source, names });
		return names;
	};
}
