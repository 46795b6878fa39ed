/** Displays as text, for places that can only write: a terminal, a notebook's plain output. */
import type { BytesDisplay, DisplayModel, TableDisplay } from "../display.ts";
import { formatCount } from "../format.ts";
import type { PlainNamed } from "./plain.ts";

/** A value of JSON that fits into so many characters stands on one line. */
const lineLength = 88;
/** Of longer tables and lists, the first of their rows. */
const mostRows = 100;
const bytesInRow = 16;
const mostByteRows = 8;

/** What a display says, as lines of text without one at the end. Drawings are named, not drawn. */
export function displayText(model: DisplayModel): string {
	switch (model.kind) {
		case "text":
		case "repr":
			return model.text;
		case "table":
			return tableText(model);
		case "json":
			return [model.caption, jsonText(model.value, "")].filter(Boolean).join("\n");
		case "picture":
		case "plot":
		case "histogram":
			return [model.title, model.alt].filter(Boolean).join("\n");
		case "bytes":
			return bytesText(model);
		case "markup":
			return `A drawing of ${formatCount(model.markup.length)} characters.`;
		case "figure":
			return `The figure “${model.figure}”, which is drawn on the lesson’s page.`;
	}
}

function tableText({ caption, columns, rows }: TableDisplay): string {
	const words = rows
		.slice(0, mostRows)
		.map((row) => row.map((value) => (value === null ? "" : String(value))));
	const widths = columns.map(({ name }, i) => Math.max(name.length, ...words.map((row) => row[i].length)));
	const line = (cells: readonly string[]) =>
		cells
			.map((text, i) => (columns[i].align === "right" ? text.padStart(widths[i]) : text.padEnd(widths[i])))
			.join("  ")
			.trimEnd();
	const left = rows.length - words.length;
	return [
		...(caption ? [caption] : []),
		line(columns.map(({ name }) => name)),
		line(widths.map((width) => "─".repeat(width))),
		...words.map(line),
		...(left > 0 ? [`… ${formatCount(left)} more rows`] : []),
	].join("\n");
}

function jsonText(value: unknown, indent: string): string {
	if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? String(value);
	if (isNote(value)) return value.$note;
	const named = value as Partial<PlainNamed>;
	const entries = Array.isArray(value)
		? value.map((item) => ["", item])
		: (named.$entries ?? Object.entries(value));
	const [bracket, close] = Array.isArray(value) ? "[]" : "{}";
	// A Map, a Set and an object of a class say what they are.
	const open = named.$entries ? `${named.$note} ${bracket}` : bracket;
	const inner = `${indent}  `;
	const lines = entries
		.slice(0, mostRows)
		.map(([key, item]) => `${key === "" ? "" : `${JSON.stringify(key)}: `}${jsonText(item, inner)}`);
	if (entries.length > mostRows) lines.push(`… ${formatCount(entries.length - mostRows)} more`);
	const space = bracket === "{" && lines.length > 0 ? " " : "";
	const short = `${open}${space}${lines.join(", ")}${space}${close}`;
	if (short.length + indent.length <= lineLength && !short.includes("\n")) return short;
	return `${open}\n${lines.map((line) => inner + line).join(",\n")}\n${indent}${close}`;
}

/** What JSON cannot say comes as a word. */
function isNote(value: object): value is { $note: string } {
	return typeof (value as { $note?: unknown }).$note === "string" && Object.keys(value).length === 1;
}

function bytesText({ caption, bytes, total, start = 0 }: BytesDisplay): string {
	const rows: string[] = [];
	for (let at = 0; at < bytes.length && rows.length < mostByteRows; at += bytesInRow) {
		const row = [...bytes.subarray(at, at + bytesInRow)];
		const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
		const text = row.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
		const address = (start + at).toString(16).padStart(8, "0");
		rows.push(`${address}  ${hex.padEnd(bytesInRow * 3 - 1)}  ${text}`);
	}
	const left = total - rows.length * bytesInRow;
	return [caption, ...rows, ...(left > 0 ? [`… ${formatCount(left)} more bytes`] : [])].join("\n");
}
