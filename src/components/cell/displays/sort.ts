/** The order of a table's rows by one column. */
export type Cell = string | number | boolean | null;
export type Order = "none" | "ascending" | "descending";

const powers: Record<string, number> = { B: 0, KiB: 1, MiB: 2, GiB: 3, TiB: 4, PiB: 5 };

/** The rows by a column: as numbers or sizes where all of it is that, else as words. What is empty comes last. */
export function sortedRows(rows: readonly Cell[][], column: number, order: Order): readonly Cell[][] {
	if (order === "none") return rows;
	const keys = new Map(rows.map((row) => [row, row[column] ?? null]));
	const numbers = new Map([...keys].map(([row, value]) => [row, isEmpty(value) ? null : quantity(value)]));
	const isNumeric = [...keys].every(([row, value]) => isEmpty(value) || numbers.get(row) !== undefined);
	const sign = order === "ascending" ? 1 : -1;
	return [...rows].sort((a, b) => {
		const [x, y] = [keys.get(a) ?? null, keys.get(b) ?? null];
		if (isEmpty(x) || isEmpty(y)) return Number(isEmpty(x)) - Number(isEmpty(y));
		if (isNumeric) return sign * ((numbers.get(a) ?? 0) - (numbers.get(b) ?? 0));
		return sign * String(x).localeCompare(String(y), undefined, { numeric: true });
	});
}

function isEmpty(value: Cell): boolean {
	return value === null || value === "" || Number.isNaN(value);
}

/** A number, also with spaces between thousands or as a size in binary units; undefined for anything else. */
function quantity(value: Cell): number | undefined {
	if (typeof value === "number") return value;
	if (typeof value === "boolean") return Number(value);
	if (value === null) return undefined;
	const match = /^([-+]?[\d\u2009\u202f ]*\.?\d+(?:e[-+]?\d+)?)\s*(B|[KMGTP]iB|%|ms|s)?$/i.exec(value.trim());
	if (!match) return undefined;
	return Number(match[1].replace(/[\u2009\u202f ]/g, "")) * 1024 ** (powers[match[2] ?? ""] ?? 0);
}
