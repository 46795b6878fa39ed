/**
 * The library's own WebAssembly (assembly/): shuffles, LZ4 blocks, deflate undone, checksums, copies of rows, their
 * differences undone, and means.
 * Where it cannot run (no SIMD, or a page whose Content-Security-Policy forbids WebAssembly) callers use their JavaScript.
 */
import { kernelsWasm } from "./kernels-wasm.ts";

interface Exports {
	memory: WebAssembly.Memory;
	heapStart(): number;
	slack(): number;
	shuffle(source: number, target: number, size: number, typeSize: number): void;
	unshuffle(source: number, target: number, size: number, typeSize: number): void;
	bitsOfBytes(source: number, target: number, count: number, typeSize: number): void;
	bytesOfBits(source: number, target: number, count: number, typeSize: number): void;
	lz4Encode(source: number, size: number, target: number, limit: number, acceleration: number): number;
	lz4Decode(source: number, size: number, target: number, plain: number): number;
	inflate(source: number, size: number, target: number, limit: number): number;
	inflateRead(): number;
	inflateWritten(): number;
	crc32c(crc: number, source: number, size: number): number;
	crc32(crc: number, source: number, size: number): number;
	adler32(sum: number, source: number, size: number): number;
	binMeans(
		kind: number,
		source: number,
		planeStep: number,
		planes: number,
		rowStep: number,
		rows: number,
		factor: number,
		target: number,
		width: number,
		count: number,
		shift: number,
		round: boolean,
	): void;
	sumRows16(at: number, rows: number, perRow: number): void;
	copyRows(from: number, fromStep: number, to: number, toStep: number, count: number, row: number): void;
}

const page = 65536;

/** Largest region that is given to WebAssembly: its memory never shrinks. */
export const largestRegion = 16 << 20;

/** The functions, and regions of their memory that are lent until the next call. */
export class Kernels {
	readonly run: Exports;
	#bytes: Uint8Array<ArrayBuffer>;

	constructor(run: Exports) {
		this.run = run;
		this.#bytes = new Uint8Array(run.memory.buffer as ArrayBuffer);
	}

	/** All of the memory. A view of it ends when it grows, which {@link regions} may do. */
	get bytes(): Uint8Array<ArrayBuffer> {
		if (this.#bytes.byteLength === 0) this.#bytes = new Uint8Array(this.run.memory.buffer as ArrayBuffer);
		return this.#bytes;
	}

	/** Addresses of three regions of at least `size` bytes each, with room to run over. */
	regions(size: number): [number, number, number] {
		const step = (size + this.run.slack() + 15) & ~15;
		const start = this.run.heapStart();
		this.#have(start + 3 * step);
		return [start, start + step, start + 2 * step];
	}

	/** Addresses of two regions of these sizes, likewise. */
	pair(first: number, second: number): [number, number] {
		const room = (size: number) => (size + this.run.slack() + 15) & ~15;
		const start = this.run.heapStart();
		this.#have(start + room(first) + room(second));
		return [start, start + room(first)];
	}

	#have(size: number): void {
		const missing = size - this.run.memory.buffer.byteLength;
		if (missing > 0) this.run.memory.grow(Math.ceil(missing / page));
	}
}

let loaded: Kernels | null | undefined;
let allowed = true;

/** The functions, or undefined where WebAssembly with SIMD cannot run. */
export function kernels(): Kernels | undefined {
	if (loaded === undefined) loaded = load() ?? null;
	return (allowed && loaded) || undefined;
}

/** Whether WebAssembly may be used, where it can: for tests and measurements of the JavaScript. */
export function allowKernels(yes: boolean): void {
	allowed = yes;
}

function load(): Kernels | undefined {
	try {
		const binary = Uint8Array.from(atob(kernelsWasm), (character) => character.charCodeAt(0));
		const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary));
		return new Kernels(exports as unknown as Exports);
	} catch {
		return undefined;
	}
}
