/** What one page's directory says of its pixels, checked before anything is allocated for them. */
import { isChunkwiseError } from "../errors.ts";
import { type DataType, itemSize } from "../types.ts";
import type { Directory } from "./directory.ts";
import { corrupt, unsupported } from "./errors.ts";
import { growthLimit, isDecoded, type PageLayout, type TiffPage } from "./page.ts";
import { compressionName, compressions, knownCompression } from "./tags.ts";

export interface DescribedPage {
	page: TiffPage;
	layout?: PageLayout;
}

/** Describes a page; what makes it unreadable is kept as its `problem`, so that the other pages can still be read. */
export async function describePage(
	directory: Directory,
	index: number,
	fileSize: number,
	signal?: AbortSignal,
): Promise<DescribedPage> {
	const page: TiffPage = {
		index,
		width: 0,
		height: 0,
		samplesPerPixel: 1,
		bitsPerSample: 1,
		compression: "none",
		predictor: 1,
		tiled: false,
		planar: false,
		shape: [],
	};
	try {
		const layout = await layOut(directory, page, fileSize, signal);
		return { page, layout };
	} catch (error) {
		if (!isChunkwiseError(error)) throw error;
		page.problem = error;
		return { page };
	}
}

async function layOut(
	directory: Directory,
	page: TiffPage,
	fileSize: number,
	signal?: AbortSignal,
): Promise<PageLayout> {
	const { where } = directory;
	const number = async (name: Parameters<Directory["number"]>[0], otherwise: number) =>
		(await directory.number(name, signal)) ?? otherwise;

	if ((await number("NewSubfileType", 0)) & 1) page.reduced = true;
	const below = directory.entry("SubIFDs");
	if (below) page.subPageCount = below.count;
	page.width = await number("ImageWidth", 0);
	page.height = await number("ImageLength", 0);
	page.samplesPerPixel = await number("SamplesPerPixel", 1);
	page.planar = page.samplesPerPixel > 1 && (await planarConfiguration(directory, signal)) === 2;
	const { width, height, samplesPerPixel: samples, planar } = page;
	if (width === 0 || height === 0 || samples === 0) {
		throw corrupt(
			where,
			`The page is ${width} × ${height} with ${samples} samples a pixel: it has no pixels.`,
		);
	}
	page.shape = samples === 1 ? [height, width] : planar ? [samples, height, width] : [height, width, samples];
	const compression = knownCompression(await number("Compression", compressions.none));
	page.compression = compressionName(compression);
	const bits = await bitsPerSample(directory, samples, signal);
	page.bitsPerSample = bits;
	const format = await sampleFormat(directory, samples, signal);
	const dtype = elementType(where, bits, format);
	page.predictor = predicts(compression) ? await number("Predictor", 1) : 1;
	checkPredictor(where, page.predictor, bits, format);
	const blocks = await blockGrid(directory, page, signal);
	const block = [blocks.blockHeight, blocks.blockWidth];
	page.chunks = samples === 1 ? block : planar ? [1, ...block] : [...block, samples];
	page.chunkCount = blocks.blocks;
	const depth = await number("ImageDepth", 1);
	if (depth > 1) {
		throw unsupported(where, `The page is a volume of ${depth} slices (ImageDepth), not one slice.`);
	}
	const photometric = await number("PhotometricInterpretation", samples >= 3 ? 2 : 1);
	if (!isDecoded(compression)) {
		throw unsupported(where, `The page is compressed with ${page.compression}, which is not decoded here.`);
	}
	if (photometric === 6 && compression !== compressions.jpeg) {
		const subsampling = (await directory.numbers("YCbCrSubSampling", 2, signal)) ?? [2, 2];
		if (subsampling.some((factor) => factor !== 1)) {
			throw unsupported(where, "The page stores colour (YCbCr) at a lower resolution than brightness.");
		}
	}
	if (compression === compressions.jpeg && bits !== 8) {
		throw unsupported(where, `The page is a JPEG of ${bits} bits a sample.`);
	}
	const { ccittRle, ccittFax3, ccittFax4 } = compressions;
	if (([ccittRle, ccittFax3, ccittFax4] as number[]).includes(compression) && bits * samples !== 1) {
		throw unsupported(
			where,
			`The page is fax data, with ${bits} bits a sample and ${samples} a pixel where it can have one.`,
		);
	}
	const bytes = width * height * samples * itemSize(dtype);
	if ((bytes * bits) / (8 * itemSize(dtype)) > fileSize * growthLimit(compression)) {
		throw corrupt(
			where,
			`The page is ${width} × ${height} with ${samples} samples of ${bits} bits, ${bytes} bytes, which cannot come out of a file of ${fileSize} bytes.`,
		);
	}
	page.dtype = dtype;
	if (format === 3 && bits === 16) page.storedDtype = "float16";
	return {
		where,
		width,
		height,
		samples,
		bits,
		dtype,
		planar,
		compression,
		predictor: page.predictor,
		reversedBits: (await number("FillOrder", 1)) === 2,
		tiled: page.tiled,
		...blocks,
		jpegTables: directory.entry("JPEGTables"),
		faxOptions: await number(compression === ccittFax4 ? "T6Options" : "T4Options", 0),
		lercCompression: (await directory.numbers("LercParameters", 2, signal))?.[1] ?? 0,
		ycbcr: photometric === 6 && samples === 3,
		bytes,
	};
}

async function planarConfiguration(directory: Directory, signal?: AbortSignal): Promise<number> {
	const value = (await directory.number("PlanarConfiguration", signal)) ?? 1;
	if (value === 1 || value === 2) return value;
	throw corrupt(directory.where, `PlanarConfiguration is ${value} and can be 1 or 2.`);
}

async function bitsPerSample(directory: Directory, samples: number, signal?: AbortSignal): Promise<number> {
	const list = (await directory.numbers("BitsPerSample", samples, signal)) ?? [1];
	const [bits] = list;
	if (list.some((other) => other !== bits)) {
		throw unsupported(
			directory.where,
			`The samples of a pixel have different sizes: ${list.join(", ")} bits.`,
		);
	}
	return bits;
}

async function sampleFormat(directory: Directory, samples: number, signal?: AbortSignal): Promise<number> {
	const list = (await directory.numbers("SampleFormat", samples, signal)) ?? [1];
	const [format] = list;
	if (list.some((other) => other !== format)) {
		throw unsupported(directory.where, "The samples of a pixel have different number formats.");
	}
	return format;
}

/** SampleFormat 1 unsigned, 2 signed, 3 floating point, 4 not said (taken as unsigned, as libtiff does). */
function elementType(where: string, bits: number, format: number): DataType {
	if (format === 1 || format === 4) {
		if (bits >= 1 && bits <= 8) return "uint8";
		if (bits > 8 && bits <= 16) return "uint16";
		if (bits > 16 && bits <= 32) return "uint32";
		if (bits === 64) return "uint64";
	}
	if (format === 2 && (bits === 8 || bits === 16 || bits === 32 || bits === 64)) return `int${bits}`;
	if (format === 3 && (bits === 32 || bits === 64)) return `float${bits}`;
	// Halves, and DNG's floats of 24 bits, are read as single-precision numbers.
	if (format === 3 && (bits === 16 || bits === 24)) return "float32";
	if (bits === 0 || format === 0 || format > 6) {
		throw corrupt(where, `A sample of ${bits} bits in number format ${format} makes no sense.`);
	}
	const formats = ["", "unsigned", "signed", "floating-point", "unsigned", "complex integer", "complex"];
	throw unsupported(where, `The samples are ${formats[format]} numbers of ${bits} bits.`);
}

/** Schemes whose data libtiff runs through a predictor; for the others the tag means nothing. */
function predicts(compression: number): boolean {
	const { lzw, deflate, deflateOld, zstd, lzma } = compressions;
	return ([lzw, deflate, deflateOld, zstd, lzma] as number[]).includes(compression);
}

function checkPredictor(where: string, predictor: number, bits: number, format: number): void {
	if (predictor === 1) return;
	if (predictor === 2 && (bits === 8 || bits === 16 || bits === 32 || bits === 64)) return;
	if (predictor === 3 && format === 3) return;
	if (predictor === 2 || predictor === 3) {
		throw unsupported(
			where,
			`Predictor ${predictor} is not decoded for samples of ${bits} bits in this format.`,
		);
	}
	throw corrupt(where, `Predictor is ${predictor} and can be 1, 2 or 3.`);
}

async function blockGrid(directory: Directory, page: TiffPage, signal?: AbortSignal) {
	const { where } = directory;
	const { width, height, samplesPerPixel, planar } = page;
	page.tiled = directory.entry("TileOffsets") !== undefined || directory.entry("TileWidth") !== undefined;
	const [offsetsTag, countsTag] = page.tiled
		? (["TileOffsets", "TileByteCounts"] as const)
		: (["StripOffsets", "StripByteCounts"] as const);
	// Some writers put a tiled page's offsets under the names for strips.
	const offsets = directory.entry(offsetsTag) ?? directory.entry("StripOffsets");
	const byteCounts = directory.entry(countsTag) ?? directory.entry("StripByteCounts");
	let blockWidth = width;
	let blockHeight = height;
	if (page.tiled) {
		blockWidth = (await directory.number("TileWidth", signal)) ?? 0;
		blockHeight = (await directory.number("TileLength", signal)) ?? 0;
		if (blockWidth === 0 || blockHeight === 0) {
			throw corrupt(where, `The tiles are ${blockWidth} × ${blockHeight}: they have no pixels.`);
		}
	} else {
		const rows = await directory.number("RowsPerStrip", signal);
		if (rows === 0) throw corrupt(where, "The strips have no rows.");
		blockHeight = Math.min(rows ?? height, height);
	}
	if (!offsets)
		throw corrupt(where, `The page does not say where its ${page.tiled ? "tiles" : "strips"} are.`);
	const across = Math.ceil(width / blockWidth);
	const down = Math.ceil(height / blockHeight);
	const blocks = across * down * (planar ? samplesPerPixel : 1);
	for (const [entry, what] of [
		[offsets, "places"],
		[byteCounts, "sizes"],
	] as const) {
		if (entry && entry.count < blocks) {
			throw corrupt(
				where,
				`The page needs ${blocks} ${page.tiled ? "tiles" : "strips"} and lists ${what} for ${entry.count}.`,
			);
		}
	}
	return { blockWidth, blockHeight, across, down, blocks, offsets, byteCounts };
}
