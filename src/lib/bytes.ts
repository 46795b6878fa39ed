/** Random access to bytes, wherever they are: memory, a Blob, a web server, a file (stores/node-file.ts). */
import { ChunkwiseError } from "./errors.ts";

/** Something whose bytes can be read piece by piece. */
export interface ByteSource {
	/** For messages: a file name or an address. */
	readonly name: string;
	/** Bytes in all. */
	readonly size: number;
	/**
	 * Bytes worth asking for at once when only a few are wanted, because each request has a price: 64 KiB over HTTP.
	 * Default 4 KiB.
	 */
	readonly granule?: number;
	/**
	 * Exactly `length` bytes from `offset`. The result may be a view of memory that others see too: do not write to it.
	 * @throws ChunkwiseError read-past-end where there are fewer, or the error of the source; the signal's reason
	 * once it is aborted.
	 */
	read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** Refuses a range that is not inside the source. */
export function checkRange(source: { name: string; size: number }, offset: number, length: number): void {
	if (
		Number.isSafeInteger(offset) &&
		Number.isSafeInteger(length) &&
		offset >= 0 &&
		length >= 0 &&
		offset + length <= source.size
	) {
		return;
	}
	throw new ChunkwiseError(
		"read-past-end",
		`Bytes ${offset} to ${offset + length} were asked for and there are ${source.size}.`,
		{ where: source.name, remedy: "Check that the file is whole: its end may be missing." },
	);
}

/** Bytes in memory. Not copied: reads are views. */
export function bytesSource(bytes: Uint8Array, name = "bytes"): ByteSource {
	return {
		name,
		size: bytes.byteLength,
		async read(offset, length, signal) {
			signal?.throwIfAborted();
			checkRange(this, offset, length);
			return bytes.subarray(offset, offset + length);
		},
	};
}

/** A Blob or File; only the slices asked for are brought into memory. */
export function blobSource(blob: Blob, name?: string): ByteSource {
	const own = (blob as { name?: unknown }).name;
	return {
		name: name ?? (typeof own === "string" && own !== "" ? own : "blob"),
		size: blob.size,
		async read(offset, length, signal) {
			signal?.throwIfAborted();
			checkRange(this, offset, length);
			let buffer: ArrayBuffer;
			try {
				buffer = await blob.slice(offset, offset + length).arrayBuffer();
			} catch (cause) {
				throw new ChunkwiseError("file-unreadable", "The file can no longer be read.", {
					where: this.name,
					remedy: "It may have been changed, moved or closed since it was chosen: choose it again.",
					cause,
				});
			}
			signal?.throwIfAborted();
			if (buffer.byteLength !== length)
				checkRange({ name: this.name, size: offset + buffer.byteLength }, offset, length);
			return new Uint8Array(buffer);
		},
	};
}

/** A source for whatever holds bytes. */
export function toByteSource(input: Blob | Uint8Array | ByteSource, name?: string): ByteSource {
	if (input instanceof Uint8Array) return bytesSource(input, name);
	if (typeof Blob !== "undefined" && input instanceof Blob) return blobSource(input, name);
	const source = input as ByteSource;
	if (typeof source?.read === "function" && typeof source.size === "number") return source;
	throw new ChunkwiseError("not-bytes", `Bytes cannot be read from ${describe(input)}.`, {
		remedy:
			"Give a Blob or File, a Uint8Array, or a byte source: blobSource, bytesSource, httpSource, fileSource.",
	});
}

function describe(value: unknown): string {
	if (value === null || value === undefined) return String(value);
	if (typeof value === "object") return `an object of type ${value.constructor?.name ?? "unknown"}`;
	return `a ${typeof value}`;
}
