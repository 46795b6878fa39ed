/**
 * The platform's own compressors, several times as fast as those in WebAssembly. In Node its zlib, got by
 * `process.getBuiltinModule` (Node 20.16) and not by an import, so that bundles for browsers know nothing of it and it
 * is there in every worker and command by itself.
 */

/** Bytes to bytes, on another thread where `node:zlib` has it so. */
type Coder = (
	bytes: Uint8Array,
	options: ZlibOptions,
	done: (error: Error | null, out: Uint8Array) => void,
) => void;

interface ZlibOptions {
	level?: number;
	params?: Record<number, number>;
	chunkSize?: number;
	maxOutputLength?: number;
}

/** What is used of `node:zlib`. zstd came with Node 22.15. */
export interface NodeZlib {
	gzip: Coder;
	gunzip: Coder;
	deflate: Coder;
	inflate: Coder;
	zstdCompressSync?(bytes: Uint8Array, options: ZlibOptions): Uint8Array;
	zstdDecompressSync?(bytes: Uint8Array, options: ZlibOptions): Uint8Array;
	constants: { ZSTD_c_compressionLevel?: number };
}

let found: NodeZlib | null | undefined;
let allowed = true;

/** Node's zlib; undefined elsewhere. */
export function nodeZlib(): NodeZlib | undefined {
	if (found === undefined) {
		const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
		found = (process?.getBuiltinModule?.("node:zlib") as NodeZlib | undefined) ?? null;
	}
	return (allowed && found) || undefined;
}

/** Whether the platform's compressors may be used, where there are any: for tests and measurements of the others. */
export function allowPlatform(yes: boolean): void {
	allowed = yes;
}

/** A plain array over the bytes that Node gives. */
export function asBytes(bytes: Uint8Array): Uint8Array {
	return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What a platform's compressor says is wrong, as the codecs say it. */
export function asRangeError(cause: unknown): RangeError {
	return new RangeError(cause instanceof Error ? cause.message : String(cause), { cause });
}
