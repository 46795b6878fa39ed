/** What figures ask of the worker that runs codecs for them, and what it answers. */
import type { CodecMeasurement } from "../../../lib/plan/chunk-codec.ts";
import type { ChunkValues } from "../../../lib/plan/chunk-sample.ts";
import type { ChunkSteps } from "../../../lib/plan/chunk-steps.ts";
import type { InsideChunkOptions } from "../../../lib/plan/inside-chunk.ts";

/** Jobs by name: what goes in and what comes out. */
export interface CodecJobs {
	/** A chunk taken apart and measured; without one, the sample's. */
	steps: {
		input: { chunk?: ChunkValues; options: InsideChunkOptions };
		output: { steps: ChunkSteps; measured: CodecMeasurement };
	};
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
