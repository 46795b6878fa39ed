/** Tells a recorder of the requests that one call of the S3 store really makes, each try by itself. */
import type { ByteRange, SourceRequest, StoreOperation, StoreOptions } from "./store.ts";

export class Trace {
	readonly #tell: StoreOptions["onRequest"];
	readonly #about: Pick<SourceRequest, "operation" | "key" | "range" | "bytes">;
	#attempt = 0;
	#started = 0;
	#open = false;
	#url?: string;

	constructor(
		operation: StoreOperation,
		key: string,
		options: StoreOptions = {},
		range?: ByteRange,
		bytes?: number,
	) {
		this.#tell = options.onRequest;
		this.#about = { operation, key: key.replace(/^\//, ""), ...(range ? { range } : {}), bytes };
	}

	/** A request goes out. */
	begin(url?: string): void {
		this.#url = url;
		this.#attempt++;
		this.#open = true;
		this.#started = performance.now();
	}

	/** It is answered, or failed. Told once: what comes after the first end is of the same request. */
	end(result: Pick<SourceRequest, "status" | "bytes" | "error">): void {
		if (!this.#open) return;
		this.#open = false;
		this.#tell?.({
			...this.#about,
			started: this.#started,
			milliseconds: performance.now() - this.#started,
			source: "network",
			attempt: this.#attempt,
			url: this.#url,
			...result,
		});
	}

	/** It failed, or was given up. */
	fail(error: unknown, signal?: AbortSignal | null): void {
		this.end({ status: signal?.aborted ? "aborted" : "error", error });
	}
}
