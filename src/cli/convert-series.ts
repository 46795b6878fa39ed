/** A TIFF of several images as what `chunkwise convert` reads: image after image, to a set as bioformats2raw lays it out. */
import { inNgffOrder } from "../lib/convert/region-source.ts";
import { ChunkwiseError } from "../lib/errors.ts";
import type { WritableVersion } from "../lib/ngff/metadata.ts";
import { seriesGroups } from "../lib/ngff/series.ts";
import { isOme, metadataOnly, readOmeXml } from "../lib/tiff/ome-images.ts";
import { openTiff } from "../lib/tiff/open.ts";
import { isElsewhere, seriesLabel } from "../lib/tiff/series.ts";
import { tiffPart } from "../lib/tiff/spatial.ts";
import type { Tiff } from "../lib/tiff/tiff.ts";
import { fileCheck } from "./convert-check.ts";
import type { InputCollection } from "./convert-collection.ts";
import { imagesOf } from "./convert-images.ts";
import { ofTiffPart, tiffDocuments } from "./convert-input-tiff.ts";
import type { ConvertOptions } from "./convert-request.ts";
import type { TiffTarget } from "./target.ts";

/** The images of a TIFF, with what of it does not go along. */
export interface InputSeries extends InputCollection {
	/** Images of the set of files that are in others. */
	elsewhere: string[];
	strayPages: readonly number[];
}

/**
 * The images of a TIFF that holds several; undefined for one, and where a page or an image is named. Their groups are
 * 0, 1, 2, …; those that are wholly in other files are left out.
 * @throws ChunkwiseError tiff-bad-series, tiff-other-files and others, where one of them cannot be read
 */
export async function openSeries(
	target: TiffTarget,
	path: string,
	options: ConvertOptions,
): Promise<InputSeries | undefined> {
	const { format = "ome-zarr-0.5", signal } = options;
	if (format === "n5" || target.inner !== "") return undefined;
	const tiff = await openTiff(target.source, { signal });
	const here = tiff.series.filter((series) => !isElsewhere(series));
	if (here.length < 2 || tiff.problem) return undefined;
	checkAll(tiff, path);
	const check = fileCheck(path);
	const version = format.slice("ome-zarr-".length) as WritableVersion;
	const paths = here.map((_, i) => String(i));
	const { ImageDescription: text } = tiff.metadata;
	const xml = typeof text === "string" && isOme(text) ? readOmeXml(text) : undefined;
	const kept = here.map(({ index }) => index);
	return {
		images: here.map(({ index }, i) => ({
			path: paths[i],
			async open(opening) {
				const part = await tiffPart(tiff, { series: index, signal: opening });
				const input = ofTiffPart(tiff, part);
				const levels = input.levels.map(inNgffOrder);
				return { images: imagesOf({ ...input, levels, check }, options, paths[i]), checkInput: check };
			},
		})),
		groups: seriesGroups(paths, version),
		values: xml
			? [
					{
						key: "OME/METADATA.ome.xml",
						read: async () => new TextEncoder().encode(metadataOnly(xml, kept)),
					},
				]
			: [],
		others: [],
		labels: [],
		documents: tiffDocuments(target, tiff),
		elsewhere: tiff.series
			.filter(isElsewhere)
			.map((series) => `${seriesLabel(series)}: ${series.otherFiles.join(", ")}`),
		strayPages: tiff.strayPages,
	};
}

/** One that cannot be read refuses all, before anything is written: half a set would look like a whole one. */
function checkAll(tiff: Tiff, path: string): void {
	const bad = tiff.series.find((series) => series.problem && !isElsewhere(series));
	if (!bad?.problem) return;
	const { code, message, where } = bad.problem;
	const good = tiff.series.filter((series) => !series.problem).map(({ index }) => `${path}#series/${index}`);
	const some = `${good.slice(0, 4).join(", ")}${good.length > 4 ? ", …" : ""}`;
	throw new ChunkwiseError(code, message, {
		where,
		remedy: good.length > 0 ? `Convert the images that are whole one by one: ${some}.` : bad.problem.remedy,
		cause: bad.problem,
	});
}
