/** The disk below a file system in memory: equal blocks, which of them are taken, and which were touched. */
import type { BlockRuns } from "./storage-model.ts";

/** Bytes of a block: the usual size of ext4, XFS and NTFS. */
export const blockSize = 4096;

/** Something that lies in blocks. */
export interface Extent {
	/** Bytes. */
	size: number;
	/** Which blocks of the disk hold it, in order. */
	blocks: number[];
	/** Blocks that it keeps even when it is empty. */
	least: number;
}

export class Blocks {
	#bytes: Uint8Array;
	#taken: Uint8Array;
	/** No free block is before this one. */
	#firstFree = 0;
	#used = 0;
	readonly #read = new Set<number>();
	readonly #written = new Set<number>();
	readonly #freed = new Set<number>();

	/** @param count how many blocks there are */
	constructor(count: number) {
		this.#bytes = new Uint8Array(count * blockSize);
		this.#taken = new Uint8Array(count);
	}

	get count(): number {
		return this.#taken.length;
	}

	/** How many blocks hold something. */
	get used(): number {
		return this.#used;
	}

	get free(): number {
		return this.#taken.length - this.#used;
	}

	copy(): Blocks {
		const other = new Blocks(0);
		other.#bytes = this.#bytes.slice();
		other.#taken = this.#taken.slice();
		other.#firstFree = this.#firstFree;
		other.#used = this.#used;
		return other;
	}

	/** Adds blocks at the end; what is there stays where it is. */
	grow(count: number): void {
		const bytes = new Uint8Array(this.#bytes.length + count * blockSize);
		bytes.set(this.#bytes);
		this.#bytes = bytes;
		const taken = new Uint8Array(this.#taken.length + count);
		taken.set(this.#taken);
		this.#taken = taken;
	}

	/** Whether an extent can be made so large. */
	fits(extent: Extent, size: number): boolean {
		return needed(extent, size) - extent.blocks.length <= this.free;
	}

	/** Makes an extent so large, with the first blocks that are free, or gives back those at its end. It has to fit. */
	resize(extent: Extent, size: number): void {
		const count = needed(extent, size);
		while (extent.blocks.length < count) {
			while (this.#taken[this.#firstFree]) this.#firstFree++;
			const block = this.#firstFree;
			this.#taken[block] = 1;
			this.#used++;
			this.#bytes.fill(0, block * blockSize, (block + 1) * blockSize);
			extent.blocks.push(block);
			this.#written.add(block);
		}
		while (extent.blocks.length > count) {
			const block = extent.blocks.pop() as number;
			this.#taken[block] = 0;
			this.#used--;
			this.#freed.add(block);
			this.#firstFree = Math.min(this.#firstFree, block);
		}
		extent.size = size;
	}

	/** Bytes from a position, no further than the end. */
	read(extent: Extent, at: number, length: number): Uint8Array {
		const bytes = new Uint8Array(Math.max(0, Math.min(length, extent.size - at)));
		for (const { block, start, from, count } of parts(extent, at, bytes.length)) {
			bytes.set(this.#bytes.subarray(start, start + count), from);
			this.#read.add(block);
		}
		return bytes;
	}

	/** Puts bytes into blocks that the extent has. */
	write(extent: Extent, at: number, bytes: Uint8Array): void {
		for (const { block, start, from, count } of parts(extent, at, bytes.length)) {
			this.#bytes.set(bytes.subarray(from, from + count), start);
			this.#written.add(block);
		}
	}

	/** Marks a block of an extent as read or written, where its bytes are not kept here. */
	touch(extent: Extent, how: "read" | "written"): void {
		for (const block of how === "read" ? extent.blocks : extent.blocks.slice(0, 1)) {
			(how === "read" ? this.#read : this.#written).add(block);
		}
	}

	/** Forgets which blocks were touched. */
	settle(): void {
		this.#read.clear();
		this.#written.clear();
		this.#freed.clear();
	}

	/** Which blocks hold something, and which were touched since `settle`. */
	map(): { blocks: number; used: BlockRuns; read: BlockRuns; written: BlockRuns; freed: BlockRuns } {
		const taken: number[] = [];
		this.#taken.forEach((is, block) => {
			if (is) taken.push(block);
		});
		const only = (blocks: ReadonlySet<number>, held: 0 | 1) =>
			runsOf([...blocks].filter((block) => this.#taken[block] === held).sort((a, b) => a - b));
		return {
			blocks: this.count,
			used: runsOf(taken),
			read: only(this.#read, 1),
			written: only(this.#written, 1),
			freed: only(this.#freed, 0),
		};
	}
}

function needed(extent: Extent, size: number): number {
	return Math.max(extent.least, Math.ceil(size / blockSize));
}

/** The blocks that hold a part of an extent, and where in them. */
function* parts(extent: Extent, at: number, length: number) {
	for (let from = 0; from < length; ) {
		const inside = (at + from) % blockSize;
		const count = Math.min(blockSize - inside, length - from);
		const block = extent.blocks[Math.floor((at + from) / blockSize)];
		yield { block, start: block * blockSize + inside, from, count };
		from += count;
	}
}

function runsOf(sorted: readonly number[]): BlockRuns {
	const runs: BlockRuns = [];
	for (const block of sorted) {
		const last = runs[runs.length - 1];
		if (last && last[0] + last[1] === block) last[1]++;
		else runs.push([block, 1]);
	}
	return runs;
}
