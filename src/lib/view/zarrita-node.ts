/** Arrays and groups of zarrita, which know nothing of cells, shown as the library's own are. */
import type { ReprDisplay } from "../display.ts";
import { formatBytes, formatCount } from "../format.ts";

/** What is told of a node by what it has. */
export interface ZarritaNode {
	kind: "array" | "group";
	path: string;
	store: object;
	attrs: Record<string, unknown>;
}
interface ArrayNode extends ZarritaNode {
	kind: "array";
	shape: number[];
	chunks: number[];
	dtype: string;
	fillValue?: unknown;
	dimensionNames?: (string | null)[];
}

/** Whether a value is an open array or group of zarrita, told by what it has: its classes' names are lost in a build. */
export function isZarritaNode(value: object): value is ZarritaNode {
	const { kind, path, store } = value as Partial<ZarritaNode>;
	if (typeof path !== "string" || typeof store !== "object" || store === null) return false;
	if (kind === "group") return "attrs" in value;
	const { shape, chunks, dtype } = value as Partial<ArrayNode>;
	return kind === "array" && Array.isArray(shape) && Array.isArray(chunks) && typeof dtype === "string";
}

export function describeZarrita(node: ZarritaNode): ReprDisplay {
	const { title, rows } = node.kind === "array" ? describeArray(node as ArrayNode) : describeGroup(node);
	const attributes = Object.entries(node.attrs ?? {}).map(([key, value]) => [key, inOneLine(value)]);
	const sections = [
		...(rows.length > 0 ? [{ title: "Array", rows, open: true }] : []),
		{ title: "Attributes", rows: attributes, open: attributes.length > 0 && attributes.length <= 8 },
	];
	const lines = rows.map(([name, value, bytes]) => `  ${name.padEnd(12)} ${value}  ${bytes}`.trimEnd());
	const said = attributes.map(([key, value]) => `  ${key}: ${value}`);
	const text = [title, ...lines, ...(said.length > 0 ? ["Attributes:", ...said] : [])].join("\n");
	return { kind: "repr", title, sections, text };
}

function describeGroup({ path }: ZarritaNode): { title: string; rows: string[][] } {
	return { title: `<zarrita.Group '${path}'>`, rows: [] };
}

function describeArray(array: ArrayNode): { title: string; rows: string[][] } {
	const { path, shape, chunks, dtype, dimensionNames } = array;
	const extent = shape
		.map((n, i) => (dimensionNames?.[i] ? `${dimensionNames[i]}: ${n}` : `${n}`))
		.join(", ");
	const width = bytesOf(dtype);
	const size = (of: number[]) => (width ? formatBytes(of.reduce((a, b) => a * b, width)) : "");
	const grid = shape.map((n, i) => Math.ceil(n / (chunks[i] || 1)));
	return {
		title: `<zarrita.Array '${path}' (${extent})> ${dtype}`,
		rows: [
			["Shape", `(${shape.join(", ")})`, size(shape)],
			["Chunk shape", `(${chunks.join(", ")})`, size(chunks)],
			["Chunks", `${formatCount(grid.reduce((a, b) => a * b, 1))} = ${grid.join(" × ")}`, ""],
			["Fill value", inOneLine(array.fillValue), ""],
		],
	};
}

function bytesOf(dtype: string): number | undefined {
	if (dtype === "bool") return 1;
	const bits = /^(?:u?int|float)(8|16|32|64)$/.exec(dtype);
	return bits ? Number(bits[1]) / 8 : undefined;
}

function inOneLine(value: unknown): string {
	const text = JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v)) ?? String(value);
	return text.length > 400 ? `${text.slice(0, 399)}…` : text;
}
