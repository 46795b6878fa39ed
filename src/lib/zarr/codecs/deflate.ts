/**
 * gzip and zlib streams. Node compresses and decompresses them on other threads; browsers decompress by their own
 * stream, and numcodecs (fflate, JavaScript) compresses there, because the browser's has no levels.
 */
import { joinBytes } from "../../join-bytes.ts";
import { asBytes, asRangeError, type NodeZlib, nodeZlib } from "./platform.ts";

export type DeflateFormat = "gzip" | "zlib";

/** Compresses bytes. They must stay as they are until the promise is kept. */
export async function deflate(bytes: Uint8Array, format: DeflateFormat, level: number): Promise<Uint8Array> {
	const zlib = nodeZlib();
	if (zlib) {
		return new Promise((resolve, reject) => {
			const chunkSize = Math.max(1024, bytes.byteLength + (bytes.byteLength >> 9) + 64);
			const code = format === "gzip" ? zlib.gzip : zlib.deflate;
			code(bytes, { level, chunkSize }, (error, out) => (error ? reject(error) : resolve(asBytes(out))));
		});
	}
	const { default: Codec } =
		format === "gzip" ? await import("numcodecs/gzip") : await import("numcodecs/zlib");
	const packed = await Codec.fromConfig({ id: format, level }).encode(bytes);
	// fflate puts the time of day there (RFC 1952, MTIME); 0 is for none, and the same bytes give the same stream.
	if (format === "gzip") packed.fill(0, 4, 8);
	return packed;
}

/**
 * Decompresses a stream.
 * @param most bytes that may come out
 * @param expected bytes that should come out, where known
 * @throws RangeError where the bytes are damaged or hold more
 */
export async function inflate(
	bytes: Uint8Array,
	format: DeflateFormat,
	most = Number.POSITIVE_INFINITY,
	expected = 4 * bytes.byteLength,
): Promise<Uint8Array> {
	const zlib = nodeZlib();
	return zlib ? inflateInNode(zlib, bytes, format, most, expected) : inflateByStream(bytes, format, most);
}

function inflateInNode(
	zlib: NodeZlib,
	bytes: Uint8Array,
	format: DeflateFormat,
	most: number,
	expected: number,
): Promise<Uint8Array> {
	const code = format === "gzip" ? zlib.gunzip : zlib.inflate;
	const options = {
		chunkSize: Math.max(1024, Math.min(expected + 64, 1 << 24)),
		maxOutputLength: Math.max(1, Math.min(most, 2 ** 32)),
	};
	return new Promise((resolve, reject) => {
		code(bytes, options, (error, out) => (error ? reject(asRangeError(error)) : resolve(asBytes(out))));
	});
}

async function inflateByStream(bytes: Uint8Array, format: DeflateFormat, most: number): Promise<Uint8Array> {
	const { writable, readable } = new DecompressionStream(format === "gzip" ? "gzip" : "deflate");
	const writer = writable.getWriter();
	// What goes wrong in writing is thrown by the reading below.
	writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => {});
	writer.close().catch(() => {});
	const reader = readable.getReader();
	const parts: Uint8Array[] = [];
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read().catch((cause) => {
			throw asRangeError(cause);
		});
		if (done) break;
		parts.push(value);
		length += value.byteLength;
		if (length > most) {
			reader.cancel().catch(() => {});
			throw new RangeError(`more than ${most} bytes come out of the compressed stream`);
		}
	}
	return joinBytes(parts);
}
