/**
 * Zstandard frames. Compressed by Node's own library where it has it, else in WebAssembly. Small frames are decompressed in
 * WebAssembly, which takes half the time that Node's takes for them, large ones by Node's where it is there. Where a build
 * cannot be loaded or fails, Node's or numcodecs' has the last word, and says what is wrong with a frame.
 */
import { ChunkwiseError } from "../../errors.ts";
import { isOneZstdFrame, largestZstdSize } from "../../tiff/zstd-frame.ts";
import { asBytes, asRangeError, type NodeZlib, nodeZlib } from "./platform.ts";
import { wasmRuns, zstdDecoder, zstdEncoder } from "./zstd-wasm.ts";

/** Compresses and decompresses frames at one level. */
export interface ZstdCoder {
	/** The bytes may change as soon as the call has come back. */
	encode(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
	/**
	 * What comes at once, and not as a promise, is lent until the next call of this method or of another coder's.
	 * @param most bytes that may come out
	 * @throws RangeError where the bytes are damaged or hold more
	 */
	decode(bytes: Uint8Array, most: number): Uint8Array | Promise<Uint8Array>;
}

/**
 * The bytes of a frame, for the caller to keep.
 * @param most bytes that may come out
 * @param memory gives so many bytes, of any content, that the result may be put into
 * @throws RangeError where the bytes are damaged or hold more
 */
export async function zstdDecode(
	frame: Uint8Array,
	most: number,
	memory: (size: number) => Uint8Array = (size) => new Uint8Array(size),
): Promise<Uint8Array> {
	const result = (await zstdCoder(1)).decode(frame, most);
	if (result instanceof Promise) return result;
	const kept = memory(result.byteLength);
	kept.set(result);
	return kept;
}

/** From so many bytes on Node's own takes two thirds of the time of WebAssembly: a call has a price of its own. */
const nativeFrom = 512 << 10;

/** @param level 1 to 22 */
export async function zstdCoder(level: number): Promise<ZstdCoder> {
	const zlib = nodeZlib();
	const native = zlib?.zstdCompressSync && zlib.zstdDecompressSync ? nodeCoder(zlib, level) : undefined;
	const last = native ?? numcodecsCoder(level);
	const [decoder, encoder] = await Promise.all([zstdDecoder(), native ? undefined : zstdEncoder()]);
	return {
		encode: (bytes) =>
			native?.encode(bytes) ?? constantFrame(bytes) ?? encoder?.(bytes, level) ?? last.encode(bytes),
		decode(bytes, most) {
			const said = checkSize(bytes, most);
			if (native && Math.min(most, said) >= nativeFrom && isWholeFrame(bytes))
				return native.decode(bytes, most);
			// Frames may follow each other, and the first says nothing of them.
			return decoder?.(bytes, Math.min(most, said)) ?? decoder?.(bytes, most) ?? last.decode(bytes, most);
		},
	};
}

/** Node's own leaves out, without a word, what follows the first frame. */
function isWholeFrame(bytes: Uint8Array): boolean {
	try {
		return isOneZstdFrame(bytes);
	} catch {
		return false;
	}
}

/** Loaded only when it is asked. */
function numcodecsCoder(level: number): ZstdCoder {
	const load = async () => {
		if (!wasmRuns()) {
			throw new ChunkwiseError("unsupported-codec", "Zstandard needs WebAssembly, which may not run here.", {
				remedy:
					"Write with blosc-lz4, gzip or none, or let the page's Content-Security-Policy have 'wasm-unsafe-eval'.",
			});
		}
		return (await import("numcodecs/zstd")).default.fromConfig({ id: "zstd", level });
	};
	return {
		async encode(bytes) {
			const own = bytes.slice();
			return (await load()).encode(own);
		},
		async decode(bytes) {
			const codec = await load();
			try {
				return await codec.decode(bytes);
			} catch (cause) {
				throw asRangeError(cause);
			}
		},
	};
}

/**
 * A frame of run-length blocks (RFC 8878 section 3.1.1.2) where all bytes are the same, as beyond an image's edge: that
 * saves bringing them to WebAssembly. Undefined for other bytes.
 */
export function constantFrame(bytes: Uint8Array): Uint8Array | undefined {
	const size = bytes.byteLength;
	if (size < 256) return undefined;
	const value = bytes[0];
	for (let i = 1; i < size; i++) if (bytes[i] !== value) return undefined;
	const blocks = Math.ceil(size / largestBlock);
	const frame = new Uint8Array(9 + 4 * blocks);
	const view = new DataView(frame.buffer);
	view.setUint32(0, 0xfd2fb528, true);
	// One segment, and the size in four bytes.
	frame[4] = 0xa0;
	view.setUint32(5, size, true);
	for (let block = 0; block < blocks; block++) {
		const length = Math.min(largestBlock, size - block * largestBlock);
		const last = block === blocks - 1 ? 1 : 0;
		view.setUint32(9 + 4 * block, (value << 24) | (length << 3) | (1 << 1) | last, true);
	}
	return frame;
}

const largestBlock = 128 * 1024;

function nodeCoder(zlib: NodeZlib, level: number): ZstdCoder {
	const params = { [zlib.constants.ZSTD_c_compressionLevel ?? 100]: level };
	return {
		encode(bytes) {
			// Room for all of it, so that it is not put together from pieces.
			const chunkSize = Math.max(1024, bytes.byteLength + (bytes.byteLength >> 7) + 512);
			return asBytes(
				(zlib.zstdCompressSync as NonNullable<NodeZlib["zstdCompressSync"]>)(bytes, { params, chunkSize }),
			);
		},
		decode(bytes, most) {
			try {
				const decode = zlib.zstdDecompressSync as NonNullable<NodeZlib["zstdDecompressSync"]>;
				const room = Math.min(most, largestZstdSize(bytes)) + 64;
				return asBytes(
					decode(bytes, {
						chunkSize: Math.min(room, 1 << 24),
						maxOutputLength: Math.max(1, Math.min(most, 2 ** 32)),
					}),
				);
			} catch (cause) {
				throw asRangeError(cause);
			}
		},
	};
}

/**
 * The most that the first frame can hold. Frames of unknown size end in a block that is not full, and encoders that flush
 * have more of those.
 */
function checkSize(bytes: Uint8Array, most: number): number {
	let said: number;
	try {
		said = largestZstdSize(bytes);
	} catch (cause) {
		throw asRangeError(cause);
	}
	if (said > 8 * most + (1 << 20)) throw new RangeError("the zstd frame is far larger than it should be");
	return said;
}
