/** CRC-32C (Castagnoli), as the `crc32c` codec appends it: four bytes, little-endian. */
import { kernels } from "./kernels.ts";

let table: Uint32Array | undefined;

function makeTable(): Uint32Array {
	return Uint32Array.from({ length: 256 }, (_, byte) => {
		let value = byte;
		for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
		return value;
	});
}

/** Bytes that are brought to WebAssembly at one time; fewer than the least are not worth it. */
const portion = 65536;
const worthMoving = 128;

export function crc32c(bytes: Uint8Array): number {
	const compiled = bytes.length >= worthMoving ? kernels() : undefined;
	if (compiled) {
		const [at] = compiled.regions(portion);
		let crc = -1;
		for (let start = 0; start < bytes.length; start += portion) {
			const part = bytes.subarray(start, start + portion);
			compiled.bytes.set(part, at);
			crc = compiled.run.crc32c(crc, at, part.length);
		}
		return ~crc >>> 0;
	}
	table ??= makeTable();
	let crc = 0xffffffff;
	for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
	return (crc ^ 0xffffffff) >>> 0;
}

export function appendCrc32c(bytes: Uint8Array): Uint8Array {
	const out = new Uint8Array(bytes.byteLength + 4);
	out.set(bytes);
	new DataView(out.buffer).setUint32(bytes.byteLength, crc32c(bytes), true);
	return out;
}

/** @throws RangeError where the checksum is not that of the bytes */
export function checkCrc32c(bytes: Uint8Array): Uint8Array {
	if (bytes.byteLength < 4) throw new RangeError("too short to hold a checksum");
	const content = bytes.subarray(0, bytes.byteLength - 4);
	const said = new DataView(bytes.buffer, bytes.byteOffset).getUint32(content.byteLength, true);
	const found = crc32c(content);
	if (said !== found) {
		const hex = (value: number) => value.toString(16).padStart(8, "0");
		throw new RangeError(`checksum ${hex(found)} where ${hex(said)} was stored: the bytes have changed`);
	}
	return content;
}
