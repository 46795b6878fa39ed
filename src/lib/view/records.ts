/** A list of plain records with simple fields, as a table. */
import type { TableDisplay } from "../display.ts";

/** Of a longer list the first rows are shown, and it is said how many there are. */
const mostRows = 100_000;
const mostColumns = 30;

/** The table of a list whose items are records with mostly the same fields; undefined of anything else. */
export function describeRecords(value: object): TableDisplay | undefined {
	if (!Array.isArray(value) || value.length === 0) return undefined;
	const rows = value.slice(0, mostRows) as Record<string, unknown>[];
	const names = columnsOf(rows);
	if (!names) return undefined;
	const isNumeric = (name: string) =>
		rows.every((row) => row[name] == null || typeof row[name] === "number" || typeof row[name] === "bigint");
	return {
		kind: "table",
		...(value.length > mostRows ? { caption: `The first ${mostRows} of ${value.length} rows` } : {}),
		columns: names.map((name) => ({ name, align: isNumeric(name) ? "right" : "left" })),
		rows: rows.map((row) => names.map((name) => cellOf(row[name]))),
	};
}

/** The names of all fields, in the order met; undefined where the items are no records of one kind. */
function columnsOf(rows: readonly Record<string, unknown>[]): string[] | undefined {
	const names = new Set<string>();
	let fewest = Number.POSITIVE_INFINITY;
	for (const row of rows) {
		if (typeof row !== "object" || row === null || Object.getPrototypeOf(row) !== Object.prototype)
			return undefined;
		const keys = Object.keys(row);
		for (const key of keys) {
			if (typeof row[key] === "object" && row[key] !== null && !isSimple(row[key])) return undefined;
			names.add(key);
		}
		fewest = Math.min(fewest, keys.length);
		if (names.size > mostColumns) return undefined;
	}
	// Records that share little are easier to read as a tree than as a table full of gaps.
	return names.size > 0 && fewest * 2 >= names.size ? [...names] : undefined;
}

function isSimple(value: unknown): boolean {
	if (value instanceof Date) return true;
	return Array.isArray(value) && value.length <= 8 && value.every((v) => typeof v !== "object" || v === null);
}

function cellOf(value: unknown): string | number | boolean | null {
	if (Array.isArray(value)) return value.join(", ");
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? "no valid date" : value.toISOString();
	if (value === null || typeof value === "number" || typeof value === "boolean") return value;
	return value === undefined ? null : String(value);
}
