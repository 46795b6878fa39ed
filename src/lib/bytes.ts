/** Random access to bytes, wherever they are: memory, a Blob, a web server, a file (stores/node-file.ts). */
import { ChunkwiseError } from "./errors.ts";

/** Something whose bytes can be read piece by piece. */
export interface ByteSource {
	/** For messages: a file name or an address. */
	readonly name: string;
	/** Bytes in all. */
	readonly size: number;
	/**
	 * Bytes worth asking for at once when only a few are wanted, because each request has a price: 64 KiB over HTTP, and of a large Blob.
	 * Default 4 KiB.
	 */
	readonly granule?: number;
	/** What tells this content from another at the same place, where the place says so: an ETag or a time of change. */
	readonly version?: string;
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
export function bytesSource(input: Uint8Array, name = "bytes"): ByteSource {
	// Of Node's Buffer, slice() gives a view and not a copy: decoders would take it for one.
	const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
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

/**
 * A slice of a Blob costs a browser half a millisecond however short it is, a megabyte of it 3, and nine at once 12: files
 * of up to {@link smallBlob} are read in windows of this size, which are kept, and whole once more than
 * {@link fewWindows} are wanted. Larger ones are read as asked.
 */
const windowBytes = 1 << 20;
const fewWindows = 2;
const smallBlob = 32 << 20;

/** A Blob or File. At most 32 MiB of it are kept in memory, and of a larger one nothing beyond what is asked for. */
export function blobSource(blob: Blob, name?: string): ByteSource {
	const own = (blob as { name?: unknown }).name;
	const known = name ?? (typeof own === "string" && own !== "" ? own : "blob");
	const windows = new Map<number, Promise<Uint8Array>>();
	let whole: Promise<Uint8Array> | undefined;
	const window = (index: number): Promise<Uint8Array> => {
		let bytes = windows.get(index);
		if (!bytes) {
			bytes = sliceOf(blob, index * windowBytes, Math.min(blob.size, (index + 1) * windowBytes), known);
			windows.set(index, bytes);
			bytes.catch(() => windows.delete(index));
		}
		return bytes;
	};
	const all = (): Promise<Uint8Array> => {
		if (!whole) {
			windows.clear();
			whole = sliceOf(blob, 0, blob.size, known);
			whole.catch(() => {
				whole = undefined;
			});
		}
		return whole;
	};
	return {
		name: known,
		size: blob.size,
		granule: blob.size > smallBlob ? 65536 : undefined,
		async read(offset, length, signal) {
			signal?.throwIfAborted();
			checkRange(this, offset, length);
			if (length === 0) return new Uint8Array(0);
			if (blob.size > smallBlob) {
				const bytes = await sliceOf(blob, offset, offset + length, known);
				signal?.throwIfAborted();
				return bytes;
			}
			const first = Math.floor(offset / windowBytes);
			const last = Math.floor((offset + length - 1) / windowBytes);
			let missing = 0;
			for (let index = first; index <= last; index++) if (!windows.has(index)) missing++;
			if (whole || (missing > 0 && windows.size + missing > fewWindows)) {
				const bytes = await all();
				signal?.throwIfAborted();
				return bytes.subarray(offset, offset + length);
			}
			const parts = await Promise.all(Array.from({ length: last - first + 1 }, (_, i) => window(first + i)));
			signal?.throwIfAborted();
			const start = offset - first * windowBytes;
			if (parts.length === 1) return parts[0].subarray(start, start + length);
			const bytes = new Uint8Array(length);
			for (const [i, part] of parts.entries()) {
				const skip = i === 0 ? start : 0;
				const at = i * windowBytes + skip - start;
				bytes.set(part.subarray(skip, skip + length - at), at);
			}
			return bytes;
		},
	};
}

async function sliceOf(blob: Blob, start: number, stop: number, name: string): Promise<Uint8Array> {
	let buffer: ArrayBuffer;
	try {
		buffer = await blob.slice(start, stop).arrayBuffer();
	} catch (cause) {
		throw new ChunkwiseError("file-unreadable", "The file can no longer be read.", {
			where: name,
			remedy: "It may have been changed, moved or closed since it was chosen: choose it again.",
			cause,
		});
	}
	if (buffer.byteLength !== stop - start)
		checkRange({ name, size: start + buffer.byteLength }, start, stop - start);
	return new Uint8Array(buffer);
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
