/** Making spatial images of files and arrays, and telling whether a value is one. */
import { ChunkwiseError } from "../errors.ts";
import { dataTypeOf, product, type TypedArray } from "../types.ts";
import type { Image } from "./image.ts";
import { SpatialImage, type SpatialImageFields } from "./spatial-image.ts";

/** Dimension names by number of axes, slowest first, in OME-NGFF's order. */
const defaultDims: Readonly<Record<number, readonly string[]>> = {
	1: ["x"],
	2: ["y", "x"],
	3: ["z", "y", "x"],
	4: ["c", "z", "y", "x"],
	5: ["t", "c", "z", "y", "x"],
};

/** Names and coordinates for an array's axes. What is given here goes before what the image itself says. */
export type SpatialImageOptions = Partial<Omit<SpatialImageFields, "data" | "shape" | "fixed">>;

/** An array with its shape: what {@link toSpatialImage} takes besides an Image. */
export interface ArrayInput extends SpatialImageOptions {
	data: TypedArray;
	shape: readonly number[];
}

/**
 * Gives an image or an array dimensions and coordinates. An {@link Image} brings its own spacing, origin and units
 * (listed x, y, z there; by name here), and its direction and metadata become attributes.
 * Without names, axes are called x, (y, x), (z, y, x), (c, z, y, x) or (t, c, z, y, x).
 * @throws ChunkwiseError bad-dims, bad-shape, bad-dtype, bad-scale
 */
export function toSpatialImage(input: Image | ArrayInput, options: SpatialImageOptions = {}): SpatialImage {
	const fields = isImage(input) ? fieldsOfImage(input) : input;
	const dims = options.dims ?? fields.dims ?? defaultDims[fields.shape.length];
	if (!dims) {
		throw new ChunkwiseError("bad-dims", `An array of ${fields.shape.length} axes has no usual names.`, {
			remedy: 'Name them: { dims: ["a", "t", "c", "z", "y", "x"] }.',
		});
	}
	return new SpatialImage({
		dims,
		shape: fields.shape,
		data: fields.data,
		scale: { ...fields.scale, ...options.scale },
		translation: { ...fields.translation, ...options.translation },
		units: { ...fields.units, ...options.units },
		name: options.name ?? fields.name ?? "image",
		attrs: options.attrs ?? fields.attrs,
	});
}

function isImage(input: Image | ArrayInput): input is Image {
	return "imageType" in input && "spacing" in input;
}

function fieldsOfImage(image: Image): ArrayInput {
	const axes = image.size.length;
	const names = ["x", "y", "z", "t"].slice(0, axes);
	const byDim = <T>(values: readonly T[] | undefined) =>
		Object.fromEntries((values ?? []).slice(0, axes).map((value, i) => [names[i], value])) as Record<
			string,
			T
		>;
	const dims = [...names].reverse();
	const shape = [...image.size].reverse();
	if (image.imageType.components > 1) {
		dims.push("c");
		shape.push(image.imageType.components);
	}
	return {
		dims,
		shape,
		data: image.data,
		scale: byDim(image.spacing),
		translation: byDim(image.origin),
		units: byDim(image.units),
		attrs: { direction: image.direction, ...Object.fromEntries(image.metadata) },
	};
}

/**
 * Whether a value is a spatial image by its structure: unique dimensions among t, c, z, y, x, at least one of them in
 * space, data that fills the shape, and a uniform step along each dimension. As
 * `spatial_image.is_spatial_image` decides in Python.
 */
export function isSpatialImage(value: unknown): value is SpatialImage {
	if (typeof value !== "object" || value === null) return false;
	const image = value as Partial<SpatialImage>;
	const { dims, shape, data, scale, translation } = image;
	if (!Array.isArray(dims) || !Array.isArray(shape) || !scale || !translation) return false;
	if (!ArrayBuffer.isView(data) || !dataTypeOf(data)) return false;
	return (
		typeof image.name === "string" &&
		dims.length === shape.length &&
		new Set(dims).size === dims.length &&
		dims.every((dim) => typeof dim === "string" && dim.length === 1 && "tczyx".includes(dim)) &&
		dims.some((dim) => "zyx".includes(dim)) &&
		shape.every((n) => Number.isInteger(n) && n > 0) &&
		(data as TypedArray).length === product(shape) &&
		dims.every((dim) => Number.isFinite(scale[dim]) && scale[dim] > 0 && Number.isFinite(translation[dim]))
	);
}
