/** An open TIFF: what it holds, and its pixels read page by page, part by part or as one stack. */
import { ChunkwiseError } from "../errors.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";
import { allocateFor } from "./allocate.ts";
import type { Calibration, PageAxis } from "./calibration.ts";
import { bytesOf, decodePage } from "./decode-page.ts";
import type { TagValue } from "./directory.ts";
import type { Entry, TiffFile } from "./file.ts";
import type { PageLayout, TiffPage } from "./page.ts";
import { levelsOf, type TiffLevel, type TiffSeries } from "./series.ts";
import { disagreement, readLayouts } from "./stack.ts";
import { describeSubPages, type SubPage } from "./sub-pages.ts";
import { WindowReader } from "./window.ts";

export type { PageAxis } from "./calibration.ts";
export type { TagValue } from "./directory.ts";
export type { TiffPage } from "./page.ts";
export type { TiffLevel, TiffSeries } from "./series.ts";

/** Values read from a TIFF, in C order. */
export interface TiffArray {
	data: TypedArray;
	/** Slowest axis first. */
	shape: number[];
	dtype: DataType;
	/** Type of the values as stored, where it is another: "float16" is read as float32. */
	storedDtype?: "float16";
}

/** Pages, with what decoding each needs, and where its SubIFDs are listed; and the images that they make. */
interface TiffPages {
	series: TiffSeries[];
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
	/**
	 * The images that the file holds, mostly one. OME-XML says which; without it, pages that agree in shape and type are
	 * one image, and pages marked as smaller copies are its levels, as in tifffile's `series` and Bio-Formats. One that
	 * cannot be read is listed with its `problem`; one that is wholly in other files has no pages here.
	 */
	readonly series: readonly TiffSeries[];
	/** Numbers of pages that are in no image: OME-XML does not name them. */
	readonly strayPages: readonly number[];
	/** Why the list of pages is not whole, where it is not. Reading the stack throws this. */
	readonly problem?: ChunkwiseError;
	readonly #file: TiffFile;
	readonly #layouts: (PageLayout | undefined)[];
	readonly #below: (Entry | undefined)[];
	readonly #subPages = new Map<number, Promise<SubPage[]>>();
	#windows?: WindowReader;

	constructor(
		file: TiffFile,
		{ pages, layouts, below, series }: TiffPages,
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
		this.series = series;
		const used = new Set(series.flatMap((one) => [...one.pages, ...one.reduced.flat()]));
		this.strayPages = pages.map((page) => page.index).filter((page) => !used.has(page));
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
		const differing = disagreement(this.pages, this.name);
		if (differing) throw differing;
	}

	/** True where all pages can be read into one array. */
	get uniform(): boolean {
		return (
			!this.problem &&
			this.pages.every((page) => !page.problem) &&
			disagreement(this.pages, this.name) === undefined
		);
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
	 * One of the images.
	 * @throws ChunkwiseError no-such-series
	 */
	seriesAt(index: number): TiffSeries {
		const found = this.series[index];
		if (found) return found;
		throw new ChunkwiseError("no-such-series", `The file has no image ${index}.`, {
			where: this.name,
			remedy: `Its images are counted from 0 to ${this.series.length - 1}.`,
		});
	}

	/**
	 * The scale levels of one of the images, itself first: smaller copies below its pages (SubIFDs) or among the pages,
	 * the larger first. The first page's SubIFDs are read for that, no pixels.
	 * @throws ChunkwiseError no-such-series, tiff-truncated, tiff-corrupt
	 */
	async seriesLevels(index: number, task: LongTask = {}): Promise<TiffLevel[]> {
		return levelsOf(this, this.seriesAt(index), task);
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
		const { page, layout } = await this.#subPage(index, sub, task);
		const data = allocateFor(this.name, layout.dtype, product(page.shape));
		await decodePage(this.#file, layout, bytesOf(data), task.signal);
		return { data, shape: [...page.shape], dtype: layout.dtype, storedDtype: page.storedDtype };
	}

	/** @throws ChunkwiseError no-such-page, and the page's problem */
	async #subPage(index: number, sub: number, task: LongTask): Promise<Required<SubPage>> {
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
		return { page, layout };
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
	 * @param task `into`: an array to use again, where it has the right type and length; `sub`: of the page with this
	 *   number below the page (SubIFDs) in place of the page itself
	 * @throws ChunkwiseError no-such-page, tiff-truncated, tiff-corrupt, tiff-unsupported, tiff-too-large
	 */
	async readWindow(
		index: number,
		rows: readonly [start: number, stop: number],
		columns: readonly [start: number, stop: number],
		task: LongTask & { into?: TypedArray; sub?: number } = {},
	): Promise<TypedArray> {
		const layout =
			task.sub === undefined ? this.#layout(index) : (await this.#subPage(index, task.sub, task)).layout;
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
		const { dtype } = layouts[0];
		const shape = [layouts.length, ...this.pages[0].shape];
		const data = await readLayouts(this.#file, layouts, product(shape), task);
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
}
