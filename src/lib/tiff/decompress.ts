/**
 * One strip or tile from its stored bytes to its decoded ones, for each compression scheme. Output is bounded by what
 * the block should hold, whatever the data says.
 */
import { gather } from "../n5/streams.ts";
import { openXz } from "../n5/xz.ts";
import { inflateByPlatform } from "../zarr/codecs/deflate.ts";
import { inflateInto, inflatesCompiled } from "../zarr/codecs/inflate.ts";
import { DecodeError, KindError } from "./decode-error.ts";
import { faxInto } from "./fax.ts";
import { markWithoutValue } from "./lerc-mask.ts";
import { lzwInto } from "./lzw.ts";
import { packBitsInto } from "./packbits.ts";
import { compressions } from "./tags.ts";
import { undoDelta, withoutDelta } from "./xz-delta.ts";
import { largestZstdSize } from "./zstd-frame.ts";

/** What the decoders of JPEG and LERC need beyond the block's bytes. */
export interface BlockContext {
	tables?: Uint8Array;
	width: number;
	height: number;
	samples: number;
	/** Give RGB for stored YCbCr. */
	ycbcr: boolean;
	faxOptions: number;
	/** What LERC's blobs are compressed with besides: 0 nothing, 1 deflate, 2 zstd. */
	lercCompression: number;
}

/**
 * Decodes a block into `output` and returns how many bytes that gave: fewer than its length where the data ends early.
 * @throws DecodeError where the data is damaged
 */
export async function decompressInto(
	compression: number,
	input: Uint8Array,
	output: Uint8Array,
	context: BlockContext,
): Promise<number> {
	switch (compression) {
		case compressions.none:
			return copy(input, output);
		case compressions.deflate:
		case compressions.deflateOld:
			return inflate(input, output);
		case compressions.lzw:
			return lzwInto(input, output);
		case compressions.packbits:
			return packBitsInto(input, output);
		case compressions.zstd:
			return copy(await zstd(input, output.length), output);
		case compressions.jpeg:
			return copy(await decodeJpeg(input, context), output);
		case compressions.lzma:
			return copy(await unpackXz(input, output.length), output);
		case compressions.ccittRle:
		case compressions.ccittFax3:
		case compressions.ccittFax4:
			return faxInto(compression, input, output, { width: context.width, options: context.faxOptions });
		case compressions.lerc:
			return copy(await decodeLerc(input, context, output.length), output);
		default:
			throw new DecodeError(`compression ${compression} is not decoded here`);
	}
}

function copy(from: Uint8Array, to: Uint8Array): number {
	const length = Math.min(from.length, to.length);
	to.set(length < from.length ? from.subarray(0, length) : from);
	return length;
}

/** From so many bytes on the platform's inflater is worth its set-up, in place of the one in JavaScript. */
const platformFrom = 12 * 1024;

async function inflate(input: Uint8Array, output: Uint8Array): Promise<number> {
	const size = output.length;
	if (size >= platformFrom && !inflatesCompiled(input, output)) {
		// It is stricter than TIFF files are: what it refuses is tried again below.
		const plain = await inflateByPlatform(input, "zlib", size, size).catch(() => undefined);
		if (plain?.length === size) return copy(plain, output);
	}
	try {
		return inflateInto(input, output, "zlib");
	} catch (cause) {
		throw new DecodeError((cause as Error).message, { cause });
	}
}

/** geotiff's decoders, loaded when a file needs one. */
async function geotiffDecoder(compression: number, parameters: Record<string, unknown>) {
	const { getDecoder } = await import("geotiff");
	return getDecoder(compression, {
		tileWidth: 0,
		tileHeight: 0,
		// Predictors are undone by our own code, which knows more of them.
		predictor: 1,
		bitsPerSample: 8,
		planarConfiguration: 1,
		...parameters,
	});
}

async function runGeotiff(compression: number, parameters: Record<string, unknown>, input: Uint8Array) {
	try {
		const decoder = await geotiffDecoder(compression, parameters);
		return new Uint8Array(await decoder.decode(input.slice().buffer));
	} catch (cause) {
		throw new DecodeError(cause instanceof Error ? cause.message : String(cause), { cause });
	}
}

async function zstd(input: Uint8Array, size: number): Promise<Uint8Array> {
	// Frames of unknown size end in a block that is not full, and encoders that flush have more of those.
	if (largestZstdSize(input) > 8 * size + (1 << 20)) {
		throw new DecodeError("the zstd frame is far larger than the block");
	}
	return (await runGeotiff(compressions.zstd, {}, input)).subarray(0, size);
}

/** libtiff and tifffile store .xz streams, libtiff with a delta filter. */
async function unpackXz(input: Uint8Array, size: number): Promise<Uint8Array> {
	const { plain, distance } = withoutDelta(input);
	try {
		const out = await gather(plain, size + (1 << 16), await openXz());
		if (distance > 0) undoDelta(out, distance);
		return out;
	} catch (cause) {
		throw new DecodeError(cause instanceof Error ? cause.message : String(cause), { cause });
	}
}

/** Esri's LERC. Its blob says how large it is: nothing is decoded that is not the block. */
async function decodeLerc(input: Uint8Array, context: BlockContext, size: number): Promise<Uint8Array> {
	let blob = input;
	if (context.lercCompression === 1) {
		const open = (compressed: ReadableStream<Uint8Array>) =>
			compressed.pipeThrough(
				new DecompressionStream("deflate") as unknown as ReadableWritablePair<Uint8Array, Uint8Array>,
			);
		blob = await gather(input, 2 * size + (1 << 16), open).catch((cause) => {
			throw new DecodeError("the LERC blob cannot be inflated", { cause });
		});
	} else if (context.lercCompression === 2) {
		blob = await zstd(input, 2 * size + (1 << 16));
	} else if (context.lercCompression !== 0) {
		throw new DecodeError(`LERC is compressed besides with scheme ${context.lercCompression}`);
	}
	// The decoder that geotiff.js uses fails on numbers of 32 bits without sign.
	const { width, height, samples } = context;
	const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
	// "Lerc2 ", version, from version 3 on a checksum, rows, columns, from version 4 on numbers a pixel.
	const version = blob.length >= 34 ? view.getInt32(6, true) : 0;
	const at = version >= 3 ? 14 : 10;
	if (String.fromCharCode(...blob.subarray(0, 6)) !== "Lerc2 " || version < 1) {
		throw new DecodeError("the data does not start as LERC of version 2");
	}
	const [rows, columns] = [view.getInt32(at, true), view.getInt32(at + 4, true)];
	const depth = version >= 4 ? view.getInt32(at + 8, true) : 1;
	if (rows !== height || columns !== width || depth !== samples) {
		throw new DecodeError(
			`the LERC blob is ${columns} × ${rows} with ${depth} samples, the block ${width} × ${height} with ${samples}`,
		);
	}
	if (view.getInt32(at + (version >= 4 ? 24 : 20), true) === 5) throw new KindError("it is LERC of uint32");
	const parameters = { LercParameters: [4, 0], samplesPerPixel: samples };
	const decoded = await runGeotiff(compressions.lerc, parameters, blob);
	// Bytes that are stored as they are come as the blob itself, which they end.
	const out = decoded.length === blob.length && size < blob.length ? decoded.subarray(-size) : decoded;
	if (out.length !== size) throw new DecodeError(`LERC gives ${out.length} bytes in place of ${size}`);
	markWithoutValue(blob, out);
	return out;
}

async function decodeJpeg(input: Uint8Array, context: BlockContext): Promise<Uint8Array> {
	const frame = jpegFrame(input);
	const { width, height, samples } = context;
	if (
		frame.width !== width ||
		frame.height < height ||
		frame.height > height + 16 ||
		frame.samples !== samples
	) {
		throw new DecodeError(
			`the JPEG is ${frame.width} × ${frame.height} with ${frame.samples} samples, the block ${width} × ${height} with ${samples}`,
		);
	}
	const parameters = { JPEGTables: context.tables, samplesPerPixel: samples };
	const output = (await runGeotiff(compressions.jpeg, parameters, input)).subarray(
		0,
		width * height * samples,
	);
	// Adobe's marker with transform 0 says that the colours are RGB whatever the page says.
	if (context.ycbcr && frame.adobeTransform !== 0) toRgb(output);
	return output;
}

interface JpegFrame {
	width: number;
	height: number;
	samples: number;
	adobeTransform?: number;
}

/** Size of a JPEG by its frame header (ITU T.81 B.2.2), read before a decoder may allocate for it. */
function jpegFrame(input: Uint8Array): JpegFrame {
	let at = 2;
	let adobeTransform: number | undefined;
	if (input[0] !== 0xff || input[1] !== 0xd8) throw new DecodeError("the data does not start as a JPEG");
	while (at + 4 <= input.length) {
		if (input[at] !== 0xff) throw new DecodeError("the JPEG's headers are damaged");
		const marker = input[at + 1];
		if (marker === 0xff) {
			at++;
			continue;
		}
		const length = (input[at + 2] << 8) | input[at + 3];
		if (marker === 0xee && length >= 14 && input[at + 4] === 0x41 && input[at + 5] === 0x64) {
			adobeTransform = input[at + 15];
		}
		const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
		if (isFrame && at + 10 <= input.length) {
			if (marker > 0xc2)
				throw new KindError("the JPEG is of a kind that is not decoded (lossless or arithmetic)");
			if (input[at + 4] !== 8) throw new KindError(`the JPEG has ${input[at + 4]} bits a sample`);
			return {
				height: (input[at + 5] << 8) | input[at + 6],
				width: (input[at + 7] << 8) | input[at + 8],
				samples: input[at + 9],
				adobeTransform,
			};
		}
		at += 2 + length;
	}
	throw new DecodeError("the JPEG has no frame header");
}

/** JFIF's YCbCr to RGB, in place. */
function toRgb(pixels: Uint8Array): void {
	const clamped = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.byteLength);
	for (let i = 0; i + 2 < clamped.length; i += 3) {
		const y = pixels[i];
		const cb = pixels[i + 1] - 128;
		const cr = pixels[i + 2] - 128;
		clamped[i] = y + 1.402 * cr;
		clamped[i + 1] = y - 0.344136 * cb - 0.714136 * cr;
		clamped[i + 2] = y + 1.772 * cb;
	}
}
