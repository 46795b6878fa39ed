/** The records of a zip file (PKWARE APPNOTE 6.3.10), as far as reading and writing share them. */

/** First four bytes of each record, little-endian, with the number of its section. */
export const mark = {
	/** 4.3.7 */
	local: 0x04034b50,
	/** 4.3.12 */
	central: 0x02014b50,
	/** 4.3.14 */
	end64: 0x06064b50,
	/** 4.3.15 */
	locator: 0x07064b50,
	/** 4.3.16 */
	end: 0x06054b50,
} as const;

/** Bytes of each record without its names, extra fields and comment. */
export const length = { local: 30, central: 46, end64: 56, locator: 20, end: 22 } as const;

/** Extra fields: 4.5.3, and Info-ZIP's name in UTF-8 (4.6.9). */
export const extra = { zip64: 0x0001, unicodeName: 0x7075 } as const;

/** Flags: 4.4.4. */
export const flag = { encrypted: 1, utf8: 1 << 11, hiddenDirectory: 1 << 13 } as const;

/** Fields that say "see the ZIP64 record". */
export const full16 = 0xffff;
export const full32 = 0xffffffff;

export const stored = 0;
export const deflated = 8;

/** 4.4.5 */
const methods: Readonly<Record<number, string>> = {
	0: "stored",
	8: "deflate",
	9: "deflate64",
	12: "bzip2",
	14: "lzma",
	93: "zstd",
	95: "xz",
	99: "encrypted by AES",
};

/** The name of a compression method: "stored" is none. */
export function methodName(method: number): string {
	return methods[method] ?? `method ${method}`;
}

export function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
