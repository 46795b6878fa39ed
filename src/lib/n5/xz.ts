/** Decompression of .xz streams, by the package xz-decompress (the XZ Embedded decoder as WebAssembly). */
import type { OpenStream } from "./streams.ts";

/** What opens a stream to decompress; the package is loaded at its first use. */
export async function openXz(): Promise<OpenStream> {
	const loaded = await import("xz-decompress");
	// The package is CommonJS: Node gives its names as properties of the default export.
	const { XzReadableStream } =
		"XzReadableStream" in loaded ? loaded : (loaded as { default: typeof loaded }).default;
	return (compressed) => new XzReadableStream(compressed);
}
