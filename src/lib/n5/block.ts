/**
 * One block of an N5 array: a big-endian header (mode, number of axes, the block's own size, fastest axis first, and in
 * mode 1 the number of elements), then the compressed big-endian elements in the order of the array.
 */
import { ChunkwiseError } from "../errors.ts";
import { copyStrided } from "../image/select.ts";
import { allocate, cStrides, type DataType, itemSize, product, type TypedArray, viewAs } from "../types.ts";
import type { N5ArrayMetadata } from "./attributes.ts";
import { compress, decompress } from "./compression.ts";

const modes = { default: 0, varlength: 1, object: 2 } as const;
const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export interface N5BlockHeader {
	/** Of this block, slowest axis first: less than the array's block size where the block is cropped at the edge. */
	shape: number[];
	/** Elements that follow, which in mode 1 the header tells. */
	elements: number;
	/** Bytes of the header. */
	length: number;
}

/** @throws ChunkwiseError bad-chunk, unsupported-block */
export function readBlockHeader(block: Uint8Array, axes: number, where: string): N5BlockHeader {
	const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
	const need = (bytes: number) => {
		if (block.byteLength < bytes) throw damaged(where, "The block ends within its header.");
	};
	need(2);
	const mode = view.getUint16(0);
	if (mode === modes.object) {
		throw new ChunkwiseError("unsupported-block", "The block holds a serialised object and not numbers.", {
			where,
			remedy: "Read it with the Java program that wrote it.",
		});
	}
	if (mode !== modes.default && mode !== modes.varlength) {
		throw damaged(where, `The block's mode is ${mode}, and there are 0, 1 and 2.`);
	}
	need(4);
	const ndim = view.getUint16(2);
	if (ndim !== axes) throw damaged(where, `The block has ${ndim} axes and the array ${axes}.`);
	const length = 4 + 4 * ndim + (mode === modes.varlength ? 4 : 0);
	need(length);
	const shape = Array.from({ length: ndim }, (_, axis) => view.getUint32(4 + 4 * axis)).reverse();
	const elements = mode === modes.varlength ? view.getUint32(4 + 4 * ndim) : product(shape);
	return { shape, elements, length };
}

/**
 * The elements of a block as an array of the full block shape; zeros where the block is cropped.
 * @throws ChunkwiseError bad-chunk, unsupported-block, unknown-codec
 */
export async function decodeBlock(
	block: Uint8Array,
	metadata: N5ArrayMetadata,
	where: string,
): Promise<TypedArray> {
	const { blockShape, dtype, compression } = metadata;
	const { shape, elements, length } = readBlockHeader(block, blockShape.length, where);
	if (shape.some((n, axis) => n > blockShape[axis])) {
		throw damaged(
			where,
			`The block says that it is ${shape.join(" × ")}, larger than the array's ${blockShape.join(" × ")}.`,
		);
	}
	if (elements !== product(shape)) {
		throw new ChunkwiseError(
			"unsupported-block",
			`The block holds ${elements} elements in a place for ${product(shape)}: its data is no part of a picture.`,
			{ where, remedy: "Read it with the program that wrote it (label multisets are stored so)." },
		);
	}
	const size = elements * itemSize(dtype);
	const bytes = await decompress(block.subarray(length), compression, size, where);
	const values = fromBigEndian(bytes, dtype);
	if (shape.every((n, axis) => n === blockShape[axis])) return values;
	const whole = allocate(dtype, product(blockShape));
	copyStrided(values, 0, cStrides(shape), whole, 0, cStrides(blockShape), shape);
	return whole;
}

/** A block as stored, of a C-order array of `shape`. */
export async function encodeBlock(
	values: TypedArray,
	shape: readonly number[],
	metadata: Pick<N5ArrayMetadata, "compression">,
): Promise<Uint8Array> {
	const body = await compress(toBigEndian(values), metadata.compression, values.BYTES_PER_ELEMENT);
	const header = 4 + 4 * shape.length;
	const block = new Uint8Array(header + body.byteLength);
	const view = new DataView(block.buffer);
	view.setUint16(0, modes.default);
	view.setUint16(2, shape.length);
	[...shape].reverse().forEach((n, axis) => {
		view.setUint32(4 + 4 * axis, n);
	});
	block.set(body, header);
	return block;
}

/** The elements of big-endian bytes, which are copied. */
function fromBigEndian(bytes: Uint8Array, dtype: DataType): TypedArray {
	const copy = bytes.slice();
	if (littleEndian) swap(copy, itemSize(dtype));
	return viewAs(dtype, copy.buffer, 0, copy.byteLength / itemSize(dtype));
}

function toBigEndian(values: TypedArray): Uint8Array {
	const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
	if (!littleEndian || values.BYTES_PER_ELEMENT === 1) return bytes;
	const swapped = bytes.slice();
	swap(swapped, values.BYTES_PER_ELEMENT);
	return swapped;
}

/** Turns the bytes of each element round, in place. `bytes` has a buffer of its own. */
function swap(bytes: Uint8Array, size: number): void {
	if (size === 2) {
		const words = new Uint16Array(bytes.buffer);
		for (let i = 0; i < words.length; i++) words[i] = (words[i] << 8) | (words[i] >>> 8);
	} else if (size === 4) {
		const words = new Uint32Array(bytes.buffer);
		for (let i = 0; i < words.length; i++) words[i] = turned(words[i]);
	} else if (size === 8) {
		const words = new Uint32Array(bytes.buffer);
		for (let i = 0; i < words.length; i += 2) {
			const first = turned(words[i]);
			words[i] = turned(words[i + 1]);
			words[i + 1] = first;
		}
	}
}

function turned(word: number): number {
	return (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
}

function damaged(where: string, message: string): ChunkwiseError {
	return new ChunkwiseError("bad-chunk", message, {
		where,
		remedy: "The block is damaged or belongs to another array: get it again.",
	});
}
