/** What an array shows of itself under a cell: shapes and their bytes, codecs, attributes. */
import type { ReprDisplay } from "../display.ts";
import { formatBytes } from "../format.ts";
import { itemSize, product } from "../types.ts";
import type { ZarrArray } from "./array.ts";
import type { CodecMetadata } from "./codecs.ts";
import { valueType } from "./dtypes.ts";

export function describeArray(array: ZarrArray): ReprDisplay {
	const { path, shape, chunks, shards } = array;
	const extent = shape.map((n, axis) => `${array.dimensionNames[axis]}: ${n}`).join(", ");
	const title = `<ZarrArray '${path}' (${extent})> ${array.dtype}`;
	const dtype = valueType(array.dtype);
	const size = (elements: readonly number[]) =>
		dtype ? formatBytes(product(elements) * itemSize(dtype)) : "";
	const rows = [
		["Zarr format", String(array.zarrFormat), ""],
		["Shape", `(${shape.join(", ")})`, size(shape)],
		["Chunk shape", `(${chunks.join(", ")})`, size(chunks)],
		["Chunks", `${array.chunkCount} = ${array.chunkGrid.join(" × ")}`, ""],
		...(shards ? [["Shard shape", `(${shards.join(", ")})`, size(shards)]] : []),
		["Codecs", array.codecs.map(codecText).join(" → ") || "none", ""],
		["Fill value", JSON.stringify(array.fillValue), ""],
	];
	const attributes = Object.entries(array.attrs).map(([key, value]) => [key, JSON.stringify(value)]);
	const sections = [
		{ title: "Array", rows, open: true },
		...(attributes.length > 0 ? [{ title: "Attributes", rows: attributes }] : []),
	];
	const lines = rows.map(
		([name, value, bytes]) => `  ${name.padEnd(12)} ${value}${bytes ? `  ${bytes}` : ""}`,
	);
	return { kind: "repr", title, sections, text: [title, ...lines].join("\n") };
}

function codecText({ name, configuration }: CodecMetadata): string {
	if (!configuration) return name;
	const { cname, clevel, shuffle, level, endian } = configuration;
	const said = [cname, clevel ?? level, shuffle, endian].filter((value) => value !== undefined);
	return said.length > 0 ? `${name} (${said.join(", ")})` : name;
}
