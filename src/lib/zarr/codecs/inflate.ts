/**
 * The library's inflater, for chunks, blocks, TIFF strips and zip entries alike: our WebAssembly (assembly/inflate.ts)
 * where it runs, else JavaScript or, for whole gzip and zlib streams, the platform (deflate.ts).
 *
 * Streams: zlib (RFC 1950), deflate (RFC 1951), gzip (RFC 1952).
 */
import { inflateByScript } from "./inflate-script.ts";
import { type Kernels, kernels, largestRegion } from "./kernels.ts";

const problems = [
	"the compressed stream ends early",
	"a block is of no known kind",
	"the size of a stored block is damaged",
	"a code table has too many codes",
	"a code table is too long",
	"a code table repeats nothing",
	"a code is not in its table",
	"a length is not allowed",
	"a distance is not allowed",
	"a distance goes back before the start",
];

/** What the compiled inflater answers where the output is full and more would come. */
const full = 1;

const early = () => new RangeError(problems[0]);

/** Whether {@link inflateInto} goes by WebAssembly for so many bytes. */
export function inflatesCompiled(input: Uint8Array, output: Uint8Array): boolean {
	return Math.max(input.byteLength, output.byteLength) <= largestRegion && kernels() !== undefined;
}

/**
 * Fills `output` and returns how many bytes were written: fewer than its length where the stream holds fewer. It stops as
 * soon as the output is full; what follows, the checksum too, is not looked at, as readers of TIFF have always done:
 * files are padded, or lack their checksum, or hold more than the strip needs.
 * @param format "raw" for deflate without a header, as in zip files
 * @throws RangeError where the stream is damaged
 */
export function inflateInto(input: Uint8Array, output: Uint8Array, format: "zlib" | "raw"): number {
	const start = format === "zlib" ? zlibHeader(input) : 0;
	const size = input.byteLength - start;
	const compiled = inflatesCompiled(input, output) ? kernels() : undefined;
	if (!compiled) return inflateByScript(input, start, output);
	const [from, to] = compiled.pair(size, output.byteLength);
	compiled.bytes.set(start === 0 ? input : input.subarray(start), from);
	const answer = compiled.run.inflate(from, size, to, output.byteLength);
	const written = compiled.run.inflateWritten();
	if (answer < 0 && written < output.byteLength) throw new RangeError(problems[-answer - 1]);
	output.set(compiled.bytes.subarray(to, to + written));
	return written;
}

/**
 * Decompresses a whole stream and checks its checksums; undefined where WebAssembly does not run or the stream is too
 * large for it. Members of gzip that follow each other are joined; zeros behind them are padding.
 * @param most bytes that may come out
 * @param memory gives bytes of any content that the result may be put into
 * @throws RangeError where the bytes are damaged or hold more than `most`
 */
export function inflateCompiled(
	bytes: Uint8Array,
	format: "gzip" | "zlib",
	most: number,
	memory: (size: number) => Uint8Array = (size) => new Uint8Array(size),
): Uint8Array | undefined {
	const compiled = bytes.byteLength <= largestRegion ? kernels() : undefined;
	if (!compiled) return undefined;
	const limit = Math.min(most, largestRegion);
	// A guess, since the trailer of gzip tells the size of its last member only.
	let room = Math.min(limit, Math.max(4096, 4 * bytes.byteLength, format === "gzip" ? saidSize(bytes) : 0));
	for (;;) {
		const size = inflateAll(compiled, bytes, format, room);
		if (size !== undefined) {
			const out = memory(size);
			const [, to] = compiled.pair(bytes.byteLength, room);
			out.set(compiled.bytes.subarray(to, to + size));
			return out;
		}
		if (room === limit) break;
		room = Math.min(limit, 4 * room);
	}
	if (most > limit) return undefined;
	throw new RangeError(`more than ${most} bytes come out of the compressed stream`);
}

/** Inflates all members to the second region; undefined where they do not fit. */
function inflateAll(
	compiled: Kernels,
	bytes: Uint8Array,
	format: "gzip" | "zlib",
	room: number,
): number | undefined {
	const { run } = compiled;
	const [from, to] = compiled.pair(bytes.byteLength, room);
	compiled.bytes.set(bytes, from);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	let at = 0;
	let made = 0;
	do {
		at = format === "gzip" ? gzipHeader(bytes, at) : zlibHeader(bytes);
		const answer = run.inflate(from + at, bytes.byteLength - at, to + made, room - made);
		if (answer === full) return undefined;
		if (answer < 0) throw new RangeError(problems[-answer - 1]);
		at += run.inflateRead();
		const size = run.inflateWritten();
		const tail = format === "gzip" ? 8 : 4;
		if (at + tail > bytes.byteLength) throw early();
		const found =
			format === "gzip" ? ~run.crc32(-1, to + made, size) >>> 0 : run.adler32(1, to + made, size) >>> 0;
		const said = view.getUint32(at, format === "gzip");
		if (found !== said) throw new RangeError("the checksum is not that of the bytes: they have changed");
		if (format === "gzip" && view.getUint32(at + 4, true) !== size) {
			throw new RangeError("the size that the gzip stream states is not that of its content");
		}
		at += tail;
		made += size;
	} while (format === "gzip" && at < bytes.byteLength && bytes[at] !== 0);
	return made;
}

function saidSize(bytes: Uint8Array): number {
	const { buffer, byteOffset, byteLength } = bytes;
	return byteLength < 18 ? 0 : new DataView(buffer, byteOffset, byteLength).getUint32(byteLength - 4, true);
}

/** The length of the header. */
function zlibHeader(input: Uint8Array): number {
	if (input.length < 2 || (input[0] & 0x0f) !== 8 || ((input[0] << 8) | input[1]) % 31 !== 0) {
		throw new RangeError("the data does not start as a zlib stream");
	}
	if (input[1] & 0x20) throw new RangeError("the zlib stream needs a preset dictionary");
	return 2;
}

/** Where the header that begins at `start` ends (RFC 1952 section 2.3). */
function gzipHeader(bytes: Uint8Array, start: number): number {
	if (start + 10 > bytes.length) throw early();
	const flags = bytes[start + 3];
	if (bytes[start] !== 0x1f || bytes[start + 1] !== 0x8b || bytes[start + 2] !== 8 || flags & 0xe0) {
		throw new RangeError("the data does not start as a gzip stream");
	}
	let at = start + 10;
	if (flags & 4) at += 2 + (bytes[at] | (bytes[at + 1] << 8));
	// The file's name, and a comment.
	for (const flag of [8, 16]) {
		if (!(flags & flag)) continue;
		const end = bytes.indexOf(0, at);
		if (end < 0) throw early();
		at = end + 1;
	}
	if (flags & 2) at += 2;
	if (at > bytes.length) throw early();
	return at;
}
