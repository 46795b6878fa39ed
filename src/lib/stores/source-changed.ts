import { ChunkwiseError } from "../errors.ts";

/**
 * A value was listed and is not there any more. An absent chunk stands for the fill value: passed over, it would be a hole
 * in the copy that nobody sees.
 */
export function sourceChanged(key: string): ChunkwiseError {
	return new ChunkwiseError("source-changed", "A value was removed while the store was copied.", {
		where: key,
		remedy: "What is there so far is not whole: remove it, and copy again when nobody writes to the source.",
	});
}
