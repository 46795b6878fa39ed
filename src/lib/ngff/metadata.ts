/** OME-NGFF 0.5 metadata of a multiscale image. */
import type { Multiscale } from "../multiscale/multiscale.ts";
import { libraryVersion } from "../version.ts";
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

const methods: Readonly<Record<string, string>> = {
	mean:
		"Each element is the mean over a bin of elements of the level before, in float64; integers are truncated toward zero. " +
		"Where an axis does not divide, the excess is dropped at its start.",
};

/** The value of `attributes.ome` for the group that holds the levels. */
export function omeAttributes(multiscale: Multiscale): { version: string; multiscales: MultiscalesEntry[] } {
	const [first] = multiscale.levels;
	const entry: MultiscalesEntry = {
		name: multiscale.name,
		axes: axesOf(first.dims, first.units),
		datasets: multiscale.levels.map((level, i) => ({
			path: multiscale.paths[i],
			coordinateTransformations: [
				{ type: "scale", scale: level.dims.map((dim) => level.scale[dim]) },
				{ type: "translation", translation: level.dims.map((dim) => level.translation[dim]) },
			],
		})),
		type: multiscale.method,
		metadata: {
			method: "chunkwise.toMultiscale",
			version: libraryVersion,
			description: methods[multiscale.method] ?? multiscale.method,
			kwargs: { method: multiscale.method, scaleFactors: multiscale.scaleFactors },
		},
	};
	return { version: "0.5", multiscales: [entry] };
}
