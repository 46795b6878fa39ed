/** What a cell imports, as a downloaded script needs it. */
import type { Node } from "../../kernel/compile/parse.ts";
import { outsideName } from "./outside.ts";

/** What an import gives under a local name: `chunkwise` and `openZarr`, `*` for all of it. */
export interface Imported {
	module: string;
	name: string;
}

/** D3's `document` is there in cells only: here there is a global one. */
export function isDocument({ module, name }: Imported): boolean {
	return module === "d3" && name === "document";
}

/** What a cell imports, by local name. Imports of types alone need nothing at run time, yet an editor wants them. */
export function importsOf(program: Node): Map<string, Imported> {
	const found = new Map<string, Imported>();
	for (const statement of program.body as Node[]) {
		if (statement.type !== "ImportDeclaration") continue;
		const module = outsideName(statement.source.value);
		if (statement.specifiers.length === 0) found.set(` ${module}`, { module, name: "" });
		for (const specifier of statement.specifiers as Node[]) {
			const local: string = specifier.local.name;
			if (specifier.type === "ImportNamespaceSpecifier") found.set(local, { module, name: "*" });
			else if (specifier.type === "ImportDefaultSpecifier") found.set(local, { module, name: "default" });
			else {
				const isType = statement.importKind === "type" || specifier.importKind === "type";
				const name: string = specifier.imported.name ?? specifier.imported.value;
				found.set(local, { module, name: isType ? `type ${name}` : name });
			}
		}
	}
	return found;
}
