/** Tables of properties: a type reads as one piece of code, links and all, and what is not described is left empty. */
export function tidyTables(body: string): string {
	return body.replace(/^\|.*\|$/gm, (row) => {
		// Bars inside a cell are escaped.
		const cells = row.slice(1, -1).split(/(?<!\\)\|/);
		if (cells.length < 2 || !/^\s*(<a id="[^"]*"><\/a> )?`/.test(cells[0])) return row;
		const [name, type, ...rest] = cells.map((cell) => cell.trim());
		const described = rest.map((cell) => (cell === "-" || cell === "\\-" ? "" : cell));
		return `| ${[name, `<span class="cw-type">${type}</span>`, ...described].join(" | ")} |`;
	});
}
