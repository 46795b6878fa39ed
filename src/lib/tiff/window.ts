/** A part of a page: only the strips and tiles that it touches are read and decoded. */
import { itemSize } from "../types.ts";
import {
	type Block,
	blockRowBytes,
	decodeAside,
	decodePage,
	groupBlocks,
	jpegTables,
	listBlocks,
} from "./decode-page.ts";
import type { TiffFile } from "./file.ts";
import type { PageLayout } from "./page.ts";
import { compressions } from "./tags.ts";

/** Half-open ranges of a page's rows and columns. */
export interface PageWindow {
	rows: readonly [start: number, stop: number];
	columns: readonly [start: number, stop: number];
}

/** Places of strips and tiles that are kept between windows. A page of a slide scanner has a hundred thousand. */
const blocksKept = 1 << 17;
/** Bytes of memory for decoded blocks that are kept for the next: what is left to be collected piles up meanwhile. */
const spareBytes = 16 << 20;

export class WindowReader {
	readonly #file: TiffFile;
	readonly #blocks = new Map<PageLayout, Block[]>();
	#kept = 0;
	#spares: Uint8Array[] = [];

	constructor(file: TiffFile) {
		this.#file = file;
	}

	/** Decodes a window into `into`: its values in the order of the page's shape, in this machine's byte order. */
	async read(
		layout: PageLayout,
		{ rows, columns }: PageWindow,
		into: Uint8Array,
		signal?: AbortSignal,
	): Promise<void> {
		const whole =
			rows[0] === 0 && rows[1] === layout.height && columns[0] === 0 && columns[1] === layout.width;
		if (whole) return decodePage(this.#file, layout, into, signal);
		const touched = (await this.#blocksOf(layout, signal)).flatMap((block) => {
			const inside =
				block.y < rows[1] &&
				block.y + block.rows > rows[0] &&
				block.x < columns[1] &&
				block.x + layout.blockWidth > columns[0];
			return inside ? [withoutRows(layout, block, rows)] : [];
		});
		const tables = layout.jpegTables && (await jpegTables(this.#file, layout, signal));
		for (const group of groupBlocks(touched)) {
			signal?.throwIfAborted();
			const [first] = group;
			const last = group[group.length - 1];
			const bytes = await this.#file.source.read(
				first.offset,
				last.offset + last.stored - first.offset,
				signal,
			);
			await Promise.all(
				group.map(async (block) => {
					const start = block.offset - first.offset;
					const stored = bytes.subarray(start, start + block.stored);
					const output = this.#take(block.size);
					const values = await decodeAside(this.#file, layout, block, stored, tables, output);
					placeWindow(layout, block, values, { rows, columns }, into);
					this.#giveBack(output);
				}),
			);
		}
	}

	/** Memory of this size, of any content. */
	#take(size: number): Uint8Array {
		const at = this.#spares.findIndex(({ byteLength }) => byteLength === size);
		return at < 0 ? new Uint8Array(size) : this.#spares.splice(at, 1)[0];
	}

	#giveBack(memory: Uint8Array): void {
		this.#spares.push(memory);
		let held = this.#spares.reduce((sum, { byteLength }) => sum + byteLength, 0);
		while (held > spareBytes) held -= this.#spares.shift()?.byteLength ?? 0;
	}

	async #blocksOf(layout: PageLayout, signal?: AbortSignal): Promise<Block[]> {
		const known = this.#blocks.get(layout);
		if (known) return known;
		const blocks = await listBlocks(this.#file, layout, signal);
		for (const [other, list] of this.#blocks) {
			if (this.#kept + blocks.length <= blocksKept) break;
			this.#blocks.delete(other);
			this.#kept -= list.length;
		}
		this.#blocks.set(layout, blocks);
		this.#kept += blocks.length;
		return blocks;
	}
}

/** Of an uncompressed strip only the rows that are wanted need to be read. */
function withoutRows(layout: PageLayout, block: Block, [start, stop]: PageWindow["rows"]): Block {
	if (layout.compression !== compressions.none || layout.tiled) return block;
	const first = Math.max(start, block.y);
	const rows = Math.min(stop, block.y + block.rows) - first;
	const rowBytes = blockRowBytes(layout);
	const size = rows * rowBytes;
	return {
		...block,
		offset: block.offset + (first - block.y) * rowBytes,
		stored: size,
		size,
		y: first,
		rows,
	};
}

/** Copies the part of a block that lies in the window to its place. */
function placeWindow(
	layout: PageLayout,
	block: Block,
	values: Uint8Array,
	{ rows, columns }: PageWindow,
	into: Uint8Array,
): void {
	const pixel = (layout.planar ? 1 : layout.samples) * itemSize(layout.dtype);
	const width = columns[1] - columns[0];
	const height = rows[1] - rows[0];
	const top = Math.max(rows[0], block.y);
	const bottom = Math.min(rows[1], block.y + block.rows);
	const left = Math.max(columns[0], block.x);
	const right = Math.min(columns[1], block.x + layout.blockWidth);
	for (let y = top; y < bottom; y++) {
		const from = ((y - block.y) * layout.blockWidth + (left - block.x)) * pixel;
		const to = ((block.plane * height + (y - rows[0])) * width + (left - columns[0])) * pixel;
		into.set(values.subarray(from, from + (right - left) * pixel), to);
	}
}
