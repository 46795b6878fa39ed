/**
 * An error that a reader can act on: what went wrong (`message`), where (`where`: a key, URL, file or tag)
 * and the way out (`remedy`). `code` is stable, for programs.
 */
export class ChunkwiseError extends Error {
	override readonly name: string = "ChunkwiseError";
	/** Stable name of what went wrong, such as "not-zarr": for programs. */
	readonly code: string;
	/** The key, path or address that it is about. */
	readonly where?: string;
	/** What the reader can do about it. */
	readonly remedy: string;

	constructor(code: string, message: string, details: { where?: string; remedy: string; cause?: unknown }) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		this.code = code;
		this.where = details.where;
		this.remedy = details.remedy;
	}
}

/** True for any error of the core library, also one that crossed a bundle or realm boundary. */
export function isChunkwiseError(error: unknown): error is ChunkwiseError {
	return (
		error instanceof Error && typeof (error as { code?: unknown }).code === "string" && "remedy" in error
	);
}

/** Throws the signal's reason when it has been aborted. */
export function throwIfAborted(signal?: AbortSignal): void {
	signal?.throwIfAborted();
}
