/** Opening a TIFF (TIFF 6.0 and BigTIFF): its header read and its pages listed, no pixels. */
import { type ByteSource, toByteSource } from "../bytes.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatBytes } from "../format.ts";
import type { LongTask } from "../progress.ts";
import { calibrate, imageJImages } from "./calibration.ts";
import { describePage } from "./describe-page.ts";
import { type Directory, type TagValue, walkDirectories } from "./directory.ts";
import { truncated } from "./errors.ts";
import { type Entry, openTiffFile, type TiffFile } from "./file.ts";
import { isOme, readOmeXml } from "./ome-images.ts";
import type { PageLayout, TiffPage } from "./page.ts";
import { omeSeries } from "./series-ome.ts";
import { outlineOf, pageSeries } from "./series-pages.ts";
import { compressions, tagName } from "./tags.ts";
import { Tiff } from "./tiff.ts";
import { readIntegers } from "./values.ts";

/** Tags of the first page are read up to this many bytes each; ImageJ's and ICC's can be large. */
const metadataBytes = 1 << 20;

/**
 * Opens a TIFF: reads its header and the directory of each page, no pixels.
 *
 * Pages that cannot be read are listed with their `problem`, and pages before a break in the list of pages are listed
 * with the break as the file's `problem`: they can be read one by one, but not as a stack. Values are given as stored: no inversion of
 * white-is-zero, palette indices, no rotation. Read by our own code: strips and tiles, without compression or with
 * deflate, LZW, PackBits or fax, of 1 to 32 bits unsigned, 64 bits, 8 to 64 bits signed, 16 to 64 bits floating point, with
 * predictors. zstd, JPEG and LERC go by geotiff.js's decoders, LZMA by xz-decompress. Half-precision numbers and those of
 * 24 bits are given as single-precision ones.
 * @throws ChunkwiseError not-a-tiff, tiff-truncated, tiff-corrupt
 */
export async function openTiff(input: Blob | Uint8Array | ByteSource, task: LongTask = {}): Promise<Tiff> {
	return walkTiff(input, task);
}

/**
 * Told of each page in turn: where the rest is known to be like the first, the number of pages in all, and the walk
 * ends there.
 */
export type Enough = (
	pages: readonly TiffPage[],
	first: Directory,
	file: TiffFile,
) => Promise<number | undefined>;

/**
 * As {@link openTiff}; pages that `enough` made needless to look at are described like the first. Such a file's pages
 * cannot be read beyond those looked at: for descriptions only.
 */
export async function walkTiff(
	input: Blob | Uint8Array | ByteSource,
	task: LongTask = {},
	enough?: Enough,
): Promise<Tiff> {
	const source = toByteSource(input, input instanceof Uint8Array ? "image.tif" : undefined);
	const file = await openTiffFile(source, task.signal);
	const pages: TiffPage[] = [];
	const layouts: (PageLayout | undefined)[] = [];
	const below: (Entry | undefined)[] = [];
	/** The directories of the first pages of each kind. */
	const kinds = new Set<string>();
	const firsts = new Map<number, Directory>();
	let first: Directory | undefined;
	let problem: ChunkwiseError | undefined;
	try {
		for await (const directory of walkDirectories(file, task)) {
			first ??= directory;
			const { page, layout } = await describePage(directory, pages.length, source.size, task.signal);
			pages.push(page);
			layouts.push(layout);
			const before = kinds.size;
			if (kinds.add(outlineOf(page)).size > before) firsts.set(page.index, directory);
			below.push(directory.entry("SubIFDs"));
			const total = await enough?.(pages, first, file);
			if (total === undefined) continue;
			while (pages.length < total) pages.push({ ...pages[0], index: pages.length });
			break;
		}
	} catch (error) {
		if (!(error instanceof ChunkwiseError) || !first) throw error;
		problem = error;
	}
	const directory = first as Directory;
	const description = await directory.text("ImageDescription", task.signal);
	await addImageJSlices(file, imageJImages(description), pages, layouts, task.signal);
	const metadata = await readMetadata(directory, task.signal);
	if (description !== undefined) metadata.ImageDescription = description;
	const calibration = await calibrate(directory, description, pages.length, task.signal);
	const series = isOme(description)
		? omeSeries(readOmeXml(description), pages, file.source.name, problem)
		: [];
	if (series.length === 0) {
		const options = { file: file.source.name, broken: problem, signal: task.signal };
		series.push(...(await pageSeries(pages, (page) => firsts.get(page), calibration, options)));
	}
	return new Tiff(file, { pages, layouts, below, series }, metadata, calibration, problem);
}

/**
 * ImageJ writes a stack that was larger than 4 GiB, or was imported raw, with one directory and all slices behind the
 * first one's data.
 */
async function addImageJSlices(
	file: TiffFile,
	images: number,
	pages: TiffPage[],
	layouts: (PageLayout | undefined)[],
	signal?: AbortSignal,
): Promise<void> {
	const [layout] = layouts;
	if (pages.length !== 1 || images <= 1 || !layout) return;
	if (layout.compression !== compressions.none || layout.tiled || layout.planar || layout.bits % 8 !== 0)
		return;
	const [start] = await readIntegers(file, layout.offsets, 1, layout.where, signal);
	const end = start + images * layout.bytes;
	if (end > file.source.size) {
		throw truncated(
			file.source.name,
			`ImageJ says that the file has ${images} slices of ${formatBytes(layout.bytes)}, ${end} bytes, and it has ${file.source.size}.`,
		);
	}
	for (let index = 0; index < images; index++) {
		if (index > 0) pages.push({ ...pages[0], index });
		layouts[index] = {
			...layout,
			where: `${file.source.name}#page/${index}`,
			contiguousAt: start + index * layout.bytes,
		};
	}
}

async function readMetadata(directory: Directory, signal?: AbortSignal): Promise<Record<string, TagValue>> {
	const metadata: Record<string, TagValue> = {};
	for (const entry of directory.entries()) {
		const name = tagName(entry.tag);
		if (/^(Strip|Tile)(Offsets|ByteCounts)$/.test(name)) continue;
		const value = await directory.value(entry, metadataBytes, signal);
		if (value !== undefined) metadata[name] = value;
	}
	return metadata;
}
