/** OME-NGFF metadata of a multiscale image, versions 0.4 and 0.5. */
import type { SpatialImage } from "../image/spatial-image.ts";
import { isMethod, methodRules } from "../multiscale/methods.ts";
import type { Multiscale } from "../multiscale/multiscale.ts";
import { libraryVersion } from "../version.ts";
import type { Json } from "../zarr/array-metadata.ts";
import { type Axis, axesOf } from "./axes.ts";

export type CoordinateTransformation =
	| { type: "scale"; scale: number[] }
	| { type: "translation"; translation: number[] }
	| { type: "identity" };

export interface Dataset {
	path: string;
	coordinateTransformations?: CoordinateTransformation[];
}

export interface MultiscalesEntry {
	name?: string;
	version?: string;
	axes?: (Axis | string)[];
	datasets: Dataset[];
	coordinateTransformations?: CoordinateTransformation[];
	type?: string;
	metadata?: unknown;
}

/** Versions of OME-NGFF that are written. */
export type WritableVersion = "0.4" | "0.5";

/** What the metadata of an image says, whatever the version that it is written in. */
export interface ImageDescription {
	name: string;
	axes: Axis[];
	/** Finest first. */
	levels: readonly { path: string; scale: readonly number[]; translation: readonly number[] }[];
	/** How the coarser levels were made, and with what parameters. */
	type?: string;
	metadata?: unknown;
	/** As `omeroMetadata` makes it. */
	omero?: Readonly<Json>;
	/** "image-label" of a label image, as `imageLabelMetadata` makes it. */
	imageLabel?: Readonly<Json>;
}

/** The attributes of the group that holds the levels: in 0.5 below `ome`, with the version once for all of it. */
export function ngffAttributes(image: ImageDescription, version: WritableVersion): Record<string, unknown> {
	const entry: MultiscalesEntry = {
		name: image.name,
		axes: image.axes,
		datasets: image.levels.map(({ path, scale, translation }) => ({
			path,
			coordinateTransformations: [
				{ type: "scale", scale: [...scale] },
				{ type: "translation", translation: [...translation] },
			],
		})),
		...(image.type === undefined ? {} : { type: image.type }),
		...(image.metadata === undefined ? {} : { metadata: image.metadata }),
	};
	return versioned(
		version,
		{ multiscales: [entry] },
		{
			...(image.omero ? { omero: image.omero } : {}),
			...(image.imageLabel ? { "image-label": image.imageLabel } : {}),
		},
	);
}

/**
 * OME metadata as the attributes of a group: in `ome`, with the version, since 0.5; before, each of its parts says the
 * version for itself. `lists` are parts that are lists of versioned entries.
 */
export function versioned(
	version: WritableVersion,
	lists: Readonly<Record<string, readonly object[]>>,
	parts: Readonly<Record<string, object>> = {},
): Record<string, unknown> {
	if (version === "0.5") return { ome: { version, ...lists, ...parts } };
	const entries = Object.entries(lists).map(([key, list]) => [
		key,
		list.map((entry) => ({ version, ...entry })),
	]);
	const own = Object.entries(parts).map(([key, part]) => [key, { version, ...part }]);
	return Object.fromEntries([...entries, ...own]);
}

/** What the description of a multiscale is made of: no elements are looked at. */
export interface MultiscaleGeometry extends Pick<Multiscale, "name" | "paths" | "method" | "scaleFactors"> {
	readonly levels: readonly Pick<SpatialImage, "dims" | "scale" | "translation" | "units">[];
}

/** The description of a multiscale. */
export function describeImage(multiscale: MultiscaleGeometry): ImageDescription {
	const [first] = multiscale.levels;
	return {
		name: multiscale.name,
		axes: axesOf(first.dims, first.units),
		levels: multiscale.levels.map((level, i) => ({
			path: multiscale.paths[i],
			scale: level.dims.map((dim) => level.scale[dim]),
			translation: level.dims.map((dim) => level.translation[dim]),
		})),
		...provenance(multiscale),
	};
}

/** How the coarser levels were made: all of it where they were made here, else what is known of it. */
function provenance({
	method,
	levels,
	scaleFactors,
}: MultiscaleGeometry): Pick<ImageDescription, "type" | "metadata"> {
	if (scaleFactors.length !== levels.length - 1) return method ? { type: method } : {};
	return {
		type: method,
		metadata: {
			method: "chunkwise.toMultiscale",
			version: libraryVersion,
			description: isMethod(method) ? methodRules[method].description : method,
			kwargs: { method, scaleFactors },
		},
	};
}
