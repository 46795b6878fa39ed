/**
 * The module's memory: tables first, then what the caller lays there. The caller decides where in it input and output
 * lie, from `heapStart` on, and leaves `slack` bytes after each region: copies go in whole vectors and may run over.
 */

/** 2^14 positions of 4 bytes: the LZ4 encoder's hash table. */
export const hashTable: usize = 0;
export const hashTableSize: usize = 65536;
/** 8 × 256 words: the checksum's. */
export const crcTable: usize = 65536;

const start: i32 = 65536 + 8192;
const room: i32 = 64;

export function heapStart(): i32 {
	return start;
}

export function slack(): i32 {
	return room;
}
