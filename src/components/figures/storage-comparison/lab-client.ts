/** The page's side of the worker that holds the figure's two stores. */
import { ChunkwiseError } from "../../../lib/errors.ts";
import type { StorageLabOptions } from "../../../lib/plan/storage-lab.ts";
import type {
	StorageOperation,
	StorageRun,
	StorageSide,
	StorageWays,
	StoredItem,
} from "../../../lib/plan/storage-model.ts";
import type { LabAnswer, LabQuestion, LabWish, Target } from "./lab-worker.ts";

export class LabClient {
	readonly #worker = new Worker(new URL("./lab-worker.ts", import.meta.url), { type: "module" });
	readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
	#count = 0;

	constructor() {
		this.#worker.onmessage = ({ data }: MessageEvent<LabAnswer>) => {
			const waiting = this.#waiting.get(data.id);
			this.#waiting.delete(data.id);
			if ("error" in data) {
				const { message, remedy } = data.error;
				waiting?.reject(new ChunkwiseError("storage-lab", message, { remedy }));
			} else waiting?.resolve(data.value);
		};
		this.#worker.onerror = (event) => {
			event.preventDefault();
			this.#fail("The worker of this figure did not start or ended.");
		};
	}

	make(items: StoredItem[], options: StorageLabOptions): Promise<void> {
		return this.#ask({ do: "make", items, options });
	}

	perform(operation: StorageOperation, target: Target, ways: StorageWays): Promise<StorageRun> {
		return this.#ask({ do: "perform", operation, target, ways });
	}

	look(key: string): Promise<{ file: StorageSide["about"]; object: StorageSide["about"] }> {
		return this.#ask({ do: "look", key });
	}

	each(target: Target, ways: StorageWays): Promise<StorageRun[]> {
		return this.#ask({ do: "each", target, ways });
	}

	startOver(): Promise<void> {
		return this.#ask({ do: "start-over" });
	}

	close(): void {
		this.#worker.terminate();
		this.#waiting.clear();
	}

	#ask<T>(wish: LabWish): Promise<T> {
		const id = ++this.#count;
		return new Promise<T>((resolve, reject) => {
			this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
			this.#worker.postMessage({ id, wish } satisfies LabQuestion);
		});
	}

	#fail(message: string): void {
		for (const { reject } of this.#waiting.values()) {
			reject(new ChunkwiseError("storage-lab", message, { remedy: "Reload the page." }));
		}
		this.#waiting.clear();
	}
}
