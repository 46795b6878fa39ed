/** A TIFF's pages as a spatial image with the axes that the file says it has, in the order t, c, z, y, x. */

import { ChunkwiseError } from "../errors.ts";
import { SpatialImage } from "../image/spatial-image.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { cStrides, product, type TypedArray } from "../types.ts";
import { allocateFor } from "./allocate.ts";
import type { Calibration } from "./calibration.ts";
import { unsupported } from "./errors.ts";
import { tiffParts } from "./ome.ts";
import type { PageAxis, Tiff, TiffLevel, TiffPage, TiffSeries } from "./tiff.ts";

const order = ["t", "c", "z"];

export interface TiffSpatialOptions extends LongTask {
	/** Take this page alone. */
	page?: number;
	/** Take this one of the images, by its position in {@link Tiff.series}. */
	series?: number;
	/** Of the series: this scale level; default 0, itself. */
	level?: number;
	/** Default "image". */
	name?: string;
}

/**
 * Reads a whole TIFF, or one of its images. Where {@link Tiff.readStack} gives one axis of pages, here a hyperstack gets its time, channel
 * and slice axes, and the samples of colour pages become channels. Pages are read one by one and put in their places.
 * @throws ChunkwiseError as Tiff.readStack; tiff-unsupported where both pages and samples are channels; no-such-series,
 *   no-such-level, and the series' problem
 */
export async function tiffToSpatialImage(
	tiff: Tiff,
	options: TiffSpatialOptions = {},
): Promise<SpatialImage> {
	const part = options.series === undefined ? options.page : await tiffPart(tiff, options);
	const found = tiffAxes(tiff, part);
	const { dims, shape, inOrder, spacing, origin, units } = found;
	const data =
		inOrder && part === undefined
			? (await tiff.readStack(options)).data
			: await placePages(tiff, found, options);
	return new SpatialImage({
		dims,
		shape,
		data,
		scale: { ...spacing },
		translation: { ...origin },
		units: { ...units },
		name: options.name ?? "image",
	});
}

/** The axes of a TIFF's image, and how its pages and samples lie along them. */
export interface TiffAxes {
	/** In C order of `pageAxes`. */
	pages: readonly TiffPage[];
	/** Number of the copy below each page (SubIFDs) that is meant in its place. */
	sub?: number;
	/** The first page, or copy. */
	first: TiffPage;
	samples: number;
	/** As the pages follow each other in the file, slowest first. */
	pageAxes: readonly PageAxis[];
	/** Those before y and x, in the order t, c, z. */
	axes: readonly PageAxis[];
	dims: string[];
	shape: number[];
	/** Whether the stack as it is stored has this order. */
	inOrder: boolean;
	/** Along x, y and z. */
	spacing: Calibration["spacing"];
	origin: Calibration["origin"];
	units: Calibration["units"];
}

/** One of a TIFF's images at one of its scale levels. */
export interface TiffPart {
	series: TiffSeries;
	level: TiffLevel;
}

/**
 * An image of a TIFF by the numbers of the image and of its level.
 * @throws ChunkwiseError no-such-series, no-such-level, and the series' problem
 */
export async function tiffPart(
	tiff: Tiff,
	{ series: index = 0, level: number = 0, signal }: Pick<TiffSpatialOptions, "series" | "level" | "signal">,
): Promise<TiffPart> {
	const series = tiff.seriesAt(index);
	if (series.problem) throw series.problem;
	if (number === 0) {
		const { pages } = series;
		return { series, level: { number, pages, first: tiff.pages[pages[0]] } };
	}
	const levels = await tiff.seriesLevels(index, { signal });
	const level = levels[number];
	if (level) return { series, level };
	throw new ChunkwiseError("no-such-level", `Image ${index} has no scale level ${number}.`, {
		where: `${tiff.name}#series/${index}`,
		remedy: `Its levels are counted from 0 to ${levels.length - 1}.`,
	});
}

/**
 * The axes of a TIFF, of one page of it, or of one of its images, before any pixels are read.
 * @throws ChunkwiseError as Tiff.checkUniform; tiff-not-one-image where OME-XML says so; tiff-unsupported where both pages and samples are channels
 */
export function tiffAxes(tiff: Tiff, part?: number | TiffPart): TiffAxes {
	const pages =
		part === undefined
			? tiff.pages
			: typeof part === "number"
				? [tiff.page(part)]
				: part.level.pages.map((page) => tiff.page(page));
	if (part === undefined) {
		tiff.checkUniform();
		if (tiff.layoutProblem) throw notOneImage(tiff, tiff.layoutProblem);
	}
	const { level, series } = typeof part === "object" ? part : {};
	const first = level?.first ?? pages[0];
	const pageAxes = pages.length > 1 ? (series ?? tiff).pageAxes : [];
	const { width, height, samplesPerPixel: samples } = first;
	if (samples > 1 && pageAxes.some((axis) => axis.name === "c")) {
		throw unsupported(tiff.name, "Both the pages and the samples of a pixel are channels.");
	}
	const stored = [...pageAxes, ...(samples > 1 ? [{ name: "c", size: samples }] : [])];
	const axes = [...stored].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
	const inOrder = axes.every((axis, i) => axis === stored[i]) && (samples === 1 || first.planar);
	const shape = [...axes.map((axis) => axis.size), height, width];
	return {
		...levelCoordinates(series ?? tiff, first, level && tiff.page(series?.pages[0] ?? 0)),
		pages,
		sub: level?.sub,
		first,
		samples,
		pageAxes,
		axes,
		dims: [...axes.map((axis) => axis.name), "y", "x"],
		shape,
		inOrder,
	};
}

/**
 * Where a page's pixels lie that covers what another one covers: further apart, and the first in the middle of those that
 * it stands for.
 */
export function levelCoordinates(
	{ spacing, origin, units }: Pick<TiffAxes, "spacing" | "origin" | "units">,
	page: TiffPage,
	whole: TiffPage = page,
): Pick<TiffAxes, "spacing" | "origin" | "units"> {
	if (page.width === whole.width && page.height === whole.height) return { spacing, origin, units };
	const [x, y] = [whole.width / page.width, whole.height / page.height];
	return {
		spacing: { ...spacing, x: spacing.x * x, y: spacing.y * y },
		origin: {
			...origin,
			x: origin.x + ((x - 1) / 2) * spacing.x,
			y: origin.y + ((y - 1) / 2) * spacing.y,
		},
		units,
	};
}

function notOneImage(tiff: Tiff, message: string): ChunkwiseError {
	const { otherFiles } = tiffParts(tiff);
	const some = otherFiles.slice(0, 5).join(", ");
	const rest = otherFiles.length > 5 ? ` and ${otherFiles.length - 5} more` : "";
	return new ChunkwiseError(
		"tiff-not-one-image",
		otherFiles.length > 0 ? `${message} Other files of the image: ${some}${rest}.` : message,
		{
			where: tiff.name,
			remedy: `Take one of its images (series: 0 in code, ${tiff.name}#series/0 for the command) or one page (${tiff.name}#page/0), or let Bio-Formats write one file for each image.`,
		},
	);
}

/** Pages and samples put where the order of the axes has them. */
async function placePages(
	tiff: Tiff,
	{ pages, sub, pageAxes, axes, shape, first }: TiffAxes,
	task: LongTask,
): Promise<TypedArray> {
	const strides = cStrides(shape);
	const step = (name: string) => strides[axes.findIndex((axis) => axis.name === name)];
	const { samplesPerPixel: samples, width, height, dtype, planar } = first;
	const plane = width * height;
	const report = progressOf(task);
	const label = `Reading ${tiff.name}`;
	let data: TypedArray | undefined;
	for (const [done, page] of pages.entries()) {
		report({ label, done, total: pages.length, unit: "pages" });
		const quiet = { signal: task.signal, onProgress: () => {} };
		const read =
			sub === undefined
				? await tiff.readPage(page.index, quiet)
				: await tiff.readSubPage(page.index, sub, quiet);
		checkCopy(tiff, page, read.shape, first);
		data ??= allocateFor(tiff.name, dtype ?? read.dtype, product(shape));
		let rest = done;
		let at = 0;
		for (const axis of [...pageAxes].reverse()) {
			at += (rest % axis.size) * step(axis.name);
			rest = Math.floor(rest / axis.size);
		}
		for (let sample = 0; sample < samples; sample++) {
			const to = at + (samples > 1 ? sample * step("c") : 0);
			if (samples === 1 || planar) {
				data.set(read.data.subarray(sample * plane, (sample + 1) * plane) as never, to);
			} else {
				for (let i = 0, from = sample; i < plane; i++, from += samples) data[to + i] = read.data[from];
			}
		}
	}
	report({ label, done: pages.length, total: pages.length, unit: "pages" });
	return data as TypedArray;
}

/**
 * The copies below the pages of an image are described by the first one's: others must be like it.
 * @throws ChunkwiseError tiff-pages-differ
 */
export function checkCopy(
	tiff: Tiff,
	page: TiffPage,
	shape: readonly number[] | undefined,
	first: TiffPage,
): void {
	if (shape?.join() === first.shape.join()) return;
	throw new ChunkwiseError(
		"tiff-pages-differ",
		`The smaller copy of page ${page.index} is ${shape?.join(" × ") ?? "not there"}, that of the first page ${first.shape.join(" × ")}.`,
		{
			where: `${tiff.name}#page/${page.index}`,
			remedy: "Take the image itself, and make smaller copies of it.",
		},
	);
}
