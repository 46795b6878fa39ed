/** Compressed data is damaged. Its message completes "strip 3 cannot be decoded: …". */
export class DecodeError extends Error {}
