/** A figure's worker for codecs: started by the first job, and by the next one after it was stopped. */
import { ChunkwiseError } from "../../../lib/errors.ts";
import type { CodecAnswer, CodecJob, CodecJobs, CodecRequest } from "./messages.ts";

interface Asked {
	resolve(output: never): void;
	reject(error: unknown): void;
}

export class CodecWorker {
	#worker: Worker | undefined;
	#asked = new Map<number, Asked>();
	#count = 0;

	/**
	 * Does a job in the worker.
	 * @throws ChunkwiseError of the job, or `worker-died`; stopped where {@link stop} was called meanwhile
	 */
	ask<J extends CodecJob>(job: J, input: CodecJobs[J]["input"]): Promise<CodecJobs[J]["output"]> {
		this.#worker ??= this.#start();
		const id = ++this.#count;
		const worker = this.#worker;
		return new Promise((resolve, reject) => {
			this.#asked.set(id, { resolve: resolve as Asked["resolve"], reject });
			worker.postMessage({ id, job, input } satisfies CodecRequest<J>);
		});
	}

	/** Ends what is under way, at once. */
	stop(): void {
		this.#end(new ChunkwiseError("stopped", "Stopped.", { remedy: "Start it again." }));
	}

	#start(): Worker {
		const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
		worker.onmessage = ({ data }: MessageEvent<CodecAnswer>) => {
			const asked = this.#asked.get(data.id);
			this.#asked.delete(data.id);
			if ("output" in data) return asked?.resolve(data.output as never);
			const { message, remedy = "" } = data.error;
			asked?.reject(new ChunkwiseError("codec-failed", message, { remedy }));
		};
		worker.onerror = (event) => {
			event.preventDefault();
			this.#end(
				new ChunkwiseError("worker-died", "The worker of this figure did not start, or ended.", {
					remedy: "Load the page again; if that does not help, the site may be incomplete.",
					cause: event.message,
				}),
			);
		};
		return worker;
	}

	#end(error: unknown): void {
		this.#worker?.terminate();
		this.#worker = undefined;
		for (const { reject } of this.#asked.values()) reject(error);
		this.#asked.clear();
	}
}
