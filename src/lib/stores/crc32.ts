/** CRC-32 as zip files have it (ISO-HDLC, polynomial 0xedb88320 reflected; APPNOTE 4.4.7). */
let tables: Uint32Array[] | undefined;

/** Four bytes a step ("slicing by four"): one table for each place of a byte in a word. */
function makeTables(): Uint32Array[] {
	const made = Array.from({ length: 4 }, () => new Uint32Array(256));
	for (let i = 0; i < 256; i++) {
		let c = i;
		for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
		made[0][i] = c >>> 0;
	}
	for (let i = 0; i < 256; i++) {
		for (let t = 1; t < 4; t++) made[t][i] = (made[t - 1][i] >>> 8) ^ made[0][made[t - 1][i] & 255];
	}
	return made;
}

/** The checksum of bytes, as an unsigned 32-bit number. */
export function crc32(bytes: Uint8Array): number {
	tables ??= makeTables();
	const [t0, t1, t2, t3] = tables;
	let c = 0xffffffff;
	let i = 0;
	for (const end = bytes.length - 3; i < end; i += 4) {
		c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
		c = t3[c & 255] ^ t2[(c >>> 8) & 255] ^ t1[(c >>> 16) & 255] ^ t0[c >>> 24];
	}
	for (; i < bytes.length; i++) c = (c >>> 8) ^ t0[(c ^ bytes[i]) & 255];
	return (c ^ 0xffffffff) >>> 0;
}
