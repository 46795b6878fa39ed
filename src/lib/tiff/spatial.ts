/** A TIFF's pages as a spatial image with the axes that the file says it has, in the order t, c, z, y, x. */

import { ChunkwiseError } from "../errors.ts";
import { SpatialImage } from "../image/spatial-image.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { cStrides, product, type TypedArray } from "../types.ts";
import { allocateFor } from "./allocate.ts";
import { unsupported } from "./errors.ts";
import { tiffParts } from "./ome.ts";
import type { PageAxis, Tiff, TiffPage } from "./tiff.ts";

const order = ["t", "c", "z"];

export interface TiffSpatialOptions extends LongTask {
	/** Take this page alone. */
	page?: number;
	/** Default "image". */
	name?: string;
}

/**
 * Reads a whole TIFF. Where {@link Tiff.readStack} gives one axis of pages, here a hyperstack gets its time, channel
 * and slice axes, and the samples of colour pages become channels. Pages are read one by one and put in their places.
 * @throws ChunkwiseError as Tiff.readStack; tiff-unsupported where both pages and samples are channels
 */
export async function tiffToSpatialImage(
	tiff: Tiff,
	options: TiffSpatialOptions = {},
): Promise<SpatialImage> {
	const { pages, pageAxes, axes, dims, shape, inOrder } = tiffAxes(tiff, options.page);
	const data =
		inOrder && options.page === undefined
			? (await tiff.readStack(options)).data
			: await placePages(tiff, pages, pageAxes, { axes, shape }, options);
	const { spacing, origin, units } = tiff;
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
	pages: readonly TiffPage[];
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
}

/**
 * The axes of a TIFF, or of one page of it, before any pixels are read.
 * @throws ChunkwiseError as Tiff.checkUniform; tiff-not-one-image where OME-XML says so; tiff-unsupported where both pages and samples are channels
 */
export function tiffAxes(tiff: Tiff, page?: number): TiffAxes {
	const pages = page === undefined ? tiff.pages : [tiff.page(page)];
	const [first] = pages;
	if (page === undefined) {
		tiff.checkUniform();
		if (tiff.layoutProblem) throw notOneImage(tiff, tiff.layoutProblem);
	}
	const pageAxes = pages.length > 1 ? tiff.pageAxes : [];
	const { width, height, samplesPerPixel: samples } = first;
	if (samples > 1 && pageAxes.some((axis) => axis.name === "c")) {
		throw unsupported(tiff.name, "Both the pages and the samples of a pixel are channels.");
	}
	const stored = [...pageAxes, ...(samples > 1 ? [{ name: "c", size: samples }] : [])];
	const axes = [...stored].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
	const inOrder = axes.every((axis, i) => axis === stored[i]) && (samples === 1 || first.planar);
	const shape = [...axes.map((axis) => axis.size), height, width];
	return {
		pages,
		first,
		samples,
		pageAxes,
		axes,
		dims: [...axes.map((axis) => axis.name), "y", "x"],
		shape,
		inOrder,
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
			remedy: `Take one page (${tiff.name}#page/0 for the command), or let Bio-Formats write one file for each image.`,
		},
	);
}

/** Pages and samples put where the order of the axes has them. */
async function placePages(
	tiff: Tiff,
	pages: readonly TiffPage[],
	pageAxes: readonly PageAxis[],
	{ axes, shape }: { axes: readonly PageAxis[]; shape: readonly number[] },
	task: LongTask,
): Promise<TypedArray> {
	const strides = cStrides(shape);
	const step = (name: string) => strides[axes.findIndex((axis) => axis.name === name)];
	const [{ samplesPerPixel: samples, width, height, dtype, planar }] = pages;
	const plane = width * height;
	const report = progressOf(task);
	const label = `Reading ${tiff.name}`;
	let data: TypedArray | undefined;
	for (const [done, page] of pages.entries()) {
		report({ label, done, total: pages.length, unit: "pages" });
		const read = await tiff.readPage(page.index, { signal: task.signal, onProgress: () => {} });
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
