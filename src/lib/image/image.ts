/** An image as ITK sees a file: axes in the order x, y, z, each with a spacing, an origin and a direction. */
import { type ByteSource, toByteSource } from "../bytes.ts";
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import type { LongTask } from "../progress.ts";
import { openTiff } from "../tiff/open.ts";
import type { Tiff, TiffArray } from "../tiff/tiff.ts";
import { allocate, type DataType, type TypedArray } from "../types.ts";
import { describeImage } from "./itk-text.ts";

/**
 * An image as ITK and its `itk-wasm` interface type have it: size, spacing and origin are listed x, y, z, the pixels
 * are stored z, y, x.
 */
export interface Image {
	name: string;
	imageType: {
		dimension: number;
		componentType: DataType;
		pixelType: "Scalar" | "RGB" | "RGBA" | "VariableLengthVector";
		/** Values in one pixel: 1 for grey, 3 for RGB. */
		components: number;
	};
	/** Pixels along x, y, z. */
	size: number[];
	/** Distance between pixel centres along x, y, z, in `units`. */
	spacing: number[];
	/** Position of the first pixel's centre along x, y, z, in `units`. */
	origin: number[];
	/** Row by row, the cosine matrix from index axes to space. */
	direction: number[][];
	/** UDUNITS names for x, y, z ("micrometer"); absent where the file says none. */
	units?: (string | undefined)[];
	/** What else the file says, by its own names. */
	metadata: Map<string, unknown>;
	/** C order, slowest axis first (z, y, x), components innermost. */
	data: TypedArray;
}

/** A file or sample with its name. */
export interface NamedBlob {
	blob: Blob;
	name: string;
}

/** Tags of text that say where an image comes from; ITK puts the same ones into its metadata dictionary. */
const textTags = [
	"DocumentName",
	"ImageDescription",
	"Make",
	"Model",
	"PageName",
	"Software",
	"DateTime",
	"Artist",
	"HostComputer",
	"Copyright",
];

/**
 * Reads an image file whole: a TIFF, whose pages become the z axis. Spacing comes from OME-XML, ImageJ or the
 * resolution tags, the last as ITK takes them (see tiff/calibration.ts); the direction is always the identity, since
 * TIFF has none.
 * @throws ChunkwiseError not-a-tiff, tiff-pages-differ, and as {@link openTiff} and Tiff.readStack
 */
export async function readImage(
	input: Blob | Uint8Array | ByteSource | NamedBlob,
	task: LongTask = {},
): Promise<Image & Displayable> {
	const source = isNamedBlob(input)
		? toByteSource(input.blob, input.name)
		: toByteSource(input, input instanceof Uint8Array ? "image.tif" : undefined);
	const tiff = await openTiff(source, task);
	return imageOfTiff(tiff, await tiff.readStack(task));
}

function isNamedBlob(input: unknown): input is NamedBlob {
	const named = input as Partial<NamedBlob> | null;
	return typeof named === "object" && typeof named?.name === "string" && named.blob instanceof Blob;
}

/** The image of a TIFF's values: those of a page, or of the stack of all. */
export function imageOfTiff(tiff: Tiff, array: TiffArray): Image & Displayable {
	const [page] = tiff.pages;
	const samples = page.samplesPerPixel;
	const stacked = array.shape.length > page.shape.length;
	const axes = stacked ? (["x", "y", "z"] as const) : (["x", "y"] as const);
	const size = [page.width, page.height, ...(stacked ? [array.shape[0]] : [])];
	// Channels or time points along the third axis have no distance in space.
	const pagesAreSlices = tiff.pageAxes.length === 1 && tiff.pageAxes[0].name === "z";
	const along = <T>(values: { x: T; y: T; z: T }, none: T) =>
		axes.map((axis) => (axis === "z" && !pagesAreSlices ? none : values[axis]));
	const { x, y, z } = tiff.units;
	const units = along<string | undefined>({ x, y, z }, undefined);
	return new ReadImage({
		name: tiff.name,
		imageType: {
			dimension: axes.length,
			componentType: array.dtype,
			pixelType:
				samples === 1 ? "Scalar" : samples === 3 ? "RGB" : samples === 4 ? "RGBA" : "VariableLengthVector",
			components: samples,
		},
		size,
		spacing: along(tiff.spacing, 1),
		origin: along(tiff.origin, 0),
		direction: axes.map((_, row) => axes.map((_, column) => (row === column ? 1 : 0))),
		units: units.some((unit) => unit !== undefined) ? units : undefined,
		metadata: new Map(
			textTags
				.filter((tag) => typeof tiff.metadata[tag] === "string")
				.map((tag) => [tag, tiff.metadata[tag]]),
		),
		data: page.planar ? interleave(array, samples) : array.data,
	});
}

/** Samples in planes to samples side by side: [… s, h, w] to [… h, w, s]. */
function interleave(array: TiffArray, samples: number): TypedArray {
	const { data, shape } = array;
	const plane = shape[shape.length - 1] * shape[shape.length - 2];
	const result = allocate(array.dtype, data.length);
	for (let start = 0; start < data.length; start += plane * samples) {
		for (let sample = 0; sample < samples; sample++) {
			const from = start + sample * plane;
			for (let i = 0, to = start + sample; i < plane; i++, to += samples) result[to] = data[from + i];
		}
	}
	return result;
}

class ReadImage implements Image, Displayable {
	readonly name: string;
	readonly imageType: Image["imageType"];
	readonly size: number[];
	readonly spacing: number[];
	readonly origin: number[];
	readonly direction: number[][];
	readonly units?: (string | undefined)[];
	readonly metadata: Map<string, unknown>;
	readonly data: TypedArray;

	constructor(fields: Image) {
		if (fields.data.length !== fields.size.reduce((a, b) => a * b, fields.imageType.components)) {
			throw new ChunkwiseError("bad-shape", "The values do not fill the image.", {
				where: fields.name,
				remedy: "Give the array that was read from the same file.",
			});
		}
		this.name = fields.name;
		this.imageType = fields.imageType;
		this.size = fields.size;
		this.spacing = fields.spacing;
		this.origin = fields.origin;
		this.direction = fields.direction;
		this.units = fields.units;
		this.metadata = fields.metadata;
		this.data = fields.data;
	}

	toString(): string {
		return describeImage(this);
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: describeImage(this) };
	}
}
