/** CRC-32 (of gzip), sixteen bytes a turn (Kounavis and Berry 2005), and Adler-32 (RFC 1950) by vectors. */
import { crc32Table } from "./memory";

let ready = false;

function prepare(): void {
	for (let byte: u32 = 0; byte < 256; byte++) {
		let value = byte;
		for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0xedb88320 : value >> 1;
		store<u32>(crc32Table + 4 * byte, value);
	}
	for (let i: u32 = 256; i < 4096; i++) {
		const before = load<u32>(crc32Table + 4 * (i - 256));
		store<u32>(crc32Table + 4 * i, (before >> 8) ^ load<u32>(crc32Table + 4 * (before & 255)));
	}
	ready = true;
}

/** What four bytes add, the last of which has `slice` bytes of the turn behind it. */
function four(word: u32, slice: u32): u32 {
	const table = crc32Table + 1024 * slice;
	return (
		load<u32>(table + 4 * (word >> 24)) ^
		load<u32>(table + 1024 + 4 * ((word >> 16) & 255)) ^
		load<u32>(table + 2048 + 4 * ((word >> 8) & 255)) ^
		load<u32>(table + 3072 + 4 * (word & 255))
	);
}

/** Goes on from `crc`, which is -1 at the start; the checksum is the complement of what the last call gives. */
export function crc32(crc: u32, source: usize, size: usize): u32 {
	if (!ready) prepare();
	const stop = source + size;
	let at = source;
	for (; at + 16 <= stop; at += 16) {
		const behind = four(load<u32>(at, 4), 8) ^ four(load<u32>(at, 8), 4) ^ four(load<u32>(at, 12), 0);
		crc = behind ^ four(load<u32>(at) ^ crc, 12);
	}
	for (; at < stop; at++) crc = load<u32>(crc32Table + 4 * ((crc ^ load<u8>(at)) & 255)) ^ (crc >> 8);
	return crc;
}

const modulus: u32 = 65521;
/** Bytes after which the sums must be brought below the modulus: a multiple of 16 that zlib's 5552 allows. */
const turn: usize = 5552;

/** Goes on from `sum`, which is 1 at the start. */
export function adler32(sum: u32, source: usize, size: usize): u32 {
	let low = sum & 0xffff;
	let high = sum >> 16;
	let at = source;
	const stop = source + size;
	while (at < stop) {
		const vectors = <u32>(min(turn, stop - at) >> 4);
		if (vectors === 0) {
			for (; at < stop; at++) {
				low += load<u8>(at);
				high += low;
			}
			low %= modulus;
			high %= modulus;
			break;
		}
		let lows = i32x4.splat(0);
		let before = i32x4.splat(0);
		let weighted = i32x4.splat(0);
		high += low * (vectors << 4);
		for (let i: u32 = 0; i < vectors; i++, at += 16) {
			const bytes = v128.load(at);
			before = i32x4.add(before, lows);
			lows = i32x4.add(lows, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
			const front = i16x8.extend_low_i8x16_u(bytes);
			const back = i16x8.extend_high_i8x16_u(bytes);
			weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(front, i16x8(16, 15, 14, 13, 12, 11, 10, 9)));
			weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(back, i16x8(8, 7, 6, 5, 4, 3, 2, 1)));
		}
		high += 16 * across(before) + across(weighted);
		low = (low + across(lows)) % modulus;
		high %= modulus;
	}
	return (high << 16) | low;
}

function across(sums: v128): u32 {
	return (
		i32x4.extract_lane(sums, 0) +
		i32x4.extract_lane(sums, 1) +
		i32x4.extract_lane(sums, 2) +
		i32x4.extract_lane(sums, 3)
	);
}
