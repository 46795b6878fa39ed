/**
 * The delta filter of .xz (The .xz File Format, sections 3.1 and 5.3.3), which libtiff puts before LZMA2 and the decoder
 * of .xz used here does not have: it is taken out of the block's header and undone after decoding.
 */
import { crc32 } from "../stores/crc32.ts";
import { KindError } from "./decode-error.ts";

const streamHeader = 12;
const deltaFilter = 3;
const lzma2Filter = 0x21;

/**
 * The file without the filter, and how far apart the bytes are whose differences are stored; distance 0 where there is
 * no filter. What is no .xz file is left to the decoder.
 * @throws KindError where filters are not these, or the file has a checksum of what the filter made of it
 */
export function withoutDelta(file: Uint8Array): { plain: Uint8Array; distance: number } {
	const as = { plain: file, distance: 0 };
	const size = ((file[streamHeader] ?? 0) + 1) * 4;
	if (file[0] !== 0xfd || file[1] !== 0x37 || file[streamHeader] === 0) return as;
	if (file.length < streamHeader + size) return as;
	const header = file.subarray(streamHeader, streamHeader + size);
	const filters = (header[1] & 3) + 1;
	let at = 2;
	// Sizes of the block, each in groups of seven bits.
	for (const flag of [0x40, 0x80]) {
		if (header[1] & flag) {
			while (at < size && header[at] & 0x80) at++;
			at++;
		}
	}
	if (filters === 1 && header[at] === lzma2Filter) return as;
	if (filters !== 2 || header[at] !== deltaFilter || header[at + 1] !== 1 || header[at + 3] !== lzma2Filter) {
		throw new KindError("its LZMA data went through filters that are not undone here");
	}
	if (file[7] !== 0) throw new KindError("its LZMA data went through a delta filter and have a checksum");
	const plain = new Uint8Array(file);
	const changed = plain.subarray(streamHeader, streamHeader + size);
	changed.fill(0, 1);
	changed[1] = header[1] & 0xfc;
	changed.set(header.subarray(2, at), 2);
	changed.set(header.subarray(at + 3, size - 4), at);
	const sum = crc32(changed.subarray(0, size - 4));
	new DataView(changed.buffer, changed.byteOffset).setUint32(size - 4, sum, true);
	return { plain, distance: header[at + 2] + 1 };
}

/** Sums the differences up, in place. */
export function undoDelta(bytes: Uint8Array, distance: number): void {
	for (let i = distance; i < bytes.length; i++) bytes[i] += bytes[i - distance];
}
