/** The compression and chunk-size lab: its props, what is measured, and how many files a chunk size makes. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { copyBlock } from "../image/select.ts";
import { type DataType, dataTypeOf, dataTypes, itemSize, product, type TypedArray } from "../types.ts";
import type { CodecName } from "../zarr/codecs.ts";
import { compressionLevel } from "../zarr/compression-level.ts";
import { type ChunkValues, middleOf } from "./chunk-sample.ts";
import { axisNames } from "./chunk-steps.ts";
import { figure } from "./figure.ts";
import { checkProps } from "./figure-props.ts";
import { gridShape } from "./grid.ts";
import { chunksOfSelection } from "./selection.ts";

/** A codec at a level, as one point of the lab. */
export interface LabSetting {
	codec: CodecName;
	level: number;
}

/** What of the lab is chosen at first. */
export interface CompressionLabOptions {
	/** What is measured: codecs with their levels; a usual selection where absent. */
	settings?: { codec: CodecName; level?: number }[];
	/** Side of the chunks that are measured: 32, 64 (default) or 128. */
	chunk?: number;
	title?: string;
}

/** Props of the figure, plain data: what an author writes in MDX and what a cell sends to the page. */
export interface CompressionLabProps extends CompressionLabOptions {
	/** Shape of the image whose files are counted, slowest axis first; the sample's where absent. */
	shape?: number[];
	/** uint16 where absent. */
	dtype?: DataType;
	dims?: string[];
	/** The middle of an image of a cell, C order, with `valuesShape`; the sample is measured where absent. */
	values?: TypedArray;
	valuesShape?: number[];
}

/** What is measured where props do not say. */
const usual: readonly [CodecName, readonly number[]][] = [
	["blosc-lz4", [1, 5, 9]],
	["blosc-zstd", [1, 3, 5]],
	["zstd", [1, 3, 9]],
	["gzip", [1, 5, 9]],
];

/** Bytes that are measured at least, if the image has them; whole chunks. */
const measuredBytes = 1 << 20;

/**
 * The settings that are measured, each once.
 * @throws ChunkwiseError unknown-codec, bad-level
 */
export function labSettings({ settings }: CompressionLabOptions = {}): LabSetting[] {
	if (!settings) return usual.flatMap(([codec, levels]) => levels.map((level) => ({ codec, level })));
	return settings.map(({ codec, level }) => {
		if (!usual.some(([name]) => name === codec)) {
			throw new ChunkwiseError(
				"unknown-codec",
				`There is no compression ${JSON.stringify(codec)} to measure.`,
				{
					where: "compressionLab",
					remedy: `Use one of ${usual.map(([name]) => name).join(", ")}.`,
				},
			);
		}
		return { codec, level: compressionLevel(codec, level) };
	});
}

/** The image whose files are counted. */
export interface LabImage {
	shape: number[];
	dims: string[];
	itemSize: number;
}

function bad(message: string, remedy: string): ChunkwiseError {
	return new ChunkwiseError("compression-lab-props", message, { where: "compressionLab", remedy });
}

/** @throws ChunkwiseError `compression-lab-props` */
export function labImage({ shape = [129, 212, 363], dtype = "uint16", dims }: CompressionLabProps): LabImage {
	if (!Array.isArray(shape) || shape.length === 0 || !shape.every((n) => Number.isInteger(n) && n > 0)) {
		throw bad(
			`The shape ${JSON.stringify(shape)} is not a list of lengths above 0.`,
			"Write shape={[129, 212, 363]}.",
		);
	}
	if (!dataTypes.includes(dtype)) {
		throw bad(`Elements of type ${String(dtype)} cannot be measured.`, `Use one of ${dataTypes.join(", ")}.`);
	}
	const names = dims ?? axisNames(shape.length);
	if (names.length !== shape.length) {
		throw bad(`The names ${names.join(", ")} do not fit ${shape.length} axes.`, "Give one name an axis.");
	}
	return { shape: [...shape], dims: [...names], itemSize: itemSize(dtype) };
}

/** What a chunk size makes of an image. */
export interface ChunkSizeCost {
	/** Elements along each side; a shorter axis has its own length. */
	side: number;
	chunks: number[];
	/** Chunks of the whole image. */
	count: number;
	/** Files or objects: chunks, or shards where chunks are put together. */
	files: number;
	/** Chunks that a plane across the middle touches: as many requests. */
	requests: number;
	/** Bytes of those chunks in memory, and of the plane itself. */
	bytesRead: number;
	bytesNeeded: number;
	/** Bytes of all chunks in memory, by those of the image: 1 where nothing is padded. */
	padding: number;
}

/** Sides of chunks that are compared, the smallest first, up to the first that holds the whole image. */
export function chunkSides({ shape }: LabImage): number[] {
	const sides: number[] = [];
	for (let side = 8; sides.length < 12; side *= 2) {
		sides.push(side);
		if (side >= Math.max(...shape)) break;
	}
	return sides;
}

/**
 * The cost of each chunk size.
 * @param axis across which the plane is cut
 * @param perShard chunks along each side of a shard; 1 without shards
 */
export function chunkSizeCosts(image: LabImage, axis: number, perShard = 1): ChunkSizeCost[] {
	const { shape, dims, itemSize } = image;
	const encoding = { name: "v3", separator: "/" } as const;
	return chunkSides(image).map((side) => {
		// Chunks keep their shape at the edge: padded, as Zarr has it. Axes before the last three have one element a chunk.
		const chunks = shape.map((n, a) => (a < shape.length - 3 ? 1 : side >= Math.max(...shape) ? n : side));
		const grid = { shape, chunks, dims, itemSize, encoding, prefix: "" };
		const plane = chunksOfSelection(grid, { [dims[axis]]: Math.floor(shape[axis] / 2) });
		const counts = gridShape(shape, chunks);
		return {
			side,
			chunks,
			count: plane.total,
			files: product(counts.map((n) => Math.ceil(n / perShard))),
			requests: plane.touched,
			bytesRead: plane.bytesRead,
			bytesNeeded: plane.bytesNeeded,
			padding: (plane.total * product(chunks)) / product(shape),
		};
	});
}

/** Chunks of an image's middle to measure on, and how many there would be. */
export interface LabChunks {
	chunks: ChunkValues[];
	side: number;
}

/**
 * Whole chunks from the middle of an image: as many as make a mebibyte, at least one. An image that is smaller than a
 * chunk is one chunk.
 */
export function labChunks(data: TypedArray, shape: readonly number[], side: number): LabChunks {
	const rank = shape.length;
	const box = shape.map((n, axis) => (axis < rank - 3 ? 1 : Math.min(n, side)));
	const bytes = product(box) * data.BYTES_PER_ELEMENT;
	const wanted = Math.max(1, Math.ceil(measuredBytes / bytes));
	// A row of chunks along the last axis, then more rows: whatever fits the image.
	const counts = shape.map((n, axis) => Math.floor(n / box[axis]));
	const take = shape.map(() => 1);
	for (let axis = rank - 1; axis >= 0; axis--) {
		take[axis] = Math.min(counts[axis], Math.max(1, Math.ceil(wanted / product(take))));
	}
	const middle = middleOf(
		data,
		shape,
		box.map((n, axis) => n * take[axis]),
	);
	const chunks: ChunkValues[] = [];
	for (let i = 0; i < Math.min(wanted, product(take)); i++) {
		const at = take.map((n, axis) => Math.floor(i / product(take.slice(axis + 1))) % n);
		const ranges = at.map((c, axis): [number, number] => [c * box[axis], (c + 1) * box[axis]]);
		chunks.push({ values: copyBlock(middle.values, middle.shape, ranges), shape: box, dtype: middle.dtype });
	}
	return { chunks, side };
}

/** A point of the lab: what one codec at one level did. */
export interface LabPoint extends LabSetting {
	/** Of the measured chunks in memory and as stored; milliseconds for all of them. */
	bytes: number;
	stored: number;
	encode: number;
	decode: number;
}

/** Anything with elements and a shape. */
interface Measurable {
	readonly data: TypedArray;
	readonly shape: readonly number[];
	readonly dims?: readonly string[];
}

/** Elements of an image that go along to the page, along its last axes. */
const sent = [128, 128, 128];

/**
 * The compression and chunk-size lab for an image, as a figure to display in a cell: `display(compressionLab(image))`.
 * Of a large image the middle is measured. Without one, the course's sample is.
 * @throws ChunkwiseError `compression-lab-props`, unknown-codec, bad-level
 */
export function compressionLab(
	image?: Measurable,
	options: CompressionLabOptions = {},
): FigureDisplay & Displayable {
	const props: CompressionLabProps = { ...options };
	if (image) {
		const middle = middleOf(image.data, image.shape, sent);
		Object.assign(props, {
			shape: [...image.shape],
			dtype: dataTypeOf(image.data),
			...(image.dims ? { dims: [...image.dims] } : {}),
			values: middle.values,
			valuesShape: middle.shape,
		});
	}
	checkProps("compression-lab", props);
	labImage(props);
	labSettings(props);
	return figure("compression-lab", props);
}
