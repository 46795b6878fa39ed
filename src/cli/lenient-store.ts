/**
 * A store that shows arrays of a kind that is not read here as ones that can be opened, so that `info` can tell what
 * their documents say; and what is not supported about each.
 */
import { arrayMetadata } from "../lib/n5/attributes.ts";
import { getRange, type ReadableStore } from "../lib/stores/store.ts";
import type { Json } from "../lib/zarr/array-metadata.ts";
import { type StandIn, standIn, standInV3 } from "../lib/zarr/stand-in.ts";

export interface Unsupported {
	/** What the library says of the document, one or several of its complaints. */
	messages: string[];
	code: string;
	/** The type that the document states, where another was shown. */
	dtype?: string;
	/** Chunks have no common shape. */
	unequalChunks?: boolean;
}

export interface LenientStore {
	store: ReadableStore;
	/** By the path of the array. */
	unsupported: Map<string, Unsupported>;
}

/** The same for an array of N5: types, codecs and shards that are not known here. */
function standInN5(document: Json, path: string): StandIn | undefined {
	const { shardSize: _, codecs, ...rest } = document;
	const names = Array.isArray(codecs) ? codecs.map((codec) => String(codec?.name ?? codec?.type)) : [];
	const plain = {
		...rest,
		dataType: "uint8",
		compression: document.compression ?? { type: names.at(-1) ?? "raw" },
	};
	return standIn(document, plain, (one) => arrayMetadata(one, path));
}

/** The documents of other nodes, and everything else, go through as they are. */
export function lenientStore(store: ReadableStore): LenientStore {
	const unsupported = new Map<string, Unsupported>();
	const wrapped: ReadableStore = {
		async get(key, options) {
			const bytes = await store.get(key, options);
			const match = /^\/(?:(.*)\/)?(zarr\.json|attributes\.json)$/.exec(key);
			if (!bytes || !match) return bytes;
			const [, path = "", name] = match;
			const document = objectIn(bytes);
			if (name === "zarr.json" && document?.node_type === "array") {
				return shown(standInV3(document, path), document, path) ?? bytes;
			}
			if (name === "attributes.json" && Array.isArray(document?.dimensions)) {
				return shown(standInN5(document, path), document, path) ?? bytes;
			}
			return bytes;
		},
		getRange: (key, range, options) => getRange(store, key, range, options),
	};
	if (store.size) wrapped.size = (key, options) => store.size?.(key, options);
	if (store.list) wrapped.list = (prefix, options) => store.list?.(prefix, options) ?? [];
	if (store.children) wrapped.children = (path, options) => store.children?.(path, options) ?? [];

	/** The stand-in as bytes, noted; undefined where there is none, or nothing was refused. */
	function shown(found: StandIn | undefined, stated: Json, path: string): Uint8Array | undefined {
		const [first] = found?.complaints.values() ?? [];
		if (!found || !first) return undefined;
		const messages = [...new Set([...found.complaints.values()].map((error) => error.message))];
		unsupported.set(path, {
			...{ messages, code: first.code },
			...(found.complaints.has("dataType") ? { dtype: String(stated.dataType) } : {}),
			...(found.complaints.has("chunk_grid") ? { unequalChunks: true } : {}),
		});
		return new TextEncoder().encode(JSON.stringify(found.document));
	}
	return { store: wrapped, unsupported };
}

function objectIn(bytes: Uint8Array): Json | undefined {
	try {
		const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
		return typeof value === "object" && value !== null ? (value as Json) : undefined;
	} catch {
		// Told by who reads it.
		return undefined;
	}
}
