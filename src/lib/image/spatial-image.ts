/**
 * An array with named dimensions, a coordinate for every index, units and a name: what `spatial-image` is in Python
 * (an xarray.DataArray with uniformly spaced coordinates).
 */
import { type Displayable, displaySymbol, type ReprDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import {
	allocate,
	cStrides,
	type DataType,
	dataTypeOf,
	itemSize,
	product,
	type TypedArray,
} from "../types.ts";
import type { Picture, PlotOptions } from "./picture.ts";
import { plotArray } from "./plot.ts";
import { describeSpatialImage } from "./repr.ts";
import { copyBlock, copyStrided } from "./select.ts";

/** An index (counted from the end where negative), a half-open range of indices, or everything. */
export type IndexSelector = number | readonly [start: number, stop: number] | null;
/** A coordinate (the nearest is taken) or an inclusive range of coordinates. */
export type CoordinateSelector = number | readonly [from: number, to: number];

export interface SpatialImageFields {
	dims: readonly string[];
	shape: readonly number[];
	/** C order, slowest axis first; length is the product of `shape`. */
	data: TypedArray;
	/** Distance between neighbours, by dimension, in `units`. Default 1. */
	scale?: Readonly<Record<string, number>>;
	/** Coordinate of index 0, by dimension, in `units`. Default 0. */
	translation?: Readonly<Record<string, number>>;
	/** UDUNITS names, by dimension: "micrometer", "second". */
	units?: Readonly<Record<string, string | undefined>>;
	name?: string;
	attrs?: Readonly<Record<string, unknown>>;
	/** Coordinates of dimensions already cut away by an index: `{ x: 150 }`. */
	fixed?: Readonly<Record<string, number>>;
}

/**
 * An n-dimensional image with named axes and a place in space: index `i` on an axis is at `translation + i * scale`,
 * in the axis's unit. Named after the Python package spatial-image; made by {@link toSpatialImage}.
 */
export class SpatialImage implements Displayable {
	/** Names of the axes, slowest first: `["z", "y", "x"]`. */
	readonly dims: readonly string[];
	/** Elements along each axis. */
	readonly shape: readonly number[];
	readonly dtype: DataType;
	/** C order, slowest axis first; as long as the product of `shape`. */
	readonly data: TypedArray;
	/** Distance between neighbours, by dimension, in `units`. */
	readonly scale: Readonly<Record<string, number>>;
	/** Coordinate of index 0, by dimension, in `units`. */
	readonly translation: Readonly<Record<string, number>>;
	/** UDUNITS names, by dimension; undefined where none is known. */
	readonly units: Readonly<Record<string, string | undefined>>;
	readonly name: string;
	readonly attrs: Readonly<Record<string, unknown>>;
	/** Coordinates of dimensions that were cut away by an index: `{ x: 150 }`. */
	readonly fixed: Readonly<Record<string, number>>;

	/** @throws ChunkwiseError bad-dims, bad-shape, bad-dtype, bad-scale */
	constructor(fields: SpatialImageFields) {
		const { dims, shape, data } = fields;
		this.name = fields.name ?? "image";
		const where = this.name;
		if (dims.length !== shape.length || new Set(dims).size !== dims.length) {
			throw new ChunkwiseError(
				"bad-dims",
				`The dimensions (${dims.join(", ")}) do not name the ${shape.length} axes of ${shape.join(" × ")}, each once.`,
				{ where, remedy: 'Give one name for each axis, slowest first: dims: ["z", "y", "x"].' },
			);
		}
		const dtype = dataTypeOf(data);
		if (!dtype) {
			throw new ChunkwiseError("bad-dtype", "The data is no numeric typed array that the library holds.", {
				where,
				remedy: "Use Uint8Array, Uint16Array, Float32Array or another of the ten number types.",
			});
		}
		if (data.length !== product(shape)) {
			throw new ChunkwiseError(
				"bad-shape",
				`The shape ${shape.join(" × ")} needs ${product(shape)} elements and the data has ${data.length}.`,
				{ where, remedy: "Check the shape, slowest axis first." },
			);
		}
		const scale: Record<string, number> = {};
		const translation: Record<string, number> = {};
		const units: Record<string, string | undefined> = {};
		for (const dim of dims) {
			scale[dim] = fields.scale?.[dim] ?? 1;
			translation[dim] = fields.translation?.[dim] ?? 0;
			units[dim] = fields.units?.[dim];
			if (!(scale[dim] > 0) || !Number.isFinite(scale[dim]) || !Number.isFinite(translation[dim])) {
				throw new ChunkwiseError(
					"bad-scale",
					`The dimension ${dim} has scale ${scale[dim]} and translation ${translation[dim]}.`,
					{ where, remedy: "A scale is a finite number above 0, a translation any finite number." },
				);
			}
		}
		this.dims = [...dims];
		this.shape = [...shape];
		this.dtype = dtype;
		this.data = data;
		this.scale = scale;
		this.translation = translation;
		this.units = units;
		this.attrs = { ...fields.attrs };
		this.fixed = { ...fields.fixed };
	}

	/** Bytes that the elements take in memory. */
	get bytes(): number {
		return this.data.length * itemSize(this.dtype);
	}

	/** The coordinate of every index along a dimension, in that dimension's unit. */
	coords(dim: string): Float64Array {
		const axis = this.#axis(dim);
		const { [dim]: start } = this.translation;
		const { [dim]: step } = this.scale;
		return Float64Array.from({ length: this.shape[axis] }, (_, i) => start + i * step);
	}

	/** The element at an index, one number for each dimension. */
	at(...index: number[]): number | bigint {
		const { data } = this.isel(Object.fromEntries(this.dims.map((dim, axis) => [dim, index[axis]])));
		return data[0];
	}

	/**
	 * Selects by index: a number takes one plane and drops its dimension, `[start, stop]` keeps a half-open range.
	 * The result is a copy.
	 * @throws ChunkwiseError unknown-dim, index-out-of-range
	 */
	isel(selection: Readonly<Record<string, IndexSelector | undefined>>): SpatialImage {
		for (const dim of Object.keys(selection)) this.#axis(dim);
		const fixed: Record<string, number> = { ...this.fixed };
		const translation: Record<string, number> = {};
		const kept: number[] = [];
		const ranges = this.dims.map((dim, axis): [number, number] => {
			const wanted = selection[dim];
			const size = this.shape[axis];
			if (typeof wanted === "number") {
				const index = this.#index(dim, wanted, size);
				fixed[dim] = this.translation[dim] + index * this.scale[dim];
				return [index, index + 1];
			}
			kept.push(axis);
			const [start, stop] = wanted ? this.#range(dim, wanted, size) : [0, size];
			translation[dim] = this.translation[dim] + start * this.scale[dim];
			return [start, stop];
		});
		return new SpatialImage({
			dims: kept.map((axis) => this.dims[axis]),
			shape: kept.map((axis) => ranges[axis][1] - ranges[axis][0]),
			data: copyBlock(this.data, this.shape, ranges),
			scale: this.scale,
			translation,
			units: { ...this.units },
			name: this.name,
			attrs: this.attrs,
			fixed,
		});
	}

	/**
	 * Selects by coordinate: a number takes the nearest plane, `[from, to]` every plane within, ends included.
	 * @throws ChunkwiseError unknown-dim, coordinate-out-of-range
	 */
	sel(selection: Readonly<Record<string, CoordinateSelector>>): SpatialImage {
		const indices: Record<string, IndexSelector> = {};
		for (const [dim, wanted] of Object.entries(selection)) {
			const size = this.shape[this.#axis(dim)];
			const { [dim]: start } = this.translation;
			const { [dim]: step } = this.scale;
			const position = (coordinate: number) => (coordinate - start) / step;
			if (typeof wanted === "number") {
				const index = Math.round(position(wanted));
				if (!(index >= 0 && index < size)) throw this.#outside(dim, String(wanted));
				indices[dim] = index;
				continue;
			}
			// A rounding error in the coordinate must not lose the plane that lies on it.
			const first = Math.max(0, Math.ceil(position(wanted[0]) - 1e-9));
			const last = Math.min(size - 1, Math.floor(position(wanted[1]) + 1e-9));
			if (!(first <= last)) throw this.#outside(dim, `${wanted[0]} to ${wanted[1]}`);
			indices[dim] = [first, last + 1];
		}
		return this.isel(indices);
	}

	/**
	 * The same image with its dimensions in another order. The result is a copy.
	 * @throws ChunkwiseError bad-dims
	 */
	transpose(dims: readonly string[]): SpatialImage {
		const axes = dims.map((dim) => this.#axis(dim));
		if (new Set(axes).size !== this.dims.length) {
			throw new ChunkwiseError("bad-dims", `(${dims.join(", ")}) is no order of all dimensions.`, {
				where: this.name,
				remedy: `Name each of ${this.dims.join(", ")} once.`,
			});
		}
		const strides = cStrides(this.shape);
		const shape = axes.map((axis) => this.shape[axis]);
		const data = allocate(this.dtype, this.data.length);
		const stepped = axes.map((axis) => strides[axis]);
		copyStrided(this.data, 0, stepped, data, 0, cStrides(shape), shape);
		const { scale, translation, units, name, attrs, fixed } = this;
		return new SpatialImage({ dims, shape, data, scale, translation, units, name, attrs, fixed });
	}

	/**
	 * A 2-D image as a picture, rows down; of an image with more axes one plane at a time, with a slider for each axis
	 * that is not drawn. Drawn are y and x where there are both, else the last two.
	 * @throws ChunkwiseError not-2d for fewer than two axes, bad-window, unknown-dim, index-out-of-range
	 */
	plot(options: PlotOptions = {}): Picture {
		const { name, dims, shape, data } = this;
		const axis = (index: number) => {
			const dim = dims[index];
			return { name: dim, unit: this.units[dim], first: this.translation[dim], step: this.scale[dim] };
		};
		const at = Object.entries(this.fixed)
			.map(([dim, value]) => `${dim} = ${Number(value.toPrecision(10))}`)
			.join(", ");
		return plotArray({ name, dims, shape, data, axis, at: at || undefined }, options);
	}

	/** A summary as xarray prints one. */
	toString(): string {
		return describeSpatialImage(this).text;
	}

	[displaySymbol](): ReprDisplay {
		return describeSpatialImage(this);
	}

	#axis(dim: string): number {
		const axis = this.dims.indexOf(dim);
		if (axis < 0) {
			throw new ChunkwiseError("unknown-dim", `There is no dimension ${JSON.stringify(dim)}.`, {
				where: this.name,
				remedy: `Use one of ${this.dims.join(", ") || "none: the image is a single value"}.`,
			});
		}
		return axis;
	}

	#index(dim: string, wanted: number, size: number): number {
		const index = wanted < 0 ? wanted + size : wanted;
		if (!Number.isInteger(index) || index < 0 || index >= size) {
			throw new ChunkwiseError(
				"index-out-of-range",
				`The index ${wanted} is not on ${dim}, which has ${size}.`,
				{
					where: this.name,
					remedy: `Use a whole number from 0 to ${size - 1}, or -1 for the last.`,
				},
			);
		}
		return index;
	}

	#range(dim: string, [from, to]: readonly [number, number], size: number): [number, number] {
		const clip = (value: number) => Math.min(size, Math.max(0, value < 0 ? value + size : value));
		const start = clip(from);
		const stop = clip(to);
		if (!Number.isInteger(start) || !Number.isInteger(stop) || start >= stop) {
			throw new ChunkwiseError(
				"index-out-of-range",
				`The range [${from}, ${to}] takes nothing of ${dim}, which has ${size}.`,
				{ where: this.name, remedy: `Give whole numbers [start, stop], stop not included, up to ${size}.` },
			);
		}
		return [start, stop];
	}

	#outside(dim: string, wanted: string): ChunkwiseError {
		const first = this.translation[dim];
		const last = first + (this.shape[this.dims.indexOf(dim)] - 1) * this.scale[dim];
		return new ChunkwiseError(
			"coordinate-out-of-range",
			`No plane of ${dim} is at ${wanted}; it goes from ${first} to ${last} in steps of ${this.scale[dim]}.`,
			{ where: this.name, remedy: "Choose a coordinate in that range, or use isel to select by index." },
		);
	}
}
