/**
 * Writes grey TIFF 6.0 files: one page for each plane, in strips, with deflate and horizontal differencing.
 * All directories lie at the front, so that a reader over HTTP finds every page with one request.
 */
import { ChunkwiseError } from "../errors.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { type DataType, itemSize, type TypedArray } from "../types.ts";
import { compressions, fieldType, tagNumbers } from "./tags.ts";
import { DirectoryLayout, even } from "./write-directory.ts";
import { encodeStrip, predictable } from "./write-strip.ts";

/** A plane or a stack of planes, to write into a TIFF. */
export interface TiffImage {
	/** C order, x fastest; z · y · x values. */
	data: TypedArray;
	/** [z, y, x] or [y, x]. */
	shape: readonly number[];
	dtype: DataType;
}

/** How a TIFF is written. */
export interface TiffWriteOptions extends LongTask {
	/** Compress with deflate, TIFF's compression 8 (default true). */
	deflate?: boolean;
	/** Store differences between neighbours along x (predictor 2), which compress better. Default: where deflate is used and the values are integers of up to 32 bits. */
	predictor?: boolean;
	/** Rows of a strip; default as many as fit into 256 KiB. */
	rowsPerStrip?: number;
	/** ImageDescription of the first page. TIFF holds ASCII: other characters become "?". */
	description?: string;
	/** Software, of the first page; default "Chunkwise". */
	software?: string;
	/**
	 * Distance between voxels, written as ImageJ does: the description then begins with ImageJ's own lines.
	 * Without it the file says nothing but square pixels, which ITK and ImageJ read as spacing 1.
	 */
	spacing?: { x: number; y: number; z?: number; unit: string };
}

interface Page {
	strips: Uint8Array[];
	/** Of the first page only. */
	texts: [tag: number, text: string][];
}

/** Pages compressed at the same time: the platform's zlib runs beside the script. */
const pagesAtOnce = 4;
const stripBytes = 1 << 18;

/**
 * A TIFF file of the image, little-endian.
 * @throws ChunkwiseError tiff-write where the shape, type and data do not agree or the options cannot be had,
 * tiff-too-large beyond 4 GiB; the signal's reason when aborted
 */
export async function writeTiff(
	image: TiffImage,
	options: TiffWriteOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
	const { pages: count, height, width } = checkImage(image);
	const { deflate = true, signal } = options;
	const predictor = options.predictor ?? (deflate && predictable(image.dtype));
	if (predictor && !deflate) {
		throw problem("Readers undo differences only where they are compressed.", "Leave out predictor.");
	}
	if (predictor && !predictable(image.dtype)) {
		throw problem(
			`Differences of ${image.dtype} values cannot be stored: predictor 2 is for integers of 8 to 32 bits.`,
			"Leave out predictor.",
		);
	}
	const rowValues = width;
	const fitting = Math.max(1, Math.floor(stripBytes / (width * itemSize(image.dtype))));
	const rowsPerStrip = Math.min(height, options.rowsPerStrip ?? fitting);
	if (!Number.isInteger(rowsPerStrip) || rowsPerStrip < 1) {
		throw problem(`A strip cannot have ${options.rowsPerStrip} rows.`, "Give a whole number of at least 1.");
	}

	const report = progressOf(options);
	const pages = new Array<Page>(count);
	let next = 0;
	let done = 0;
	let failed = false;
	const worker = async () => {
		while (next < count && !failed) {
			const index = next++;
			try {
				signal?.throwIfAborted();
				const strips: Uint8Array[] = [];
				for (let row = 0; row < height; row += rowsPerStrip) {
					const from = (index * height + row) * width;
					const rows = Math.min(rowsPerStrip, height - row);
					const values = image.data.subarray(from, from + rows * width) as TypedArray;
					strips.push(await encodeStrip(values, { rowValues, predictor, deflate }));
				}
				pages[index] = { strips, texts: index === 0 ? texts(options, count) : [] };
			} catch (error) {
				failed = true;
				throw error;
			}
			report({ label: "Writing the TIFF", done: ++done, total: count, unit: "pages" });
		}
	};
	await Promise.all(Array.from({ length: Math.min(pagesAtOnce, count) }, worker));

	const directories = pages.map((page) => {
		const directory = new DirectoryLayout();
		const sizes = page.strips.map((strip) => strip.byteLength);
		directory.numbers(tagNumbers.ImageWidth, fieldType.long, [width]);
		directory.numbers(tagNumbers.ImageLength, fieldType.long, [height]);
		directory.numbers(tagNumbers.BitsPerSample, fieldType.short, [itemSize(image.dtype) * 8]);
		directory.numbers(tagNumbers.Compression, fieldType.short, [
			deflate ? compressions.deflate : compressions.none,
		]);
		// Black is zero.
		directory.numbers(tagNumbers.PhotometricInterpretation, fieldType.short, [1]);
		for (const [tag, text] of page.texts) directory.text(tag, text);
		directory.numbers(tagNumbers.StripOffsets, fieldType.long, new Array<number>(sizes.length).fill(0));
		directory.numbers(tagNumbers.SamplesPerPixel, fieldType.short, [1]);
		directory.numbers(tagNumbers.RowsPerStrip, fieldType.long, [rowsPerStrip]);
		directory.numbers(tagNumbers.StripByteCounts, fieldType.long, sizes);
		directory.numbers(tagNumbers.XResolution, fieldType.rational, resolution(options.spacing?.x));
		directory.numbers(tagNumbers.YResolution, fieldType.rational, resolution(options.spacing?.y));
		// No absolute unit.
		directory.numbers(tagNumbers.ResolutionUnit, fieldType.short, [1]);
		if (predictor) directory.numbers(tagNumbers.Predictor, fieldType.short, [2]);
		directory.numbers(tagNumbers.SampleFormat, fieldType.short, [sampleFormat(image.dtype)]);
		return directory;
	});
	return assemble(pages, directories);
}

function assemble(pages: Page[], directories: DirectoryLayout[]): Uint8Array<ArrayBuffer> {
	const header = 8;
	const front = directories.reduce((sum, directory) => sum + directory.size, header);
	const pixels = pages.reduce(
		(sum, page) => page.strips.reduce((all, strip) => all + even(strip.byteLength), sum),
		0,
	);
	if (front + pixels > 0xffffffff) {
		throw new ChunkwiseError(
			"tiff-too-large",
			"The file would be larger than 4 GiB, the most TIFF can hold.",
			{
				remedy: "Compress it, or write an OME-Zarr.",
			},
		);
	}
	const file = new Uint8Array(front + pixels);
	const view = new DataView(file.buffer);
	view.setUint16(0, 0x4949, true);
	view.setUint16(2, 42, true);
	view.setUint32(4, header, true);
	let directoryAt = header;
	let pixelsAt = front;
	for (const [i, page] of pages.entries()) {
		const offsets = page.strips.map((strip) => {
			const at = pixelsAt;
			file.set(strip, at);
			pixelsAt += even(strip.byteLength);
			return at;
		});
		const directory = directories[i];
		directory.replace(tagNumbers.StripOffsets, offsets);
		const following = i + 1 < pages.length ? directoryAt + directory.size : 0;
		directory.write(view, directoryAt, following);
		directoryAt += directory.size;
	}
	return file;
}

function checkImage(image: TiffImage): { pages: number; height: number; width: number } {
	const { shape, data, dtype } = image;
	const [pages, height, width] = shape.length === 2 ? [1, ...shape] : shape;
	const lengths = [pages, height, width];
	if (shape.length < 2 || shape.length > 3 || lengths.some((n) => !Number.isInteger(n) || n < 1)) {
		throw problem(
			`A stack of pages cannot have the shape ${shape.join(" × ")}.`,
			"Give [z, y, x] or [y, x].",
		);
	}
	if (data.length !== pages * height * width) {
		throw problem(
			`There are ${data.length} values and the shape ${shape.join(" × ")} wants ${pages * height * width}.`,
			"Give the shape of the data.",
		);
	}
	if (data.BYTES_PER_ELEMENT !== itemSize(dtype)) {
		throw problem(
			`The data's elements have ${data.BYTES_PER_ELEMENT} bytes, ${dtype} has ${itemSize(dtype)}.`,
			"Give the type of the data.",
		);
	}
	return { pages, height, width };
}

function problem(message: string, remedy: string): ChunkwiseError {
	return new ChunkwiseError("tiff-write", message, { remedy });
}

function texts(options: TiffWriteOptions, pages: number): Page["texts"] {
	const { spacing, software = "Chunkwise" } = options;
	const imageJ = spacing && [
		"ImageJ=1.11a",
		`images=${pages}`,
		...(pages > 1 ? [`slices=${pages}`] : []),
		`unit=${spacing.unit}`,
		...(spacing.z === undefined ? [] : [`spacing=${spacing.z}`]),
	];
	const description = [...(imageJ ?? []), ...(options.description ? [options.description] : [])].join("\n");
	return [
		...(description ? ([[tagNumbers.ImageDescription, description]] as Page["texts"]) : []),
		[tagNumbers.Software, software],
	];
}

/** Pixels for one unit, as a fraction of two 32-bit numbers. */
function resolution(spacing = 1): [number, number] {
	if (!(spacing > 0) || !Number.isFinite(spacing)) {
		throw problem(`The spacing cannot be ${spacing}.`, "Give a positive number.");
	}
	const scale = Math.min(
		1e6,
		Math.floor(0xffffffff / Math.max(1, spacing)),
		Math.floor(0xffffffff * spacing),
	);
	return spacing === 1 ? [1, 1] : [Math.round(scale), Math.round(scale * spacing)];
}

function sampleFormat(dtype: DataType): number {
	return dtype.startsWith("float") ? 3 : dtype.startsWith("int") ? 2 : 1;
}
