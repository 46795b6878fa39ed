/** Compressed data is damaged. Its message completes "strip 3 cannot be decoded: …". */
export class DecodeError extends Error {}

/** Compressed data is of a kind that is not decoded here. */
export class KindError extends DecodeError {}
