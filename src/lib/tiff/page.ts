/** A page of a TIFF: what readers of the file are told of it, and what decoding it needs to know. */
import type { DataType } from "../types.ts";
import type { Entry } from "./file.ts";
import { compressions } from "./tags.ts";

/** A page of a TIFF as a reader of the file wants to know it. */
export interface TiffPage {
	/** Position in the file, from 0. */
	index: number;
	width: number;
	height: number;
	/** 1 for grey, 3 for RGB. */
	samplesPerPixel: number;
	/** Bits of one sample as stored; samples of 1 to 7 bits are read as uint8, 9 to 15 as uint16, 17 to 31 as uint32. */
	bitsPerSample: number;
	/** Type of the values once read; undefined where the page cannot be read. */
	dtype?: DataType;
	/** Type of the values as stored, where it is another than that of the values once read: half-precision numbers. */
	storedDtype?: "float16";
	/** "none", "deflate", "LZW", … */
	compression: string;
	/** 1 none, 2 differences, 3 differences of floating-point numbers. */
	predictor: number;
	tiled: boolean;
	/** True where each sample has a plane of its own. */
	planar: boolean;
	/** Shape of the values: [height, width], with samples last [h, w, s], or first where planar [s, h, w]. */
	shape: number[];
	/** Shape of a strip or tile, in the order of `shape`; undefined where the page does not say. */
	chunks?: number[];
	/** Number of strips or tiles. */
	chunkCount?: number;
	/** True where the page says that it is a smaller copy of another one (NewSubfileType), as in SVS and NDPI. */
	reduced?: boolean;
	/** Number of directories below the page (SubIFDs), as a rule its smaller copies: Tiff.subPages() describes them. */
	subPageCount?: number;
	/** Why the page cannot be read, where it cannot. Reading it throws this. */
	problem?: Error;
}

/** What decoding a page needs to know, beyond what {@link TiffPage} says. */
export interface PageLayout {
	where: string;
	width: number;
	height: number;
	samples: number;
	bits: number;
	dtype: DataType;
	planar: boolean;
	compression: number;
	predictor: number;
	/** Bits of each byte are stored in reverse. */
	reversedBits: boolean;
	/** Strips are blocks as wide as the image. */
	tiled: boolean;
	blockWidth: number;
	blockHeight: number;
	across: number;
	down: number;
	/** Number of blocks: across × down, for each sample where planar. */
	blocks: number;
	offsets: Entry;
	/** The page's data as one uncompressed run from this byte on, in place of `offsets` (ImageJ). */
	contiguousAt?: number;
	/** Absent in some old uncompressed files. */
	byteCounts?: Entry;
	jpegTables?: Entry;
	/** Fax compressions: T4Options or T6Options. */
	faxOptions: number;
	/** LERC: what its blobs are compressed with besides, 0 nothing, 1 deflate, 2 zstd. */
	lercCompression: number;
	/** JPEG: the stored colours are luma and chroma, to be given as RGB. */
	ycbcr: boolean;
	/** Bytes of the page once read. */
	bytes: number;
}

/**
 * Largest growth that a scheme's data can have when decoded: a page that claims more is refused before memory is
 * taken. deflate: 258 bytes for 2 bits. LZW: strings grow by one with each code of 9 to 12 bits. PackBits: 128 bytes
 * for 2. zstd: a 128 KiB block for 4 bytes. LZMA: 273 bytes for a few thousandths of a byte each. JPEG, LERC and fax have no
 * bound worth the name; this is far above any picture.
 */
const largestGrowth = new Map<number, number>([
	[compressions.none, 1],
	[compressions.packbits, 64],
	[compressions.deflate, 1040],
	[compressions.deflateOld, 1040],
	[compressions.lzw, 1400],
	[compressions.zstd, 33000],
	[compressions.jpeg, 10000],
	[compressions.lzma, 20000],
	[compressions.lerc, 50000],
	[compressions.ccittRle, 250],
	[compressions.ccittFax3, 30000],
	[compressions.ccittFax4, 30000],
]);

/** How many times larger than its stored bytes a block can be. */
export function growthLimit(compression: number): number {
	return largestGrowth.get(compression) ?? 1;
}

/** True for the schemes that are decoded here. */
export function isDecoded(compression: number): boolean {
	return largestGrowth.has(compression);
}
