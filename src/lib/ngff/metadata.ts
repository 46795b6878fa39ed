/** OME-NGFF metadata of a multiscale image, versions 0.4 and 0.5. */
import { isMethod, methodRules } from "../multiscale/methods.ts";
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

/** Versions of OME-NGFF that are written. */
export type WritableVersion = "0.4" | "0.5";

/** The attributes of the group that holds the levels: in 0.5 below `ome`, with the version once for all of it. */
export function imageAttributes(multiscale: Multiscale, version: WritableVersion): Record<string, unknown> {
	const entry = multiscalesEntry(multiscale);
	if (version === "0.4") return { multiscales: [{ version, ...entry }] };
	return { ome: { version, multiscales: [entry] } };
}

function multiscalesEntry(multiscale: Multiscale): MultiscalesEntry {
	const [first] = multiscale.levels;
	return {
		name: multiscale.name,
		axes: axesOf(first.dims, first.units),
		datasets: multiscale.levels.map((level, i) => ({
			path: multiscale.paths[i],
			coordinateTransformations: [
				{ type: "scale", scale: level.dims.map((dim) => level.scale[dim]) },
				{ type: "translation", translation: level.dims.map((dim) => level.translation[dim]) },
			],
		})),
		...provenance(multiscale),
	};
}

/** How the coarser levels were made: all of it where they were made here, else what is known of it. */
function provenance({ method, levels, scaleFactors }: Multiscale): Partial<MultiscalesEntry> {
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
