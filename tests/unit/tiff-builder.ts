/** Small TIFFs made by hand, byte by byte, so that the reader is tested against the format and not against a writer of ours. */
import { deflateSync, zstdCompressSync } from "node:zlib";
import { type DataType, itemSize, type TypedArray, viewAs } from "../../src/lib/types.ts";

/** [field type, values]; text is given as a string. */
export type TagSpec = [type: number, values: (number | bigint)[] | string];

export interface PageSpec {
	width: number;
	height: number;
	samples?: number;
	dtype: DataType;
	/** Values in the order in which they are to be read: chunky [h, w, s], planar [s, h, w]. */
	values: ArrayLike<number | bigint>;
	compression?: 1 | 5 | 8 | 32773 | 32946 | 50000;
	predictor?: 1 | 2 | 3;
	planar?: boolean;
	tile?: [width: number, height: number];
	rowsPerStrip?: number;
	/** Pages in directories below this one (SubIFDs). */
	below?: PageSpec[];
	/** More tags, or others in the place of those made here; null leaves one out. */
	tags?: Record<number, TagSpec | null>;
	/** Changes the stored bytes of a block, to damage them or to add to them. */
	tamper?: (block: Uint8Array, index: number) => Uint8Array;
}

export interface TiffSpec {
	littleEndian?: boolean;
	bigTiff?: boolean;
	pages: PageSpec[];
	/** Bytes put between the blocks, so that they are not neighbours. */
	gap?: number;
}

const sizes: Record<number, number> = {
	1: 1,
	2: 1,
	3: 2,
	4: 4,
	5: 8,
	7: 1,
	9: 4,
	11: 4,
	12: 8,
	13: 4,
	16: 8,
};

export function buildTiff(spec: TiffSpec): Uint8Array {
	const little = spec.littleEndian ?? true;
	const big = spec.bigTiff ?? false;
	const parts: Uint8Array[] = [];
	let length = 0;
	const append = (bytes: Uint8Array): number => {
		// Offsets are to be even.
		if (length % 2) {
			parts.push(new Uint8Array(1));
			length++;
		}
		const at = length;
		parts.push(bytes);
		length += bytes.length;
		return at;
	};
	const header = new Uint8Array(big ? 16 : 8);
	const headerView = new DataView(header.buffer);
	headerView.setUint16(0, little ? 0x4949 : 0x4d4d);
	headerView.setUint16(2, big ? 43 : 42, little);
	if (big) headerView.setUint16(4, 8, little);
	append(header);
	let link: (offset: number) => void = (offset) =>
		big ? headerView.setBigUint64(8, BigInt(offset), little) : headerView.setUint32(4, offset, little);

	const writePage = (page: PageSpec): { at: number; link: (offset: number) => void } => {
		const below = (page.below ?? []).map((sub) => writePage(sub).at);
		const blocks = encodeBlocks(page, little).map((block, i) => page.tamper?.(block, i) ?? block);
		const offsets = blocks.map((block) => {
			const at = append(block);
			if (spec.gap) append(new Uint8Array(spec.gap));
			return at;
		});
		const counts = blocks.map((block) => block.length);
		const more = below.length > 0 ? { 330: [big ? 16 : 13, below] as TagSpec, ...page.tags } : page.tags;
		const tags = pageTags({ ...page, tags: more }, offsets, counts, big);
		const entrySize = big ? 20 : 12;
		const inline = big ? 8 : 4;
		const countSize = big ? 8 : 2;
		const directory = new Uint8Array(countSize + tags.length * entrySize + (big ? 8 : 4));
		const view = new DataView(directory.buffer);
		if (big) view.setBigUint64(0, BigInt(tags.length), little);
		else view.setUint16(0, tags.length, little);
		tags.forEach(([tag, [type, values]], i) => {
			const at = countSize + i * entrySize;
			const bytes = encodeValues(type, values, little);
			const count = bytes.length / sizes[type];
			view.setUint16(at, tag, little);
			view.setUint16(at + 2, type, little);
			if (big) view.setBigUint64(at + 4, BigInt(count), little);
			else view.setUint32(at + 4, count, little);
			const valueAt = at + (big ? 12 : 8);
			if (bytes.length <= inline) directory.set(bytes, valueAt);
			else if (big) view.setBigUint64(valueAt, BigInt(append(bytes)), little);
			else view.setUint32(valueAt, append(bytes), little);
		});
		const at = append(directory);
		return {
			at,
			link: (offset) =>
				big
					? view.setBigUint64(directory.length - 8, BigInt(offset), little)
					: view.setUint32(directory.length - 4, offset, little),
		};
	};
	for (const page of spec.pages) {
		const written = writePage(page);
		link(written.at);
		link = written.link;
	}
	const file = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		file.set(part, at);
		at += part.length;
	}
	return file;
}

function pageTags(page: PageSpec, offsets: number[], counts: number[], big: boolean): [number, TagSpec][] {
	const samples = page.samples ?? 1;
	const format = page.dtype.startsWith("u") ? 1 : page.dtype.startsWith("i") ? 2 : 3;
	const offsetType = big ? 16 : 4;
	const tags: Record<number, TagSpec | null> = {
		256: [4, [page.width]],
		257: [4, [page.height]],
		258: [3, new Array(samples).fill(itemSize(page.dtype) * 8)],
		259: [3, [page.compression ?? 1]],
		262: [3, [samples >= 3 ? 2 : 1]],
		277: [3, [samples]],
		284: [3, [page.planar ? 2 : 1]],
		339: [3, new Array(samples).fill(format)],
	};
	if (page.tile) {
		tags[322] = [3, [page.tile[0]]];
		tags[323] = [3, [page.tile[1]]];
		tags[324] = [offsetType, offsets];
		tags[325] = [4, counts];
	} else {
		tags[273] = [offsetType, offsets];
		tags[278] = [4, [page.rowsPerStrip ?? page.height]];
		tags[279] = [4, counts];
	}
	if (page.predictor && page.predictor !== 1) tags[317] = [3, [page.predictor]];
	Object.assign(tags, page.tags);
	return Object.entries(tags)
		.filter((entry): entry is [string, TagSpec] => entry[1] !== null)
		.map(([tag, value]): [number, TagSpec] => [Number(tag), value])
		.sort((a, b) => a[0] - b[0]);
}

function encodeValues(type: number, values: (number | bigint)[] | string, little: boolean): Uint8Array {
	if (typeof values === "string") return new TextEncoder().encode(`${values}\0`);
	const size = sizes[type];
	// A fraction is two values here.
	const bytes = new Uint8Array(type === 5 ? values.length * 4 : values.length * size);
	const view = new DataView(bytes.buffer);
	values.forEach((value, i) => {
		if (type === 1 || type === 7) view.setUint8(i, Number(value));
		else if (type === 3) view.setUint16(i * 2, Number(value), little);
		else if (type === 16) view.setBigUint64(i * 8, BigInt(value), little);
		else if (type === 11) view.setFloat32(i * 4, Number(value), little);
		else if (type === 12) view.setFloat64(i * 8, Number(value), little);
		else view.setUint32(i * 4, Number(value), little);
	});
	return bytes;
}

function encodeBlocks(page: PageSpec, little: boolean): Uint8Array[] {
	const samples = page.samples ?? 1;
	const perPixel = page.planar ? 1 : samples;
	const planes = page.planar ? samples : 1;
	const [blockWidth, blockHeight] = page.tile ?? [page.width, page.rowsPerStrip ?? page.height];
	const blocks: Uint8Array[] = [];
	for (let plane = 0; plane < planes; plane++) {
		for (let y = 0; y < page.height; y += blockHeight) {
			for (let x = 0; x < page.width; x += blockWidth) {
				const rows = page.tile ? blockHeight : Math.min(blockHeight, page.height - y);
				const block = viewAs(
					page.dtype,
					new ArrayBuffer(rows * blockWidth * perPixel * itemSize(page.dtype)),
				);
				for (let row = 0; row < rows; row++) {
					for (let i = 0; i < blockWidth * perPixel; i++) {
						const column = x * perPixel + i;
						// Tiles reach beyond the image; what is there must not be read.
						const inside = y + row < page.height && column < page.width * perPixel;
						const index = (plane * page.height + y + row) * page.width * perPixel + column;
						const value = inside ? page.values[index] : 77;
						block[row * blockWidth * perPixel + i] = (
							page.dtype.endsWith("64") && !page.dtype.startsWith("f") ? BigInt(value) : Number(value)
						) as never;
					}
				}
				blocks.push(compress(page, predict(page, block, blockWidth * perPixel, perPixel, little)));
			}
		}
	}
	return blocks;
}

/** The block's bytes in the file's byte order, with predictors applied as TIFF 6.0 section 14 and its supplement say. */
function predict(
	page: PageSpec,
	block: TypedArray,
	perRow: number,
	stride: number,
	little: boolean,
): Uint8Array {
	const item = itemSize(page.dtype);
	if (page.predictor === 3) {
		const bytes = new Uint8Array(block.buffer);
		const out = new Uint8Array(bytes.length);
		const rowBytes = perRow * item;
		for (let start = 0; start < bytes.length; start += rowBytes) {
			for (let i = 0; i < perRow; i++) {
				for (let byte = 0; byte < item; byte++) {
					// Most significant byte first; this machine is little-endian.
					out[start + byte * perRow + i] = bytes[start + i * item + (item - 1 - byte)];
				}
			}
			for (let i = rowBytes - 1; i >= stride; i--) out[start + i] -= out[start + i - stride];
		}
		return out;
	}
	if (page.predictor === 2) {
		const integers = viewAs(`uint${item * 8}` as DataType, block.buffer) as Uint8Array;
		for (let start = 0; start < integers.length; start += perRow) {
			for (let i = start + perRow - 1; i >= start + stride; i--) integers[i] -= integers[i - stride];
		}
	}
	const bytes = new Uint8Array(block.buffer);
	if (little || item === 1) return bytes;
	const swapped = new Uint8Array(bytes.length);
	for (let i = 0; i < bytes.length; i++) swapped[i] = bytes[i - (i % item) + item - 1 - (i % item)];
	return swapped;
}

function compress(page: PageSpec, bytes: Uint8Array): Uint8Array {
	switch (page.compression) {
		case 5:
			return lzw(bytes);
		case 8:
		case 32946:
			return new Uint8Array(deflateSync(bytes));
		case 32773:
			return packBits(bytes);
		case 50000:
			return new Uint8Array(zstdCompressSync(bytes));
		default:
			return bytes;
	}
}

/** TIFF 6.0 section 13, the encoder as written there. */
export function lzw(bytes: Uint8Array): Uint8Array {
	const out: number[] = [];
	let hold = 0;
	let held = 0;
	let width = 9;
	const write = (code: number) => {
		hold = (hold << width) | code;
		held += width;
		while (held >= 8) {
			out.push((hold >> (held - 8)) & 255);
			held -= 8;
		}
		hold &= (1 << held) - 1;
	};
	let table = new Map<string, number>();
	const reset = () => {
		table = new Map(Array.from({ length: 256 }, (_, i) => [String.fromCharCode(i), i]));
	};
	write(256);
	reset();
	let next = 258;
	let prefix = "";
	for (const byte of bytes) {
		const longer = prefix + String.fromCharCode(byte);
		if (table.has(longer)) {
			prefix = longer;
			continue;
		}
		write(table.get(prefix)!);
		table.set(longer, next++);
		prefix = String.fromCharCode(byte);
		if (next === 4094) {
			write(table.get(prefix)!);
			write(256);
			reset();
			next = 258;
			width = 9;
			prefix = "";
		} else if (next >= 1 << width && width < 12) {
			width++;
		}
	}
	if (prefix !== "") {
		write(table.get(prefix)!);
		next++;
		if (next >= 1 << width && width < 12) width++;
	}
	write(257);
	if (held > 0) out.push((hold << (8 - held)) & 255);
	return Uint8Array.from(out);
}

function packBits(bytes: Uint8Array): Uint8Array {
	const out: number[] = [];
	for (let at = 0; at < bytes.length; ) {
		let run = 1;
		while (run < 128 && at + run < bytes.length && bytes[at + run] === bytes[at]) run++;
		if (run > 1) {
			out.push(257 - run, bytes[at]);
			at += run;
			continue;
		}
		let literal = 1;
		while (literal < 128 && at + literal < bytes.length && bytes[at + literal] !== bytes[at + literal - 1])
			literal++;
		out.push(literal - 1, ...bytes.subarray(at, at + literal));
		at += literal;
	}
	return Uint8Array.from(out);
}

/** Numbers that fill the range of a type without pattern, the same each time (synthetic). */
export function testValues(dtype: DataType, count: number, seed = 1): TypedArray {
	const values = viewAs(dtype, new ArrayBuffer(count * itemSize(dtype)));
	let state = seed >>> 0;
	const next = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state;
	};
	for (let i = 0; i < count; i++) {
		const random = next();
		// Runs as well as noise, so that every compressor finds something to do.
		const smooth = i % 7 < 4 ? Math.floor(i / 7) : random;
		if (dtype === "float32" || dtype === "float64") values[i] = (smooth / 2 ** 20 - 300) as never;
		else if (dtype === "int64" || dtype === "uint64")
			values[i] = ((BigInt(smooth) << 31n) | BigInt(random)) as never;
		else values[i] = smooth as never;
	}
	return values;
}
