/**
 * Zstandard in WebAssembly: zstddec decompresses, @bokuweb/zstd-wasm compresses. Each takes half the time that numcodecs'
 * build takes or less, and both are loaded when the first frame needs them. Where one cannot be had, the caller has
 * others.
 */

/**
 * Decompresses a frame into at most `most` bytes; undefined where that fails, for whatever reason. The bytes lie in
 * WebAssembly's memory and are lent until the next call.
 */
export type ZstdDecoder = (frame: Uint8Array, most: number) => Uint8Array | undefined;
/** Compresses bytes into one frame that states its size; undefined where that fails. */
export type ZstdEncoder = (bytes: Uint8Array, level: number) => Uint8Array | undefined;

/** WebAssembly keeps what it once took: more than this is for others. */
const largest = 64 << 20;
/** Milliseconds until the encoder counts as absent, where nothing says why it does not come. */
const longest = 20_000;

let decoder: Promise<ZstdDecoder | undefined> | undefined;
let encoder: Promise<ZstdEncoder | undefined> | undefined;
let allowed = true;

/** Whether these may be used: for tests and measurements of the others. */
export function allowZstdWasm(yes: boolean): void {
	allowed = yes;
}

/** False where a page's Content-Security-Policy forbids all WebAssembly. */
export function wasmRuns(): boolean {
	try {
		// An empty module.
		return new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) instanceof WebAssembly.Module;
	} catch {
		return false;
	}
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

/** What zstddec's module exports. */
interface DecoderExports {
	memory: WebAssembly.Memory;
	malloc(size: number): number;
	free(address: number): void;
	ZSTD_decompress(to: number, room: number, from: number, size: number): number;
}

/**
 * The module's functions themselves: `decode` of the package gives each frame new memory, which in Chromium takes a fifth
 * of the time of decompressing it.
 */
async function decoderExports(): Promise<DecoderExports> {
	const { ZSTDDecoder } = await import("zstddec");
	let instance: WebAssembly.Instance | undefined;
	class Opened extends ZSTDDecoder {
		override _init = (result: WebAssembly.WebAssemblyInstantiatedSource): void => {
			instance = result.instance;
			ZSTDDecoder.prototype._init(result);
		};
	}
	await new Opened().init();
	if (!instance) throw new Error("zstddec was already started elsewhere");
	return instance.exports as unknown as DecoderExports;
}

/** A place in the module's memory, kept while no more is needed. */
class Place {
	readonly #zstd: DecoderExports;
	#address = 0;
	#size = 0;

	constructor(zstd: DecoderExports) {
		this.#zstd = zstd;
	}

	/** The address of so many bytes. @throws RangeError */
	of(size: number): number {
		if (size > this.#size) {
			if (this.#address) this.#zstd.free(this.#address);
			this.#address = this.#zstd.malloc(size);
			this.#size = this.#address ? size : 0;
			if (!this.#address) throw new RangeError("no memory for a zstd frame");
		}
		return this.#address;
	}
}

async function loadDecoder(): Promise<ZstdDecoder> {
	const zstd = await decoderExports();
	const [input, output] = [new Place(zstd), new Place(zstd)];
	let heap = new Uint8Array(zstd.memory.buffer);
	return (frame, most) => {
		if (most < 1 || most > largest || frame.byteLength > largest) return undefined;
		try {
			const from = input.of(frame.byteLength);
			const to = output.of(most);
			// A view ends when the memory grows, which these may do.
			if (heap.byteLength === 0) heap = new Uint8Array(zstd.memory.buffer);
			heap.set(frame, from);
			const size = zstd.ZSTD_decompress(to, most, from, frame.byteLength);
			if (heap.byteLength === 0) heap = new Uint8Array(zstd.memory.buffer);
			// An error is a small negative number.
			return size > 0 && size <= most ? heap.subarray(to, to + size) : undefined;
		} catch {
			return undefined;
		}
	};
}

async function loadEncoder(): Promise<ZstdEncoder> {
	const { init, compress } = await import("@bokuweb/zstd-wasm");
	await started(init);
	return (bytes, level) => {
		if (bytes.byteLength > largest) return undefined;
		try {
			return compress(bytes, level);
		} catch {
			return undefined;
		}
	};
}

/**
 * Starts the encoder, and rejects as soon as its WebAssembly cannot be had: its loader in browsers waits for ever then. The
 * loader calls `fetch` before `init` comes back, so that it can be given one that tells, for no longer than that.
 */
async function started(init: () => Promise<void>): Promise<void> {
	if (!wasmRuns()) throw new Error("WebAssembly cannot run here");
	const { fetch } = globalThis;
	let failed = (_: unknown): void => {};
	let timer: ReturnType<typeof setTimeout> | undefined;
	const failure = new Promise<never>((_, reject) => {
		failed = reject;
		timer = setTimeout(() => reject(new Error("the encoder was not loaded in time")), longest);
		(timer as { unref?: () => void }).unref?.();
	});
	const telling: typeof fetch = async (...request) => {
		try {
			const response = await fetch(...request);
			const bytes = await response.arrayBuffer();
			// A server may answer with a page where there is no file.
			if (!response.ok || !WebAssembly.validate(bytes)) throw new Error(`${response.url} is no WebAssembly`);
			return new Response(bytes, { headers: { "content-type": "application/wasm" } });
		} catch (error) {
			failed(error);
			// The loader would complain in the console.
			return new Promise<never>(() => {});
		}
	};
	try {
		globalThis.fetch = telling;
		const coming = init();
		globalThis.fetch = fetch;
		await Promise.race([coming, failure]);
	} finally {
		globalThis.fetch = fetch;
		clearTimeout(timer);
	}
}
