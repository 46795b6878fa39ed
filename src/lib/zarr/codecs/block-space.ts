/**
 * The place where one Blosc block is worked on: shuffled and compressed, or decompressed and unshuffled. Everything is
 * synchronous; what a method gives is valid until the next call, of any block, or the next await.
 */
import { bitshuffle, bitunshuffle } from "./bitshuffle.ts";
import { type Kernels, kernels, largestRegion } from "./kernels.ts";
import { lz4DecodeHere, lz4EncodeHere, lz4Problem } from "./lz4.ts";
import { shuffle, unshuffle } from "./shuffle.ts";

export type Filter = "noshuffle" | "shuffle" | "bitshuffle";

export interface BlockSpace {
	/** Takes `source[start, start + length)` through the filter; gives the result. */
	load(source: Uint8Array, start: number, length: number, filter: Filter, typesize: number): Uint8Array;
	/** Compresses a part of what was loaded; undefined where it becomes no smaller than `most` bytes. */
	lz4(from: number, length: number, acceleration: number, most: number): Uint8Array | undefined;
	/** The place for the bytes of a block before the filter is undone. */
	open(length: number): Uint8Array;
	/** Decompresses `frame[start, stop)` into that place. @throws RangeError */
	unlz4(frame: Uint8Array, start: number, stop: number, to: number, length: number): void;
	/** Undoes the filter, from that place to `out[start, …)`. */
	unload(filter: Filter, typesize: number, out: Uint8Array, start: number): void;
}

/** A place for blocks of up to `size` bytes. */
export function blockSpace(size: number): BlockSpace {
	const compiled = size <= largestRegion ? kernels() : undefined;
	return compiled ? new CompiledSpace(compiled, size) : new ScriptSpace(size);
}

/** What the filter really does to a block: C-Blosc leaves alone what it cannot shuffle. */
export function filterOf(filter: Filter, length: number, typesize: number): Filter {
	if (filter === "shuffle") return typesize > 1 ? filter : "noshuffle";
	if (filter === "bitshuffle")
		return length >= typesize && (length / typesize) % 8 < 1 ? filter : "noshuffle";
	return filter;
}

class CompiledSpace implements BlockSpace {
	readonly #kernels: Kernels;
	readonly #input: number;
	readonly #work: number;
	readonly #output: number;
	/** Where the loaded or opened block lies. */
	#at = 0;
	#length = 0;

	constructor(compiled: Kernels, size: number) {
		this.#kernels = compiled;
		[this.#input, this.#work, this.#output] = compiled.regions(size);
	}

	load(source: Uint8Array, start: number, length: number, filter: Filter, typesize: number): Uint8Array {
		const { bytes, run } = this.#kernels;
		const todo = filterOf(filter, length, typesize);
		bytes.set(source.subarray(start, start + length), this.#input);
		this.#at = this.#input;
		if (todo !== "noshuffle") {
			run.shuffle(this.#input, this.#work, length, typesize);
			this.#at = this.#work;
		}
		if (todo === "bitshuffle") {
			const count = Math.floor(length / typesize);
			run.bitsOfBytes(this.#work, this.#input, count, typesize);
			const whole = count * typesize;
			bytes.copyWithin(this.#input + whole, this.#work + whole, this.#work + length);
			this.#at = this.#input;
		}
		return bytes.subarray(this.#at, this.#at + length);
	}

	lz4(from: number, length: number, acceleration: number, most: number): Uint8Array | undefined {
		const { bytes, run } = this.#kernels;
		const packed = run.lz4Encode(this.#at + from, length, this.#output, most, acceleration);
		return packed < 0 ? undefined : bytes.subarray(this.#output, this.#output + packed);
	}

	open(length: number): Uint8Array {
		this.#length = length;
		return this.#kernels.bytes.subarray(this.#work, this.#work + length);
	}

	unlz4(frame: Uint8Array, start: number, stop: number, to: number, length: number): void {
		const { bytes, run } = this.#kernels;
		bytes.set(frame.subarray(start, stop), this.#input);
		const wrong = run.lz4Decode(this.#input, stop - start, this.#work + to, length);
		if (wrong !== 0) throw new RangeError(lz4Problem(wrong));
	}

	unload(filter: Filter, typesize: number, out: Uint8Array, start: number): void {
		const { bytes, run } = this.#kernels;
		const length = this.#length;
		const todo = filterOf(filter, length, typesize);
		let at = this.#work;
		let other = this.#output;
		if (todo === "bitshuffle") {
			const count = Math.floor(length / typesize);
			run.bytesOfBits(at, other, count, typesize);
			const whole = count * typesize;
			bytes.copyWithin(other + whole, at + whole, at + length);
			[at, other] = [other, at];
		}
		if (todo !== "noshuffle") {
			run.unshuffle(at, other, length, typesize);
			at = other;
		}
		out.set(bytes.subarray(at, at + length), start);
	}
}

/** Beyond this, memory is given back after each use. */
const mostKept = 16 << 20;

/** Memory that is used again and again: zeroing new memory takes as long as filling it. */
class Scratch {
	#bytes = new Uint8Array(0);

	borrow(size: number): Uint8Array {
		if (size > mostKept) return new Uint8Array(size);
		if (this.#bytes.length < size) this.#bytes = new Uint8Array(size);
		return this.#bytes;
	}
}

const [work, output] = [new Scratch(), new Scratch()];

class ScriptSpace implements BlockSpace {
	readonly #work: Uint8Array;
	readonly #output: Uint8Array;
	#length = 0;

	constructor(size: number) {
		this.#work = work.borrow(size);
		this.#output = output.borrow(size);
	}

	load(source: Uint8Array, start: number, length: number, filter: Filter, typesize: number): Uint8Array {
		const todo = filterOf(filter, length, typesize);
		if (todo === "noshuffle") this.#work.set(source.subarray(start, start + length));
		else if (todo === "shuffle") shuffle(source, start, length, this.#work, typesize);
		else bitshuffle(source.subarray(start, start + length), this.#work, typesize);
		return this.#work.subarray(0, length);
	}

	lz4(from: number, length: number, acceleration: number, most: number): Uint8Array | undefined {
		const room = Math.min(most, this.#output.length);
		const end = lz4EncodeHere(this.#work, from, from + length, this.#output, 0, room, acceleration);
		return end < 0 ? undefined : this.#output.subarray(0, end);
	}

	open(length: number): Uint8Array {
		this.#length = length;
		return this.#work.subarray(0, length);
	}

	unlz4(frame: Uint8Array, start: number, stop: number, to: number, length: number): void {
		lz4DecodeHere(frame, start, stop, this.#work, to, to + length);
	}

	unload(filter: Filter, typesize: number, out: Uint8Array, start: number): void {
		const todo = filterOf(filter, this.#length, typesize);
		const block = this.#work.subarray(0, this.#length);
		if (todo === "noshuffle") out.set(block, start);
		else if (todo === "shuffle") unshuffle(this.#work, this.#length, out, start, typesize);
		else bitunshuffle(block, out.subarray(start, start + this.#length), typesize);
	}
}
