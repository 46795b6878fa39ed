/** The errors of the TIFF reader: stable codes, and a way out for each. */
import { ChunkwiseError } from "../errors.ts";

/** The file is damaged: what it says of itself cannot be. */
export function corrupt(where: string, message: string, cause?: unknown): ChunkwiseError {
	return new ChunkwiseError("tiff-corrupt", message, {
		where,
		remedy:
			"The file is damaged or was written wrongly. Get it again, or open it in the software that made it and save it as a new TIFF.",
		cause,
	});
}

/** The file ends before something that it says it has. */
export function truncated(where: string, message: string): ChunkwiseError {
	return new ChunkwiseError("tiff-truncated", message, {
		where,
		remedy: "The end of the file is missing, as after a download that broke off. Copy or download it again.",
	});
}

/** Valid TIFF, but of a kind that this reader does not decode. */
export function unsupported(where: string, message: string): ChunkwiseError {
	return new ChunkwiseError("tiff-unsupported", message, {
		where,
		remedy:
			"Convert it first, for example with Fiji (File, Save As, Tiff) or libtiff: tiffcp -c zip in.tif out.tif.",
	});
}
