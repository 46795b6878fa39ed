/** Writes the synthetic sample in one chunk shape after another, by the library's own writer, and tells the sizes. */
import { hl60Phantom } from "../../../lib/samples/phantom.ts";
import { memoryStore } from "../../../lib/stores/memory.ts";
import { writeArray } from "../../../lib/zarr/write-array.ts";

/** A chunk shape, and bytes of its chunks by key; or why there are none. */
export type SampleAnswer = { chunks: number[]; sizes: Record<string, number> } | { error: string };

const scope = self as unknown as {
	onmessage: ((event: MessageEvent<number[][]>) => void) | null;
	postMessage(message: SampleAnswer): void;
};

scope.onmessage = async ({ data: shapes }) => {
	try {
		const { data, shape } = await hl60Phantom();
		for (const chunks of shapes) {
			const store = memoryStore();
			await writeArray(store, "", { data, shape, chunks, dtype: "uint16", codec: "blosc-lz4", fillValue: 0 });
			const sizes: Record<string, number> = {};
			for (const key of await store.list()) {
				if (key.startsWith("c")) sizes[key] = (await store.size(`/${key}`)) ?? 0;
			}
			scope.postMessage({ chunks, sizes });
		}
	} catch (error) {
		scope.postMessage({ error: error instanceof Error ? error.message : String(error) });
	}
};
