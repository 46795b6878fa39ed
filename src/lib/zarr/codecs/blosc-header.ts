/** The header of a Blosc 1 frame (https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst). */

export const headerSize = 16;
/** Below this many bytes, or elements of a block, C-Blosc does not compress or split. */
export const minBuffer = 128;
/** Elements of more bytes are not split. */
export const maxSplits = 16;

const flag = { shuffle: 1, stored: 2, bitShuffle: 4, unsplit: 16 } as const;
const compressors = ["blosclz", "lz4", "snappy", "zlib", "zstd"] as const;

/** What a frame's header says. */
export interface BloscHeader {
	compressor: (typeof compressors)[number] | "unknown";
	shuffle: "noshuffle" | "shuffle" | "bitshuffle";
	typesize: number;
	/** Bytes when decompressed. */
	bytes: number;
	blocksize: number;
	/** Bytes of the frame. */
	compressedBytes: number;
	/** The bytes are stored as they were. */
	stored: boolean;
	/** Each block is one stream and not one for each byte of an element. */
	unsplit: boolean;
}

/** @throws RangeError where the bytes are no Blosc 1 frame */
export function readBloscHeader(frame: Uint8Array): BloscHeader {
	if (frame.byteLength < headerSize) throw new RangeError("the Blosc frame has no whole header");
	const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
	const flags = frame[2];
	return {
		compressor: compressors[flags >> 5] ?? "unknown",
		shuffle: flags & flag.bitShuffle ? "bitshuffle" : flags & flag.shuffle ? "shuffle" : "noshuffle",
		typesize: frame[3],
		bytes: view.getUint32(4, true),
		blocksize: view.getUint32(8, true),
		compressedBytes: view.getUint32(12, true),
		stored: (flags & flag.stored) !== 0,
		unsplit: (flags & flag.unsplit) !== 0,
	};
}

export function writeBloscHeader(frame: Uint8Array, header: BloscHeader): void {
	const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
	const { compressor, shuffle, typesize, bytes, blocksize, compressedBytes, stored, unsplit } = header;
	// The version of the frame's format, and of the compressor's.
	frame[0] = 2;
	frame[1] = 1;
	frame[2] =
		(compressors.indexOf(compressor as (typeof compressors)[number]) << 5) |
		(shuffle === "shuffle" ? flag.shuffle : shuffle === "bitshuffle" ? flag.bitShuffle : 0) |
		(stored ? flag.stored : 0) |
		(unsplit ? flag.unsplit : 0);
	frame[3] = typesize;
	view.setUint32(4, bytes, true);
	view.setUint32(8, blocksize, true);
	view.setUint32(12, compressedBytes, true);
}
