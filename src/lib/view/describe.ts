/** How any value is shown under a cell. Values of the library say it themselves; the rest is told apart here. */
import { type DisplayModel, displaySymbol, isDisplayable, type TableDisplay } from "../display.ts";
import { describeBytes } from "./bytes.ts";
import { type Plain, plain } from "./plain.ts";
import { describeZarrita, isZarritaNode } from "./zarrita-node.ts";

/** A line on the console is cut here: a loop that logs large values would fill the page and its memory. */
const maxLine = 10_000;

/** The display of a value; undefined for `undefined`, which is not shown. */
export function describe(value: unknown): DisplayModel | undefined {
	if (value === undefined) return undefined;
	if (isDisplayable(value)) return value[displaySymbol]();
	if (typeof value === "string") return { kind: "text", text: value };
	if (typeof value !== "object" || value === null) return { kind: "text", text: textOf(value) };
	if (isMarkup(value)) return { kind: "markup", markup: value.outerHTML };
	if (value instanceof Promise) {
		return { kind: "text", text: "A promise: write `await` before it to see what it gives." };
	}
	if (value instanceof Error) return { kind: "text", text: `${value.name}: ${value.message}` };
	if (value instanceof Uint8Array || value instanceof ArrayBuffer || value instanceof DataView)
		return describeBytes(value, bytesText(value));
	if (ArrayBuffer.isView(value)) return { kind: "text", text: bytesText(value) };
	if (value instanceof Blob)
		return { kind: "text", text: `Blob, ${value.size} bytes, ${value.type || "no type"}` };
	if (value instanceof Date) return { kind: "text", text: String(plain(value)) };
	if (value instanceof RegExp || value instanceof URL) return { kind: "text", text: String(value) };
	if (isZarritaNode(value)) return describeZarrita(value);
	const table = asTable(value);
	if (table) return table;
	return { kind: "json", value: plain(value) as Plain };
}

/** A value on one line of the console. */
export function consoleText(value: unknown): string {
	const text = wholeText(value);
	return text.length > maxLine
		? `${text.slice(0, maxLine)} … (${text.length - maxLine} more characters)`
		: text;
}

function wholeText(value: unknown): string {
	if (typeof value === "string") return value;
	if (typeof value !== "object" || value === null) return textOf(value);
	if (value instanceof Error) return `${value.name}: ${value.message}`;
	if (isDisplayable(value) || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
		const model = describe(value);
		if (model && "text" in model) return model.text;
		if (model && "alt" in model) return model.alt;
		if (model?.kind === "bytes") return model.caption;
	}
	if (isZarritaNode(value)) return describeZarrita(value).text;
	return JSON.stringify(plain(value));
}

function textOf(value: unknown): string {
	if (typeof value === "bigint") return `${value}n`;
	if (typeof value === "function")
		return /^class\b/.test(`${value}`) ? `class ${value.name}` : `function ${value.name || "(anonymous)"}`;
	return Object.is(value, -0) ? "-0" : String(value);
}

/** Nodes of the DOM that Plot and D3 draw into have `outerHTML`. */
function isMarkup(value: object): value is { outerHTML: string } {
	return "nodeType" in value && typeof (value as { outerHTML?: unknown }).outerHTML === "string";
}

/** `Uint16Array(9927324) 95 96 84 … 89 93 97`. */
function bytesText(value: ArrayBufferView | ArrayBuffer): string {
	const array =
		value instanceof ArrayBuffer || value instanceof DataView
			? value instanceof ArrayBuffer
				? new Uint8Array(value)
				: new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
			: (value as Uint8Array);
	const shown =
		array.length <= 12
			? Array.from(array, String)
			: [...Array.from(array.slice(0, 3), String), "…", ...Array.from(array.slice(-3), String)];
	return `${value.constructor.name}(${array.length}) ${shown.join(" ")}`;
}

/** An array of plain records with the same few simple fields reads best as a table. */
function asTable(value: object): TableDisplay | undefined {
	if (!Array.isArray(value) || value.length === 0 || value.length > 1000) return undefined;
	const first = Object.keys(value[0] ?? {});
	if (first.length === 0 || first.length > 20) return undefined;
	for (const row of value) {
		if (typeof row !== "object" || row === null || Object.getPrototypeOf(row) !== Object.prototype)
			return undefined;
		const keys = Object.keys(row);
		if (keys.length !== first.length || keys.some((key, i) => key !== first[i])) return undefined;
		if (keys.some((key) => typeof row[key] === "object" && row[key] !== null && !isFlat(row[key])))
			return undefined;
	}
	return {
		kind: "table",
		columns: first.map((name) => ({
			name,
			align: value.every((row) => typeof row[name] === "number") ? "right" : "left",
		})),
		rows: value.map((row) => first.map((name) => cellValue(row[name]))),
	};
}

function isFlat(value: unknown): boolean {
	return Array.isArray(value) && value.length <= 8 && value.every((v) => typeof v !== "object" || v === null);
}

function cellValue(value: unknown): string | number | boolean | null {
	if (Array.isArray(value)) return value.join(", ");
	if (value === null || typeof value === "number" || typeof value === "boolean") return value;
	return value === undefined ? null : String(value);
}
