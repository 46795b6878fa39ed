/** What a call of `convert` asks for, and what it came to. */
import type { ConvertedLevel } from "../lib/convert/report.ts";
import type { ConversionFormat } from "../lib/convert/request.ts";
import type { MultiscaleMethod } from "../lib/multiscale/to-multiscale.ts";
import type { LongTask } from "../lib/progress.ts";
import type { CodecName } from "../lib/zarr/codecs.ts";

export type ConvertFormat = ConversionFormat;

export const convertFormats: readonly ConvertFormat[] = ["ome-zarr-0.5", "ome-zarr-0.4", "n5"];

export interface ConvertOptions extends LongTask {
	/** Default ome-zarr-0.5. */
	format?: ConvertFormat;
	/**
	 * Relative to the level before; default 2, 4, less along axes that are too short. The levels of an input that has
	 * several are kept where neither these nor a method are given. A list in the list is one factor for each axis of space.
	 */
	scaleFactors?: (number | number[])[];
	/** How coarser levels are computed; default mean. */
	method?: MultiscaleMethod;
	/** One edge for all axes in space, or an edge for each, slowest first. Default for a Zarr or N5: its own. */
	chunks?: number[];
	/**
	 * One edge for all axes in space, or an edge for each, slowest first. Default none; for a Zarr whose chunks are kept
	 * its own, where one takes no more than a quarter of the memory.
	 */
	shards?: number[];
	/** Default blosc-lz4; gzip for N5, which every N5 program reads. */
	codec?: CodecName;
	/** The codec's compression level; default its usual one. */
	level?: number;
	/** Names of the axes, the distance between samples and its unit, in the order of the axes: in place of the input's. */
	dims?: string[];
	scale?: number[];
	/** UDUNITS names; "none" for none, one for all axes of space. */
	units?: string[];
	overwrite?: boolean;
	/** Forget what an interrupted call left, and begin anew. */
	restart?: boolean;
	/** Bytes of memory to be content with, beside what Node itself takes; default 256 MiB. */
	memory?: number;
}

export interface ConvertResult {
	path: string;
	out: string;
	format: ConvertFormat;
	levels: ConvertedLevel[];
	/** Names of the labels that were carried over. */
	labels: string[];
	/** Names of labels that the format has no place for. */
	leftOut?: string[];
	/** Shape of the input's shards, where the result has none. */
	shardsLeftOut?: readonly number[];
	/** The input's type, where the format has only a wider one: every number stays what it is. */
	widened?: { from: "float16"; to: "float32" };
	/** Paths of the images of a plate, well or set that were written anew. */
	images?: string[];
	/** Paths of nodes and folders beside them that were not carried over. */
	others?: string[];
	/** Images that a TIFF names and that are in other files. */
	elsewhere?: string[];
	/** Pages of a TIFF of several images that are in none of them. */
	strayPages?: readonly number[];
	/** null: chunks are as they were in the input. */
	codec: CodecName | null;
	bytes: number;
	stored: number;
	objects: number;
	/** Parts of the work, and how many of them an interrupted call had done. */
	parts: number;
	resumed: number;
	milliseconds: number;
}

/** What a call came to, but for what it was called with. */
export type Outcome = Omit<ConvertResult, "path" | "out" | "format" | "milliseconds">;
