/**
 * Zstandard in WebAssembly: zstddec decompresses, @bokuweb/zstd-wasm compresses. Each takes half the time that numcodecs'
 * build takes or less, and both are loaded when the first frame needs them. Where one cannot be had, the caller has
 * others.
 */

/** Decompresses a frame into at most `most` bytes; undefined where that fails, for whatever reason. */
export type ZstdDecoder = (frame: Uint8Array, most: number) => Uint8Array | undefined;
/** Compresses bytes into one frame that states its size; undefined where that fails. */
export type ZstdEncoder = (bytes: Uint8Array, level: number) => Uint8Array | undefined;

/** WebAssembly keeps what it once took: more than this is for others. */
const largest = 64 << 20;
/** Milliseconds until the encoder counts as absent: its loader does not say when it cannot be fetched. */
const longest = 20_000;

let decoder: Promise<ZstdDecoder | undefined> | undefined;
let encoder: Promise<ZstdEncoder | undefined> | undefined;
let allowed = true;

/** Whether these may be used: for tests and measurements of the others. */
export function allowZstdWasm(yes: boolean): void {
	allowed = yes;
}

export async function zstdDecoder(): Promise<ZstdDecoder | undefined> {
	if (!allowed) return undefined;
	decoder ??= loadDecoder().catch(() => undefined);
	return decoder;
}

export async function zstdEncoder(): Promise<ZstdEncoder | undefined> {
	if (!allowed) return undefined;
	encoder ??= loadEncoder().catch(() => undefined);
	return encoder;
}

async function loadDecoder(): Promise<ZstdDecoder> {
	const { ZSTDDecoder } = await import("zstddec");
	const zstd = new ZSTDDecoder();
	await zstd.init();
	return (frame, most) => {
		if (most < 1 || most > largest || frame.byteLength > largest) return undefined;
		try {
			// Where the frame is damaged it gives nothing.
			const bytes = zstd.decode(frame, most);
			return bytes.byteLength > 0 ? bytes : undefined;
		} catch {
			return undefined;
		}
	};
}

async function loadEncoder(): Promise<ZstdEncoder> {
	const { init, compress } = await import("@bokuweb/zstd-wasm");
	await Promise.race([
		init(),
		new Promise((_, reject) => {
			const timer = setTimeout(() => reject(new Error("the encoder was not loaded in time")), longest);
			(timer as { unref?: () => void }).unref?.();
		}),
	]);
	return (bytes, level) => {
		if (bytes.byteLength > largest) return undefined;
		try {
			return compress(bytes, level);
		} catch {
			return undefined;
		}
	};
}
