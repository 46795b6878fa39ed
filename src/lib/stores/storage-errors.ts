/** What went wrong when something was kept, in words a reader can act on. */
import { ChunkwiseError } from "../errors.ts";
import { formatBytes } from "../format.ts";

/** No room left, whatever the kind of storage. */
export function storageFull(where: string, bytes: number, remedy: string, cause?: unknown): ChunkwiseError {
	return new ChunkwiseError("storage-full", `There is no room for ${formatBytes(bytes)} more.`, {
		where,
		remedy,
		cause,
	});
}

/** Storage that must not be written or read. */
export function storageDenied(where: string, remedy: string, cause?: unknown): ChunkwiseError {
	return new ChunkwiseError("storage-denied", "The storage does not allow this.", { where, remedy, cause });
}

/** A value where a folder is needed, or a folder where a value is: a key that is the beginning of another. */
export function storageBlocked(where: string, cause?: unknown): ChunkwiseError {
	return new ChunkwiseError(
		"storage-blocked",
		"A file stands where a folder is needed, or a folder where a file is.",
		{ where, remedy: "Choose another place, or remove what is there.", cause },
	);
}
