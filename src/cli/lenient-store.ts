/**
 * A store that shows arrays of a kind that is not read here as ones that can be opened, so that `info` can tell what
 * their documents say; and what is not supported about each.
 */
import { isChunkwiseError } from "../lib/errors.ts";
import { arrayMetadata } from "../lib/n5/attributes.ts";
import { getRange, type ReadableStore } from "../lib/stores/store.ts";
import { arrayFieldsV3, arrayMetadataV3, type Json } from "../lib/zarr/array-metadata.ts";

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

type Mend = (document: Json, unsupported: Unsupported) => Json;

const mendsV3: Mend[] = [
	(document) =>
		Object.fromEntries(
			Object.entries(document).filter(([key]) => arrayFieldsV3.has(key) && key !== "storage_transformers"),
		),
	(document, unsupported) => {
		if ((document.chunk_grid as Json | undefined)?.name === "regular" || !Array.isArray(document.shape)) {
			return document;
		}
		unsupported.unequalChunks = true;
		const chunks = document.shape.map((length) => Math.max(1, Number(length)));
		return { ...document, chunk_grid: { name: "regular", configuration: { chunk_shape: chunks } } };
	},
	(document) => ({ ...document, chunk_key_encoding: { name: "default" } }),
];

const mendsN5: Mend[] = [
	(document, unsupported) => {
		if (typeof document.dataType !== "string") return document;
		unsupported.dtype = document.dataType;
		return { ...document, dataType: "uint8" };
	},
	({ shardSize: _, codecs, ...document }) => {
		const names = Array.isArray(codecs) ? codecs.map((codec) => String(codec?.name ?? codec?.type)) : [];
		return { ...document, compression: document.compression ?? { type: names.at(-1) ?? "raw" } };
	},
];

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
				return mended(document, path, mendsV3, (one) => arrayMetadataV3(one, path)) ?? bytes;
			}
			if (name === "attributes.json" && Array.isArray(document?.dimensions)) {
				const copy = () => structuredClone(document);
				return mended(copy(), path, mendsN5, (one) => arrayMetadata(structuredClone(one), path)) ?? bytes;
			}
			return bytes;
		},
		getRange: (key, range, options) => getRange(store, key, range, options),
	};
	if (store.size) wrapped.size = (key, options) => store.size?.(key, options);
	if (store.list) wrapped.list = (prefix, options) => store.list?.(prefix, options) ?? [];
	if (store.children) wrapped.children = (path, options) => store.children?.(path, options) ?? [];

	/** Each complaint is met by the first change that makes the document another one, until there is none. */
	function mended(
		document: Json,
		path: string,
		mends: readonly Mend[],
		read: (document: Json) => unknown,
	): Uint8Array | undefined {
		const found: Unsupported = { messages: [], code: "" };
		const waiting = [...mends];
		for (let current = document; ; ) {
			try {
				read(current);
			} catch (error) {
				if (!isChunkwiseError(error)) throw error;
				if (!found.messages.includes(error.message)) found.messages.push(error.message);
				found.code ||= error.code;
				const mend = waiting.shift();
				if (!mend) return undefined;
				current = mend(current, found);
				continue;
			}
			if (found.messages.length === 0) return undefined;
			unsupported.set(path, found);
			return new TextEncoder().encode(JSON.stringify(current));
		}
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
