/** A table for docs/benchmarks.md, its first two columns words and the others numbers. */
export function markdown(columns: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
	return [line(columns), line(columns.map((_, i) => (i < 2 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
