/** Metadata documents from a store. */
import { ChunkwiseError } from "../errors.ts";
import { because } from "../stores/cause.ts";
import type { ReadableStore, StoreKey, StoreOptions } from "../stores/store.ts";
import type { Json } from "./array-metadata.ts";

/**
 * The object in a JSON document, or undefined where there is no such key. NaN and infinities, which Python writes
 * bare, become strings, and so do fill values of more than 15 digits.
 * @throws ChunkwiseError bad-metadata
 */
export async function readJson(
	store: ReadableStore,
	key: StoreKey,
	options?: StoreOptions,
): Promise<Json | undefined> {
	const bytes = await store.get(key, because("metadata", options));
	if (!bytes) return undefined;
	const text = new TextDecoder().decode(bytes);
	try {
		const value = parse(text);
		if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
		throw new SyntaxError("it is no object");
	} catch (cause) {
		throw new ChunkwiseError("bad-metadata", `The document is not JSON: ${(cause as Error).message}`, {
			where: key.slice(1),
			remedy: "The metadata is damaged or cut short: get it again.",
			cause,
		});
	}
}

function parse(written: string): unknown {
	// A fill value of 64 bits does not fit a number: its digits are kept as a string.
	const text = written.replace(/("fill_value"\s*:\s*)(-?\d{16,})(?=\s*[,}])/g, '$1"$2"');
	try {
		return JSON.parse(text);
	} catch (error) {
		const quoted = text.replace(/([[,:]\s*)(-?Infinity|NaN)(?=\s*[\],}])/g, '$1"$2"');
		if (quoted === text) throw error;
		return JSON.parse(quoted);
	}
}
