/** The images of a TIFF that can be converted, each as a source that is read part by part. */
import type { ChannelRequest } from "../ngff/channels.ts";
import { isElsewhere } from "../tiff/series.ts";
import { tiffPart } from "../tiff/spatial.ts";
import type { Tiff, TiffSeries } from "../tiff/tiff.ts";
import type { RegionSource } from "./region-source.ts";
import { tiffChannels } from "./tiff-channels.ts";
import { tiffSource } from "./tiff-source.ts";

/** An image of a TIFF, or why it cannot be read. */
export type TiffImage = {
	/** Number of the series; undefined for the stack of all pages. */
	series?: number;
	name: string;
} & (
	| { source: RegionSource; channels?: ChannelRequest[]; problem?: undefined }
	| { source?: undefined; channels?: undefined; problem: Error }
);

/**
 * The images of a file: its series where it has several, else the stack of its pages, or the one image that other pages
 * stand beside. As `chunkwise convert` takes them.
 * @param name of an image that has none of its own
 */
export async function tiffImages(tiff: Tiff, name: string, signal?: AbortSignal): Promise<TiffImage[]> {
	const here = tiff.series.filter((series) => !isElsewhere(series));
	const several = here.length > 1 && !tiff.problem;
	const whole = here.length === 0 || (tiff.uniform && !tiff.layoutProblem);
	if (!several && whole) return [await imageOf(tiff, undefined, name, signal)];
	const images: TiffImage[] = [];
	for (const series of several ? here : here.slice(0, 1))
		images.push(await imageOf(tiff, series, name, signal));
	return images;
}

async function imageOf(
	tiff: Tiff,
	series: TiffSeries | undefined,
	fallback: string,
	signal?: AbortSignal,
): Promise<TiffImage> {
	const name = series?.name ?? fallback;
	const own = { ...(series ? { series: series.index } : {}), name };
	try {
		const part = series && (await tiffPart(tiff, { series: series.index, signal }));
		const source = tiffSource(tiff, { part, name });
		const axis = source.dims.indexOf("c");
		const channels = tiffChannels(tiff, axis < 0 ? 1 : source.shape[axis], series);
		return { ...own, source, channels };
	} catch (problem) {
		signal?.throwIfAborted();
		return { ...own, problem: problem as Error };
	}
}
