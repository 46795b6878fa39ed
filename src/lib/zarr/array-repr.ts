/** What an array shows of itself under a cell: shapes and their bytes, codecs, attributes. */
import type { ReprDisplay } from "../display.ts";
import { formatBytes, formatCount } from "../format.ts";
import { gridShape } from "../plan/grid.ts";
import { itemSize, product } from "../types.ts";
import type { ZarrArray } from "./array.ts";
import type { ArrayMetadata } from "./array-metadata.ts";
import type { CodecMetadata } from "./codecs.ts";
import { valueType } from "./dtypes.ts";

export function describeArray({ path, dimensionNames, shape, metadata, codecs }: ZarrArray): ReprDisplay {
	const extent = shape.map((n, axis) => `${dimensionNames[axis]}: ${n}`).join(", ");
	// An N5 array's metadata are those of what its blocks are once decoded; its codecs are its own.
	const shown = { ...metadata, codecs: [...codecs] };
	return describeMetadata(`<ZarrArray '${path}' (${extent})> ${metadata.dtype}`, shown);
}

/** An array's metadata under a title of one's own. */
export function describeMetadata(title: string, array: ArrayMetadata): ReprDisplay {
	const { shape, chunks } = array;
	const shards = array.shards?.shape;
	const grid = gridShape(shape, chunks);
	const dtype = valueType(array.dtype);
	const size = (elements: readonly number[]) =>
		dtype ? formatBytes(product(elements) * itemSize(dtype)) : "";
	const rows = [
		["Zarr format", String(array.zarrFormat), ""],
		["Shape", `(${shape.join(", ")})`, size(shape)],
		["Chunk shape", `(${chunks.join(", ")})`, size(chunks)],
		["Chunks", `${formatCount(product(grid))} = ${grid.join(" × ")}`, ""],
		...(shards
			? [
					["Shard shape", `(${shards.join(", ")})`, size(shards)],
					["Shards", shardsText(shape, chunks, shards), ""],
				]
			: []),
		...(array.byteOrder === "big" && dtype && itemSize(dtype) > 1 ? [["Byte order", "big-endian", ""]] : []),
		["Codecs", array.codecs.map(codecText).join(" → ") || "none", ""],
		["Fill value", JSON.stringify(array.fillValue), ""],
	];
	const attributes = Object.entries(array.attributes).map(([key, value]) => [key, JSON.stringify(value)]);
	const sections = [
		{ title: "Array", rows, open: true },
		...(attributes.length > 0 ? [{ title: "Attributes", rows: attributes, tree: array.attributes }] : []),
	];
	const lines = rows.map(
		([name, value, bytes]) => `  ${name.padEnd(12)} ${value}${bytes ? `  ${bytes}` : ""}`,
	);
	return { kind: "repr", title, sections, text: [title, ...lines].join("\n") };
}

/** `4 = 2 × 2, of 64 chunks each`. */
function shardsText(shape: readonly number[], chunks: readonly number[], shards: readonly number[]): string {
	const grid = gridShape(shape, shards);
	const inside = product(gridShape(shards, chunks));
	return `${formatCount(product(grid))} = ${grid.join(" × ")}, of ${formatCount(inside)} chunks each`;
}

function codecText({ name, configuration }: CodecMetadata): string {
	if (!configuration) return name;
	const { cname, clevel, shuffle, level, endian } = configuration;
	const said = [cname, clevel ?? level, shuffle, endian].filter((value) => value !== undefined);
	return said.length > 0 ? `${name} (${said.join(", ")})` : name;
}
