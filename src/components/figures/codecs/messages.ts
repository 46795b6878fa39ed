/** What figures ask of the worker that runs codecs for them, and what it answers. */
import type { CodecMeasurement } from "../../../lib/plan/chunk-codec.ts";
import type { ChunkValues } from "../../../lib/plan/chunk-sample.ts";
import type { ChunkSteps } from "../../../lib/plan/chunk-steps.ts";
import type { LabPoint, LabSetting } from "../../../lib/plan/compression-lab.ts";
import type { InsideChunkOptions } from "../../../lib/plan/inside-chunk.ts";
import type { DataType, TypedArray } from "../../../lib/types.ts";
import type { ViewerInput } from "../../viewer/messages.ts";

/** What a reader chose or dropped: a TIFF, a zip of a hierarchy, or its folder. */
export type OwnImage = Extract<ViewerInput, { kind: "files" | "folder" }>;

/** The image that a lab measures: the site's phantom, one of the reader's, or values of a cell. */
export type LabSource =
	| { kind: "phantom"; dataUrl: string }
	| { kind: "file"; file: Blob; name: string }
	| { kind: "own"; own: OwnImage }
	| { kind: "values"; values: TypedArray; shape: number[] };

/** What of it is measured. */
export interface LabRegion {
	/** Of the image. */
	name: string;
	shape: number[];
	dtype: DataType;
	/** Chunks that are measured, and their shape. */
	count: number;
	chunk: number[];
}

/** Jobs by name: what goes in and what comes out. */
export interface CodecJobs {
	/** A chunk taken apart and measured; without one, the sample's. */
	steps: {
		input: { chunk?: ChunkValues; options: InsideChunkOptions };
		output: { steps: ChunkSteps; measured: CodecMeasurement };
	};
	/** Reads the middle of an image, in chunks with such a side: what `measure` then measures. */
	region: { input: { source: LabSource; side: number }; output: LabRegion };
	/** One codec at one level, on the chunks of the last region. */
	measure: { input: LabSetting; output: LabPoint };
}

export type CodecJob = keyof CodecJobs;

export interface CodecRequest<J extends CodecJob = CodecJob> {
	id: number;
	job: J;
	input: CodecJobs[J]["input"];
}

export type CodecAnswer = { id: number } & (
	| { output: CodecJobs[CodecJob]["output"] }
	| { error: { message: string; remedy?: string } }
);
