/**
 * The module's memory: tables first, then what the caller lays there. The caller decides where in it input and output
 * lie, from `heapStart` on, and leaves `slack` bytes after each region: copies go in whole vectors and may run over.
 */

/** 2^14 positions of 4 bytes: the LZ4 encoder's hash table. */
export const hashTable: usize = 0;
export const hashTableSize: usize = 65536;
/** 8 × 256 words: the checksum's. */
export const crcTable: usize = 65536;
/** 16 × 256 words: CRC-32's. */
export const crc32Table: usize = 65536 + 8192;
/** A vector for each short distance of a match: the inflater's. */
export const patternTable: usize = crc32Table + 16384;
/** The inflater's tables, which last for one call: in the place of the encoder's, which does so too. */
export const inflateSpace: usize = hashTable;

const start: i32 = 65536 + 8192 + 16384 + 256;
const room: i32 = 64;

export function heapStart(): i32 {
	return start;
}

export function slack(): i32 {
	return room;
}
