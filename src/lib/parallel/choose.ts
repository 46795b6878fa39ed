/** Whether workers pay for a piece of work, and how many. */
import type { MultiscaleMethod } from "../multiscale/methods.ts";
import type { CodecName } from "../zarr/codecs.ts";

/** The work that is to be done. */
export interface Work {
	/** Bytes of all chunks in memory. */
	bytes: number;
	chunkCount: number;
	/** Absent where nothing is encoded. */
	codec?: CodecName | "zlib";
	/** Absent where no level is computed. */
	method?: MultiscaleMethod;
	/** Default: what this machine says. */
	cores?: number;
}

export interface WorkerChoice {
	/** 0: the work is done in the thread that asks. */
	workers: number;
	/** For a reader: the rates and times behind it. */
	why: string;
}
