/** What src/lib/zarr/codecs/kernels.ts calls. Addresses and sizes are in bytes; nothing here checks addresses. */
export { binMeans } from "./bins";
export { bitsOfBytes, bytesOfBits } from "./bitshuffle";
export { adler32, crc32 } from "./checksums";
export { crc32c } from "./crc32c";
export { sumRows16 } from "./differences";
export { inflate, inflateRead, inflateWritten } from "./inflate";
export { lz4Decode, lz4Encode } from "./lz4";
export { heapStart, slack } from "./memory";
export { copyRows } from "./rows";
export { shuffle, unshuffle } from "./shuffle";
