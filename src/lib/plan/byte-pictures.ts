/** The bytes of a chunk's elements as pictures: as they lie, and each byte plane by itself. */
import { copyBlock } from "../image/select.ts";
import { itemSize } from "../types.ts";
import { pngOf } from "../view/png.ts";
import { deflate } from "../zarr/codecs/deflate.ts";
import { littleEndianBytes } from "../zarr/dtypes.ts";
import type { ChunkValues } from "./chunk-sample.ts";

/** A picture of bytes, one pixel each, coloured by viridis over their range. */
export interface BytePicture {
	/** Which byte of each element it shows, 0 the lowest; absent for all, side by side as they lie in memory. */
	place?: number;
	width: number;
	height: number;
	/** Smallest and largest byte. */
	range: [number, number];
	/** A PNG file. */
	png: Uint8Array<ArrayBuffer>;
}

/** Elements of a picture along an axis. */
const most = 64;

/** Of the middle plane of a chunk: all its bytes as they lie, then each byte plane, the lowest first. */
export async function bytePictures({ values, shape, dtype }: ChunkValues): Promise<BytePicture[]> {
	const size = itemSize(dtype);
	const rank = shape.length;
	const plane = shape.map((n, axis): [number, number] =>
		axis < rank - 2 ? [n >> 1, (n >> 1) + 1] : [0, Math.min(n, most)],
	);
	const bytes = littleEndianBytes(copyBlock(values, shape, plane));
	const width = Math.min(shape[rank - 1], most);
	const height = rank > 1 ? Math.min(shape[rank - 2], most) : 1;
	const whole = await pictureOf(bytes, width * size, height);
	if (size === 1) return [whole];
	const planes = Array.from({ length: size }, async (_, place) => ({
		place,
		...(await pictureOf(
			Uint8Array.from({ length: width * height }, (_, i) => bytes[i * size + place]),
			width,
			height,
		)),
	}));
	return [whole, ...(await Promise.all(planes))];
}

async function pictureOf(data: Uint8Array, width: number, height: number): Promise<BytePicture> {
	let [low, high] = [255, 0];
	for (const byte of data) {
		low = Math.min(low, byte);
		high = Math.max(high, byte);
	}
	const axis = { name: "", first: 0, step: 1 };
	const picture = {
		kind: "picture",
		width,
		height,
		data,
		window: [low, Math.max(high, low + 1)] as [number, number],
		range: [low, high] as [number, number],
		colorMap: "viridis",
		horizontal: axis,
		vertical: axis,
		alt: "",
	} as const;
	// A PNG is made at once and the library's deflate is not: its rows are taken, compressed and given.
	let rows = new Uint8Array(0);
	pngOf(picture, (given) => {
		rows = given.slice();
		return rows;
	});
	const packed = await deflate(rows, "zlib", 9);
	return { width, height, range: [low, high], png: pngOf(picture, () => packed) };
}
