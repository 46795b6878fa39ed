/**
 * The images of a TIFF that holds several: what OME calls images and tifffile and Bio-Formats series. OME-XML says which
 * pages each has (series-ome.ts); without it, pages that agree in shape and type are one (series-pages.ts).
 */
import { ChunkwiseError } from "../errors.ts";
import type { LongTask } from "../progress.ts";
import type { Calibration, PageAxis } from "./calibration.ts";
import { unsupported } from "./errors.ts";
import type { TiffPage } from "./page.ts";
import { disagreement } from "./stack.ts";
import type { Tiff } from "./tiff.ts";

/** One of the images that a TIFF holds. */
export interface TiffSeries {
	/** Position in {@link Tiff.series}, from 0: `file.tif#series/1` is the second. By OME-XML, that of the Image element. */
	index: number;
	/** As the file calls it: the Name of OME's Image; "thumbnail", "label", "macro" of a slide; undefined for none. */
	name?: string;
	/** Axes that its pages are laid along, slowest first; those of length 1 are left out. */
	pageAxes: readonly PageAxis[];
	/** Numbers of its pages in C order of these axes; empty where none of them is in this file. */
	pages: readonly number[];
	/** Smaller copies that are pages of their own, the largest first: the pages of each, in the order of `pages`. */
	reduced: readonly (readonly number[])[];
	/** Distance between neighbours along x, y and z, in `units`. */
	spacing: Calibration["spacing"];
	/** Position of the first pixel's centre, in `units`. */
	origin: Calibration["origin"];
	/** UDUNITS names of the units along x, y and z. */
	units: Calibration["units"];
	/** Of OME-XML; the colour as six hexadecimal digits. */
	channels: readonly { label?: string; color?: string }[];
	/** Other files that hold a part of it, or all. */
	otherFiles: readonly string[];
	/** Why it cannot be read as one image, where it cannot. */
	problem?: ChunkwiseError;
}

/** A scale level of a series: itself, or smaller copies of its pages. */
export interface TiffLevel {
	/** 0 for the series itself; `file.tif#series/1/level/2` names its third. */
	number: number;
	/** In the order of the series' pages; of copies below pages (SubIFDs) the pages that they are below. */
	pages: readonly number[];
	/** Number of the copy below each page (SubIFDs); undefined where `pages` are the level's own. */
	sub?: number;
	/** The first of its pages, or copies. */
	first: TiffPage;
}

/** Whether all of a series is in other files: it is named for the sake of a set of files, and no part of this one. */
export function isElsewhere({ pages, otherFiles }: TiffSeries): boolean {
	return pages.length === 0 && otherFiles.length > 0;
}

/** What a series is called, for people: Image 1 (“cells”). */
export function seriesLabel({ index, name }: Pick<TiffSeries, "index" | "name">): string {
	return `Image ${index}${name ? ` (“${name}”)` : ""}`;
}

export function seriesProblem(
	code: string,
	series: Pick<TiffSeries, "index" | "name">,
	message: string,
	{ file, remedy }: { file: string; remedy: string },
): ChunkwiseError {
	return new ChunkwiseError(code, `${seriesLabel(series)} ${message}`, {
		where: `${file}#series/${series.index}`,
		remedy,
	});
}

/** Why pages make no image, each by itself or together. */
export function problemOfPages(
	pages: readonly TiffPage[],
	axes: readonly PageAxis[],
	series: Pick<TiffSeries, "index" | "name">,
	file: string,
): ChunkwiseError | undefined {
	const unreadable = pages.find((page) => page.problem)?.problem;
	if (unreadable) return unreadable as ChunkwiseError;
	const differing = disagreement(pages, file);
	if (differing) {
		const remedy = `Take its pages one by one, as ${file}#page/${pages[0].index} for the command.`;
		return seriesProblem(differing.code, series, `is no stack. ${differing.message}`, { file, remedy });
	}
	if (pages[0]?.samplesPerPixel > 1 && axes.some(({ name }) => name === "c")) {
		return unsupported(
			`${file}#series/${series.index}`,
			"Both the pages and the samples of a pixel are channels.",
		);
	}
	return undefined;
}

/** Whether there is one factor above 1 by which both lengths were divided, and rounded up or down. */
export function isSmallerCopy(copy: TiffPage, page: TiffPage): boolean {
	if (copy.problem || copy.dtype !== page.dtype || copy.storedDtype !== page.storedDtype) return false;
	if (copy.samplesPerPixel !== page.samplesPerPixel || copy.planar !== page.planar) return false;
	if (copy.width > page.width || copy.height > page.height) return false;
	if (copy.width === page.width && copy.height === page.height) return false;
	const from = Math.max(page.width / (copy.width + 1), page.height / (copy.height + 1));
	const to = Math.min(page.width / (copy.width - 1), page.height / (copy.height - 1));
	return from < to && to > 1;
}

/** The scale levels of a series, itself first; of SubIFDs the first page's are looked at, and all must have as many. */
export async function levelsOf(tiff: Tiff, series: TiffSeries, task: LongTask = {}): Promise<TiffLevel[]> {
	if (series.pages.length === 0) return [];
	const first = tiff.pages[series.pages[0]];
	const levels: Omit<TiffLevel, "number">[] = [{ pages: series.pages, first }];
	for (const pages of series.reduced) levels.push({ pages, first: tiff.pages[pages[0]] });
	if (first.subPageCount && !first.problem) {
		const copies = await tiff.subPages(first.index, task);
		const least = Math.min(...series.pages.map((page) => tiff.pages[page].subPageCount ?? 0));
		for (const [sub, copy] of copies.entries()) {
			if (sub < least && isSmallerCopy(copy, first)) levels.push({ pages: series.pages, sub, first: copy });
		}
	}
	const size = ({ first: { width, height } }: Omit<TiffLevel, "number">) => width * height;
	return levels.sort((a, b) => size(b) - size(a)).map((level, number) => ({ number, ...level }));
}
