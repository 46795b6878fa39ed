/** `chunkwise info` of a TIFF: its pages as images, their strips or tiles as chunks. */
import type { ByteSource } from "../lib/bytes.ts";
import { axesOf } from "../lib/ngff/axes.ts";
import { tiffParts } from "../lib/tiff/ome.ts";
import { type Survey, surveyor } from "../lib/tiff/survey.ts";
import { type Tiff, type TiffPage, walkTiff } from "../lib/tiff/tiff.ts";
import { type ImageResult, type InfoResult, statedAxes } from "./info-result.ts";
import { pageOf, type TiffTarget } from "./target.ts";

/** Bytes worth asking for at once, where one directory of a page is wanted: most fit, with their short values. */
const smallGranule = 256;
const largerGranule = 4096;
/** Requests after which the pages that follow are concluded from the first ones, where that can be. */
const fewRequests = 4;

export async function tiffInfo(path: string, target: TiffTarget, signal?: AbortSignal): Promise<InfoResult> {
	let requests = 0;
	let bytes = 0;
	const { source, web } = target;
	let smallest = smallGranule;
	let granule = largerGranule;
	let end = -1;
	const counted: ByteSource = {
		name: source.name,
		size: source.size,
		// Directories of pages lie between the pages, where little is worth taking along, or all together.
		get granule() {
			return web ? granule : source.granule;
		},
		read: (offset, length, readSignal) => {
			requests++;
			bytes += length;
			const follows = offset <= end && end - offset < length;
			// A directory that did not fit: the next ones will not, either.
			if (follows && length < largerGranule) smallest = Math.min(largerGranule, 2 * smallest);
			const base = (web?.requests ?? 0) < fewRequests ? largerGranule : smallest;
			granule = follows ? Math.min(source.granule ?? largerGranule, 2 * Math.max(base, granule)) : base;
			end = offset + length;
			return source.read(offset, length, readSignal);
		},
	};
	const wanted = pageOf(target.inner, target.source.name);
	let survey: Survey | undefined;
	const enough =
		web && typeof wanted !== "number"
			? surveyor(
					() => web.requests >= fewRequests,
					(found) => {
						survey = found;
					},
				)
			: undefined;
	const tiff = await walkTiff(counted, { signal }, enough);
	if (wanted === "stack") tiff.checkUniform();
	if (typeof wanted === "number") tiff.page(wanted);
	const pages = typeof wanted === "number" ? [tiff.pages[wanted]] : tiff.pages;
	const images =
		wanted === "stack" || (wanted === undefined && tiff.uniform)
			? [image(tiff, tiff.pages[0], "", tiff.dims, tiff.pages.length)]
			: pages.map((page) => image(tiff, page, `page/${page.index}`, pageDims(page), 1));
	return {
		path,
		format: "tiff",
		version: tiff.bigTiff ? "BigTIFF" : "6.0",
		zarrFormat: null,
		images,
		labels: [],
		...(survey ? { pages: { count: tiff.pages.length, ...survey } } : {}),
		requests: web?.requests ?? requests,
		bytes: web?.bytes ?? bytes,
	};
}

function pageDims(page: TiffPage): string[] {
	if (page.samplesPerPixel === 1) return ["y", "x"];
	return page.planar ? ["c", "y", "x"] : ["y", "x", "c"];
}

/** A page, or the stack of `pages` such pages, as an image of one level. Its strips or tiles are its chunks. */
function image(tiff: Tiff, page: TiffPage, path: string, dims: string[], pages: number): ImageResult {
	const stacked = pages > 1;
	const own = <T>(values: Record<string, T>, otherwise: T) => dims.map((dim) => values[dim] ?? otherwise);
	const { channelNames, otherFiles, smallerCopies } = tiffParts(tiff);
	const problem = page.problem ?? (pages === tiff.pages.length ? tiff.problem : undefined);
	return {
		path,
		name: tiff.name,
		axes: statedAxes(axesOf(dims, { ...tiff.units })),
		...(channelNames.length > 0 ? { channels: channelNames.map((label) => ({ label })) } : {}),
		...(otherFiles.length > 0 ? { otherFiles } : {}),
		...(smallerCopies > 0 ? { smallerCopies } : {}),
		levels: [
			{
				path,
				shape: stacked ? [pages, ...page.shape] : page.shape,
				chunks: page.chunks ? (stacked ? [1, ...page.chunks] : page.chunks) : null,
				shards: null,
				dtype: page.storedDtype ?? page.dtype ?? null,
				byteOrder: page.dtype && page.bitsPerSample > 8 ? tiff.byteOrder : null,
				codecs: [
					...(page.predictor === 1
						? []
						: [{ name: "predictor", configuration: { predictor: page.predictor } }]),
					...(page.compression === "none" ? [] : [{ name: page.compression }]),
				],
				scale: own({ ...tiff.spacing }, 1),
				translation: own({ ...tiff.origin }, 0),
				chunkCount: page.chunkCount === undefined ? null : page.chunkCount * pages,
				...(problem
					? { problem: { code: (problem as { code?: string }).code ?? "", message: problem.message } }
					: {}),
			},
		],
	};
}
