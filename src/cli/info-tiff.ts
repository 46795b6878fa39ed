/** `chunkwise info` of a TIFF: its pages as images, their strips or tiles as chunks. */
import type { ByteSource } from "../lib/bytes.ts";
import { isChunkwiseError } from "../lib/errors.ts";
import { axesOf } from "../lib/ngff/axes.ts";
import { tiffParts } from "../lib/tiff/ome.ts";
import { walkTiff } from "../lib/tiff/open.ts";
import { type Survey, surveyor } from "../lib/tiff/survey.ts";
import type { PageAxis, Tiff, TiffPage } from "../lib/tiff/tiff.ts";
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
	if (typeof wanted === "number") tiff.page(wanted);
	const pages = typeof wanted === "number" ? [tiff.pages[wanted]] : tiff.pages;
	const whole = wanted === "stack" || (wanted === undefined && tiff.uniform);
	const images = whole
		? [image(tiff, tiff.pages[0], "", wanted === "stack" ? stackAxis(tiff) : pageAxes(tiff))]
		: pages.map((page) => image(tiff, page, `page/${page.index}`, []));
	for (const [i, found] of images.entries()) {
		const { index } = whole ? tiff.pages[0] : pages[i];
		if (found.smallerCopies && (!web || web.requests <= fewRequests)) {
			const smaller = await smallerPages(tiff, index, signal);
			if (smaller) found.smallerPages = smaller;
		}
	}
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

/** A page, or the stack of pages along `axes`, as an image of one level. Its strips or tiles are its chunks. */
function image(tiff: Tiff, page: TiffPage, path: string, axes: readonly PageAxis[]): ImageResult {
	const dims = [...axes.map((axis) => axis.name), ...pageDims(page)];
	const own = <T>(values: Record<string, T>, otherwise: T) => dims.map((dim) => values[dim] ?? otherwise);
	const { channelNames, otherFiles } = tiffParts(tiff);
	const smallerCopies = page.subPageCount ?? 0;
	const whole = path === "";
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
				shards: null,
				byteOrder: page.dtype && page.bitsPerSample > 8 ? tiff.byteOrder : null,
				scale: own({ ...tiff.spacing }, 1),
				translation: own({ ...tiff.origin }, 0),
			},
		],
	};
}
