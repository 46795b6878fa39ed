/** Puts the tables of a run into docs/benchmarks.md, each between its own pair of marks. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/paths.ts";
import { markdownOf, type Table } from "./measure.ts";

const path = join(root, "docs/benchmarks.md");

/** Replaces what stands between `<!-- bench:NAME -->` and `<!-- /bench -->`. */
export function writeTables(tables: readonly Table[]): void {
	let text = readFileSync(path, "utf8");
	for (const table of tables) {
		const marks = new RegExp(`(<!-- bench:${table.name} -->\n)[^]*?(<!-- /bench -->)`);
		if (!marks.test(text)) throw new Error(`docs/benchmarks.md has no place for ${table.name}.`);
		text = text.replace(marks, (_, open, close) => `${open}\n${markdownOf(table)}\n\n${close}`);
	}
	writeFileSync(path, text);
	console.log(`\nWritten to docs/benchmarks.md: ${tables.map(({ name }) => name).join(", ")}.`);
}
