/** Reading the multiscales of an OME-Zarr group, versions 0.1 to 0.5. */
import { ChunkwiseError } from "../errors.ts";
import { SpatialImage } from "../image/spatial-image.ts";
import type { LongTask } from "../progress.ts";
import type { ZarrArray } from "../zarr/array.ts";
import type { Attributes, Json } from "../zarr/array-metadata.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { type Axis, axisType } from "./axes.ts";
import type { CoordinateTransformation, MultiscalesEntry } from "./metadata.ts";

export interface NgffLevel {
	/** Of the array, from the root of the store. */
	path: string;
	shape: readonly number[];
	chunks: readonly number[];
	shards?: readonly number[];
	dtype: string;
	/** Step along each axis; undefined where the metadata has none (before 0.4). */
	scale?: number[];
	/** Coordinate of index 0 on each axis; undefined where the metadata has no scale either. */
	translation?: number[];
	array: ZarrArray;
}

export interface NgffImage {
	name: string;
	version: string;
	/** Of the group, from the root of the store. */
	path: string;
	axes: Axis[];
	/** Finest first. */
	levels: NgffLevel[];
	/** How the coarser levels were computed, as the writer says it. */
	type?: string;
}

/** The OME-NGFF attributes of a group: inside `ome` since 0.5. */
export function omeOf(attributes: Attributes): Json & { multiscales?: MultiscalesEntry[] } {
	const { ome } = attributes;
	return (typeof ome === "object" && ome !== null ? ome : attributes) as Json;
}

/** The version that a group's metadata claims; 0.4 where it claims none, as the official validator decides. */
export function omeVersion(attributes: Attributes): string | undefined {
	const ome = omeOf(attributes);
	if (typeof ome.version === "string") return ome.version;
	const first = Array.isArray(ome.multiscales)
		? (ome.multiscales[0] as MultiscalesEntry | undefined)
		: undefined;
	if (typeof first?.version === "string") return first.version;
	return first ? "0.4" : undefined;
}

/**
 * The images of a group, with their arrays opened.
 * @throws ChunkwiseError no-multiscales, bad-metadata, not-zarr
 */
export async function readMultiscales(group: ZarrGroup): Promise<NgffImage[]> {
	const { multiscales } = omeOf(group.attrs);
	const where = group.path || "/";
	if (!Array.isArray(multiscales) || multiscales.length === 0) {
		throw new ChunkwiseError(
			"no-multiscales",
			"This group has no multiscales metadata: it is no OME-NGFF image.",
			{
				where,
				remedy: `Its attributes are ${Object.keys(group.attrs).join(", ") || "none"}. Open a group inside it, or its arrays.`,
			},
		);
	}
	const version = omeVersion(group.attrs) as string;
	return Promise.all(multiscales.map((entry) => readEntry(group, entry, version, where)));
}

async function readEntry(
	group: ZarrGroup,
	entry: MultiscalesEntry,
	version: string,
	where: string,
): Promise<NgffImage> {
	if (
		!Array.isArray(entry?.datasets) ||
		entry.datasets.some((dataset) => typeof dataset?.path !== "string")
	) {
		throw new ChunkwiseError("bad-metadata", "A multiscales entry does not list its datasets' paths.", {
			where,
			remedy: "The metadata is damaged: ask whoever wrote it.",
		});
	}
	const arrays = await Promise.all(entry.datasets.map((dataset) => group.openArray(dataset.path)));
	const ndim = arrays[0]?.shape.length ?? 0;
	return {
		name: entry.name ?? group.name,
		version,
		path: group.path,
		axes: axesOfEntry(entry, ndim),
		levels: arrays.map((array, i) => ({
			path: array.path,
			shape: array.shape,
			chunks: array.chunks,
			shards: array.shards,
			dtype: array.dtype,
			...compose(entry.datasets[i].coordinateTransformations, entry.coordinateTransformations, ndim),
			array,
		})),
		type: entry.type,
	};
}

/** Axes as objects (0.4 on), as names (0.3), or the five that 0.1 and 0.2 take for granted. */
function axesOfEntry(entry: MultiscalesEntry, ndim: number): Axis[] {
	const axes = entry.axes ?? ["t", "c", "z", "y", "x"].slice(-ndim);
	return axes.map((axis) => {
		if (typeof axis !== "string") return axis;
		const type = axisType(axis);
		return { name: axis, ...(type ? { type } : {}) };
	});
}

/** A dataset's scale and translation, then those of the whole image. */
function compose(
	own: readonly CoordinateTransformation[] | undefined,
	common: readonly CoordinateTransformation[] | undefined,
	ndim: number,
): { scale?: number[]; translation?: number[] } {
	if (!own && !common) return {};
	const scale = new Array<number>(ndim).fill(1);
	const translation = new Array<number>(ndim).fill(0);
	for (const step of [...(own ?? []), ...(common ?? [])]) {
		for (let axis = 0; axis < ndim; axis++) {
			if (step.type === "scale" && Array.isArray(step.scale)) {
				scale[axis] *= step.scale[axis] ?? 1;
				translation[axis] *= step.scale[axis] ?? 1;
			} else if (step.type === "translation" && Array.isArray(step.translation)) {
				translation[axis] += step.translation[axis] ?? 0;
			}
		}
	}
	return { scale, translation };
}

/**
 * Reads a whole level as a spatial image, with the coordinates that its metadata gives it.
 * @throws what reading throws
 */
export async function readLevel(image: NgffImage, level: number, task: LongTask = {}): Promise<SpatialImage> {
	const found = image.levels[level];
	if (!found) {
		throw new ChunkwiseError("index-out-of-range", `There is no level ${level}.`, {
			where: image.path || "/",
			remedy: `Levels are 0 to ${image.levels.length - 1}.`,
		});
	}
	const { data, shape } = await found.array.read([], task);
	// Zarr 2 keeps the names of the axes among the attributes; here they are `dims`.
	const { _ARRAY_DIMENSIONS: _, ...attrs } = found.array.attrs;
	const dims = image.axes.map((axis) => axis.name);
	const byDim = (values: readonly number[] | undefined) =>
		Object.fromEntries((values ?? []).map((value, axis) => [dims[axis], value]));
	return new SpatialImage({
		dims,
		shape,
		data,
		scale: byDim(found.scale),
		translation: byDim(found.translation),
		units: Object.fromEntries(image.axes.map((axis) => [axis.name, axis.unit])),
		name: found.path.split("/").at(-1) || image.name,
		attrs,
	});
}
