/** What `chunkwise info` finds, as `--json` prints it. */
import type { Axis } from "../lib/ngff/axes.ts";
import type { ImageInfo, LevelInfo, PlateInfo, SceneInfo } from "../lib/ngff/info.ts";
import type { Survey } from "../lib/tiff/survey.ts";

/** As `info --json` prints it. A TIFF's levels may have no type or chunks where the file is damaged or not decoded. */
export interface InfoResult {
	path: string;
	format: "ome-zarr" | "zarr" | "n5" | "tiff";
	version: string | null;
	zarrFormat: 2 | 3 | null;
	images: ImageResult[];
	labels: string[];
	plate?: PlateInfo;
	/** Images in one space (0.6). */
	scene?: SceneInfo;
	/** Of a TIFF far away, where not every page was looked at: how many were, and what the others rest on. */
	pages?: { count: number } & Survey;
	/** Of a TIFF of several images: pages that are in none of them. */
	strayPages?: readonly number[];
	requests: number;
	bytes: number;
}

export type LevelResult = Omit<LevelInfo, "dtype" | "chunks" | "chunkCount"> & {
	dtype: string | null;
	chunks: readonly number[] | null;
	chunkCount: number | null;
	/** Why the values cannot be read, where they cannot. */
	problem?: { code: string; message: string };
};
export type ImageResult = Omit<ImageInfo, "levels" | "axes"> & {
	/** What an axis does not state is null. */
	axes: { name: string; type: string | null; unit: string | null }[];
	levels: LevelResult[];
	/** TIFF: other files that hold a part of the image, or its metadata. */
	otherFiles?: string[];
	/** TIFF: how many smaller copies there are in SubIFDs. */
	smallerCopies?: number;
	/** Those below the first page, where looking at them costs few requests. */
	smallerPages?: Omit<LevelResult, "shards" | "byteOrder" | "scale" | "translation">[];
	/** TIFF: why its pages are not one image, as its OME-XML says. */
	layoutProblem?: string;
	/** Of one of a TIFF's images: why it cannot be read as one. */
	problem?: { code: string; message: string };
};

export function statedAxes(axes: readonly Axis[]): ImageResult["axes"] {
	return axes.map(({ name, type, unit }) => ({ name, type: type ?? null, unit: unit ?? null }));
}
