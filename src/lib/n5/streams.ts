/** Decompression by streams (the platform's, or a package's) into a place of known size. */

/** What a stream gives once `bytes` went through it, which must be `size` bytes: no more is taken from it than that. */
export async function through(
	bytes: Uint8Array,
	size: number,
	open: (compressed: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>,
): Promise<Uint8Array> {
	const source = new ReadableStream<Uint8Array>({
		start(controller) {
			controller.enqueue(bytes);
			controller.close();
		},
	});
	const reader = open(source).getReader();
	const out = new Uint8Array(size);
	let at = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		if (at + value.byteLength > size) {
			reader.cancel().catch(() => {});
			throw new RangeError(`the stream holds more than ${size} bytes`);
		}
		out.set(value, at);
		at += value.byteLength;
	}
	if (at !== size) throw new RangeError(`the stream holds ${at} bytes in place of ${size}`);
	return out;
}

export function inflateExactly(
	bytes: Uint8Array,
	size: number,
	format: "gzip" | "deflate",
): Promise<Uint8Array> {
	return through(bytes, size, (compressed) =>
		compressed.pipeThrough(new DecompressionStream(format) as ReadableWritablePair<Uint8Array, Uint8Array>),
	);
}
