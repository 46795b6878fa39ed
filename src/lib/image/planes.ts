/** Planes of an array with more axes than a picture has: which two are drawn, and cutting one plane out. */
import type { PictureAxis } from "../display.ts";
import { allocate, cStrides, type DataType, dataTypeOf, type TypedArray } from "../types.ts";
import { copyStrided } from "./select.ts";

/** Elements of one plane that are drawn; of a larger plane every second, third, … row and column. */
export const mostPixels = 1 << 22;
/** Values looked at to choose the contrast of a whole stack. */
const stackSample = 1 << 18;

/** The two axes that are drawn, and the others, slowest first. */
export interface PictureAxes {
	vertical: number;
	horizontal: number;
	others: number[];
}

/** Of more than two axes y and x where there are both, else the last two; of two the first goes down. */
export function pictureAxes(dims: readonly string[]): PictureAxes {
	const [y, x] = [dims.indexOf("y"), dims.indexOf("x")];
	const [vertical, horizontal] =
		dims.length > 2 && y >= 0 && x >= 0 ? [y, x] : [dims.length - 2, dims.length - 1];
	const others = dims.map((_, axis) => axis).filter((axis) => axis !== vertical && axis !== horizontal);
	return { vertical, horizontal, others };
}

/** Every how many-th row and column of a plane is drawn. */
export function thinning(height: number, width: number): number {
	return Math.max(1, Math.ceil(Math.sqrt((height * width) / mostPixels)));
}

/** An axis whose elements are every `every`th. */
export function thinned(axis: PictureAxis, every: number): PictureAxis {
	return every === 1 ? axis : { ...axis, step: axis.step * every };
}

/**
 * A plane of a C-order array: `index` has one entry for each of `axes.others`. Of a large one every `every`th row and
 * column. The result is a copy, (rows, columns).
 */
export function cutPlane(
	data: TypedArray,
	shape: readonly number[],
	axes: PictureAxes,
	index: readonly number[],
	every: number,
): TypedArray {
	const strides = cStrides(shape);
	const extent = [axes.vertical, axes.horizontal].map((axis) => Math.ceil(shape[axis] / every));
	const steps = [axes.vertical, axes.horizontal].map((axis) => strides[axis] * every);
	const origin = axes.others.reduce((sum, axis, i) => sum + index[i] * strides[axis], 0);
	const out = allocate(dataTypeOf(data) as DataType, extent[0] * extent[1]);
	copyStrided(data, origin, steps, out, 0, cStrides(extent), extent);
	return out;
}

/** Values from all over an array, for its contrast: every nth, n odd so that no row is always met in one place. */
export function sampleOf(data: TypedArray): TypedArray {
	const step = Math.ceil(data.length / stackSample) | 1;
	if (step <= 1) return data;
	const sample = allocate(dataTypeOf(data) as DataType, Math.floor((data.length - 1) / step) + 1);
	for (let i = 0; i < sample.length; i++) sample[i] = data[i * step];
	return sample;
}
