/**
 * What a value looks like under a cell, as plain data that can cross from the worker to the page.
 * The library describes; the page draws. A value says how by a method under {@link displaySymbol}.
 */
import type { TypedArray } from "./types.ts";

/** The method under this name gives a value's display in a cell. */
export const displaySymbol: unique symbol = Symbol.for("chunkwise.display") as never;

/** A value that says how it is shown in a cell. */
export interface Displayable {
	[displaySymbol](): DisplayModel;
}

/**
 * The method under this name answers what a value's display on the page asks for later: another plane of a stack, the
 * same drawing for another width. What it gives can cross from a worker to the page.
 */
export const answerSymbol: unique symbol = Symbol.for("chunkwise.answer") as never;

/** A value whose display on the page can ask for more of it than was sent. */
export interface Answering {
	/** What was asked for, or a promise of it; an error's message is shown to the reader. */
	[answerSymbol](question: DisplayQuestion): unknown;
}

/**
 * What a display asks for: the plane at these indices, one for each axis of `planes`; a drawing of this many pixels; a
 * chunk of an image's scale level, or with null what the image is.
 */
export type DisplayQuestion =
	| { plane: readonly number[] }
	| { width: number }
	| { chunk: { level: number; coords: readonly number[] } | null };

/** What a value looks like, as data that can cross from a worker to the page. */
export type DisplayModel =
	| TextDisplay
	| ReprDisplay
	| TableDisplay
	| JsonDisplay
	| PictureDisplay
	| BytesDisplay
	| LineDisplay
	| HistogramDisplay
	| MarkupDisplay
	| FigureDisplay;

/** Monospaced text, line breaks kept. */
export interface TextDisplay {
	kind: "text";
	text: string;
}

/** A foldable, xarray-like summary: `text` says the same as a whole, for copying and for screen readers. */
export interface ReprDisplay {
	kind: "repr";
	/** `<SpatialImage 'image' (z: 129, y: 212, x: 363)> uint16`, first line of the text. */
	title: string;
	/** Values, shortened: numbers from the corners. */
	values?: string;
	/** How the values are spread, folded away. */
	histogram?: HistogramDisplay;
	/** "Coordinates", "Attributes", … each with rows of cells. */
	sections: ReprSection[];
	text: string;
}

/** A part of a summary. */
export interface ReprSection {
	title: string;
	/** Rows of cells, the first of them a name. */
	rows: string[][];
	/** The rows' values as JSON, by name: a page draws them as a tree, where a line would be too long to read. */
	tree?: Readonly<Record<string, unknown>>;
	open?: boolean;
}

export interface TableDisplay {
	kind: "table";
	caption?: string;
	columns: { name: string; align?: "left" | "right" }[];
	rows: (string | number | boolean | null)[][];
}

export interface JsonDisplay {
	kind: "json";
	caption?: string;
	/** Anything JSON can say. */
	value: unknown;
}

/** One axis of a picture, in coordinates: element i is at `first + i * step`. */
export interface PictureAxis {
	name: string;
	unit?: string;
	first: number;
	step: number;
}

/** A 2-D array drawn as a picture: rows go down. */
export interface PictureDisplay {
	kind: "picture";
	title?: string;
	width: number;
	height: number;
	/** height × width values, row by row. */
	data: TypedArray;
	/** Intensities drawn as the darkest and the brightest colour. */
	window: [number, number];
	/** Smallest and largest value present. */
	range: [number, number];
	colorMap: "gray" | "viridis" | "magma";
	/** What the values are, beside the colour bar; intensities where it does not say. */
	values?: string;
	horizontal: PictureAxis;
	vertical: PictureAxis;
	/** Of a larger array only every `every`th row and column is in `data`; the axes' steps are between those. */
	every?: number;
	/** Axes along which there are more such pictures, slowest first. */
	planes?: PlaneAxis[];
	/** Whom to ask for the other planes; without it this one plane is all there is. */
	source?: string;
	/** Said in words for those who do not see it. */
	alt: string;
}

/** An axis of which a picture shows one index at a time. */
export interface PlaneAxis extends PictureAxis {
	count: number;
	/** The index that is shown. */
	at: number;
}

/** Another plane of a picture: its values, and what to draw darkest and brightest if nothing was chosen yet. */
export interface PlaneAnswer {
	data: TypedArray;
	window: [number, number];
	range: [number, number];
}

/** A part of some bytes that has a meaning: a header's field, an entry of a shard's index. */
export interface ByteAnnotation {
	/** From the first byte of the whole. */
	offset: number;
	length: number;
	label: string;
}

/** Bytes as hexadecimal numbers and as text. */
export interface BytesDisplay {
	kind: "bytes";
	/** `Uint8Array(4096) 1 0 0 … 0 3 7`: the same in one line. */
	caption: string;
	/** The first of them; what lies beyond is not shown. */
	bytes: Uint8Array;
	/** How many there are in all. */
	total: number;
	/** Address of the first byte; default 0. */
	start?: number;
	annotations?: readonly ByteAnnotation[];
}

/** A quantity along an axis of a diagram. */
export interface Quantity {
	name: string;
	unit?: string;
}

/** Values along one axis, as a line. */
export interface LineDisplay {
	kind: "plot";
	title?: string;
	x: Quantity;
	y: Quantity;
	series: LineSeries[];
	/** Said in words for those who do not see it. */
	alt: string;
}

/** One line: value i stands at `first + i * step`. Of many values, each i stands for several: their extremes. */
export interface LineSeries {
	name: string;
	first: number;
	step: number;
	low: Float64Array;
	high: Float64Array;
}

/** How many values lie in each of the bins. */
export interface HistogramDisplay {
	kind: "histogram";
	title?: string;
	x: Quantity;
	/** One more than there are counts. */
	edges: Float64Array;
	counts: Float64Array;
	/** Said in words for those who do not see it. */
	alt: string;
}

/** SVG or HTML that the page sanitises before showing it. */
export interface MarkupDisplay {
	kind: "markup";
	markup: string;
	/** Whom to ask for the same drawing in another width. */
	source?: string;
}

/** One of the course's figures, drawn by the page from its props. */
export interface FigureDisplay {
	kind: "figure";
	figure: string;
	props: Record<string, unknown>;
	/** Whom to ask for what it shows, where it shows more than its props. */
	source?: string;
}

/** Whether a display of this value can ask for more of it. */
export function isAnswering(value: unknown): value is Answering {
	return (
		typeof value === "object" &&
		value !== null &&
		typeof (value as Record<symbol, unknown>)[answerSymbol] === "function"
	);
}

/** Whether a value says how it is shown. */
export function isDisplayable(value: unknown): value is Displayable {
	return (
		typeof value === "object" &&
		value !== null &&
		typeof (value as Record<symbol, unknown>)[displaySymbol] === "function"
	);
}
