/** The pixels of one page: its strips or tiles read, decompressed and put in place. */
import { isChunkwiseError } from "../errors.ts";
import { allocate, itemSize, type TypedArray } from "../types.ts";
import { halvesToFloats } from "../zarr/half.ts";
import { DecodeError, KindError } from "./decode-error.ts";
import { decompressInto } from "./decompress.ts";
import { corrupt, truncated, unsupported } from "./errors.ts";
import type { TiffFile } from "./file.ts";
import { growthLimit, type PageLayout } from "./page.ts";
import { undoDifferences, undoFloatDifferences } from "./predictor.ts";
import { floatsOf24Bits, reverseBits, swapBytes, unpackBits } from "./samples.ts";
import { compressions } from "./tags.ts";
import { readIntegers } from "./values.ts";

/** A strip, a tile, or some rows of an uncompressed strip. */
export interface Block {
	/** For messages: "Strip 3". */
	name: string;
	offset: number;
	/** Bytes stored. */
	stored: number;
	/** Bytes once decompressed. */
	size: number;
	/** First column, first row and number of rows that the data has. */
	x: number;
	y: number;
	rows: number;
	/** Plane, where planar. */
	plane: number;
}

/** Neighbouring blocks are fetched in one request of up to this many bytes. */
const requestBytes = 1 << 20;
/** Uncompressed strips longer than this are read in parts. */
const partBytes = 4 << 20;

/** Decodes a page into `into`: `layout.bytes` bytes that hold its values in this machine's byte order. */
export async function decodePage(
	file: TiffFile,
	layout: PageLayout,
	into: Uint8Array,
	signal?: AbortSignal,
): Promise<void> {
	const blocks = await listBlocks(file, layout, signal);
	const tables = layout.jpegTables && (await jpegTables(file, layout, signal));
	const requests = groupBlocks(blocks);
	const fetchGroup = (group: Block[]) => {
		const [first] = group;
		const last = group[group.length - 1];
		return file.source.read(first.offset, last.offset + last.stored - first.offset, signal);
	};
	let next = requests.length > 0 ? fetchGroup(requests[0]) : undefined;
	for (let i = 0; i < requests.length; i++) {
		const group = requests[i];
		const bytes = await next!;
		// The next request is on its way while these blocks are decoded.
		next = i + 1 < requests.length ? fetchGroup(requests[i + 1]) : undefined;
		// A failure to decode must not leave the request behind it unheard.
		next?.catch(() => {});
		signal?.throwIfAborted();
		await Promise.all(
			group.map((block) => {
				const start = block.offset - group[0].offset;
				return decodeBlock(file, layout, block, bytes.subarray(start, start + block.stored), tables, into);
			}),
		);
	}
}

export async function jpegTables(
	file: TiffFile,
	layout: PageLayout,
	signal?: AbortSignal,
): Promise<Uint8Array> {
	const entry = layout.jpegTables!;
	const view = await file.values({ ...entry, type: 1 }, Math.min(entry.count, 1 << 16), layout.where, signal);
	return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}

/** Bytes of one row of a block once decompressed. */
export function blockRowBytes(layout: PageLayout): number {
	const perRow = layout.blockWidth * (layout.planar ? 1 : layout.samples);
	return Math.ceil((perRow * layout.bits) / 8);
}

export async function listBlocks(file: TiffFile, layout: PageLayout, signal?: AbortSignal): Promise<Block[]> {
	const { where, blocks: count, blockHeight, height, compression } = layout;
	const rowBytes = blockRowBytes(layout);
	if (layout.contiguousAt !== undefined) {
		const strip = { name: "Its data", x: 0, y: 0, plane: 0 };
		const stored = rowBytes * height;
		return splitStrip(
			{ ...strip, offset: layout.contiguousAt, stored, size: stored, rows: height },
			rowBytes,
		);
	}
	const offsets = await readIntegers(file, layout.offsets, count, where, signal);
	const sizes = layout.byteCounts && (await readIntegers(file, layout.byteCounts, count, where, signal));
	if (!sizes && compression !== compressions.none) {
		throw corrupt(where, `The page does not say how long its ${layout.tiled ? "tiles" : "strips"} are.`);
	}
	const blocks: Block[] = [];
	const perPlane = layout.across * layout.down;
	for (let i = 0; i < count; i++) {
		const inPlane = i % perPlane;
		const y = Math.floor(inPlane / layout.across) * blockHeight;
		const rows = layout.tiled ? blockHeight : Math.min(blockHeight, height - y);
		const size = rowBytes * rows;
		const block = {
			name: `${layout.tiled ? "Tile" : "Strip"} ${i}`,
			offset: offsets[i],
			stored: sizes ? sizes[i] : size,
			size,
			x: (inPlane % layout.across) * layout.blockWidth,
			y,
			rows,
			plane: Math.floor(i / perPlane),
		};
		checkBlock(file, layout, block);
		if (compression === compressions.none) block.stored = size;
		if (compression === compressions.none && !layout.tiled) blocks.push(...splitStrip(block, rowBytes));
		else blocks.push(block);
	}
	return blocks;
}

/** Refuses, before anything is read or allocated, a block that cannot be what the page says it is. */
function checkBlock(file: TiffFile, layout: PageLayout, block: Block): void {
	const { where, compression } = layout;
	const { name, offset, stored, size } = block;
	if (offset === 0 && stored === 0) {
		throw unsupported(where, `${name} is not stored: the file is sparse.`);
	}
	if (stored === 0) throw corrupt(where, `${name} has no bytes.`);
	if (compression === compressions.none && stored < size) {
		throw corrupt(where, `${name} has ${stored} bytes and needs ${size}.`);
	}
	// An uncompressed last strip may be stated at its full height and be stored only as far as it is needed.
	const fullStrip = blockRowBytes(layout) * layout.blockHeight;
	const needed = compression === compressions.none && stored <= fullStrip ? size : stored;
	if (offset + needed > file.source.size) {
		throw truncated(
			where,
			`${name} should be at bytes ${offset} to ${offset + needed} and the file has ${file.source.size}.`,
		);
	}
	if (size > stored * growthLimit(compression) + 64) {
		throw corrupt(where, `${name} has ${stored} bytes, which cannot decode to ${size}.`);
	}
}

function splitStrip(strip: Block, rowBytes: number): Block[] {
	if (strip.size <= partBytes) return [strip];
	const rowsPerPart = Math.max(1, Math.floor(partBytes / rowBytes));
	const parts: Block[] = [];
	for (let row = 0; row < strip.rows; row += rowsPerPart) {
		const rows = Math.min(rowsPerPart, strip.rows - row);
		const size = rows * rowBytes;
		parts.push({
			...strip,
			offset: strip.offset + row * rowBytes,
			stored: size,
			size,
			y: strip.y + row,
			rows,
		});
	}
	return parts;
}

/** Blocks that lie one behind the other in the file, as one request. */
export function groupBlocks(blocks: Block[]): Block[][] {
	const groups: Block[][] = [];
	let group: Block[] = [];
	let decoded = 0;
	for (const block of blocks) {
		const previous = group[group.length - 1];
		const gap = previous ? block.offset - (previous.offset + previous.stored) : 0;
		const length = previous ? block.offset + block.stored - group[0].offset : 0;
		const full = length > requestBytes || decoded + block.size > 4 * requestBytes;
		if (previous && (gap < 0 || gap > 4096 || full)) {
			groups.push(group);
			group = [];
			decoded = 0;
		}
		group.push(block);
		decoded += block.size;
	}
	if (group.length > 0) groups.push(group);
	return groups;
}

async function decodeBlock(
	file: TiffFile,
	layout: PageLayout,
	block: Block,
	stored: Uint8Array,
	tables: Uint8Array | undefined,
	into: Uint8Array,
): Promise<void> {
	// A strip of whole bytes is decoded where it belongs; other blocks are decoded aside.
	const direct = !layout.tiled && layout.bits === 8 * itemSize(layout.dtype);
	const start = (block.plane * layout.height + block.y) * blockRowBytes(layout);
	const output = direct ? into.subarray(start, start + block.size) : new Uint8Array(block.size);
	const numbers = await decodeAside(file, layout, block, stored, tables, output);
	if (!direct) place(layout, block, numbers, into);
}

/**
 * Decodes a block by itself. `output` has room for its bytes once decompressed, and may be what is given: the block's
 * values in this machine's byte order, all of its columns and rows.
 */
export async function decodeAside(
	file: TiffFile,
	layout: PageLayout,
	block: Block,
	stored: Uint8Array,
	tables: Uint8Array | undefined,
	output: Uint8Array,
): Promise<Uint8Array> {
	const input =
		layout.reversedBits && layout.compression !== compressions.jpeg ? reverseBits(stored) : stored;
	let written: number;
	try {
		written = await decompressInto(layout.compression, input, output, {
			tables,
			width: layout.blockWidth,
			height: block.rows,
			samples: layout.planar ? 1 : layout.samples,
			ycbcr: layout.ycbcr,
			faxOptions: layout.faxOptions,
			lercCompression: layout.lercCompression,
		});
	} catch (error) {
		if (isChunkwiseError(error) || !(error instanceof DecodeError)) throw error;
		const message = `${block.name} cannot be decoded: ${error.message}.`;
		throw error instanceof KindError
			? unsupported(layout.where, message)
			: corrupt(layout.where, message, error);
	}
	if (written < block.size) {
		throw corrupt(layout.where, `${block.name} decodes to ${written} bytes and should give ${block.size}.`);
	}
	return toNumbers(file, layout, block, output);
}

/** Turns a block's decoded bytes, in place where they are whole, into values in this machine's byte order. */
function toNumbers(file: TiffFile, layout: PageLayout, block: Block, bytes: Uint8Array): Uint8Array {
	const { bits, predictor } = layout;
	const samples = layout.planar ? 1 : layout.samples;
	const perRow = layout.blockWidth * samples;
	const item = itemSize(layout.dtype);
	if (layout.dtype === "float32" && bits < 32) {
		const size = bits / 8;
		if (!file.header.littleEndian && predictor !== 3) swapBytes(bytes, size);
		if (predictor === 2) undoDifferences(bytes, bits, perRow, samples);
		else if (predictor === 3) undoFloatDifferences(bytes, size, perRow, samples);
		return bytesOf(
			size === 2 ? halvesToFloats(new Uint16Array(bytes.slice().buffer)) : floatsOf24Bits(bytes),
		);
	}
	// LERC gives numbers, and not bytes in the file's order.
	if (layout.compression === compressions.lerc) return bytes;
	if (bits < 8 * item) {
		const values = allocate(layout.dtype, perRow * block.rows) as Uint8Array | Uint16Array | Uint32Array;
		unpackBits(bytes, bits, perRow, values);
		return new Uint8Array(values.buffer);
	}
	if (!file.header.littleEndian && item > 1 && predictor !== 3) swapBytes(bytes, item);
	if (predictor === 2) undoDifferences(bytes, bits, perRow, samples);
	else if (predictor === 3) undoFloatDifferences(bytes, item, perRow, samples);
	return bytes;
}

/** Copies the part of a block that lies inside the image to its place. */
function place(layout: PageLayout, block: Block, bytes: Uint8Array, into: Uint8Array): void {
	const pixel = (layout.planar ? 1 : layout.samples) * itemSize(layout.dtype);
	const imageRow = layout.width * pixel;
	const blockRow = layout.blockWidth * pixel;
	const rows = Math.min(block.rows, layout.height - block.y);
	let to = (block.plane * layout.height + block.y) * imageRow + block.x * pixel;
	const length = Math.min(layout.blockWidth, layout.width - block.x) * pixel;
	for (let row = 0; row < rows; row++, to += imageRow) {
		into.set(bytes.subarray(row * blockRow, row * blockRow + length), to);
	}
}

/** A page's typed array as bytes to decode into. */
export function bytesOf(array: TypedArray, offset = 0, length = array.byteLength): Uint8Array {
	return new Uint8Array(array.buffer, array.byteOffset + offset, length);
}
