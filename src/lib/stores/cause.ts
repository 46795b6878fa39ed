/** Why a key is asked for, as far as its name tells. */
import { isMetadataKey } from "./metadata-keys.ts";
import type { StoreOperation, StoreOptions } from "./store.ts";

/** Options with a cause: behind the caller's own, where there is one ("level 2 of the viewer, chunk 0/1/2"). */
export function because(cause: string, options?: StoreOptions): StoreOptions {
	return { ...options, cause: options?.cause === undefined ? cause : `${options.cause}, ${cause}` };
}

/** The cause of a request for a chunk by its index: "chunk 0/1/2", "whole array" for the only one of a 0-d array. */
export function chunkCause(index: readonly number[]): string {
	return index.length === 0 ? "whole array" : `chunk ${index.join("/")}`;
}

const coordinates = /^(?:c\/)?(\d+(?:[./]\d+)*)$/;

/** Says what keys are for, and learns from the metadata that it sees where arrays are. */
export class Causes {
	readonly #nodes = new Set<string>();

	/** A value was found: a metadata document shows that its folder is an array or group. */
	found(key: string): void {
		if (isMetadataKey(key)) this.#nodes.add(key.slice(0, Math.max(0, key.lastIndexOf("/"))));
	}

	/** "metadata", "list", "chunk 0/1/2", "whole array" (the only chunk of a 0-d one), or "value". */
	of(operation: StoreOperation, key: string): string {
		if (operation === "list") return "list";
		if (isMetadataKey(key)) return "metadata";
		const inside = this.#inside(key);
		const chunk = coordinates.exec(inside)?.[1];
		if (chunk) return `chunk ${chunk.replaceAll(".", "/")}`;
		return /(^|\/)c$/.test(inside) ? "whole array" : "value";
	}

	/**
	 * The key as its array sees it. Without a known array above it, what follows the last name that is no number: in
	 * "image/0/c/1/2" that is "c/1/2", in "image/0/1/2" (v2, N5) the array's own "0" cannot be told from coordinates.
	 */
	#inside(key: string): string {
		let at = this.#nodes.size > 0 ? key.lastIndexOf("/") : -1;
		for (; at >= 0; at = key.lastIndexOf("/", at - 1)) {
			if (this.#nodes.has(key.slice(0, at))) return key.slice(at + 1);
			if (at === 0) break;
		}
		if (this.#nodes.has("")) return key;
		return /(?:^|\/)(c\/\d+(?:[./]\d+)*|\d+(?:\.\d+)+|\d+(?:\/\d+)*)$/.exec(key)?.[1] ?? key;
	}
}
