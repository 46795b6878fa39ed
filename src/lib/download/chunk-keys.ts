/** The keys of a hierarchy that are no metadata: by a listing where there may be one, else by the arrays' grids. */
import { isChunkwiseError } from "../errors.ts";
import { canList, listPages } from "../stores/list.ts";
import type { ReadableStore } from "../stores/store.ts";
import type { StoredNode } from "./hierarchy.ts";

export interface ChunkKeys {
	keys: AsyncIterable<string> | Iterable<string>;
	/** How many there are; a listing names what is there, and not how much of it. */
	total?: number;
}

export interface ChunkKeysRequest {
	path: string;
	nodes: readonly StoredNode[];
	wanted: (key: string) => boolean;
	signal?: AbortSignal;
}

export async function chunkKeys(
	source: ReadableStore,
	{ path, nodes, wanted, signal }: ChunkKeysRequest,
): Promise<ChunkKeys> {
	const derived = {
		total: nodes.reduce((sum, node) => sum + node.chunkCount, 0),
		keys: (function* () {
			for (const node of nodes) yield* node.chunkKeys();
		})(),
	};
	if (!canList(source)) return derived;
	const pages = listPages(source, path === "" ? "" : `${path}/`, { signal });
	// Many public buckets may be read and not listed.
	const first = await pages.next().catch((error) => {
		if (isChunkwiseError(error) && /^(s3-denied|cannot-list|http-forbidden)$/.test(error.code))
			return undefined;
		throw error;
	});
	if (first === undefined) return derived;
	const keys = (async function* () {
		for (let page = first; !page.done; page = await pages.next()) {
			for (const key of page.value.keys) if (wanted(key)) yield key;
		}
	})();
	return { keys };
}
