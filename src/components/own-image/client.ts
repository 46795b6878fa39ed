/** The page's side of the worker: calls by name, their progress, and a way to stop each. */
import { ChunkwiseError } from "../../lib/errors.ts";
import type { CallName, Calls, FromWorker, ToldError, ToWorker } from "./messages.ts";

interface Waiting {
	resolve(output: unknown): void;
	reject(error: unknown): void;
	onProgress?(progress: never): void;
}

export interface CallOptions<K extends CallName> {
	signal?: AbortSignal;
	onProgress?: Calls[K] extends { progress: infer P } ? (progress: P) => void : never;
}

export class WorkerClient {
	#worker?: Worker;
	readonly #waiting = new Map<number, Waiting>();
	#count = 0;

	/** The worker; a new one where the last has ended. */
	#alive(): Worker {
		this.#worker ??= this.#start();
		return this.#worker;
	}

	#start(): Worker {
		const worker = new Worker(new URL("./worker/worker.ts", import.meta.url), {
			type: "module",
			name: "your own image",
		});
		worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
			const asked = this.#waiting.get(data.id);
			if (!asked) return;
			if ("progress" in data) return asked.onProgress?.(data.progress as never);
			this.#waiting.delete(data.id);
			if ("failed" in data) asked.reject(errorOf(data.failed));
			else asked.resolve(data.output);
		};
		worker.onerror = (event) => {
			event.preventDefault();
			worker.terminate();
			this.#worker = undefined;
			const error = new ChunkwiseError(
				"worker-died",
				event.message ? `The worker ended: ${event.message}` : "The worker did not start, or ended.",
				{ remedy: "Choose the file again: a conversion that was under way is gone on with." },
			);
			for (const { reject } of this.#waiting.values()) reject(error);
			this.#waiting.clear();
		};
		return worker;
	}

	/** @throws ChunkwiseError as the worker tells it; an AbortError where it was stopped */
	call<K extends CallName>(
		call: K,
		input: Calls[K]["input"],
		{ signal, onProgress }: CallOptions<K> = {},
	): Promise<Calls[K]["output"]> {
		const id = ++this.#count;
		return new Promise((resolve, reject) => {
			this.#waiting.set(id, { resolve: resolve as (output: unknown) => void, reject, onProgress });
			const worker = this.#alive();
			const send = (message: ToWorker) => worker.postMessage(message);
			send({ id, call, input } as ToWorker);
			signal?.addEventListener("abort", () => send({ id, stop: true }), { once: true });
		});
	}

	close(): void {
		this.#worker?.terminate();
		this.#waiting.clear();
	}
}

function errorOf({ code = "unknown", message, where, remedy }: ToldError): Error {
	if (code === "stopped") return new DOMException(message, "AbortError");
	return new ChunkwiseError(code, message, {
		where,
		remedy: remedy ?? "Try again; if it goes on, report it with the kind of file.",
	});
}

/** An error in words for the reader. */
export function wordsOf(error: unknown): string {
	const { message, remedy } = error as { message: string; remedy?: string };
	return remedy ? `${message} ${remedy}` : message;
}
