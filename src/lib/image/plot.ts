/** Arrays of two axes and more as pictures: what SpatialImage, NdArray and stored arrays do when they are plotted. */
import type { PictureAxis, PlaneAxis } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import type { TypedArray } from "../types.ts";
import { Picture, type PlotOptions } from "./picture.ts";
import { cutPlane, type PictureAxes, pictureAxes, sampleOf, thinned, thinning } from "./planes.ts";

/** An array that is to be drawn. */
export interface ArrayToPlot {
	name: string;
	dims: readonly string[];
	shape: readonly number[];
	/** Coordinates of an axis. */
	axis(index: number): PictureAxis;
	/** Where it was cut out of a larger one: "x = 150". */
	at?: string;
}

/**
 * A 2-D array as a picture, a larger one as a picture with sliders.
 * @throws ChunkwiseError not-2d for fewer axes than two, bad-window, unknown-dim, index-out-of-range
 */
export function plotArray(array: ArrayToPlot & { data: TypedArray }, options: PlotOptions): Picture {
	const plan = planOf(array, options);
	const { axes, first, every } = plan;
	const cut = (index: readonly number[]) => cutPlane(array.data, array.shape, axes, index, every);
	// A picture that is all of its array needs no copy of it.
	const isWhole = axes.others.length === 0 && every === 1 && axes.vertical === 0;
	// Channels have little in common: the contrast of each is its own.
	const sample = plan.planes.some(isChannel) ? undefined : sampleOf(array.data);
	return pictureOf(array, plan, isWhole ? array.data : cut(first), cut, sample, options);
}

/** As {@link plotArray}, of an array whose planes are read one by one: `read` gives one, whole, (vertical, horizontal). */
export async function plotStored(
	array: ArrayToPlot & { read(axes: PictureAxes, index: readonly number[]): Promise<TypedArray> },
	options: PlotOptions,
): Promise<Picture> {
	const plan = planOf(array, options);
	const { axes, first, every } = plan;
	const shape = [array.shape[axes.vertical], array.shape[axes.horizontal]];
	const read = async (index: readonly number[]) => {
		const plane = await array.read(axes, index);
		return every === 1
			? plane
			: cutPlane(plane, shape, { vertical: 0, horizontal: 1, others: [] }, [], every);
	};
	return pictureOf(array, plan, await read(first), read, undefined, options);
}

interface Plan {
	axes: PictureAxes;
	planes: PlaneAxis[];
	/** The plane that is shown first. */
	first: number[];
	every: number;
}

function planOf(array: ArrayToPlot, { at = {} }: PlotOptions): Plan {
	const { dims, shape } = array;
	if (shape.length < 2) {
		const has = shape.length === 1 ? "1" : "none";
		throw new ChunkwiseError("not-2d", `A picture needs 2 axes and this array has ${has}.`, {
			where: array.name,
			remedy: "Draw a line of its values: linePlot(array.data).",
		});
	}
	const axes = pictureAxes(dims);
	const names = axes.others.map((axis) => dims[axis]);
	for (const dim of Object.keys(at)) {
		if (names.includes(dim)) continue;
		throw new ChunkwiseError("unknown-dim", `There is no axis ${JSON.stringify(dim)} to choose a plane of.`, {
			where: array.name,
			remedy: names.length > 0 ? `Use one of ${names.join(", ")}.` : "Leave out at: the array has 2 axes.",
		});
	}
	const planes = axes.others.map((axis): PlaneAxis => {
		const count = shape[axis];
		const wanted = at[dims[axis]] ?? (/^[ct]/i.test(dims[axis]) ? 0 : Math.floor(count / 2));
		const index = wanted < 0 ? wanted + count : wanted;
		if (!Number.isInteger(index) || index < 0 || index >= count) {
			throw new ChunkwiseError(
				"index-out-of-range",
				`The index ${wanted} is not on ${dims[axis]}, which has ${count}.`,
				{
					where: array.name,
					remedy: `Use a whole number from 0 to ${count - 1}, or -1 for the last.`,
				},
			);
		}
		return { ...array.axis(axis), count, at: index };
	});
	return {
		axes,
		planes,
		first: planes.map(({ at: index }) => index),
		every: thinning(shape[axes.vertical], shape[axes.horizontal]),
	};
}

function pictureOf(
	array: ArrayToPlot,
	{ axes, planes, every }: Plan,
	data: TypedArray,
	read: (index: readonly number[]) => TypedArray | Promise<TypedArray>,
	sample: TypedArray | undefined,
	options: PlotOptions,
): Picture {
	return new Picture(
		{
			name: array.name,
			data,
			shape: [axes.vertical, axes.horizontal].map((axis) => Math.ceil(array.shape[axis] / every)),
			vertical: thinned(array.axis(axes.vertical), every),
			horizontal: thinned(array.axis(axes.horizontal), every),
			at: array.at,
			every,
			...(planes.length > 0 ? { stack: { axes: planes, read, sample } } : {}),
		},
		options,
	);
}

/** Whether an axis is one of channels. */
function isChannel({ name }: PictureAxis): boolean {
	return /^c(?:hannels?)?$/i.test(name);
}
