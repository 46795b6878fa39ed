/** `chunkwise info` of a TIFF: its pages as images, their strips or tiles as chunks. */
import type { ByteSource } from "../lib/bytes.ts";
import { isChunkwiseError } from "../lib/errors.ts";
import { axesOf } from "../lib/ngff/axes.ts";
import { tiffParts } from "../lib/tiff/ome.ts";
import { walkTiff } from "../lib/tiff/open.ts";
import { isElsewhere } from "../lib/tiff/series.ts";
import { levelCoordinates } from "../lib/tiff/spatial.ts";
import { type Survey, surveyor } from "../lib/tiff/survey.ts";
import type { PageAxis, Tiff, TiffPage, TiffSeries } from "../lib/tiff/tiff.ts";
import { product } from "../lib/types.ts";
import { type ImageResult, type InfoResult, statedAxes } from "./info-result.ts";
import { pageOf, type TiffTarget } from "./target.ts";

/** Bytes worth asking for at once, where one directory of a page is wanted: most fit, with their short values. */
const smallGranule = 256;
const largerGranule = 4096;
/** Requests after which the pages that follow are concluded from the first ones, where that can be. */
const fewRequests = 4;
/** Where each page has to be looked at, those as near as this are read through together, up to so many bytes in all. */
const nearBytes = 16 << 10;
const throughBytes = 4 << 20;
const smallestThrough = 64 << 10;
const largestThrough = 256 << 10;

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
			const gap = offset - end;
			const near = gap >= 0 && gap < ((web?.bytes ?? 0) < throughBytes ? nearBytes : nearBytes / 8);
			if (near && (web?.requests ?? 0) >= fewRequests) {
				granule = Math.min(largestThrough, Math.max(smallestThrough, 2 * granule));
			} else {
				granule = follows ? Math.min(source.granule ?? largerGranule, 2 * Math.max(base, granule)) : base;
			}
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
	const isFar = () => web !== undefined && web.requests > fewRequests;
	const images: ImageResult[] = [];
	for (const one of partsOf(tiff, wanted)) {
		const found = one.series ? await seriesImage(tiff, one, isFar, signal) : image(tiff, one);
		if (found.smallerCopies && !isFar()) {
			const smaller = await smallerPages(tiff, one.page.index, signal);
			if (smaller) found.smallerPages = smaller;
			if (one.whole && wanted === undefined && !tiff.layoutProblem && tiff.series.length === 1) {
				const { levels } = await seriesImage(tiff, seriesPart(tiff, tiff.series[0]), isFar, signal);
				found.levels.push(...levels.slice(1));
			}
		}
		images.push(found);
	}
	return {
		path,
		format: "tiff",
		version: tiff.bigTiff ? "BigTIFF" : "6.0",
		zarrFormat: null,
		images,
		labels: [],
		...(images.length > 1 && tiff.strayPages.length > 0 ? { strayPages: tiff.strayPages } : {}),
		...(survey ? { pages: { count: tiff.pages.length, ...survey } } : {}),
		requests: web?.requests ?? requests,
		bytes: web?.bytes ?? bytes,
	};
}

function pageDims(page: TiffPage): string[] {
	if (page.samplesPerPixel === 1) return ["y", "x"];
	return page.planar ? ["c", "y", "x"] : ["y", "x", "c"];
}

/** The stack's one axis, as its values are read. */
function stackAxis(tiff: Tiff): PageAxis[] {
	return tiff.pages.length > 1 ? [{ name: tiff.dims[0], size: tiff.pages.length }] : [];
}

/** The axes that the pages lie along: several of a hyperstack. */
function pageAxes(tiff: Tiff): readonly PageAxis[] {
	if (tiff.pages.length === 1) return [];
	const own = pageDims(tiff.pages[0]);
	const named = tiff.pageAxes.every((axis) => !own.includes(axis.name));
	return named && product(tiff.pageAxes.map((axis) => axis.size)) === tiff.pages.length
		? tiff.pageAxes
		: stackAxis(tiff);
}

/** What lies below a page; nothing where that is damaged, which is no reason not to tell of the page. */
async function smallerPages(tiff: Tiff, index: number, signal?: AbortSignal) {
	try {
		const found = await tiff.subPages(index, { signal });
		return found.map((page, sub) => level(page, `page/${index}/sub/${sub}`, []));
	} catch (error) {
		if (isChunkwiseError(error) && /^tiff-/.test(error.code)) return undefined;
		throw error;
	}
}

/** What is shown as an image. */
interface Part {
	path: string;
	/** The page, or the first of those along `axes`. */
	page: TiffPage;
	axes: readonly PageAxis[];
	/** Whether it is all of the file. */
	whole?: boolean;
	series?: TiffSeries;
}

/** What is asked for: the file as one image or as the several that it is, a page, its stack of pages, one of its images. */
function partsOf(tiff: Tiff, wanted: ReturnType<typeof pageOf>): Part[] {
	const [page] = tiff.pages;
	const pageAlone = (one: TiffPage): Part => ({ path: `page/${one.index}`, page: one, axes: [] });
	if (typeof wanted === "number") return [pageAlone(tiff.page(wanted))];
	if (wanted === "stack") return [{ path: "", page, axes: stackAxis(tiff), whole: true }];
	if (wanted) return [seriesPart(tiff, tiff.seriesAt(wanted.series))];
	const here = tiff.series.filter((series) => !isElsewhere(series));
	if (here.length > 1 && !tiff.problem) return tiff.series.map((series) => seriesPart(tiff, series));
	if (tiff.uniform) return [{ path: "", page, axes: pageAxes(tiff), whole: true }];
	const [only] = here;
	// One image with its smaller copies, or with pages beside it.
	if (only && !only.problem) return [seriesPart(tiff, only)];
	return tiff.pages.map(pageAlone);
}

function seriesPart(tiff: Tiff, series: TiffSeries): Part {
	const page = tiff.pages[series.pages[0]] ?? tiff.pages[0];
	return {
		path: `series/${series.index}`,
		page,
		axes: series.pages.length > 1 ? series.pageAxes : [],
		series,
	};
}

function level(page: TiffPage, path: string, axes: readonly PageAxis[], broken?: Error) {
	const problem = page.problem ?? broken;
	const sizes = axes.map((axis) => axis.size);
	return {
		path,
		shape: [...sizes, ...page.shape],
		chunks: page.chunks ? [...sizes.map(() => 1), ...page.chunks] : null,
		dtype: page.storedDtype ?? page.dtype ?? null,
		codecs: [
			...(page.predictor === 1 ? [] : [{ name: "predictor", configuration: { predictor: page.predictor } }]),
			...(page.compression === "none" ? [] : [{ name: page.compression }]),
		],
		chunkCount: page.chunkCount === undefined ? null : page.chunkCount * product(sizes),
		...(problem
			? { problem: { code: (problem as { code?: string }).code ?? "", message: problem.message } }
			: {}),
	};
}

/** A page, or the stack of pages along its axes, as an image of one level. Its strips or tiles are its chunks. */
function image(tiff: Tiff, { path, page, axes, whole = false }: Part): ImageResult {
	const dims = [...axes.map((axis) => axis.name), ...pageDims(page)];
	const { channelNames, otherFiles } = tiffParts(tiff);
	const smallerCopies = page.subPageCount ?? 0;
	return {
		path,
		name: tiff.name,
		axes: statedAxes(axesOf(dims, { ...tiff.units })),
		...(channelNames.length > 0 ? { channels: channelNames.map((label) => ({ label })) } : {}),
		...(otherFiles.length > 0 ? { otherFiles } : {}),
		...(smallerCopies > 0 ? { smallerCopies } : {}),
		...(whole && tiff.layoutProblem ? { layoutProblem: tiff.layoutProblem } : {}),
		levels: [
			{
				...level(page, path, axes, whole || page === tiff.pages.at(-1) ? tiff.problem : undefined),
				...placed(tiff, page, dims, tiff),
			},
		],
	};
}

/** What a level says of where it lies. */
function placed(
	{ byteOrder }: Tiff,
	page: TiffPage,
	dims: readonly string[],
	{ spacing, origin }: Pick<TiffSeries, "spacing" | "origin">,
) {
	const own = (values: Record<string, number>, otherwise: number) =>
		dims.map((dim) => values[dim] ?? otherwise);
	return {
		shards: null,
		byteOrder: page.dtype && page.bitsPerSample > 8 ? byteOrder : null,
		scale: own({ ...spacing }, 1),
		translation: own({ ...origin }, 0),
	};
}

/** One of several images, with its levels, as far as looking at them costs few requests. */
async function seriesImage(
	tiff: Tiff,
	{ path, page, axes, series }: Part,
	isFar: () => boolean,
	signal?: AbortSignal,
): Promise<ImageResult> {
	const { index, name, pages, units, channels, otherFiles, problem } = series as TiffSeries;
	const dims = [...axes.map((axis) => axis.name), ...pageDims(page)];
	const smallerCopies = page.subPageCount ?? 0;
	const found = {
		path,
		name: name ?? tiff.name,
		...(channels.some(({ label, color }) => label || color) ? { channels: [...channels] } : {}),
		...(otherFiles.length > 0 ? { otherFiles: [...otherFiles] } : {}),
		...(problem ? { problem: { code: problem.code, message: problem.message } } : {}),
	};
	if (pages.length === 0) return { ...found, axes: [], levels: [] };
	// What belongs to an image that is none is told page by page.
	const several = problem || (smallerCopies > 0 && isFar()) ? undefined : await levelsIn(tiff, index, signal);
	return {
		...found,
		axes: statedAxes(axesOf(dims, { ...units })),
		...(smallerCopies > 0 ? { smallerCopies } : {}),
		levels: (several ?? [{ number: 0, first: page }]).map(({ number, first }) => ({
			...level(first, number === 0 ? path : `${path}/level/${number}`, axes),
			...placed(tiff, first, dims, levelCoordinates(series as TiffSeries, first, page)),
		})),
	};
}

/** Nothing where the directories of smaller copies are damaged. */
async function levelsIn(tiff: Tiff, index: number, signal?: AbortSignal) {
	try {
		return await tiff.seriesLevels(index, { signal });
	} catch (error) {
		if (isChunkwiseError(error) && /^tiff-/.test(error.code)) return undefined;
		throw error;
	}
}
