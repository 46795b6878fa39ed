/** TIFF files (TIFF 6.0 and BigTIFF): pages listed on opening, pixels read page by page. */
import { type ByteSource, toByteSource } from "../bytes.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatBytes } from "../format.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { allocate, type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";
import { type Calibration, calibrate, imageJImages, type PageAxis } from "./calibration.ts";
import { bytesOf, decodePage } from "./decode-page.ts";
import { describePage } from "./describe-page.ts";
import { type Directory, type TagValue, walkDirectories } from "./directory.ts";
import { corrupt, truncated } from "./errors.ts";
import { type Entry, openTiffFile, type TiffFile } from "./file.ts";
import { growthLimit, type PageLayout, type TiffPage } from "./page.ts";
import { describeSubPages, type SubPage } from "./sub-pages.ts";
import { compressions, tagName } from "./tags.ts";
import { readIntegers } from "./values.ts";
import { WindowReader } from "./window.ts";

export type { PageAxis } from "./calibration.ts";
export type { TagValue } from "./directory.ts";
export type { TiffPage } from "./page.ts";

/** Values read from a TIFF, in C order. */
export interface TiffArray {
	data: TypedArray;
	/** Slowest axis first. */
	shape: number[];
	dtype: DataType;
	/** Type of the values as stored, where it is another: "float16" is read as float32. */
	storedDtype?: "float16";
}

/** Pages that are decoded at the same time. Bounds memory; more did not make it faster (bench/tiff.ts). */
const pagesAtOnce = 4;
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
	let first: Directory | undefined;
	let problem: ChunkwiseError | undefined;
	try {
		for await (const directory of walkDirectories(file, task)) {
			first ??= directory;
			const { page, layout } = await describePage(directory, pages.length, source.size, task.signal);
			pages.push(page);
			layouts.push(layout);
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
	return new Tiff(file, { pages, layouts, below }, metadata, calibration, problem);
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

/** Pages, with what decoding each needs, and where its SubIFDs are listed. */
interface TiffPages {
	pages: TiffPage[];
	layouts: (PageLayout | undefined)[];
	below: (Entry | undefined)[];
}

/**
 * An open TIFF or BigTIFF: its pages, axes and calibration are read, pixels are read on demand. See {@link openTiff}.
 */
export class Tiff {
	/** The file's name, for messages. */
	readonly name: string;
	/** Of the file's numbers; values read are in the platform's own order. */
	readonly byteOrder: "little" | "big";
	/** True for BigTIFF, which has 64-bit offsets. */
	readonly bigTiff: boolean;
	/** Shape, type and compression of each page, in the order of the file. */
	readonly pages: readonly TiffPage[];
	/** The first page's tags by their names. Tags without a name are under "tag 65000"; text is a string. */
	readonly metadata: Readonly<Record<string, TagValue>>;
	/** Axes that the pages are laid along, slowest first: [{ name: "z", size: 129 }]; empty for one page. */
	readonly pageAxes: readonly PageAxis[];
	/** Distance between neighbours along x, y and z, in `units`; 1 where the file says nothing. */
	readonly spacing: Calibration["spacing"];
	/** Position of the first pixel's centre, in `units`. */
	readonly origin: Calibration["origin"];
	/** UDUNITS names of the units along x, y and z. */
	readonly units: Calibration["units"];
	/** Why the pages are no image of known axes, where the file's OME-XML says so: several images, or a part of one. */
	readonly layoutProblem?: string;
	/** Why the list of pages is not whole, where it is not. Reading the stack throws this. */
	readonly problem?: ChunkwiseError;
	readonly #file: TiffFile;
	readonly #layouts: (PageLayout | undefined)[];
	readonly #below: (Entry | undefined)[];
	readonly #subPages = new Map<number, Promise<SubPage[]>>();
	#windows?: WindowReader;

	constructor(
		file: TiffFile,
		{ pages, layouts, below }: TiffPages,
		metadata: Record<string, TagValue>,
		calibration: Calibration,
		problem?: ChunkwiseError,
	) {
		this.problem = problem;
		this.#file = file;
		this.#layouts = layouts;
		this.#below = below;
		this.layoutProblem = calibration.layoutProblem;
		this.name = file.source.name;
		this.byteOrder = file.header.littleEndian ? "little" : "big";
		this.bigTiff = file.header.bigTiff;
		this.pages = pages;
		this.metadata = metadata;
		this.pageAxes = calibration.pageAxes;
		this.spacing = calibration.spacing;
		this.origin = calibration.origin;
		this.units = calibration.units;
	}

	/** Names of the axes of what {@link readStack} gives: the pages' axis ("page" where there are several), y, x, and c for samples. */
	get dims(): string[] {
		const [page] = this.pages;
		const own = page.samplesPerPixel === 1 ? ["y", "x"] : page.planar ? ["c", "y", "x"] : ["y", "x", "c"];
		if (this.pages.length === 1) return own;
		const axis = this.pageAxes.length === 1 ? this.pageAxes[0].name : "page";
		return [own.includes(axis) ? "page" : axis, ...own];
	}

	/**
	 * Throws what {@link readStack} would throw before it reads any pixels.
	 * @throws ChunkwiseError tiff-pages-differ, tiff-truncated, tiff-corrupt, tiff-unsupported
	 */
	checkUniform(): void {
		if (this.problem) throw this.problem;
		const unreadable = this.pages.find((page) => page.problem);
		if (unreadable) throw unreadable.problem;
		const disagreement = this.#disagreement();
		if (disagreement) throw disagreement;
	}

	/** True where all pages can be read into one array. */
	get uniform(): boolean {
		return !this.problem && this.pages.every((page) => !page.problem) && this.#disagreement() === undefined;
	}

	/**
	 * One page's values: [height, width], with samples last [h, w, s], or first where planar [s, h, w].
	 * @throws ChunkwiseError no-such-page, tiff-truncated, tiff-corrupt, tiff-unsupported, tiff-too-large
	 */
	async readPage(index: number, task: LongTask = {}): Promise<TiffArray> {
		const layout = this.#layout(index);
		const { shape } = this.pages[index];
		const data = allocateFor(this.name, layout.dtype, product(shape));
		await decodePage(this.#file, layout, bytesOf(data), task.signal);
		progressOf(task)({ label: `Reading ${this.name}`, done: 1, total: 1, unit: "pages" });
		return { data, shape: [...shape], dtype: layout.dtype, storedDtype: this.pages[index].storedDtype };
	}

	/**
	 * The pages in directories below a page (SubIFDs), as a rule its smaller copies, the largest first.
	 * Read at the first call; their `index` counts from 0, and messages name them as `stack.tif#page/0/sub/1`.
	 * @throws ChunkwiseError no-such-page, tiff-truncated, tiff-corrupt
	 */
	async subPages(index: number, task: LongTask = {}): Promise<TiffPage[]> {
		return (await this.#described(index, task)).map(({ page }) => page);
	}

	/**
	 * The values of a page below a page, in that page's own shape.
	 * @throws ChunkwiseError as {@link readPage}
	 */
	async readSubPage(index: number, sub: number, task: LongTask = {}): Promise<TiffArray> {
		const found = await this.#described(index, task);
		const { page, layout } = found[sub] ?? {};
		if (!page) {
			throw new ChunkwiseError("no-such-page", `Page ${index} has nothing below it with number ${sub}.`, {
				where: `${this.name}#page/${index}`,
				remedy:
					found.length === 0
						? "The page has no SubIFDs: smaller copies may be pages of their own."
						: `Smaller copies are counted from 0 to ${found.length - 1}.`,
			});
		}
		if (!layout) throw page.problem;
		const data = allocateFor(this.name, layout.dtype, product(page.shape));
		await decodePage(this.#file, layout, bytesOf(data), task.signal);
		return { data, shape: [...page.shape], dtype: layout.dtype, storedDtype: page.storedDtype };
	}

	#described(index: number, task: LongTask): Promise<SubPage[]> {
		this.page(index);
		let found = this.#subPages.get(index);
		if (!found) {
			const where = `${this.name}#page/${index}`;
			found = describeSubPages(this.#file, this.#below[index], where, task.signal);
			this.#subPages.set(index, found);
			// A call that was stopped or met a broken line must not decide for the next one.
			found.catch(() => this.#subPages.delete(index));
		}
		return found;
	}

	/**
	 * A part of one page's values, in the order of the page's shape: only strips and tiles that it touches are read.
	 * @param rows from and up to, the latter not included
	 * @param columns likewise
	 * @param task `into`: an array to use again, where it has the right type and length
	 * @throws ChunkwiseError no-such-page, tiff-truncated, tiff-corrupt, tiff-unsupported, tiff-too-large
	 */
	async readWindow(
		index: number,
		rows: readonly [start: number, stop: number],
		columns: readonly [start: number, stop: number],
		task: LongTask & { into?: TypedArray } = {},
	): Promise<TypedArray> {
		const layout = this.#layout(index);
		const length = (rows[1] - rows[0]) * (columns[1] - columns[0]) * layout.samples;
		const fits = task.into?.length === length && dataTypeOf(task.into) === layout.dtype;
		const data = fits && task.into ? task.into : allocateFor(this.name, layout.dtype, length);
		this.#windows ??= new WindowReader(this.#file);
		await this.#windows.read(layout, { rows, columns }, bytesOf(data), task.signal);
		return data;
	}

	/**
	 * All pages as one array, [pages, height, width]; a file of one page gives the page, [height, width].
	 * Memory beyond the result is that of a few strips or tiles.
	 * @throws ChunkwiseError tiff-pages-differ where they do not agree in shape or type, and as {@link readPage}
	 */
	async readStack(task: LongTask = {}): Promise<TiffArray> {
		this.checkUniform();
		if (this.pages.length === 1) return this.readPage(0, task);
		const layouts = this.pages.map((page) => this.#layout(page.index));
		const [{ dtype, bytes }] = layouts;
		const total = layouts.length;
		// Each page was found possible by itself; together they must be too, before memory is taken.
		const limit =
			this.#file.source.size * Math.max(...layouts.slice(0, 64).map((l) => growthLimit(l.compression) * 8));
		if (total * bytes > limit) {
			throw corrupt(
				this.name,
				`The pages are ${total * bytes} bytes together, which cannot come out of a file of ${this.#file.source.size} bytes.`,
			);
		}
		const shape = [total, ...this.pages[0].shape];
		const data = allocateFor(this.name, dtype, product(shape));
		const report = progressOf(task);
		const label = `Reading ${this.name}`;
		report({ label, done: 0, total, unit: "pages" });
		let next = 0;
		let done = 0;
		let failed = false;
		const worker = async () => {
			while (next < total && !failed) {
				const index = next++;
				task.signal?.throwIfAborted();
				try {
					await decodePage(this.#file, layouts[index], bytesOf(data, index * bytes, bytes), task.signal);
				} catch (error) {
					failed = true;
					throw error;
				}
				report({ label, done: ++done, total, unit: "pages" });
			}
		};
		await Promise.all(Array.from({ length: Math.min(pagesAtOnce, total) }, worker));
		return { data, shape, dtype, storedDtype: this.pages[0].storedDtype };
	}

	/**
	 * A page by its number.
	 * @throws ChunkwiseError no-such-page
	 */
	page(index: number): TiffPage {
		const page = this.pages[index];
		if (!page) {
			throw new ChunkwiseError("no-such-page", `The file has no page ${index}.`, {
				where: this.name,
				remedy: `Pages are counted from 0 to ${this.pages.length - 1}.`,
			});
		}
		return page;
	}

	#layout(index: number): PageLayout {
		const page = this.page(index);
		if (page.problem) throw page.problem;
		return this.#layouts[index] as PageLayout;
	}

	#disagreement(): ChunkwiseError | undefined {
		const describe = (page: TiffPage) =>
			`${page.shape.join(" × ")} ${page.storedDtype ?? page.dtype ?? "unreadable"}`;
		const [first] = this.pages;
		const expected = describe(first);
		const other = this.pages.find((page) => describe(page) !== expected || page.planar !== first.planar);
		if (!other) return undefined;
		return new ChunkwiseError(
			"tiff-pages-differ",
			`The pages do not make a stack: page 0 is ${expected}, page ${other.index} is ${describe(other)}.`,
			{
				where: this.name,
				remedy: `Pick one of the ${this.pages.length} pages: readPage(0) in code, ${this.name}#page/0 for the command.`,
			},
		);
	}
}

/**
 * An array for values read from a file.
 * @throws ChunkwiseError tiff-too-large where there is no memory for it
 */
export function allocateFor(where: string, dtype: DataType, length: number): TypedArray {
	try {
		return allocate(dtype, length);
	} catch (cause) {
		throw new ChunkwiseError(
			"tiff-too-large",
			`There is not enough memory for ${length} values of ${dtype}.`,
			{
				where,
				remedy: "Read it page by page (readPage), or on a machine with more memory.",
				cause,
			},
		);
	}
}
