/** Runs the library's codecs for figures, off the page's thread, and measures them there. */
import { isChunkwiseError } from "../../../lib/errors.ts";
import { measureCodec } from "../../../lib/plan/chunk-codec.ts";
import { type ChunkValues, sampleChunk } from "../../../lib/plan/chunk-sample.ts";
import { chunkSteps } from "../../../lib/plan/chunk-steps.ts";
import { labChunks } from "../../../lib/plan/compression-lab.ts";
import { chunkSettings } from "../../../lib/plan/inside-chunk.ts";
import { labImageOf } from "./lab-image.ts";
import type { CodecAnswer, CodecJob, CodecJobs, CodecRequest } from "./messages.ts";

const scope = self as unknown as {
	onmessage: ((event: MessageEvent<CodecRequest>) => void) | null;
	postMessage(message: CodecAnswer): void;
};

/** The chunks of the last region. */
let region: readonly ChunkValues[] = [];

const jobs: { [J in CodecJob]: (input: CodecJobs[J]["input"]) => Promise<CodecJobs[J]["output"]> } = {
	async steps({ chunk, options }) {
		const taken = chunk ?? (await sampleChunk());
		const settings = chunkSettings(options, taken.dtype);
		const steps = await chunkSteps(taken, settings);
		return { steps, measured: await measureCodec([taken], settings) };
	},

	async region({ source, side }) {
		const { name, shape, middle } = await labImageOf(source);
		region = labChunks(middle.values, middle.shape, side).chunks;
		const [{ shape: chunk, dtype }] = region;
		return { name, shape, dtype, count: region.length, chunk };
	},

	async measure({ codec, level }) {
		const settings = chunkSettings({ codec, level }, region[0].dtype);
		return { codec, level, ...(await measureCodec(region, settings, { least: 120 })) };
	},
};

// One after the other: jobs that share the processor would measure each other.
let last: Promise<void> = Promise.resolve();

scope.onmessage = ({ data: { id, job, input } }) => {
	last = last.then(async () => {
		try {
			const output = await (jobs[job] as (input: unknown) => Promise<CodecJobs[CodecJob]["output"]>)(input);
			scope.postMessage({ id, output });
		} catch (error) {
			const message = error instanceof Error ? error.message : String(error);
			const remedy = isChunkwiseError(error) ? error.remedy : undefined;
			scope.postMessage({ id, error: { message, remedy } });
		}
	});
};
