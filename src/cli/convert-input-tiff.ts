/** What `chunkwise convert` reads of a TIFF: one of its images, a page, or the stack of all pages. */
import { basename } from "node:path";
import type { RegionSource } from "../lib/convert/region-source.ts";
import { tiffChannels } from "../lib/convert/tiff-channels.ts";
import { tiffSource } from "../lib/convert/tiff-source.ts";
import { openTiff } from "../lib/tiff/open.ts";
import { isElsewhere } from "../lib/tiff/series.ts";
import { type TiffPart, tiffPart } from "../lib/tiff/spatial.ts";
import type { Tiff } from "../lib/tiff/tiff.ts";
import type { Unchecked } from "./convert-input.ts";
import { severalSeries } from "./convert-refusals.ts";
import { pageOf, type TiffTarget } from "./target.ts";

/** @throws ChunkwiseError several-images, and as opening */
export async function fromTiff(target: TiffTarget, path: string, signal?: AbortSignal): Promise<Unchecked> {
	const wanted = pageOf(target.inner, target.source.name);
	const tiff = await openTiff(target.source, { signal });
	const documents = tiffDocuments(target, tiff);
	const part = await partOfTiff(tiff, wanted, path, signal);
	if (part) return { ...ofTiffPart(tiff, part), documents };
	const name = imageName(target.source.name, /(\.ome)?\.tiff?$/i);
	const source = tiffSource(tiff, { page: typeof wanted === "number" ? wanted : undefined, name });
	return {
		name,
		levels: [source],
		chunked: false,
		labels: [],
		channels: tiffChannels(tiff, countOf(source)),
		documents,
	};
}

export function tiffDocuments({ source }: TiffTarget, tiff: Tiff): unknown {
	return [source.size, source.version ?? null, tiff.metadata];
}

/** The image of the file that is meant, where it is not a page, or the stack of all pages. */
async function partOfTiff(
	tiff: Tiff,
	wanted: ReturnType<typeof pageOf>,
	path: string,
	signal?: AbortSignal,
): Promise<TiffPart | undefined> {
	if (typeof wanted === "object") return tiffPart(tiff, { ...wanted, signal });
	if (wanted !== undefined) return undefined;
	const here = tiff.series.filter((series) => !isElsewhere(series));
	if (here.length > 1 && !tiff.problem) {
		throw severalSeries(tiff, path);
	}
	// What is one stack by itself is that; one image with smaller copies or other pages beside it is the image.
	if (here.length === 0 || (tiff.uniform && !tiff.layoutProblem)) return undefined;
	return tiffPart(tiff, { series: here[0].index, signal });
}

/** One of a TIFF's images. */
export function ofTiffPart(tiff: Tiff, part: TiffPart): Unchecked {
	const { series } = part;
	const name = series.name ?? imageName(tiff.name, /(\.ome)?\.tiff?$/i);
	const source = tiffSource(tiff, { part, name });
	return {
		name,
		levels: [source],
		chunked: false,
		labels: [],
		channels: tiffChannels(tiff, countOf(source), series),
		documents: undefined,
	};
}

function countOf({ dims, shape }: RegionSource): number {
	const axis = dims.indexOf("c");
	return axis < 0 ? 1 : shape[axis];
}

/** A file's or folder's name without its endings: `cells.ome.tif` is cells. */
export function imageName(fileName: string, endings: RegExp): string {
	return basename(fileName).replace(endings, "") || "image";
}
