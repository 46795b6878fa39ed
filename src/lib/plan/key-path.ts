/** The keys figure: from an element's index to its chunk, the chunk's key and the object that has it, in four layouts. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { blockKey } from "../n5/block-key.ts";
import { cStrides, product } from "../types.ts";
import { type ShardPlace, shardIndexSize } from "../zarr/shard-index.ts";
import { figure } from "./figure.ts";
import { checkOptions, checkProps } from "./figure-props.ts";
import { type ChunkGrid, chunkAt, chunksPerShard } from "./grid.ts";
import {
	type ArrayGridOptions,
	type ArrayGridProps,
	arrayGrid,
	arrayProps,
	type ChunkedArrayLike,
	type ChunkedLevelsLike,
} from "./grid-props.ts";
import { selectionRanges } from "./selection.ts";
import { usualIndexCodecs } from "./shards.ts";

/** Ways to store an array, as the figure tells them apart. */
export type KeyLayout = "zarr-v2" | "zarr-v3" | "sharded" | "n5";

/** All layouts, in the order in which they are shown. */
export const keyLayouts: readonly KeyLayout[] = ["zarr-v2", "zarr-v3", "sharded", "n5"];

/** Props of the figure, plain data. The array's own encoding does not matter: all layouts are shown. */
export interface KeyPathProps extends Omit<ArrayGridProps, "keyEncoding" | "separator"> {
	/** The element followed at first, one index an axis, slowest first; the middle of the array where absent. */
	index?: number[];
	/** What stands between the numbers of a Zarr v2 key: "." as its specification has it, or "/" as OME-Zarr has it. */
	separator?: "." | "/";
	/** Which layouts are shown; all four where absent. */
	layouts?: KeyLayout[];
	title?: string;
}

/** A piece of a key; `axis` where it is the chunk's or shard's coordinate along that axis of the array. */
export interface KeyPart {
	text: string;
	axis?: number;
}

/** Where an element is in one layout. All lists but `parts` go slowest axis first. */
export interface KeyedElement {
	layout: KeyLayout;
	/** The chunk (N5: the block) that has the element. */
	chunk: number[];
	/** The element within its chunk. */
	within: number[];
	/** Where the chunk lies in its shard, with the chunks along each axis of a shard and the bytes of the shard's index. */
	shard?: ShardPlace & { perShard: number[]; indexBytes: number };
	/** The object's key; its parts in the order in which they are written. */
	key: string;
	parts: KeyPart[];
	/** The key of the document that says how the array is cut. */
	document: string;
	/** Elements of the array that the object has: [start, stop) an axis. */
	holds: [start: number, stop: number][];
	/** Elements that are stored of the chunk along each axis: whole in Zarr, cropped at the array's edge in N5. */
	stored: number[];
	/** Bytes of the decoded chunk, and the first byte of the element in it. */
	chunkBytes: number;
	byteOffset: number;
	/** Bytes of N5's header, before the compressed values. */
	headerBytes?: number;
}

const documents: Record<KeyLayout, string> = {
	"zarr-v2": ".zarray",
	"zarr-v3": "zarr.json",
	sharded: "zarr.json",
	n5: "attributes.json",
};

/** Bytes of the header of an N5 block: mode and number of axes (2 each), and 4 for each axis. */
function n5HeaderBytes(axes: number): number {
	return 4 + 4 * axes;
}

/** The grid of a layout. */
function gridFor(props: KeyPathProps, layout: KeyLayout): ChunkGrid {
	const { shards = props.chunks?.map((n) => 2 * n), separator = ".", ...array } = props;
	return arrayGrid({
		...array,
		...(layout === "sharded" ? { shards } : {}),
		...(layout === "zarr-v2" ? { keyEncoding: "v2", separator } : { keyEncoding: "v3" }),
	});
}

/** A key taken apart: which of its numbers is which axis of the array. */
function partsOf(key: string, path: string, axes: readonly number[]): KeyPart[] {
	const start = path === "" ? "" : `${path}/`;
	const left = [...axes];
	const parts = key
		.slice(start.length)
		.split(/([./])/)
		.map(
			(text): KeyPart => (/^\d+$/.test(text) && left.length > 0 ? { text, axis: left.shift() } : { text }),
		);
	return start === "" ? parts : [{ text: start }, ...parts];
}

/** The element that the figure follows: `props.index`, or the middle of the array. */
export function elementOf(props: KeyPathProps): number[] {
	return props.index ?? props.shape.map((length) => Math.floor(length / 2));
}

/**
 * Where an element is, in one layout.
 * @throws ChunkwiseError `chunk-grid-props`, `selection-outside-array`, `selection-rank`
 */
export function keyedElement(
	props: KeyPathProps,
	layout: KeyLayout,
	index: readonly number[] = elementOf(props),
): KeyedElement {
	const grid = gridFor(props, layout);
	const element = selectionRanges(grid, index).map(([start]) => start);
	const chunk = chunkAt(
		grid,
		element.map((i, axis) => Math.floor(i / grid.chunks[axis])),
	);
	const n5 = layout === "n5";
	const key = n5 ? blockKey(grid.prefix, chunk.coords).slice(1) : chunk.key;
	const axes = grid.shape.map((_, axis) => axis);
	const within = element.map((i, axis) => i - chunk.start[axis]);
	const stored = n5 ? chunk.inside : [...grid.chunks];
	const strides = cStrides(stored);
	const perShard = chunksPerShard(grid);
	const unit = grid.shards ?? grid.chunks;
	return {
		layout,
		chunk: chunk.coords,
		within,
		...(chunk.place && perShard
			? {
					shard: {
						...chunk.place,
						perShard,
						indexBytes: shardIndexSize(usualIndexCodecs, product(perShard), grid.prefix),
					},
				}
			: {}),
		key,
		parts: partsOf(key, grid.prefix, n5 ? axes.reverse() : axes),
		document: grid.prefix === "" ? documents[layout] : `${grid.prefix}/${documents[layout]}`,
		holds: element.map((i, axis) => {
			const start = Math.floor(i / unit[axis]) * unit[axis];
			return [start, Math.min(grid.shape[axis], start + unit[axis])];
		}),
		stored,
		chunkBytes: product(stored) * grid.itemSize,
		byteOffset: within.reduce((sum, i, axis) => sum + i * strides[axis], 0) * grid.itemSize,
		...(n5 ? { headerBytes: n5HeaderBytes(grid.shape.length) } : {}),
	};
}

/** Where an element is in every layout that the figure shows; nowhere in an array without elements. */
export function keyedElements(props: KeyPathProps, index?: readonly number[]): KeyedElement[] {
	if (product(props.shape) === 0) return [];
	return (props.layouts ?? keyLayouts).map((layout) => keyedElement(props, layout, index));
}

/** The array that the figure is about, without anything of a layout: for names, lengths and the size of an element. */
export function keyPathGrid(props: KeyPathProps): ChunkGrid {
	return gridFor(props, "zarr-v3");
}

/** What of an array's keys is shown. */
export interface KeyPathOptions extends Omit<ArrayGridOptions, "keyEncoding" | "separator"> {
	/** The element followed at first. */
	index?: readonly number[];
	separator?: "." | "/";
	layouts?: readonly KeyLayout[];
	title?: string;
}

/**
 * From an element's index to the object that has it, as a figure: `display(keyPath(array, { index: [100, 50, 7] }))`.
 * @param source anything with a shape and a chunk shape, or a multiscale (see `level`)
 * @throws ChunkwiseError `chunk-grid-props`, and `selection-outside-array` where the index is not in the array
 */
export function keyPath(
	source: ChunkedArrayLike | ChunkedLevelsLike | KeyPathProps,
	options: KeyPathOptions = {},
): FigureDisplay & Displayable {
	checkOptions("key-path", options, ["level", "keyEncoding"]);
	const given = source as Partial<KeyPathProps>;
	const { keyEncoding: _, separator: __, ...array } = arrayProps(source, options);
	const index = options.index ?? given.index;
	// What an array's own keys have between their numbers says nothing of Zarr v2's.
	const separator = options.separator ?? ("chunkKey" in source ? undefined : given.separator);
	const layouts = options.layouts ?? given.layouts;
	const title = options.title ?? given.title;
	const props: KeyPathProps = {
		...array,
		...(index ? { index: [...index] } : {}),
		...(separator ? { separator } : {}),
		...(layouts ? { layouts: [...layouts] } : {}),
		...(title ? { title } : {}),
	};
	checkProps("key-path", props);
	keyedElements(props);
	return figure("key-path", props);
}
