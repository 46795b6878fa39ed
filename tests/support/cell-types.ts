/** The editor's types, as the page's language worker has them, in Node. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { makeEditorTypes } from "../../scripts/editor-types.ts";
import { publicDir } from "../../scripts/paths.ts";
import { CellTypes } from "../../src/components/editor/language/cell-types.ts";
import type { CellText } from "../../src/components/editor/language/protocol.ts";
import type { TypeFile } from "../../src/components/editor/language/type-index.ts";

/** Everything that a cell may import, loaded. */
export function cellTypes(): CellTypes {
	const index = makeEditorTypes();
	const read = (name: string) =>
		JSON.parse(readFileSync(join(publicDir, "data", "types", name), "utf8")) as TypeFile;
	const types = new CellTypes(ts, Object.keys(index.modules));
	types.add(read(index.library));
	for (const { file } of Object.values(index.packages)) types.add(read(file));
	return types;
}

/** Cells by their sources: `a`, `b`, `c`, …; one whose source begins with `// exercise` is one. */
export function lessonOf(...sources: string[]): CellText[] {
	return sources.map((source, i) => {
		const id = String.fromCharCode(97 + i);
		return { id, title: `Cell ${id}`, source, isExercise: source.startsWith("// exercise") };
	});
}
