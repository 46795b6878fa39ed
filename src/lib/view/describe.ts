/** How any value is shown under a cell. Values of the library say it themselves; the rest is told apart here. */
import { type DisplayModel, displaySymbol, isDisplayable } from "../display.ts";
import { formatBytes } from "../format.ts";
import { dataTypeOf, type TypedArray } from "../types.ts";
import { describeBytes } from "./bytes.ts";
import { type Plain, plain } from "./plain.ts";
import { describeRecords } from "./records.ts";
import { describeValues, valuesText } from "./values.ts";
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
	if (value instanceof Error) return { kind: "text", text: errorText(value) };
	if (value instanceof Uint8Array || value instanceof ArrayBuffer || value instanceof DataView)
		return describeBytes(value, bytesText(value));
	if (ArrayBuffer.isView(value)) {
		const array = value as TypedArray;
		if (array.length <= 12 || !dataTypeOf(value)) return { kind: "text", text: bytesText(value) };
		return describeValues(value.constructor.name, array);
	}
	if (value instanceof Blob) return { kind: "text", text: blobText(value) };
	if (value instanceof Date) return { kind: "text", text: String(plain(value)) };
	if (value instanceof RegExp || value instanceof URL) return { kind: "text", text: String(value) };
	if (isZarritaNode(value)) return describeZarrita(value);
	const table = describeRecords(value);
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
	if (value instanceof Error) return errorText(value);
	if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytesText(value);
	if (value instanceof Blob) return blobText(value);
	if (isDisplayable(value)) {
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

/** An error as a value, and what it was caused by. */
function errorText(error: Error, depth = 0): string {
	const own = `${error.name}: ${error.message}`;
	if (!(error.cause instanceof Error) || depth > 4) return own;
	return `${own}\n  caused by ${errorText(error.cause, depth + 1)}`;
}

/** `Blob, 9.94 MiB, image/tiff`; of a file its name too. */
export function blobText(blob: Blob): string {
	const name = "name" in blob && typeof blob.name === "string" ? `File “${blob.name}”` : "Blob";
	return `${name}, ${formatBytes(blob.size)}, ${blob.type || "no type"}`;
}

/** `Uint16Array(9927324) 95 96 84 … 89 93 97`. */
function bytesText(value: ArrayBufferView | ArrayBuffer): string {
	if (ArrayBuffer.isView(value) && !(value instanceof DataView))
		return valuesText(value.constructor.name, value as TypedArray);
	const bytes =
		value instanceof ArrayBuffer
			? new Uint8Array(value)
			: new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
	return valuesText(value.constructor.name, bytes);
}
