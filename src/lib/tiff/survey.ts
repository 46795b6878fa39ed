/**
 * How many pages a TIFF has, from few reads: for a file that is far away, where following the list of pages costs a
 * request a page. What the metadata say, or a constant distance between directories says, is checked on the pages that
 * were looked at; where it does not hold, the list is followed to its end.
 */
import { isChunkwiseError } from "../errors.ts";
import { itemSize, product } from "../types.ts";
import { imageJImages } from "./calibration.ts";
import { describePage } from "./describe-page.ts";
import { readDirectory } from "./directory.ts";
import type { TiffFile } from "./file.ts";
import type { Enough } from "./open.ts";
import type { TiffPage } from "./page.ts";

/** Why the number of pages is known without all of them having been looked at. */
export interface Survey {
	/** Pages that were looked at. */
	read: number;
	basis: "ImageJ" | "OME-XML" | "tifffile" | "distance between directories";
}

/** Pages looked at before anything is concluded from them: one distance after the first, which is often larger. */
const leastPages = 3;
/** More are followed one by one. */
const mostPages = 1 << 20;

/**
 * For `walkTiff`: ends the walk where the rest is known.
 * @param isCostly whether looking at more pages would cost more than is worth it
 * @param found hears what the number rests on
 */
export function surveyor(isCostly: () => boolean, found: (survey: Survey) => void): Enough {
	let tried = false;
	return async (pages, first, file) => {
		if (pages.length < leastPages || tried || !isCostly()) return undefined;
		tried = true;
		if (!pages.every((page) => isLike(page, pages[0]))) return undefined;
		const offsets = await firstOffsets(file);
		const stated = statedPages(await first.text("ImageDescription"), pages[0]);
		const [, start, next] = offsets;
		// Compressed pages have different sizes.
		if (pages[0].compression === "none" && next > start) {
			const counted = await pagesByDistance({ start, distance: next - start }, pages[0], file, stated?.pages);
			if (counted === undefined || counted.pages < pages.length) return undefined;
			found({ read: pages.length + counted.read, basis: "distance between directories" });
			return counted.pages;
		}
		if (!stated || stated.pages < pages.length || !isPossible(stated.pages, pages[0], offsets, file)) {
			return undefined;
		}
		found({ read: pages.length, basis: stated.basis });
		return stated.pages;
	};
}

function isLike(page: TiffPage, first: TiffPage): boolean {
	const describe = ({
		shape,
		dtype,
		storedDtype,
		compression,
		predictor,
		planar,
		chunks,
		problem,
	}: TiffPage) =>
		JSON.stringify([shape, dtype, storedDtype, compression, predictor, planar, chunks, problem?.message]);
	return describe(page) === describe(first);
}

/** Where the first directories are: they have been read, and are kept. */
async function firstOffsets(file: TiffFile): Promise<number[]> {
	const offsets = [file.header.firstDirectory];
	while (offsets.length < leastPages) {
		const { next } = await readDirectory(file, offsets[offsets.length - 1], file.source.name);
		offsets.push(next ?? 0);
	}
	return offsets;
}

/**
 * Where the directories are equally far apart: the last one is looked for where the description or the file's size puts
 * it, and one half way where only the size says so.
 */
async function pagesByDistance(
	{ start, distance }: { start: number; distance: number },
	first: TiffPage,
	file: TiffFile,
	stated: number | undefined,
): Promise<{ pages: number; read: number } | undefined> {
	const { source } = file;
	const { length } = await readDirectory(file, start, source.name);
	const fitting = Math.floor((source.size - length - start) / distance);
	// Behind the last page there may be other things, such as the text of the description.
	const guesses = stated === undefined ? [fitting, fitting - 1] : [stated - 2, fitting];
	let read = 0;
	const isThere = async (step: number, next: number) => {
		read++;
		return isDirectory(file, { offset: start + step * distance, next, page: step + 1 }, first);
	};
	for (const last of new Set(guesses)) {
		if (last < leastPages || last > Math.min(fitting, mostPages)) continue;
		if (!(await isThere(last, 0))) continue;
		const half = last >> 1;
		if (last === (stated ?? 0) - 2 || (await isThere(half, start + (half + 1) * distance))) {
			return { pages: last + 2, read };
		}
	}
	return undefined;
}

/** Whether there is a directory of a page like the first, followed by the one at `next`. */
async function isDirectory(
	file: TiffFile,
	{ offset, next, page: index }: { offset: number; next: number; page: number },
	first: TiffPage,
): Promise<boolean> {
	try {
		const found = await readDirectory(file, offset, file.source.name);
		if (found.next !== next) return false;
		const { page } = await describePage(found.directory, index, file.source.size);
		return isLike(page, first);
	} catch (error) {
		// What is there is no directory: the pages are not laid so.
		if (isChunkwiseError(error) && /^tiff-/.test(error.code)) return false;
		throw error;
	}
}

/** The number of pages by the first one's description. */
function statedPages(
	description: string | undefined,
	page: TiffPage,
): { pages: number; basis: Survey["basis"] } | undefined {
	if (description === undefined) return undefined;
	const images = imageJImages(description);
	if (images > 0) return { pages: images, basis: "ImageJ" };
	const shape = /^\{.*"shape":\s*\[([\d,\s]+)\]/s.exec(description)?.[1];
	if (shape !== undefined) {
		const pages = product(shape.split(",").map(Number)) / product(page.shape);
		return Number.isInteger(pages) ? { pages, basis: "tifffile" } : undefined;
	}
	const pixels = description.match(/<(?:\w+:)?Pixels\s[^>]*>/g) ?? [];
	const files = new Set(
		Array.from(description.matchAll(/<(?:\w+:)?UUID\s[^>]*FileName\s*=\s*"([^"]*)"/g), (m) => m[1]),
	);
	// Several images, or an image in several files: their pages are not this file's.
	if (pixels.length !== 1 || files.size > 1 || /<(\w+:)?BinaryOnly/.test(description)) return undefined;
	const size = (axis: string) =>
		Number(new RegExp(`Size${axis}\\s*=\\s*["'](\\d+)`).exec(pixels[0])?.[1] ?? 1);
	const pages = (size("Z") * size("C") * size("T")) / page.samplesPerPixel;
	return Number.isInteger(pages) ? { pages, basis: "OME-XML" } : undefined;
}

/** Whether a file of this size, laid out as it begins, can be one of so many pages. */
function isPossible(
	pages: number,
	page: TiffPage,
	offsets: readonly number[],
	{ source }: TiffFile,
): boolean {
	if (pages > mostPages) return false;
	const bytes = product(page.shape) * (page.dtype ? itemSize(page.dtype) : 1);
	if (page.compression === "none" && page.bitsPerSample >= 8 && pages * bytes > source.size) return false;
	const mean = (offsets[offsets.length - 1] - offsets[1]) / (offsets.length - 2);
	// Compressed pages are of different sizes; twice or half of the file, and the description means something else.
	const expected = mean * pages;
	return mean > 0 && expected < 2 * source.size && expected > source.size / 2;
}
