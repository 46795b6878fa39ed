/** What the bytes of a stored chunk mean, field by field: headers of N5, Blosc, gzip and Zstandard, a shard's index. */
import type { ByteAnnotation } from "../display.ts";
import { formatBytes, formatCount } from "../format.ts";
import { readBlockHeader } from "../n5/block.ts";
import { product } from "../types.ts";
import { headerSize, readBloscHeader } from "../zarr/codecs/blosc-header.ts";
import { crc32c } from "../zarr/codecs/crc32c.ts";
import { absentChunk } from "../zarr/shard-index.ts";

/** A field of some bytes: where it is, what it is called, what stands there. */
export interface ByteField extends ByteAnnotation {
	/** Decoded, in words: `64`, `LZ4`, `12 345 B at 45 678`. */
	value: string;
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const modes = ["whole", "of its own length", "object"];

/**
 * The header of an N5 block: big-endian, sizes of the axes fastest first.
 * @param dims names of the axes, slowest first
 * @throws ChunkwiseError bad-chunk, unsupported-block
 */
export function n5Fields(block: Uint8Array, dims: readonly string[]): ByteField[] {
	const { shape, length } = readBlockHeader(block, dims.length, "");
	const mode = viewOf(block).getUint16(0);
	const sizes = dims
		.map((name, axis) => ({ name, size: shape[axis] }))
		.reverse()
		.map(({ name, size }, i) => ({
			offset: 4 + 4 * i,
			length: 4,
			label: `size along ${name}`,
			value: formatCount(size),
		}));
	const numbers = 4 + 4 * dims.length;
	return [
		{ offset: 0, length: 2, label: "mode", value: `${mode}: ${modes[mode]}` },
		{ offset: 2, length: 2, label: "number of axes", value: String(dims.length) },
		...sizes,
		...(length > numbers
			? [
					{
						offset: numbers,
						length: 4,
						label: "elements",
						value: formatCount(viewOf(block).getUint32(numbers)),
					},
				]
			: []),
	];
}

/**
 * The header of a Blosc 1 frame and where its blocks begin: little-endian.
 * @throws RangeError where the bytes are no such frame
 */
export function bloscFields(frame: Uint8Array): ByteField[] {
	const header = readBloscHeader(frame);
	const names = { noshuffle: "no shuffle", shuffle: "bytes shuffled", bitshuffle: "bits shuffled" };
	const compressor =
		header.compressor === "lz4" ? "LZ4" : header.compressor === "zstd" ? "Zstandard" : header.compressor;
	const flags = [header.stored ? "stored as it is" : compressor, names[header.shuffle]].join(", ");
	const fields: ByteField[] = [
		{ offset: 0, length: 1, label: "version of the frame", value: String(frame[0]) },
		{ offset: 1, length: 1, label: "version of the compressor", value: String(frame[1]) },
		{ offset: 2, length: 1, label: "flags", value: `${frame[2].toString(2).padStart(8, "0")}: ${flags}` },
		{ offset: 3, length: 1, label: "bytes of an element", value: String(header.typesize) },
		{ offset: 4, length: 4, label: "bytes, decompressed", value: formatCount(header.bytes) },
		{ offset: 8, length: 4, label: "bytes of a block", value: formatCount(header.blocksize) },
		{ offset: 12, length: 4, label: "bytes of the frame", value: formatCount(header.compressedBytes) },
	];
	const blocks = header.stored ? 0 : Math.min(2, Math.ceil(header.bytes / header.blocksize));
	for (let block = 0; block < blocks; block++) {
		const offset = headerSize + 4 * block;
		const start = viewOf(frame).getUint32(offset, true);
		fields.push({
			offset,
			length: 4,
			label: `where block ${block} begins`,
			value: `byte ${formatCount(start)}`,
		});
	}
	return fields;
}

const systems: Readonly<Record<number, string>> = { 0: "FAT", 3: "Unix", 10: "Windows", 255: "unknown" };

/** The header of a gzip member (RFC 1952). @throws RangeError where the bytes are none */
export function gzipFields(bytes: Uint8Array): ByteField[] {
	if (bytes.length < 10 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new RangeError("no gzip member");
	const effort = bytes[8] === 2 ? "2: smallest" : bytes[8] === 4 ? "4: fastest" : String(bytes[8]);
	return [
		{ offset: 0, length: 2, label: "magic number", value: "gzip" },
		{ offset: 2, length: 1, label: "method", value: `${bytes[2]}: deflate` },
		{ offset: 3, length: 1, label: "flags", value: String(bytes[3]) },
		{
			offset: 4,
			length: 4,
			label: "time, seconds since 1970",
			value: String(viewOf(bytes).getUint32(4, true)),
		},
		{ offset: 8, length: 1, label: "effort", value: effort },
		{ offset: 9, length: 1, label: "system", value: systems[bytes[9]] ?? String(bytes[9]) },
	];
}

/** The beginning of a Zstandard frame (RFC 8878, 3.1.1). @throws RangeError where the bytes are none */
export function zstdFields(frame: Uint8Array): ByteField[] {
	const view = viewOf(frame);
	if (frame.length < 6 || view.getUint32(0, true) !== 0xfd2fb528) throw new RangeError("no Zstandard frame");
	const flags = frame[4];
	const single = (flags & 32) !== 0;
	const lengths = [single ? 1 : 0, 2, 4, 8];
	const length = lengths[flags >> 6];
	const fields: ByteField[] = [
		{ offset: 0, length: 4, label: "magic number", value: "Zstandard" },
		{ offset: 4, length: 1, label: "flags", value: flags.toString(2).padStart(8, "0") },
	];
	let at = 5;
	if (!single) {
		// RFC 8878, 3.1.1.1.2: exponent and mantissa.
		const base = 2 ** (10 + (frame[at] >> 3));
		fields.push({
			offset: at,
			length: 1,
			label: "window",
			value: formatBytes(base + (base / 8) * (frame[at] & 7)),
		});
		at++;
	}
	at += [0, 1, 2, 4][flags & 3];
	if (length > 0) {
		const size =
			length === 1
				? view.getUint8(at)
				: length === 2
					? view.getUint16(at, true) + 256
					: length === 4
						? view.getUint32(at, true)
						: Number(view.getBigUint64(at, true));
		fields.push({ offset: at, length, label: "bytes, decompressed", value: formatCount(size) });
	}
	return fields;
}

/**
 * The index of a shard: for each chunk where it begins and how long it is, then a checksum. Little-endian.
 * @param index its bytes, with CRC-32C at the end
 * @param grid chunks of the shard along each axis
 */
export function shardIndexFields(index: Uint8Array, grid: readonly number[]): ByteField[] {
	const count = product(grid);
	if (index.length !== 16 * count + 4) {
		throw new RangeError(`an index of ${count} chunks has ${16 * count + 4} bytes and not ${index.length}`);
	}
	const view = viewOf(index);
	const steps = grid.map((_, axis) => product(grid.slice(axis + 1)));
	const fields: ByteField[] = Array.from({ length: count }, (_, i) => {
		const coords = grid.map((n, axis) => Math.floor(i / steps[axis]) % n);
		const [at, length] = [view.getBigUint64(16 * i, true), view.getBigUint64(16 * i + 8, true)];
		const absent = at === absentChunk && length === absentChunk;
		return {
			offset: 16 * i,
			length: 16,
			label: `chunk (${coords.join(", ")})`,
			value: absent ? "not stored" : `${formatCount(length)} B at byte ${formatCount(at)}`,
		};
	});
	const said = view.getUint32(16 * count, true);
	const holds = said === crc32c(index.subarray(0, 16 * count));
	const hex = said.toString(16).padStart(8, "0");
	return [
		...fields,
		{
			offset: 16 * count,
			length: 4,
			label: "CRC-32C",
			value: `${hex}: ${holds ? "it fits" : "it does not fit"}`,
		},
	];
}
