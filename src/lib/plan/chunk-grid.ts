/** The chunk-grid figure: its props, and what an array tells of them. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { figure } from "./figure.ts";
import { checkOptions, checkProps } from "./figure-props.ts";
import type { ChunkGrid } from "./grid.ts";
import {
	type ArrayGridOptions,
	type ArrayGridProps,
	arrayGrid,
	arrayProps,
	badProps,
	type ChunkedArrayLike,
	type ChunkedLevelsLike,
} from "./grid-props.ts";
import { type AxisSelection, type Selection, type StoredSizes, selectionRanges } from "./selection.ts";

/** Props of the figure, plain data: what an author writes in MDX and what a cell sends to the page. */
export interface ChunkGridProps extends ArrayGridProps {
	/** What is read; a single index makes a slice. The whole array where absent. */
	selection?: Selection;
	/** Bytes in the store, by key or as one compression ratio. */
	stored?: StoredSizes;
	/** Sliders for other chunk and shard shapes with a table of what they cost: there where absent, `"open"` from the start. */
	explore?: boolean | "open";
	title?: string;
}

/**
 * The grid that props describe.
 * @throws ChunkwiseError `chunk-grid-props` where they describe none.
 */
export function gridOf(props: ChunkGridProps): ChunkGrid {
	if (typeof props.stored === "number" && !(props.stored > 0)) {
		throw badProps(
			`A compression ratio of ${props.stored} makes no sense.`,
			"Give bytes in memory / bytes stored.",
		);
	}
	return arrayGrid(props);
}

/** What of a chunk grid is shown, and how its keys are written. */
export interface ChunkGridOptions extends ArrayGridOptions {
	/** What is wished for: its chunks are told apart. */
	selection?: Selection;
	/** Bytes of the chunks as stored, by key (those that are not there are empty), or by one ratio for all. */
	stored?: StoredSizes;
	/** Sliders for other chunk and shard shapes, with a table of what they cost: to open where absent. */
	explore?: boolean | "open";
	title?: string;
}

/**
 * The chunk grid of an array, as a figure to display in a cell: `display(chunkGrid(array, { selection: { z: 100 } }))`.
 * @param source anything with a shape and a chunk shape, or a multiscale (see `level`)
 * @throws ChunkwiseError `chunk-grid-props`, and what the selection's planning throws
 */
export function chunkGrid(
	source: ChunkedArrayLike | ChunkedLevelsLike | ChunkGridProps,
	options: ChunkGridOptions = {},
): FigureDisplay & Displayable {
	checkOptions("chunk-grid", options, ["level"]);
	const given = source as Partial<ChunkGridProps>;
	const props: ChunkGridProps = arrayProps(source, options);
	const selection = options.selection ?? given.selection;
	if (selection) props.selection = selection;
	const stored = options.stored ?? given.stored;
	if (stored !== undefined) props.stored = stored;
	const explore = options.explore ?? given.explore;
	if (explore !== undefined) props.explore = explore;
	const title = options.title ?? given.title;
	if (title) props.title = title;
	checkProps("chunk-grid", props);
	selectionRanges(gridOf(props), selection ?? {});
	return figure("chunk-grid", props);
}

/** Which axis a selection cuts with a single index, and where: the slice that the figure shows. */
export function sliceOf(
	grid: ChunkGrid,
	selection: Selection = {},
): { axis: number; index: number } | undefined {
	const entries: (AxisSelection | undefined)[] = Array.isArray(selection)
		? [...selection]
		: grid.dims.map((name) => (selection as Record<string, AxisSelection>)[name]);
	// The last three axes are drawn: a single index on one before them picks a volume and makes no slice of it.
	for (let axis = Math.max(0, grid.shape.length - 3); axis < grid.shape.length; axis++) {
		const entry = entries[axis];
		if (typeof entry === "number") return { axis, index: entry };
	}
	return undefined;
}
