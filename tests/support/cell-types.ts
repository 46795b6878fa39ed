/** The editor's types, as the page's language worker has them, in Node. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { makeEditorTypes } from "../../scripts/editor-types.ts";
import { publicDir } from "../../scripts/paths.ts";
import { CellTypes } from "../../src/components/editor/language/cell-types.ts";
import type { CellText } from "../../src/components/editor/language/protocol.ts";
import type { TypeFile } from "../../src/components/editor/language/type-index.ts";

/** The language alone, and what adds the types of an import, as the worker does when a cell asks for it. */
export function typesInParts(): { types: CellTypes; modules: string[]; add(module: string): void } {
	const { modules, packages, library } = makeEditorTypes();
	const read = (name: string) =>
		JSON.parse(readFileSync(join(publicDir, "data", "types", name), "utf8")) as TypeFile;
	const types = new CellTypes(ts, Object.keys(modules));
	types.add(read(library));
	const add = (name: string): void => {
		for (const need of packages[name].needs) add(need);
		types.add(read(packages[name].file));
	};
	return { types, modules: Object.keys(modules), add: (module) => add(modules[module]) };
}

/** Everything that a cell may import, loaded. */
export function cellTypes(): CellTypes {
	const { types, modules, add } = typesInParts();
	for (const module of modules) add(module);
	return types;
}

/** Cells by their sources: `a`, `b`, `c`, …; one whose source begins with `// exercise` is one. */
export function lessonOf(...sources: string[]): CellText[] {
	return sources.map((source, i) => {
		const id = String.fromCharCode(97 + i);
		return { id, title: `Cell ${id}`, source, isExercise: source.startsWith("// exercise") };
	});
}
