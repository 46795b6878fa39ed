/** Reading the multiscales of an OME-Zarr group, versions 0.1 to 0.6. */
import { ChunkwiseError } from "../errors.ts";
import { SpatialImage } from "../image/spatial-image.ts";
import type { LongTask } from "../progress.ts";
import type { ZarrArray } from "../zarr/array.ts";
import type { Attributes, Json } from "../zarr/array-metadata.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { type Axis, axisType } from "./axes.ts";
import { type Channel, channelsOf } from "./channels.ts";
import type { CoordinateTransformation, MultiscalesEntry } from "./metadata.ts";
import { type Placement, place } from "./transformations.ts";

/** A scale level: its array, and where its elements are in space. */
export interface NgffLevel {
	/** Of the array, from the root of the store. */
	path: string;
	/** Elements along each axis, slowest first. */
	shape: readonly number[];
	/** Shape of a chunk: inside a shard where there are shards. */
	chunks: readonly number[];
	/** Shape of a shard; absent where chunks are stored one by one. */
	shards?: readonly number[];
	/** Zarr v3 name. */
	dtype: string;
	/** Step along each axis; undefined where the metadata has none (before 0.4). */
	scale?: number[];
	/** Coordinate of index 0 on each axis; undefined where the metadata has no scale either. */
	translation?: number[];
	/** For reading; nothing of it is read before that. */
	array: ZarrArray;
}

/** An image of OME-NGFF, as its group's "multiscales" describes it. */
export interface NgffImage {
	name: string;
	/** Of OME-NGFF. */
	version: string;
	/** Of the group, from the root of the store. */
	path: string;
	/** In the order of the arrays' axes, slowest first. */
	axes: Axis[];
	/** Finest first. */
	levels: NgffLevel[];
	/** As "omero" describes them; absent where it does not. A group's are those of its first multiscales. */
	channels?: Channel[];
	/** How the coarser levels were computed, as the writer says it. */
	type?: string;
	/**
	 * Names of further coordinate systems (0.6) to which the metadata gives a way. They are not applied: axes, scale and
	 * translation are those of the system that the levels lead to.
	 */
	otherSystems?: string[];
}

/** The OME-NGFF attributes of a group: inside `ome` since 0.5. */
export function omeOf(attributes: Attributes): Json & { multiscales?: MultiscalesEntry[] } {
	const { ome } = attributes;
	return (isObject(ome) ? ome : attributes) as Json;
}

const isObject = (value: unknown): value is Json =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The version that a group's metadata claims: of all of it (0.5), else of its first image, plate, well or label image.
 * 0.4 where an image claims none, as the official validator decides.
 */
export function omeVersion(attributes: Attributes): string | undefined {
	const ome = omeOf(attributes);
	if (typeof ome.version === "string") return ome.version;
	const first = Array.isArray(ome.multiscales) ? (ome.multiscales[0] as unknown) : undefined;
	for (const part of [first, ome.plate, ome.well, ome["image-label"]]) {
		if (isObject(part) && typeof part.version === "string") return part.version;
	}
	return first || isObject(ome.plate) || isObject(ome.well) ? "0.4" : undefined;
}

/**
 * The images of a group, with their arrays opened.
 * @param options attributes: false where nobody will look at the arrays' attributes, as of {@link ZarrGroup.openArray}
 * @throws ChunkwiseError no-multiscales, bad-metadata, not-zarr
 */
export async function readMultiscales(
	group: ZarrGroup,
	options: { attributes?: boolean } = {},
): Promise<NgffImage[]> {
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
	const images = await Promise.all(
		multiscales.map((entry) => readEntry(group, entry, version, where, options)),
	);
	const channels = channelsOf(omeOf(group.attrs));
	if (channels.length > 0) images[0].channels = channels;
	return images;
}

async function readEntry(
	group: ZarrGroup,
	entry: MultiscalesEntry,
	version: string,
	where: string,
	options: { attributes?: boolean },
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
	const arrays = await Promise.all(entry.datasets.map((dataset) => group.openArray(dataset.path, options)));
	const ndim = arrays[0]?.shape.length ?? 0;
	const systems = systemsOf(entry);
	const placements = await Promise.all(
		entry.datasets.map((dataset) => placement(dataset, entry, ndim, group)),
	);
	return {
		name: typeof entry.name === "string" ? entry.name : group.name,
		version,
		path: group.path,
		axes: systems ? axesAs(systems.own.axes) : axesOfEntry(entry, ndim),
		levels: arrays.map((array, i) => ({
			path: array.path,
			shape: array.shape,
			chunks: array.chunks,
			shards: array.shards,
			dtype: array.dtype,
			...placements[i],
			array,
		})),
		type: typeof entry.type === "string" ? entry.type : undefined,
		...(systems && systems.others.length > 0 ? { otherSystems: systems.others } : {}),
	};
}

/** Axes as objects (0.4 on), as names (0.3), or the five that 0.1 and 0.2 take for granted. */
function axesOfEntry(entry: MultiscalesEntry, ndim: number): Axis[] {
	return axesAs(Array.isArray(entry.axes) ? entry.axes : ["t", "c", "z", "y", "x"].slice(-ndim));
}

function axesAs(axes: readonly unknown[]): Axis[] {
	return axes.map((axis, i) => {
		if (isObject(axis)) return { ...axis, name: typeof axis.name === "string" ? axis.name : `dim_${i}` };
		const name = typeof axis === "string" ? axis : `dim_${i}`;
		const type = axisType(name);
		return { name, ...(type ? { type } : {}) };
	});
}

/**
 * Coordinate systems (0.6): the one that the levels' transformations lead to, else the first, and the names of the
 * others. Undefined where there are none.
 */
function systemsOf(entry: MultiscalesEntry): { own: { axes: unknown[] }; others: string[] } | undefined {
	const list = (entry as unknown as Json).coordinateSystems;
	const systems = (Array.isArray(list) ? list : []).filter(
		(system): system is Json & { axes: unknown[] } => isObject(system) && Array.isArray(system.axes),
	);
	if (systems.length === 0) return undefined;
	const steps = entry.datasets[0].coordinateTransformations as unknown;
	const output = Array.isArray(steps) && isObject(steps[0]) ? steps[0].output : undefined;
	// The candidate of July 2026 has { name }; drafts before it have the name itself.
	const target = isObject(output) ? output.name : output;
	const own = systems.find((system) => system.name === target) ?? systems[0];
	const others = systems.filter((system) => system !== own && typeof system.name === "string");
	return { own, others: others.map((system) => system.name as string) };
}

/** A dataset's scale and translation, then those of the whole image, which in 0.6 lead to other coordinate systems. */
async function placement(
	dataset: MultiscalesEntry["datasets"][number],
	entry: MultiscalesEntry,
	ndim: number,
	group: ZarrGroup,
): Promise<Placement> {
	const list = (steps: readonly CoordinateTransformation[] | undefined) =>
		Array.isArray(steps) ? (steps as readonly unknown[]) : undefined;
	const own = list(dataset.coordinateTransformations);
	const common = (entry as unknown as Json).coordinateSystems
		? undefined
		: list(entry.coordinateTransformations);
	return place(own || common ? [...(own ?? []), ...(common ?? [])] : undefined, ndim, group);
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
