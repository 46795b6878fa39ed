/** What a viewer knows of an image before it reads a chunk: plain data, which goes from a worker to the page as it is. */
import { ChunkwiseError } from "../errors.ts";
import { axisType } from "../ngff/axes.ts";
import type { Channel } from "../ngff/channels.ts";
import type { NgffImage } from "../ngff/multiscales.ts";
import { gridShape } from "../plan/grid.ts";
import { allocate, type DataType, itemSize, product } from "../types.ts";
import type { ZarrArray } from "../zarr/array.ts";
import { fillWith, unsupportedType, valueType } from "../zarr/dtypes.ts";

/** An axis of the image: lengths are of `space`, the others are counted. */
export interface ViewedAxis {
	name: string;
	role: "space" | "time" | "channel" | "other";
	/** UDUNITS-2 name. */
	unit?: string;
}

/** A scale level; lists have one entry for each axis of the image. */
export interface ViewedLevel {
	/** Of the array, from the root of its store. */
	path: string;
	shape: number[];
	/** What is read at one time: chunks, inside shards where there are any. */
	chunks: number[];
	shards?: number[];
	/** The value of every element of a chunk that is not stored. */
	fill: number;
	/** Step from element to element, in the axis's unit. */
	scale: number[];
	/** Position of element 0, its centre, in the axis's unit. */
	translation: number[];
}

/** How one index of the channel axis is shown. */
export interface ViewedChannel {
	label: string;
	/** Red, green and blue, 0 to 1. */
	color: [number, number, number];
	/** Values drawn black and full; undefined until values were seen. */
	window?: { start: number; end: number };
	/** Least and greatest that a slider offers; undefined until values were seen. */
	limits?: { min: number; max: number };
	active: boolean;
}

/** An image and its scale levels, as a viewer needs them. */
export interface ViewedImage {
	name: string;
	/** "OME-NGFF 0.5", "N5", "in memory". */
	format: string;
	/** Group or array in its store; "" for the root, and where there is no store. */
	path: string;
	/** Paths of the images of the same store, this one among them, where there are several. */
	others?: string[];
	/** Slowest first. */
	axes: ViewedAxis[];
	/** Finest first. */
	levels: ViewedLevel[];
	/** Of the values as read. */
	dtype: DataType;
	/** At least one. */
	channels: ViewedChannel[];
}

/**
 * Three axes that are drawn, by index; `z` is absent from a flat image. Where axes have no role, the last ones of the
 * array are taken, as every viewer does.
 */
export interface DrawnAxes {
	z?: number;
	y: number;
	x: number;
}

/**
 * The description of an image of OME-NGFF or N5.
 * @throws ChunkwiseError unsupported-dtype for values that are no numbers, not-2d for fewer than two axes
 */
export function viewedImage(image: NgffImage): ViewedImage {
	const [first] = image.levels;
	const dtype = valueType(first.dtype);
	if (!dtype) throw unsupportedType(first.dtype, first.path);
	const axes = image.axes.map(({ name, type, unit }): ViewedAxis => {
		const role = type ?? axisType(name);
		const known = role === "space" || role === "time" || role === "channel";
		return { name, role: known ? role : "other", ...(unit ? { unit } : {}) };
	});
	const levels = image.levels.map(({ path, shape, chunks, shards, scale, translation, array }, level) => ({
		path,
		shape: [...shape],
		chunks: [...chunks],
		...(shards ? { shards: [...shards] } : {}),
		fill: fillOf(array, dtype),
		// Without coordinates (before 0.4) a level covers the same space as the finest one.
		scale: scale ?? shape.map((length, axis) => first.shape[axis] / Math.max(1, length)),
		translation:
			translation ??
			shape.map((length, axis) => (level === 0 ? 0 : (first.shape[axis] / Math.max(1, length) - 1) / 2)),
	}));
	const described: ViewedImage = {
		name: image.name || "image",
		format: formatOf(image.version),
		path: image.path,
		axes,
		levels,
		dtype,
		channels: [],
	};
	drawnAxes(described);
	const channelAxis = axes.findIndex((axis) => axis.role === "channel");
	const count = channelAxis < 0 ? 1 : first.shape[channelAxis];
	described.channels = viewedChannels(count, image.channels ?? [], dtype);
	return described;
}

function fillOf({ fillValue, dtype, path }: ZarrArray, as: DataType): number {
	const one = allocate(as, 1);
	fillWith(one, fillValue, dtype, path);
	return Number(one[0]);
}

/** N5 has no version of its metadata; an array by itself says its own. */
function formatOf(version: string): string {
	if (version === "") return "N5";
	return version.startsWith("Zarr") ? version : `OME-NGFF ${version}`;
}

/**
 * Which axes are drawn.
 * @throws ChunkwiseError not-2d
 */
export function drawnAxes(image: Pick<ViewedImage, "axes" | "name">): DrawnAxes {
	const { axes } = image;
	const space = axes.flatMap(({ role }, i) => (role === "space" ? [i] : []));
	const free = axes.flatMap(({ role }, i) => (role === "space" || role === "other" ? [i] : []));
	const drawn = (space.length >= 2 ? space : free.length >= 2 ? free : axes.map((_, i) => i)).slice(-3);
	if (drawn.length < 2) {
		throw new ChunkwiseError("not-2d", `A viewer needs two axes, and "${image.name}" has ${axes.length}.`, {
			remedy: "Show a line with linePlot(), or the values as a table.",
		});
	}
	const [x, y, z] = drawn.reverse();
	return z === undefined ? { y, x } : { z, y, x };
}

/** The channel axis, or -1. */
export function channelAxis(image: Pick<ViewedImage, "axes">): number {
	return image.axes.findIndex(({ role }) => role === "channel");
}

/** Bytes of a level's values in memory. */
export function levelBytes(image: Pick<ViewedImage, "dtype">, level: ViewedLevel): number {
	return product(level.shape) * itemSize(image.dtype);
}

/** Chunks of a level, stored or not. */
export function levelChunks({ shape, chunks }: ViewedLevel): number {
	return product(gridShape(shape, chunks));
}

/** Colours that people with any colour vision tell apart best, where metadata has none; one channel alone is white. */
const palette: readonly [number, number, number][] = [
	[0, 1, 0],
	[1, 0, 1],
	[0, 1, 1],
	[1, 1, 0],
	[1, 0.5, 0],
	[0, 0.5, 1],
];

/** Channels beyond these begin hidden: so many colours on each other show nothing. */
const mostActive = 6;

/** @param count indices of the channel axis; what metadata leaves out is chosen */
export function viewedChannels(count: number, given: readonly Channel[], dtype: DataType): ViewedChannel[] {
	// Of bytes the whole range is what is seen; of others only their values tell.
	const whole = dtype === "uint8" ? { min: 0, max: 255 } : undefined;
	return Array.from({ length: count }, (_, i) => {
		const { label, color, window, active } = given[i] ?? {};
		const usable = window && window.end > window.start;
		const shown = usable ? { start: window.start, end: window.end } : undefined;
		return {
			label: label || (count === 1 ? "intensity" : `channel ${i}`),
			color: colorOf(color) ?? (count === 1 ? [1, 1, 1] : palette[i % palette.length]),
			window: shown ?? (whole && { start: whole.min, end: whole.max }),
			limits: usable
				? { min: Math.min(window.min, window.start), max: Math.max(window.max, window.end) }
				: whole,
			active: active ?? i < mostActive,
		};
	});
}

/** Six hexadecimal digits, or eight with an opacity, which is left out. */
function colorOf(text: string | undefined): [number, number, number] | undefined {
	const match = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})(?:[0-9a-f]{2})?$/i.exec(text ?? "");
	if (!match) return undefined;
	const [r, g, b] = match.slice(1).map((digits) => Number.parseInt(digits, 16) / 255);
	return [r, g, b];
}
