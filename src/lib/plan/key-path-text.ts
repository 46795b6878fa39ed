/** The keys figure in words: what each layout is called, what its object is, and the figure's twin. */
import { formatBytes, formatCount } from "../format.ts";
import { product } from "../types.ts";
import { counted, type TextTwin } from "./figure.ts";
import type { ChunkGrid } from "./grid.ts";
import {
	elementOf,
	type KeyedElement,
	type KeyLayout,
	type KeyPathProps,
	keyedElements,
	keyPathGrid,
} from "./key-path.ts";

/** Names of the layouts for people. */
export const layoutNames: Record<KeyLayout, string> = {
	"zarr-v2": "Zarr v2",
	"zarr-v3": "Zarr v3",
	sharded: "Zarr v3, sharded",
	n5: "N5",
};

/** Coordinates with the names of their axes: `z 1, y 0, x 2`. */
export function named(coords: readonly number[], dims: readonly string[]): string {
	return coords.map((c, axis) => `${dims[axis]} ${formatCount(c)}`).join(", ");
}

/** What an object has of the array: `z 64 to 127, y 64 to 127, x 128 to 191`. */
export function describeHolds({ holds }: KeyedElement, dims: readonly string[]): string {
	return holds
		.map(([start, stop], axis) =>
			stop === start + 1 ? `${dims[axis]} ${start}` : `${dims[axis]} ${start} to ${stop - 1}`,
		)
		.join(", ");
}

/** The object behind a key, in a few short sentences. */
export function describeObject(at: KeyedElement, grid: ChunkGrid): string[] {
	const shape = at.stored.join(" × ");
	const size = formatBytes(at.chunkBytes);
	const byte = `The element begins at byte ${formatCount(at.byteOffset)}`;
	if (at.shard) {
		const { perShard, entry, indexBytes } = at.shard;
		return [
			`A shard: up to ${counted(product(perShard), "chunk")} (${perShard.join(" × ")}), and an index of ${formatBytes(indexBytes)}.`,
			`Entry ${entry} of the index (its bytes ${16 * entry} to ${16 * entry + 15}) says where the chunk is.`,
			`${byte} of the decoded chunk.`,
		];
	}
	const inside = at.holds.map(([start, stop]) => stop - start);
	if (at.layout === "n5") {
		const cropped = at.stored.some((n, axis) => n < grid.chunks[axis]);
		return [
			`A block of ${shape} elements${cropped ? ", cropped at the array's edge" : ""}: a header of ${at.headerBytes} B, then ${size} before compression.`,
			`${byte} of the decoded block, big-endian.`,
		];
	}
	const padded = inside.some((n, axis) => n < at.stored[axis]);
	return [
		`One chunk of ${shape} elements, ${size} before compression.${padded ? ` Only ${inside.join(" × ")} of it lie in the array; the rest is padding.` : ""}`,
		`${byte} of the decoded chunk.`,
	];
}

/** The figure in a sentence, and each layout in a row. */
export function keyPathTwin(props: KeyPathProps, index: readonly number[] = elementOf(props)): TextTwin {
	const grid = keyPathGrid(props);
	const all = keyedElements(props, index);
	const columns: TextTwin["columns"] = [
		{ name: "Layout" },
		{ name: "Chunk" },
		{ name: "Key" },
		{ name: "Object" },
		{ name: "Described by" },
	];
	const summary =
		`An array of ${grid.shape.join(" × ")} elements (${grid.dims.join(", ")}) in chunks of ${grid.chunks.join(" × ")}. ` +
		"Each index divided by the chunk's length, rounded down, is the chunk's coordinate; the coordinates make the key." +
		[
			...(all.some(({ layout }) => layout === "n5") ? [" N5 writes them fastest axis first."] : []),
			...(all.some(({ shard }) => shard) ? [" A sharded array has one key for many chunks."] : []),
		].join("");
	if (all.length === 0) {
		return {
			summary,
			status: "This array has no elements, so there is no key to any.",
			caption: "Keys",
			columns,
			rows: [],
		};
	}
	const keys = all.map((at) => `${layoutNames[at.layout]} ${at.key}`).join("; ");
	return {
		summary,
		status: `Element ${named(index, grid.dims)} is in chunk (${all[0].chunk.join(", ")}). Keys: ${keys}.`,
		caption: props.title ? `Where the element is: ${props.title}` : "Where the element is",
		columns,
		rows: all.map((at) => [
			layoutNames[at.layout],
			at.shard
				? `(${at.chunk.join(", ")}): in shard (${at.shard.shard.join(", ")}) chunk (${at.shard.inner.join(", ")})`
				: `(${at.chunk.join(", ")})`,
			at.key,
			describeObject(at, grid).join(" "),
			at.document,
		]),
	};
}
