/** CRC-32C (Castagnoli), eight bytes a turn (Kounavis and Berry 2005). */
import { crcTable } from "./memory";

let ready = false;

function prepare(): void {
	for (let byte: u32 = 0; byte < 256; byte++) {
		let value = byte;
		for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >> 1) ^ 0x82f63b78 : value >> 1;
		store<u32>(crcTable + 4 * byte, value);
	}
	for (let i: u32 = 256; i < 2048; i++) {
		const before = load<u32>(crcTable + 4 * (i - 256));
		store<u32>(crcTable + 4 * i, (before >> 8) ^ load<u32>(crcTable + 4 * (before & 255)));
	}
	ready = true;
}

function look(slice: u32, byte: u32): u32 {
	return load<u32>(crcTable + 4 * (256 * slice + byte));
}

/** Goes on from `crc`, which is -1 at the start; the checksum is the complement of what the last call gives. */
export function crc32c(crc: u32, source: usize, size: usize): u32 {
	if (!ready) prepare();
	const stop = source + size;
	let at = source;
	for (; at + 8 <= stop; at += 8) {
		const low = load<u32>(at) ^ crc;
		const high = load<u32>(at, 4);
		crc =
			look(7, low & 255) ^
			look(6, (low >> 8) & 255) ^
			look(5, (low >> 16) & 255) ^
			look(4, low >> 24) ^
			look(3, high & 255) ^
			look(2, (high >> 8) & 255) ^
			look(1, (high >> 16) & 255) ^
			look(0, high >> 24);
	}
	for (; at < stop; at++) crc = look(0, (crc ^ load<u8>(at)) & 255) ^ (crc >> 8);
	return crc;
}
