/** Decompression by streams (the platform's, or a package's) into a place of known size, or up to a size. */
import { joinBytes } from "../join-bytes.ts";

export type OpenStream = (compressed: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>;

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
	return new ReadableStream<Uint8Array>({
		start(controller) {
			controller.enqueue(bytes);
			controller.close();
		},
	});
}

/** What a stream gives once `bytes` went through it, which must be `size` bytes: no more is taken from it than that. */
export async function through(bytes: Uint8Array, size: number, open: OpenStream): Promise<Uint8Array> {
	const reader = open(streamOf(bytes)).getReader();
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

/** As {@link through}, where the size is not known and must not be beyond `most`. */
export async function gather(bytes: Uint8Array, most: number, open: OpenStream): Promise<Uint8Array> {
	const reader = open(streamOf(bytes)).getReader();
	const parts: Uint8Array[] = [];
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) break;
		length += value.byteLength;
		if (length > most) {
			reader.cancel().catch(() => {});
			throw new RangeError(`the stream holds more than ${most} bytes`);
		}
		// A decoder may use its memory again for the next part.
		parts.push(value.slice());
	}
	return joinBytes(parts);
}
