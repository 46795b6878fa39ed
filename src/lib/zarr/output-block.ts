/** The array that chunks are read into: which chunks it is made of, and each put in its place. */
import { joinShortRows } from "../image/copy-rows.ts";
import { copyStrided } from "../image/select.ts";
import { cStrides, product, type TypedArray } from "../types.ts";
import { lentMemory } from "./chunk-memory.ts";
import type { Memory } from "./codec-pipeline.ts";
import type { DecodedChunk } from "./decoder.ts";

/** Rows of chunks no longer than this are put together with those of the chunks beside them. */
const shortRow = 1024;
/** Bytes of chunks that wait for those beside them, at most. */
const mostWaiting = 16 << 20;

/** Chunks side by side along one axis, some of which are still to come. */
interface Group {
	/** Of the first one, among all chunks. */
	first: number;
	chunks: (DecodedChunk | undefined)[];
	left: number;
	giveBack: (() => void)[];
}

/** A part of a chunk that is in the output, and where both begin, in elements. */
interface Part {
	from: number;
	to: number;
	extent: number[];
}

export class OutputBlock {
	/** Chunks that the ranges touch. */
	readonly chunks: number;
	readonly #out: TypedArray;
	readonly #ranges: readonly (readonly [number, number])[];
	readonly #chunkShape: readonly number[];
	readonly #strides: number[];
	readonly #first: number[];
	readonly #grid: number[];
	readonly #gridStrides: number[];
	/** The last axis along which there are several chunks, and how many of them make a group. */
	readonly #axis: number;
	readonly #together: number;
	readonly #groups = new Map<number, Group>();

	/**
	 * @param out C order, of the ranges' extent
	 * @param ranges of indices of the stored array
	 */
	constructor(
		out: TypedArray,
		ranges: readonly (readonly [start: number, stop: number])[],
		chunkShape: readonly number[],
	) {
		const extent = ranges.map(([start, stop]) => stop - start);
		this.#out = out;
		this.#ranges = ranges;
		this.#chunkShape = chunkShape;
		this.#strides = cStrides(extent);
		this.#first = ranges.map(([start], axis) => Math.floor(start / chunkShape[axis]));
		this.#grid = ranges.map(([start, stop], axis) =>
			start === stop ? 0 : Math.ceil(stop / chunkShape[axis]) - this.#first[axis],
		);
		this.#gridStrides = cStrides(this.#grid);
		this.chunks = product(this.#grid);
		this.#axis = this.#grid.reduce((last, n, axis) => (n > 1 ? axis : last), -1);
		const row =
			this.#axis > 0 ? chunkShape[this.#axis] * this.#strides[this.#axis] : Number.POSITIVE_INFINITY;
		const fit = Math.floor(mostWaiting / (product(chunkShape) * out.BYTES_PER_ELEMENT));
		const short = row * out.BYTES_PER_ELEMENT <= shortRow;
		this.#together = short ? Math.max(1, Math.min(this.#grid[this.#axis], fit)) : 1;
	}

	/** The index, in the stored array, of the n-th of these chunks. */
	index(n: number): number[] {
		return this.#gridStrides.map(
			(step, axis) => this.#first[axis] + (Math.floor(n / step) % this.#grid[axis]),
		);
	}

	/** Memory for the n-th chunk to be decoded into: its own until it has been copied to its place. */
	lend(n: number): Memory {
		const { memory, giveBack } = lentMemory();
		this.#groupOf(n).giveBack.push(giveBack);
		return memory;
	}

	/** @param chunk the n-th one; undefined leaves its place as it is */
	put(n: number, chunk: DecodedChunk | undefined): void {
		const group = this.#groupOf(n);
		group.chunks[n - group.first] = chunk;
		if (--group.left > 0) return;
		this.#groups.delete(group.first);
		if (!this.#join(group)) {
			for (const [i, one] of group.chunks.entries()) {
				if (!one) continue;
				const { from, to, extent } = this.#part(group.first + i, one);
				copyStrided(one.data, from, one.strides, this.#out, to, this.#strides, extent);
			}
		}
		for (const giveBack of group.giveBack) giveBack();
	}

	#groupOf(n: number): Group {
		const axis = this.#axis;
		const along = axis < 0 ? 0 : Math.floor(n / this.#gridStrides[axis]) % this.#grid[axis];
		const inGroup = along % this.#together;
		const first = n - inGroup;
		let group = this.#groups.get(first);
		if (!group) {
			const left = axis < 0 ? 1 : Math.min(this.#together, this.#grid[axis] - (along - inGroup));
			group = { first, chunks: new Array(left).fill(undefined), left, giveBack: [] };
			this.#groups.set(first, group);
		}
		return group;
	}

	#part(n: number, { strides }: DecodedChunk): Part {
		const part: Part = { from: 0, to: 0, extent: [] };
		for (const [axis, i] of this.index(n).entries()) {
			const [start, stop] = this.#ranges[axis];
			const chunkStart = i * this.#chunkShape[axis];
			const first = Math.max(start, chunkStart);
			part.extent.push(Math.min(stop, chunkStart + this.#chunkShape[axis]) - first);
			part.from += (first - chunkStart) * strides[axis];
			part.to += (first - start) * this.#strides[axis];
		}
		return part;
	}

	/** Puts a group in its place, whole rows at a time. False where that cannot be done; nothing is put then. */
	#join({ first, chunks }: Group): boolean {
		const axis = this.#axis;
		if (chunks.length < 2 || axis < 1) return false;
		const size = this.#out.BYTES_PER_ELEMENT;
		const parts: { chunk: DecodedChunk; part: Part; bytes: Uint8Array }[] = [];
		for (const [i, chunk] of chunks.entries()) {
			// Each row of the chunk must be one piece, and of each its first element before those of the next.
			const whole = chunk?.strides.every((step, k) => k < axis || step === this.#strides[k]);
			if (!chunk || !whole || chunk.strides[axis - 1] <= 0) return false;
			const { buffer, byteOffset, byteLength } = chunk.data;
			const bytes = new Uint8Array(buffer, byteOffset, byteLength);
			parts.push({ chunk, part: this.#part(first + i, chunk), bytes });
		}
		const { to, extent } = parts[0].part;
		const target = new Uint8Array(this.#out.buffer, this.#out.byteOffset, this.#out.byteLength);
		const outer = extent.slice(0, axis - 1);
		const steps = cStrides(outer);
		for (let i = 0; i < product(outer); i++) {
			const index = steps.map((step, k) => Math.floor(i / step) % outer[k]);
			const at = (strides: readonly number[]) => index.reduce((sum, n, k) => sum + n * strides[k], 0);
			const joined = joinShortRows(
				parts.map(({ chunk, part, bytes }) => ({
					bytes,
					offset: (part.from + at(chunk.strides)) * size,
					step: chunk.strides[axis - 1] * size,
					row: part.extent[axis] * this.#strides[axis] * size,
				})),
				target,
				(to + at(this.#strides)) * size,
				this.#strides[axis - 1] * size,
				extent[axis - 1],
			);
			if (!joined) return false;
		}
		return true;
	}
}
