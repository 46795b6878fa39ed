/** A TIFF as an image that is read part by part, with the axes of {@link tiffToSpatialImage}. */
import { copyStrided } from "../image/select.ts";
import { type Region, regionShape } from "../multiscale/region.ts";
import { checkCopy, type TiffPart, tiffAxes } from "../tiff/spatial.ts";
import type { Tiff } from "../tiff/tiff.ts";
import { allocate, cStrides, type DataType, product, type TypedArray } from "../types.ts";
import type { RegionSource } from "./region-source.ts";

/** Pages of which parts are read at one time. */
const pagesAtOnce = 4;

/**
 * @param options `page`: take this page alone; `part`: one of the images, by `tiffPart`
 * @throws ChunkwiseError as Tiff.readStack, before any pixels are read
 */
export function tiffSource(
	tiff: Tiff,
	options: { page?: number; part?: TiffPart; name?: string } = {},
): RegionSource {
	const found = tiffAxes(tiff, options.part ?? options.page);
	const { dims, shape, pages: all, sub, pageAxes, samples, first, spacing, origin, units } = found;
	if (first.problem) throw first.problem;
	const dtype = first.dtype as DataType;
	const rows = dims.indexOf("y");
	const columns = dims.indexOf("x");
	const channel = samples > 1 ? dims.indexOf("c") : -1;
	const [blockHeight, blockWidth] = blockOf(first);

	async function read(
		region: Region,
		signal?: AbortSignal,
		memory = (length: number) => allocate(dtype, length),
	): Promise<TypedArray> {
		const extent = regionShape(region);
		const out = memory(product(extent));
		const strides = cStrides(extent);
		const [height, width] = [extent[rows], extent[columns]];
		// Steps from sample to sample, row to row and column to column in a page's window.
		const inPage = first.planar ? [height * width, width, 1] : [1, width * samples, samples];
		const pages = [...pagesIn(region)];
		let next = 0;
		const work = async () => {
			let into: TypedArray | undefined;
			while (next < pages.length) {
				signal?.throwIfAborted();
				const { page, to } = pages[next++];
				if (sub !== undefined) {
					const copies = await tiff.subPages(page, { signal });
					checkCopy(tiff, tiff.page(page), copies[sub]?.shape, first);
				}
				const values = await tiff.readWindow(page, region[rows], region[columns], { signal, into, sub });
				into = values;
				const [from, count] = channel < 0 ? [0, 1] : [region[channel][0] * inPage[0], extent[channel]];
				const steps = [channel < 0 ? 0 : strides[channel], strides[rows], strides[columns]];
				copyStrided(values, from, inPage, out, to, steps, [count, height, width]);
			}
		};
		await Promise.all(Array.from({ length: Math.min(pagesAtOnce, pages.length) }, work));
		return out;

		/** The pages of a region, and where each begins in it. */
		function* pagesIn(wanted: Region): Generator<{ page: number; to: number }> {
			const axes = pageAxes.map((axis) => dims.indexOf(axis.name));
			const ranges = axes.map((axis) => wanted[axis]);
			const counts = ranges.map(([start, stop]) => stop - start);
			const total = product(counts);
			const steps = cStrides(counts);
			const pageSteps = cStrides(pageAxes.map((axis) => axis.size));
			for (let n = 0; n < total; n++) {
				let page = 0;
				let to = 0;
				for (const [i, step] of steps.entries()) {
					const at = Math.floor(n / step) % counts[i];
					page += (ranges[i][0] + at) * pageSteps[i];
					to += at * strides[axes[i]];
				}
				yield { page: all[page].index, to };
			}
		}
	}

	return {
		name: options.name ?? "image",
		dims,
		shape,
		dtype,
		...(first.storedDtype ? { stored: first.storedDtype } : {}),
		scale: Object.fromEntries(dims.map((dim) => [dim, (spacing as Record<string, number>)[dim] ?? 1])),
		translation: Object.fromEntries(dims.map((dim) => [dim, (origin as Record<string, number>)[dim] ?? 0])),
		units: Object.fromEntries(dims.map((dim) => [dim, (units as Record<string, string>)[dim]])),
		attrs: {},
		block: dims.map((dim, axis) =>
			dim === "y" ? blockHeight : dim === "x" ? blockWidth : axis === channel ? samples : 1,
		),
		read,
	};
}

/** Rows and columns of a strip or tile. An uncompressed strip can be read row by row. */
function blockOf(page: Tiff["pages"][number]): [rows: number, columns: number] {
	const { chunks = page.shape, samplesPerPixel: samples, planar, tiled, compression } = page;
	const [height, width] = samples === 1 ? chunks : planar ? chunks.slice(1) : chunks;
	return [tiled || compression !== "none" ? height : 1, width];
}
