/** Memory for values read from a TIFF. */
import { ChunkwiseError } from "../errors.ts";
import { allocate, type DataType, type TypedArray } from "../types.ts";

/**
 * An array for values read from a file.
 * @throws ChunkwiseError tiff-too-large where there is no memory for it
 */
export function allocateFor(where: string, dtype: DataType, length: number): TypedArray {
	try {
		return allocate(dtype, length);
	} catch (cause) {
		throw new ChunkwiseError(
			"tiff-too-large",
			`There is not enough memory for ${length} values of ${dtype}.`,
			{
				where,
				remedy: "Read it page by page (readPage), or on a machine with more memory.",
				cause,
			},
		);
	}
}
