/** A plane of an image for a look at it: read part by part and thinned out, whatever the image's size. */
import { allocate, type TypedArray } from "../types.ts";
import type { RegionSource } from "./region-source.ts";

export interface PreviewOptions {
	/** Index along axes that are not drawn; default the first channel and time point, and the middle of others. */
	at?: Readonly<Record<string, number>>;
	/** Longest edge of the picture, in pixels; default 768. */
	edge?: number;
	/** Elements that may be read; of a larger plane the middle is shown. Default 64 Mi. */
	readAtMost?: number;
	signal?: AbortSignal;
}

/** Every `every`th row and column of a part of a plane. */
export interface Preview {
	data: TypedArray;
	/** Rows and columns of the picture. */
	shape: [rows: number, columns: number];
	every: number;
	/** First row and column of the part. */
	start: [row: number, column: number];
	/** Whether it is a part of the plane alone. */
	part: boolean;
	/** The plane: an index for each axis that is not drawn. */
	at: Record<string, number>;
}

/** Bytes that are read at one time. */
const pieceBytes = 4 << 20;

/** The plane that is shown where nothing is said. */
export function middlePlane({ dims, shape }: Pick<RegionSource, "dims" | "shape">): Record<string, number> {
	return Object.fromEntries(
		dims.flatMap((dim, axis) =>
			dim === "y" || dim === "x" ? [] : [[dim, dim === "c" || dim === "t" ? 0 : Math.floor(shape[axis] / 2)]],
		),
	);
}

/** @throws what reading throws, and the signal's reason */
export async function previewPlane(source: RegionSource, options: PreviewOptions = {}): Promise<Preview> {
	const { edge = 768, readAtMost = 64 << 20, signal } = options;
	const { dims, shape, block } = source;
	const at = { ...middlePlane(source), ...options.at };
	const [rows, columns] = [dims.indexOf("y"), dims.indexOf("x")];
	const [height, width] = [shape[rows], shape[columns]];
	// A strip is decoded whole, so its columns cannot be spared.
	const part = height * width > readAtMost;
	const side = Math.floor(Math.sqrt(readAtMost));
	const middle = (length: number): [number, number] => {
		const extent = part ? Math.min(length, side) : length;
		const start = Math.floor((length - extent) / 2);
		return [start, start + extent];
	};
	const [top, bottom] = middle(height);
	const [left, right] = middle(width);
	const every = Math.max(1, Math.ceil(Math.max(bottom - top, right - left) / edge));
	const out: [number, number] = [Math.ceil((bottom - top) / every), Math.ceil((right - left) / every)];
	const data = allocate(source.dtype, out[0] * out[1]);
	// Bands of whole blocks, thinned out as they come.
	const rowBytes = (right - left) * data.BYTES_PER_ELEMENT;
	const high = Math.max(1, block[rows]);
	const band = Math.max(high, Math.floor(pieceBytes / rowBytes / high) * high);
	for (let from = top; from < bottom; ) {
		const to = Math.min(bottom, (Math.floor(from / band) + 1) * band);
		const region = dims.map((dim): [number, number] =>
			dim === "y" ? [from, to] : dim === "x" ? [left, right] : [at[dim], at[dim] + 1],
		);
		const values = await source.read(region, signal);
		for (let row = from + ((every - ((from - top) % every)) % every); row < to; row += every) {
			let into = ((row - top) / every) * out[1];
			const start = (row - from) * (right - left);
			for (let column = 0; column < right - left; column += every) data[into++] = values[start + column];
		}
		from = to;
	}
	return { data, shape: out, every, start: [top, left], part, at };
}
