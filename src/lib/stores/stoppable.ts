/** A store for one call that can be aborted, however deep in it the store is asked. */
import { asStore } from "./memory.ts";
import type { ReadableStore, StoreOptions, WritableStore } from "./store.ts";
import { methodsOf } from "./wrap.ts";

/** Where each method has its options. */
const options = { get: 1, getRange: 2, size: 1, list: 1, pages: 1, children: 1, set: 2, delete: 1 } as const;

/**
 * The store, each of whose calls is given the signal, and throws its reason once it is aborted, though the store itself
 * may take no heed of signals. Not to be kept: what is opened on it ends with the signal too.
 */
export function stoppable(store: WritableStore, signal?: AbortSignal): WritableStore;
export function stoppable(
	store: ReadableStore | Map<string, Uint8Array>,
	signal?: AbortSignal,
): ReadableStore;
export function stoppable(
	from: ReadableStore | Map<string, Uint8Array>,
	signal?: AbortSignal,
): ReadableStore {
	const store = asStore(from);
	if (!signal) return store;
	const methods = methodsOf(store) as Record<string, unknown>;
	for (const [name, at] of Object.entries(options)) {
		const method = methods[name] as ((...args: unknown[]) => unknown) | undefined;
		if (!method) continue;
		methods[name] = (...args: unknown[]) => {
			signal.throwIfAborted();
			args[at] = { signal, ...(args[at] as StoreOptions | undefined) };
			return method(...args);
		};
	}
	return methods as unknown as ReadableStore;
}
