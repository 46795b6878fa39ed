/** A folder where `chunkwise` is the library of this checkout, without it being compiled. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Makes one in a folder; gives its path. */
export function libraryFolder(within: string): string {
	const place = mkdtempSync(join(within, "run "));
	const modules = join(place, "node_modules");
	mkdirSync(join(modules, "chunkwise"), { recursive: true });
	writeFileSync(
		join(modules, "chunkwise", "package.json"),
		JSON.stringify({
			name: "chunkwise",
			type: "module",
			exports: { ".": "./index.js", "./node": "./node.js" },
		}),
	);
	for (const name of ["index", "node"]) {
		writeFileSync(
			join(modules, "chunkwise", `${name}.js`),
			`export * from ${JSON.stringify(`file://${join(root, "src/lib", `${name}.ts`)}`)};\n`,
		);
	}
	for (const name of ["d3", "@observablehq", "linkedom"])
		symlinkSync(join(root, "node_modules", name), join(modules, name));
	writeFileSync(join(place, "package.json"), '{ "type": "module" }\n');
	return place;
}
