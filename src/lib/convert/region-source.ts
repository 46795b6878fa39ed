/** Images that are read part by part: what a conversion reads, whatever the format. */
import { copyStrided } from "../image/select.ts";
import { type Region, regionShape } from "../multiscale/region.ts";
import type { ImageGeometry } from "../multiscale/to-multiscale.ts";
import { axisType } from "../ngff/axes.ts";
import type { NgffImage } from "../ngff/multiscales.ts";
import { allocate, cStrides, type DataType, product, type TypedArray } from "../types.ts";
import type { ZarrArray } from "../zarr/array.ts";
import { valueType } from "../zarr/dtypes.ts";

/** An image that is read part by part: a TIFF, a scale level, or an array in memory. */
export interface RegionSource extends ImageGeometry {
	/** Type of the elements that are read. */
	dtype: DataType;
	/** Where it is stored in half precision, which a Zarr keeps and N5 does not have. */
	stored?: "float16";
	/** What else the source says; kept as attributes of the finest level. */
	attrs: Readonly<Record<string, unknown>>;
	/** Shape of the parts in which it is stored: reading whole ones is cheapest. */
	block: readonly number[];
	/** Shape of its shards, whose chunks are the blocks. */
	shards?: readonly number[];
	/**
	 * The elements of a part, C order. The result is the caller's own.
	 * @param memory gives an array, of any content, that the result may be put into
	 * @throws what reading throws, and the signal's reason
	 */
	read(region: Region, signal?: AbortSignal, memory?: (length: number) => TypedArray): Promise<TypedArray>;
}

/** Names for the axes of an array that has none, by their number. */
const usualDims = ["t", "c", "z", "y", "x"];

/**
 * A stored array as a source.
 * @param geometry its axes and coordinates, where metadata gives them
 */
export function arraySource(
	array: ZarrArray,
	name: string,
	geometry: Partial<ImageGeometry> = {},
): RegionSource {
	const named = array.metadata.dimensionNames?.every(
		(dim, i, all) => typeof dim === "string" && dim !== "" && all.indexOf(dim) === i,
	);
	const count = array.shape.length;
	const usual = count <= 5 ? usualDims.slice(5 - count) : array.dimensionNames;
	const dims = geometry.dims ?? (named ? array.dimensionNames : usual);
	const { _ARRAY_DIMENSIONS: _, ...attrs } = array.attrs;
	return {
		name,
		dims,
		shape: array.shape,
		scale: filled(dims, geometry.scale, 1),
		translation: filled(dims, geometry.translation, 0),
		units: geometry.units ?? {},
		// What cannot be read says so when it is read.
		dtype: valueType(array.dtype) ?? "uint8",
		...(array.dtype === "float16" ? { stored: "float16" as const } : {}),
		attrs,
		block: array.chunks,
		shards: array.shards,
		read: async (region, signal) => (await array.read([...region], { signal, onProgress: () => {} })).data,
	};
}

/** A scale level of an OME-Zarr or N5 image as a source. */
export function levelSource(image: NgffImage, level: number, name: string): RegionSource {
	const found = image.levels[level];
	const names = image.axes.map((axis) => axis.name);
	// Axes without names, of an N5 array by itself.
	const unnamed = names.some((dim) => /^dim_\d+$/.test(dim)) && names.length <= 5;
	const dims = unnamed ? usualDims.slice(5 - names.length) : names;
	const byDim = <T>(values: readonly T[] | undefined) =>
		Object.fromEntries((values ?? []).map((value, axis) => [dims[axis], value]));
	return arraySource(found.array, name, {
		dims,
		scale: byDim(found.scale),
		translation: byDim(found.translation),
		units: byDim(image.axes.map((axis) => axis.unit)),
	});
}

function filled(
	dims: readonly string[],
	values: Readonly<Record<string, number>> | undefined,
	otherwise: number,
): Record<string, number> {
	return Object.fromEntries(dims.map((dim) => [dim, values?.[dim] ?? otherwise]));
}

/** Time first, then what is neither time nor space, then space: the order that OME-NGFF wants. */
export function inNgffOrder(source: RegionSource): RegionSource {
	const rank = (dim: string) => ({ time: 0, channel: 1, space: 2 })[axisType(dim) ?? "channel"];
	const axes = source.dims.map((_, axis) => axis);
	const order = [...axes].sort((a, b) => rank(source.dims[a]) - rank(source.dims[b]));
	if (order.every((from, axis) => from === axis)) return source;
	const pick = <T>(values: readonly T[]) => order.map((axis) => values[axis]);
	return {
		...source,
		dims: pick(source.dims),
		shape: pick(source.shape),
		block: pick(source.block),
		shards: source.shards && pick(source.shards),
		async read(region, signal) {
			const before = axes.map((axis) => region[order.indexOf(axis)]);
			const values = await source.read(before, signal);
			const extent = regionShape(region);
			const out = allocate(source.dtype, product(extent));
			copyStrided(values, 0, pick(cStrides(regionShape(before))), out, 0, cStrides(extent), extent);
			return out;
		},
	};
}
