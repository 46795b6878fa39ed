/**
 * gzip and zlib streams. They are decompressed by our WebAssembly; where it does not run, and beyond what it takes, by
 * Node on other threads, and in browsers by their own stream. Node compresses on other threads, and numcodecs (fflate,
 * JavaScript) in browsers, because the browser's stream has no levels.
 */
import { joinBytes } from "../../join-bytes.ts";
import { inflateCompiled } from "./inflate.ts";
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
 * @param memory gives bytes of any content that the result may be put into
 * @throws RangeError where the bytes are damaged or hold more
 */
export async function inflate(
	bytes: Uint8Array,
	format: DeflateFormat,
	most = Number.POSITIVE_INFINITY,
	memory?: (size: number) => Uint8Array,
): Promise<Uint8Array> {
	return inflateCompiled(bytes, format, most, memory) ?? inflateByPlatform(bytes, format, most);
}

/** As {@link inflate}, by Node's zlib or the browser's stream. */
export async function inflateByPlatform(
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
