/** Compression into an .xz file (The .xz File Format 1.2.1): one stream of one block, LZMA2, with CRC-32. */
import { joinBytes } from "../join-bytes.ts";
import { crc32 } from "../stores/crc32.ts";
import { encodeLzma2 } from "./lzma2-encode.ts";

/** Presets of xz: 2^20 bytes of window for 1, 2^23 for 6, which is the usual one. */
const largestWindow = 1 << 23;
const magic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];
/** Check: CRC-32, the one that every decoder has. */
const flags = [0, 1];
const lzma2Filter = 0x21;

/** Compresses bytes. Faster than xz's presets and a few per cent larger; the window is 8 MiB, less for fewer bytes. */
export function encodeXz(bytes: Uint8Array): Uint8Array {
	const { window, code } = windowFor(bytes.length);
	const streamHeader = [...magic, ...flags, ...sum(flags)];
	const parts: Uint8Array[] = [Uint8Array.from(streamHeader)];
	const records: number[] = [];
	if (bytes.length > 0) {
		// Header of 12 bytes: its size in words less one, one filter with one byte of settings, padding.
		const blockHeader = [2, 0, lzma2Filter, 1, code, 0, 0, 0];
		const chunks = encodeLzma2(bytes, window);
		const packed = chunks.reduce((all, chunk) => all + chunk.length, 0);
		parts.push(Uint8Array.from([...blockHeader, ...sum(blockHeader)]), ...chunks);
		parts.push(new Uint8Array(-packed & 3), Uint8Array.from(littleEndian(crc32(bytes))));
		records.push(...variableLength(12 + packed + 4), ...variableLength(bytes.length));
	}
	const index = [0, bytes.length > 0 ? 1 : 0, ...records];
	while (index.length % 4 !== 0) index.push(0);
	parts.push(Uint8Array.from([...index, ...sum(index)]));
	const footer = [...littleEndian((index.length + 4) / 4 - 1), ...flags];
	parts.push(Uint8Array.from([...sum(footer), ...footer, 0x59, 0x5a]));
	return joinBytes(parts);
}

/** The smallest size of a dictionary, 2 or 3 times a power of two, that reaches as far back as there are bytes. */
function windowFor(length: number): { window: number; code: number } {
	for (let code = 0; ; code++) {
		const window = (2 | (code & 1)) << ((code >> 1) + 11);
		if (window >= length || window >= largestWindow) return { window, code };
	}
}

function sum(bytes: number[]): number[] {
	return littleEndian(crc32(Uint8Array.from(bytes)));
}

function littleEndian(value: number): number[] {
	return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

/** Seven bits a byte, the lowest first; the high bit says that more follow. */
function variableLength(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
	return [...bytes, rest];
}
