/** Numbers of the TIFF 6.0 specification, its supplements and BigTIFF, with their names. */

export const tagNumbers = {
	NewSubfileType: 254,
	SubfileType: 255,
	ImageWidth: 256,
	ImageLength: 257,
	BitsPerSample: 258,
	Compression: 259,
	PhotometricInterpretation: 262,
	FillOrder: 266,
	DocumentName: 269,
	ImageDescription: 270,
	Make: 271,
	Model: 272,
	StripOffsets: 273,
	Orientation: 274,
	SamplesPerPixel: 277,
	RowsPerStrip: 278,
	StripByteCounts: 279,
	MinSampleValue: 280,
	MaxSampleValue: 281,
	XResolution: 282,
	YResolution: 283,
	PlanarConfiguration: 284,
	PageName: 285,
	XPosition: 286,
	YPosition: 287,
	T4Options: 292,
	T6Options: 293,
	ResolutionUnit: 296,
	PageNumber: 297,
	TransferFunction: 301,
	Software: 305,
	DateTime: 306,
	Artist: 315,
	HostComputer: 316,
	Predictor: 317,
	WhitePoint: 318,
	PrimaryChromaticities: 319,
	ColorMap: 320,
	TileWidth: 322,
	TileLength: 323,
	TileOffsets: 324,
	TileByteCounts: 325,
	SubIFDs: 330,
	InkSet: 332,
	ExtraSamples: 338,
	SampleFormat: 339,
	SMinSampleValue: 340,
	SMaxSampleValue: 341,
	JPEGTables: 347,
	YCbCrCoefficients: 529,
	YCbCrSubSampling: 530,
	YCbCrPositioning: 531,
	ReferenceBlackWhite: 532,
	XMP: 700,
	ImageDepth: 32997,
	Copyright: 33432,
	ICCProfile: 34675,
	LercParameters: 50674,
	ImageJMetadataByteCounts: 50838,
	ImageJMetadata: 50839,
} as const;

export type TagName = keyof typeof tagNumbers;

const names = new Map<number, string>(Object.entries(tagNumbers).map(([name, number]) => [number, name]));

/** The name of a tag, or `tag 65000` for one without. */
export function tagName(tag: number): string {
	return names.get(tag) ?? `tag ${tag}`;
}

/** Bytes of one value of each field type; index 0 is no type. Types 16 to 18 are BigTIFF's. */
export const typeSizes: readonly number[] = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

export const fieldType = {
	byte: 1,
	ascii: 2,
	short: 3,
	long: 4,
	rational: 5,
	sbyte: 6,
	undefined: 7,
	sshort: 8,
	slong: 9,
	srational: 10,
	float: 11,
	double: 12,
	ifd: 13,
	long8: 16,
	slong8: 17,
	ifd8: 18,
} as const;

export const compressions = {
	none: 1,
	ccittRle: 2,
	ccittFax3: 3,
	ccittFax4: 4,
	lzw: 5,
	oldJpeg: 6,
	jpeg: 7,
	deflate: 8,
	jbig: 34661,
	packbits: 32773,
	thunderscan: 32809,
	deflateOld: 32946,
	sgiLog: 34676,
	sgiLog24: 34677,
	jpeg2000: 34712,
	lerc: 34887,
	lzma: 34925,
	zstd: 50000,
	webp: 50001,
	jpegXl: 50002,
} as const;

/** Numbers that others gave to the same schemes: zstd before it had its own, PixTIFF's deflate. */
const otherNumbers = new Map<number, number>([
	[34926, compressions.zstd],
	[50013, compressions.deflate],
]);

/** A scheme's number as listed in {@link compressions}, where it has one there. */
export function knownCompression(compression: number): number {
	return otherNumbers.get(compression) ?? compression;
}

const compressionNames = new Map<number, string>([
	[compressions.none, "none"],
	[compressions.ccittRle, "CCITT modified Huffman"],
	[compressions.ccittFax3, "CCITT fax 3"],
	[compressions.ccittFax4, "CCITT fax 4"],
	[compressions.lzw, "LZW"],
	[compressions.oldJpeg, "old-style JPEG"],
	[compressions.jpeg, "JPEG"],
	[compressions.deflate, "deflate"],
	[compressions.deflateOld, "deflate"],
	[compressions.jbig, "JBIG"],
	[compressions.packbits, "PackBits"],
	[compressions.thunderscan, "ThunderScan"],
	[compressions.sgiLog, "SGI log"],
	[compressions.sgiLog24, "SGI log 24"],
	[compressions.jpeg2000, "JPEG 2000"],
	[33003, "JPEG 2000 (Aperio)"],
	[33005, "JPEG 2000 (Aperio)"],
	[compressions.lerc, "LERC"],
	[34933, "PNG"],
	[34934, "JPEG XR"],
	[22610, "JPEG XR (NDPI)"],
	[50002, "JPEG XL"],
	[52546, "JPEG XL (DNG)"],
	[34892, "lossy JPEG (DNG)"],
	[compressions.lzma, "LZMA"],
	[compressions.zstd, "zstd"],
	[compressions.webp, "WebP"],
]);

/** The name of a compression scheme, or `compression 65000` for one without. */
export function compressionName(compression: number): string {
	return compressionNames.get(compression) ?? `compression ${compression}`;
}
